"""The head of a paper under Decree 30/2020/NĐ-CP: two columns, often on one OCR line, down to the type's name.

Belongs here: telling the head's lines apart (issuer, number, place and date, type, subject), clean or damaged.
Does not belong: what they mean (``header``, ``identity``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import re2
from rapidfuzz import fuzz

from nq57_assets.model import Block, Document, DocumentType
from nq57_assets.vietnamese.dates import FoundDate, place_and_date
from nq57_assets.vietnamese.fold import fold

_HEAD_LINES = 24
_LINE_CHARACTERS = 600
_MOTTOS = (
    "cong hoa xa hoi chu nghia viet nam",
    "doc lap - tu do - hanh phuc",
    "dang cong san viet nam",
)
# The name of the type as its line starts, folded; None is a type that the model has no word for.
_TYPES: tuple[tuple[str, DocumentType | None], ...] = (
    ("bao cao", "report"),
    ("ke hoach", "plan"),
    ("quyet dinh", "decision"),
    ("chi thi", "directive"),
    ("thong bao", "notice"),
    ("cong van", "official_letter"),
    ("to trinh", None),
    ("nghi quyet", None),
    ("chuong trinh", None),
    ("huong dan", None),
    ("bien ban", None),
    ("giay moi", None),
    ("cong dien", None),
    ("de an", None),
    ("quy che", None),
    ("ket luan", None),
)
# Issuers that are nearly the name of a type.
_ISSUERS = frozenset({"cong an"})
# A place line that stands alone: a name of up to six words, a comma, the date, and nothing else.
_PLACE = re2.compile(r"^\s*\p{Lu}[^\s,./\d]*(?:\s[^\s,./\d]+){0,5}\s?[,.;]\s?[Nn]\S{2,4}\s.{0,40}\d{4}\W*$")
_HALF_DATE = re2.compile(r"ng[a-z&]{1,3}\s{0,3}\d{0,2}\s+th[a-z&]{1,4}\s*\d{0,2}\s*$")
_COLUMN_GAP = re2.compile(r"\t+|\s{3,}|\s*\|\s*")
_LETTER = re2.compile(r"\pL")
# "Số" and what OCR makes of it, then the number (may be blank or dotted), then the symbol.
_NUMBER_WORD = r"[S$s][6oO0Qbdé¢&ôốồóò6Ốđ'’]{1,3}(?:\s?[:;.,])?|[58][6oO0Qbé¢&ôốó]{1,2}\s?[:;]"
_SYMBOL_LETTER = r"[A-Za-zĐđÐ&.]"
_NUMBER_LINE = re2.compile(
    rf"^[\s|*_.\-–—]*(?:({_NUMBER_WORD})(\s*))?([0-9OoQlIS]{{0,5}}[a-zA-Z]?|[.…_\s]*)\s*[.…_]*\s*"
    rf"(?:/\s?(20\d\d)\s?)?([/\-–])\s?([A-ZĐÐa-zđ]{_SYMBOL_LETTER}{{0,9}}(?:\s?[-–/]\s?[A-ZĐÐ$]{_SYMBOL_LETTER}{{0,12}}){{0,3}})"
)
_ABOUT = re2.compile(r"(?i)(?:^|\s)(v\s?/\s?v|về việc)\s*:?\s*")
_GREETING = re2.compile(r"^k[il]nh\s+g[a-z0-9&]{1,4}\s*:?")
_DRAFT = re2.compile(r"^[^a-z]*d[u¥][a-z']{0,2}\s+th[a-z]{1,2}o\b")
BASES = re2.compile(
    r"^(thuc hien|thyc hien|can cu|thuc hign|trien khai|nham|de |kinh gui|uy ban nhan dan [a-z ]{3,40} (bao cao|ban hanh))"
)
_MARKED = re2.compile(r"^\W*([IVX|l1]{1,4}\s?\.|\d{1,2}\s?\.|\d{1,2}/\s|[IVX]{1,4}\s)\s?\S")


@dataclass(frozen=True, slots=True)
class NumberLine:
    """``Số: 319/BC-UBND``: the number as written (empty when blank, None when damaged) and the raw symbol."""

    number: str | None
    symbol: str
    named: bool
    party: bool


@dataclass(slots=True)
class Letterhead:
    """The parts of the head as they stand; what the paper does not show is None or empty.

    ``end`` is the index of the first block after head, type and subject.
    """

    issuer_lines: list[str] = field(default_factory=list)
    number: NumberLine | None = None
    place: str | None = None
    issued: FoundDate | None = None
    type_word: str | None = None
    document_type: DocumentType | None = None
    about: str | None = None
    subject_lines: list[str] = field(default_factory=list)
    motto: bool = False
    greeting: bool = False
    draft_word: bool = False
    end: int = 0

    @property
    def issuer(self) -> str | None:
        """The issuer's lines as one text."""
        return " ".join(self.issuer_lines) or None

    @property
    def found(self) -> bool:
        """Whether the document has a head at all."""
        numbered = self.number is not None and (bool(self.issuer_lines) or self.issued is not None)
        return self.motto or numbered or self.type_word is not None


