"""Styles and list numbers of a Word file: what is set for a paragraph without being written in it.

Belongs here: inheritance of styles, counters of lists, list marks as text. Does not belong: text itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from nq57_assets.readers.word_xml import attribute, child, local, switched_on

_DEEPEST = 20
_LEVELS = 9
_MOST_COUNTED = 10_000
_BULLETS = "-–—+*•▪○●◦♦➢✓"
_DEFAULT_BULLETS = ("-", "+", "•")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What is set for text; None leaves it to the next wider setting."""

    font: str | None = None
    caps: bool | None = None
    hidden: bool | None = None
    alignment: str | None = None
    number: str | None = None
    level: int | None = None

    def over(self, wider: Look) -> Look:
        """Return this look completed by a wider one."""
        pairs = ((getattr(self, name), getattr(wider, name)) for name in Look.__slots__)
        return Look(*(own if own is not None else other for own, other in pairs))


def look_of(properties: etree._Element | None) -> Look:
    """Return what ``rPr`` or ``pPr`` set directly."""
    fonts = child(properties, "rFonts")
    number = child(properties, "numPr")
    level = attribute(child(number, "ilvl"))
    return Look(
        attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or attribute(fonts, "cs"),
        switched_on(properties, "caps"),
        switched_on(properties, "vanish"),
        attribute(child(properties, "jc")),
        attribute(child(number, "numId")),
        int(level) if level and level.isdigit() else None,
    )


class Styles:
    """Styles by id, each completed by those it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._known: dict[str, Look] = {}
        self._default = ""
        wide = child(root, "docDefaults", "rPrDefault", "rPr")
        self._widest = look_of(wide)
        for style in root if root is not None else ():
            if local(style) != "style":
                continue
            name = attribute(style, "styleId") or ""
            self._styles.setdefault(name, style)
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true"):
                self._default = name

    def look(self, name: str | None) -> Look:
        """Return the look of a style; of the default paragraph style for None."""
        key = self._default if name is None else name
        if key not in self._known:
            self._known[key] = self._resolve(key)
        return self._known[key]

    def _resolve(self, name: str) -> Look:
        look = Look()
        seen: set[str] = set()
        while name in self._styles and name not in seen and len(seen) < _DEEPEST:
            seen.add(name)
            style = self._styles[name]
            look = look.over(look_of(child(style, "rPr"))).over(look_of(child(style, "pPr")))
            name = attribute(child(style, "basedOn")) or ""
        return look.over(self._widest)

    def is_contents(self, name: str | None) -> bool:
        """Whether a style is that of a line in the table of contents, which repeats the headings."""
        style = self._styles.get(name or "")
        shown = (attribute(child(style, "name")) or name or "").lower()
        return shown.startswith("toc") and shown[3:].strip().isdigit()

    def numbering_of(self, name: str | None) -> str | None:
        """Return the list that a numbering style stands for."""
        return self.look(name).number if name else None


@dataclass(slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = "%1."
    gap: bool = True
    legal: bool = False


@dataclass(slots=True)
class _List:
    """One list of the document; lists that share their definition share their counters."""

    levels: dict[int, _Level]
    counters: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """List marks in document order: each call of ``mark`` counts on."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, etree._Element] = {}
        self._numbers: dict[str, etree._Element] = {}
        self._lists: dict[str, _List] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._begun: set[tuple[str, int]] = set()
        for one in root if root is not None else ():
            if local(one) == "abstractNum":
                self._abstract[attribute(one, "abstractNumId") or ""] = one
            elif local(one) == "num":
                self._numbers[attribute(one, "numId") or ""] = one

    def mark(self, number: str | None, level: int) -> str:
        """Return the mark of the next paragraph of a list, with the blank behind it; empty when it has none."""
        if number is None or number == "0" or number not in self._numbers or not 0 <= level < _LEVELS:
            return ""
        key = self._definition(number)
        listed = self._lists.setdefault(key, _List(self._read_levels(key)))
        own = self._own_levels(number, listed.levels)
        shape = own.get(level, _Level())
        if (number, level) not in self._begun and self._restarts(number, level):
            listed.counters[level] = None
        self._begun.add((number, level))
        before = listed.counters[level]
        listed.counters[level] = shape.start if before is None else min(before + 1, _MOST_COUNTED)
        for deeper in range(level + 1, _LEVELS):
            listed.counters[deeper] = None
        if shape.format == "bullet":
            sign = shape.text.strip()
            return (sign if sign and sign in _BULLETS else _DEFAULT_BULLETS[min(level, 2)]) + " "
        if shape.format == "none":
            return ""
        return _filled(shape, own, listed.counters) + (" " if shape.gap else "")

    def _definition(self, number: str) -> str:
        """Return the abstract list behind a list, through the style that it may be a link to."""
        seen: set[str] = set()
        while True:
            key = attribute(child(self._numbers.get(number), "abstractNumId")) or ""
            link = attribute(child(self._abstract.get(key), "numStyleLink"))
            linked = self._styles.numbering_of(link)
            if not linked or linked in seen or linked not in self._numbers:
                return key
            seen.add(linked)
            number = linked

    def _read_levels(self, key: str) -> dict[int, _Level]:
        element = self._abstract.get(key)
        found = [_level(one) for one in (element if element is not None else ()) if local(one) == "lvl"]
        return {place: shape for place, shape in found if place < _LEVELS}

    def _own_levels(self, number: str, shared: dict[int, _Level]) -> dict[int, _Level]:
        if number not in self._levels:
            own = dict(shared)
            for override in self._numbers[number]:
                if local(override) != "lvlOverride":
                    continue
                if (shape := child(override, "lvl")) is not None:
                    place, level = _level(shape)
                    own[place] = level
                start = attribute(child(override, "startOverride"))
                at = attribute(override, "ilvl")
                if start and start.isdigit() and at and at.isdigit() and int(at) in own:
                    old = own[int(at)]
                    own[int(at)] = _Level(int(start[:6]), old.format, old.text, old.gap, old.legal)
            self._levels[number] = own
        return self._levels[number]

    def _restarts(self, number: str, level: int) -> bool:
        overrides = (one for one in self._numbers[number] if local(one) == "lvlOverride")
        return any(
            attribute(one, "ilvl") == str(level) and child(one, "startOverride") is not None
            for one in overrides
        )


