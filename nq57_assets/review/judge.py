"""What becomes of each answer in a review workbook: a decision, or an explanation why there is none. Nothing is guessed.

Belongs here: checking answers against what was asked and what has happened since. Does not belong: files (``desk``),
what a decision does (``consolidate``).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from nq57_assets.catalogue import Catalogue, Indicator
from nq57_assets.review.force import RULINGS_VI
from nq57_assets.review.layout import RULINGS
from nq57_assets.review.read import Answer
from nq57_assets.vietnamese.numbers import parse_amount
from nq57_assets.words import figure

Result = Literal[
    "applied", "repeated", "incomplete", "invalid", "stale", "tampered", "twice", "overtaken", "unknown"
]
RESULTS_VI: dict[Result, str] = {
    "applied": "Đã ghi vào sổ",
    "repeated": "Đã ghi từ trước",
    "incomplete": "Chưa đủ",
    "invalid": "Không hợp lệ",
    "stale": "Số liệu đã thay đổi",
    "tampered": "Dòng bị thay đổi",
    "twice": "Ghi hai lần khác nhau",
    "overtaken": "Đã có quyết định khác",
    "unknown": "Không nhận ra dòng",
}
_KINDS = {word.casefold(): kind for kind, word in RULINGS.items()}


@dataclass(frozen=True)
class Outcome:
    """What became of one answer; ``decision`` holds the arguments of ``Ledger.record_decision`` when it is applied."""

    answer: Answer
    result: Result
    told: str
    row: Mapping[str, Any] | None = None
    decision: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON-able values, with the answers as typed."""
        row = self.row or {}
        return {
            "sheet": self.answer.sheet,
            "line": self.answer.line,
            "row_id": self.answer.row_id,
            "commune_code": row.get("commune_code"),
            "indicator": row.get("indicator"),
            "ruling": str(self.answer.cells.get("ruling", "")),
            "outcome": self.result,
            "outcome_vi": RESULTS_VI[self.result],
            "told": self.told,
            "answers": {
                key: value.isoformat() if isinstance(value, date) else value
                for key, value in self.answer.cells.items()
            },
        }


@dataclass(frozen=True)
class Asked:
    """A workbook as it was issued: its rows by id, as ``rows.Row`` had them, with their ``content_hash``."""

    workbook_id: str
    issued_at: datetime
    rows: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Now:
    """How things stand when the workbook is read.

    Attributes:
        claims: Files that claim a figure now, by observation id, and by commune and indicator.
        decisions: All decisions of the round, oldest first.
        day: The date in Hải Phòng.
    """

    observation_ids: frozenset[str]
    files: Mapping[tuple[Any, Any], frozenset[str]]
    current_files: frozenset[str]
    decisions: Sequence[Mapping[str, Any]]
    day: date
    waiver_days: int = 180
    indicators: Mapping[str, Indicator] = field(default_factory=dict)


def standing(
    submissions: Iterable[Mapping[str, Any]],
    observations: Iterable[Mapping[str, Any]],
    decisions: Sequence[Mapping[str, Any]],
    day: date,
    catalogue: Catalogue,
) -> Now:
    """Return how things stand, from rows of ``raw/submissions``, ``core/observations`` and the ledger."""
    files: dict[tuple[Any, Any], set[str]] = {}
    ids = set()
    for row in observations:
        ids.add(row["observation_id"])
        if row["status"] != "rejected":
            files.setdefault((row["commune_code"], row["indicator"]), set()).add(row["sha256"])
    return Now(
        observation_ids=frozenset(ids),
        files={key: frozenset(value) for key, value in files.items()},
        current_files=frozenset(
            row["sha256"] for row in submissions if row["is_current"] or row["state"] != "parsed"
        ),
        decisions=decisions,
        day=day,
        waiver_days=int(catalogue.settings["waiver_days"]),
        indicators=catalogue.indicator,
    )


