"""The second reading: what its weights know, and how both readings make one confidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.evaluate.truth import find_documents
from nq57_assets.extract import text_network
from nq57_assets.extract.agreement import Agreement, Claim, Figure, Standing
from nq57_assets.extract.grammar import compile_grammar
from nq57_assets.extract.neighbours import neighbour_features
from nq57_assets.extract.passages import Column, Passage
from nq57_assets.extract.reading import read_submission
from nq57_assets.extract.rivals import against_rivals
from nq57_assets.extract.scene import Scene, read_cells, read_row, read_scene
from nq57_assets.extract.second_reading import NONE, WEIGHTS, Opinion, second_readings, weights
from nq57_assets.extract.sequence import in_order
from nq57_assets.extract.tables import Row
from nq57_assets.model import Address, Observation, ObservationStatus
from nq57_assets_tests.corpus import fit, labelled, train

GATE = 0.8
LETTER = """ỦY BAN NHÂN DÂN
XÃ KIẾN MINH
Số: 12/BC-UBND
Kiến Minh, ngày 05 tháng 12 năm 2025
BÁO CÁO
Kết quả tuyên truyền Nghị quyết số 57-NQ/TW năm 2025

I. KẾT QUẢ THỰC HIỆN
"""


def figures_of(text: str, known: Catalogue | None = None) -> list[Observation]:
    reading = read_submission((LETTER + text).encode(), "bao cao.txt", known or catalogue())
    return list(reading.observations)


def opinion(share: float, code: str = "team_count") -> Opinion:
    return Opinion({code: share, NONE: 1 - share}, ())


def both(
    share: float, *others: Figure, standing: Standing = "accepted", soundness: float = 1.0
) -> Observation:
    """Return the claim of 24 teams after both readings."""
    status: ObservationStatus = "review"
    if standing in ("accepted", "rejected"):
        status = standing
    figure = figure_of(24, opinion(share), (Claim(0, standing, soundness),))
    [revised] = Agreement([figure, *others], [replace(claimed(), status=status)], GATE).revised()
    return revised


def claimed() -> Observation:
    [first] = [o for o in figures_of("- Có 24 tổ công nghệ số cộng đồng.") if o.indicator == "team_count"]
    return first


def figure_of(value: int, second: Opinion, claims: tuple[Claim, ...] = ()) -> Figure:
    grammar = compile_grammar(catalogue())
    text = f"Xã có {value} tổ công nghệ số cộng đồng"
    scene = read_scene(Passage("prose", text, text, (0,), (Address(page=1, line=1),)), grammar)
    return Figure(0, scene, scene.quantities[0], second, None, claims)


def test_the_weights_know_only_indicators_that_have_a_figure() -> None:
    wanted = {i.code for i in catalogue().indicators if i.kind != "flag"}
    assert set(weights().classes) <= wanted | {NONE}
    assert len(weights().classes) > 50


def test_an_indicator_newer_than_the_weights_is_left_to_the_first_reading() -> None:
    found = [claimed()]
    figure = figure_of(24, Opinion({NONE: 1.0}, ()), (Claim(0, "accepted", 1.0),))
    assert Agreement([figure], found, GATE).revised() == found


def test_an_opinion_is_a_distribution_with_the_words_that_made_it() -> None:
    figure = figure_of(24, opinion(0.5))
    (said,) = second_readings([(figure.scene, figure.quantity, "")])
    assert sum(said.shares.values()) == pytest.approx(1)
    assert said.likeliest == "team_count"
    assert said.words


def test_a_wording_that_no_list_has_waits_for_a_person() -> None:
    """Neither the verb nor the order of these words is in the catalogue."""
    text = "- Bà con được các tổ chỉ cho cách dùng dịch vụ công trên điện thoại: cả thảy 2.930 người dân.\n"
    first = replace(catalogue(), settings={**catalogue().settings, "second_reading": False})
    assert not [o for o in figures_of(text, first) if o.status == "accepted"]
    found = [o for o in figures_of(text) if o.value == 2930 and o.status != "rejected"]
    assert [o.indicator for o in found] == ["team_citizens_guided"]


def test_agreement_makes_a_figure_surer_and_disagreement_sends_it_to_a_person() -> None:
    assert both(0.95).status == "accepted"
    assert both(0.95).confidence > both(0.5).confidence > both(0.05).confidence
    against = both(0.01)
    assert against.status == "review"
    assert "cách đọc thứ hai" in (against.why or "")


def test_what_may_be_a_part_is_taken_where_the_second_reading_agrees_and_nothing_competes() -> None:
    assert both(0.1, standing="part").status == "review"
    assert both(0.6, figure_of(31, opinion(0.9)), standing="part").status == "review"
    assert both(0.99, standing="part").status == "accepted"
    assert both(0.99, standing="weak").status == "accepted"
    assert both(0.99, standing="weak", soundness=0.3).status == "review"


def test_a_doubt_about_period_place_or_example_is_never_outvoted() -> None:
    assert both(0.999, standing="doubted").status == "review"
    month = LETTER.replace("năm 2025\n\nI.", "tháng 11 năm 2025\n\nI.")
    running = (
        "- Lũy kế từ đầu năm đến nay đã tiếp nhận 5.120 hồ sơ, nộp trực tuyến 4.890 hồ sơ, quá hạn 7 hồ sơ.\n"
    )
    read = read_submission((month + running).encode(), "bao cao.txt", catalogue())
    assert {o.value for o in read.observations if o.status == "review"} >= {5120, 4890}
    example = figures_of("- Ví dụ thôn Đoài đã hướng dẫn 240 người dân kỹ năng số.\n")
    for one in (*read.observations, *example):
        assert one.status != "accepted", (one.indicator, one.value, one.why)


def test_what_was_rejected_is_at_most_asked_about() -> None:
    assert both(0.1, standing="rejected").status == "rejected"
    asked = both(0.999, standing="rejected")
    assert asked.status == "review"
    assert "kết quả" in (asked.why or "")


def test_the_number_of_an_item_is_not_proposed_as_a_figure() -> None:
    text = "3.2. Chứng thư số đã cấp mới cho cá nhân của phường ta năm nay: 14 chứng thư\n"
    assert [o.value for o in figures_of(text) if o.status != "rejected" and o.value == 3.2] == []


def test_another_figure_of_the_indicator_competes_unless_it_is_the_same() -> None:
    alone = both(0.9, standing="weak").confidence
    assert both(0.9, figure_of(31, opinion(0.9)), standing="weak").confidence < alone
    assert both(0.9, figure_of(24, opinion(0.9)), standing="weak").confidence == alone


def test_what_both_readings_take_for_one_indicator_stays_a_contradiction() -> None:
    text = "- Toàn xã có 24 tổ công nghệ số cộng đồng.\n- Số Tổ công nghệ số cộng đồng của xã: 31 tổ.\n"
    found = [(o.value, o.status) for o in figures_of(text) if o.indicator == "team_count"]
    assert found == [(24, "accepted"), (31, "accepted")]


def test_a_figure_that_its_rival_outvotes_still_contradicts_it() -> None:
    """What words alone tell counts where the first reading accepts both: one published silently would hide the other."""
    outvoted = Opinion({"team_count": 0.05, NONE: 0.95}, (), alone={"team_count": 0.95, NONE: 0.05})
    found = [claimed(), replace(claimed(), value=31.0)]
    figures = [figure_of(24, outvoted, (Claim(0, "accepted", 1.0),))]
    assert [one.status for one in Agreement(figures, found, GATE).revised()] == ["review", "accepted"]
    figures.append(figure_of(31, opinion(0.95), (Claim(1, "accepted", 1.0),)))
    assert [one.status for one in Agreement(figures, found, GATE).revised()] == ["accepted", "accepted"]


def test_what_the_first_reading_leaves_in_a_row_is_less_sure_than_in_a_sentence() -> None:
    label = "Tổ công nghệ số cộng đồng | tổ | 24"
    grammar = compile_grammar(catalogue())
    row = Passage("row", label, label, (0,), (Address(page=1, line=1),))
    scene = read_row(row, label.index("24"), "", grammar)

    def sure(standing: Standing, told: Scene) -> float:
        figure = Figure(0, told, told.quantities[0], opinion(0.99), None, (Claim(0, standing, 1.0),))
        status: ObservationStatus = "rejected" if standing == "rejected" else "review"
        [one] = Agreement([figure], [replace(claimed(), status=status)], GATE).revised()
        return one.confidence

    sentence = figure_of(24, opinion(0.99)).scene
    assert sure("rejected", scene) < sure("rejected", sentence)
    assert sure("weak", scene) == sure("weak", sentence)


def test_what_the_first_reading_takes_weakly_for_something_else_is_proposed_beside_it() -> None:
    figure = replace(
        figure_of(24, Opinion({"team_count": 0.9, "place_villages": 0.02, NONE: 0.08}, ())),
        claims=(Claim(0, "weak", 1.0),),
    )
    patterns = {p.indicator.code: p for p in compile_grammar(catalogue()).patterns}

    def proposed(indicator: str, status: ObservationStatus) -> list[str]:
        found = [replace(claimed(), indicator=indicator, status=status)]
        added = Agreement([figure], found, GATE).proposals(found, patterns)
        return [match.pattern.indicator.code for _, match, _ in added]

    assert proposed("place_villages", "review") == ["team_count"]
    assert proposed("place_villages", "accepted") == []
    assert proposed("team_count", "review") == []


def test_what_is_proposed_against_a_firm_claim_is_for_a_person_to_decide() -> None:
    figure = replace(
        figure_of(24, Opinion({"team_count": 0.97, "place_villages": 0.02, NONE: 0.01}, ())),
        claims=(Claim(0, "accepted", 1.0),),
    )
    patterns = {p.indicator.code: p for p in compile_grammar(catalogue()).patterns}

    def doubts(left: float) -> list[str]:
        found = [replace(claimed(), indicator="place_villages", status="review", confidence=left)]
        [(_, _, against)] = Agreement([figure], found, GATE).proposals(found, patterns)
        return [doubt.reason for doubt in against]

    assert doubts(0.6) == ["cách đọc thứ nhất cho là place_villages"]
    assert doubts(0.05) == []


TABLE = """| Nội dung | Kế hoạch năm | Thực hiện | Cùng kỳ 2024 |
| Tổ công nghệ số cộng đồng (tổ) | 26 | 24 | 17 |
| Thành viên Tổ công nghệ số cộng đồng (người) | 180 | 172 | 95 |
| Hồ sơ tiếp nhận (hồ sơ) | 5.200 | 5.032 | 3.816 |
"""


def test_no_figure_under_a_title_of_plans_or_of_last_year_is_accepted() -> None:
    found = [o for o in figures_of(TABLE) if o.status == "accepted"]
    assert {(o.indicator, o.value) for o in found} >= {("team_count", 24), ("egov_dossiers_total", 5032)}
    assert not {26, 17, 180, 95, 5200, 3816} & {o.value for o in found}


def test_what_is_proposed_under_a_title_of_plans_is_for_a_person_to_decide() -> None:
    patterns = {p.indicator.code: p for p in compile_grammar(catalogue()).patterns}
    label = "Tổ công nghệ số cộng đồng | 26 | 24"
    grammar = compile_grammar(catalogue())

    def doubts(title: str, role: str) -> list[str]:
        columns = (Column(0, "Nội dung", "label"), Column(label.index("26"), title, role))
        passage = Passage("row", label, label, (0,), (Address(page=1, line=1),), columns=columns)
        row = Row(passage, label.index("24"), True, (0,))
        cells = read_cells(read_row(passage, row.value, "", grammar), "", grammar)
        assert cells is not None
        figure = Figure(0, cells, cells.quantities[0], opinion(0.97), row, ())
        [(_, _, against)] = Agreement([figure], [], GATE).proposals([], patterns)
        return [doubt.reason for doubt in against]

    assert doubts("Kế hoạch năm", "plan") == ["đứng dưới cột «Kế hoạch năm»"]
    assert doubts("Số liệu", "asked") == []


def test_both_figures_of_a_row_about_two_things_are_seen() -> None:
    rows = """| Tổ công nghệ số cộng đồng | 24 | Thành viên Tổ công nghệ số | 172 |
