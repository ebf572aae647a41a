"""Which language data and page mode recognise best: character and figure errors on printed, scanned, photographed pages.

Run with ``python -m bench.recognition``; it takes some minutes. The table goes into docs/decisions.
"""

from __future__ import annotations

import time
import unicodedata
from collections import Counter

import re2
from PIL import Image
from rapidfuzz.distance import Levenshtein

from nq57_assets.readers.ocr import recognise
from nq57_assets.readers.picture import flatten_light, page_of_photograph, straighten, without_rules
from nq57_assets_tests import printed

_FIGURE = re2.compile(r"\d[\d.,]*\d|\d")


def pages() -> dict[str, tuple[Image.Image, int]]:
    """Return the same page in every state, each with its resolution."""
    pdf = printed.as_pdf()
    sharp = {dpi: printed.pages_of(pdf, dpi)[0] for dpi in (150, 300)}
    photograph = flatten_light(page_of_photograph(printed.photographed(sharp[300])))
    return {
        "clean 300": (sharp[300], 300),
        "scan 300": (straighten(printed.scanned(sharp[300])), 300),
        "scan 150": (straighten(printed.scanned(sharp[150])), 150),
        "photograph": (straighten(photograph), 300),
    }


def expected(pdf: bytes) -> str:
    """Return the words that stand on the page, from its text layer."""
    import pypdfium2

    from nq57_assets.readers.pdf_glyphs import read_text

    with pypdfium2.PdfDocument(pdf) as document:
        return unicodedata.normalize("NFC", " ".join(word.text for word in read_text(document[0]).words))


def errors(words: list[str], truth: str) -> tuple[float, float]:
    """Return (share of wrong characters, share of figures missed), whatever order the words come in."""
    told, true = Counter(words), Counter(truth.split())
    left, missed = sorted((told - true).elements()), sorted((true - told).elements())
    wrong = Levenshtein.distance(" ".join(left), " ".join(missed)) / len(truth)
    figures = Counter(_FIGURE.findall(truth))
    seen = Counter(_FIGURE.findall(" ".join(words)))
    return wrong, (figures - seen).total() / figures.total()


def main() -> None:
    """Print one line a setting and page."""
    truth = expected(printed.as_pdf())
    print(f"{'page':12} {'data':8} {'mode':4} {'rules':6} {'CER %':>7} {'figures missed %':>17} {'s':>6}")
    for name, (picture, dpi) in pages().items():
        wiped = without_rules(picture, dpi).picture
        for language in ("vie", "vie+eng"):
            for mode in (3, 4, 6, 11):
                for rules, page in (("kept", picture), ("wiped", wiped)):
                    start = time.perf_counter()
                    words = [word.text for word in recognise(page, dpi, mode, language).words]
                    cer, missed = errors(words, truth)
                    spent = time.perf_counter() - start
                    print(
                        f"{name:12} {language:8} {mode:<4} {rules:6} {100 * cer:7.2f} {100 * missed:17.1f} {spent:6.2f}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