def judge(answers: Sequence[Answer], asked: Asked, now: Now) -> list[Outcome]:
    """Return what becomes of each answer, in the order of the workbook."""
    counted = Counter(answer.row_id for answer in answers)
    alike: dict[str | None, set[str]] = {}
    for answer in answers:
        alike.setdefault(answer.row_id, set()).add(json.dumps(answer.cells, sort_keys=True, default=str))
    outcomes = []
    done: set[str | None] = set()
    for answer in answers:
        row = asked.rows.get(answer.row_id or "")
        if row is None:
            told = "dòng này không có trong tệp rà soát đã lập; mã dòng bị sửa hoặc dòng được thêm vào"
            outcomes.append(Outcome(answer, "unknown", told))
        elif counted[answer.row_id] > 1 and len(alike[answer.row_id]) > 1:
            told = f"mã dòng {answer.row_id} có {counted[answer.row_id]} dòng với câu trả lời khác nhau; giữ một dòng"
            outcomes.append(Outcome(answer, "twice", told, row))
        elif answer.row_id in done:
            outcomes.append(Outcome(answer, "repeated", "trùng với dòng trên", row))
        else:
            done.add(answer.row_id)
            outcomes.append(_judged(answer, row, asked, now))
    return _without_contradictions(outcomes)


def _without_contradictions(outcomes: list[Outcome]) -> list[Outcome]:
    """Refuse corrections of one figure to different values: which of them was meant can not be known."""
    set_to: dict[tuple[Any, Any], set[float]] = {}
    for outcome in outcomes:
        if outcome.decision and outcome.decision["kind"] == "correct":
            set_to.setdefault(_figure_of(outcome), set()).add(outcome.decision["value_to"])
    return [
        replace(
            outcome,
            result="twice",
            decision=None,
            told="nhiều dòng sửa cùng một số liệu thành các số khác nhau; giữ một số",
        )
        if outcome.decision and outcome.decision["kind"] == "correct" and len(set_to[_figure_of(outcome)]) > 1
        else outcome
        for outcome in outcomes
    ]


def _figure_of(outcome: Outcome) -> tuple[Any, Any]:
    row = outcome.row or {}
    return row.get("commune_code"), row.get("indicator")


def _judged(answer: Answer, row: Mapping[str, Any], asked: Asked, now: Now) -> Outcome:
    if answer.content != row["content_hash"]:
        told = "các ô khóa của dòng khác với tệp đã lập; nhập quyết định lại trong tệp mới"
        return Outcome(answer, "tampered", told, row)
    decision, result, told = _decision(answer, row, now)
    if decision is None:
        return Outcome(answer, result, told, row)
    source = f"{asked.workbook_id}:{row['row_id']}"
    mine = [earlier for earlier in now.decisions if earlier["source"] == source]
    if mine and all(mine[-1][key] == decision[key] for key in ("kind", "value_to", "reason", "decided_by")):
        return Outcome(answer, "repeated", f"quyết định {mine[-1]['decision_id']}", row)
    stale = _stale(decision, row, now)
    if stale:
        return Outcome(answer, "stale", stale, row)
    overtaken = _overtaken(row, asked, source, now)
    if overtaken:
        return Outcome(answer, "overtaken", overtaken, row)
    return Outcome(answer, "applied", "", row, {**decision, "source": source})


def _decision(answer: Answer, row: Mapping[str, Any], now: Now) -> tuple[dict[str, Any] | None, Result, str]:
    """Return the decision that an answer means, or why it means none."""
    cells = answer.cells
    if answer.formulas:
        return None, "invalid", "ô trả lời là công thức; ghi giá trị"
    if "ruling" not in cells:
        return None, "incomplete", "chưa chọn quyết định"
    kind = _KINDS.get(str(cells["ruling"]).casefold())
    allowed = ", ".join(RULINGS[ruling] for ruling in row["rulings"])
    if kind is None:
        return None, "invalid", f"quyết định “{cells['ruling']}” không có trong danh sách: {allowed}"
    if kind not in row["rulings"]:
        return None, "invalid", f"dòng này không nhận quyết định “{cells['ruling']}”, chỉ nhận: {allowed}"
    lacking = [
        words
        for key, words in (("reason", "lý do"), ("name", "người quyết định"))
        if not _said(cells.get(key))
    ]
    if kind == "correct" and "value" not in cells:
        lacking.insert(0, "số đúng")
    if lacking:
        return None, "incomplete", f"còn thiếu {', '.join(lacking)}"
    value: float | None = None
    if "value" in cells:
        if kind != "correct":
            return (
                None,
                "invalid",
                f"có ghi số đúng nhưng quyết định là “{RULINGS[kind]}”; muốn sửa thì chọn “Sửa”",
            )
        value, wrong = _value(cells["value"], now.indicators.get(row["indicator"] or ""))
        if wrong:
            return None, "invalid", wrong
    expires_on, wrong = _until(cells.get("until"), kind, now)
    if wrong:
        return None, "invalid", wrong
    return (
        {
            "kind": kind,
            "decided_by": str(cells["name"]),
            "reason": str(cells["reason"]),
            "commune_code": row["commune_code"],
            "indicator": row["indicator"],
            "observation_id": row["observation_id"] if kind != "waive" else None,
            "finding_id": row["finding_id"],
            "value_from": row["value_from"],
            "value_to": value,
            "expires_on": expires_on,
            "seen": row["seen"],
        },
        "applied",
        "",
    )


