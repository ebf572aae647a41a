"""Proves a published figure: from the city down to file, place and words, each read again from the archive.

Belongs here: collecting what a figure was made from, and checking every link of the chain. Does not belong: making
figures (``consolidate``), reading files (``intake``, ``extract``) – both are called again, and must say the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nq57_assets.catalogue import Catalogue, Indicator, catalogue
from nq57_assets.lake import DataDir
from nq57_assets.trace_words import figure_lines, link_line
from nq57_assets.versions import extractor_version

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Role = Literal["figure", "numerator", "denominator", "weight"]
_FIGURES = ("reported", "nil")
_SAME = ("value", "low", "high", "qualifier", "numerator", "denominator", "nil", "quote")


class NothingPublishedError(LookupError):
    """The mart holds no such figure; the message says what was looked for."""


@dataclass(frozen=True)
class Link:
    """One commune's value that a figure was made from, with its proof; ``flaw`` is empty when every check held."""

    role: Role
    round_id: str
    commune_code: str
    commune: str
    indicator: str
    value: float | None
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    state: str
    method: str | None
    decision_id: str | None
    observation_id: str | None
    sha256: str | None
    original_name: str | None
    document: str | None
    place: str | None
    quote: str | None
    bundle_sha256: str | None = None
    flaw: str = ""


@dataclass(frozen=True)
class Trace:
    """A published figure and everything under it.

    Attributes:
        round_id: The round.
        indicator: Code of the indicator.
        title: Its Vietnamese name.
        unit: Unit of the figure.
        generation: Generation of the mart in which the figure stands.
        figure: The row of ``city_indicator``, or None when one commune's value is traced.
        links: The values it was made from.
        flaws: What does not hold of the figure itself.
        witnesses: When one commune's value is traced: what bears it out beside the statement that was chosen.
    """

    round_id: str
    indicator: str
    title: str
    unit: str
    generation: int
    figure: Mapping[str, Any] | None
    links: tuple[Link, ...]
    flaws: tuple[str, ...]
    witnesses: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether there is something to prove and every check held."""
        return bool(self.links) and not self.flaws and not any(link.flaw for link in self.links)

    def to_dict(self) -> dict[str, Any]:
        """Return the trace as JSON-able values."""
        return {**asdict(self), "proven": self.proven}

    def render(self) -> str:
        """Return the trace as text: the figure, the checks, then one line a value."""
        lines = [f"{self.indicator} ({self.title}), round {self.round_id}, mart generation {self.generation}"]
        if self.figure:
            lines += figure_lines(self.figure)
        sound = sum(1 for link in self.links if not link.flaw)
        lines.append(f"{sound} of {len(self.links)} values proven by re-reading the archived files.")
        lines += [f"NOT PROVEN: {flaw}" for flaw in self.flaws]
        lines += [link_line(link, self.indicator) for link in self.links]
        lines += [f"    borne out by {witness}" for witness in self.witnesses]
        return "\n".join(lines)


def trace(
    data: DataDir,
    round_id: str,
    indicator: str,
    commune_code: str | None = None,
    scope: str = "city",
    scope_key: str = "city",
    reference: Catalogue | None = None,
) -> Trace:
    """Prove a figure of the published mart.

    Every value is followed to its observation; the file is read again from the archive, in a worker process and past
    every cache, and must yield the same observation at the same place. The values are then resolved and added up again,
    and must give the published figure.

    Args:
        data: The data directory.
        round_id: The round.
        indicator: Code of the indicator.
        commune_code: Prove this commune's value only.
        scope: ``city``, ``commune_type`` or ``former_province``.
        scope_key: Member of the scope, such as ``phuong``.
        reference: The catalogue; the packaged one by default.

    Raises:
        FileNotFoundError: Nothing has been published yet.
        NothingPublishedError: The mart has no row for this round, indicator and scope or commune.
    """
    from nq57_assets.mart.open import open_mart
    from nq57_assets.mart.publish import LINK
    from nq57_assets.trace_witnesses import beside

    known = reference or catalogue()
    mart = open_mart(data.mart / LINK)
    try:
        generation = int(mart.execute("SELECT generation FROM mart_build").fetchall()[0][0])
        figure = None if commune_code else _city_row(mart, round_id, indicator, scope, scope_key)
        communes = [commune_code] if commune_code else _members(known, round_id, scope, scope_key)
        links = _links(
            mart, known, round_id, known.indicator[indicator], communes, alone=commune_code is not None
        )
        values, claims = (_table(mart, name) for name in ("fact_value", "fact_observation"))
        seconded = beside(mart, known, round_id, indicator, commune_code) if commune_code else ()
    finally:
        mart.close()
    if commune_code and not links:
        raise NothingPublishedError(f"no figure of {indicator} is published for {commune_code} in {round_id}")
    checked = _check_resolution(data, _check_files(data, links, claims, known), claims, known)
    flaws = _check_total(figure, values, known) if figure else ()
    title, unit = known.indicator[indicator].vi, known.indicator[indicator].unit
    return Trace(round_id, indicator, title, unit, generation, figure, tuple(checked), tuple(flaws), seconded)


def _table(mart: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    return mart.sql(f'SELECT * FROM "{name}"').to_arrow_table()


def _city_row(
    mart: duckdb.DuckDBPyConnection, round_id: str, indicator: str, scope: str, scope_key: str
) -> dict[str, Any]:
    rows = mart.sql(
        "SELECT * FROM city_indicator WHERE round_id = ? AND indicator = ? AND scope = ? AND scope_key = ?",
        params=[round_id, indicator, scope, scope_key],
    )
    found: list[dict[str, Any]] = rows.to_arrow_table().to_pylist()
    if not found:
        raise NothingPublishedError(f"the mart has no {indicator} of {scope} {scope_key} in {round_id}")
    return found[0]


def _members(known: Catalogue, round_id: str, scope: str, scope_key: str) -> list[str]:
    expected = known.expected(round_id)
    return [c.commune_code for c in expected if scope == "city" or getattr(c, scope) == scope_key]


def _roles(indicator: Indicator) -> list[tuple[Role, str]]:
    """Return the indicators whose values make up a figure, and as what."""
    roles: list[tuple[Role, str]] = [("figure", indicator.code)]
    if indicator.roll_up == "ratio" and indicator.numerator and indicator.denominator:
        roles += [("numerator", indicator.numerator), ("denominator", indicator.denominator)]
    if indicator.roll_up == "weighted" and indicator.weight:
        roles.append(("weight", indicator.weight))
    return roles


_PROOFS = """
SELECT v.round_id, v.commune_code, c.full_name AS commune, v.indicator, v.value, v.low, v.high,
       v.numerator, v.denominator, v.state, v.method, v.decision_id, v.observation_id,
       p.sha256, p.original_name, p.document, p.place, p.quote, p.bundle_sha256
