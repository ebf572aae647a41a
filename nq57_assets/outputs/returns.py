"""What goes back to the communes of a round: for each a list of what to mend, its own form with notes, and a letter.

Belongs here: which commune gets what, and the list of communes to remind. Does not belong: layout (``return_sheet``,
``return_letter``), findings (``quality``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import write_durably
from nq57_assets.intake.ledger import Ledger
from nq57_assets.lake import digest
from nq57_assets.outputs.kept import file_hash, read_record, set_aside_changed, stand
from nq57_assets.outputs.noted import Marking, noted_copies
from nq57_assets.outputs.return_items import Item, Return
from nq57_assets.outputs.return_letter import letter_bytes
from nq57_assets.outputs.return_sheet import reminder_bytes, sheet_bytes
from nq57_assets.project import Project, now, today
from nq57_assets.returned import Followup, followups, told
from nq57_assets.versions import code_version

_SENT = ("error", "warning")
_NOTED = "bieu-mau-co-ghi-chu"
_LETTER = "cong-van"
_MADE = ".made.json"
REMINDERS = "danh-sach-nhac.xlsx"


@dataclass(frozen=True)
class Written:
    """What lies in the folder of a round's returns.

    Attributes:
        files: Files by commune code.
        made: Communes whose files were made now; the others' stood already.
        unmarked: Workbooks of which no annotated copy could be made.
        followups: What became of earlier lists, by commune.
    """

    folder: Path
    files: Mapping[str, tuple[Path, ...]]
    reminders: Path
    made: tuple[str, ...]
    unmarked: tuple[str, ...]
    followups: Mapping[str, Followup]


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
    open_items: dict[str, list[tuple[Item, Mapping[str, Any]]]] = defaultdict(list)
    for finding in findings:
        sent = finding["state"] == "open" and finding["severity"] in _SENT and finding["rule"] not in internal
        if sent and finding["commune_code"] in known.commune:
            open_items[finding["commune_code"]].append((_item(finding, claims, known), finding))
    coverage = {
        row["commune_code"]: row for row in project.lake.arrow("city/coverage", [round_id]).to_pylist()
    }
    followed = _followups(project, round_id, findings)
    round_ = known.round[round_id]
    answer_by = day + timedelta(days=int(known.settings["return_days"]))
    returns = []
    for code in sorted(open_items):
        reported = bool(coverage.get(code, {}).get("submitted"))
        overdue = round_.due_on is not None and not reported and day > round_.due_on
        days_late = (day - round_.due_on).days if overdue and round_.due_on else None
        pairs = sorted(open_items[code], key=lambda pair: _order(pair[0]))
        items, rows = (tuple(side) for side in zip(*pairs, strict=True))
        returns.append(
            Return(
                round_, known.commune[code], reported, days_late, items, answer_by, rows, followed.get(code)
            )
        )
    return returns


def _order(item: Item) -> tuple[bool, str, str, str, str]:
    return not item.must, item.original_name, item.place, item.message, item.finding_id


def _followups(project: Project, round_id: str, findings: Sequence[Mapping[str, Any]]) -> dict[str, Followup]:
    received = project.lake.arrow("raw/submissions", [round_id]).to_pylist()
    return followups(told(project.data, round_id), findings, received)


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
    commune whose list is as it was are left alone; those of one that has nothing open any more are removed, so that the
    folder holds what is to be sent. What someone has changed stays until its commune's list is another, and is kept
    beside the new file then. Each new list goes to the ledger, so that the version that follows can be checked against it.
    """
    day = day or today()
    folder = project.data.outputs / "returns" / round_id
    returns = returns_of(project, round_id, day)
    made = read_record(folder / _MADE)
    stale = [
        one for one in returns if not _stands(folder, made.get(one.commune.commune_code), _source(one, day))
    ]
    written, unmarked = _contents(project, stale, day)
    record: dict[str, Any] = {}
    for one in returns:
        code = one.commune.commune_code
        record[code] = made.get(code) if code not in written else None
    for code, files in written.items():
        set_aside_changed(folder, made[code]["files"] if code in made else {})
        for name, content in files.items():
            write_durably(folder / name, content)
    for one in stale:
        code = one.commune.commune_code
        record[code] = {
            "source": _source(one, day),
            "files": {name: file_hash(folder / name) for name in written[code]},
        }
    _record(project, round_id, stale)
    for code in made.keys() - record.keys():
        set_aside_changed(folder, made[code]["files"])
    current = {name for entry in record.values() for name in entry["files"]}
    for path in set(folder.glob("[0-9]*.*")):
        if path.name not in current and ".da-sua-" not in path.name:
            path.unlink()
    due = reminder_bytes(reminders(returns), project.catalogue.round[round_id], day)
    write_durably(folder / REMINDERS, due)
    write_durably(folder / _MADE, json.dumps(record, indent=1).encode())
    return Written(
        folder,
        {code: tuple(folder / name for name in entry["files"]) for code, entry in record.items()},
        folder / REMINDERS,
        tuple(written),
        tuple(unmarked),
        {one.commune.commune_code: one.followup for one in returns if one.followup},
    )


