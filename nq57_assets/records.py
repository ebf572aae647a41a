"""The typed records of the reference data: a commune, a round, an indicator, a rule, a table shape.

Belongs here: fields, their types and meaning. Does not belong: reading files (``catalogue``), applying rules.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

CommuneType = Literal["xa", "phuong", "dac_khu"]
Kind = Literal["stock", "flow", "rate", "flag"]
RollUp = Literal["sum", "ratio", "weighted", "share"]
Report = Literal["c", "d"]
Category = Literal["file", "value", "record", "across_tables", "across_submissions", "over_time"]
RuleSeverity = Literal["critical", "error", "warning", "info"]

COMMUNE_TYPES: dict[str, str] = {"xa": "Xã", "phuong": "Phường", "dac_khu": "Đặc khu"}
REPORTS: dict[str, str] = {"c": "Tuyên truyền Nghị quyết 57-NQ/TW", "d": "Chuyển đổi số"}


class Record(BaseModel):
    """A row of reference data: unknown fields are refused, values can't be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Commune(Record):
    """A commune-level unit, keyed by its five-digit statistics code."""

    commune_code: str = Field(pattern=r"^\d{5}$")
    commune_type: CommuneType
    name: str
    full_name: str
    former_province: Literal["hai_phong", "hai_duong"]
    area_km2: float = Field(gt=0)
    longitude: float
    latitude: float
    tile_row: int
    tile_col: int
    valid_from: date
    valid_to: date | None = None


class Alias(Record):
    """Another way to write a commune's name that identifies it; ``kind`` says where the spelling comes from."""

    alias: str
    commune_code: str
    kind: Literal["spelling", "email", "short"]


class Round(Record):
    """One request for reports. ``due_on`` and the period are the requesting department's, so they are data."""

    round_id: str = Field(pattern=r"^\d{4}-[a-z0-9-]+$")
    report: Report
    title_vi: str
    title_en: str
    period_from: date
    period_to: date
    due_on: date | None = None
    requested_by: str
    requested_on: date | None = None
    form_version: str


class Citation(Record):
    """A paper that reports cite, to check a citation's date against."""

    symbol: str
    issued_on: date | None = None
    title_vi: str


class Phrase(Record):
    """One way that reports announce an indicator in plain Vietnamese.

    Attributes:
        all: Phrases that must stand near the figure, in any order (each in plain Vietnamese with diacritics).
        any: At least one of these must stand near the figure.
        units: Nouns that may follow the figure; empty takes the indicator's unit.
        without: Phrases that rule the reading out.
        section: Words of which one must stand in the headings above; empty takes any section.
        apart: Phrases that put the reading in doubt when they stand in the same part of the sentence or introduce it.
        alone: The counted noun stands alone: a verb behind it would tell of a part of the whole.
        planned: The figure counts needs or proposals, so words about the future speak for it.
        beside: Nouns of which the figure directly before must count one: ``27 tổ, 189 người``.
    """

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    alone: bool = False
    planned: bool = False
    beside: tuple[str, ...] = ()


class Indicator(Record):
    """One asked figure: meaning, unit, roll-up, bounds and the words that announce it in narrative reports."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    group: str
    order: int
    vi: str
    en: str
    unit: str
    kind: Kind
    roll_up: RollUp
    reports: tuple[Report, ...] = Field(min_length=1)
    definition_vi: str = ""
    definition_en: str = ""
    legal_basis: str = ""
    numerator: str | None = None
    denominator: str | None = None
    weight: str | None = None
    whole: bool = True
    minimum: float = 0
    maximum: float | None = None
    required: bool = True
    words: tuple[Phrase, ...] = ()

    @property
    def is_count(self) -> bool:
        """Whether the figure counts things, so that it is a whole number."""
        return self.kind in ("stock", "flow") and self.whole


class Group(Record):
    """A group of indicators in the order of the form."""

    group: str
    order: int
    vi: str
    en: str


class Rule(Record):
    """One rule of the rule book; ``message_vi`` and ``advice_vi`` take the fields of a finding in braces.

    Severity decides the effect: ``critical`` stops the run (structure), ``error`` keeps the figure or file out of the
    published tables, ``warning`` publishes with a mark, ``info`` informs. A rule that is not ``enabled`` finds nothing.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    category: Category
    severity: RuleSeverity
    title_vi: str
    title_en: str
    message_vi: str
    advice_vi: str
    enabled: bool = True
    table: str | None = None
    check: dict[str, Any] | None = None


class Theme(Record):
    """What difficulties and recommendations are about; ``strong`` words decide, ``weak`` ones help."""

    code: str = Field(pattern=r"^[a-z]+$")
    vi: str
    en: str
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


class Column(Record):
    """One column of a lake or mart table; ``values``, ``minimum`` and ``maximum`` become expectations."""

    name: str
    type: Literal["string", "int64", "double", "bool", "date", "timestamp", "list<string>"]
    vi: str
    en: str
    key: bool = False
    nullable: bool = True
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


class Table(Record):
    """The declared shape of a table: what others rely on, and the source of every column comment."""

    name: str
    vi: str
    en: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> list[str]:
        """Names of the key columns."""
        return [column.name for column in self.columns if column.key]
