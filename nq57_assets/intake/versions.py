"""Which receipt of a round stands for whom: identity, state, versions, the last good one kept.

Belongs here: judging the receipts of one round against each other. Does not belong: table rows and findings (``register``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.identity import identify
from nq57_assets.intake.ledger import Receipt
from nq57_assets.model import DocumentType, Identity, Reading
from nq57_assets.readers.bundle import READER

State = Literal["received", "quarantined", "duplicate", "unassigned", "parsed", "bundle"]

REFUSALS = ("file_unreadable", "file_unsafe", "file_empty", "file_reading_failed")


@dataclass(slots=True)
class Submission:
    """One receipt with what was made of it.

    Attributes:
        receipt: The row of the ledger.
        reading: What the file yields; None while it has not been read.
        identity: The commune that its votes agree on, or why none.
        state: As in ``raw/submissions``.
        version: Counts the parsed files of one commune and kind, from 1; None for others.
        is_current: Whether its figures stand for the commune.
        twin: The other receipt with the same bytes, for a duplicate.
        successor: The later version that replaced this one.
        kept: The earlier version that stays because this one is not usable.
        problem: Why it is not usable, in Vietnamese; empty when it is.
        figures: How many figures it has for the indicators that the round asks for.
    """

    receipt: Receipt
    reading: Reading | None
    identity: Identity
    state: State = "received"
    version: int | None = None
    is_current: bool = False
    twin: Receipt | None = None
    successor: Receipt | None = None
    kept: Receipt | None = None
    problem: str = ""
    figures: int = 0

    @property
    def commune_code(self) -> str | None:
        """The commune, where it is sure."""
        return self.identity.commune_code

    @property
    def document_type(self) -> DocumentType:
        """What the file is; a workbook with a form's stamp is a form whatever it says."""
        if self.reading is None:
            return "unknown"
        return "form" if self.reading.form is not None else self.reading.header.document_type

    @property
    def kind(self) -> str:
        """What supersedes what: forms and reports each among themselves, and a plan never a report."""
        return {"form": "form", "report": "narrative"}.get(self.document_type, self.document_type)

    @property
    def is_report(self) -> bool:
        """Whether it is of a kind that answers the request."""
        return self.document_type in ("form", "report")

    @property
    def is_wrong_round(self) -> bool:
        """Whether its form was made for another round."""
        return self.stamped_round is not None and self.stamped_round != self.receipt.round_id

    @property
    def stamped_round(self) -> str | None:
        """The round that the form says it is for."""
        return self.reading.form.round_id if self.reading and self.reading.form else None

    @property
    def counts_as_report(self) -> bool:
        """Whether the commune has answered the request with it; what it says may still be withheld."""
        return self.state == "parsed" and self.is_current and self.is_report


def judge(
    receipts: Iterable[Receipt], readings: Mapping[str, Reading], catalogue: Catalogue
) -> list[Submission]:
    """Return the submissions of one round in the order of reception, each with its state and version.

    Args:
        receipts: Receipts of one round.
        readings: What the files yield, by SHA-256.
        catalogue: For the communes and the indicators asked.
    """
    ordered = sorted(receipts, key=lambda r: (r.received_at, r.archived_at, r.original_name, r.sha256))
    submissions = [_first_look(receipt, readings.get(receipt.sha256), catalogue) for receipt in ordered]
    _set_states(submissions, {receipt.bundle_sha256 for receipt in ordered})
    chains: dict[tuple[str, str], list[Submission]] = {}
    for submission in submissions:
        if submission.state == "parsed" and submission.commune_code:
            chains.setdefault((submission.commune_code, submission.kind), []).append(submission)
    for chain in chains.values():
        _set_versions(chain)
    _keep_before_unusable(submissions)
    return submissions


