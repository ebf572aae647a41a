"""What the outputs show, read once from the published mart: one round, or what stands beside all of them.

Belongs here: the queries and the plain records they fill. Does not belong: words, layout, any arithmetic that would make a
figure the mart does not have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import duckdb

from nq57_assets.outputs.records import rows
from nq57_assets.outputs.statements import Statements, load_statements

KINDS = ("xa", "phuong", "dac_khu")


@dataclass(frozen=True, slots=True)
class Build:
    """Which published state this is."""

    generation: int
    published_at: datetime
    code_version: str
    catalogue_version: str
    manifest_hash: str


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """One row of ``dim_round``."""

    round_id: str
    report: str
    report_vi: str
    title_vi: str
    period_from: date
    period_to: date
    due_on: date | None
    requested_by: str
    requested_on: date | None


@dataclass(frozen=True, slots=True)
class CommuneFacts:
    """One row of ``dim_commune``."""

    commune_code: str
    commune_type: str
    commune_type_vi: str
    name: str
    full_name: str
    former_province: str
    tile_row: int
    tile_col: int


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """One row of ``dim_indicator``."""

    indicator: str
    indicator_group: str
    group_vi: str
    position: int
    name_vi: str
    unit: str
    kind: str
    roll_up: str
    required: bool
    definition_vi: str


@dataclass(frozen=True, slots=True)
class Value:
    """One row of ``fact_value``."""

    commune_code: str
    indicator: str
    value: float | None
    low: float | None
    high: float | None
    qualifier: str | None
    state: str
    method: str | None
    in_review: int
    withheld_by: str | None
    witnesses: int | None

    @property
    def known(self) -> bool:
        """Whether there is a figure to show."""
        return self.state in ("reported", "nil")


@dataclass(frozen=True, slots=True)
class Total:
    """One row of ``city_indicator``."""

    indicator: str
    scope: str
    scope_key: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    qualifier: str | None
    exact_share: float | None
    numerator: float | None
    denominator: float | None
    reported: int
    expected: int
    nil: int
    coverage_weighted: float | None
    coverage_weight: str
    missing: int
    unusable: int
    in_review: int
    conflict: int
    withheld: int
    state: str
    reason: str | None
    witnessed: int
    witnessed_share: float | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """One row of ``city_coverage``."""

    commune_code: str
    submitted: bool
    on_time: bool | None
    received_at: datetime | None
    days_late: int | None
    state: str
    filled_required: int
    required: int
    open_findings: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How often a commune is among the highest or lowest fifth of its type over the rates of a round."""

    commune_code: str
    highest: int
    lowest: int
    rates: int


@dataclass(frozen=True)
class RoundFigures:
    """All that the workbook and the report of one round show."""

    build: Build
    round: RoundFacts
    communes: tuple[CommuneFacts, ...]
    indicators: tuple[IndicatorFacts, ...]
    values: tuple[Value, ...]
    totals: tuple[Total, ...]
    coverage: tuple[Coverage, ...]
    standings: tuple[Standing, ...]
    findings_by_rule: tuple[tuple[str, str, int, int], ...]
    earlier_round: RoundFacts | None = None
    earlier_totals: tuple[Total, ...] = ()
    statements: Statements = field(default_factory=Statements)

    @cached_property
    def earlier(self) -> dict[str, Total]:
        """City figures of the round before of the same report, by indicator."""
        return {total.indicator: total for total in self.earlier_totals}

    @cached_property
    def value(self) -> dict[tuple[str, str], Value]:
        """Values by commune and indicator."""
        return {(value.commune_code, value.indicator): value for value in self.values}

    @cached_property
    def total(self) -> dict[tuple[str, str], Total]:
        """City figures by indicator and member of a scope: ``("team_count", "city")``."""
        return {(total.indicator, total.scope_key): total for total in self.totals}

    @cached_property
    def covered(self) -> dict[str, Coverage]:
        """Who has reported, by commune."""
        return {row.commune_code: row for row in self.coverage}

    @cached_property
    def groups(self) -> dict[str, list[IndicatorFacts]]:
        """The asked indicators by group, in the order of the form."""
        groups: dict[str, list[IndicatorFacts]] = {}
        for indicator in self.indicators:
            groups.setdefault(indicator.indicator_group, []).append(indicator)
        return groups

    def of_kind(self, kind: str) -> list[CommuneFacts]:
        """Return the communes of one type, by name."""
        return [commune for commune in self.communes if commune.commune_type == kind]


def load_build(mart: duckdb.DuckDBPyConnection) -> Build:
    """Return which published state the mart holds."""
    return rows(mart, Build, "mart_build AS t")[0]


def rounds_with_figures(mart: duckdb.DuckDBPyConnection) -> list[RoundFacts]:
    """Return the rounds of the mart for which city figures stand, oldest first."""
    return rows(
        mart,
        RoundFacts,
        "dim_round AS t WHERE t.round_id IN (SELECT DISTINCT round_id FROM city_coverage) ORDER BY t.period_to, t.round_id",
    )


