"""``nq57 run``: everything from the inbox to the mart as one Dagster run, and what it came to.

Belongs here: choosing rounds, starting the run, the closing lines. Does not belong: steps (``pipeline``), wiring (``defs``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir, write_durably
from nq57_assets.model import OWN_FAULT
from nq57_assets.pipeline import open_rounds
from nq57_assets.project import Project, now, today
from nq57_assets.reviewing import recorded, unread

_LISTED = 10


def materialize_city(rounds: Sequence[str], *, settle: bool = True, force: bool = False) -> int:
    """Materialize the given rounds (every open one if none) up to the mart and print what it came to.

    Returns:
        0 when the mart is published or still current, 1 when the run failed; the last generation stays readable then.
    """
    project = Project(DataDir.from_environment(), catalogue())
    project.data.inbox.mkdir(parents=True, exist_ok=True)
    with _alone(project):
        return _materialize(project, rounds, settle=settle, force=force)


@contextmanager
def _alone(project: Project) -> Iterator[None]:
    """Wait until no other ``nq57 run`` works on this data directory; the system frees the lock of one that was killed."""
    project.data.lake.mkdir(parents=True, exist_ok=True)
    lock = FileLock(project.data.lake / ".run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(f"Another nq57 run is at work in {project.data.root}; waiting for it to end.", flush=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _materialize(project: Project, rounds: Sequence[str], *, settle: bool, force: bool) -> int:
    settle_seconds = None if settle else 0
    state = _state_of_inputs(project, settle_seconds)
    if not force and not rounds and _last_state(project) == state:
        print("Nothing changed: inbox, decisions, catalogue and code are those of the last run.")
        _print_summary(project)
        return 0
    if force:
        project.lake.forget()
    chosen = list(rounds) or open_rounds(project, today())
    if not chosen:
        print(f"No round is open and the inbox {project.data.inbox} is empty; nothing to do.")
        return 0
    os.environ["NQ57_DATA"] = str(project.data.root)
    from nq57_assets.defs.runs import run_whole_city  # Dagster takes a second to load

    faults = run_whole_city(chosen, settle_seconds)
    if faults:
        print("The run failed; the last published generation is untouched. Mend this and run again:")
        print("\n".join(f"  {fault}" for fault in faults))
        print("The whole record: make ui, then Runs.")
        return 1
    _remember_state(project, state)
    _print_summary(project)
    return 0


def _shown(path: Path) -> Path:
    """Return a path as a person would type it from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _print_summary(project: Project) -> None:
    from nq57_assets.mart.open import open_mart

    mart = _shown(project.data.mart / "nq57.duckdb")
    connection = open_mart(mart)
    try:
        generation = connection.execute("SELECT max(generation) FROM mart_build").fetchone()
        rows = connection.execute(
            "SELECT round_id, count(*), count(*) FILTER (submitted), count(*) FILTER (on_time), sum(filled_required), "
            "sum(required), (SELECT count(*) FROM v_open_findings AS o WHERE o.round_id = c.round_id) "
            "FROM city_coverage AS c GROUP BY round_id ORDER BY round_id"
        ).fetchall()
        left = connection.execute(
            "SELECT path, state, reason FROM inbox_file WHERE state <> 'received' ORDER BY path"
        ).fetchall()
        failed = connection.execute(
            "SELECT round_id, original_name, observed FROM fact_finding WHERE rule = ? ORDER BY ALL",
            [OWN_FAULT],
        ).fetchall()
    finally:
        connection.close()
    print(f"Mart generation {generation[0] if generation else '?'}: {mart}")
    for round_id, expected, submitted, on_time, filled, required, findings in rows:
        share = 100 * filled / required if required else 0
        print(
            f"  {round_id}: {submitted}/{expected} communes reported, {on_time} on time, "
            f"{share:.1f} % of required figures, {findings} open findings"
        )
    if left:
        print(f"Not taken into a round: {len(left)} files of the inbox")
    for path, state, reason in left[:_LISTED]:
        print(f"  {state}: {path} ({reason})")
    if len(left) > _LISTED:
        print(f"  … and {len(left) - _LISTED} more in the table inbox_file")
    if failed:
        print(f"Our own code or machine failed at {len(failed)} files; they are kept: tell the maintainers")
    for round_id, name, observed in failed[:_LISTED]:
        print(f"  {round_id}: {name} ({observed})")
    print("Where to look:")
    print(
        '  query      .venv/bin/nq57 sql "SELECT indicator_vi, figure_vi, unit, coverage_vi FROM v_city_total"'
    )
    print(f"             or open {mart} with any DuckDB")
    print(
        f"  read       {_shown(project.data.outputs)}: workbook and report by round, bang-dieu-khien.html, exports"
    )
    print("  who        .venv/bin/nq57 status <round>")
    print("  proof      .venv/bin/nq57 trace <round> <indicator>")
    print("  Dagster    make ui, then http://127.0.0.1:3000")


def up_to_date(project: Project) -> bool:
    """Whether the last complete run was made from today's inbox, decisions, catalogue and code."""
    return _last_state(project) == _state_of_inputs(project)


def _state_of_inputs(project: Project, settle: int | None = None) -> str:
    """Return a fingerprint of all that a run depends on: inbox, decisions, catalogue, code, and passed due dates."""
    from nq57_assets.intake.inbox import scan

    files = [
        [f.raw_path.hex(), f.size, f.mtime_ns, f.ctime_ns, f.state]
        for f in scan(project.data, project.catalogue, now(), settle)
    ]
    overdue = [r.round_id for r in project.catalogue.rounds if r.due_on is not None and today() > r.due_on]
    decided = recorded(project)
    expired = [d["decision_id"] for d in decided if d["expires_on"] is not None and today() > d["expires_on"]]
    rulings = [d["decision_id"] for d in decided]
    return project.fingerprint(files, overdue, rulings, expired, unread(project))


def _last_state(project: Project) -> str | None:
    """Return the fingerprint that the last complete run was made from, if its mart still stands."""
    kept = project.data.lake / "last-run.txt"
    published = (project.data.mart / "nq57.duckdb").exists()
    return kept.read_text(encoding="utf-8") if published and kept.exists() else None


def _remember_state(project: Project, state: str) -> None:
    """Keep the fingerprint of a complete run."""
    write_durably(project.data.lake / "last-run.txt", state.encode())
