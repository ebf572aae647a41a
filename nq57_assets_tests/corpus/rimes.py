"""Counts how recognition without Vietnamese writes rimes and words: the tables of ``worn_rimes`` and ``worn_words``.

    python -m nq57_assets_tests.corpus.rimes [DOCUMENT-PREFIXES LEFT OUT ...]

The clean texts of the development half are laid beside what recognition made of their pages, word for word; what was
never laid beside one word alone is not counted.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

from nq57_assets.vietnamese.confusion import spoken_onset
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.syllables import is_syllable

_HALF = Path(__file__).parent / "development"
_WORD = re.compile(r"[^\s.,;:!?()\[\]\"“”|–—/-]+")
# A rime counts from this often, and from this share of the times that it stood in the clean text.
_SEEN, _SHARE = 3, 0.003
_COMMON = 60
# A word beyond doubt: seen so often, and in so large a share of the times the same once marks are lost.
_WORD_SEEN, _WORD_SHARE = 5, 0.93
# Words whose plain letters are those of a cue or of a commoner noun as well: số and sơ, mới and mỗi, cử and cũ.
_UNCLEAR = frozenset(["so", "cu", "luy", "buoi", "truong", "moi", "qua", "se", "can", "thieu", "chi", "tai"])


def pairs(half: Path = _HALF, left_out: Sequence[str] = ()) -> Counter[tuple[str, str]]:
    """Return how often each word (in small letters) was written as each other one."""
    counted: Counter[tuple[str, str]] = Counter()
    for read in sorted((half / "ocr_eng").iterdir()):
        if read.name.startswith(tuple(left_out)):
            continue
        clean, worn = (
            _WORD.findall(unicodedata.normalize("NFC", path.read_text("utf-8")).lower())
            for path in (half / "clean" / read.name, read)
        )
        matcher = SequenceMatcher(None, [fold(word) for word in clean], [fold(word) for word in worn], False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal" or (tag == "replace" and b - a == d - c):
                counted.update(zip(clean[a:b], worn[c:d], strict=True))
    return counted


def _written_onset(onset: str, written: str) -> int | None:
    """Return how many letters of a written word stand for an onset, or None when they are others."""
    plain = fold(written)
    for letters in (onset, *("1|ij[" if onset == "l" else ""), *("pb" if onset == "d" else "")):
        if plain.startswith(letters):
            return len(letters)
    return None


def rimes(counted: Counter[tuple[str, str]]) -> list[str]:
    """Return the lines of ``worn_rimes`` and, as the last one, the common rimes."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    meant: Counter[str] = Counter()
    for (clean, worn), times in counted.items():
        if not is_syllable(clean):
            continue
        onset = spoken_onset(fold(clean))
        rime, cut = clean[len(onset) :], _written_onset(onset, worn)
        meant[rime] += times
        if cut is not None:
            written[worn[cut:]][rime] += times
    lines = []
    for worn, sources in sorted(written.items()):
        grades: list[list[str]] = [[], [], [], []]
        for rime, times in sources.most_common():
            share, told = times / meant[rime], times / sources.total()
            if times >= _SEEN and share >= _SHARE and fold(rime) != worn and worn:
                seldom = told < 0.02 and share < 0.03
                grades[0 if told >= 0.5 else 1 if told >= 0.15 else 3 if seldom else 2].append(rime)
        if any(grades):
            lines.append(f"{worn} " + " ".join(",".join(grade) or "-" for grade in grades))
    return [*lines, " ".join(sorted(w for w, sources in written.items() if sources.total() >= _COMMON and w))]


def words(counted: Counter[tuple[str, str]]) -> list[str]:
    """Return the lines of ``worn_words``."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for (clean, worn), times in counted.items():
        written[worn][fold(clean) if is_syllable(clean) else f"#{clean}"] += times
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for worn, sources in written.items():
        plain, times = sources.most_common(1)[0]
        sure = sources.total() >= _WORD_SEEN and times >= _WORD_SHARE * sources.total()
        if sure and plain[0] != "#" and len(plain) > 1 and fold(worn) != plain and plain not in _UNCLEAR:
            found[plain].append((times, worn))
    return [
        f"{plain}: {' '.join(w for _, w in sorted(found[plain], reverse=True))}" for plain in sorted(found)
    ]


if __name__ == "__main__":
    laid = pairs(left_out=sys.argv[1:])
    print("\n".join([*rimes(laid), "", *words(laid)]))
