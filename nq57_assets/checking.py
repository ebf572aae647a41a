"""Checking the lake's tables once: results are kept beside the tables, so that an unchanged table costs nothing to check.

Belongs here: when a validation is still current. Does not belong: what is expected (``quality``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nq57_assets.folders import write_durably
from nq57_assets.project import Project, other_rounds
from nq57_assets.versions import pipeline_version

if TYPE_CHECKING:
    import duckdb

    from nq57_assets.quality.validate import CheckResult, Validation

# What the content rules of a table look at beside it; those of core/resolved also at the other rounds.
_LOOKED_AT = {
    "staged/documents": ("raw/submissions",),
    "core/observations": ("raw/submissions",),
    "core/resolved": ("raw/submissions", "core/observations"),
}
_VALIDATIONS: dict[tuple[Path, str, str], tuple[str, Validation]] = {}


def validation(project: Project, table: str, round_id: str) -> Validation:
    """Check a table of a round against its expectations; a table that was checked in this process is not checked again."""
    inputs = _validation_inputs(project, table, round_id)
    known = _VALIDATIONS.get((project.data.root, table, round_id))
    if known and known[0] == inputs:
        return known[1]
    from nq57_assets.quality.frames import Context
    from nq57_assets.quality.validate import validate

    read = project.lake.frame
    context = Context(
        round_id,
        submissions=read("raw/submissions", [round_id]),
        observations=read("core/observations", [round_id]),
        resolved=read("core/resolved", [round_id]),
        others=read("core/resolved", other_rounds(project, round_id)),
        documents=read("staged/documents", [round_id]),
    )
    result = validate(table, read(table, [round_id]), project.catalogue, context)
    _VALIDATIONS[project.data.root, table, round_id] = (inputs, result)
    return result


def check_results(project: Project, table: str, round_id: str) -> list[CheckResult]:
    """Return the outcome of every check of a table, kept beside it, so that an unchanged table costs nothing to check."""
    inputs = _validation_inputs(project, table, round_id)
    place = _place(project, table, round_id)
    return _kept_results(place, inputs, lambda: validation(project, table, round_id).results)


def last_results(project: Project, table: str, round_id: str) -> list[CheckResult]:
    """Return what ``check_results`` said last, whatever has changed since; nothing if the code is another now."""
    place = _place(project, table, round_id)
    stored = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    return _as_results(stored["results"]) if stored.get("code") == pipeline_version() else []


def _place(project: Project, table: str, round_id: str) -> Path:
    return project.data.lake / "checks" / table / f"{round_id}.json"


def mart_results(project: Project, table: str, connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """Return the outcome of every check of a mart table as published, read once a generation.

    Args:
        project: Where the results are kept.
        table: Declared name, such as ``mart/fact_value``.
        connection: A connection to the published mart.
    """
    name = table.split("/")[1]
    generation = connection.execute("SELECT generation, inputs, published_at FROM mart_build").fetchall()

    def make() -> list[CheckResult]:
        from nq57_assets.quality.validate import validate

        return validate(table, connection.execute(f'SELECT * FROM "{name}"').df(), project.catalogue).results

    return _kept_results(
        project.data.lake / "checks" / "mart" / f"{name}.json", project.fingerprint(generation), make
    )


def _kept_results(kept: Path, inputs: str, make: Callable[[], list[CheckResult]]) -> list[CheckResult]:
    if kept.exists():
        stored = json.loads(kept.read_text(encoding="utf-8"))
        if stored["inputs"] == inputs:
            return _as_results(stored["results"])
    results = make()
    content = {
        "code": pipeline_version(),
        "inputs": inputs,
        "results": [asdict(result) for result in results],
    }
    write_durably(kept, json.dumps(content, ensure_ascii=False, indent=1, default=str).encode())
    return results


def _as_results(stored: list[dict[str, Any]]) -> list[CheckResult]:
    from nq57_assets.quality.validate import CheckResult

    return [CheckResult(**{**result, "samples": tuple(result["samples"])}) for result in stored]


def _validation_inputs(project: Project, table: str, round_id: str) -> str:
    others = other_rounds(project, round_id) if table == "core/resolved" else []
    return project.fingerprint(
        project.tables_hash([*_LOOKED_AT.get(table, ()), table], [round_id]),
        project.tables_hash(["core/resolved"], others),
    )
