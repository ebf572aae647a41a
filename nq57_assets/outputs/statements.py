"""What communes find difficult, why, and what they ask for, read from the published mart for the outputs.

Belongs here: the queries and the plain records they fill, and which words of a commune serve as an example. Does not
belong: sentences around them (``report_said``), layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import duckdb
from rapidfuzz.fuzz import ratio

from nq57_assets.model import Address
from nq57_assets.outputs.records import rows
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.syllables import is_syllable

if TYPE_CHECKING:
    from nq57_assets.outputs.figures import CommuneFacts

_LONGEST, _SHORTEST = 200, 25
# As in ``extract.passages``: text of which fewer letters carry Vietnamese marks was spoilt by recognition.
_MARKED, _WELL_MARKED = 0.06, 0.15
_EDGES = ".,;:!?()[]\"'“”‘’…"
# Two quotations more alike than this say the same.
_ALIKE = 85.0


@dataclass(frozen=True, slots=True)
class Said:
    """One row of ``fact_statement`` that counts."""

    commune_code: str
    kind: str
    addressee: str | None
    theme: str
    themes: tuple[str, ...]
    text: str
    page: int | None
    line: int | None
    sheet: str | None
    cell: str | None
    sha256: str

    @property
    def place(self) -> str:
        """Where it stands in its file, as people say it."""
        return str(Address(self.page, self.line, self.sheet, self.cell))

    @property
    def is_legible(self) -> bool:
        """Whether its letters came through recognition well enough to be quoted in a letter."""
        spelled = [word.strip(_EDGES) for word in self.text.replace("/", " ").split()]
        letters = [c for c in self.text if c.isalpha()]
        marked = sum(fold(c) != c.lower() for c in letters)
        strange = [word for word in spelled if not _is_word(word)]
        if any(not word.isascii() or not word.isalpha() for word in strange):
            return False
        # Foreign words such as smartphone stand between well-marked ones, spoilt ones between bare letters.
        return marked >= (_WELL_MARKED if strange else _MARKED) * len(letters) and 5 * len(strange) <= len(
            spelled
        )


def _is_word(word: str) -> bool:
    """Whether a word is Vietnamese, a number, or a short form or foreign name such as CNTT, WiFi and OCOP."""
    mixed = any(map(str.isdigit, word)) and any(map(str.isalpha, word))
    short = word.isupper() or (word.isascii() and any(map(str.isupper, word[1:])))
    if not word or short:
        return True
    return not mixed and (not any(map(str.isalpha, word)) or all(map(is_syllable, word.split("-"))))


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """One row of ``v_statements_by_theme``."""

    theme: str
    theme_vi: str
    kind: str
    addressee: str | None
    communes: int
    statements: int
    reporting: int
    share: float


@dataclass(frozen=True)
class Statements:
    """All that the outputs of one round show of statements.

    Attributes:
        said: The statements that count, in the order of the mart.
        by_theme: Counts by main theme, kind and addressee.
        theme_names: Names of the themes by code, in the order of the report.
        reporting: Communes whose report counts.
        in_words: Those among them whose report has words; a form asks for figures alone.
    """

    said: tuple[Said, ...] = ()
    by_theme: tuple[ThemeCount, ...] = ()
    theme_names: dict[str, str] = field(default_factory=dict)
    reporting: frozenset[str] = frozenset()
    in_words: frozenset[str] = frozenset()

    @cached_property
    def communes(self) -> dict[str, frozenset[str]]:
        """Communes that state something of each kind."""
        kinds = ("difficulty", "cause", "recommendation")
        return {kind: frozenset(s.commune_code for s in self.said if s.kind == kind) for kind in kinds}

    def of(self, kind: str, addressee: str | None = None) -> list[Said]:
        """Return the statements of a kind, to one addressee where that is given."""
        return [s for s in self.said if s.kind == kind and addressee in (None, s.addressee)]

    def counts(self, kind: str, addressee: str | None = None) -> list[ThemeCount]:
        """Return the counts of a kind by theme, what most communes say first."""
        order = list(self.theme_names)
        found = [c for c in self.by_theme if c.kind == kind and addressee in (None, c.addressee)]
        return sorted(found, key=lambda c: (-c.communes, -c.statements, order.index(c.theme)))


def load_statements(mart: duckdb.DuckDBPyConnection, round_id: str) -> Statements:
    """Read the statements of a round."""
    one = [round_id]
    said = rows(
        mart, Said, "fact_statement AS t WHERE t.round_id = ? AND t.is_current ORDER BY t.statement_id", one
    )
    themes = mart.execute("SELECT theme, name_vi FROM dim_theme ORDER BY position").fetchall()
    received = mart.execute(
        "SELECT commune_code, document_type FROM fact_submission WHERE round_id = ? AND counts_as_report", one
    ).fetchall()
    return Statements(
        said=tuple(
            sorted(said, key=lambda s: (s.commune_code, s.sha256, s.page or 0, s.line or 0, s.cell or ""))
        ),
        by_theme=tuple(rows(mart, ThemeCount, "v_statements_by_theme AS t WHERE t.round_id = ?", one)),
        theme_names=dict(themes),
        reporting=frozenset(commune for commune, _ in received),
        in_words=frozenset(commune for commune, kind in received if kind == "report"),
    )


def examples(said: Sequence[Said], communes: Sequence[CommuneFacts], most: int = 3) -> list[tuple[str, str]]:
    """Return (words, commune) of a few legible statements that differ, each of another commune; middle length first.

    Args:
        said: Statements about one matter.
        communes: The communes of the round; their order decides among equals.
        most: How many at most.
    """
    turn = {commune.commune_code: number for number, commune in enumerate(communes)}
    names = {commune.commune_code: commune.full_name for commune in communes}

    def rank(one: Said) -> tuple[bool, int]:
        return not _SHORTEST <= len(one.text) <= _LONGEST, turn[one.commune_code]

    chosen: list[tuple[str, str]] = []
    quoted: list[str] = []
    seen: set[str] = set()
    legible = [one for one in said if one.commune_code in names and one.is_legible]
    for one in sorted(legible, key=rank):
        plain = fold(one.text)
        if one.commune_code in seen or any(ratio(plain, other) > _ALIKE for other in quoted):
            continue
        seen.add(one.commune_code)
        quoted.append(plain)
        chosen.append((shortened(one.text), names[one.commune_code]))
        if len(chosen) == most:
            break
    return chosen


def shortened(text: str) -> str:
    """Return a quotation of bearable length, cut at a word."""
    plain = " ".join(text.split()).rstrip(" .;")
    if len(plain) <= _LONGEST:
        return plain
    return plain[:_LONGEST].rsplit(" ", 1)[0] + "…"
