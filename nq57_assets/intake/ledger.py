"""The append-only book of receipts, decisions, readings of review workbooks, approvals and returned lists, in SQLite.

Each row is chained to the one before it by hash.

Belongs here: writing, reading and proving rows.
Does not belong: the bytes (``archive``), what a decision does to a figure.

The journal is a rollback journal with ``synchronous=EXTRA`` (FULL, and the folder is synced when the journal
goes): with plain FULL a power cut just after a commit could bring the journal back and undo an acknowledged
receipt. Unlike WAL the book at rest is one file, which can be copied and opened read-only from a folder that
one may not write.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from nq57_assets.folders import DataDir, fsync_directory
from nq57_assets.intake.entries import (
    DECISION_KINDS,
    Approval,
    Decision,
    DecisionKind,
    Receipt,
    Returned,
    Review,
)
from nq57_assets.intake.ledger_schema import GUARDS, LATER, LATER_NAMES, RECORDS, SCHEMA, TABLES

__all__ = [
    "DECISION_KINDS",
    "Approval",
    "Decision",
    "DecisionKind",
    "Ledger",
    "LedgerError",
    "Receipt",
    "Returned",
    "Review",
    "receipt_id",
]


class LedgerError(RuntimeError):
    """The ledger can't be written as asked; the message says why."""


def receipt_id(round_id: str, raw_name: bytes, sha256: str, mtime_ns: int) -> str:
    """Return the stable name of a receipt: the same path, bytes and time are one receipt."""
    parts = b"\0".join([round_id.encode(), raw_name, sha256.encode(), str(mtime_ns).encode()])
    return hashlib.sha256(parts).hexdigest()[:20]


