"""Names of communes and provinces: which listed unit a piece of text names, or that it names none of them.

The names are matched from the true, marked name to the text: OCR turns ``ằ`` into ``i`` but never ``a`` into
``i``. A wrong commune is the worst error there is, so thin margins give no match.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from nq57_assets.catalogue import Catalogue, CommuneType
from nq57_assets.vietnamese.fold import fold

# What OCR without Vietnamese makes of a letter, by the letter's base and its kind of mark.
_LOOKS_LIKE: dict[str, str] = {
    "ă": "i4&e", "â": "4&i6e", "á": "d4e3¢", "à": "d4e3i", "ả": "d4ei3", "ã": "d43e&", "ạ": "d4eg",
    "a": "4@", "đ": "bpp0", "d": "b0", "ê": "c6¢€8o", "e": "c¢€6", "i": "l1|j!t", "ô": "60bds9&qe", "ơ": "gaqd60",
    "o": "0q6c", "ó": "60dbq", "ò": "60dbq", "ỏ": "60dbq", "õ": "60dbq", "ọ": "q0g", "u": "vi1", "ủ": "ia", "ụ": "y",
    "ư": "witytva", "y": "v¥§", "b": "68", "l": "1i|!", "s": "5$8", "g": "9q", "q": "9go", "h": "bn", "c": "e¢(o",
    "t": "fl1+", "v": "y", "n": "rhm", "m": "n", "r": "tf", "p": "d", "k": "h", "x": "%»",
}  # fmt: skip
_PAIRS: dict[str, tuple[str, ...]] = {
    "ư": ("ir", "tr", "it", "ut", "ur", "iu", "ti", "u'"), "ơ": ("o'", "c'"), "m": ("rn", "in", "ni", "nn"),
    "n": ("ri", "ii"), "u": ("ii", "li", "il"), "h": ("li", "ll"), "d": ("cl",), "đ": ("cl", "dp"), "k": ("l<",),
    "á": ("ea", "aa"), "à": ("aa",), "ậ": ("aa",), "v": ("\\/",),
}  # fmt: skip
_LOOK_COST = 0.35
_NEAREST = 16
_STRONG_LETTERS = frozenset("ăắằẳẵặấầẩẫậđẻẽẹếềểễệỉĩịỏọốồổỗộơớờởỡợủũụưứừửữựỳỷỹỵạả")

PROVINCES = (
    "Hà Nội", "Huế", "Lai Châu", "Điện Biên", "Sơn La", "Lạng Sơn", "Quảng Ninh", "Thanh Hóa", "Nghệ An", "Hà Tĩnh",
    "Cao Bằng", "Tuyên Quang", "Lào Cai", "Thái Nguyên", "Phú Thọ", "Bắc Ninh", "Hưng Yên", "Ninh Bình",
    "Quảng Trị", "Đà Nẵng", "Quảng Ngãi", "Gia Lai", "Khánh Hòa", "Lâm Đồng", "Đắk Lắk", "Đồng Nai", "Tây Ninh",
    "Cần Thơ", "Vĩnh Long", "Đồng Tháp", "Cà Mau", "An Giang", "Hồ Chí Minh",
    # Provinces until 1 July 2025, which letterheads and e-mail addresses still carry.
    "Bắc Giang", "Bắc Kạn", "Hà Giang", "Yên Bái", "Hòa Bình", "Vĩnh Phúc", "Thái Bình", "Hà Nam", "Nam Định",
    "Quảng Bình", "Quảng Nam", "Kon Tum", "Bình Định", "Phú Yên", "Ninh Thuận", "Bình Thuận", "Đắk Nông",
    "Bình Dương", "Bình Phước", "Bà Rịa - Vũng Tàu", "Long An", "Tiền Giang", "Bến Tre", "Trà Vinh", "Hậu Giang",
    "Sóc Trăng", "Bạc Liêu", "Kiên Giang", "Thừa Thiên Huế", "Thừa Thiên - Huế",
)  # fmt: skip
"""Provinces and cities other than Hải Phòng and former Hải Dương."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed unit that a text may name; ``score`` is 0 to 1."""

    commune_code: str
    score: float


