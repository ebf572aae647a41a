"""Reports sent in a .zip: each member is a submission of its own, counts like a loose file and is proven to the bundle."""

from __future__ import annotations

import io
import os
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from nq57_assets import pipeline
from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.fsck import fsck
from nq57_assets.intake.ledger import Receipt
from nq57_assets.outputs.form import Answer, form_bytes
from nq57_assets.outputs.returns import returns_of
from nq57_assets.project import Project, today
from nq57_assets.status import status
from nq57_assets.trace import trace
from nq57_assets_tests.word_files import docx, p

ROUND = "2025-nq57-communication"
FORM_OF, REPORT_OF, OTHER = "10507", "10525", "10543"


def form(count: int, code: str = FORM_OF) -> bytes:
    return form_bytes(ROUND, catalogue(), code, {"team_count": Answer(count)})


def report(count: int) -> bytes:
    lines = (
        "ỦY BAN NHÂN DÂN", "PHƯỜNG HẢI DƯƠNG", "Số: 12/BC-UBND", "Hải Dương, ngày 5 tháng 12 năm 2025", "BÁO CÁO",
        "Kết quả tuyên truyền Nghị quyết số 57-NQ/TW năm 2025",
        f"Phường đã thành lập {count} Tổ công nghệ số cộng đồng.",
    )  # fmt: skip
    return docx("".join(p(line) for line in lines))


