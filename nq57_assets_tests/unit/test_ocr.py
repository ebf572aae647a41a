"""Scans and photographs: the same figures as the text, doubtful digits to review, pages that cannot be read are told."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.reading import read_submission, reading_of
from nq57_assets.model import Address, Block, Document
from nq57_assets.readers import Unreadable, ocr, read_document
from nq57_assets.readers.grids import Rule, find_grids
from nq57_assets.readers.layout import Line, Word
from nq57_assets.readers.page_findings import page_numbers
from nq57_assets.readers.picture import page_of_photograph, slant, without_rules
from nq57_assets_tests import printed

needs_font = pytest.mark.skipif(printed.fonts() is None, reason=printed.NO_FONT)
needs_tesseract = pytest.mark.skipif(ocr.engine() is None, reason=printed.NO_TESSERACT)


def accepted(data: bytes, name: str) -> set[tuple[str, float | None]]:
    found = read_submission(data, name, catalogue()).observations
    return {(one.indicator, one.value) for one in found if one.status == "accepted"}


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return printed.pages_of(printed.as_pdf(), 300)[0]


def as_heic(picture: Image.Image) -> bytes:
    """A photograph as telephones keep it: HEVC inside, on its side, with a note of how to turn it."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    sink = io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6
    picture.convert("RGB").rotate(90, expand=True).save(sink, "HEIF", quality=60, exif=turned)
    assert sink.getvalue()[4:12] == b"ftypheic"
    return sink.getvalue()


@needs_font
@needs_tesseract
@pytest.mark.parametrize("channel", ["scan at 300 dpi", "scan at 150 dpi", "photograph", "HEIC"])
def test_a_picture_of_a_report_gives_its_figures_and_no_others(channel: str, page: Image.Image) -> None:
    as_text = accepted(printed.as_text().encode(), "a.txt")
    if channel == "photograph":
        data, name = printed.picture_file(printed.photographed(page)), "a.jpg"
    elif channel == "HEIC":
        data, name = as_heic(printed.photographed(page).reduce(2)), "a.heic"
    else:
        dpi = int(channel.split()[2])
        sheet = (
            page if dpi == 300 else page.resize((page.width // 2, page.height // 2), Image.Resampling.LANCZOS)
        )
        data, name = printed.picture_pdf([printed.scanned(sheet)], dpi), "a.pdf"
    seen = accepted(data, name)
    assert seen <= as_text
    assert len(seen) >= 0.9 * len(as_text)


@needs_font
@needs_tesseract
def test_a_page_upside_down_is_turned_and_a_page_of_noise_is_told_by_its_number(page: Image.Image) -> None:
    sheet = page.reduce(2)
    noise = Image.fromarray(np.random.default_rng(57).integers(0, 255, (600, 420)).astype(np.uint8))
    sink = io.BytesIO()
    sheet.rotate(180).save(sink, "TIFF", save_all=True, append_images=[noise])
    document = read_document(sink.getvalue(), "a.tif", catalogue())
    assert "XÃ HẢI HƯNG" in document.text
    assert [(f.rule, f.address.page) for f in document.findings] == [
        ("file_recognised", None),
        ("file_page_unread", 2),
    ]


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PATH", "")
    ocr.engine.cache_clear()
    yield
    ocr.engine.cache_clear()


def test_without_tesseract_a_picture_is_refused_with_what_to_install(without_tesseract: None) -> None:
    data = printed.picture_file(Image.new("L", (800, 1100), 255), "PNG")
    with pytest.raises(Unreadable) as refused:
        read_document(data, "a.png", catalogue())
    assert "apt-get install tesseract-ocr tesseract-ocr-vie" in (refused.value.finding.observed or "")


def report(confidence: float) -> Document:
    lines = ("BÁO CÁO", "Kết quả tuyên truyền năm 2025", "Trong năm, xã đã tổ chức 7 hội nghị tuyên truyền.")
    blocks = tuple(Block(text, Address(1, n), confidence=confidence) for n, text in enumerate(lines, 1))
    return Document("application/pdf", "pdf+ocr", "1", blocks)


def test_doubtful_digits_wait_for_a_person() -> None:
    (sure,) = reading_of(report(1.0), catalogue()).observations
    (doubtful,) = reading_of(report(0.6), catalogue()).observations
    assert (sure.status, doubtful.status) == ("accepted", "review")
    assert doubtful.confidence < sure.confidence and "nhận dạng" in (doubtful.why or "")


def test_a_line_is_as_sure_as_its_most_doubtful_digits_and_not_its_letters() -> None:
    words = [
        Word("treo", 0, 0, 20, 10, 0.3),
        Word("45", 25, 0, 35, 10, 0.97),
        Word("km2", 40, 0, 60, 10, 0.2),
    ]
    assert Line(tuple(words)).confidence == 1.0
    assert Line((*words, Word("3", 65, 0, 70, 10, 0.4))).confidence == 0.4


def striped(degrees: float) -> Image.Image:
    grey = np.full((1600, 1200), 255, dtype=np.uint8)
    for top in range(120, 1500, 40):
        grey[top : top + 12, 100:1100] = 0
    return Image.fromarray(grey).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)


@pytest.mark.parametrize("degrees", [-3.0, -0.6, 0.0, 0.8, 2.5])
def test_the_slant_of_a_page_is_found(degrees: float) -> None:
    assert slant(striped(degrees)) == pytest.approx(degrees, abs=0.15)


def test_ruled_lines_are_found_and_make_a_grid_with_merged_cells() -> None:
    grey = np.full((900, 900), 255, dtype=np.uint8)
    for at in (100, 200, 300, 400):
        grey[at : at + 3, 100:800] = 0
    for at in (100, 450, 797):
        grey[100:400, at : at + 3] = 0
    grey[101:200, 440:460] = 255  # the first row is one cell
    ruled = without_rules(Image.fromarray(grey), 150)
    (grid,) = find_grids(ruled.rules)
    assert (grid.rows, grid.columns) == (3, 2)
    assert grid.cell_at(700, 150) == (0, 0)
    assert grid.cell_at(700, 250) == (1, 1)
    assert np.asarray(ruled.picture)[110:390].min() == 255


def test_a_frame_and_an_underline_are_no_table() -> None:
    frame = [
        Rule(True, 10, 10, 500),
        Rule(True, 700, 10, 500),
        Rule(False, 10, 10, 700),
        Rule(False, 500, 10, 700),
    ]
    assert find_grids([*frame, Rule(True, 90, 200, 300)]) == []


@needs_font
def test_the_sheet_is_cut_out_of_a_photograph_and_a_scan_stays_as_it_is(page: Image.Image) -> None:
    sheet = page.reduce(3)
    cut = page_of_photograph(printed.photographed(sheet))
    assert cut.width / cut.height == pytest.approx(sheet.width / sheet.height, rel=0.05)
    assert page_of_photograph(sheet) is sheet


def test_page_numbers_are_told_in_runs() -> None:
    assert page_numbers([1, 2, 3, 5, 8, 9]) == "1–3, 5, 8–9"
