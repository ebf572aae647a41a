"""Checking the lake's tables once: results are kept beside the tables, so that an unchanged table costs nothing to check.

Belongs here: when a validation is still current. Does not belong: what is expected (``quality``).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from nq57_assets.folders import write_durably
from nq57_assets.pipeline import Project, other_rounds

if TYPE_CHECKING:
    from nq57_assets.quality.validate import CheckResult, Validation

_CONTENT_CHECKED = ("raw/submissions", "core/observations", "core/resolved")
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
    )
    result = validate(table, read(table, [round_id]), project.catalogue, context)
    _VALIDATIONS[project.data.root, table, round_id] = (inputs, result)
    return result


def check_results(project: Project, table: str, round_id: str) -> list[CheckResult]:
    """Return the outcome of every check of a table, kept beside it, so that an unchanged table costs nothing to check."""
    from nq57_assets.quality.validate import CheckResult

    inputs = _validation_inputs(project, table, round_id)
    kept = project.data.lake / "checks" / table / f"{round_id}.json"
    if kept.exists():
        stored = json.loads(kept.read_text(encoding="utf-8"))
        if stored["inputs"] == inputs:
            return [CheckResult(**{**r, "samples": tuple(r["samples"])}) for r in stored["results"]]
    results = validation(project, table, round_id).results
    content = {"inputs": inputs, "results": [asdict(result) for result in results]}
    write_durably(kept, json.dumps(content, ensure_ascii=False, indent=1, default=str).encode())
    return results


def _validation_inputs(project: Project, table: str, round_id: str) -> str:
    looked_at = ["raw/submissions", "core/observations", "core/resolved"] if table in _CONTENT_CHECKED else []
    others = other_rounds(project, round_id) if looked_at else []
    return project.fingerprint(
        project.tables_hash([*looked_at, table], [round_id]), project.tables_hash(["core/resolved"], others)
    )
