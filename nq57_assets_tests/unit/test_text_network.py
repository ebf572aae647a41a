"""The network that reads a document's words in their order: what it sees, and that it reads any length alike."""

from __future__ import annotations

import numpy as np
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.extract import text_network
from nq57_assets.extract.grammar import compile_grammar
from nq57_assets.extract.passages import Passage, tokenize
from nq57_assets.extract.running_text import FORM_SIZE, RunningText, Told, parts_of, running_text
from nq57_assets.extract.scene import read_scene
from nq57_assets.extract.second_reading import NONE, Opinion, second_readings, weights
from nq57_assets.extract.text_network import network, shares_of, told_by_words, with_network
from nq57_assets.model import Address

SENTENCES = (
    "Toàn phường có 24 tổ công nghệ số cộng đồng với 168 thành viên",
    "Cán bộ phường rất cố gắng trong năm qua",
    "Tiếp nhận 5.120 hồ sơ, trong đó trực tuyến 4.890 hồ sơ, đạt 95,5%",
)


def passage(text: str) -> Passage:
    return Passage("prose", text, text, (0,), (Address(page=1, line=1),))


def told(*sentences: str) -> list[Told]:
    grammar = compile_grammar(catalogue())
    scenes = [read_scene(passage(text), grammar) for text in sentences]
    return [Told(scene.passage, scene.tokens, scene.quantities) for scene in scenes]


def opinions_of(*sentences: str) -> list[Opinion]:
    grammar = compile_grammar(catalogue())
    scenes = [read_scene(passage(text), grammar) for text in sentences]
    return second_readings([(scene, quantity, "") for scene in scenes for quantity in scene.quantities])


def test_a_text_is_all_its_words_with_the_places_of_its_figures() -> None:
    text = running_text(told(*SENTENCES))
    assert [text.words[place][1] for place in text.places] == ["24", "168", "5.120", "4.890", "95,5%"]
    assert [text.words[place][1] for place in text.nouns[:2]] == ["dong", "vien"]
    assert ("word", "gang") in text.words  # A passage without figures is read as well.
    assert [word for word in text.words if word[0] == "opening"] == [("opening", "prose0")] * 3
    assert [len(form) for form in text.forms] == [FORM_SIZE] * 5


def test_a_row_is_read_with_the_titles_above_it() -> None:
    row = Passage("row", "Số tổ | 24", "Số tổ | 24", (0,), (Address(page=1, line=1),), path=("Kết quả năm",))
    words = running_text([Told(row, tokenize(row.text))]).words
    assert words[:5] == [
        ("opening", "row0"),
        ("word", "ket"),
        ("word", "qua"),
        ("word", "nam"),
        ("opening", "of"),
    ]


def test_a_word_is_known_by_its_letters_when_recognition_spoils_it() -> None:
    whole, spoiled = set(parts_of(("word", "truyen"))), set(parts_of(("word", "truyan")))
    assert len(whole & spoiled) >= 3
    assert parts_of(("figure", "2025")) != parts_of(("figure", "5.120"))


def test_a_rival_is_the_largest_share_of_another_value() -> None:
    alone = np.array([[0.9, 0.1], [0.6, 0.4], [0.9, 0.1]], dtype=np.float32)
    claims = [(24.0, None, None), (31.0, None, None), (24.0, None, None)]
    rivals = told_by_words(alone, claims, ("team_count", NONE))[:, 2]
    assert rivals.tolist() == pytest.approx([0.6, 0.9, 0.6])  # The figure told twice is no rival of itself.


def test_a_long_text_is_read_piece_by_piece_as_if_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = running_text(told(*SENTENCES * 9))
    opinions = opinions_of(*SENTENCES * 9)
    at_once = with_network(opinions, text)
    monkeypatch.setattr(text_network, "_AT_ONCE", 50)
    for one, other in zip(at_once, with_network(opinions, text), strict=True):
        assert one.shares == pytest.approx(other.shares, abs=1e-5)


def test_an_opinion_stays_a_distribution_and_keeps_what_words_alone_told() -> None:
    opinions = opinions_of(*SENTENCES)
    for before, after in zip(opinions, with_network(opinions, running_text(told(*SENTENCES))), strict=True):
        assert sum(after.shares.values()) == pytest.approx(1)
        assert after.words == before.words
    assert with_network([], running_text([])) == []


def test_the_order_of_words_counts() -> None:
    """The network is no bag of words: the same words in another order are another text to it."""
    alone = np.full((1, len(network().classes)), 1 / len(network().classes), dtype=np.float32)

    def read(text: str) -> np.ndarray:
        return shares_of(running_text(told(text)), alone, network())[0]

    one, other = (
        read("hồ sơ quá hạn giải quyết trong kỳ của xã là 12"),
        read("trong kỳ xã giải quyết 12 hồ sơ của quá hạn là"),
    )
    assert np.abs(one - other).max() > 0.01


def test_both_voices_know_the_same_classes() -> None:
    assert set(network().classes) == set(weights().classes)


def test_words_never_met_are_read_as_nothing() -> None:
    text = running_text(told("Xã có 24 tổ công nghệ số cộng đồng"))
    strange = RunningText(
        [("word", "\u4e00"), *text.words[1:]], text.places, text.nouns, text.forms, text.claims
    )
    alone = np.full((1, len(network().classes)), 1 / len(network().classes), dtype=np.float32)
    assert np.isfinite(shares_of(strange, alone, network())).all()
