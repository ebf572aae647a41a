"""Text as optical character recognition without Vietnamese gives it back: marks lost, letters turned into digits.

Follows what was measured on real pages: vowels lose or change their marks, ``ố`` often becomes 6, ``ộ`` d or é, ``Đ`` P,
D or B, ``ươ`` uo or wo; digits are nearly always kept; lines break anywhere; list marks and table bars suffer.
Belongs here: harm to text, deterministic by the given generator. Does not belong: what the text says.
"""

from __future__ import annotations

import random
import re
import textwrap
import unicodedata

WIDTH = 80
"""Characters in a line of the recognised page."""

_LETTERS: dict[str, tuple[str, ...]] = {
    "ố": ("6", "6", "é", "o", "b", "d"),
    "ộ": ("d", "é", "6", "o", "b"),
    "ổ": ("6", "o", "é", "d"),
    "ồ": ("6", "o", "d"),
    "ô": ("o", "6", "ô"),
    "ớ": ("o", "6", "a"),
    "ợ": ("g", "o", "q"),
    "ờ": ("o", "d"),
    "ở": ("o", "d"),
    "ơ": ("o", "o", "o", "w"),
    "ứ": ("it", "u", "ti"),
    "ự": ("u", "w", "y"),
    "ừ": ("u", "ir"),
    "ử": ("u", "it"),
    "ư": ("u", "w"),
    "ề": ("é", "e", "ê"),
    "ệ": ("é", "¢", "e"),
    "ế": ("é", "e", "ê"),
    "ể": ("é", "e"),
    "đ": ("d", "d", "d", "b"),
    "ỹ": ("¥", "y"),
    "ỳ": ("y",),
}
_CAPITALS: dict[str, tuple[str, ...]] = {"Đ": ("P", "D", "P", "B"), "Ộ": ("O", "Q", "O"), "Ậ": ("A",)}
_WORDS: dict[str, tuple[str, ...]] = {
    "số": ("sé", "s6", "sd", "sb", "so"),
    "xã": ("x4", "xa", "x&", "xa"),
    "Tổ": ("T6", "To", "Tb"),
    "tổ": ("t6", "to"),
    "lớp": ("16p", "lop"),
    "là": ("1a", "la"),
    "của": ("cia", "cua", "ciia"),
    "trên": ("trén", "tren"),
    "hướng": ("hudng", "huong"),
    "dưới": ("dudi", "duoi"),
}
_MARKS: dict[str, tuple[str, ...]] = {
    "II.": ("II.", "I1.", "Il."),
    "III.": ("III.", "I11.", "III."),
    "I.": ("I.", "1.", "|."),
}
_DIGITS_LOST = 0.002
"""Share of the zeros inside numbers that come back as a letter; measured three times in five documents."""

_TOKEN = re.compile(r"\S+")


def damage(text: str, rng: random.Random) -> str:
    """Return the text as recognised; the same generator state gives the same harm.

    Args:
        text: Clean text whose letterhead is already on joined lines.
        rng: Chooses every error.
    """
    bars = rng.choice(("kept", "kept", "some", "lost"))
    lines: list[str] = []
    for line in text.split("\n"):
        spoilt = _TOKEN.sub(lambda m: _token(m.group(), rng), _bars(line, bars, rng))
        if "|" in line or "   " in line:
            lines.append(re.sub(r"\s{2,}", " ", spoilt).strip())
            continue
        lines += textwrap.wrap(spoilt, WIDTH, break_long_words=False, break_on_hyphens=True) or [""]
        if len(spoilt) > WIDTH and rng.random() < 0.3:
            lines.append("")
    return "\n".join(lines)


def _bars(line: str, bars: str, rng: random.Random) -> str:
    if "|" not in line or bars == "kept":
        return line
    return re.sub(r"\|", lambda _: " " if bars == "lost" or rng.random() < 0.15 else "|", line)


def _token(token: str, rng: random.Random) -> str:
    core = token.strip(',.;:()"“”')
    if core in _WORDS and rng.random() < 0.7:
        return token.replace(core, rng.choice(_WORDS[core]))
    if token in _MARKS:
        return rng.choice(_MARKS[token])
    if any(c.isdigit() for c in core) and not any(c.isalpha() for c in core):
        return _number(token, rng)
    return "".join(_letter(c, rng) for c in token)


def _number(token: str, rng: random.Random) -> str:
    return "".join(
        rng.choice("OQ") if c == "0" and i and rng.random() < _DIGITS_LOST else c for i, c in enumerate(token)
    )


def _letter(character: str, rng: random.Random) -> str:
    if character.isascii():
        return character
    if character in _CAPITALS:
        return rng.choice(_CAPITALS[character])
    if character in _LETTERS and rng.random() < 0.85:
        return rng.choice(_LETTERS[character])
    plain = "".join(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))
    plain = plain.replace("đ", "d").replace("Đ", "D")
    if character.islower() and plain == "a":
        return rng.choice(("a",) * 8 + ("4", "á"))
    return plain or character
