"""The review of a round over a data directory: reading the workbook, judging decisions, laying out the next workbook.

Belongs here: which tables the review reads. Does not belong: what it does with them (``review``), steps (``pipeline``).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nq57_assets.mart.publish import current
from nq57_assets.model import FiledFinding
from nq57_assets.project import Project, now, other_rounds, today
from nq57_assets.review import desk
from nq57_assets.review.force import IN_FORCE, fallen, judged
from nq57_assets.review.judge import standing
from nq57_assets.review.rows import Tables, review_rows


def recorded(project: Project, round_id: str | None = None) -> list[dict[str, Any]]:
    """Return the decisions on a round, or all, as the ledger has them, oldest first."""
    from nq57_assets.intake.ledger import Ledger

    if not (project.data.archive / "ledger.sqlite").exists():
        return []
    with Ledger(project.data) as ledger:
        return [asdict(decision) for decision in ledger.decisions(round_id)]


def judged_decisions(project: Project, round_id: str) -> list[dict[str, Any]]:
    """Return the decisions on a round with their state: in force, lapsed, expired or replaced."""
    decisions = recorded(project, round_id)
    if not decisions:
        return []
    columns = ["observation_id", "commune_code", "indicator", "sha256", "status"]
    claims = project.lake.arrow("core/observations", [round_id]).select(columns).to_pylist()
    return judged(decisions, claims, today())


def read_workbook(project: Project, round_id: str) -> desk.TakenIn | None:
    """Take in the saved review workbook of a round, if there is one that has not been read."""
    if desk.pending(project.data, round_id) is None:
        return None
    received, claims = (
        project.lake.arrow(table, [round_id]).to_pylist()
        for table in ("raw/submissions", "core/observations")
    )
    situation = standing(received, claims, recorded(project, round_id), today(), project.catalogue)
    return desk.take_in(project.data, round_id, situation, now())


def unread(project: Project) -> list[str]:
    """Return what the review adds to the inputs of a run: saved workbooks that have not been read."""
    hashes = (desk.pending(project.data, round_id) for round_id in project.catalogue.round)
    return [sha256 for sha256 in hashes if sha256]


def review_findings(project: Project, round_id: str) -> list[FiledFinding]:
    """Return what the review itself finds: decisions that fell away, rows of the workbook that could not be applied."""
    return [
        *fallen(judged_decisions(project, round_id), round_id),
        *desk.refused_rows(project.data, round_id),
    ]


def lay_out_workbook(project: Project, round_id: str) -> desk.Issued:
    """Write the review workbook of a round from its tables."""
    lake = project.lake
    names = ("raw/submissions", "core/observations", "core/resolved", "core/findings", "core/values")
    received, claims, candidates, broken, values = (
        lake.arrow(name, [round_id]).to_pylist() for name in names
    )
    others = lake.arrow("core/values", other_rounds(project, round_id)).to_pylist()
    tables = Tables(round_id, received, claims, candidates, broken, values, others)
    decided = [
        decision["observation_id"]
        for decision in judged_decisions(project, round_id)
        if decision["state"] == IN_FORCE and decision["kind"] != "waive" and decision["observation_id"]
    ]
    published = current(project.data)
    return desk.lay_out(
        project.data,
        round_id,
        review_rows(tables, decided, project.catalogue),
        {row["sha256"]: row["original_name"] for row in received},
        published.generation if published else 0,
        now(),
        project.catalogue,
    )
