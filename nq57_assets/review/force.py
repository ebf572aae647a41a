"""Which decisions still hold: a later one replaces an earlier one, a new submission makes one lapse, a waiver expires.

Belongs here: judging decisions against the claims of today, and telling those that fell away. Does not belong: writing
decisions down (``intake.ledger``), applying them (``consolidate.resolve``, ``quality.findings``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from nq57_assets.catalogue import Catalogue
from nq57_assets.model import FiledFinding, Finding
from nq57_assets.privacy import mask

IN_FORCE, LAPSED, EXPIRED, REPLACED = "in_force", "lapsed", "expired", "replaced"
RULINGS_VI = {"accept": "chấp nhận", "correct": "sửa", "reject": "bác bỏ", "waive": "bỏ qua"}
_LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


def seen(claims: Iterable[Mapping[str, Any]], rule: str | None = None) -> str:
    """Return what lies before a person who decides, for the ledger: the files that claim the figure, and the rule.

    Args:
        claims: Rows of ``core/observations`` of the commune and indicator.
        rule: Rule of the finding that is ruled on.
    """
    return json.dumps({"files": sorted({claim["sha256"] for claim in claims}), "rule": rule}, sort_keys=True)


def judged(
    decisions: Sequence[Mapping[str, Any]], observations: Iterable[Mapping[str, Any]], today: date
) -> list[dict[str, Any]]:
    """Return the decisions of a round with ``state`` and ``state_vi`` (why it no longer holds).

    Args:
        decisions: Decisions of one round as the ledger has them, oldest first.
        observations: Rows of ``core/observations`` of the round: ``observation_id``, ``commune_code``, ``indicator``,
            ``sha256`` and ``status`` are read.
        today: The date in Hải Phòng; a waiver holds on its last day.
    """
    claims = {row["observation_id"]: row for row in observations}
    files: dict[tuple[Any, Any], set[str]] = {}
    for row in claims.values():
        if row["status"] != "rejected":
            files.setdefault((row["commune_code"], row["indicator"]), set()).add(row["sha256"])
    last: dict[tuple[Any, ...], str] = {}
    for decision in decisions:
        for subject in _subjects(decision):
            last[subject] = decision["decision_id"]
    rows = []
    for decision in decisions:
        state, why = _state(decision, claims, files, last, today)
        rows.append({**decision, "state": state, "state_vi": why})
    return rows


def _subjects(decision: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return what a decision is the last word on; a later decision on any of it replaces this one."""
    figure = ("figure", decision["commune_code"], decision["indicator"])
    if decision["kind"] == "waive":
        return [("finding", decision["finding_id"] or (decision["observation_id"], *figure))]
    if decision["kind"] == "correct":
        named = [("claim", decision["observation_id"])] if decision["observation_id"] else []
        return [figure, *named]
    return [("claim", decision["observation_id"])]


def _state(
    decision: Mapping[str, Any],
    claims: Mapping[str, Mapping[str, Any]],
    files: Mapping[tuple[Any, Any], set[str]],
    last: Mapping[tuple[Any, ...], str],
    today: date,
) -> tuple[str, str | None]:
    if any(last[subject] != decision["decision_id"] for subject in _subjects(decision)):
        return REPLACED, "đã có quyết định sau thay thế"
    expires_on = decision.get("expires_on")
    if decision["kind"] == "waive" and expires_on is not None and expires_on < today:
        return EXPIRED, f"chỉ có hiệu lực đến hết ngày {expires_on:%d/%m/%Y}"
    observation_id = decision["observation_id"]
    if observation_id is not None and observation_id not in claims:
        return LAPSED, "số liệu đã xem không còn trong bản nộp hiện hành"
    if decision["kind"] == "correct" and decision.get("seen"):
        known = set(json.loads(decision["seen"])["files"])
        if files.get((decision["commune_code"], decision["indicator"]), set()) - known:
            return LAPSED, "đơn vị đã nộp tệp khác có số liệu của chỉ tiêu này sau khi quyết định"
    return IN_FORCE, None


def fallen(rows: Sequence[Mapping[str, Any]], round_id: str) -> list[FiledFinding]:
    """Return a finding for each decision that lapsed or expired and has not been taken anew.

    Args:
        rows: What ``judged`` returned.
        round_id: The round.
    """
    renewed = {
        (row["commune_code"], row["indicator"])
        for row in rows
        if row["state"] == IN_FORCE and row["kind"] != "waive"
    }
    found = []
    for row in rows:
        rule = {LAPSED: "review_lapsed", EXPIRED: "review_waiver_expired"}.get(row["state"])
        if rule is None or (row["commune_code"], row["indicator"]) in renewed:
            continue
        found.append(_filed(rule, row, round_id, row["state_vi"]))
    return found


def changed_waivers(
    rows: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]], round_id: str
) -> list[FiledFinding]:
    """Return a finding for each waiver whose finding has changed: the same rule is broken there, but otherwise.

    Args:
        rows: What ``judged`` returned.
        findings: Rows of ``core/findings`` of the round.
        round_id: The round.
    """
    present = {finding["finding_id"] for finding in findings}
    open_now = {
        (finding["rule"], finding["commune_code"], finding["indicator"])
        for finding in findings
        if finding["state"] == "open"
    }
    found = []
    for row in rows:
        if row["kind"] != "waive" or row["state"] != IN_FORCE or not row["finding_id"]:
            continue
        rule = json.loads(row["seen"]).get("rule") if row.get("seen") else None
        if row["finding_id"] not in present and (rule, row["commune_code"], row["indicator"]) in open_now:
            found.append(_filed("review_lapsed", row, round_id, "phát hiện đã bỏ qua nay có nội dung khác"))
    return found


def _filed(rule: str, row: Mapping[str, Any], round_id: str, why: str | None) -> FiledFinding:
    day = row["decided_at"].astimezone(_LOCAL_TIME)
    ruling = f"“{RULINGS_VI[row['kind']]}” của {mask(row['decided_by'])} ngày {day:%d/%m/%Y %H:%M}"
    finding = Finding(rule, indicator=row["indicator"], observed=ruling, expected=why)
    return FiledFinding(finding, round_id, commune_code=row["commune_code"])


def decision_rows(rows: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return judged decisions as rows of ``core/decisions``, with people's numbers and addresses masked."""
    names = [column.name for column in catalogue.table["core/decisions"].columns]
    return [
        {name: mask(row[name]) if name in ("reason", "decided_by") else row.get(name) for name in names}
        for row in rows
    ]
