"""A paragraph or list item cut into the sentences and items that an official would note one by one.

Belongs here: list marks, labels, sentence ends, clauses that change the matter. Does not belong: what a unit says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import re2

from nq57_assets.extract.passages import Passage
from nq57_assets.extract.statement_words import Said, Words

_ODD_SIGN = r"//\s*|\[#?\d{1,3}\]\s*|[|][-|\s]*--\s*"
_SIGN = _ODD_SIGN + r"|[-–—−+*•·▪●○◦♦➢✓►»→⇒]+\s*|[oO]\s+"
_NUMBER = r"[IVX]{1,4}|\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđA-Z]|[ivx]{1,4}"
_COUNT = rf"\(?(?:{_NUMBER})\s?[.)]\s*|\d{{1,2}}/\s*|\d{{1,2}}-\s+|\d{{1,2}}(?:\.\d{{1,2}}){{1,2}}\s+"
_MARK = re2.compile(rf"^\s*(?:{_SIGN}|{_COUNT})")
_PLACE = r"c[aâ]u\s+\d{1,2}|m[uụ]c\s+[\dIVX]{1,4}|p?h[aầ]n\s+(?:[IVX\d]{1,4}|th[uứ]\s+\pL+)"
_ANSWER = re2.compile(rf"(?i)^\s*(?:[tIl]r[aảâ]\s+l[oờòơ]i|{_PLACE})\s*[.:)]\s*")
_QUESTION = re2.compile(r"[.?!;]\s+(C[aâ]u\s+\d{1,2}\s?[.:])")
# A list mark that no other reading knows, at the beginning of a line that was joined to the one above.
_LINE_MARK = re2.compile(rf"^(?:{_ODD_SIGN}|\d{{1,2}}[/-]\s|\((?:\d{{1,2}}|[ivx]{{1,4}})\)\s|[a-zđ]\)\s)")
_LABEL = re2.compile(r"^([^:.;!?]{3,110})\s?:\s*(.*)$")
# "Điểm 19 (khó khăn). Cán bộ …"
_BRACKETED = re2.compile(r"^(\pL+ \d{1,2} \([^()]{3,60}\))[.:]\s*(.*)$")
# "Vướng mắc. Không có …", "Chỗ vướng – (i) mùa vắng khách; (ii) …": as many letters and words may head a sentence.
_RUN_IN, _RUN_IN_WORDS = 45, 6
# A sentence ends where a capital, a digit or an opening sign follows; "TP. Hải Phòng" is no end.
_END = re2.compile(r"[.!?…][\"”’)]*\s+(?:[\p{Lu}“\"(\d\-–+*]|đ[eề])")
_SHORT_FORM = re2.compile(r"(?:^|[\s(])(?:[Tt][Pp]|[ĐđD][TtC]|[QPXx]|[Tt]x|[Tt]h|[Ss]|\p{Lu})$")
_COUNTED = re2.compile(r"(?:^|[\s;:,])\((?:i{1,3}|iv|v|vi{0,3}|\d)\)\s")
_CLAUSE = re2.compile(r";\s+|,\s+(?:và\s+|đồng thời\s+)?|\s+và\s+|\s+va\s+|\s+đồng thời\s+")
_FEWEST_WORDS = 3
# A paragraph goes on for as long; what follows is no statement that anybody would note. The head of a clause holds its cue.
_LONGEST, _HEAD = 6_000, 70
_TRAILING = re2.compile(r"[\s,;]*(?:\s(?:và|va|đồng thời|dong thoi))?[\s,;]*$")


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence, clause or item.

    Attributes:
        text: As written.
        start: Offset in the text it was cut from.
        said: The words found in it.
        sentence: Which sentence it belongs to, from 0; clauses of one sentence share it.
    """

    text: str
    start: int
    said: Said
    sentence: int = 0


@lru_cache(maxsize=1024)
def bullet_of(raw: str) -> str:
    """Return the kind of list mark before a text: a sign, ``1`` for numbers, ``a`` for letters, or nothing."""
    found = _MARK.match(raw)
    if not found or not found.group().strip():
        return ""
    sign = found.group().strip(" .)/(")
    if not sign:
        return ""
    return "1" if sign[0].isdigit() else "I" if sign[0] in "IVX" else "a" if sign[0].isalpha() else sign[0]


@lru_cache(maxsize=1024)
def body_of(raw: str) -> str:
    """Return a text without its list mark and words such as ``Trả lời:``."""
    text = raw.strip()
    for pattern in (_MARK, _ANSWER, _MARK):
        found = pattern.match(text)
        if found and found.end() < len(text):
            text = text[found.end() :].lstrip()
    return text


def questions(passage: Passage) -> list[Passage]:
    """Part the questions of a form typed as text, whose lines run on: ``… ngoài ý muốn. Câu 33. Khó khăn khác?``."""
    if passage.kind == "row":
        return [passage]
    cuts = [found.start(1) for found in _QUESTION.finditer(passage.raw)] if passage.kind == "prose" else []
    cuts += [start for start in passage.starts[1:] if _LINE_MARK.match(passage.raw[start : start + 12])]
    edges = [0, *sorted(set(cuts)), len(passage.raw)]
    if not cuts:
        return [passage]
    return [
        replace(
            passage,
            raw=passage.raw[a:b].rstrip(),
            text=passage.text[a:b].rstrip(),
            starts=tuple(start - a for start in passage.starts),
        )
        for a, b in pairwise(edges)
        if passage.raw[a:b].strip()
    ]


