"""The tables of the ledger: columns, guards against changes, and which record a row becomes.

Belongs here: what SQLite is told once. Does not belong: writing, reading and proving rows (``ledger``).
"""

from __future__ import annotations

from typing import Any

from nq57_assets.intake.entries import Approval, Decision, Receipt, Returned, Review

SCHEMA = """
CREATE TABLE IF NOT EXISTS receipts (
    seq INTEGER PRIMARY KEY, receipt_id TEXT NOT NULL UNIQUE, round_id TEXT NOT NULL, sha256 TEXT NOT NULL,
    original_name TEXT NOT NULL, raw_name BLOB NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    received_at TEXT NOT NULL, archived_at TEXT NOT NULL, bundle_sha256 TEXT,
    prev_hash TEXT NOT NULL, row_hash TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS receipts_by_round ON receipts (round_id, seq);
CREATE TABLE IF NOT EXISTS decisions (
    seq INTEGER PRIMARY KEY, decision_id TEXT NOT NULL UNIQUE, decided_at TEXT NOT NULL, decided_by TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('accept', 'correct', 'reject', 'waive')), round_id TEXT NOT NULL,
    commune_code TEXT, indicator TEXT, observation_id TEXT, finding_id TEXT, value_from REAL, value_to REAL,
    reason TEXT NOT NULL, expires_on TEXT, seen TEXT, source TEXT,
    prev_hash TEXT NOT NULL, row_hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reviews (
    seq INTEGER PRIMARY KEY, review_id TEXT NOT NULL UNIQUE, read_at TEXT NOT NULL, round_id TEXT NOT NULL,
    sha256 TEXT NOT NULL, workbook_id TEXT, outcomes TEXT NOT NULL, prev_hash TEXT NOT NULL, row_hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS approvals (
    seq INTEGER PRIMARY KEY, approval_id TEXT NOT NULL UNIQUE, approved_at TEXT NOT NULL, approved_by TEXT NOT NULL,
    round_id TEXT NOT NULL, generation INTEGER NOT NULL, mart_sha256 TEXT NOT NULL, inputs TEXT NOT NULL,
    note TEXT NOT NULL, prev_hash TEXT NOT NULL, row_hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS returns (
    seq INTEGER PRIMARY KEY, return_id TEXT NOT NULL UNIQUE, returned_at TEXT NOT NULL, round_id TEXT NOT NULL,
    commune_code TEXT NOT NULL, files TEXT NOT NULL, items TEXT NOT NULL,
    prev_hash TEXT NOT NULL, row_hash TEXT NOT NULL);
-- What an inbox path looked like when it was last received: only saves re-reading, so it may be changed and lost.
CREATE TABLE IF NOT EXISTS seen (
    round_id TEXT NOT NULL, raw_name BLOB NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL, PRIMARY KEY (round_id, raw_name)) WITHOUT ROWID;
"""
GUARDS = """
CREATE TRIGGER IF NOT EXISTS {table}_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER IF NOT EXISTS {table}_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER IF NOT EXISTS {table}_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE seq = NEW.seq OR {id} = NEW.{id})
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
TABLES = {
    "receipts": "receipt_id",
    "decisions": "decision_id",
    "reviews": "review_id",
    "approvals": "approval_id",
    "returns": "return_id",
}
# Columns that came after the first books were begun. Left out of a row's hash where they are empty, so that the chain of
# an older book still holds.
LATER = {"receipts": ("bundle_sha256",), "decisions": ("expires_on", "seen", "source")}
LATER_NAMES = frozenset(name for names in LATER.values() for name in names)

RECORDS: dict[str, type[Any]] = {
    "receipts": Receipt,
    "decisions": Decision,
    "reviews": Review,
    "approvals": Approval,
    "returns": Returned,
}