@dataclass(frozen=True, slots=True)
class NameMatch:
    """What a text names: usually one unit, two where only marks would tell, none where it is unlisted or unsure.

    Attributes:
        candidates: The units, best first. More than one means that the text cannot tell them apart.
        unlisted: The text can be read and names a unit that is not on the list.
    """

    candidates: tuple[Candidate, ...] = ()
    unlisted: bool = False


def letters(text: str) -> str:
    """Return the folded letters and digits of ``text`` without blanks and marks, for comparing names."""
    return "".join(character for character in fold(text) if character.isalnum())


def has_marks(text: str) -> bool:
    """Tell whether ``text`` carries letters that only Vietnamese has, so that its marks can be trusted to mean."""
    return not _STRONG_LETTERS.isdisjoint(unicodedata.normalize("NFC", text).lower())


def is_clean(text: str) -> bool:
    """Tell whether a text is in real Vietnamese letters, not in what OCR without Vietnamese leaves of them."""
    lowered = unicodedata.normalize("NFC", text[:20_000]).lower()
    count = sum(map(str.isalpha, lowered))
    return count > 0 and sum(character in _STRONG_LETTERS for character in lowered) / count > 0.06


def tone_style(text: str) -> str:
    """Return ``text`` in lower case NFC with the tone on the first vowel of oa, oe, uy (``hoà`` as ``hòa``)."""
    lowered = unicodedata.normalize("NFC", text).lower()
    out = list(lowered)
    for position in range(1, len(out)):
        pair = fold(lowered[position - 1 : position + 1])
        if pair not in ("oa", "oe", "uy") or lowered[position - 2 : position - 1] == "q":
            continue
        if position + 1 < len(out) and out[position + 1].isalpha():
            continue
        marks = unicodedata.normalize("NFD", out[position])[1:]
        if marks and out[position - 1] == pair[0]:
            out[position - 1] = unicodedata.normalize("NFC", pair[0] + marks)
            out[position] = pair[1]
    return "".join(out)


@lru_cache(maxsize=8192)
def _looks(true: str, seen: str) -> bool:
    base = fold(true)
    vowel = unicodedata.normalize("NFD", true)
    kinds = [true, base]
    for mark, kind in (("\u0306", "ă"), ("\u0302", base), ("\u031b", base)):
        if mark in vowel:
            kinds.append(unicodedata.normalize("NFC", kind if kind == "ă" else kind + mark))
    return any(seen in _LOOKS_LIKE.get(kind, "") for kind in kinds)


def damage_cost(name: str, seen: str) -> float:
    """Return how much damage turns the marked ``name`` into ``seen``: 0 for none, 1 for each unexplained letter.

    Blanks and marks are ignored; a confusion that OCR is known to make costs about a third of a letter.
    """
    true = [character for character in unicodedata.normalize("NFC", name).lower() if character.isalnum()]
    found = [
        character for character in fold(seen) if not character.isspace() and character not in '-–—.,:;"“”'
    ]
    width = len(found) + 1
    rows = [[0.0] * width for _ in range(len(true) + 1)]
    rows[0] = [column * 1.0 for column in range(width)]
    for row, character in enumerate(true, 1):
        base, line, above = fold(character), rows[row], rows[row - 1]
        pairs = (
            _PAIRS.get(character, ()) + _PAIRS.get(base, ()) + (_PAIRS["ư"] if _has_horn_u(character) else ())
        )
        line[0] = float(row)
        for column in range(1, width):
            seen_here = found[column - 1]
            step = 0.0 if seen_here == base else _LOOK_COST if _looks(character, seen_here) else 1.0
            best = min(above[column - 1] + step, above[column] + 1.0)
            extra = 1.0 if seen_here.isalnum() else _LOOK_COST
            best = min(best, line[column - 1] + extra)
            if column > 1 and found[column - 2] + seen_here in pairs:
                best = min(best, above[column - 2] + _LOOK_COST)
            line[column] = best
    return rows[-1][-1]


def _has_horn_u(character: str) -> bool:
    return fold(character) == "u" and "\u031b" in unicodedata.normalize("NFD", character)


