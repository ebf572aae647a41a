"""Whose figure it is: the whole commune's, one village's, or another commune's.

Belongs here: names of villages, schools, firms and communes near a figure.
Does not belong: which commune sent the document (``identity``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.cues import Cues, Doubt
from nq57_assets.extract.passages import Token
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.scene import Scene
from nq57_assets.model import Document
from nq57_assets.vietnamese.fold import fold

_NAMED = re2.compile(r"(?:XÃ|PHƯỜNG|ĐẶC KHU)\s+((?:[\p{Lu}\pM]{2,}\b\s?){1,4})")
_LETTERHEAD = 16
_COMMUNES = frozenset({"xa", "phuong"})
# Words of a merger: the communes that they name have become the sender itself.
_MERGED = frozenset({"nhập", "sáp", "hợp", "trước", "cũ", "ranh", "giáp"})


def own_names(document: Document) -> frozenset[str]:
    """Return the names of communes in capitals in the first lines of a document, folded."""
    head = " ".join(block.text for block in document.blocks[:_LETTERHEAD])
    return frozenset(fold(match.group(1)).strip() for match in _NAMED.finditer(head))


def place_doubts(
    cues: Cues, scene: Scene, quantity: Quantity, names: frozenset[str], held: bool = False
) -> list[Doubt]:
    """Doubt a figure whose clause or sentence is about one village, school or firm, or another commune.

    What was ``held`` once, as the launch of a movement is, stands somewhere.
    """
    tokens = scene.tokens
    subject = quantity.sentence[0]
    begin = quantity.first
    if begin > subject and tokens[begin - 1].text == "(":
        begin = max(subject, begin - 5)  # "thôn Đông (310 người)"
    places = [*range(subject, min(subject + 4, quantity.start)), *range(begin, quantity.start)]
    places += range(quantity.unit_end, min(quantity.unit_end + 3, quantity.last))
    for place in places:
        hit = cues.at("places", place)
        if hit is None or hit.end >= len(tokens) or hit.end == quantity.index:
            continue
        if hit.start and tokens[hit.start - 1].kind == "figure":
            continue
        name = tokens[hit.end]
        if held and place and fold(tokens[place - 1].text) in ("tai", "o", "san"):
            continue
        if place >= quantity.unit_end and _tells_apart(scene, quantity.unit_end, place):
            continue  # "11.600 người (thôn Đông dẫn đầu với 402 người)"
        if name.kind == "figure" and any(q.index == hit.end and q.unit for q in scene.quantities):
            continue  # "xuống thôn 16 buổi"
        shouted = len(name.text) > 2 and name.text.isupper()
        capital = name.kind == "word" and name.text[:1].isupper() and not shouted
        numbered = name.kind == "figure" or fold(name.text) == "so"
        ours = (
            fold(name.text) in ("toi", "em", "minh")
            or fold(" ".join(t.text for t in tokens[hit.end : hit.end + 2])) == "chung toi"
        )
        if (capital or numbered or ours) and not cues.last("everywhere", hit.end, quantity.start):
            return [Doubt("review", f"một nơi: {hit.phrase} {name.text}")]
    other = _another_commune(tokens, quantity, names)
    return [Doubt("review", f"nơi khác: {other}")] if other else []


def _tells_apart(scene: Scene, start: int, place: int) -> bool:
    """Whether a bracket opens before a place and holds a count of its own."""
    tokens = scene.tokens
    if not any(t.text == "(" for t in tokens[start : place + 1]):
        return False
    closing = next((i for i in range(place, len(tokens)) if tokens[i].text == ")"), len(tokens))
    return any(place < q.index < closing and q.unit for q in scene.quantities)


def _another_commune(tokens: Sequence[Token], quantity: Quantity, names: frozenset[str]) -> str:
    """Return the name of a commune that isn't the sender and of which a figure is told, else an empty string."""
    start, here = quantity.sentence[0], quantity.start
    begin = max(start, quantity.first - 1)
    friend = next((i for i in range(begin, here - 1) if fold(tokens[i].text) in _COMMUNES), None)
    if friend is not None and tokens[friend + 1].text.lower() == "bạn":
        return f"{tokens[friend].text} bạn"
    if not names or any(t.text.lower() in _MERGED for t in tokens[start:here]):
        return ""
    opening = range(start, min(start + 8, here))
    for place in sorted({*opening, *range(quantity.first, here)}):
        if place + 1 >= here or fold(tokens[place].text) not in _COMMUNES:
            continue
        if len(tokens[place].text) > 1 and tokens[place].text.isupper():
            continue  # "PHƯỜNG CÓ 69 TỔ": in capitals no name stands out
        if tokens[place + 1].text.lower() == "bạn":
            return f"{tokens[place].text} bạn"
        name = _name_at(tokens, place + 1)
        last = place + 1 + len(name.split())
        if (
            name
            and last < here
            and tokens[last].text == "("
            and any(t.text == ")" for t in tokens[last:here])
        ):
            continue  # "bám sát phường Tứ Minh (82%) khi đạt 81,3%": the brackets hold the other one's figure
        own = any(fold(name).startswith(one) or one.startswith(fold(name)) for one in names)
        if name and not own:
            return f"{tokens[place].text} {name}"
    return ""


def _name_at(tokens: Sequence[Token], place: int) -> str:
    """Return the name in capitals that begins at a token: ``Cẩm Giang``; a word all in capitals is no name."""
    words: list[str] = []
    for token in tokens[place : place + 4]:
        if (
            token.kind != "word"
            or not token.text[0].isupper()
            or (len(token.text) > 2 and token.text.isupper())
        ):
            break
        words.append(token.text)
    return " ".join(words)
