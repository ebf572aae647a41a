"""The rule book, typed: each rule of ``reference/rules.yaml`` with its check, examined against the catalogue.

Belongs here: which table a kind reads, and what is wrong with a rule as written. Does not belong: what a kind means
(``kinds``), running a check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from nq57_assets.catalogue import Catalogue, CatalogueError, Rule
from nq57_assets.quality.kinds import (
    Check,
    Copied,
    Expectation,
    Listed,
    Pair,
    Proportion,
    Ratio,
    Register,
    Structure,
)

FILE = "reference/rules.yaml"
_ADAPTER: TypeAdapter[Check] = TypeAdapter(Check)

# Which table each kind reads; a rule may leave `table` out, except for `expectation`.
HOME: dict[str, str] = {
    **dict.fromkeys(("limit", "whole", "fraction", "review", "as_of"), "core/observations"),
    **dict.fromkeys(
        (
            "pair",
            "ratio",
            "parts",
            "jump",
            "fell",
            "disagree",
            "rate_moved",
            "peer",
            "slip",
            "repeated",
            "round",
            "fraction_rate",
            "copied",
            "cumulative",
            "exchanged",
            "proportion",
            "peer_rate",
            "beside",
            "wide",
            "listed",
            "bare_full",
            "register",
            "base",
            "full_rate",
            "conflict",
            "missing",
        ),
        "core/resolved",
    ),
    **dict.fromkeys(("period", "issued", "sections"), "staged/documents"),
}

# When a kind of check says nothing, because what it needs is not there; a missing figure never breaks a rule but its own.
SKIPPED_VI: dict[str, str] = {
    "limit": "chỉ tiêu không có số, hoặc không có mức thấp nhất, cao nhất",
    "whole": "chỉ tiêu không có số, hoặc không phải số đếm",
    "fraction": "số không ghi dưới dạng a/b",
    "pair": "một trong hai số thiếu, mâu thuẫn hoặc để ngỏ",
    "ratio": "một trong hai số không có trong đợt này và các đợt khác cùng năm",
    "parts": "tỷ lệ, tử số hoặc mẫu số thiếu",
    "full_rate": "tỷ lệ không phải 100%, hoặc tử số, mẫu số thiếu",
    "base": "tỷ lệ hoặc số làm mẫu thiếu",
    "register": "chỉ tiêu không có số, hoặc danh mục không ghi",
    "conflict": "mỗi số chỉ có một nguồn",
    "beside": "chỉ tiêu không có số, hoặc chỉ có một nguồn",
    "rate_moved": "đợt khác cùng năm không có tỷ lệ, hoặc quá ít đơn vị có cả hai",
    "wide": "số không ghi dưới dạng khoảng",
    "as_of": "câu chứa số không nêu ngày tính đến",
    "listed": "hai số không cùng một danh sách, hoặc không cùng một tệp",
    "bare_full": "tỷ lệ không phải 100%, có tử số và mẫu số, hoặc ghi trong biểu mẫu",
    "disagree": "đợt khác cùng năm không có số",
    "cumulative": "đợt khác tính từ cùng ngày không có số",
    "exchanged": "không nơi nào khác ghi số đó, hoặc quá ít đơn vị có số",
    "copied": "tệp có ít số hơn mức tối thiểu",
    "jump": "đợt gần nhất không có số, hoặc số nhỏ hơn mức tối thiểu",
    "slip": "đợt gần nhất không có số, hoặc cả hai số đều lớn",
    "fell": "các năm trước không có số",
    "repeated": "các năm trước có ít số hơn mức tối thiểu",
    "peer": "chỉ tiêu không có số, hoặc quá ít đơn vị cùng loại có số",
    "peer_rate": "chỉ tiêu không có số, hoặc quá ít đơn vị cùng loại có số",
    "proportion": "một trong hai số thiếu, hoặc quá ít đơn vị cùng loại có cả hai",
    "fraction_rate": "chỉ tiêu không có số, hoặc quá ít đơn vị có số",
    "round": "tệp có ít số hơn mức tối thiểu",
    "missing": "đơn vị chưa báo cáo, hoặc chỉ tiêu không bắt buộc",
    "review": "số đã được duyệt, sửa hoặc bác bỏ",
    "period": "không đọc được trích yếu, hoặc trích yếu không nêu kỳ",
    "issued": "văn bản không có ngày ban hành",
    "sections": "văn bản không đánh số mục",
    "structure": "không bao giờ",
    "expectation": "theo quy ước của Great Expectations: ô trống được bỏ qua",
}


@dataclass(frozen=True)
class CheckedRule:
    """A rule of the rule book with its typed check and the table that it reads."""

    rule: Rule
    check: Check
    table: str | None


def _parse(rule: Rule, catalogue: Catalogue) -> CheckedRule:
    key = f"{FILE}: {rule.code}.check"
    try:
        check = _ADAPTER.validate_python(rule.check)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        raise CatalogueError(
            f"{key}{'.' + place if place else ''}: {first['msg']} (seen: {first.get('input')!r})"
        ) from None
    if isinstance(check, Structure):
        if not rule.enabled:
            raise CatalogueError(f"{FILE}: {rule.code}.enabled: the shape of tables is always checked")
        return CheckedRule(rule, check, None)
    table = rule.table or HOME.get(check.kind)
    if table not in catalogue.table:
        raise CatalogueError(f"{FILE}: {rule.code}.table: {table!r} is no table of tables.yaml")
    if check.kind in HOME and table != HOME[check.kind]:
        raise CatalogueError(
            f"{FILE}: {rule.code}.table: a {check.kind} check reads {HOME[check.kind]}, not {table}"
        )
    for field, code in _indicators(check):
        if code not in catalogue.indicator:
            raise CatalogueError(f"{key}.{field}: {code!r} is no indicator")
    column = check.arguments.get("column") if isinstance(check, Expectation) else None
    if column is not None and column not in {c.name for c in catalogue.table[table].columns}:
        raise CatalogueError(f"{key}.arguments.column: {column!r} is no column of {table}")
    return CheckedRule(rule, check, table)


def _indicators(check: Check) -> Iterator[tuple[str, str]]:
    """Yield the indicators that a check names, with the field that names them."""
    if isinstance(check, Pair | Listed):
        yield from (("part", check.part), ("whole", check.whole))
    elif isinstance(check, Ratio):
        yield from (("over", check.over), ("under", check.under))
    elif isinstance(check, Register):
        yield "indicator", check.indicator
    elif isinstance(check, Proportion):
        yield from (("pairs", code) for pair in check.pairs for code in pair)


def checked_rules(catalogue: Catalogue) -> tuple[CheckedRule, ...]:
    """Return every rule that has a check and is switched on, typed and checked against the catalogue.

    Raises:
        CatalogueError: A check has an unknown kind, parameter, table or indicator; names file and key.
    """
    every = [_parse(rule, catalogue) for rule in catalogue.rules if rule.check is not None]
    parsed = tuple(checked for checked in every if checked.rule.enabled)
    copied = [c.rule.code for c in parsed if isinstance(c.check, Copied) and c.check.side == "later"]
    if len(copied) > 1:
        raise CatalogueError(
            f"{FILE}: {copied[1]}.check.kind: there is one rule on copies already, {copied[0]}"
        )
    return parsed


def rules_for(table: str, catalogue: Catalogue) -> tuple[CheckedRule, ...]:
    """Return the content rules that read a table (structure rules apply to all tables and are not among them)."""
    return tuple(r for r in checked_rules(catalogue) if r.table == table)


def structure_rules(catalogue: Catalogue) -> dict[str, Rule]:
    """Return the rule that stands for each part of a table's shape."""
    return {r.check.part: r.rule for r in checked_rules(catalogue) if isinstance(r.check, Structure)}
