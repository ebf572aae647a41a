"""The period that a report accounts for, and figures that are told of another one.

Belongs here: month, quarter or longer by the report's title; running totals in a report on a month; accounts month by
month. Does not belong: years and plans (``context``), columns of tables (``column_roles``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal

import re2

from nq57_assets.extract.cues import Doubt
from nq57_assets.extract.passages import Passage, Token
from nq57_assets.extract.quantities import Quantity
from nq57_assets.model import Document, Header, Observation
from nq57_assets.vietnamese.fold import fold

_MONTH = re2.compile(r"(?:^|[^\d ]|[^\d] |20\d\d )thang (\d{1,2})(?:$|[^\d.])")
_MONTHS = re2.compile(
    r"\b(?:\d{1,2}|hai|ba|bon|nam|sau|bay|tam|chin|muoi|muoi mot) thang|den (?:het )?thang"
    r"|thang \d{1,2} ?[-–,] ?\d|nua (?:dau|cuoi)"
    r"|\bl[uy]+ ?ke\b|cong don\b|tu dau nam|ca nam|tong ket|tu thang|tu ngay|hai quy|ba quy|cac quy|den (?:het )?quy"
    r"|^bao cao nam 20\d\d|quy (?:i{1,3}|[1-4]) ?(?:,|va|-|–) ?(?:quy )?(?:i{2,3}|iv|[2-4])(?:[^\pL\d]|$)"
)
_THREE_MONTHS = re2.compile(r"\b(?:0?3|ba) thang(?: (dau|cuoi) nam)?\b")
_SINCE_NEW_YEAR = re2.compile(r"\b(?:tu|ke tu) (?:dau nam|dau 20\d\d|01/0?1)\b")
_QUARTER = re2.compile(r"(?:^|[^\pL])quy (i{1,3}|iv|[1-4]|mot|hai|ba|bon|tu)(?:$|[^\pL\d])")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4}
# Behind what was done a title tells what is to come: "tháng 10, nhiệm vụ trọng tâm tháng 11".
_AHEAD = re2.compile(
    r"(?:,|;| va| -| –) ?(?:phuong huong|nhiem vu|ke hoach|chuong trinh)[a-z ,]{0,40} (?:thang|quy) (?:\d{1,2}|[iv]{1,3})"
)
_TITLE_LINES, _HEAD = 3, 40
# Words, folded, that set a figure in a running total, or in the period itself.
_RUNNING = re2.compile(
    r"\bl[uy]+ ?ke\b|cong don\b|(?:tu|ke tu) (?:dau nam|thang gieng|dau ky|dau nhiem ky|dau 20\d\d|01/0?1)"
    r"|tinh (?:den|toi) nay|tinh chung (?:tu|den|toi|ca nam|\d)"
    r"|(?:^| )(?:0?[2-9]|1[0-2]|hai|ba|bon|nam|sau|bay|tam|chin|muoi) thang(?: dau nam)?(?: qua)?(?:$| [^ ]*$)|ca nam"
    r"|(?:^| )(?:0?[2-9]|1[0-2]|hai|ba|bon|nam|sau|bay|tam|chin|muoi) thang qua(?: [^ ]+){0,3}$"
    r"|cong tu|6 ?t dau"
)
_WITHIN = re2.compile(
    r"(?:trong|rieng|cua|ca) (?:thang|quy|ky)|(?:thang|quy|ky) (?:nay|bao cao)|phat sinh trong"
)
_NAMED_MONTH = re2.compile(r"(?:^|[^\d ]|[^\d] )(?:thang (\d{1,2})|t(\d{1,2}))(?:$|[^\d])")
_OPENING = re2.compile(
    r"^\W*(?:trong |vao |sang |den |\d{1,2}[.)] ?)?(?:(?:dau |giua |cuoi )?"
    r"thang (\d{1,2}|gieng|chap|mot|hai|ba|tu|nam|sau|bay|tam|chin|muoi)(?:[^\d]|$)"
    r"|quy (?:i{1,3}|iv|[1-4])(?:[^\pL]|$)|(?:ngay )?\d{1,2}/(\d{1,2})(?: ?[-–:.]|$))"
)
_WEEK = re2.compile(
    r"^\W*(?:\d{1,2}[.)] ?)?((?:dau|giua|cuoi) thang|tuan (?:\d|thu|dau|cuoi|mot|hai|ba|bon)|ngay \d{1,2})"
)
_SUMMED = re2.compile(
    r"(?:nang|dua) (?:tong|len|so)|tong (?:so|cong)"
    r"|cong (?:lai|la|voi|duoc|thanh|chung)|\bl[uy]+ ?ke\b|cong don\b|(?:ca|toan) (?:ky|dot|nam|thang)|den nay|vi chi"
)
_COMING = re2.compile(
    r"^\W*(?:[ivx\d]{1,4}[.)/] ?)?"
    r"(?:(?:(?:kpi|okr|target|chi tieu|muc tieu|ke hoach|giao) )?(?:nam )?(20\d\d) ?[:,–-]"
    r"|(?:trong )?quy (i{1,3}|iv|[1-4])(?:[^\pL\d]|$)"
    r"|(?:trong |sang )?thang (\d{1,2})(?:[^\d]|$))"
)
# "Plan Q4: online 97%", "Kế hoạch tháng 11, 12: thêm 20 buổi"
_PLANNED = re2.compile(
    r"^\W*(?:[ivx\d]{1,4}[.)/] ?)?(?:plan|ke hoach|muc tieu|phan dau|du kien)"
    r" (?:q[1-4]|quy|thang|t\d{1,2})[^:\pL]?[^:]{0,16}:"
)
_DONE = re2.compile(r"\b(?:thuc hien|dat|duoc|da|ket qua|nay|hoan thanh)\b")
_REST = re2.compile(r"(?:^|[^\pL\d])(\d{1,2}|mot|hai|ba|bon|nam|sau) thang (?:con lai|cuoi nam)(?:$|[^\pL])")
_COUNTED = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6}
_LONGEST_TITLE = 70
_DOUBTED = 0.55
RUNNING = "lũy kế, không riêng kỳ này"


@dataclass(frozen=True, slots=True)
class Period:
    """A month or quarter by its number, or anything longer."""

    kind: Literal["month", "quarter", "long"] = "long"
    number: int = 0

    @property
    def short(self) -> bool:
        """Whether running totals reach beyond the period."""
        return self.kind != "long"

    @property
    def last_month(self) -> int | None:
        """The month that it ends with; None of anything longer, whose end its title does not tell."""
        return {"month": self.number, "quarter": 3 * self.number}.get(self.kind)

    def is_named_in(self, title: str) -> bool:
        """Whether a title names this month or quarter, or says that it is the period's.

        >>> Period("month", 11).is_named_in("Tháng 11"), Period("quarter", 2).is_named_in("TH quý I")
        (True, False)
        """
        plain = " ".join(fold(title).split())
        if self.kind == "month" and (found := _NAMED_MONTH.search(plain)):
            return int(found.group(1) or found.group(2)) == self.number
        if self.kind == "quarter" and (found := _QUARTER.search(plain)):
            return _quarter(found.group(1)) == self.number
        return self.short and _WITHIN.search(plain) is not None


def _quarter(words: str) -> int:
    return int(words) if words.isdigit() else _QUARTERS[words]


def report_period(document: Document, header: Header) -> Period:
    """Return what period the title of a report names; a running total in the title makes it a long one."""
    plain = [" ".join(fold(block.text).split()) for block in document.blocks[:_HEAD]]
    first = next((i for i, line in enumerate(plain) if line.startswith("bao cao")), None)
    # The title stands directly below the word, or behind one blank line.
    begin = 0 if first is None else first + 1 + (plain[first + 1 : first + 2] == [""])
    below = list(takewhile(bool, plain[begin : begin + _TITLE_LINES]))
    lines = [] if first is None else [plain[first], *below]
    title = _AHEAD.sub(" ", " ".join([fold(header.subject or ""), *lines]))
    three = _THREE_MONTHS.search(title)
    if _MONTHS.search(_THREE_MONTHS.sub(" ", title)):
        return Period()
    months = {int(found.group(1)) for found in _MONTH.finditer(_without_dates(title))}
    quarters = {_quarter(found.group(1)) for found in _QUARTER.finditer(title)}
    if three is not None and not months and not quarters and three.group(1):
        return Period("quarter", 1 if three.group(1) == "dau" else 4)
    if len(quarters) == 1 and not months:
        return Period("quarter", quarters.pop())
    if len(months) == 1 and not quarters and 1 <= min(months) <= 12:
        return Period("month", months.pop())
    return Period()


def _without_dates(text: str) -> str:
    return str(re2.sub(r"ngay \d{1,2} thang \d{1,2}", " ", text))


def beyond_period(tokens: Sequence[Token], quantity: Quantity, period: Period) -> list[Doubt]:
    """Doubt a running total in a report on a month or quarter: ``trong tháng 28 tin, lũy kế 104 tin``."""
    if not period.short:
        return []
    start = quantity.sentence[0]
    before = _as_within(
        _plain(
            t for i, t in enumerate(tokens[start : quantity.start], start) if not _closed(tokens, i, quantity)
        ),
        period,
    )
    running, within = _last(_RUNNING, before), _last_within(before, period)
    if running < 0 and within < 0:
        end = next(
            (i for i in range(quantity.unit_end, quantity.last) if tokens[i].text in ",;("), quantity.last
        )
        behind = _as_within(_plain(tokens[quantity.index + 1 : end]), period)
        running = _last(_RUNNING, behind)
    return [Doubt("review", RUNNING)] if running > within else []


def _as_within(text: str, period: Period) -> str:
    """Return a text in which three months are the quarter, and the time since New Year the first of all periods."""
    if period.kind == "quarter":
        text = _THREE_MONTHS.sub("trong quy", text)
    return str(_SINCE_NEW_YEAR.sub("trong ky", text)) if period.number == 1 else str(text)


def _closed(tokens: Sequence[Token], i: int, quantity: Quantity) -> bool:
    """Whether brackets around a token close before the figure."""
    return next((t.text for t in tokens[i : quantity.start] if t.text in "()"), "") == ")"


def _plain(tokens: Iterable[Token]) -> str:
    return " ".join(fold(token.text) for token in tokens)


def _last(pattern: re2._Regexp, text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)


def _last_within(text: str, period: Period) -> int:
    named = [
        found.start()
        for found in _NAMED_MONTH.finditer(text)
        if period.kind == "month" and int(found.group(1) or found.group(2)) == period.number
    ]
    if period.kind == "quarter":
        named += [f.start() for f in _QUARTER.finditer(text) if _quarter(f.group(1)) == period.number]
    return max([_last(_WITHIN, text), *named])


@lru_cache(maxsize=1024)
def is_ahead(text: str, year: int | None, month: int | None) -> bool:
    """Whether a title or passage opens with a year, quarter or month that was to come when the report was issued.

    ``month`` is the last one reported on, or that of the date of issue.

    >>> is_ahead("Quý IV: phấn đấu 60 buổi", 2025, 9), is_ahead("2026: loa IP", 2025, 12), is_ahead("Quý III", 2025, 9)
    (True, True, False)
    """
    plain = " ".join(fold(text[:_LONGEST_TITLE]).split())
    if _PLANNED.match(plain) and not _DONE.search(fold(text)):
        return True
    rest = _REST.search(plain)
    if rest is not None and month is not None:
        return month <= 13 - (int(rest.group(1)) if rest.group(1).isdigit() else _COUNTED[rest.group(1)])
    found = _COMING.match(plain)
    if found is None:
        return False
    if found.group(1):
        return year is not None and int(found.group(1)) > year
    if month is None or (year is not None and _named_year(text[:_LONGEST_TITLE]) not in (None, year)):
        return False
    if found.group(2):
        return _quarter(found.group(2)) > (month + 2) // 3
    return month < int(found.group(3)) <= 12


def _named_year(text: str) -> int | None:
    found = re2.search(r"(20\d\d)", text)
    return int(found.group(1)) if found else None


def parts_of_months(
    found: Sequence[Observation], passages: Sequence[Passage], period: Period = Period()
) -> list[Observation]:
    """Send to review what stands under a month, in an account by months that tells the same indicator again.

    In a report on one month its weeks and days are such parts.

    A deed told once is the whole of it; of one told for two months or more only a sum would be the claim.
    """
    months: dict[tuple[int | None, int | None], str] = {}
    for passage in passages:
        month = _part_of(passage) if period.kind == "month" else _month_of(passage)
        if month:
            months |= {(address.page, address.line): month for address in passage.addresses}
    if len(set(months.values())) < 2:
        return list(found)
    told: dict[str, set[float | None]] = {}
    weekly = period.kind == "month"
    for one in found:
        if one.status == "accepted" or (one.status == "review" and not weekly):
            told.setdefault(one.indicator, set()).add(one.low)
    return [
        replace(
            one,
            status="review",
            confidence=min(one.confidence, _DOUBTED),
            why=f"{one.why} | nghi vấn: riêng một tháng",
        )
        if one.status == "accepted"
        and (one.address.page, one.address.line) in months
        and len(told[one.indicator]) > 1
        and not _SUMMED.search(fold(one.quote))
        else one
        for one in found
    ]


def _month_of(passage: Passage) -> str:
    """Return the month or day that opens a passage or the heading above it, else nothing."""
    title = passage.path[-1] if passage.path and len(passage.path[-1]) <= _LONGEST_TITLE else ""
    if passage.kind == "row":
        return ""
    return _opening(passage.text[:_LONGEST_TITLE]) or _opening(title)


@lru_cache(maxsize=256)
def _opening(text: str) -> str:
    found = _OPENING.match(fold(text))
    return str(found.group(1) or found.group(2) or found.group()) if found else ""


def _part_of(passage: Passage) -> str:
    """Return the week or day that opens a passage, else nothing."""
    found = None if passage.kind == "row" else _WEEK.match(fold(passage.text[:_LONGEST_TITLE]))
    return str(found.group(1)) if found else ""