| Văn bản chỉ đạo | 31 | Trong đó công văn | 18 |
| Hồ sơ tiếp nhận | 5.032 | Hồ sơ nộp trực tuyến | 4.977 |
| Pano, băng rôn | 40 | Màn hình LED | 3 |
"""
    seen = {(o.indicator, o.value) for o in figures_of(rows) if o.status != "rejected"}
    pairs = {
        "team_count": 24,
        "team_members": 172,
        "steer_official_letters": 18,
        "egov_dossiers_online": 4977,
    }
    assert seen >= set(pairs.items())


def test_the_value_of_a_row_with_several_figures_and_no_titles_waits_for_a_person() -> None:
    label = "Tổ công nghệ số cộng đồng | 26 | 24 | 17"
    passage = Passage("row", label, label, (0,), (Address(page=1, line=1),))
    grammar = compile_grammar(catalogue())
    row = Row(passage, label.index("24"), False, (0,))
    scene = read_row(passage, row.value, "", grammar)
    cells = read_cells(scene, "", grammar)
    assert cells is not None
    nothing = opinion(0.0)
    figures = [Figure(0, cells, one, nothing, row, ()) for one in cells.quantities if one.beside]
    figures.append(Figure(0, scene, scene.quantities[0], opinion(0.999), row, (Claim(0, "weak", 1.0),)))
    [one] = Agreement(figures, [replace(claimed(), status="review")], GATE).revised()
    assert one.status == "review"
    [alone] = Agreement(figures[-1:], [replace(claimed(), status="review")], GATE).revised()
    assert alone.status == "accepted"


def test_what_stands_before_and_behind_tells_which_indicator_a_figure_is() -> None:
    def told_of(**shares: float) -> Opinion:
        nothing = {NONE: 1.0 - sum(shares.values())}
        return Opinion(dict.fromkeys(weights().classes, 0.0) | shares | nothing, ())

    groups, skilled = told_of(team_count=0.95), told_of(skill_officials_it_pct=0.95)
    unsure = told_of(team_members=0.3, skill_mooc_completed=0.3)
    for before, likeliest in ((groups, "team_members"), (skilled, "skill_mooc_completed")):
        *_, told = in_order([before, told_of(), unsure])
        assert told.likeliest == likeliest
        assert sum(told.shares.values()) == pytest.approx(1)
        assert told.shares[likeliest] > 0.3
    assert in_order([]) == []


@pytest.mark.parametrize(
    ("text", "figure", "told"),
    [
        ("Quý I có 5 buổi, quý II 4 buổi, cả thảy 9 buổi", 9, "total of those before"),
        ("Quý I có 5 buổi, quý II 4 buổi, cả thảy 9 buổi", 5, "term of the total behind"),
        ("Xã có 36 thành viên, gồm 20 nam và 16 nữ", 36, "total of those behind"),
        ("Xã có 36 thành viên, gồm 20 nam và 16 nữ", 16, "term of the total before"),
        ("Xã có 36 thành viên (20 người trẻ)", 20, "bracketed"),
    ],
)
def test_the_figures_beside_it_tell_a_total_from_its_terms(text: str, figure: int, told: str) -> None:
    grammar = compile_grammar(catalogue())
    scene = read_scene(Passage("prose", text, text, (0,), (Address(page=1, line=1),)), grammar)
    [quantity] = [one for one in scene.quantities if one.low == figure]
    assert told in dict(neighbour_features(scene, quantity))


@pytest.mark.parametrize("path", [WEIGHTS, text_network.WEIGHTS], ids=["words", "network"])
def test_the_weights_are_those_of_the_corpus(path: Path) -> None:
    """Fails when documents have changed since: ``python -m nq57_assets_tests.corpus.train`` makes them anew."""
    with np.load(path) as kept:
        assert kept["corpus"].tobytes().decode() == train.digest(train.DEVELOPMENT)


def test_what_is_left_to_the_second_reading_can_be_left_out() -> None:
    text = "- Có 24 tổ công nghệ số cộng đồng với 168 thành viên.\n"
    first = replace(catalogue(), settings={**catalogue().settings, "second_reading": False})
    assert "cách đọc thứ hai" not in " ".join(o.why or "" for o in figures_of(text, first))


def test_the_same_examples_give_the_same_weights() -> None:
    documents = list(find_documents(train.DEVELOPMENT, catalogue()))
    met = [labelled.labelled(d, catalogue(), wear) for d in documents[:3] for wear in (0, 1)]
    assert {example.label for text in met for example in text.examples} > {NONE}
    one, other = train.learn(met), train.learn(met)
    assert all(np.array_equal(one[name], other[name]) for name in one)
    assert one["values"].dtype == np.int8


def test_worn_letters_keep_digits_and_lines() -> None:
    text = "Đã thành lập 58 tổ công nghệ số cộng đồng\nvới 312 thành viên, đạt 98,5%."
    worn = labelled.worn(text, "x")
    assert worn != text
    assert worn.count("\n") == 1
    for figure in ("58", "312", "98,5%"):
        assert figure in worn
    assert labelled.worn(text, "x") == worn


def test_the_weights_of_the_agreement_can_be_fitted_anew() -> None:
    documents = [d for d in find_documents(train.DEVELOPMENT, catalogue()) if d.path.stem in ("w01", "w02")]
    met = [one for document in documents for one in fit.witnessed(document, catalogue())]
    assert {name for one in met for name in one.witnesses} >= {
        *fit.STANDINGS,
        "elsewhere",
        "another accepted",
    }
    assert {one.right for one in met} == {True, False}
    fitted = fit.fit(met)
    assert set(fitted) == set(fit.NAMES)
    assert fitted["in place"] > 0


def test_a_figure_is_not_what_another_one_is() -> None:
    few, many = (figure_of(value, opinion(0.5)).quantity for value in (12, 96))
    teams = Opinion({"team_count": 0.98, "team_members": 0.0, NONE: 0.02}, ())
    either = Opinion({"team_count": 0.5, "team_members": 0.4, NONE: 0.1}, ())
    *_, told = against_rivals([teams, either], [few, many])
    assert told.likeliest == "team_members"
    assert sum(told.shares.values()) == pytest.approx(1)
    # The same number told again is no rival of itself; and a hundred figures of one kind leave each some of its share.
    *_, told = against_rivals([either, either], [many, many])
    assert told.shares == pytest.approx(either.shares)
    *_, told = against_rivals([teams] * 100, [few] * 99 + [many])
    assert told.shares["team_count"] > 0.4
    assert against_rivals([], []) == []