FROM fact_value AS v
JOIN dim_round AS r ON r.round_id = v.round_id
JOIN dim_commune AS c ON c.commune_code = v.commune_code
LEFT JOIN v_proof AS p
    ON p.round_id = v.round_id AND p.commune_code = v.commune_code AND p.indicator = v.indicator
WHERE v.indicator = ? AND v.state IN ('reported', 'nil') AND list_contains(?::VARCHAR[], v.commune_code)
    AND (v.round_id = ? OR (? AND COALESCE(v.value, v.high, v.low) > 0))
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY v.commune_code
    ORDER BY CASE WHEN v.round_id = ? THEN 0 ELSE 1 END, r.period_to DESC, r.round_id DESC
) = 1
ORDER BY v.commune_code
"""


def _links(
    mart: duckdb.DuckDBPyConnection,
    known: Catalogue,
    round_id: str,
    indicator: Indicator,
    communes: list[str],
    *,
    alone: bool,
) -> list[Link]:
    """Return the values under a figure; weights may come from another round, as in the consolidation."""
    links: list[Link] = []
    roles = _roles(indicator)[:1] if alone else _roles(indicator)
    for role, code in roles:
        rows = mart.sql(_PROOFS, params=[code, communes, round_id, role == "weight", round_id])
        found = [Link(role=role, **row) for row in rows.to_arrow_table().to_pylist()]
        links += found
    return links if alone else _used(links, indicator)


def _used(links: list[Link], indicator: Indicator) -> list[Link]:
    """Keep the values that enter the figure: both parts of a ratio, else its own pair; a rate that has its weight."""
    having = {
        role: {link.commune_code for link in links if link.role == role} for role, _ in _roles(indicator)
    }
    if indicator.roll_up == "weighted":
        both = having["figure"] & having["weight"]
        return [link for link in links if link.commune_code in both or link.state == "nil"]
    if indicator.roll_up != "ratio":
        return links
    both = having.get("numerator", set()) & having.get("denominator", set())
    return [
        link
        for link in links
        if (link.commune_code in both) == (link.role != "figure")
        and (link.role != "figure" or link.state == "nil" or None not in (link.numerator, link.denominator))
    ]


def _check_files(data: DataDir, links: Iterable[Link], claims: pa.Table, known: Catalogue) -> list[Link]:
    """Read every file again and look for the observation at its place."""
    from nq57_assets.intake.archive import Archive, ArchiveError
    from nq57_assets.intake.reading import read_all
    from nq57_assets.intake.yields import identified

    links = list(links)
    archive = Archive(data)
    damaged: dict[str, str] = {}
    names: dict[str, str] = {}
    for link in links:
        if link.sha256 and link.sha256 not in names:
            names[link.sha256] = link.original_name or ""
            try:
                archive.open(link.sha256, link.bundle_sha256)
            except ArchiveError as error:
                damaged[link.sha256] = str(error)
    with tempfile.TemporaryDirectory(prefix="nq57-trace-") as folder:
        # A folder of its own has no cached readings: what is compared was read from the bytes just now.
        sound = [(sha256, name) for sha256, name in names.items() if sha256 not in damaged]
        readings = read_all(DataDir(Path(folder)), archive, sound, known)
    seen = {
        observation_id: (observation, reading.extractor_version)
        for round_id in {link.round_id for link in links}
        for sha256, reading in readings.items()
        for observation_id, observation in identified(round_id, sha256, reading)
    }
    ids = {link.observation_id for link in links}
    published = {row["observation_id"]: row for row in claims.to_pylist() if row["observation_id"] in ids}
    return [replace(link, flaw=_file_flaw(link, damaged, seen, published)) for link in links]


def _file_flaw(
    link: Link,
    damaged: Mapping[str, str],
    seen: Mapping[str, Any],
    published: Mapping[str, Mapping[str, Any]],
) -> str:
    """Return why the observation of a value is not proven, or nothing."""
    if link.observation_id is None:
        return "" if link.method == "decision" else "the value names no observation"
    if link.sha256 is not None and link.sha256 in damaged:
        return damaged[link.sha256]
    then = published[link.observation_id]
    now, version = seen.get(link.observation_id, (None, extractor_version()))
    by = (
        ""
        if version == then["extractor_version"]
        else f" (then by {then['extractor_version']}, now by {version})"
    )
    if now is None:
        return f"reading the file again does not yield this figure at {link.place}{by}"
    changed = [
        f"{name} ({getattr(now, name)!r} instead of {then[name]!r})"
        for name in _SAME
        if getattr(now, name) != then[name]
    ]
    return f"reading the file again gives another {', '.join(changed)}{by}" if changed else ""


def _check_resolution(data: DataDir, links: Iterable[Link], claims: pa.Table, known: Catalogue) -> list[Link]:
    """Resolve the observations and decisions again and compare with the published values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from nq57_assets.consolidate.resolve import resolve
    from nq57_assets.intake.ledger import Ledger
    from nq57_assets.project import today
    from nq57_assets.review.force import IN_FORCE, judged

    links = list(links)
    again: dict[tuple[str, str, str], dict[str, Any]] = {}
    decisions: dict[str, list[dict[str, Any]]] = {link.round_id: [] for link in links}
    if (data.archive / "ledger.sqlite").exists():
        with Ledger(data) as ledger:
            decisions = {round_id: [asdict(d) for d in ledger.decisions(round_id)] for round_id in decisions}
    concerned = claims.filter(
        pc.is_in(claims["indicator"], pa.array({link.indicator for link in links}, pa.string()))
    )
    for round_id, recorded in decisions.items():
        claimed = claims.filter(pc.equal(claims["round_id"], round_id)).to_pylist() if recorded else []
        rulings = [ruling for ruling in judged(recorded, claimed, today()) if ruling["state"] == IN_FORCE]
        for row in resolve(round_id, concerned, rulings, known).to_pylist():
            again[round_id, row["commune_code"], row["indicator"]] = row
    return [link if link.flaw else replace(link, flaw=_resolution_flaw(link, again)) for link in links]


def _resolution_flaw(link: Link, again: Mapping[tuple[str, str, str], Mapping[str, Any]]) -> str:
    row = again.get((link.round_id, link.commune_code, link.indicator))
    if row is None or row["state"] not in _FIGURES:
        return "its observations and decisions give no figure"
    for name in ("value", "low", "high", "observation_id", "decision_id"):
        if row[name] != getattr(link, name):
            return (
                f"its observations and decisions give {name} {row[name]!r} instead of {getattr(link, name)!r}"
            )
    return ""


def _check_total(figure: Mapping[str, Any], values: pa.Table, known: Catalogue) -> Iterable[str]:
    """Add the published values up again and compare with the published figure."""
    from nq57_assets.consolidate.city import city_indicators

    rows = city_indicators(figure["round_id"], values, values, known).to_pylist()
    key = ("indicator", "scope", "scope_key")
    again = next(row for row in rows if all(row[name] == figure[name] for name in key))
    differ = [name for name, value in again.items() if not _equal(value, figure[name])]
    return [
        f"adding the values up again gives {name} {again[name]!r} instead of {figure[name]!r}"
        for name in differ
    ]


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-6 * max(1.0, abs(one))
    return bool(one == other)