def zipped(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return buffer.getvalue()


WORD = report(21)


class City:
    """A data directory with its inbox, and what the steps make of it."""

    def __init__(self, root: Path) -> None:
        self.project = Project(DataDir(root), catalogue())
        (self.project.data.inbox / ROUND).mkdir(parents=True)

    def send(self, name: str, content: bytes, at: int | None = None) -> None:
        path = self.project.data.inbox / ROUND / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if at is not None:
            os.utime(path, (at, at))

    def run(self) -> None:
        pipeline.run_all(self.project, [ROUND], settle=0)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self.project.lake.arrow(table, [ROUND]).to_pylist()

    def submissions(self) -> dict[str, dict[str, Any]]:
        return {row["original_name"]: row for row in self.rows("raw/submissions")}

    def receipts(self) -> dict[str, Receipt]:
        return {receipt.original_name: receipt for receipt in self.project.archive.receipts(ROUND)}

    def value(self, code: str) -> float | None:
        (row,) = [
            row
            for row in self.rows("core/values")
            if row["commune_code"] == code and row["indicator"] == "team_count"
        ]
        found: float | None = row["value"]
        return found


def damaged(entries: dict[str, bytes], victim: str) -> bytes:
    """A bundle in which one member's bytes no longer match their checksum."""
    data = bytearray(zipped(entries))
    data[data.index(victim.encode()) + len(victim.encode()) + 60] ^= 0x10
    return bytes(data)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    made = City(tmp_path_factory.mktemp("city"))
    members = {
        f"{FORM_OF}/bieu.xlsx": form(7),
        "bc.docx": WORD,
        f"{OTHER}/hong.xlsx": form(3, OTHER),
        "trong.zip": zipped({"x.txt": b"x"}),
        "__MACOSX/._bc.docx": b"x",
    }
    made.send("gui/goi.zip", damaged(members, "hong.xlsx"))
    made.run()
    return made


def test_each_member_has_its_own_receipt_hash_and_name(city: City) -> None:
    receipts = city.receipts()
    bundle = receipts["gui/goi.zip"]
    assert set(receipts) == {"gui/goi.zip", f"gui/goi.zip/{FORM_OF}/bieu.xlsx", "gui/goi.zip/bc.docx"}
    word = receipts["gui/goi.zip/bc.docx"]
    assert (word.bundle_sha256, bundle.bundle_sha256) == (bundle.sha256, None)
    assert (word.received_at, word.size) == (bundle.received_at, len(WORD))
    assert city.project.archive.open(word.sha256) == WORD
    assert fsck(city.project.data).sound


def test_members_count_and_the_bundle_itself_is_no_report(city: City) -> None:
    rows = city.submissions()
    assert rows["gui/goi.zip"]["state"] == "bundle" and not rows["gui/goi.zip"]["counts_as_report"]
    assert rows["gui/goi.zip/bc.docx"]["bundle_sha256"] == rows["gui/goi.zip"]["sha256"]
    assert (city.value(FORM_OF), city.value(REPORT_OF)) == (7, 21)
    told = status(city.project.data, ROUND)
    assert "2 of 114 communes have reported" in str(told) and told.strays == ()


def test_what_could_not_be_taken_is_a_finding_of_its_own_with_what_to_do(city: City) -> None:
    findings = {row["address"]: row for row in city.rows("core/findings") if "bundle" in row["rule"]}
    assert set(findings) == {None, f"{OTHER}/hong.xlsx", "trong.zip"}
    assert "bỏ qua 1 mục" in findings[None]["message_vi"]
    assert "hỏng" in findings[f"{OTHER}/hong.xlsx"]["message_vi"]
    assert "lồng trong gói" in findings["trong.zip"]["message_vi"]
    assert "Nộp riêng" in findings["trong.zip"]["advice_vi"]


def test_a_figure_is_proven_to_the_members_bytes_in_the_bundle(city: City) -> None:
    proof = trace(city.project.data, ROUND, "team_count")
    assert proof.proven and len(proof.links) == 2
    bundle = city.receipts()["gui/goi.zip"].sha256
    assert {link.bundle_sha256 for link in proof.links} == {bundle}
    assert "gui/goi.zip/bc.docx" in proof.render() and f"of the bundle [{bundle[:12]}]" in proof.render()


def test_a_letter_names_the_member_that_must_be_sent_again(tmp_path: Path) -> None:
    city = City(tmp_path)
    members = {"bieu.xlsx": form(3, OTHER), "bc.docx": report(4)}
    city.send(f"{OTHER}/goi.zip", damaged(members, "bc.docx"))
    city.run()
    (told,) = [one for one in returns_of(city.project, ROUND, today()) if one.commune.commune_code == OTHER]
    assert any(item.place == "bc.docx" and "hỏng" in item.message and item.must for item in told.items)


def test_a_bundle_opened_again_adds_nothing_and_a_killed_run_is_completed(tmp_path: Path) -> None:
    city = City(tmp_path)
    city.send("goi.zip", zipped({f"{FORM_OF}.xlsx": form(7), f"{OTHER}.xlsx": form(3, OTHER)}))
    assert pipeline.receive(city.project, settle=0).new == 3
    assert pipeline.receive(city.project, settle=0).new == 0
    (city.project.data.cache / "bundles.json").unlink()
    assert pipeline.receive(city.project, settle=0).new == 0
    assert fsck(city.project.data).receipts == 3

    killed = City(tmp_path / "killed")
    killed.send("goi.zip", zipped({f"{FORM_OF}.xlsx": form(7)}))
    files, now = _scanned(killed)
    killed.project.archive.receive(files, now)  # and the process ends before the bundle is opened
    killed.run()
    assert killed.value(FORM_OF) == 7


def _scanned(city: City) -> tuple[list[Any], Any]:
    from nq57_assets.intake.inbox import scan
    from nq57_assets.project import now

    return scan(city.project.data, catalogue(), now(), settle=0), now()


def test_the_same_bundle_or_a_member_sent_loose_is_a_copy_and_a_new_member_a_version(tmp_path: Path) -> None:
    city = City(tmp_path)
    first = zipped({f"{FORM_OF}.xlsx": form(7)})
    city.send("a.zip", first, at=1_765_000_000)
    city.send("b.zip", first, at=1_765_000_100)
    city.send(f"{FORM_OF} loose.xlsx", form(7), at=1_765_000_200)
    city.run()
    states = {name: row["state"] for name, row in city.submissions().items()}
    assert states == {
        "a.zip": "bundle",
        f"a.zip/{FORM_OF}.xlsx": "parsed",
        "b.zip": "duplicate",
        f"b.zip/{FORM_OF}.xlsx": "duplicate",
        f"{FORM_OF} loose.xlsx": "duplicate",
    }
    assert trace(city.project.data, ROUND, "team_count", FORM_OF).proven
    assert len(city.rows("staged/documents")) == 1
    city.send("c.zip", zipped({f"{FORM_OF}.xlsx": form(9)}), at=1_765_000_300)
    city.run()
    assert city.value(FORM_OF) == 9
    assert city.submissions()[f"c.zip/{FORM_OF}.xlsx"]["version"] == 2


def test_of_two_versions_in_one_bundle_the_one_saved_last_stands(tmp_path: Path) -> None:
    city = City(tmp_path)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(zipfile.ZipInfo(f"{FORM_OF} a.xlsx", (2025, 12, 4, 9, 0, 0)), form(9))
        package.writestr(zipfile.ZipInfo(f"{FORM_OF} b.xlsx", (2025, 12, 1, 9, 0, 0)), form(7))
    city.send("goi.zip", buffer.getvalue())
    city.run()
    assert city.value(FORM_OF) == 9


def test_fsck_and_trace_see_a_receipt_that_names_the_wrong_bundle(city: City, tmp_path: Path) -> None:
    data = city.project.data
    ledger = data.archive / "ledger.sqlite"
    before = ledger.read_bytes()
    member = city.receipts()["gui/goi.zip/bc.docx"]
    try:
        with sqlite3.connect(ledger) as connection:
            connection.execute("DROP TRIGGER receipts_update")
            connection.execute(
                "UPDATE receipts SET sha256 = ? WHERE receipt_id = ?", ["0" * 64, member.receipt_id]
            )
        connection.close()
        assert {"ledger", "member"} <= {damage.kind for damage in fsck(data).damages}
    finally:
        ledger.write_bytes(before)
    assert fsck(data).sound
