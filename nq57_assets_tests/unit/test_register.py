"""Who sent what, which version stands, and what is told about the files of a round."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.intake.ledger import Receipt, receipt_id
from nq57_assets.intake.register import Registered, register
from nq57_assets.intake.worker import refusal
from nq57_assets.model import (
    Address,
    DocumentType,
    Finding,
    FormStamp,
    Header,
    IdentityVote,
    Observation,
    Reading,
    Statement,
)

ROUND = "2025-nq57-communication"
CODE, OTHER = "10507", "10525"
BEFORE_DUE, AFTER_DUE = date(2025, 12, 5), date(2025, 12, 20)
START = datetime(2025, 12, 8, 2, tzinfo=UTC)
ASKED = [indicator.code for indicator in catalogue().asked(ROUND)]
REPORT = Header(document_type="report", number="12", issued_on=date(2025, 12, 8))


def figure(indicator: str = ASKED[0], value: float = 5, line: int = 1, **more: Any) -> Observation:
    return Observation(
        indicator,
        value,
        value,
        value,
        "exact",
        "",
        Address(line=line),
        f"có {value}",
        "narrative",
        0.9,
        "accepted",
        **more,
    )


def report(*figures: Observation, header: Header = REPORT, votes: Sequence[str] = (), **more: Any) -> Reading:
    reading = refusal(Finding("file_empty"))
    cast = tuple(IdentityVote("letterhead", code, 1.0, f"UBND {code}") for code in votes)
    return replace(
        reading,
        media_type="text/plain",
        header=header,
        observations=figures,
        identity_votes=cast,
        findings=(),
        **more,
    )


def form(*figures: Observation, round_id: str | None = ROUND, version: str = "2025.c.1") -> Reading:
    stamp = FormStamp(version, round_id, CODE)
    return replace(report(*figures, header=Header(document_type="form")), form=stamp)


class Round:
    """Receipts of one round, an hour apart, in the order they are sent."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []
        self.readings: dict[str, Reading] = {}

    def send(
        self, name: str, reading: Reading | None, content: str | None = None, hours: float | None = None
    ) -> Receipt:
        sha256 = hashlib.sha256((content or name).encode()).hexdigest()
        when = START + timedelta(hours=len(self.receipts) if hours is None else hours)
        mtime_ns = int(when.timestamp()) * 1_000_000_000
        key = receipt_id(ROUND, name.encode(), sha256, mtime_ns)
        receipt = Receipt(key, ROUND, sha256, name, name.encode(), 9, mtime_ns, when, when)
        self.receipts.append(receipt)
        if reading is not None:
            self.readings[sha256] = reading
        return receipt

    def register(self, today: date = BEFORE_DUE) -> Registered:
        return register(ROUND, self.receipts, self.readings, catalogue(), today)


@pytest.fixture
def sent() -> Round:
    return Round()


def rules(registered: Registered, name: str | None = None) -> list[str]:
    findings = registered.findings
    return sorted(f.finding.rule for f in findings if name is None or f.original_name == name)


def row(registered: Registered, name: str) -> dict[str, Any]:
    return next(row for row in registered.rows if row["original_name"] == name)


def test_a_report_of_a_known_commune_counts_and_its_figures_are_observations(sent: Round) -> None:
    sent.send(f"{CODE}/bc.txt", report(figure()))
    registered = sent.register()
    entry = row(registered, f"{CODE}/bc.txt")
    assert (entry["commune_code"], entry["state"], entry["version"]) == (CODE, "parsed", 1)
    assert entry["is_current"] and entry["counts_as_report"]
    (observation,) = registered.observations
    assert (observation["commune_code"], observation["value"], observation["status"]) == (CODE, 5, "accepted")
    assert rules(registered) == []
    assert set(entry) == {column.name for column in catalogue().table["raw/submissions"].columns}
    assert set(observation) == {column.name for column in catalogue().table["core/observations"].columns}
    assert set(registered.documents[0]) == {c.name for c in catalogue().table["staged/documents"].columns}


