"""The same reports through every channel: text, PDF, scans and photographs; what is accepted of what the text gives.

Run with ``python -m bench.channels [reports]``. Figures of the text channel are the measure of the others; the reports
are those of the labelled corpus, written by others than the readers' authors. Recall and precision count accepted figures.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.reading import read_submission
from nq57_assets.readers import Unreadable
from nq57_assets_tests import printed

Figures = frozenset[tuple[str, float | None, float | None, float | None]]


@lru_cache(maxsize=1)
def reports() -> tuple[str, ...]:
    """Return the clean texts of the labelled corpus' open half."""
    folder = Path(printed.__file__).parent / "corpus" / "development" / "clean"
    return tuple(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))


def _channels(text: str, number: int) -> dict[str, tuple[str, bytes, int]]:
    pdf = printed.text_as_pdf(text)
    sharp, coarse = printed.pages_of(pdf, 300), printed.pages_of(pdf, 150)
    pages = len(sharp)
    degrees = (0.6, -0.9, 1.4, 0.2)[number % 4]

    def scans(sheets: list[Image.Image], dpi: int) -> bytes:
        return printed.picture_pdf(
            [printed.scanned(s, number + n, degrees) for n, s in enumerate(sheets)], dpi
        )

    photographs = [printed.photographed(sheet, number + n) for n, sheet in enumerate(sharp)]
    return {
        "text": ("a.txt", text.encode(), pages),
        "text PDF": ("a.pdf", pdf, pages),
        "scan 300 dpi": ("a.pdf", scans(sharp, 300), pages),
        "scan 150 dpi": ("a.pdf", scans(coarse, 150), pages),
        "photographs": ("a.tif", printed.as_tiff(photographs), pages),
    }


def _accepted(name: str, data: bytes) -> Figures:
    try:
        found = read_submission(data, name, catalogue()).observations
    except Unreadable:
        return frozenset()
    return frozenset((o.indicator, o.value, o.low, o.high) for o in found if o.status == "accepted")


def measure(number: int) -> dict[str, tuple[int, int, int, int, float]]:
    """Return for each channel: figures of the text, of them accepted, accepted besides, pages, seconds."""
    result = {}
    true: Figures = frozenset()
    for channel, (name, data, pages) in _channels(reports()[number], number).items():
        start = time.perf_counter()
        seen = _accepted(name, data)
        spent = time.perf_counter() - start
        if channel == "text":
            true = seen
        result[channel] = (len(true), len(true & seen), len(seen - true), pages, spent)
    return result


def main() -> None:
    """Print recall, precision and seconds a page of each channel."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(measure, range(min(count, len(reports())))))
    print(f"{'channel':14} {'figures':>8} {'recall':>7} {'precision':>10} {'pages':>6} {'s/page':>7}")
    for channel in results[0]:
        true, right, wrong, pages, spent = (sum(one[channel][n] for one in results) for n in range(5))
        precision = right / (right + wrong) if right + wrong else 1.0
        print(f"{channel:14} {true:8} {right / true:7.3f} {precision:10.3f} {pages:6} {spent / pages:7.2f}")


if __name__ == "__main__":
    main()
