"""The ledger only grows: rows can't be changed, a change behind its back shows, receipts are idempotent."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nq57_assets.folders import DataDir
from nq57_assets.intake.ledger import Decision, Ledger, LedgerError, Receipt, receipt_id

NOW = datetime(2026, 1, 10, 3, tzinfo=UTC)


def receipt(name: str, sha256: str = "ab" * 32, minutes: int = 0) -> Receipt:
    when = NOW + timedelta(minutes=minutes)
    mtime_ns = int(when.timestamp() * 1_000_000_000)
    key = receipt_id("r", name.encode(), sha256, mtime_ns)
    return Receipt(key, "r", sha256, name, name.encode(), 3, mtime_ns, when, NOW)


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


def decide(ledger: Ledger, **changes: object) -> Decision:
    ruling: dict[str, object] = {
        "decided_by": "Nguyễn Thị Hoa",
        "kind": "accept",
        "round_id": "r",
        "reason": "đã đối chiếu bản giấy",
        "decided_at": NOW,
        "observation_id": "o1",
    }
    return ledger.record_decision(**{**ruling, **changes})  # type: ignore[arg-type]


def test_receipts_come_back_in_the_order_they_were_received(data: DataDir) -> None:
    with Ledger(data) as ledger:
        ledger.record_receipts([receipt("b", minutes=5), receipt("a", minutes=1)])
        assert [r.original_name for r in ledger.receipts("r")] == ["a", "b"]
        assert ledger.receipts("r")[0] == receipt("a", minutes=1)
        assert ledger.receipts("other") == []


def test_the_same_receipt_is_written_once(data: DataDir) -> None:
    with Ledger(data) as ledger:
        assert len(ledger.record_receipts([receipt("a"), receipt("a")])) == 1
        assert ledger.record_receipts([receipt("a")]) == []
        assert len(ledger.record_receipts([receipt("a", sha256="cd" * 32)])) == 1
        assert len(ledger.receipts()) == 2


def test_a_decision_is_kept_with_who_when_and_why(data: DataDir) -> None:
    with Ledger(data) as ledger:
        decision = decide(ledger, kind="correct", value_from=1.44, value_to=1440)
        decide(ledger, kind="correct", value_from=1.44, value_to=1440)
        assert ledger.decisions("r") == [decision]
        assert (decision.decided_by, decision.value_to) == ("Nguyễn Thị Hoa", 1440.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "maybe"}, "kind"),
        ({"decided_by": " "}, "person"),
        ({"reason": ""}, "reason"),
        ({"observation_id": None}, "concerns"),
        ({"kind": "correct"}, "value_to"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(
    data: DataDir, changes: dict[str, object], words: str
) -> None:
    with Ledger(data) as ledger:
        with pytest.raises(LedgerError, match=words):
            decide(ledger, **changes)
        assert ledger.decisions() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE receipts SET size = 9",
        "DELETE FROM receipts",
        "INSERT OR REPLACE INTO receipts SELECT * FROM receipts",
        "UPDATE decisions SET reason = 'khác'",
        "DELETE FROM decisions",
    ],
)
def test_no_statement_changes_what_was_written(data: DataDir, statement: str) -> None:
    with Ledger(data) as ledger:
        ledger.record_receipts([receipt("a")])
        decide(ledger)
        with (
            sqlite3.connect(ledger.path) as other,
            pytest.raises(sqlite3.IntegrityError, match="append-only"),
        ):
            other.execute(statement)
        other.close()
        assert ledger.damage() == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE receipts SET size = 9 WHERE seq = 2", "row 2 was changed"),
        ("DELETE FROM receipts WHERE seq = 2", "rows 2 to 2 are missing"),
        ("UPDATE receipts SET prev_hash = '' WHERE seq = 3", "row 3 does not follow"),
    ],
)
def test_a_change_with_the_guards_torn_down_shows(data: DataDir, statement: str, words: str) -> None:
    with Ledger(data) as ledger:
        ledger.record_receipts([receipt(name) for name in "abc"])
    with sqlite3.connect(data.archive / "ledger.sqlite") as other:
        for event in ("update", "delete"):
            other.execute(f"DROP TRIGGER receipts_{event}")
        other.execute(statement)
    other.close()
    with Ledger(data) as ledger:
        damage = "\n".join(ledger.damage())
    assert words in damage
    assert "guard receipts_update" in damage


def test_the_book_at_rest_is_one_file(data: DataDir) -> None:
    with Ledger(data) as ledger:
        ledger.record_receipts([receipt("a")])
    assert [path.name for path in data.archive.iterdir()] == ["ledger.sqlite"]
