"""The way of the data, step by step, without an orchestrator: each step reads tables, calls one function, writes a table.

Belongs here: which tables a step reads and writes, and when its result is still current. Does not belong: what the steps
compute (the packages), or how they are scheduled (``defs``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nq57_assets.lake import EVERY_ROUND
from nq57_assets.project import Project, now, other_rounds, today

if TYPE_CHECKING:
    from nq57_assets.intake.register import Registered
    from nq57_assets.mart.publish import Published
    from nq57_assets.model import FiledFinding
    from nq57_assets.review.desk import Issued, TakenIn

FRESH_WITHIN = timedelta(hours=2)
PUBLISHED_TABLES = (
    "raw/inbox",
    "raw/submissions",
    "core/observations",
    "core/statements",
    "core/changes",
    "core/decisions",
    "core/findings",
    "core/values",
    "city/indicators",
    "city/coverage",
)


@dataclass(frozen=True)
class Built:
    """What a step did: the number of rows its table holds now, and whether it had to be made anew."""

    table: str
    round_id: str
    rows: int
    changed: bool


@dataclass(frozen=True)
class Intake:
    """What one look at the inbox came to.

    Attributes:
        listing: Rows of ``raw/inbox``.
        new: Receipts acknowledged now, those of members of bundles among them.
    """

    listing: list[dict[str, Any]]
    new: int

    @property
    def by_state(self) -> dict[str, int]:
        """Number of files by state."""
        return dict(Counter(row["state"] for row in self.listing))

    @property
    def not_taken(self) -> list[tuple[str, str, str]]:
        """Path, state and reason of every file that was not taken."""
        return [(r["path"], r["state"], r["reason"]) for r in self.listing if r["state"] != "received"]


def receive(project: Project, settle: int | None = None) -> Intake:
    """Archive every settled file of the inbox and list what lies there, taken or not.

    Args:
        project: Where.
        settle: Seconds that a file must have been left alone; None takes the setting.
    """
    from nq57_assets.intake.inbox import scan
    from nq57_assets.intake.register import inbox_rows
    from nq57_assets.intake.unpack import open_bundles

    moment = now()
    files = scan(project.data, project.catalogue, moment, settle)
    received = project.archive.receive(files, moment)
    members = open_bundles(project.archive, project.catalogue, moment)
    delayed = {skipped.file: skipped.reason for skipped in received.skipped}
    seen = [replace(f, state="waiting", reason=delayed[f]) if f in delayed else f for f in files]
    listing = inbox_rows(seen, project.catalogue)
    project.lake.write("raw/inbox", EVERY_ROUND, listing)
    return Intake(listing, len(received.receipts) + len(members))


def _registered(project: Project, round_id: str) -> Registered:
    """Judge the receipts of a round: which commune, which version, what is wrong. Pure over the archive and its cache.

    Three tables and the findings are made of it, so the last one is kept in memory for the steps of one run.
    """
    from nq57_assets.intake.reading import read_all
    from nq57_assets.intake.register import register

    key = (project.data.root, round_id)
    state = project.fingerprint(_receipts_state(project, round_id))
    if key in _REGISTERED and _REGISTERED[key][0] == state:
        return _REGISTERED[key][1]
    receipts = project.archive.receipts(round_id)
    items = [(receipt.sha256, receipt.original_name) for receipt in receipts]
    readings = read_all(project.data, project.archive, items, project.catalogue)
    registered = register(round_id, receipts, readings, project.catalogue, today())
    _REGISTERED[key] = (state, registered)
    return registered


_REGISTERED: dict[tuple[Path, str], tuple[str, Registered]] = {}


def _receipts_state(project: Project, round_id: str) -> list[Any]:
    """Return what the register of a round depends on: its receipts, and whether its due date has passed."""
    return [[r.receipt_id for r in project.archive.receipts(round_id)], _is_overdue(project, round_id)]


def _is_overdue(project: Project, round_id: str) -> bool:
    """Return all that a result depends on of the day: a table must not be made anew each morning."""
    due = project.catalogue.round[round_id].due_on
    return due is not None and today() > due


def submissions(project: Project, round_id: str) -> Built:
    """Make ``raw/submissions``: identify, version and judge every receipt of a round."""
    inputs = project.fingerprint(_receipts_state(project, round_id))
    return _built(project, "raw/submissions", round_id, inputs, lambda: _registered(project, round_id).rows)


def documents(project: Project, round_id: str) -> Built:
    """Make ``staged/documents``: the header and outline of every file of a round."""
    inputs = project.fingerprint(project.tables_hash(["raw/submissions"], [round_id]))
    return _built(
        project, "staged/documents", round_id, inputs, lambda: _registered(project, round_id).documents
    )


def observations(project: Project, round_id: str) -> Built:
    """Make ``core/observations``: every claimed figure of the current versions, with its place and quote."""
    inputs = project.fingerprint(project.tables_hash(["raw/submissions"], [round_id]))
    return _built(
        project, "core/observations", round_id, inputs, lambda: _registered(project, round_id).observations
    )


def statements(project: Project, round_id: str) -> Built:
    """Make ``core/statements``: the difficulties, causes and recommendations of every version, in their words."""
    inputs = project.fingerprint(project.tables_hash(["raw/submissions"], [round_id]))
    return _built(
        project, "core/statements", round_id, inputs, lambda: _registered(project, round_id).statements
    )


def changes(project: Project, round_id: str) -> Built:
    """Make ``core/changes``: what each version that a commune sent again changed, figure by figure."""
    inputs = project.fingerprint(project.tables_hash(["raw/submissions"], [round_id]))
    return _built(project, "core/changes", round_id, inputs, lambda: _registered(project, round_id).changes)


def read_review(project: Project, round_id: str) -> TakenIn | None:
    """Take the saved review workbook of a round into the ledger, if there is one that has not been read."""
    from nq57_assets.reviewing import read_workbook

    return read_workbook(project, round_id)


def rulings(project: Project, round_id: str) -> Built:
    """Make ``core/decisions``: read the saved review workbook into the ledger, then judge every decision of the round."""
    from nq57_assets.review.force import decision_rows
    from nq57_assets.reviewing import judged_decisions

    read_review(project, round_id)
    rows = decision_rows(judged_decisions(project, round_id), project.catalogue)
    return _built(project, "core/decisions", round_id, project.fingerprint(rows), lambda: rows)


def resolved(project: Project, round_id: str) -> Built:
    """Make ``core/resolved``: the candidate that stands for each commune and indicator, before the rules."""
    from nq57_assets.consolidate.resolve import resolve

    standing = decisions(project, round_id)
    inputs = project.fingerprint(standing, project.tables_hash(["core/observations"], [round_id]))

    def make() -> Any:
        claims = project.lake.arrow("core/observations", [round_id])
        return resolve(round_id, claims, standing, project.catalogue)

    return _built(project, "core/resolved", round_id, inputs, make)


def findings(project: Project, round_id: str) -> Built:
    """Make ``core/findings``: what intake, readers, the expectations and the review found, in words for the commune."""
    from nq57_assets.returned import answered, told
    from nq57_assets.reviewing import judged_decisions, review_findings

    tables = ["raw/submissions", "core/observations", "core/resolved"]
    checked_tables = [*tables, "staged/documents"]
    judged = judged_decisions(project, round_id)
    reviewed = review_findings(project, round_id)
    lists = told(project.data, round_id)
    answers = answered(lists, project.lake.arrow("raw/submissions", [round_id]).to_pylist()) if lists else []
    inputs = project.fingerprint(
        judged,
        [one.return_id for one, _ in answers],
        [asdict(finding) for finding in reviewed],
        _receipts_state(project, round_id),
        project.tables_hash(checked_tables, [round_id]),
        project.tables_hash(["core/resolved"], other_rounds(project, round_id)),
    )

    def make() -> Any:
        from nq57_assets.checking import validation
        from nq57_assets.quality.findings import build_findings, with_mended
        from nq57_assets.review.force import IN_FORCE, changed_waivers

        filed = [*_registered(project, round_id).findings, *reviewed]
        received, claims, candidates = (project.lake.frame(table, [round_id]) for table in tables)
        others = project.lake.frame("core/resolved", other_rounds(project, round_id))
        checked = [validation(project, table, round_id) for table in checked_tables]
        standing = [ruling for ruling in judged if ruling["state"] == IN_FORCE]

        def build(given: Sequence[FiledFinding]) -> Any:
            return build_findings(
                round_id, given, received, claims, candidates, others, project.catalogue, standing, checked
            )

        found = build(filed)
        changed = changed_waivers(judged, found.to_dict("records"), round_id) if judged else []
        found = build([*filed, *changed]) if changed else found
        return with_mended(found, lists, received, project.catalogue) if answers else found

    return _built(project, "core/findings", round_id, inputs, make)


def values(project: Project, round_id: str) -> Built:
    """Make ``core/values``: the candidates, without those that an open finding withholds, with their witnesses."""
    from nq57_assets.consolidate.values import finalize_values
    from nq57_assets.consolidate.witnesses import Said, sister_rounds

    tables = ["core/resolved", "core/findings", "core/observations", "core/decisions"]
    sisters = sister_rounds(round_id, project.catalogue)
    inputs = project.fingerprint(
        project.tables_hash(tables, [round_id]), project.tables_hash(["core/resolved"], sisters)
    )

    def make() -> Any:
        candidates, broken, claims, rulings = (project.lake.arrow(table, [round_id]) for table in tables)
        said = Said(claims, rulings, project.lake.arrow("core/resolved", sisters))
        return finalize_values(round_id, candidates, broken, project.catalogue, said)

    return _built(project, "core/values", round_id, inputs, make)


def city_indicators(project: Project, round_id: str) -> Built:
    """Make ``city/indicators``: the communes' values added up, with coverage beside every figure."""
    from nq57_assets.consolidate.city import city_indicators as add_up

    others = other_rounds(project, round_id)
    inputs = project.fingerprint(project.tables_hash(["core/values"], [round_id, *others]))

    def make() -> Any:
        own, other = (project.lake.arrow("core/values", rounds) for rounds in ([round_id], others))
        return add_up(round_id, own, other, project.catalogue)

    return _built(project, "city/indicators", round_id, inputs, make)