class Places:
    """The listed communes, ready for matching: names, aliases, folded keys."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        names = [(commune.name, commune.commune_code) for commune in catalogue.communes]
        names += [(alias.alias, alias.commune_code) for alias in catalogue.aliases if alias.kind != "email"]
        self._names: tuple[tuple[str, str], ...] = tuple(dict.fromkeys(names))
        self._keys: tuple[str, ...] = tuple(letters(name) for name, _ in self._names)
        self._by_style: dict[str, str] = {tone_style(name): code for name, code in self._names}
        self._by_letters: dict[str, set[str]] = {}
        for name, code in self._names:
            self._by_letters.setdefault(letters(name), set()).add(code)

    def type_of(self, code: str) -> CommuneType:
        """Return the commune's type."""
        return self.catalogue.commune[code].commune_type

    def exact(self, text: str, commune_type: CommuneType | None = None) -> tuple[str, ...]:
        """Return the codes whose name equals ``text`` without marks and blanks; marks decide where they are given."""
        codes = self._of_type(self._by_letters.get(letters(text), ()), commune_type)
        if len(codes) > 1 and has_marks(text):
            styled = self._by_style.get(" ".join(tone_style(text).split()))
            return (styled,) if styled in codes else ()
        return codes

    def marked(self, text: str) -> bool:
        """Tell whether ``text`` is a listed name with all its marks right (old or new tone style)."""
        return " ".join(tone_style(text).split()) in self._by_style

    def _of_type(self, codes: Iterable[str], commune_type: CommuneType | None) -> tuple[str, ...]:
        return tuple(sorted(c for c in codes if commune_type is None or self.type_of(c) == commune_type))

    def match(self, text: str, commune_type: CommuneType | None, clean: bool) -> NameMatch:
        """Match a piece of text that holds a commune's name and nothing else.

        Args:
            text: The name as it stands, without the type word.
            commune_type: The type that stands before it, None when it stands without or cannot be read.
            clean: Whether the document is in real Vietnamese letters; then nothing is repaired.
        """
        text = text.strip(" .,;:-–—*_\"'“”()")
        if not letters(text):
            return NameMatch()
        codes = self.exact(text, commune_type)
        if codes:
            return self._from_exact(text, codes, clean)
        if clean:
            return NameMatch(unlisted=True)
        return self._from_damaged(text, commune_type)

    def _from_exact(self, text: str, codes: Sequence[str], clean: bool) -> NameMatch:
        if len(codes) > 1:
            return NameMatch(tuple(Candidate(code, 0.5) for code in codes))
        if clean and has_marks(text) and not self.marked(text):
            # "An Phụ" is not "An Phú": another unit, or a mark that OCR mistook. Too thin to stand alone.
            return NameMatch((Candidate(codes[0], 0.5),))
        return NameMatch((Candidate(codes[0], 1.0 if has_marks(text) else 0.95),))

    def _from_damaged(self, text: str, commune_type: CommuneType | None) -> NameMatch:
        key = letters(text)
        costs: dict[str, float] = {}
        near = process.extract(key, self._keys, scorer=Levenshtein.distance, score_cutoff=6, limit=_NEAREST)
        for _, distance, index in near:
            name, code = self._names[index]
            if distance <= 2 + len(key) // 3:
                costs[code] = min(damage_cost(name, text), costs.get(code, 99.0))
        if not costs:
            return NameMatch(unlisted=len(key) >= 4 and not near)
        ranked = sorted(costs.items(), key=lambda item: item[1])
        code, cost = ranked[0]
        length = len(letters(self.catalogue.commune[code].name))
        allowed = min(0.95, 0.3 + 0.1 * length) if length < 10 else 0.3 + 0.1 * length
        runner_up = ranked[1][1] if len(ranked) > 1 else 99.0
        if cost > allowed:
            return NameMatch(unlisted=cost > max(2.0, 0.4 * length))
        if runner_up - cost < 0.6:
            close = [one for one, its in ranked if its - cost < 0.6]
            return NameMatch(tuple(Candidate(one, 0.3) for one in close))
        if commune_type is not None and self.type_of(code) != commune_type:
            return NameMatch()
        return NameMatch((Candidate(code, round(0.95 - 0.5 * cost / length, 3)),))


_last: Places | None = None


def places_of(catalogue: Catalogue) -> Places:
    """Return the index of a catalogue's places; the last one is kept, since a run reads thousands of files with one."""
    global _last
    if _last is None or _last.catalogue is not catalogue:
        _last = Places(catalogue)
    return _last
