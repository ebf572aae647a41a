"""The same reports through every channel: text, Word, PDF, scans and photographs; what is accepted of what the text gives.

Run with ``python -m bench.channels [reports] [--told]``; ``--told`` lists what a channel loses or adds. Figures of the text
channel are the measure of the others; the reports are those of the labelled corpus, written by others than the readers'
authors. Recall and precision count accepted figures.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from bench.kept import keep
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
        "Word": ("a.docx", printed.text_as_word(text), pages),
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


@dataclass(frozen=True, slots=True)
class Seen:
    """What one channel gave of one report, beside what its text gives."""

    channel: str
    report: int
    true: Figures
    seen: Figures
    pages: int
    seconds: float


def measure(number: int) -> list[Seen]:
    """Return what each channel gives of one report; the text comes first and is the measure."""
    found: list[Seen] = []
    for channel, (name, data, pages) in _channels(reports()[number], number).items():
        start = time.perf_counter()
        seen = _accepted(name, data)
        spent = time.perf_counter() - start
        found.append(Seen(channel, number, found[0].true if found else seen, seen, pages, spent))
    return found


def summary(found: list[Seen]) -> dict[str, float]:
    """Return figures, recall, precision, pages and seconds a page of one channel over all reports."""
    true = sum(len(one.true) for one in found)
    right = sum(len(one.true & one.seen) for one in found)
    seen = sum(len(one.seen) for one in found)
    pages = sum(one.pages for one in found)
    return {
        "figures": true,
        "recall": round(right / true, 3) if true else 1.0,
        "precision": round(right / seen, 3) if seen else 1.0,
        "pages": pages,
        "seconds_a_page": round(sum(one.seconds for one in found) / pages, 2),
    }


def main() -> None:
    """Print recall, precision and seconds a page of each channel."""
    parser = argparse.ArgumentParser(prog="python -m bench.channels", description=__doc__)
    parser.add_argument("reports", type=int, nargs="?", default=12)
    parser.add_argument("--told", action="store_true", help="list what each channel loses and adds")
    options = parser.parse_args()
    count = min(options.reports, len(reports()))
    # Evenly over the corpus, whose documents are sorted by who wrote them.
    chosen = [number * len(reports()) // count for number in range(count)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = [one for some in pool.map(measure, chosen) for one in some]
    channels = list(dict.fromkeys(one.channel for one in found))
    summaries = {name: summary([one for one in found if one.channel == name]) for name in channels}
    print(f"{'channel':14} {'figures':>8} {'recall':>7} {'precision':>10} {'pages':>6} {'s/page':>7}")
    for name, row in summaries.items():
        print(
            f"{name:14} {row['figures']:8.0f} {row['recall']:7.3f} {row['precision']:10.3f} {row['pages']:6.0f} "
            f"{row['seconds_a_page']:7.2f}"
        )
    for one in found if options.told else ():
        for mark, figures in (("-", one.true - one.seen), ("+", one.seen - one.true)):
            for figure in sorted(figures, key=str):
                print(f"{mark} {one.channel}, report {one.report}: {figure}")
    keep("channels", {"reports": count, "channels": summaries})


if __name__ == "__main__":
    main()
