"""The register of a round as table rows, and what must be told about its files.

Belongs here: rows of ``raw/submissions`` and ``raw/inbox``, findings of the rules ``file_*`` that need the round.
Does not belong: judging versions (``versions``), what a single file shows by itself (``extract``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from nq57_assets.catalogue import Catalogue, Commune, Round
from nq57_assets.intake.changes import change_rows
from nq57_assets.intake.inbox import InboxFile, display_name
from nq57_assets.intake.ledger import Receipt
from nq57_assets.intake.versions import Submission, judge
from nq57_assets.intake.yields import documents_rows, observation_rows, reading_findings, statement_rows
from nq57_assets.model import FiledFinding, Finding, Reading
from nq57_assets.privacy import mask

_LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Registered:
    """A round's receipts as judged, and what the files that stand yield.

    Attributes:
        rows: Rows of ``raw/submissions``.
        file_findings: What is wrong with files as submissions to this round: late, superseded, of nobody known …
    """

    round_id: str
    rows: list[dict[str, Any]]
    file_findings: list[FiledFinding]
    readings: Mapping[str, Reading]
    catalogue: Catalogue

    @cached_property
    def documents(self) -> list[dict[str, Any]]:
        """Rows of ``staged/documents``."""
        return documents_rows(self.round_id, self.rows, self.readings)

    @cached_property
    def observations(self) -> list[dict[str, Any]]:
        """Rows of ``core/observations``."""
        return observation_rows(self.round_id, self.rows, self.readings, self.catalogue)

    @cached_property
    def statements(self) -> list[dict[str, Any]]:
        """Rows of ``core/statements``."""
        return statement_rows(self.round_id, self.rows, self.readings)

    @cached_property
    def changes(self) -> list[dict[str, Any]]:
        """Rows of ``core/changes``."""
        return change_rows(self.round_id, self.rows, self.readings, self.catalogue)

    @cached_property
    def findings(self) -> list[FiledFinding]:
        """All findings before the rules on figures: on files as submissions, and what the files show by themselves."""
        return self.file_findings + reading_findings(self.round_id, self.rows, self.readings)


def register(
    round_id: str,
    receipts: Iterable[Receipt],
    readings: Mapping[str, Reading],
    catalogue: Catalogue,
    today: date,
) -> Registered:
    """Judge the receipts of a round against each other and against the round.

    Args:
        round_id: The round.
        receipts: Its receipts.
        readings: What the files yield, by SHA-256; a file without a reading is in state received.
        catalogue: The reference data.
        today: The date in Hải Phòng, on which a report is missing once the due date has passed.
    """
    round_ = catalogue.round[round_id]
    submissions = judge(receipts, readings, catalogue)
    findings = [finding for submission in submissions for finding in _file_findings(submission, round_)]
    reported = {s.commune_code for s in submissions if s.counts_as_report}
    findings += _missing(round_, catalogue.expected(round_id), reported, today)
    rows = [_row(submission) for submission in submissions]
    return Registered(round_id, rows, findings, readings, catalogue)


def _row(submission: Submission) -> dict[str, Any]:
    receipt, reading = submission.receipt, submission.reading
    return {
        "submission_id": receipt.receipt_id,
        "round_id": receipt.round_id,
        "sha256": receipt.sha256,
        "original_name": mask(receipt.original_name),
        "size": receipt.size,
        "media_type": reading.media_type if reading else None,
        "received_at": receipt.received_at,
        "commune_code": submission.commune_code,
        "identity_method": submission.identity.method,
        "identity_margin": submission.identity.margin,
        "document_type": submission.document_type if reading else None,
        "version": submission.version,
        "is_current": submission.is_current,
        "state": submission.state,
        "counts_as_report": submission.counts_as_report,
        "bundle_sha256": receipt.bundle_sha256,
    }


def _file_findings(submission: Submission, round_: Round) -> list[FiledFinding]:
    found: list[Finding] = []
    if submission.state == "duplicate" and submission.twin:
        found.append(Finding("file_duplicate", observed=mask(submission.twin.original_name)))
    elif submission.state == "unassigned":
        found.append(_unassigned(submission))
    elif submission.state == "parsed":
        found += _form_findings(submission, round_)
        if submission.is_current and submission.is_report and submission.figures == 0:
            found.append(Finding("file_no_figures"))
        if submission.successor:
            found.append(Finding("file_superseded", observed=mask(submission.successor.original_name)))
        received_on = submission.receipt.received_at.astimezone(_LOCAL_TIME).date()
        if submission.is_report and round_.due_on and received_on > round_.due_on:
            found.append(Finding("file_late", observed=_day(received_on), expected=_day(round_.due_on)))
    if submission.kept:
        found.append(
            Finding(
                "file_kept_last_good",
                observed=submission.problem,
                expected=mask(submission.kept.original_name),
            )
        )
    known = {finding.rule for finding in submission.reading.findings} if submission.reading else set()
    return [
        FiledFinding(
            finding=finding,
            round_id=round_.round_id,
            commune_code=submission.commune_code,
            sha256=submission.receipt.sha256,
            original_name=mask(submission.receipt.original_name),
        )
        for finding in found
        if finding.rule not in known
    ]


def _form_findings(submission: Submission, round_: Round) -> list[Finding]:
    stamp = submission.reading.form if submission.reading else None
    if stamp is None:
        return []
    if submission.is_wrong_round:
        return [Finding("file_wrong_round", observed=stamp.round_id, expected=round_.round_id)]
    if stamp.form_version != round_.form_version:
        observed = stamp.form_version or "không rõ"
        return [Finding("file_form_version", observed=observed, expected=round_.form_version)]
    return []


def _unassigned(submission: Submission) -> Finding:
    """Return why the sender is not known; ``identify`` says so as ``conflict: …``, ``unlisted: …`` or ``unsure: …``."""
    reason, _, observed = submission.identity.method.partition(": ")
    rule = "file_identity_conflict" if reason == "conflict" else "file_unknown_commune"
    return Finding(rule, observed=observed or reason)


def _missing(
    round_: Round, expected: Sequence[Commune], reported: set[str | None], today: date
) -> list[FiledFinding]:
    if round_.due_on is not None and today <= round_.due_on:
        return []
    due = _day(round_.due_on) if round_.due_on else "chưa quy định"
    return [
        FiledFinding(Finding("file_missing", expected=due), round_.round_id, commune.commune_code)
        for commune in expected
        if commune.commune_code not in reported
    ]


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def inbox_rows(files: Iterable[InboxFile], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the rows of ``raw/inbox``: every file, taken or not, so that none is dropped in silence."""
    rows: dict[str, dict[str, Any]] = {}
    for file in files:
        path = display_name(file.raw_path)
        if path in rows:  # one name in two spellings of Unicode: two files, which must stay two rows
            path = f"{path} ⟨{hashlib.sha256(file.raw_path).hexdigest()[:8]}⟩"
        rows[path] = {
            "path": path,
            "round_id": file.round_id if file.round_id in catalogue.round else None,
            "size": file.size,
            "modified_at": datetime.fromtimestamp(file.mtime_ns // 1000 / 1_000_000, UTC),
            "state": "received" if file.state == "ready" else file.state,
            "reason": _reason(file, path, catalogue),
        }
    return list(rows.values())


def _reason(file: InboxFile, path: str, catalogue: Catalogue) -> str | None:
    """Return why a file was not taken and what to do, in the words of the rule book where it has any."""
    if file.state != "unknown_round":
        return file.reason or None
    rule = catalogue.rule["file_unknown_round"]
    words = {
        "file": path,
        "observed": file.round_id or "gốc của hộp thư",
        "expected": ", ".join(catalogue.round),
    }
    return f"{rule.message_vi} {rule.advice_vi}".format(**words)