def _level(element: etree._Element) -> tuple[int, _Level]:
    place = attribute(element, "ilvl") or "0"
    start = attribute(child(element, "start")) or "1"
    return int(place) if place.isdigit() and len(place) < 3 else _LEVELS, _Level(
        int(start) if start.isdigit() and len(start) < 6 else 1,
        attribute(child(element, "numFmt")) or "decimal",
        (attribute(child(element, "lvlText")) or "")[:40],
        attribute(child(element, "suff")) != "nothing",
        switched_on(element, "isLgl") is True,
    )


def _filled(shape: _Level, levels: dict[int, _Level], counters: list[int | None]) -> str:
    text = shape.text
    for place in range(_LEVELS):
        if f"%{place + 1}" in text:
            level = levels.get(place, _Level())
            count = counters[place] if counters[place] is not None else level.start
            style = "decimal" if shape.legal else level.format
            text = text.replace(f"%{place + 1}", counted(count or 0, style))
    return text


def counted(number: int, style: str) -> str:
    """Return a number in a list's way of counting: ``IV``, ``d``, ``04`` or ``4``."""
    if style in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        text, rest = "", number
        for worth, letters in _ROMAN:
            text += letters * (rest // worth)
            rest %= worth
        return text.upper() if style == "upperRoman" else text
    if style in ("upperLetter", "lowerLetter") and 0 < number <= 780:
        text = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return text.upper() if style == "upperLetter" else text
    return f"{number:02d}" if style == "decimalZero" else str(number)