def upper_share(text: str) -> float:
    """Return the share of capital letters among the letters of ``text``, 0 when it has none."""
    count = sum(map(str.isalpha, text))
    return sum(map(str.isupper, text)) / count if count else 0.0


def _spaced_out(line: str) -> str:
    """Close up a title that is set with blanks between its letters: ``B Á O   C Á O``."""
    words = line.split()
    if len(words) < 5 or any(len(word) > 1 for word in words):
        return line
    return " ".join(part.replace(" ", "") for part in re2.split(r"\s{2,}", line.strip()))


def title_type(line: str) -> tuple[str, DocumentType | None, str] | None:
    """Read a line that names the paper's type, such as ``BÁO CÁO`` or ``KẾ HOẠCH Triển khai …``.

    Returns:
        The type's folded name, the type, and what follows on the line; None when the line is no such line.
    """
    words = _spaced_out(line.strip(" *_-–—:.")).split()
    skip = 2 if len(words) > 3 and fold(" ".join(words[:2])) in ("du thao", "(du thao)") else 0
    words = words[skip:]
    head = " ".join(words[:2])
    if len(words) < 2:
        return None
    alone = len(words) == 2 or words[2].startswith("(")
    if not (upper_share(head) > 0.7 or (alone and head[:1].isupper())):
        return None
    if fold(head) in _ISSUERS:
        return None
    for name, kind in _TYPES:
        # "PHƯỜNG AN …" is nearly "HƯỚNG DẪN": types without a meaning for us must be spelled right.
        if fuzz.ratio(fold(head), name) >= (85 if kind else 95):
            return name, kind, " ".join(words[2:])
    return None


def _without_motto(line: str) -> tuple[str, bool]:
    """Cut the national or party motto off a line; OCR puts it on the issuer's line."""
    folded = fold(line)
    for motto in _MOTTOS:
        if len(folded) < len(motto) * 0.6:
            continue
        hit = fuzz.partial_ratio_alignment(motto, folded, score_cutoff=72)
        if hit is None:
            continue
        start = folded.rfind(" ", 0, hit.dest_start + 1) + 1 if hit.dest_start else 0
        return line[:start].rstrip(" |\t-–"), True
    return line, False


def _read_number(line: str) -> tuple[NumberLine, int, int] | None:
    """Read the number line; the raw symbol keeps its damage. Returns it with its start and end in ``line``."""
    match = _NUMBER_LINE.search(line)
    if match is None:
        return None
    word, gap, digits, _, joint, symbol = match.groups()
    digits = digits.strip(" .…_")
    if word is None and (not digits or upper_share(symbol[:2]) < 1):
        return None
    number: str | None = digits
    if digits and not (digits.isascii() and digits.rstrip("abcdđ").isdigit()):
        number = None  # "3l9" is not corrected: a wrong number is worse than none
    if digits and word and word[-1] not in ":;.," and not gap:
        number = None  # in "S6319" nobody can tell where the word ends
    rest = line[match.end() :]
    if sum(map(str.isalpha, rest)) > 3 and place_and_date(rest) is None and not _COLUMN_GAP.match(rest):
        return None  # a line of the body that starts with a cited paper
    return NumberLine(number, symbol, word is not None, joint in "-–"), match.start(), match.end()