def _contents(
    project: Project, returns: Sequence[Return], day: date
) -> tuple[dict[str, dict[str, bytes]], list[str]]:
    """Return the files of each commune by name, and the workbooks of which no annotated copy could be made."""
    markings: list[tuple[str, str, str, Marking]] = []
    contents: dict[str, dict[str, bytes]] = {}
    for one in returns:
        code = one.commune.commune_code
        contents[code] = {
            f"{code}.xlsx": sheet_bytes(one),
            f"{code}-{_LETTER}.docx": letter_bytes(one, project.catalogue, day),
        }
        for number, (sha256, name) in enumerate(_forms(one), 1):
            items = tuple(item for item in one.items if item.sha256 == sha256)
            marking = Marking(project.archive.path(sha256), sha256, items)
            markings.append((code, f"{code}-{_NOTED}-{number}.xlsx", name, marking))
    copies = noted_copies([marking for *_, marking in markings], project.catalogue)
    unmarked = []
    for (code, target, name, _), copy in zip(markings, copies, strict=True):
        if copy is None:
            unmarked.append(f"{code} {name}")
        else:
            contents[code][target] = copy
    return contents, unmarked


def _source(one: Return, day: date) -> str:
    """Return what a commune's files are made from; only a reminder, which counts the days, is another one each day."""
    followed = [(item.number, item.outcome) for item in one.followup.items] if one.followup else []
    items = [(item.finding_id, item.message, item.advice, item.place) for item in one.items]
    late = day.isoformat() if one.days_late is not None else ""
    return digest(items, followed, one.reported, late, code_version("outputs"))


def _stands(folder: Path, entry: Mapping[str, Any] | None, source: str) -> bool:
    return bool(entry and entry["source"] == source and stand(folder, entry["files"]))


def _record(project: Project, round_id: str, returns: Sequence[Return]) -> None:
    """Write new lists into the ledger; one that says what the last one said about the same files is the same list."""
    last = {one.commune_code: one for one in told(project.data, round_id)}
    files: dict[str, list[str]] = defaultdict(list)
    for row in project.lake.arrow("raw/submissions", [round_id]).to_pylist():
        if row["is_current"] and row["state"] == "parsed":
            files[row["commune_code"]].append(row["sha256"])
    new = []
    for one in returns:
        code = one.commune.commune_code
        entry = (
            code,
            json.dumps(sorted(set(files[code]))),
            json.dumps(one.told, ensure_ascii=False, default=str),
        )
        before = last.get(code)
        if before is None or (before.files, before.items) != entry[1:]:
            new.append(entry)
    if new:
        with Ledger(project.data) as ledger:
            ledger.record_returns(round_id, now(), new)


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
