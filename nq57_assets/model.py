"""The nouns that pass between the steps: document, observation, finding, reading.

Belongs here: frozen records without behaviour beyond their own consistency. Does not belong: parsing, I/O, rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

DocumentType = Literal[
    "report", "plan", "official_letter", "decision", "directive", "notice", "form", "unknown"
]
Qualifier = Literal["exact", "approx", "over", "under", "range"]
Method = Literal["form", "table", "narrative"]
ObservationStatus = Literal["accepted", "review", "rejected"]
StatementKind = Literal["difficulty", "cause", "recommendation"]
Addressee = Literal["city", "department", "central", "other"]

OWN_FAULT = "file_reading_failed"
"""The rule for what our own code or machine fails at: not the sender's fault, and never the last word on a file."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place that a person can find in a submitted file; pages and lines count from 1."""

    page: int | None = None
    line: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        """Return e.g. ``dòng 12``, ``trang 2, dòng 7`` or ``Biểu!D14`` (Vietnamese, as findings print it)."""
        if self.cell:
            return f"{self.sheet}!{self.cell}" if self.sheet else self.cell
        if self.sheet:
            return self.sheet
        parts = [f"trang {self.page}" if self.page else "", f"dòng {self.line}" if self.line else ""]
        return ", ".join(part for part in parts if part)


CellValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Block:
    """One line of text or one cell. ``value`` is the typed value of a cell, ``text`` what a person sees.

    A line that is the row of a table, its cells parted by pipes and single blanks, tells in ``cells`` at which offset
    of the text each cell begins and its address. ``confidence`` is 1 where the file itself holds the characters; below
    1 a recogniser is that sure of the line's digits.
    """

    text: str
    address: Address
    value: CellValue = None
    cells: tuple[tuple[int, Address], ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class FormStamp:
    """What the hidden sheet of a form workbook says of itself; every part may be missing or wrong."""

    form_version: str | None
    round_id: str | None
    commune_code: str | None


@dataclass(frozen=True, slots=True)
class FormCell:
    """The answer to one indicator in a form: found by the indicator's code, not by position."""

    indicator: str
    value: CellValue
    nil: bool
    note: str
    address: Address
    unit: str | None = None
    denominator: CellValue = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at one place. ``rule`` is a code of ``reference/rules.yaml``; words are made from it there."""

    rule: str
    address: Address = field(default_factory=Address)
    indicator: str | None = None
    observed: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class FiledFinding:
    """A finding with the submission it concerns; ``sha256`` is None where no file is (a report that is missing)."""

    finding: Finding
    round_id: str
    commune_code: str | None = None
    sha256: str | None = None
    original_name: str | None = None
    observation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as far as the file shows it; in plain text it is a claim that anyone can type.

    ``email`` is for the identity vote alone: a header never carries it.
    """

    signer: str
    signed_at: str | None = None
    location: str | None = None
    status: Literal["verified", "indeterminate", "invalid", "unsigned", "claimed_text"] = "claimed_text"
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SheetShape:
    """What a worksheet shows beside its cells; rows and columns count from 1.

    Attributes:
        name: As the workbook shows it.
        hidden: The whole sheet is hidden.
        merged: (top, left, bottom, right) of merged cells.
        hidden_rows: Rows that are hidden or filtered away.
        hidden_columns: Columns that are hidden.
    """

    name: str
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader made of the bytes: blocks in reading order, each with its address."""

    media_type: str
    reader: str
    reader_version: str
    blocks: tuple[Block, ...]
    encoding: str | None = None
    form: FormStamp | None = None
    form_cells: tuple[FormCell, ...] = ()
    findings: tuple[Finding, ...] = ()
    signatures: tuple[Signature, ...] = ()
    sheets: tuple[SheetShape, ...] = ()

    @property
    def text(self) -> str:
        """All blocks as one text, a line a block."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited paper: ``192/KH-UBND`` of 2025-08-08."""

    symbol: str
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the outline: ``mark`` as written after repair (``II``, ``2.1``), level from 1, its line."""

    mark: str
    level: int
    title: str
    address: Address


@dataclass(frozen=True, slots=True)
class Header:
    """The parts of Decree 30/2020/NĐ-CP that name a document; unknown is None, never a guess."""

    document_type: DocumentType = "unknown"
    number: str | None = None
    symbol: str | None = None
    issued_on: date | None = None
    issued_year: int | None = None
    issued_month: int | None = None
    issuer: str | None = None
    subject: str | None = None
    is_draft: bool = False
    references: tuple[Reference, ...] = ()
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityVote:
    """One voice on which commune sent the file: ``source`` is letterhead, place_line, signature, form or inbox_name."""

    source: str
    commune_code: str
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The commune that the votes agree on, or None with the reason in ``method``; ``margin`` is 0 to 1."""

    commune_code: str | None
    method: str
    margin: float
    votes: tuple[IdentityVote, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """One claimed figure with its proof.

    Attributes:
        indicator: Code of the catalogue.
        value: The figure when it is one number (also for ``approx``, ``over``, ``under``); None for a range.
        low: Smallest figure that the words allow; None is open below.
        high: Largest figure that the words allow; None is open above.
        qualifier: How the words bound the figure.
        unit: Unit of the catalogue (percent for rates, 1/0 for flags).
        address: Where it stands.
        quote: The words it was read from, phone numbers and e-mails masked.
        method: form, table or narrative.
        confidence: 0 to 1; calibrated for narratives, 1.0 for a form cell.
        status: accepted into values, waiting for review, or rejected.
        numerator: Part of an ``a/b`` figure.
        denominator: Whole of an ``a/b`` figure.
        nil: The sender says that there is nothing to report ("không phát sinh"), with value 0.
        detail: Words that a figure can't hold, such as a plan's own number ``36/KH-UBND@2025-08-18``.
        why: What was matched (words, noun, qualifier, section), for a reviewer.
    """

    indicator: str
    value: float | None
    low: float | None
    high: float | None
    qualifier: Qualifier
    unit: str
    address: Address
    quote: str
    method: Method
    confidence: float
    status: ObservationStatus
    numerator: float | None = None
    denominator: float | None = None
    nil: bool = False
    detail: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a commune finds difficult, why, or asks for, in its own words.

    Attributes:
        kind: difficulty, cause or recommendation.
        addressee: Whom a recommendation asks; ``other`` when it names nobody or somebody else. None for the other kinds.
        themes: Codes of ``reference/statements.yaml``, one to three, the main one first.
        text: The whole statement, wrapped lines joined, phone numbers and e-mails masked.
        address: Where it begins.
        section: Title of the section, or words that introduce it; None where the sentence stands by itself.
    """

    kind: StatementKind
    addressee: Addressee | None
    themes: tuple[str, ...]
    text: str
    address: Address
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one file yields without knowing its round: the result that is cached by hash and version."""

    media_type: str
    reader: str
    reader_version: str
    extractor_version: str
    encoding: str | None
    header: Header
    form: FormStamp | None
    identity_votes: tuple[IdentityVote, ...]
    outline: tuple[Section, ...]
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
    statements: tuple[Statement, ...] = ()