def load_communes(mart: duckdb.DuckDBPyConnection, round_id: str) -> list[CommuneFacts]:
    """Return the communes that owe a report for a round: xã, then phường, then đặc khu, each by name."""
    found = rows(
        mart,
        CommuneFacts,
        "dim_commune AS t SEMI JOIN city_coverage AS k ON k.commune_code = t.commune_code AND k.round_id = ?",
        [round_id],
    )
    return sorted(
        found, key=lambda c: (KINDS.index(c.commune_type), vietnamese_order(c.name), c.commune_code)
    )


def load_round(mart: duckdb.DuckDBPyConnection, round_id: str) -> RoundFigures:
    """Read everything that the workbook and the report of a round need.

    Raises:
        LookupError: The mart has no figures of this round.
    """
    rounds = rounds_with_figures(mart)
    known = [r for r in rounds if r.round_id == round_id]
    if not known:
        raise LookupError(f"the mart has no figures of {round_id}; run `nq57 run --round {round_id}` first")
    one = [round_id]
    before = [r for r in rounds if r.report == known[0].report and r.period_to < known[0].period_to]
    indicators = rows(
        mart,
        IndicatorFacts,
        "dim_indicator AS t SEMI JOIN city_indicator AS k ON k.indicator = t.indicator AND k.round_id = ? "
        'ORDER BY t."position"',
        one,
    )
    findings = mart.execute(
        "SELECT rule, severity, COUNT(*), COUNT(DISTINCT commune_code) FROM fact_finding "
        "WHERE round_id = ? AND state = 'open' GROUP BY rule, severity ORDER BY COUNT(*) DESC, rule",
        one,
    ).fetchall()
    return RoundFigures(
        build=load_build(mart),
        round=known[0],
        communes=tuple(load_communes(mart, round_id)),
        indicators=tuple(indicators),
        values=tuple(rows(mart, Value, "fact_value AS t WHERE t.round_id = ?", one)),
        totals=tuple(rows(mart, Total, "city_indicator AS t WHERE t.round_id = ?", one)),
        coverage=tuple(rows(mart, Coverage, "city_coverage AS t WHERE t.round_id = ?", one)),
        standings=tuple(_standings(mart, round_id)),
        findings_by_rule=tuple(tuple(row) for row in findings),
        statements=load_statements(mart, round_id),
        earlier_round=before[-1] if before else None,
        earlier_totals=tuple(_city_totals(mart, before[-1].round_id)) if before else (),
    )


def _city_totals(mart: duckdb.DuckDBPyConnection, round_id: str) -> list[Total]:
    return rows(mart, Total, "city_indicator AS t WHERE t.round_id = ? AND t.scope = 'city'", [round_id])


def _standings(mart: duckdb.DuckDBPyConnection, round_id: str) -> list[Standing]:
    """Count, for rates alone, how often each commune is among the highest or lowest fifth of its type.

    Counts depend on a commune's size, so that only rates compare. Equal figures share the worse place: where half of the
    communes report 100 %, nobody stands out.
    """
    found = mart.execute(
        "WITH placed AS ("
        " SELECT r.commune_code, r.ranked,"
        "  COUNT(*) OVER (PARTITION BY r.indicator, r.commune_type ORDER BY r.value DESC) AS from_top,"
        "  COUNT(*) OVER (PARTITION BY r.indicator, r.commune_type ORDER BY r.value) AS from_bottom"
        " FROM v_ranking AS r JOIN dim_indicator AS i ON i.indicator = r.indicator"
        " SEMI JOIN city_indicator AS k ON k.indicator = r.indicator AND k.round_id = r.round_id"
        " WHERE r.round_id = ? AND i.kind = 'rate' AND r.ranked >= 10)"
        "SELECT commune_code, COUNT(*) FILTER (from_top <= ranked / 5.0), COUNT(*) FILTER (from_bottom <= ranked / 5.0),"
        " COUNT(*) FROM placed GROUP BY commune_code ORDER BY commune_code",
        [round_id],
    ).fetchall()
    return [Standing(*row) for row in found]


_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
_TONES = {"̀": 1, "̉": 2, "̃": 3, "́": 4, "̣": 5}


def vietnamese_order(name: str) -> list[tuple[list[int], list[int]]]:
    """Return a key that sorts names as a Vietnamese dictionary does: letters first (a ă â … d đ), then tones."""
    return [_syllable_order(syllable) for syllable in name.lower().split()]


def _syllable_order(syllable: str) -> tuple[list[int], list[int]]:
    import unicodedata

    letters: list[int] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", syllable):
        parts = unicodedata.normalize("NFD", character)
        tone = next((_TONES[part] for part in parts if part in _TONES), 0)
        bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        letters.append(_LETTERS.find(bare) if bare in _LETTERS else 100 + ord(bare[0]))
        tones.append(tone)
    return letters, tones
