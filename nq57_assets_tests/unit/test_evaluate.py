"""The evaluation: a score is only worth something when its counting is beyond doubt."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.evaluate import TruthError, evaluate
from nq57_assets.evaluate.truth import find_documents
from nq57_assets.model import (
    Address,
    Header,
    IdentityVote,
    Observation,
    Reading,
    Reference,
    Statement,
)

HEADER = Header("report", "0319", "BC-UBND", date(2025, 12, 9), references=(Reference("192/KH-UBND"),))


def observed(indicator: str, value: float | None, qualifier: str = "exact", status: str = "accepted", **more):
    """Return an observation whose bounds go with its qualifier."""
    bounds = {"low": None if qualifier == "under" else value, "high": None if qualifier == "over" else value}
    fields = {"unit": "", "address": Address(line=3), "quote": "", "method": "narrative", "confidence": 0.9}
    return Observation(indicator, value, **{**bounds, **more}, qualifier=qualifier, status=status, **fields)


def score(folder: Path, truth: str, *observations: Observation, votes: tuple[IdentityVote, ...] = ()):
    """Score observations against a truth written to a real file."""
    (folder / "a.txt").write_text("văn bản", encoding="utf-8")
    (folder / "a.truth.yaml").write_text(dedent(truth), encoding="utf-8")

    def read(data: bytes, name: str, reference: Catalogue) -> Reading:
        assert data and name == "a.txt" and reference is catalogue()
        return Reading("text/plain", "t", "1", "1", "utf-8", HEADER, None, votes, (), observations, ())

    return evaluate(folder, catalogue(), read)


def test_counts_accepted_review_missed_and_false(tmp_path: Path) -> None:
    truth = """
        figures:
          - {indicator: team_count, value: 58}
          - {indicator: team_members, value: 386}
          - {indicator: media_posts, value: 150, qualifier: over}
        """
    result = score(
        tmp_path,
        truth,
        observed("team_count", 58),
        observed("team_members", 386, status="review"),
        observed("media_broadcasts", 200),
        observed("place_villages", 12, status="rejected"),
    )
    tally = result.channels["."]
    assert (tally.expected, tally.matched, tally.in_review, tally.accepted, tally.false_accepted) == (
        3,
        1,
        1,
        2,
        1,
    )
    assert (tally.precision, tally.recall, tally.seen) == (0.5, pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert [m.kind for m in result.mistakes] == ["false_accepted", "in_review", "missed"]


def test_each_truth_counts_once_and_a_repeat_is_no_false_figure(tmp_path: Path) -> None:
    truth = """
        figures:
          - {indicator: team_count, value: 58}
          - {indicator: team_count, value: 58}
          - {indicator: team_members, value: 386}
        """
    result = score(tmp_path, truth, observed("team_count", 58), *[observed("team_members", 386)] * 3)
    tally = result.channels["."]
    assert (tally.expected, tally.matched, tally.accepted, tally.false_accepted) == (3, 2, 4, 0)


def test_a_wrong_qualifier_is_told_apart_from_a_missed_figure(tmp_path: Path) -> None:
    truth = "figures: [{indicator: media_posts, value: 150, qualifier: over}]"
    result = score(tmp_path, truth, observed("media_posts", 150))
    assert [m.kind for m in result.mistakes] == ["false_accepted", "qualifier"]
    assert result.channels["."].qualifier_right == 0


def test_ranges_match_by_their_ends(tmp_path: Path) -> None:
    truth = "figures: [{indicator: skill_officials_trained, low: 125, high: 130, qualifier: range}]"
    good = observed("skill_officials_trained", None, "range", low=125, high=130)
    bad = observed("skill_officials_trained", None, "range", low=125, high=131)
    assert score(tmp_path, truth, good).channels["."].recall == 1
    assert score(tmp_path, truth, bad).channels["."].recall == 0


def test_a_rate_from_its_parts_equals_the_written_percent_but_neighbours_differ(tmp_path: Path) -> None:
    truth = "figures: [{indicator: egov_online_rate, value: 98.39, numerator: 5010, denominator: 5092}]"
    assert score(tmp_path, truth, observed("egov_online_rate", 100 * 5010 / 5092)).channels["."].recall == 1
    assert score(tmp_path, truth, observed("egov_online_rate", 98.3)).channels["."].recall == 0


def test_a_flag_is_a_figure_and_its_detail_is_reported_apart(tmp_path: Path) -> None:
    truth = "flags: {steer_plan: {value: true, detail: 36/KH-UBND@2025-08-18}}"
    result = score(tmp_path, truth, observed("steer_plan", 1, detail="05/KH-UBND"))
    assert result.channels["."].recall == 1
    assert [(m.kind, m.expected, m.seen) for m in result.mistakes] == [
        ("detail", "36/KH-UBND@2025-08-18", "05/KH-UBND")
    ]


def test_digits_that_the_reading_lost_are_expected_of_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "ocr_eng"
    folder.mkdir()
    truth = "figures: [{indicator: team_count, value: 58, illegible: [ocr_eng]}]"
    (folder / "a.txt").write_text("x", encoding="utf-8")
    (folder / "a.truth.yaml").write_text(truth, encoding="utf-8")
    seen = (observed("team_count", 53), observed("team_members", 7))
    empty = Reading("", "t", "1", "1", None, Header(), None, (), (), seen, ())
    tally = evaluate(tmp_path, catalogue(), lambda *_: empty).channels["ocr_eng"]
    assert (tally.expected, tally.illegible, tally.misread, tally.accepted, tally.false_accepted) == (
        0,
        1,
        1,
        1,
        1,
    )


def test_header_fields_are_right_unknown_or_wrong(tmp_path: Path) -> None:
    truth = """
        header: {commune_code: "11914", document_type: plan, number: "319", issued_on: 2025-12-09,
                 issued_year: 2025, references: [192/KH-UBND@2025-08-08, 57-NQ/TW]}
        """
    votes = (IdentityVote("letterhead", "11755", 0.99, "XÃ TIÊN LÃNG"),)
    result = score(tmp_path, truth, votes=votes)
    verdicts = {name: dict(counts) for (_, name), counts in result.headers.items()}
    assert verdicts == {
        "commune_code": {"wrong": 1},
        "document_type": {"wrong": 1},
        "number": {"right": 1},
        "issued_on": {"right": 1},
        "issued_year": {"unknown": 1},
        "references": {"unknown": 2},
    }
    assert result.commune(".") == {"right": 0, "unknown": 0, "wrong": 1}


def test_one_truth_serves_the_three_channels(tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "a.truth.yaml").write_text("figures: []", encoding="utf-8")
    for channel in ("clean", "ocr_eng", "ocr_vie"):
        (tmp_path / channel).mkdir()
        (tmp_path / channel / "a.txt").write_text("x", encoding="utf-8")
    assert [d.channel for d in find_documents(tmp_path, catalogue())] == ["clean", "ocr_eng", "ocr_vie"]


@pytest.mark.parametrize(
    ("truth", "told"),
    [
        ("figures: [{indicator: team_cuont, value: 1}]", "figures\\[0\\].indicator: 'team_cuont'"),
        ("figures: [{indicator: team_count}]", "figures\\[0\\]: value is missing"),
        ("figures: [{indicator: team_count, value: 5, qualifier: about}]", "qualifier 'about'"),
        ("figures: [{indicator: team_count, low: 5, high: 5, qualifier: range}]", "low < high"),
        ("flags: {team_count: true}", "flags.team_count: is no flag"),
        ("header: {comune_code: 1}", "header.comune_code"),
    ],
)
def test_a_mistake_in_a_truth_names_file_and_key(tmp_path: Path, truth: str, told: str) -> None:
    with pytest.raises(TruthError, match=told):
        score(tmp_path, truth)


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(TruthError, match=r"NAME\.truth\.yaml"):
        evaluate(tmp_path, catalogue())


@pytest.mark.shared
def test_the_gold_folder_is_read_with_its_supplement() -> None:
    root = Path(__file__).parents[2]
    shared = root.parent / "shared"
    if not shared.is_dir():
        pytest.skip("no shared folder beside the checkout")
    supplement = root / "nq57_assets_tests" / "corpus" / "shared_supplement.csv"
    documents = find_documents(shared, catalogue(), supplement)
    assert len(documents) == 5 and all(document.path.is_file() for document in documents)
    assert sum(len(document.figures) for document in documents) > 70


def said(kind: str, text: str, *themes: str, addressee: str | None = None) -> Statement:
    return Statement(kind, addressee, themes or ("other",), text, Address(line=3))


def test_statements_are_paired_by_their_words_and_judged_by_kind_addressee_and_theme(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("văn bản", encoding="utf-8")
    truth = """
        statements:
          - {kind: difficulty, themes: [people], text: Cán bộ phụ trách còn kiêm nhiệm nhiều việc.}
          - {kind: cause, themes: [funding], text: Nguyên nhân là do ngân sách eo hẹp.}
          - {kind: recommendation, addressee: city, themes: [funding], text: Đề nghị thành phố bố trí kinh phí.}
          - {kind: recommendation, addressee: department, themes: [training], text: Đề nghị Sở mở lớp tập huấn.}
        """
    (tmp_path / "a.truth.yaml").write_text(dedent(truth), encoding="utf-8")
    read = (
        said("difficulty", "- Can b6 phu trach cdn kiêm nhiém nhieu viéc.", "people"),
        said("difficulty", "Nguyên nhân là do ngân sách eo hẹp.", "funding"),
        said("recommendation", "Đề nghị thành phố bố trí kinh phí.", "training", addressee="department"),
        said("difficulty", "Loa của hai thôn bị hỏng từ lâu."),
    )
    reading = Reading("", "t", "1", "1", None, HEADER, None, (), (), (), (), read)
    result = evaluate(tmp_path, catalogue(), lambda *_: reading)
    tally = result.statements["."]
    assert (tally.expected, tally.seen, tally.found, tally.matched) == (4, 4, 3, 2)
    assert (tally.precision, tally.recall, tally.theme, tally.addressee) == (0.5, 0.5, 0.5, 0.0)
    assert {m.kind for m in result.mistakes if m.kind.startswith("statement")} == {
        "statement_kind", "statement_theme", "statement_addressee", "statement_false", "statement_missed",
    }  # fmt: skip
    assert "main theme" in result.render() and result.to_dict()["statements"]["."]["recall"] == 0.5


def test_documents_that_nobody_read_for_statements_are_not_scored_for_them(tmp_path: Path) -> None:
    score(tmp_path, "figures: []")
    reading = Reading(
        "", "t", "1", "1", None, HEADER, None, (), (), (), (), (said("cause", "Do thiếu người."),)
    )
    assert not evaluate(tmp_path, catalogue(), lambda *_: reading).statements


@pytest.mark.parametrize(
    "wrong",
    [
        "{kind: wish, themes: [people], text: x}",
        "{kind: recommendation, themes: [people], text: x}",
        "{kind: cause, addressee: city, themes: [people], text: x}",
        "{kind: cause, themes: [weather], text: x}",
    ],
)
def test_a_truth_with_an_unknown_statement_says_where(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(TruthError, match=r"a\.truth\.yaml: statements\[0\]"):
        score(tmp_path, f"statements: [{wrong}]")