def _first_look(receipt: Receipt, reading: Reading | None, catalogue: Catalogue) -> Submission:
    identity = identify(reading.identity_votes if reading else (), receipt.original_name, catalogue)
    submission = Submission(receipt, reading, identity)
    if reading is not None:
        asked = {indicator.code for indicator in catalogue.asked(receipt.round_id)}
        submission.figures = sum(
            o.status != "rejected" and o.indicator in asked for o in reading.observations
        )
    return submission


def _set_states(submissions: Sequence[Submission], opened: Set[str | None]) -> None:
    """Set the state of every submission but superseded versions; a bundle that is not ``opened`` yet stays received."""
    standing: dict[str, Submission] = {}
    latest: dict[tuple[str, str], Submission] = {}
    for submission in submissions:
        if submission.reading is None or (
            _own_state(submission) == "bundle" and submission.receipt.sha256 not in opened
        ):
            continue
        chain = (submission.commune_code or "", submission.kind)
        earlier = standing.get(submission.receipt.sha256)
        if earlier is not None and _repeats(submission, earlier, latest.get(chain)):
            submission.state, submission.twin = "duplicate", earlier.receipt
            continue
        if earlier is not None and earlier.state == "unassigned":
            # The advice for an unknown sender is to put the same file where the name tells it: then that one counts.
            earlier.state, earlier.twin = "duplicate", submission.receipt
        submission.state = _own_state(submission)
        standing[submission.receipt.sha256] = submission
        if submission.state == "parsed":
            latest[chain] = submission


def _repeats(submission: Submission, earlier: Submission, latest: Submission | None) -> bool:
    """Whether the same bytes add nothing: neither name their sender at last, nor take back a version in between.

    Unreadable bytes prove nothing about their sender: two communes' empty files are two faults, each to be told.
    """
    if _own_state(submission) == "quarantined" and submission.commune_code != earlier.commune_code:
        return False
    if submission.commune_code is None or _own_state(submission) == "quarantined":
        return True
    if earlier.commune_code is None:
        return False
    if earlier.commune_code != submission.commune_code or latest is None:
        return True
    return latest.receipt.sha256 == submission.receipt.sha256


def _own_state(submission: Submission) -> State:
    assert submission.reading is not None
    if any(finding.rule in REFUSALS for finding in submission.reading.findings):
        return "quarantined"
    if submission.reading.reader == READER:
        return "bundle"
    return "parsed" if submission.commune_code else "unassigned"


def _set_versions(chain: Sequence[Submission]) -> None:
    """Number one commune's files of one kind; the latest usable one is current, an unusable one displaces nothing good."""
    current: Submission | None = None
    for number, submission in enumerate(chain, 1):
        submission.version = number
        submission.problem = _problem(submission, current)
        if current is not None and submission.problem and not current.problem:
            submission.kept = current.receipt
            continue
        if current is not None:
            current.is_current, current.successor = False, submission.receipt
        submission.is_current, current = True, submission


def _problem(submission: Submission, current: Submission | None) -> str:
    if submission.is_wrong_round:
        return f"biểu mẫu của đợt {submission.stamped_round}"
    if current is not None and submission.figures == 0 and current.figures > 0:
        return "không có số liệu nào, trong khi bản trước có"
    return ""


def _keep_before_unusable(submissions: Sequence[Submission]) -> None:
    """Note what stays where a later file can't be read or assigned: same commune by name, or same path in the inbox."""
    by_path: dict[bytes, Submission] = {}
    by_commune: dict[str, Submission] = {}
    for submission in submissions:
        if submission.state in ("quarantined", "unassigned"):
            commune_code = submission.commune_code or ""
            kept = by_path.get(submission.receipt.raw_name) or by_commune.get(commune_code)
            if kept is not None:
                reason = (
                    "không đọc được" if submission.state == "quarantined" else "chưa xác định được đơn vị"
                )
                submission.kept, submission.problem = kept.receipt, reason
        elif submission.is_current and submission.commune_code and not submission.problem:
            by_path[submission.receipt.raw_name] = submission
            by_commune[submission.commune_code] = submission