def test_a_later_report_supersedes_and_a_form_stands_beside_it(sent: Round) -> None:
    sent.send(f"{CODE}/1.txt", report(figure(value=1)))
    sent.send(f"{CODE}/form.xlsx", form(figure(value=2)))
    sent.send(f"{CODE}/2.txt", report(figure(value=3)))
    registered = sent.register()
    assert [row(registered, f"{CODE}/{name}")["is_current"] for name in ("1.txt", "form.xlsx", "2.txt")] == [
        False,
        True,
        True,
    ]
    assert row(registered, f"{CODE}/2.txt")["version"] == 2
    assert sorted(o["value"] for o in registered.observations) == [2, 3]
    (finding,) = registered.findings
    assert (finding.finding.rule, finding.original_name) == ("file_superseded", f"{CODE}/1.txt")
    assert finding.finding.observed == f"{CODE}/2.txt"


def test_a_plan_neither_supersedes_a_report_nor_counts(sent: Round) -> None:
    sent.send(f"{CODE}/bc.txt", report(figure(value=1)))
    sent.send(f"{CODE}/kh.txt", report(figure(value=900), header=Header(document_type="plan")))
    registered = sent.register()
    assert row(registered, f"{CODE}/bc.txt")["counts_as_report"]
    assert not row(registered, f"{CODE}/kh.txt")["counts_as_report"]
    assert {o["value"]: o["status"] for o in registered.observations} == {1: "accepted", 900: "rejected"}


def test_figures_of_a_paper_of_unknown_type_wait_for_a_person(sent: Round) -> None:
    sent.send(f"{CODE}/x.txt", report(figure(), header=Header()))
    registered = sent.register()
    assert [o["status"] for o in registered.observations] == ["review"]
    assert not row(registered, f"{CODE}/x.txt")["counts_as_report"]


def test_same_bytes_count_once(sent: Round) -> None:
    sent.send(f"{CODE}/a.txt", report(figure()), content="same")
    sent.send(f"{CODE}/b.txt", report(figure()), content="same")
    registered = sent.register()
    assert [r["state"] for r in registered.rows] == ["parsed", "duplicate"]
    assert len(registered.observations) == len(registered.documents) == 1
    (finding,) = registered.findings
    assert (finding.finding.rule, finding.finding.observed) == ("file_duplicate", f"{CODE}/a.txt")


def test_same_bytes_under_another_communes_name_stay_with_the_first(sent: Round) -> None:
    sent.send(f"{CODE}/a.txt", report(figure()), content="same")
    sent.send(f"{OTHER}/a.txt", report(figure()), content="same")
    registered = sent.register(AFTER_DUE)
    assert [o["commune_code"] for o in registered.observations] == [CODE]
    assert OTHER in {f.commune_code for f in registered.findings if f.finding.rule == "file_missing"}


def test_empty_files_of_two_communes_are_two_faults(sent: Round) -> None:
    empty = refusal(Finding("file_empty"))
    sent.send(f"{CODE}/a.xlsx", empty, content="nothing")
    sent.send(f"{OTHER}/b.xlsx", empty, content="nothing")
    result = sent.register()
    assert [row["state"] for row in result.rows] == ["quarantined", "quarantined"]
    told = {f.commune_code for f in result.findings if f.finding.rule == "file_empty"}
    assert told == {CODE, OTHER}


def test_sending_an_earlier_version_again_takes_the_later_one_back(sent: Round) -> None:
    sent.send(f"{CODE}/a.txt", report(figure(value=1)), content="A")
    sent.send(f"{CODE}/b.txt", report(figure(value=2)), content="B")
    sent.send(f"{CODE}/a-again.txt", report(figure(value=1)), content="A")
    registered = sent.register()
    assert [o["value"] for o in registered.observations] == [1]
    assert row(registered, f"{CODE}/a-again.txt")["version"] == 3