def label_of(body: str) -> tuple[str, str]:
    """Return the words before the first colon and those behind it; two empty texts without one."""
    found = _LABEL.match(body) or _BRACKETED.match(body)
    return (found.group(1).strip(), found.group(2).strip()) if found else ("", "")


def run_in_title_of(body: str) -> tuple[str, str]:
    """Return a few words that end in a full stop or a dash and what follows them, else two empty texts."""
    cuts = [(body.find(sign, 0, _RUN_IN), len(sign)) for sign in (". ", " – ", " — ", " - ")]
    place, length = min(((cut, n) for cut, n in cuts if cut > 0), default=(0, 0))
    label, rest = body[:place].strip(), body[place + length :].strip()
    if not label or not rest or len(label.split()) > _RUN_IN_WORDS or any(map(str.isdigit, label)):
        return "", ""
    return (label, rest) if not rest[0].islower() else ("", "")


def units_of(body: str, item: bool, words: Words, damaged: bool, listing: bool = True) -> list[Unit]:
    """Cut a text into units.

    Args:
        body: The text without its list mark.
        item: A list item is one unit, unless a later sentence begins a cause or a recommendation.
        words: Cues at which a sentence or clause changes the matter.
        damaged: The text has lost its Vietnamese marks.
        listing: The section is one of statements, so that a semicolon parts two of them.
    """
    body = body[:_LONGEST]
    units: list[Unit] = []
    for number, (start, stop) in enumerate(sentences(body)):
        said = words.read(body[start:stop], damaged)
        if units and _goes_on(said, item):
            first = units.pop()
            whole = body[first.start : stop]
            units.append(Unit(whole, first.start, words.read(whole, damaged), first.sentence))
            continue
        for begin, end in _clauses(body, start, stop, words, damaged, listing):
            part = _TRAILING.sub("", body[begin:end])
            units.append(Unit(part, begin, words.read(part, damaged), number))
    return [unit for unit in units if unit.text.strip(" .;,")]


def _goes_on(said: Said, item: bool) -> bool:
    """Whether a sentence belongs to the one before."""
    if said.starts_with("cause_starts", 2) or said.starts_with("asks", 3) or said.starts_with("futures", 3):
        return False
    if said.starts_with("closings", 2) or any(hit.start <= 9 for hit in said.of("asks")):
        return False
    return item or said.starts_with("same_matter", 1) is not None


def sentences(body: str) -> list[tuple[int, int]]:
    """Return where the sentences of a text begin and end."""
    spans: list[tuple[int, int]] = []
    start = position = 0
    while found := _END.search(body, position):
        stop = found.start() + 1
        position = stop
        if body[found.start()] == "." and _SHORT_FORM.search(body[: found.start()][-6:]):
            continue
        while stop < len(body) and not body[stop].isspace():
            stop += 1
        spans.append((start, stop))
        start = stop
        while start < len(body) and body[start].isspace():
            start += 1
        position = start
    spans.append((start, len(body)))
    return [(a, b) for a, b in spans if b > a]


def _clauses(
    body: str, start: int, stop: int, words: Words, damaged: bool, listing: bool
) -> list[tuple[int, int]]:
    """Cut a sentence where a clause asks somebody else, tells a cause, is a counted item or the next of a list."""
    text = body[start:stop]
    cuts = [found.start() + 1 for found in _COUNTED.finditer(text)]
    second = any(found.group().strip(" ;:,") in ("(2)", "(ii)") for found in _COUNTED.finditer(text))
    cuts = cuts if len(cuts) > 1 or second else []
    if cuts:
        head = text[: cuts[0]].rstrip()
        cuts = cuts if head.endswith((":", ";", ",")) or not head else cuts[1:]
    for found in _CLAUSE.finditer(text):
        said = words.read(text[found.end() :][:_HEAD], damaged)
        strong = found.group().startswith(";")
        if strong and listing and _is_matter(text[: found.start()]) and _is_matter(text[found.end() :]):
            cuts.append(found.end())
            continue
        if _asks_anew(said, words, strong) or (strong and (_turns(said) or _names_anew(said, words))):
            cuts.append(found.end())
    edges = [0, *sorted(set(cuts)), len(text)]
    return [(start + a, start + b) for a, b in pairwise(edges) if text[a:b].strip()]


def _asks_anew(said: Said, words: Words, strong: bool) -> bool:
    """Whether a clause begins with a request: to somebody named, or behind a semicolon."""
    ask = said.starts_with("asks", 1 if said.starts_with("connectives") else 0)
    if ask is None or any(hit.start <= ask.start < hit.end for hit in said.of("asked_of_others")):
        return False
    return strong or words.addressee(said, ask.end, ask.end + 3) is not None


def _is_matter(text: str) -> bool:
    """Whether what stands before or behind a semicolon is long enough to be a matter, and in no brackets."""
    clause = text.rpartition(";")[2] if text.count("(") == text.count(")") else ""
    first = text.partition(";")[0] if clause else ""
    return min(len(clause.split()), len(first.split())) >= _FEWEST_WORDS


def _names_anew(said: Said, words: Words) -> bool:
    """Whether a clause behind a semicolon begins with a body of the city or the state that shall act."""
    first = [
        hit for hit in said.of("addressee:city", "addressee:department", "addressee:central") if not hit.start
    ]
    return bool(first) and said.text[:1].isupper() and words.addressee(said, 0, 1) is not None


def _turns(said: Said) -> bool:
    return bool(said.starts_with("cause_starts") or said.starts_with("connectives"))
