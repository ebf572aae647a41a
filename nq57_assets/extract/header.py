"""The header of a document: what it is, who issued it when under which number, and what it cites.

Belongs here: composing the header from letterhead, signature lines and citations. Does not belong: which commune
sent it (``identity``). Unknown is None: a wrong number or date is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import re2
from rapidfuzz import fuzz

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.letterhead import BASES, Letterhead, read_letterhead, upper_share
from nq57_assets.extract.references import find_references, repair_symbol
from nq57_assets.extract.signatures import SignatureLine, read_signatures
from nq57_assets.model import Document, DocumentType, Header, Reference
from nq57_assets.vietnamese.fold import fold

_SYMBOL_TYPES: dict[str, DocumentType] = {
    "BC": "report",
    "KH": "plan",
    "QĐ": "decision",
    "CT": "directive",
    "TB": "notice",
    "CV": "official_letter",
}
_OPENING_LINES = 45
_PROMULGATES_PLAN = re2.compile(r"ban hanh[a-z0-9 ,]{0,12} k.{1,2} ?hoach")
_REPORTS_RESULT = re2.compile(
    r"b[a-z]{1,2}o c[a-z]{1,2}o[a-z ]{0,40} (nhu sau|cu the)|tren d[a-z]{1,2}y l[a-z]{1,2} b[a-z]{1,2}o c[a-z]{1,2}o"
)
_PLAN_HEADINGS = ("muc dich, yeu cau", "muc dich yeu cau", "muc dich va yeu cau")


@dataclass(frozen=True, slots=True)
class _Issued:
    on: date | None = None
    year: int | None = None
    month: int | None = None


def read_header(document: Document, catalogue: Catalogue) -> Header:
    """Read the header of ``document``; what it does not show for certain is None.

    The date is that of the place line; where the paper has none, that of its last signature line.
    """
    head = read_letterhead(document)
    signed = read_signatures(document)
    number, symbol = _number_and_symbol(head)
    issued = _issued(head, signed)
    own = _own_symbol(head, number, symbol)
    return Header(
        document_type=_document_type(document, head, symbol),
        number=number,
        symbol=symbol,
        issued_on=issued.on,
        issued_year=issued.year,
        issued_month=issued.month,
        issuer=head.issuer,
        subject=_subject(head) if head.found else _headless_subject(document),
        is_draft=head.draft_word or (head.number is not None and head.number.number == "" and not signed),
        references=_references(document, catalogue, own),
        signatures=(
            *(line.signature for line in signed),
            *(
                replace(one, email=None)
                for one in document.signatures
                if one.status in ("invalid", "unsigned")
            ),
        ),
    )


def _number_and_symbol(head: Letterhead) -> tuple[str | None, str | None]:
    if head.number is None:
        return None, None
    return head.number.number or None, repair_symbol(head.number.symbol) or None


def _own_symbol(head: Letterhead, number: str | None, symbol: str | None) -> str | None:
    if head.number is None or not number:
        return None
    return f"{number}{'-' if head.number.party else '/'}{symbol}"


def _issued(head: Letterhead, signed: tuple[SignatureLine, ...]) -> _Issued:
    """Return the date of issue: the head's, completed or replaced by the last signature's when they agree."""
    stamped = [line.signature.signed_at for line in signed if line.signature.signed_at]
    signed_on = date.fromisoformat(stamped[-1][:10]) if stamped else None
    if head.issued is None:
        return _Issued(signed_on, signed_on.year, signed_on.month) if signed_on else _Issued()
    on, year, month = head.issued.on, head.issued.year, head.issued.month
    if on is None and signed_on and signed_on.year == year and month in (None, signed_on.month):
        # The day is left blank for the signing software; its time is the date of issue.
        return _Issued(signed_on, year, signed_on.month)
    return _Issued(on, year, month)


def _document_type(document: Document, head: Letterhead, symbol: str | None) -> DocumentType:
    if document.form is not None or document.form_cells:
        return "form"
    if head.type_word is not None:
        return head.document_type or "unknown"
    if symbol:
        first = re2.split(r"[-/]", symbol)[0]
        if first in _SYMBOL_TYPES:
            return _SYMBOL_TYPES[first]
        if head.about is not None or head.greeting or first in ("UBND", "HĐND"):
            return "official_letter"
    if head.about is not None and head.greeting:
        return "official_letter"
    return "unknown" if head.found else _type_of_headless(document)


def _type_of_headless(document: Document) -> DocumentType:
    """Tell a plan or a report whose head is lost by the words that only one of them uses."""
    lines = [fold(block.text.strip()) for block in document.blocks if block.text.strip()]
    opening = " ".join(lines[:_OPENING_LINES])
    plan = _PROMULGATES_PLAN.search(opening) is not None
    for block in document.blocks:
        if upper_share(block.text) > 0.7 and len(block.text) < 60:
            title = fold(block.text).strip(" .|1il")
            plan |= any(fuzz.ratio(title, heading) >= 80 for heading in _PLAN_HEADINGS)
    report = (
        _REPORTS_RESULT.search(opening) is not None
        or _REPORTS_RESULT.search(" ".join(lines[-30:])) is not None
    )
    if plan == report:
        return "unknown"
    return "plan" if plan else "report"


def _subject(head: Letterhead) -> str | None:
    words = " ".join(head.subject_lines) or head.about or ""
    return " ".join(words.split()) or None


def _headless_subject(document: Document) -> str | None:
    """Return the lines above the bases of a paper whose head is lost: what is left of its subject."""
    lines: list[str] = []
    for block in document.blocks[:12]:
        text = block.text.strip()
        if not text and not lines:
            continue
        if not text:
            break
        lines.append(text[:600])
    opening = next(
        (fold(b.text.strip()) for b in document.blocks[len(lines) :][:12] if BASES.match(fold(b.text))), ""
    )
    return " ".join(lines) if opening and 0 < len(lines) <= 5 and not BASES.match(fold(lines[0])) else None


def _references(document: Document, catalogue: Catalogue, own: str | None) -> tuple[Reference, ...]:
    cited = find_references(document.text, catalogue)
    return tuple(reference for reference in cited if reference.symbol != own)