def city_coverage(project: Project, round_id: str) -> Built:
    """Make ``city/coverage``: whether, when and how completely each commune has reported."""
    from nq57_assets.consolidate.city import city_coverage as cover

    tables = ["raw/submissions", "core/values", "core/findings"]
    inputs = project.fingerprint(_is_overdue(project, round_id), project.tables_hash(tables, [round_id]))

    def make() -> Any:
        received, figures, broken = (project.lake.arrow(table, [round_id]) for table in tables)
        return cover(round_id, received, figures, broken, project.catalogue, today())

    return _built(project, "city/coverage", round_id, inputs, make)


def review_workbook(project: Project, round_id: str) -> Issued:
    """Lay out ``review/<round>.xlsx``: what people must rule on, from the tables as they are."""
    from nq57_assets.reviewing import lay_out_workbook

    return lay_out_workbook(project, round_id)


def publish(project: Project) -> Published:
    """Publish a generation of the mart from every round of the lake, unless the current one is made of the same."""
    from nq57_assets.mart.publish import publish as swap

    return swap(project.data, project.lake, project.archive.manifest_hash())


ROUND_STEPS: tuple[Callable[[Project, str], Built], ...] = (
    submissions,
    documents,
    observations,
    statements,
    changes,
    rulings,
    resolved,
    findings,
    values,
    city_indicators,
    city_coverage,
)