def _said(content: Any) -> bool:
    return isinstance(content, str) and any(letter.isalpha() for letter in content)


def _value(content: Any, indicator: Indicator | None) -> tuple[float | None, str]:
    """Return the figure that was typed, or why it can not stand for the indicator."""
    value: float | None = None
    if isinstance(content, str):
        amount = parse_amount(content)
        value = amount[0] if amount is not None and not amount[1] else None
    elif isinstance(content, int | float) and not isinstance(content, bool):
        value = float(content)
    if value is None or not math.isfinite(value):
        return None, f"“{content}” không phải là một con số"
    if indicator is None:
        return value, ""
    if (indicator.is_count or indicator.kind == "flag") and value != round(value):
        return (
            None,
            f"chỉ tiêu là số đếm nhưng ghi {figure(value)}; ghi số nguyên, không dùng dấu phân cách hàng nghìn",
        )
    top = 1.0 if indicator.kind == "flag" else indicator.maximum
    if value < indicator.minimum or (top is not None and value > top):
        bounds = f"từ {figure(indicator.minimum)}" + (f" đến {figure(top)}" if top is not None else "")
        return None, f"số {figure(value)} ngoài khoảng cho phép của chỉ tiêu ({bounds})"
    return value, ""


def _until(content: Any, kind: str, now: Now) -> tuple[date | None, str]:
    """Return the last day of a waiver: as typed, else the usual term."""
    if content is None:
        return (now.day + timedelta(days=now.waiver_days) if kind == "waive" else None), ""
    if kind != "waive":
        return None, "chỉ quyết định “Bỏ qua” mới có ngày hết hạn"
    if isinstance(content, str):
        try:
            content = datetime.strptime(content, "%d/%m/%Y").date()  # noqa: DTZ007, a day has no zone
        except ValueError:
            return None, f"ngày hết hạn “{content}” không đọc được; ghi ngày/tháng/năm"
    if not isinstance(content, date):
        return None, f"ngày hết hạn “{content}” không phải là ngày"
    if content < now.day:
        return None, f"ngày hết hạn {content:%d/%m/%Y} đã qua"
    return content, ""


def _stale(decision: Mapping[str, Any], row: Mapping[str, Any], now: Now) -> str:
    """Return why what the reviewer saw is no longer what there is."""
    if row["observation_id"] is not None and row["observation_id"] not in now.observation_ids:
        return "số liệu này không còn: đơn vị đã nộp bản khác sau khi lập tệp rà soát"
    if row["observation_id"] is None and row["sha256"] is not None and row["sha256"] not in now.current_files:
        return "tệp có phát hiện này đã được thay bằng bản khác sau khi lập tệp rà soát"
    if decision["kind"] in ("correct", "waive") and row["indicator"] is not None:
        known = set(json.loads(row["seen"])["files"])
        if now.files.get((row["commune_code"], row["indicator"]), frozenset()) - known:
            return "đơn vị đã nộp tệp khác có số liệu của chỉ tiêu này sau khi lập tệp rà soát"
    return ""


def _overtaken(row: Mapping[str, Any], asked: Asked, source: str, now: Now) -> str:
    """Return who has ruled on the same thing elsewhere since the workbook was made."""
    for other in reversed(now.decisions):
        if other["source"] == source or other["decided_at"] <= asked.issued_at:
            continue
        same_claim = row["observation_id"] is not None and other["observation_id"] == row["observation_id"]
        same_finding = row["finding_id"] is not None and other["finding_id"] == row["finding_id"]
        if same_claim or (same_finding and other["kind"] == "waive"):
            ruling = f"{other['decided_by']} đã quyết định “{RULINGS_VI[other['kind']]}”"
            return f"{ruling} sau khi lập tệp này; xem lại trong tệp mới"
    return ""
