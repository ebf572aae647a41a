"""The files of the review: takes in what people saved, and lays out the next workbook without losing what they typed.

Belongs here: paths, hashes, manifests, the order of reading and writing. Does not belong: judging answers (``judge``),
layout (``write``).

Every workbook that is laid out leaves a manifest under ``review/issued``: what was asked is known to us and not only to
the file that went through other hands. A saved workbook is read once, kept under ``review/read``, and only then replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir, write_durably
from nq57_assets.intake.ledger import DecisionKind, Ledger, Review
from nq57_assets.lake import digest
from nq57_assets.model import Address, FiledFinding, Finding
from nq57_assets.privacy import mask
from nq57_assets.review.judge import Asked, Now, Outcome, judge
from nq57_assets.review.layout import COLUMNS
from nq57_assets.review.read import Filled, UnreadableReviewError, read_workbook
from nq57_assets.review.rows import Row, letters
from nq57_assets.review.write import Earlier, Sheetful, workbook_bytes

_KEPT_MANIFESTS = 30
_RULING_COLUMN = chr(ord("A") + [column.key for column in COLUMNS].index("ruling"))
_SETTLED = ("applied", "repeated")
_LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class TakenIn:
    """What one reading of a workbook came to: outcomes by kind, and what was wrong with the file as a whole."""

    sha256: str
    by_result: Mapping[str, int]
    problems: tuple[str, ...]


def path_of(data: DataDir, round_id: str) -> Path:
    """Return where the review workbook of a round lies."""
    return data.review / f"{round_id}.xlsx"


def pending(data: DataDir, round_id: str) -> str | None:
    """Return the hash of a workbook that was saved by people and has not been read; None when there is none."""
    path = path_of(data, round_id)
    if not path.is_file():
        return None
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return None if sha256 in _known(data, round_id) else sha256


def being_edited(data: DataDir, round_id: str) -> bool:
    """Whether an office program holds the workbook open, as far as it leaves its usual mark beside the file."""
    path = path_of(data, round_id)
    return any((path.parent / name).exists() for name in (f".~lock.{path.name}#", f"~${path.name}"))


def take_in(data: DataDir, round_id: str, now: Now, moment: datetime) -> TakenIn | None:
    """Read the saved workbook of a round into the ledger; None when there is nothing new to read.

    A crash in between is harmless: decisions that are already in the ledger are recognised by workbook and row.

    Args:
        data: The data directory.
        round_id: The round.
        now: How things stand (``judge.standing``).
        moment: When it is read.
    """
    sha256 = pending(data, round_id)
    if sha256 is None:
        return None
    content = path_of(data, round_id).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    write_durably(data.review / "read" / round_id / f"{sha256[:16]}.xlsx", content)
    filled, problems = None, []
    try:
        filled = read_workbook(content)
    except UnreadableReviewError as error:
        problems.append(f"tệp rà soát không đọc được: {error}")
    outcomes: list[Outcome] = []
    if filled is not None:
        asked, problem = _asked(data, round_id, filled)
        problems += [problem] if problem else []
        problems += [f"trang tính “{title}” không còn hoặc mất hàng tiêu đề" for title in filled.lost]
        outcomes = judge(filled.answers, asked, now)
    with Ledger(data) as ledger:
        for outcome in outcomes:
            if outcome.decision is not None:
                _record(ledger, round_id, moment, outcome.decision)
        told = {"problems": problems, "rows": [outcome.to_dict() for outcome in outcomes]}
        ledger.record_review(
            round_id=round_id,
            read_at=moment,
            sha256=sha256,
            workbook_id=filled.workbook_id if filled else None,
            outcomes=json.dumps(told, ensure_ascii=False),
        )
    return TakenIn(sha256, dict(Counter(outcome.result for outcome in outcomes)), tuple(problems))


def _record(ledger: Ledger, round_id: str, moment: datetime, decision: Mapping[str, Any]) -> None:
    given = {**decision, "kind": cast(DecisionKind, decision["kind"])}
    ledger.record_decision(round_id=round_id, decided_at=moment, **given)


def _asked(data: DataDir, round_id: str, filled: Filled) -> tuple[Asked, str]:
    """Return what the workbook asked when it was laid out; nothing and why, if it is none of ours."""
    nothing = Asked("", datetime.now(_LOCAL_TIME), {})
    if filled.workbook_id is None:
        return nothing, "tệp không mang mã tệp rà soát (trang ẩn bị mất)"
    if filled.round_id != round_id:
        return nothing, f"tệp rà soát này lập cho đợt {filled.round_id}, không phải {round_id}"
    path = _manifests(data, round_id) / f"{Path(filled.workbook_id).name}.json"
    if not path.is_file():
        return nothing, f"hệ thống không lập tệp rà soát nào mang mã {filled.workbook_id}"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    rows = {row["row_id"]: row for row in manifest["rows"]}
    return Asked(manifest["workbook_id"], datetime.fromisoformat(manifest["issued_at"]), rows), ""


def last_reading(data: DataDir, round_id: str) -> Review | None:
    """Return the last reading of a review workbook of a round."""
    if not (data.archive / "ledger.sqlite").exists():
        return None
    with Ledger(data) as ledger:
        return next(reversed(ledger.reviews(round_id)), None)


def refused_rows(data: DataDir, round_id: str) -> list[FiledFinding]:
    """Return a finding for each row of the last workbook that was filled in and could not be applied."""
    review = last_reading(data, round_id)
    if review is None:
        return []
    told = json.loads(review.outcomes)
    found = [
        FiledFinding(
            Finding("review_row_refused", observed="(toàn tệp)", expected=mask(problem)), review.round_id
        )
        for problem in told["problems"]
    ]
    for row in told["rows"]:
        if row["outcome"] not in _SETTLED:
            place = f"“{row['sheet']}” dòng {row['line']}"
            finding = Finding(
                "review_row_refused",
                Address(sheet=row["sheet"], cell=f"{_RULING_COLUMN}{row['line']}"),
                indicator=row["indicator"],
                observed=place,
                expected=mask(f"{row['outcome_vi'].lower()}: {row['told']}"),
            )
            found.append(FiledFinding(finding, review.round_id, commune_code=row["commune_code"]))
    return found


@dataclass(frozen=True)
class Issued:
    """What laying out a workbook came to; ``changed`` is False when the one that lies there still stands."""

    path: Path
    rows: Mapping[str, int]
    changed: bool
    reason: str = ""


def lay_out(
    data: DataDir,
    round_id: str,
    rows: Sequence[Row],
    names: Mapping[str, str],
    generation: int,
    moment: datetime,
    catalogue: Catalogue,
) -> Issued:
    """Write the review workbook of a round, unless it would say the same or would overwrite what nobody has read yet.

    Args:
        data: The data directory.
        round_id: The round.
        rows: What must be ruled on.
        names: Names of the files as sent, by SHA-256.
        generation: The published generation, 0 before the first.
        moment: Now.
        catalogue: For the title of the round.
    """
    path = path_of(data, round_id)
    counts: dict[str, int] = dict(Counter(row.kind for row in rows))
    review = last_reading(data, round_id)
    inputs = digest(
        [row.content_hash for row in rows], [row.effect for row in rows], review and review.review_id
    )
    standing = _last_manifest(data, round_id)
    if path.is_file() and pending(data, round_id):
        return Issued(path, counts, False, "người dùng vừa lưu tệp; sẽ đọc ở lần chạy sau")
    if path.is_file() and standing and standing["inputs"] == inputs:
        return Issued(path, counts, False)
    if being_edited(data, round_id):
        return Issued(path, counts, False, "tệp đang mở trong Excel hoặc LibreOffice; chưa thay bằng tệp mới")
    told = json.loads(review.outcomes)["rows"] if review else []
    workbook_id = letters(digest("review", round_id, inputs, moment.isoformat())[:16])
    content = workbook_bytes(
        Sheetful(
            workbook_id=workbook_id,
            round_id=round_id,
            title=catalogue.round[round_id].title_vi,
            generation=generation,
            issued_at=moment,
            rows=rows,
            earlier={row["row_id"]: _earlier(row) for row in told if row["outcome"] not in _SETTLED},
            links=_links(data, {row.sha256 for row in rows if row.sha256}, names),
            outcomes=told,
        )
    )
    manifest = {
        "workbook_id": workbook_id,
        "round_id": round_id,
        "issued_at": moment.isoformat(),
        "generation": generation,
        "inputs": inputs,
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": [{**asdict(row), "content_hash": row.content_hash} for row in rows],
    }
    # First the manifest: a workbook without one could not be read back.
    folder = _manifests(data, round_id)
    write_durably(
        folder / f"{workbook_id}.json",
        json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode(),
    )
    write_durably(path, content)
    write_durably(folder / "last.txt", workbook_id.encode())
    _prune(folder)
    return Issued(path, counts, True)


def _earlier(row: Mapping[str, Any]) -> Earlier:
    answers = dict(row["answers"])
    if isinstance(answers.get("until"), str):
        with suppress(ValueError):  # typed as words: it stays as it was typed
            answers["until"] = date.fromisoformat(answers["until"])
    return Earlier(answers, f"{row['outcome_vi']}: {row['told']}")


def _links(data: DataDir, hashes: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    """Return paths to the archived files under names that a program knows how to open; bytes stay in the archive's folder.

    Objects have no ending, so a copy with one lies beside them, read only; an edit there harms no object.
    """
    links = {}
    folder = data.archive / "readable"
    folder.mkdir(parents=True, exist_ok=True)
    for sha256 in sorted(hashes):
        ending = Path(names.get(sha256, "")).suffix.lower()
        copy = folder / f"{sha256[:24]}{ending if ending[1:].isalnum() and len(ending) < 7 else ''}"
        stored = data.archive / "objects" / sha256[:2] / sha256[2:]
        if not copy.exists() and stored.is_file():
            aside = copy.with_name(f".{copy.name}.tmp")
            shutil.copyfile(stored, aside)
            aside.chmod(0o444)
            aside.replace(copy)
        if copy.exists():
            links[sha256] = os.path.relpath(copy, data.review)
    return links


def _manifests(data: DataDir, round_id: str) -> Path:
    return data.review / "issued" / round_id


def _last_manifest(data: DataDir, round_id: str) -> dict[str, Any] | None:
    named = _manifests(data, round_id) / "last.txt"
    if not named.is_file():
        return None
    path = named.with_name(f"{named.read_text(encoding='utf-8')}.json")
    return cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _known(data: DataDir, round_id: str) -> set[str]:
    """Return the hashes of the workbook as we laid it out, and of every one that has been read."""
    standing = _last_manifest(data, round_id)
    known = {standing["sha256"]} if standing else set()
    if (data.archive / "ledger.sqlite").exists():
        with Ledger(data) as ledger:
            known |= {review.sha256 for review in ledger.reviews(round_id)}
    return known


def _prune(folder: Path) -> None:
    manifests = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    for path in manifests[:-_KEPT_MANIFESTS]:
        path.unlink(missing_ok=True)