def run_all(project: Project, rounds: Sequence[str] | None = None, settle: int | None = None) -> Published:
    """Run every step without an orchestrator, step by step over all rounds, as a Dagster run does.

    Args:
        project: Where.
        rounds: Rounds; every open one if None.
        settle: As for ``receive``.
    """
    receive(project, settle)
    chosen = list(rounds) if rounds is not None else open_rounds(project, today())
    for step in ROUND_STEPS:
        for round_id in chosen:
            step(project, round_id)
    published = publish(project)
    for round_id in chosen:
        review_workbook(project, round_id)
    return published


def _built(project: Project, table: str, round_id: str, inputs: str, make: Callable[[], Any]) -> Built:
    """Make a table's rows of a round, unless those that are there were made from the same inputs."""
    if project.lake.is_current(table, round_id, inputs):
        return Built(table, round_id, project.lake.row_count(table, round_id), changed=False)
    return Built(table, round_id, project.lake.write(table, round_id, make(), inputs), changed=True)


def decisions(project: Project, round_id: str) -> list[dict[str, Any]]:
    """Return the rulings on a round that hold, oldest first."""
    from nq57_assets.review.force import IN_FORCE
    from nq57_assets.reviewing import judged_decisions

    return [ruling for ruling in judged_decisions(project, round_id) if ruling["state"] == IN_FORCE]


def open_rounds(project: Project, day: date) -> list[str]:
    """Return the rounds that have been requested by ``day`` or have a receipt, in the order of the catalogue."""
    received = {receipt.round_id for receipt in project.archive.receipts()}
    inbox = project.data.inbox
    return [
        round_.round_id
        for round_ in project.catalogue.rounds
        if round_.round_id in received
        or (inbox / round_.round_id).is_dir()
        or (round_.requested_on is not None and round_.requested_on <= day)
    ]
