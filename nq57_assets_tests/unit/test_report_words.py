"""Sentences and figures of the outputs: what they say of none, one, some, all, bounded and withheld figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.outputs import report_words as say
from nq57_assets.outputs import words
from nq57_assets.outputs.figures import (
    Build,
    CommuneFacts,
    Coverage,
    IndicatorFacts,
    RoundFacts,
    RoundFigures,
    Standing,
    Total,
    Value,
    vietnamese_order,
)

CITY = Total(
    indicator="team_count",
    scope="city",
    scope_key="city",
    unit="tổ",
    value=60.0,
    low=60.0,
    high=60.0,
    qualifier="exact",
    exact_share=1.0,
    numerator=60.0,
    denominator=None,
    reported=3,
    expected=4,
    nil=0,
    coverage_weighted=0.8,
    coverage_weight="area",
    missing=1,
    unusable=0,
    in_review=0,
    conflict=0,
    withheld=0,
    state="published",
    reason=None,
    witnessed=1,
    witnessed_share=0.25,
)
TEAMS = IndicatorFacts("team_count", "team", "Tổ công nghệ số", 1, "Số Tổ", "tổ", "stock", "sum", True, "")
RECEIVED = datetime(2025, 11, 20, 3, tzinfo=UTC)


def commune(code: str, kind: str = "xa") -> CommuneFacts:
    return CommuneFacts(code, kind, "Xã", f"Tên {code}", f"Xã Tên {code}", "hai_phong", 0, 0)


def covered(code: str, state: str = "complete", on_time: bool | None = True) -> Coverage:
    came = state not in ("missing", "unreadable")
    return Coverage(
        code, came, on_time, RECEIVED if came else None, 0 if came else None, state, 10 if came else 0, 10, 0
    )


def city(
    coverage: list[Coverage],
    total: Total = CITY,
    values: tuple[Value, ...] = (),
    standings: tuple[Standing, ...] = (),
) -> RoundFigures:
    facts = RoundFacts(
        "r",
        "d",
        "Chuyển đổi số",
        "Kết quả",
        date(2025, 1, 1),
        date(2025, 11, 30),
        date(2025, 11, 28),
        "1/X",
        None,
    )
    return RoundFigures(
        Build(1, datetime(2025, 12, 1, 2, tzinfo=UTC), "1", "1", "x"),
        facts,
        tuple(commune(row.commune_code) for row in coverage),
        (TEAMS,),
        values,
        (total,),
        tuple(coverage),
        standings,
        (),
    )


FOUR = [covered(code) for code in "abcd"]


@pytest.mark.parametrize(
    ("total", "wanted"),
    [
        (CITY, "Số Tổ: 60 tổ; mới tính trên 3/4 đơn vị có số liệu, chiếm 80% diện tích."),
        (replace(CITY, reported=4, missing=0), "Số Tổ: 60 tổ; đủ 4/4 đơn vị có số liệu."),
        (
            replace(CITY, qualifier="over", high=None, exact_share=0.755),
            "Số Tổ: ít nhất 60 tổ (phần chính xác chiếm 75,5%); mới tính trên 3/4 đơn vị có số liệu, chiếm 80% diện tích.",
        ),
        (
            replace(CITY, value=None, high=65.0, qualifier="range"),
            "Số Tổ: từ 60 đến 65 tổ; mới tính trên 3/4 đơn vị có số liệu, chiếm 80% diện tích.",
        ),
        (
            replace(CITY, conflict=1, withheld=2),
            "Số Tổ: 60 tổ; mới tính trên 3/4 đơn vị có số liệu, chiếm 80% diện tích; 01 đơn vị có số liệu mâu thuẫn, "
            "02 đơn vị có số liệu bị giữ lại để kiểm tra.",
        ),
        (
            replace(CITY, reported=0, state="withheld", value=None),
            "Số Tổ: chưa đơn vị nào có số liệu dùng được.",
        ),
        (
            replace(CITY, reported=2, state="withheld", value=None, reason="Mới có 2/4 đơn vị."),
            "Số Tổ: chưa công bố số toàn thành phố. Mới có 2/4 đơn vị.",
        ),
    ],
)
def test_a_sentence_says_what_the_figure_allows(total, wanted):
    assert say.indicator_sentence(TEAMS, city(FOUR, total)) == wanted


def test_the_only_commune_with_a_figure_is_named():
    total = replace(CITY, reported=1, state="withheld", value=None, reason="Mới có 1/4 đơn vị.")
    one = Value("b", "team_count", 12.0, 12.0, None, "over", "reported", "form", 0, None, 1)
    text = say.indicator_sentence(TEAMS, city(FOUR, total, (one,)))
    assert text.endswith("Đơn vị duy nhất có số liệu là Xã Tên b (ít nhất 12 tổ).")


@pytest.mark.parametrize(
    ("witnesses", "wanted"),
    [
        ((), ""),
        ((1, 2, 3), "Trong 03 số liệu đưa vào tổng hợp, 02 số liệu (66,7%) có nguồn thứ hai xác nhận"),
        ((1, None), "Trong 01 số liệu đưa vào tổng hợp, 00 số liệu (0%) có nguồn thứ hai xác nhận"),
    ],
)
def test_the_report_says_how_many_figures_stand_on_one_statement(witnesses, wanted):
    values = tuple(
        Value(
            code,
            "team_count",
            12.0,
            12.0,
            12.0,
            "exact",
            "reported" if count else "withheld",
            "form",
            0,
            None,
            count,
        )
        for code, count in zip("abcd", witnesses, strict=False)
    )
    text = say.borne_out(city(FOUR, values=values))
    assert text.startswith(wanted)
    assert ("chỉ có một nguồn" in text) == bool(witnesses)
    both = (
        replace(city(FOUR), values=(replace(values[1], witnesses=2, state="reported"),)) if values else None
    )
    assert both is None or say.borne_out(both).endswith("người rà soát.")


def test_the_round_before_stands_with_its_own_coverage_and_only_if_published():
    data = city(FOUR, replace(CITY, reported=4, missing=0))
    grown = replace(data, earlier_totals=(replace(CITY, value=41.0, reported=2),))
    assert say.indicator_sentence(TEAMS, grown).endswith(
        "đủ 4/4 đơn vị có số liệu; đợt trước 41 tổ (2/4 đơn vị)."
    )
    hidden = replace(data, earlier_totals=(replace(CITY, value=None, state="withheld"),))
    assert "đợt trước" not in say.indicator_sentence(TEAMS, hidden)


def test_a_share_of_yes_answers_shows_its_parts():
    flag = replace(TEAMS, kind="flag", roll_up="share", unit="có/không")
    total = replace(
        CITY, unit="%", value=66.666667, low=66.666667, high=66.666667, numerator=2.0, denominator=3.0
    )
    assert say.indicator_sentence(flag, city(FOUR, total)).startswith(
        "Số Tổ: 2/3 đơn vị có số liệu trả lời có (66,67%); mới tính trên 3/4"
    )


@pytest.mark.parametrize(
    ("coverage", "wanted"),
    [
        (
            [covered("a", "missing", False), covered("b", "missing", False)],
            "chưa đơn vị nào trong 2 đơn vị nộp báo cáo.",
        ),
        (FOUR, "cả 4/4 đơn vị đã nộp báo cáo, tất cả đúng hạn (hạn nộp 28/11/2025)."),
        ([covered("a", on_time=False)], "cả 1/1 đơn vị đã nộp báo cáo, tất cả nộp sau hạn 28/11/2025."),
        (
            [covered("a"), covered("b", on_time=False), covered("c", "missing", False)],
            "02/3 đơn vị đã nộp báo cáo (66,7%), trong đó 01 đơn vị đúng hạn, 01 đơn vị chậm (hạn nộp 28/11/2025); "
            "01 đơn vị chưa nộp hoặc tệp nộp không dùng được.",
        ),
    ],
)
def test_who_has_reported_is_told_for_none_all_and_some(coverage, wanted):
    assert say.submitted(city(coverage)) == f"Tính đến 09:00 ngày 01/12/2025, {wanted}"


def test_nobody_behind_nothing_held_back_and_no_finding_are_said_so():
    data = city(FOUR)
    assert say.behind(data) == [
        "Không có đơn vị nào chưa nộp, nộp chậm hoặc nộp thiếu quá nửa chỉ tiêu bắt buộc."
    ]
    assert say.held_back(data) == "Không có số liệu nào bị giữ lại, mâu thuẫn hoặc chờ rà soát."
    assert say.quality(data, catalogue()) == "Kiểm tra tự động không còn phát hiện nào mở."
    assert say.completeness(data).endswith("Mọi đơn vị đã nộp đều có đủ chỉ tiêu bắt buộc.")


def test_communes_that_did_equally_well_are_named_together_or_not_at_all():
    crowd = [covered(code) for code in "abcdefgh"]
    standings = tuple(Standing(code, 3 if code == "a" else 2, 0, 9) for code in "abcdefgh")
    assert say.standing_out(city(crowd, standings=standings)) == ["Với xã: Xã Tên a (03/9 tỷ lệ)."]
    assert say.lagging(city(crowd, standings=standings)) == [
        "Với xã: không đơn vị nào ở nhóm 20% thấp nhất từ 02 tỷ lệ trở lên."
    ]


def test_figures_are_written_as_vietnam_writes_them():
    assert [words.number(v) for v in (0, 1234.5, 1083077, 98.39, -3.1)] == [
        "0",
        "1.234,5",
        "1.083.077",
        "98,39",
        "−3,1",
    ]
    assert words.percent(0.9999) == "99,9%" and words.percent(1) == "100%"
    assert (
        words.figure(150, 150, None, "over") == "≥150" and words.figure(None, 125, 130, "range") == "125–130"
    )
    assert words.spoken(900, None, 900, "under") == "không quá 900"
    assert (
        words.listed(["A", "B", "C"]) == "A, B và C"
        and words.listed(["A", "B", "C"], 2) == "A, B và 1 đơn vị khác"
    )


def test_names_stand_in_the_order_of_a_vietnamese_dictionary():
    names = ["Đồ Sơn", "Ái Quốc", "Dương Kinh", "Cẩm Giàng", "An Lão", "Cẩm Giang", "Ân Thi", "Bắc An"]
    wanted = ["Ái Quốc", "An Lão", "Ân Thi", "Bắc An", "Cẩm Giang", "Cẩm Giàng", "Dương Kinh", "Đồ Sơn"]
    assert sorted(names, key=vietnamese_order) == wanted
