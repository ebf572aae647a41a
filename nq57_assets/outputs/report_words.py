"""The sentences of the report draft: templates that agree with the figures they are given.

Belongs here: pure functions from the figures of a round to Vietnamese sentences, for none, one, some and all. Does not
belong: where they stand on the page (``report``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nq57_assets.catalogue import COMMUNE_TYPES, Catalogue
from nq57_assets.outputs import words
from nq57_assets.outputs.figures import (
    KINDS,
    CommuneFacts,
    Coverage,
    IndicatorFacts,
    RoundFigures,
    Standing,
    Total,
)

_NAMED = 5
_TIMES = 2


def basis(data: RoundFigures) -> str:
    """Return the opening sentence: on whose request, about which period."""
    asked = data.round
    paper = (
        f"Văn bản số {asked.requested_by}"
        if "/" in asked.requested_by
        else f"yêu cầu báo cáo của {asked.requested_by}"
    )
    if asked.requested_on:
        paper += f" ngày {words.day(asked.requested_on)}"
    return (
        f"Thực hiện {paper} của Sở Khoa học và Công nghệ, các xã, phường, đặc khu đã báo cáo nội dung "
        f"“{asked.title_vi}”, kỳ từ ngày {words.day(asked.period_from)} đến ngày {words.day(asked.period_to)}. "
        f"Sở Khoa học và Công nghệ tổng hợp như sau:"
    )


def submitted(data: RoundFigures) -> str:
    """Return how many communes have reported, on time and late, at the moment of publication."""
    rows = data.coverage
    came = [row for row in rows if row.submitted]
    opening = f"Tính đến {words.moment(data.build.published_at)}, "
    if not came:
        return f"{opening}chưa đơn vị nào trong {len(rows)} đơn vị nộp báo cáo."
    if len(came) == len(rows):
        text = f"{opening}cả {len(rows)}/{len(rows)} đơn vị đã nộp báo cáo"
    else:
        share = words.percent(len(came) / len(rows))
        text = f"{opening}{words.count(len(came))}/{len(rows)} đơn vị đã nộp báo cáo ({share})"
    late = sum(row.on_time is False for row in came)
    due = data.round.due_on
    if due is None:
        text += "; đợt này chưa ấn định hạn nộp"
    elif not late:
        text += f", tất cả đúng hạn (hạn nộp {words.day(due)})"
    elif late == len(came):
        text += f", tất cả nộp sau hạn {words.day(due)}"
    else:
        on_time = sum(row.on_time is True for row in came)
        text += f", trong đó {words.count(on_time)} đơn vị đúng hạn, {words.count(late)} đơn vị chậm"
        text += f" (hạn nộp {words.day(due)})"
    absent = len(rows) - len(came)
    return text + (
        f"; {words.count(absent)} đơn vị chưa nộp hoặc tệp nộp không dùng được." if absent else "."
    )


def by_type(data: RoundFigures) -> str:
    """Return the communes that have reported by type."""
    parts = []
    for kind in KINDS:
        own = [data.covered[c.commune_code] for c in data.of_kind(kind)]
        if own:
            parts.append(f"{COMMUNE_TYPES[kind].lower()}: {sum(k.submitted for k in own)}/{len(own)}")
    return f"Theo loại đơn vị, {'; '.join(parts)}."


def completeness(data: RoundFigures) -> str:
    """Return how completely the required figures are filled, over all communes that owe a report."""
    filled, required = (
        sum(getattr(row, name) for row in data.coverage) for name in ("filled_required", "required")
    )
    came = [row for row in data.coverage if row.submitted]
    if not came or not required:
        return "Chưa có số liệu để đánh giá mức đầy đủ."
    text = (
        f"Số liệu bắt buộc đã có {words.number(filled, 0)}/{words.number(required, 0)} "
        f"({words.percent(filled / required)}), tính trên toàn bộ đơn vị phải báo cáo. "
    )
    whole, part, empty = (
        sum(row.state == state for row in came) for state in ("complete", "partial", "empty")
    )
    if whole == len(came):
        return text + "Mọi đơn vị đã nộp đều có đủ chỉ tiêu bắt buộc."
    some = [
        (whole, "có đủ chỉ tiêu bắt buộc"),
        (part, "còn thiếu chỉ tiêu"),
        (empty, "nộp văn bản không có số liệu"),
    ]
    shown = [f"{words.count(n)} đơn vị {what}" for n, what in some if n]
    return text + f"Trong {words.count(len(came))} đơn vị đã nộp, {words.listed(shown)}."


def quality(data: RoundFigures, catalogue: Catalogue) -> str:
    """Return how many findings are open, and the commonest rules."""
    found = sum(number for _, _, number, _ in data.findings_by_rule)
    if not found:
        return "Kiểm tra tự động không còn phát hiện nào mở."
    named = []
    for rule, _, number, communes in data.findings_by_rule[:4]:
        title = catalogue.rule[rule].title_vi if rule in catalogue.rule else rule
        at = f" tại {communes} đơn vị" if communes else ""
        named.append(f"{title[:1].lower()}{title[1:]} ({words.number(number, 0)} phát hiện{at})")
    return f"Kiểm tra tự động còn {words.count(found)} phát hiện mở; nhiều nhất là {words.listed(named)}."


def borne_out(data: RoundFigures) -> str:
    """Return how many of the figures in the totals a second statement bears out, and what that means for the others."""
    asked = {indicator.indicator for indicator in data.indicators}
    counts = [v.witnesses or 1 for v in data.values if v.known and v.indicator in asked]
    if not counts:
        return ""
    seconded = sum(count > 1 for count in counts)
    text = (
        f"Trong {words.count(len(counts))} số liệu đưa vào tổng hợp, {words.count(seconded)} số liệu "
        f"({words.percent(seconded / len(counts))}) có nguồn thứ hai xác nhận: phần khác của báo cáo, báo cáo khác "
        "trong năm, phép tính, danh mục hoặc người rà soát"
    )
    if seconded == len(counts):
        return f"{text}."
    return f"{text}; số còn lại chỉ có một nguồn, nếu nguồn ghi sai mà vẫn hợp lý thì chưa thể phát hiện."


def indicator_sentence(indicator: IndicatorFacts, data: RoundFigures) -> str:
    """Return what can honestly be said of one indicator: the figure with its bounds, coverage and what is left out."""
    city = data.total[indicator.indicator, "city"]
    name = indicator.name_vi
    if not city.reported:
        return f"{name}: chưa đơn vị nào có số liệu dùng được{_left_out(city, ' (', ')')}."
    if city.state != "published":
        text = f"{name}: chưa công bố số toàn thành phố. {city.reason or ''}".rstrip()
        if city.reported == 1:
            text += f" {_only(indicator, data)}"
        return text
    return (
        f"{name}: {_main(indicator, city)}; {_covered(city)}{_left_out(city, '; ', '')}{_before(city, data)}."
    )


def _before(city: Total, data: RoundFigures) -> str:
    """Return the figure of the round before, with its own coverage: two sums over different communes do not compare."""
    earlier = data.earlier.get(city.indicator)
    if earlier is None or earlier.state != "published" or earlier.unit != city.unit:
        return ""
    figure = words.with_unit(
        words.spoken(earlier.value, earlier.low, earlier.high, earlier.qualifier), earlier.unit
    )
    return f"; đợt trước {figure} ({earlier.reported}/{earlier.expected} đơn vị)"


def _main(indicator: IndicatorFacts, city: Total) -> str:
    figure = words.with_unit(words.spoken(city.value, city.low, city.high, city.qualifier), city.unit)
    exact = city.qualifier == "exact" and city.numerator is not None and city.denominator is not None
    if exact and indicator.roll_up == "share":
        answers = f"{words.number(city.numerator or 0)}/{words.number(city.denominator or 0)}"
        return f"{answers} đơn vị có số liệu trả lời có ({figure})"
    if exact and indicator.roll_up == "ratio":
        return f"{figure} ({words.number(city.numerator or 0)}/{words.number(city.denominator or 0)})"
    if city.exact_share is not None and city.exact_share < 1:
        return f"{figure} (phần chính xác chiếm {words.percent(city.exact_share)})"
    return figure


def _covered(city: Total) -> str:
    if city.reported == city.expected:
        return f"đủ {city.expected}/{city.expected} đơn vị có số liệu"
    share = f"{city.reported}/{city.expected} đơn vị có số liệu"
    if city.coverage_weighted is not None:
        share += f", chiếm {words.percent(city.coverage_weighted)} {words.WEIGHTS[city.coverage_weight]}"
    return f"mới tính trên {share}"


def _left_out(city: Total, before: str, after: str) -> str:
    parts = [
        (city.conflict, "có số liệu mâu thuẫn"),
        (city.withheld, "có số liệu bị giữ lại để kiểm tra"),
    ]
    shown = [f"{words.count(number)} đơn vị {what}" for number, what in parts if number]
    return f"{before}{', '.join(shown)}{after}" if shown else ""


def _only(indicator: IndicatorFacts, data: RoundFigures) -> str:
    for commune in data.communes:
        value = data.value.get((commune.commune_code, indicator.indicator))
        if value is not None and value.known:
            figure = words.spoken(value.value, value.low, value.high, value.qualifier)
            if indicator.kind == "flag":
                figure, unit = words.yes_no(value.value).lower(), ""
            else:
                unit = indicator.unit
            return f"Đơn vị duy nhất có số liệu là {commune.full_name} ({words.with_unit(figure, unit).strip()})."
    return ""


def standing_out(data: RoundFigures) -> list[str]:
    """Return, by type, the communes most often among the highest fifth of the rates."""
    return _standing(data, lambda s: s.highest, "cao nhất")


def lagging(data: RoundFigures) -> list[str]:
    """Return, by type, the communes most often among the lowest fifth of the rates."""
    return _standing(data, lambda s: s.lowest, "thấp nhất")


def _standing(data: RoundFigures, times: Callable[[Standing], int], which: str) -> list[str]:
    known = {s.commune_code: s for s in data.standings}
    sentences = []
    for kind in KINDS:
        own: list[tuple[CommuneFacts, Standing]] = [
            (c, known[c.commune_code]) for c in data.of_kind(kind) if c.commune_code in known
        ]
        if not own:
            continue
        # Equal counts stand together: the cut never falls between two communes that did equally well.
        counts = sorted({times(s) for _, s in own if times(s) >= _TIMES}, reverse=True)
        chosen: list[tuple[CommuneFacts, Standing]] = []
        for number in counts:
            more = [(c, s) for c, s in own if times(s) == number]
            if chosen and len(chosen) + len(more) > _NAMED:
                break
            chosen += more
        label = COMMUNE_TYPES[kind].lower()
        if not chosen:
            sentences.append(
                f"Với {label}: không đơn vị nào ở nhóm 20% {which} từ {words.count(_TIMES)} tỷ lệ trở lên."
            )
            continue
        names = [f"{c.full_name} ({words.count(times(s))}/{s.rates} tỷ lệ)" for c, s in chosen]
        sentences.append(f"Với {label}: {words.listed(names, 2 * _NAMED)}.")
    return sentences


def behind(data: RoundFigures) -> list[str]:
    """Return who has not reported, was late, sent no figures, or filled less than half of what is required."""

    def named(holds: Callable[[Coverage], bool]) -> list[str]:
        return [c.full_name for c in data.communes if holds(data.covered[c.commune_code])]

    lists: Sequence[tuple[str, list[str]]] = (
        ("Chưa nộp báo cáo", named(lambda k: k.state == "missing")),
        ("Tệp nộp không đọc được", named(lambda k: k.state == "unreadable")),
        ("Nộp chậm", named(lambda k: k.submitted and k.on_time is False)),
        ("Nộp văn bản không có số liệu", named(lambda k: k.state == "empty")),
        (
            "Có dưới một nửa chỉ tiêu bắt buộc",
            named(lambda k: k.state == "partial" and 2 * k.filled_required < k.required),
        ),
    )
    sentences = [
        f"{what} ({words.count(len(names))} đơn vị): {words.listed(names, 15)}."
        for what, names in lists
        if names
    ]
    return sentences or ["Không có đơn vị nào chưa nộp, nộp chậm hoặc nộp thiếu quá nửa chỉ tiêu bắt buộc."]


def held_back(data: RoundFigures) -> str:
    """Return how many figures wait, and why they are not in the totals."""
    asked = {indicator.indicator for indicator in data.indicators}
    own = [v for v in data.values if v.indicator in asked]
    withheld, conflict = (sum(v.state == state for v in own) for state in ("withheld", "conflict"))
    waiting = sum(v.in_review > 0 for v in own)
    parts = [
        (withheld, "bị giữ lại vì vi phạm quy tắc kiểm tra"),
        (conflict, "mâu thuẫn giữa các văn bản của cùng đơn vị"),
        (waiting, "có nội dung đang chờ người rà soát"),
    ]
    shown = [f"{words.count(number)} số liệu {what}" for number, what in parts if number]
    if not shown:
        return "Không có số liệu nào bị giữ lại, mâu thuẫn hoặc chờ rà soát."
    return f"Chưa đưa vào tổng hợp hoặc cần xem lại: {words.listed(shown)}. Danh sách chi tiết ở phụ lục Excel kèm theo."