def _stored(value: Any) -> Any:
    """Return a field as SQLite keeps it; times become ISO text in UTC with microseconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _loaded(name: str, value: Any) -> Any:
    """Return a field as the records carry it."""
    if value is None:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name == "expires_on" else value


def _row_hash(prev_hash: str, row: dict[str, Any]) -> str:
    plain = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in row.items()
        if name not in LATER_NAMES or value is not None
    }
    content = json.dumps([prev_hash, plain], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


class Ledger:
    """The book of one data directory; use it as a context, or call ``close``."""

    def __init__(self, data: DataDir) -> None:
        self.path: Path = data.archive / "ledger.sqlite"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=DELETE")
        self._connection.execute("PRAGMA synchronous=EXTRA")
        self._complete_schema()

    def _complete_schema(self) -> None:
        """Make the tables that are absent, with their guards; a guard that someone dropped is left for ``damage``."""
        present = self._schema_objects()
        absent = {table: key for table, key in TABLES.items() if table not in present}
        later = [
            (table, name)
            for table, names in LATER.items()
            if table in present
            for name in names
            if name not in self._columns(table)
        ]
        if not absent and not later:
            return
        guards = "".join(GUARDS.format(table=table, id=key) for table, key in absent.items())
        added = "".join(f"ALTER TABLE {table} ADD COLUMN {name} TEXT; " for table, name in later)
        self._connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} {guards} {added} COMMIT;")
        fsync_directory(self.path.parent)

    def _columns(self, table: str) -> set[str]:
        return {row[1] for row in self._connection.execute(f"PRAGMA table_info({table})")}

    def _schema_objects(self) -> set[str]:
        return {row[0] for row in self._connection.execute("SELECT name FROM sqlite_master")}

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _append(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        last = self._connection.execute(f"SELECT row_hash FROM {table} ORDER BY seq DESC LIMIT 1").fetchone()
        prev_hash = last[0] if last else ""
        for row in rows:
            row_hash = _row_hash(prev_hash, row)
            names = [*row, "prev_hash", "row_hash"]
            marks = ", ".join("?" * len(names))
            self._connection.execute(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
                [*row.values(), prev_hash, row_hash],
            )
            prev_hash = row_hash

    def record_receipts(
        self, receipts: Sequence[Receipt], seen: Sequence[tuple[str, bytes, int, int, int]] = ()
    ) -> list[Receipt]:
        """Acknowledge receipts in one durable transaction; their objects must be on disk before.

        Args:
            receipts: New receipts, in the order they came.
            seen: (round_id, raw_name, size, mtime_ns, ctime_ns) of inbox files that need not be read again.

        Returns:
            Those that were not in the book before.
        """
        with self._transaction():
            known = {row[0] for row in self._connection.execute("SELECT receipt_id FROM receipts")}
            new = {receipt.receipt_id: receipt for receipt in receipts if receipt.receipt_id not in known}
            self._append(
                "receipts", ({f: _stored(v) for f, v in _fields(receipt)} for receipt in new.values())
            )
            self._connection.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", seen)
        return list(new.values())

    def seen(self) -> dict[tuple[str, bytes], tuple[int, int, int]]:
        """Return size, mtime_ns and ctime_ns of every inbox path as last received."""
        rows = self._connection.execute("SELECT round_id, raw_name, size, mtime_ns, ctime_ns FROM seen")
        return {(round_id, raw_name): (size, mtime, ctime) for round_id, raw_name, size, mtime, ctime in rows}

    def receipts(self, round_id: str | None = None) -> list[Receipt]:
        """Return the receipts of one round, or all, in the order of reception."""
        rows = self._rows("receipts", round_id, Receipt)
        return sorted((Receipt(**row) for row in rows), key=lambda receipt: receipt.received_at)

    def record_decision(
        self,
        *,
        decided_by: str,
        kind: DecisionKind,
        round_id: str,
        reason: str,
        decided_at: datetime,
        commune_code: str | None = None,
        indicator: str | None = None,
        observation_id: str | None = None,
        finding_id: str | None = None,
        value_from: float | None = None,
        value_to: float | None = None,
        expires_on: date | None = None,
        seen: str | None = None,
        source: str | None = None,
    ) -> Decision:
        """Write down a ruling; it can be followed by another, never changed.

        Raises:
            LedgerError: Nobody decides, no reason is given, it concerns nothing, or a correction names no value.
        """
        if kind not in DECISION_KINDS:
            raise LedgerError(f"{kind!r} is no kind of decision; use one of {', '.join(DECISION_KINDS)}")
        if not decided_by.strip() or not reason.strip():
            raise LedgerError("a decision needs the person who decides and a reason")
        if observation_id is None and finding_id is None and (commune_code is None or indicator is None):
            raise LedgerError("a decision concerns an observation, a finding, or a commune's indicator")
        if kind == "correct" and value_to is None:
            raise LedgerError("a correction needs the right value (value_to)")
        row: dict[str, Any] = {
            "decided_at": decided_at,
            "decided_by": decided_by,
            "kind": kind,
            "round_id": round_id,
            "commune_code": commune_code,
            "indicator": indicator,
            "observation_id": observation_id,
            "finding_id": finding_id,
            "value_from": None if value_from is None else float(value_from),
            "value_to": None if value_to is None else float(value_to),
            "reason": reason,
            "expires_on": expires_on,
            "seen": seen,
            "source": source,
        }
        decision = Decision(decision_id=_row_hash("", {f: _stored(v) for f, v in row.items()})[:20], **row)
        with self._transaction():
            known = self._connection.execute(
                "SELECT 1 FROM decisions WHERE decision_id = ?", [decision.decision_id]
            ).fetchone()
            if not known:
                self._append("decisions", [{f: _stored(v) for f, v in _fields(decision)}])
        return decision

    def decisions(self, round_id: str | None = None) -> list[Decision]:
        """Return the decisions on one round, or all, oldest first; a later one outweighs an earlier one."""
        return [Decision(**row) for row in self._rows("decisions", round_id, Decision)]

    def record_review(
        self, *, round_id: str, read_at: datetime, sha256: str, workbook_id: str | None, outcomes: str
    ) -> Review:
        """Write down what became of the rows of a review workbook."""
        row: dict[str, Any] = {
            "read_at": read_at,
            "round_id": round_id,
            "sha256": sha256,
            "workbook_id": workbook_id,
            "outcomes": outcomes,
        }
        review = Review(review_id=_row_hash("", {f: _stored(v) for f, v in row.items()})[:20], **row)
        with self._transaction():
            self._append("reviews", [{f: _stored(v) for f, v in _fields(review)}])
        return review

    def reviews(self, round_id: str | None = None) -> list[Review]:
        """Return the readings of review workbooks of one round, or all, oldest first."""
        return [Review(**row) for row in self._rows("reviews", round_id, Review)]

    def record_approval(
        self,
        *,
        round_id: str,
        approved_at: datetime,
        approved_by: str,
        generation: int,
        mart_sha256: str,
        inputs: str,
        note: str,
    ) -> Approval:
        """Write down that a generation is what the city reported for a round.

        Raises:
            LedgerError: Nobody approves.
        """
        if not approved_by.strip():
            raise LedgerError("an approval needs the person who approves")
        row: dict[str, Any] = {
            "approved_at": approved_at,
            "approved_by": approved_by,
            "round_id": round_id,
            "generation": generation,
            "mart_sha256": mart_sha256,
            "inputs": inputs,
            "note": note,
        }
        approval = Approval(approval_id=_row_hash("", {f: _stored(v) for f, v in row.items()})[:20], **row)
        with self._transaction():
            self._append("approvals", [{f: _stored(v) for f, v in _fields(approval)}])
        return approval

    def approvals(self, round_id: str | None = None) -> list[Approval]:
        """Return the approvals of one round, or all, oldest first; the last one stands."""
        return [Approval(**row) for row in self._rows("approvals", round_id, Approval)]

    def record_returns(
        self, round_id: str, returned_at: datetime, told: Sequence[tuple[str, str, str]]
    ) -> list[Returned]:
        """Write down what communes were told to mend, in one durable transaction.

        Args:
            round_id: The round.
            returned_at: When the lists were laid out.
            told: Commune, files and items of each list, as ``Returned`` has them.
        """
        returns = []
        for commune_code, files, items in told:
            row: dict[str, Any] = {
                "returned_at": returned_at,
                "round_id": round_id,
                "commune_code": commune_code,
                "files": files,
                "items": items,
            }
            returns.append(
                Returned(return_id=_row_hash("", {f: _stored(v) for f, v in row.items()})[:20], **row)
            )
        with self._transaction():
            self._append("returns", ({f: _stored(v) for f, v in _fields(one)} for one in returns))
        return returns

    def returns(self, round_id: str | None = None) -> list[Returned]:
        """Return what communes were told to mend in one round, or all, oldest first."""
        return [Returned(**row) for row in self._rows("returns", round_id, Returned)]

    def _rows(self, table: str, round_id: str | None, record: type[Any]) -> list[dict[str, Any]]:
        names = [field.name for field in fields(record)]
        query = f"SELECT {', '.join(names)} FROM {table} WHERE ? IS NULL OR round_id = ? ORDER BY seq"
        rows = self._connection.execute(query, [round_id, round_id])
        return [{n: _loaded(n, v) for n, v in zip(names, row, strict=True)} for row in rows]

    def damage(self) -> list[str]:
        """Return what is wrong with the file or the chains of rows, in words; nothing when all is well."""
        found = [
            f"ledger.sqlite: {row[0]}"
            for row in self._connection.execute("PRAGMA integrity_check")
            if row[0] != "ok"
        ]
        present = self._schema_objects()
        guards = [f"{table}_{event}" for table in TABLES for event in ("update", "delete", "replace")]
        found += [f"the guard {guard} against changes is gone" for guard in guards if guard not in present]
        for table, record in RECORDS.items():
            found += self._broken_links(table, [field.name for field in fields(record)])
        return found

    def _broken_links(self, table: str, names: list[str]) -> Iterator[str]:
        prev_hash, expected_seq = "", 1
        rows = self._connection.execute(
            f"SELECT seq, prev_hash, row_hash, {', '.join(names)} FROM {table} ORDER BY seq"
        )
        for seq, stored_prev, stored_hash, *values in rows:
            if seq != expected_seq:
                yield f"{table}: rows {expected_seq} to {seq - 1} are missing"
            if stored_prev != prev_hash:
                yield f"{table}: row {seq} does not follow the row before it"
            if _row_hash(stored_prev, dict(zip(names, values, strict=True))) != stored_hash:
                yield f"{table}: row {seq} was changed after it was written"
            prev_hash, expected_seq = stored_hash, seq + 1


def _fields(record: Receipt | Decision | Review | Approval | Returned) -> list[tuple[str, Any]]:
    return list(asdict(record).items())


def approvals(data: DataDir, round_id: str | None = None) -> list[Approval]:
    """Return the approvals of a round, or all, oldest first; none where nothing was ever received."""
    if not (data.archive / "ledger.sqlite").exists():
        return []
    with Ledger(data) as ledger:
        return ledger.approvals(round_id)
