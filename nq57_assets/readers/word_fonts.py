"""Text that Word shows in a font of the time before Unicode: letters that only the font makes Vietnamese.

Belongs here: which fonts those are, and whether text in them was typed for them. Does not belong: the tables of
letters (``encodings``).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from nq57_assets.readers.encodings import in_legacy_letters
from nq57_assets.vietnamese.syllables import marked_words

Piece = tuple[str, str]
"""Text with the kind of its font: ``""`` for any Unicode font, else a key of ``_NAMES``."""

_NAMES = {
    "tcvn3": "TCVN3 (ABC), phông .Vn…",
    "tcvn3-caps": "TCVN3 (ABC), phông .Vn…H",
    "vni": "VNI, phông VNI-…",
}
_SAMPLE = 50_000
_LEAST_SHARE, _LEAST_LEAD = 0.85, 0.3


def font_kind(font: str | None) -> str:
    """Return the kind of a font by its name, such as ``.VnTimeH`` or ``VNI-Times``."""
    name = (font or "").strip().lower()
    if name.startswith(".vn"):
        return "tcvn3-caps" if name.endswith("h") else "tcvn3"
    return "vni" if name.startswith("vni-") else ""


@dataclass(frozen=True, slots=True)
class Fonts:
    """Which kinds of font in a document hold letters typed for them; ``remark`` tells the sender."""

    converted: frozenset[str] = frozenset()
    remark: str | None = None

    def text(self, pieces: Iterable[Piece]) -> str:
        """Return a line's text in Unicode; neighbouring pieces of one kind are read as one."""
        merged: list[Piece] = []
        for text, kind in pieces:
            if merged and merged[-1][1] == kind:
                merged[-1] = (merged[-1][0] + text, kind)
            else:
                merged.append((text, kind))
        return "".join(self._converted(text, kind) for text, kind in merged)

    def _converted(self, text: str, kind: str) -> str:
        if kind not in self.converted:
            return text.upper() if kind == "tcvn3-caps" else text
        turned = in_legacy_letters(text, kind.removesuffix("-caps"))
        if turned is None or _possible(text) > _possible(turned):
            # Typed in Unicode although the font is an old one.
            turned = text
        return turned.upper() if kind == "tcvn3-caps" else turned


def _possible(text: str) -> float:
    marked, possible = marked_words(unicodedata.normalize("NFC", text[:_SAMPLE]))
    return possible / marked if marked else 1.0


def fonts_of(lines: Iterable[Iterable[Piece]]) -> Fonts:
    """Judge the old fonts of a document by what their letters say, all lines together."""
    typed: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for text, kind in line:
            if kind:
                typed[kind].append(text)
    converted: set[str] = set()
    remarks: list[str] = []
    for kind, texts in sorted(typed.items()):
        whole = " ".join(text for text in texts if in_legacy_letters(text, "tcvn3") is not None)
        if whole.isascii():
            continue
        turned = in_legacy_letters(whole, kind.removesuffix("-caps")) or whole
        before, after = _possible(whole), _possible(turned)
        if after >= _LEAST_SHARE and after > before:
            converted.add(kind)
            remarks.append(_NAMES[kind])
        elif max(before, after) < _LEAST_SHARE or after - before > _LEAST_LEAD:
            remarks.append(f"{_NAMES[kind]} (không chắc chắn, giữ nguyên)")
    return Fonts(frozenset(converted), "; ".join(remarks) or None)