def read_letterhead(document: Document) -> Letterhead:
    """Read the head of a document from its first lines.

    A document without head (body text from its first line) gives a Letterhead whose ``found`` is False.
    """
    head = Letterhead()
    if document.form is not None or document.form_cells:
        return head  # a form states its sender in its stamp; its cells are no lines of a head
    lines = (
        # A whole document on one line must not be searched for two mottos and a date.
        (index, replace(block, text=block.text[:_LINE_CHARACTERS]))
        for index, block in enumerate(document.blocks)
        if _LETTER.search(block.text[:_LINE_CHARACTERS])
    )
    for position, (index, block) in enumerate(_rejoined(islice(lines, _HEAD_LINES))):
        head.end = index
        if titled := title_type(block.text):
            head.type_word, head.document_type = titled[0], titled[1]
            _read_subject(head, document.blocks, index, titled[2])
            return head
        folded = fold(block.text.strip())
        if _GREETING.match(folded):
            head.greeting = True
            return head
        if _is_body(block.text, folded) and position > 0:
            break
        _read_line(head, block.text)
    if not head.found:
        return Letterhead()
    return head


def _rejoined(lines: Iterable[tuple[int, Block]]) -> list[tuple[int, Block]]:
    """Join a date that is broken before its year: ``ngày 05 tháng 12`` and ``năm 2025``."""
    joined: list[tuple[int, Block]] = []
    for index, block in lines:
        if (
            joined
            and fold(block.text.strip()).startswith("nam 2")
            and _HALF_DATE.search(fold(joined[-1][1].text))
        ):
            before, first = joined[-1]
            joined[-1] = (before, replace(first, text=f"{first.text} {block.text.strip()}"))
        else:
            joined.append((index, block))
    return joined


def _is_body(text: str, folded: str) -> bool:
    long_prose = len(text) > 100 and upper_share(text) < 0.4 and "   " not in text.strip()
    return long_prose or BASES.match(folded) is not None or _MARKED.match(text.strip()) is not None


def _read_line(head: Letterhead, line: str) -> None:
    """Sort one line of the head into its parts; a line may hold both columns."""
    line, motto = _without_motto(line)
    head.motto |= motto
    if _DRAFT.match(fold(line)):
        head.draft_word = True
        return
    if head.issued is None and (dated := place_and_date(line)):
        place, head.issued = dated
        numbered = _read_number(line)
        if numbered and head.number is None:
            head.number = numbered[0]
            place = (place or "")[numbered[2] :]
        head.place = _last_column(place)
        return
    numbered = _read_number(line)
    if numbered and head.number is None:
        head.number = numbered[0]
        line = line[numbered[2] :]
    about = _ABOUT.search(line)
    if about:
        head.about = _first_column(line[about.end() :])
        return
    if numbered:
        return
    if head.about is not None and head.number is not None and _LETTER.search(line):
        head.about = f"{head.about} {_first_column(line)}"
        return
    if _LETTER.search(line) and head.number is None:
        head.issuer_lines.extend(part for part in _COLUMN_GAP.split(line.strip()) if _LETTER.search(part))


def _first_column(text: str) -> str:
    return _COLUMN_GAP.split(text.strip())[0].strip()


def _last_column(text: str | None) -> str | None:
    parts = [part for part in _COLUMN_GAP.split((text or "").strip()) if part]
    return parts[-1].strip(" ,.;:") if parts else None


def _read_subject(head: Letterhead, blocks: tuple[Block, ...], index: int, rest: str) -> None:
    """Collect the subject below the type's name, up to the first line of the body."""
    if rest and not rest.startswith("("):
        head.subject_lines.append(rest)
    if _DRAFT.match(fold(rest)):
        head.draft_word = True
    position = index + 1
    for position in range(index + 1, min(index + 14, len(blocks))):
        text = blocks[position].text[:_LINE_CHARACTERS].strip()
        if not text:
            if head.subject_lines:
                break
            continue
        if not head.subject_lines and _read_right_column(head, text):
            continue
        folded = fold(text)
        if _DRAFT.match(folded):
            head.draft_word = True
            continue
        if not _LETTER.search(text) or folded.startswith("(tu ngay"):
            continue
        if _GREETING.match(folded) or _is_subject_over(head, text, folded):
            break
        head.subject_lines.append(text)
    head.end = position


def _read_right_column(head: Letterhead, line: str) -> bool:
    """Take motto, place and date that follow the title where OCR read the columns one after the other."""
    rest, motto = _without_motto(line)
    if motto and not _LETTER.search(rest):
        head.motto = True
        return True
    dated = place_and_date(line) if head.issued is None else None
    if dated is None or _PLACE.match(line) is None:
        return False
    head.place, head.issued = _last_column(dated[0]), dated[1]
    return True


def _is_subject_over(head: Letterhead, text: str, folded: str) -> bool:
    if _MARKED.match(text):
        return True
    starts_body: Any = BASES.match(folded)
    return bool(starts_body) and bool(head.subject_lines)