def test_following_the_advice_for_an_unknown_sender_works(sent: Round) -> None:
    sent.send("bao-cao.txt", report(figure()), content="same")
    assert rules(sent.register()) == ["file_unknown_commune"]
    assert sent.register().observations == []
    sent.send(f"{CODE}/bao-cao.txt", report(figure()), content="same")
    registered = sent.register()
    assert [r["state"] for r in registered.rows] == ["duplicate", "parsed"]
    assert [o["commune_code"] for o in registered.observations] == [CODE]
    assert rules(registered) == ["file_duplicate"]


def test_voices_that_disagree_leave_the_file_with_nobody(sent: Round) -> None:
    sent.send(f"{CODE}/a.txt", report(figure(), votes=[OTHER]))
    registered = sent.register()
    assert (row(registered, f"{CODE}/a.txt")["state"], row(registered, f"{CODE}/a.txt")["commune_code"]) == (
        "unassigned",
        None,
    )
    assert registered.observations == []
    (finding,) = registered.findings
    assert finding.finding.rule == "file_identity_conflict"
    for code in (CODE, OTHER):
        assert catalogue().commune[code].full_name in (finding.finding.observed or "")


UNUSABLE = {
    "unreadable": (refusal(Finding("file_unreadable", observed="tệp hỏng")), "không đọc được"),
    "unsafe": (refusal(Finding("file_unsafe", observed="có macro")), "không đọc được"),
    "no figures": (form(), "không có số liệu"),
    "other round": (form(figure(value=9), round_id="2025-digital-transformation"), "biểu mẫu của đợt"),
    "of nobody known": (report(figure(value=9), votes=[OTHER]), "chưa xác định"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_new_version_leaves_the_last_good_one_standing(sent: Round, kind: str) -> None:
    reading, words = UNUSABLE[kind]
    sent.send(f"{CODE}/form.xlsx", form(figure(value=1)), content="good")
    bad = sent.send(f"{CODE}/form.xlsx", reading, content="bad")
    registered = sent.register()
    assert [o["value"] for o in registered.observations] == [1]
    assert [r["counts_as_report"] for r in registered.rows] == [True, False]
    kept = [f for f in registered.findings if f.finding.rule == "file_kept_last_good"]
    assert [f.sha256 for f in kept] == [bad.sha256]
    assert words in (kept[0].finding.observed or "")
    sent.send(f"{CODE}/form.xlsx", form(figure(value=2)), content="mended")
    assert [o["value"] for o in sent.register().observations] == [2]


def test_a_form_of_another_round_is_shown_and_told(sent: Round) -> None:
    sent.send(f"{CODE}/form.xlsx", form(figure(), round_id="2025-digital-transformation"))
    registered = sent.register(AFTER_DUE)
    assert row(registered, f"{CODE}/form.xlsx")["is_current"]
    (wrong,) = [f.finding for f in registered.findings if f.commune_code == CODE]
    assert (wrong.rule, wrong.observed, wrong.expected) == (
        "file_wrong_round",
        "2025-digital-transformation",
        ROUND,
    )


def test_an_outdated_form_is_told(sent: Round) -> None:
    sent.send(f"{CODE}/form.xlsx", form(figure(), version="2024.c.9"))
    (finding,) = sent.register().findings
    assert (finding.finding.rule, finding.finding.observed, finding.finding.expected) == (
        "file_form_version",
        "2024.c.9",
        "2025.c.1",
    )


def test_lateness_is_a_matter_of_the_local_date(sent: Round) -> None:
    due = datetime(2025, 12, 10, 17, 0, tzinfo=UTC)  # midnight after the due date in Hải Phòng
    sent.send(f"{CODE}/a.txt", report(figure()), hours=(due - START).total_seconds() / 3600 - 0.01)
    sent.send(f"{OTHER}/a.txt", report(figure()), hours=(due - START).total_seconds() / 3600, content="later")
    (finding,) = sent.register().findings
    assert (finding.commune_code, finding.finding.observed, finding.finding.expected) == (
        OTHER,
        "11/12/2025",
        "10/12/2025",
    )


def test_missing_communes_are_told_once_the_date_has_passed(sent: Round) -> None:
    sent.send(f"{CODE}/a.txt", report(figure()))
    sent.send(f"{OTHER}/plan.txt", report(header=Header(document_type="plan")))
    assert "file_missing" not in rules(sent.register(date(2025, 12, 10)))
    missing = {f.commune_code for f in sent.register(AFTER_DUE).findings if f.finding.rule == "file_missing"}
    assert missing == {commune.commune_code for commune in catalogue().expected(ROUND)} - {CODE}


def test_a_report_without_figures_that_the_round_asks_for_counts_and_is_told(sent: Round) -> None:
    sent.send(f"{CODE}/a.txt", report(figure("place_households")))
    registered = sent.register()
    assert row(registered, f"{CODE}/a.txt")["counts_as_report"]
    assert rules(registered) == ["file_no_figures"]


def test_a_file_not_read_yet_is_received_and_nothing_more(sent: Round) -> None:
    sent.send(f"{CODE}/a.txt", None)
    registered = sent.register()
    entry = row(registered, f"{CODE}/a.txt")
    assert (entry["state"], entry["is_current"], entry["document_type"]) == ("received", False, None)
    assert registered.observations == registered.findings == []


@pytest.mark.parametrize("document_type", ["report", "plan"])
def test_the_same_claim_twice_is_two_observations_with_lasting_names(
    sent: Round, document_type: DocumentType
) -> None:
    reading = report(figure(), figure(), figure(line=2), header=Header(document_type=document_type))
    sent.send(f"{CODE}/a.txt", reading)
    names = [o["observation_id"] for o in sent.register().observations]
    assert len(set(names)) == 3
    assert names == [o["observation_id"] for o in sent.register().observations]


def test_what_a_file_shows_by_itself_is_filed_with_its_figure(sent: Round) -> None:
    shown = Finding("value_repaired", Address(line=2), ASKED[0], observed="3Q0", expected="300")
    sent.send(f"{CODE}/old.txt", replace(report(figure(line=2)), findings=(shown,)), content="old")
    sent.send(f"{CODE}/new.txt", replace(report(figure(), figure(line=2)), findings=(shown,)), content="new")
    registered = sent.register()
    (filed,) = [f for f in registered.findings if f.finding.rule == "value_repaired"]
    assert filed.original_name == f"{CODE}/new.txt"
    assert filed.observation_id == registered.observations[1]["observation_id"]


def test_receipts_in_any_order_give_the_same_register(sent: Round) -> None:
    for number in range(4):
        sent.send(f"{CODE}/{number}.txt", report(figure(value=number)))
    expected = sent.register().rows
    sent.receipts.reverse()
    assert sent.register().rows == expected


def test_statements_travel_with_their_version_and_only_the_standing_report_counts(sent: Round) -> None:
    def stating(text: str, **header: Any) -> Reading:
        statement = Statement("difficulty", None, ("people", "funding"), text, Address(line=9), "Khó khăn")
        return replace(report(figure(), **header), statements=(statement,))

    sent.send(f"{CODE}/1.txt", stating("Thiếu người."))
    sent.send(f"{CODE}/2.txt", stating("Thiếu hai người."))
    registered = sent.register()
    assert [(s["text"], s["is_current"]) for s in registered.statements] == [
        ("Thiếu người.", False),
        ("Thiếu hai người.", True),
    ]
    one = registered.statements[1]
    assert (one["commune_code"], one["theme"], one["themes"]) == (CODE, "people", ["people", "funding"])
    assert one["statement_id"] != registered.statements[0]["statement_id"]
    assert set(one) == {column.name for column in catalogue().table["core/statements"].columns}
    assert registered.statements == sent.register().statements
