"""The measured standard: the locked half against its gates, and the corpus true to its own notation.

Of the locked half only numbers are printed; see ``corpus/README.md`` for why. The development half is scored by the
first reading alone: the second knows its documents by heart.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.evaluate import Evaluation, evaluate
from nq57_assets.evaluate.scores import Mistake
from nq57_assets.extract.reading import read_submission
from nq57_assets.model import Reading
from nq57_assets.vietnamese.fold import fold
from nq57_assets_tests.corpus.labelled import batch_of
from nq57_assets_tests.corpus.legible import illegible
from nq57_assets_tests.corpus.marked import clean_text, mark_values, parse, truth
from nq57_assets_tests.reports import first_reading

CORPUS = Path(__file__).parents[1] / "corpus"
HALVES = ("development", "locked")
# Sets of the development half by their batches: what was there first, and what came with the
# dense documents. The whole half is scored by every sixth document, which sees a fall as well.
EARLIER, DENSE = "earlier", "dense"
_NAMES = {EARLIER: ("d", "l", "r"), DENSE: ("s", "t", "w", "x", "y")}
CHANNELS = ("clean", "ocr_vie", "ocr_eng")
GATES = {"clean": (0.99, 0.95, 0.98), "ocr_vie": (0.99, 0.92, 0.97), "ocr_eng": (0.99, 0.88, 0.95)}
# What has been reached on the way there: raised with every gain, never lowered. When documents join a half, it is another
# half and has other floors; the named sets stay as they are.
FLOORS = {
    (EARLIER, "clean"): (0.999, 0.976, 0.991),
    (EARLIER, "ocr_vie"): (0.998, 0.943, 0.968),
    (EARLIER, "ocr_eng"): (0.995, 0.901, 0.948),
    (DENSE, "clean"): (0.985, 0.822, 0.892),
    (DENSE, "ocr_vie"): (0.979, 0.765, 0.850),
    (DENSE, "ocr_eng"): (0.968, 0.704, 0.809),
    ("development", "clean"): (0.958, 0.674, 0.767),
    ("development", "ocr_vie"): (0.943, 0.611, 0.715),
    ("development", "ocr_eng"): (0.930, 0.566, 0.678),
    ("locked", "clean"): (0.992, 0.932, 0.980),
    ("locked", "ocr_vie"): (0.985, 0.894, 0.968),
    ("locked", "ocr_eng"): (0.974, 0.867, 0.953),
}
# Statements with their kind, of recommendations the addressee, and the main theme of what was found.
STATEMENT_FLOORS = {
    (DENSE, "clean"): {"precision": 0.99, "recall": 0.97, "addressee": 0.99, "theme": 0.86},
    (DENSE, "ocr_vie"): {"precision": 0.98, "recall": 0.95, "addressee": 0.99, "theme": 0.85},
    (DENSE, "ocr_eng"): {"precision": 0.96, "recall": 0.91, "addressee": 0.99, "theme": 0.81},
    ("development", "clean"): {"precision": 0.89, "recall": 0.71, "addressee": 0.96, "theme": 0.69},
    ("development", "ocr_vie"): {"precision": 0.82, "recall": 0.7, "addressee": 0.96, "theme": 0.69},
    ("development", "ocr_eng"): {"precision": 0.8, "recall": 0.64, "addressee": 0.95, "theme": 0.65},
    ("locked", "clean"): {"precision": 0.94, "recall": 0.94, "addressee": 0.97, "theme": 0.84},
    ("locked", "ocr_vie"): {"precision": 0.94, "recall": 0.91, "addressee": 0.96, "theme": 0.85},
    ("locked", "ocr_eng"): {"precision": 0.92, "recall": 0.87, "addressee": 0.95, "theme": 0.82},
}
# Where the whole standard is met.
REACHED = {(EARLIER, "clean")}
HEADER_FIELDS = ("commune_code", "document_type", "number", "issued_on")


@cache
def read_once(content: bytes, name: str) -> Reading:
    """Return the first reading of a document, which several sets may hold."""
    return read_submission(content, name, first_reading())


@cache
def scored(half: str) -> Evaluation:
    """Score a half, or the earlier documents of one, once for all tests."""
    if half == "locked":
        return evaluate(CORPUS / half, catalogue())

    def read(content: bytes, name: str, _: Catalogue) -> Reading:
        return read_once(content, name)

    with TemporaryDirectory() as folder:
        for path in (CORPUS / "development").glob("*/*.*"):
            if path.name.split(".")[0] in _scored_names(half) and path.parent.name in (*CHANNELS, "truth"):
                link = Path(folder) / path.parent.name / path.name
                link.parent.mkdir(exist_ok=True)
                link.symlink_to(path)
        return evaluate(Path(folder), first_reading(), read)


@cache
def _scored_names(half: str) -> frozenset[str]:
    """Return the development documents that a set holds."""
    names = sorted(sources("development"))
    return (
        frozenset(n for n in names if batch_of(n) in _NAMES[half])
        if half in _NAMES
        else frozenset(names[::6])
    )


@cache
def sources(half: str) -> dict[str, str]:
    """Return the marked documents of a half by name."""
    return {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted((CORPUS / half / "marked").glob("*.marked"))
    }


def short_of(half: str, channel: str, wanted: tuple[float, float, float]) -> dict[str, str]:
    """Return which shares of a half fall short of what is wanted of precision, recall and seen."""
    tally = scored(half).channels[channel]
    measured = {"precision": tally.precision, "recall": tally.recall, "seen": tally.seen}
    return {
        name: f"{share:.4f} < {least}"
        for (name, share), least in zip(measured.items(), wanted, strict=True)
        if share < least
    }


def halves_and_channels() -> list[Any]:
    """Return every half and channel; where the standard is not reached yet, it is marked as expected to fail."""
    not_yet = pytest.mark.xfail(
        reason="the standard is set and not reached yet on this channel", strict=False
    )
    return [
        pytest.param(half, channel, marks=() if (half, channel) in REACHED else not_yet)
        for half in (*HALVES, *_NAMES)
        for channel in CHANNELS
    ]


@pytest.mark.parametrize(("half", "channel"), halves_and_channels())
def test_figures_meet_the_gate(half: str, channel: str) -> None:
    short = short_of(half, channel, GATES[channel])
    assert not short, f"{half}/{channel}: {short}"


@pytest.mark.parametrize(("half", "channel"), FLOORS)
def test_figures_do_not_fall_behind_what_was_reached(half: str, channel: str) -> None:
    short = short_of(half, channel, FLOORS[half, channel])
    assert not short, f"{half}/{channel}: {short}"


@pytest.mark.parametrize(("half", "channel"), STATEMENT_FLOORS)
def test_statements_do_not_fall_behind_what_was_reached(half: str, channel: str) -> None:
    tally = scored(half).statements[channel]
    assert tally.documents >= 20
    measured = {name: getattr(tally, name) for name in STATEMENT_FLOORS[half, channel]}
    short = {name: share for name, share in measured.items() if share < STATEMENT_FLOORS[half, channel][name]}
    assert not short, f"{half}/{channel}: {short}"


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", HEADER_FIELDS)
def test_headers_are_right_or_unknown_never_wrong(half: str, channel: str, name: str) -> None:
    wrong = [
        f"{one.document}: {one.expected}, seen {one.seen}"
        for one in scored(half).mistakes
        if (one.channel, one.subject) == (channel, name)
        and "(wrong)" in str(one.seen)
        and _could_be_read(half, one)
    ]
    assert not wrong, (
        f"{half}/{channel}: {name} wrong in {len(wrong)} documents{wrong if half != 'locked' else ''}"
    )


def _could_be_read(half: str, mistake: Mistake) -> bool:
    """Whether the text still holds a number: a digit that recognition changed shows nowhere, like an illegible figure."""
    text = (CORPUS / half / mistake.channel / mistake.document).read_text(encoding="utf-8")
    return mistake.subject != "number" or str(mistake.expected) in text


@pytest.mark.parametrize("half", HALVES)
def test_every_indicator_is_exercised(half: str) -> None:
    seen = {
        code
        for channel, code in scored(half).indicators
        if channel == "clean" and scored(half).indicators[channel, code].expected
    }
    assert not catalogue().indicator.keys() - seen


def test_the_halves_are_large_and_share_no_way_of_writing() -> None:
    ways = {half: {_front(source)["way"] for source in sources(half).values()} for half in HALVES}
    assert all(len(sources(half)) >= 20 and len(ways[half]) >= 5 for half in HALVES)
    assert not ways["development"] & ways["locked"]


@pytest.mark.parametrize("half", HALVES)
def test_texts_and_truths_are_what_the_marked_documents_say(half: str) -> None:
    for name, source in sources(half).items():
        marked = parse(source)
        text, spots = clean_text(marked)
        assert (CORPUS / half / "clean" / f"{name}.txt").read_text(encoding="utf-8") == text, name
        values = {index: mark_values(marked.marks[index]) for index in spots}
        readings = {
            channel: read.read_text(encoding="utf-8")
            for channel in CHANNELS[1:]
            if (read := CORPUS / half / channel / f"{name}.txt").exists()
        }
        lost = {channel: illegible(text, spots, values, read) for channel, read in readings.items()}
        kept = yaml.safe_load((CORPUS / half / "truth" / f"{name}.truth.yaml").read_text(encoding="utf-8"))
        assert {**kept, "flags": kept["flags"] or {}} == truth(marked, lost), name


@pytest.mark.parametrize("half", HALVES)
def test_communes_are_real_and_inside_the_list(half: str) -> None:
    for name, source in sources(half).items():
        code = _front(source)["commune_code"]
        assert code is None or fold(catalogue().commune[code].name.split()[-1]) in fold(source), name


def _front(source: str) -> dict[str, str]:
    return yaml.safe_load(source.split("---\n", 2)[1])
