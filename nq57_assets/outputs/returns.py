"""What goes back to the communes of a round: for each a list of what to mend, its own form with notes, and a letter.

Belongs here: which commune gets what, and the list of communes to remind. Does not belong: layout (``return_sheet``,
``return_letter``), findings (``quality``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import write_durably
from nq57_assets.outputs.return_items import Item, Return
from nq57_assets.project import Project, today

_SENT = ("error", "warning")
_NOTED = "bieu-mau-co-ghi-chu"
_LETTER = "cong-van"
REMINDERS = "danh-sach-nhac.xlsx"


@dataclass(frozen=True)
class Written:
    """What was written: files by commune code, and the list of reminders."""

    folder: Path
    files: Mapping[str, tuple[Path, ...]]
    reminders: Path
    unmarked: tuple[str, ...]


def returns_of(project: Project, round_id: str, day: date) -> list[Return]:
    """Return what each commune with open findings must be told, in the order of codes.

    Args:
        project: Where.
        round_id: The round.
        day: The date of the letters.
    """
    known = project.catalogue
    internal = set(known.settings["internal_rules"])
    findings = project.lake.arrow("core/findings", [round_id]).to_pylist()
    claims = {
        row["observation_id"]: row for row in project.lake.arrow("core/observations", [round_id]).to_pylist()
    }
    told: dict[str, list[Item]] = defaultdict(list)
    for finding in findings:
        sent = finding["state"] == "open" and finding["severity"] in _SENT and finding["rule"] not in internal
        if sent and finding["commune_code"] in known.commune:
            told[finding["commune_code"]].append(_item(finding, claims, known))
    coverage = {
        row["commune_code"]: row for row in project.lake.arrow("city/coverage", [round_id]).to_pylist()
    }
    round_ = known.round[round_id]
    answer_by = day + timedelta(days=int(known.settings["return_days"]))
    returns = []
    for code in sorted(told):
        reported = bool(coverage.get(code, {}).get("submitted"))
        overdue = round_.due_on is not None and not reported and day > round_.due_on
        days_late = (day - round_.due_on).days if overdue and round_.due_on else None
        items = sorted(
            told[code], key=lambda item: (not item.must, item.original_name, item.place, item.message)
        )
        returns.append(Return(round_, known.commune[code], reported, days_late, tuple(items), answer_by))
    return returns


def _item(finding: Mapping[str, Any], claims: Mapping[str, Mapping[str, Any]], known: Catalogue) -> Item:
    seen = claims.get(finding["observation_id"] or "", {})
    indicator = known.indicator.get(finding["indicator"] or "")
    sheet, _, cell = (finding["address"] or "").rpartition("!")
    return Item(
        finding_id=finding["finding_id"],
        must=finding["severity"] == "error",
        indicator_vi=indicator.vi if indicator else "",
        original_name=finding["original_name"] or "",
        sha256=finding["sha256"],
        sheet=seen.get("sheet") or sheet or None,
        cell=seen.get("cell") or (cell if sheet else None),
        place=finding["address"] or "",
        quote=seen.get("quote") or "",
        observed=finding["observed"] or "",
        expected=finding["expected"] or "",
        message=finding["message_vi"],
        advice=finding["advice_vi"],
    )


def write_returns(project: Project, round_id: str, day: date | None = None) -> Written:
    """Write ``outputs/returns/<round>/``: files for each commune with open findings, and the list of reminders.

    For each: ``<code>.xlsx`` with what to mend, the letter, and its own workbooks with notes at the cells. Files of a
    commune that has nothing open any more are removed, so that the folder holds what is to be sent.
    """
    from nq57_assets.outputs.return_letter import letter_bytes
    from nq57_assets.outputs.return_sheet import noted_copy, reminder_bytes, sheet_bytes

    day = day or today()
    folder = project.data.outputs / "returns" / round_id
    returns = returns_of(project, round_id, day)
    files: dict[str, tuple[Path, ...]] = {}
    unmarked: list[str] = []
    for one in returns:
        code = one.commune.commune_code
        written = {
            folder / f"{code}.xlsx": sheet_bytes(one),
            folder / f"{code}-{_LETTER}.docx": letter_bytes(one, project.catalogue, day),
        }
        for number, (sha256, name) in enumerate(_forms(one), 1):
            noted = noted_copy(project.archive.open(sha256), [i for i in one.items if i.sha256 == sha256])
            if noted is None:
                unmarked.append(f"{code} {name}")
            else:
                written[folder / f"{code}-{_NOTED}-{number}.xlsx"] = noted
        for path, content in written.items():
            write_durably(path, content)
        files[code] = tuple(written)
    current = {path for paths in files.values() for path in paths}
    for path in set(folder.glob("[0-9]*.*")) - current:
        path.unlink()
    write_durably(
        folder / REMINDERS, reminder_bytes(reminders(returns), project.catalogue.round[round_id], day)
    )
    return Written(folder, files, folder / REMINDERS, tuple(unmarked))


def reminders(returns: Sequence[Return]) -> list[Return]:
    """Return the communes without a report after the due date, the latest first."""
    late = [one for one in returns if one.days_late is not None]
    return sorted(late, key=lambda one: (-(one.days_late or 0), one.commune.commune_code))


def _forms(one: Return) -> list[tuple[str, str]]:
    """Return hash and name of the commune's workbooks in which a cell is to be mended."""
    marked = {
        item.sha256: item.original_name
        for item in one.items
        if item.sha256 and item.cell and item.original_name.lower().endswith(".xlsx")
    }
    return sorted(marked.items(), key=lambda pair: pair[1])
