"""A round of scans: ``python -m bench.scans [files] [--pages 5]``; pages a second, and what the second run costs.

On a busy machine the clock tells little, so the processor time of the workers is told beside it: what two free cores would
take is half of that. The scans are pages of the labelled corpus' open half at 300 dpi as an office scanner gives them, each
file other bytes. They go the true way: inbox, archive, workers. Making them is not part of the time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil
from PIL import Image

from bench.channels import reports
from bench.kept import keep
from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.inbox import scan
from nq57_assets.intake.reading import read_all
from nq57_assets_tests import printed

ROUND = "2025-nq57-communication"
_REPORTS = 12


def _sheets(count: int) -> list[Image.Image]:
    pages = [page for text in reports()[:count] for page in printed.pages_of(printed.text_as_pdf(text), 300)]
    return [
        printed.scanned(page, number, (0.6, -0.9, 1.4, 0.2)[number % 4]) for number, page in enumerate(pages)
    ]


def scans(files: int, pages: int) -> Iterator[bytes]:
    """Yield PDFs of scanned pages: no two hold the same pages in the same order."""
    sheets = _sheets(min(files, _REPORTS))
    for number in range(files):
        step = 1 + number // len(sheets)
        chosen = [sheets[(number + place * step) % len(sheets)] for place in range(pages)]
        yield printed.picture_pdf(chosen, 300)


@contextmanager
def _processor_time() -> Iterator[list[float]]:
    """Give the seconds of processor time of all processes that this one starts within the block."""
    spent, seen, done = [0.0], {}, threading.Event()
    own = psutil.Process()

    def watch() -> None:
        while not done.wait(0.1):
            for process in own.children(recursive=True):
                try:
                    # Not the server that workers are forked from: what they took is added to it when they end.
                    if process.name().startswith("python") and process.parent() != own:
                        times = process.cpu_times()  # those of its own children count once they have ended
                        seen[process.pid] = (
                            times.user + times.system + times.children_user + times.children_system
                        )
                except psutil.Error:
                    continue

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield spent
    finally:
        done.set()
        watcher.join()
        spent[0] = sum(seen.values())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scans", description=__doc__)
    parser.add_argument("files", type=int, nargs="?", default=114)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scans-") as folder:
        data = DataDir(Path(folder))
        inbox = data.inbox / ROUND
        inbox.mkdir(parents=True)
        for number, content in enumerate(scans(options.files, options.pages)):
            (inbox / f"{number:03d}.pdf").write_bytes(content)
        print(f"{options.files} files made", file=sys.stderr, flush=True)
        now = datetime.now(UTC)
        archive = Archive(data)
        archive.receive(scan(data, catalogue(), now, settle=0), now)
        items = [(receipt.sha256, receipt.original_name) for receipt in archive.receipts(ROUND)]
        spent = []
        processor = 0.0
        for _ in range(2):
            began = time.monotonic()
            with _processor_time() as used:
                readings = read_all(data, archive, items, catalogue(), workers=options.workers)
            spent.append(time.monotonic() - began)
            processor = processor or used[0]
    pages = len(items) * options.pages
    unread = sum(f.rule == "file_page_unread" for reading in readings.values() for f in reading.findings)
    recognised = sum("ocr" in reading.reader for reading in readings.values())
    free = options.workers * pages / processor
    print(
        f"{len(items)} files, {pages} pages at 300 dpi, {options.workers} workers: {spent[0]:.0f} s, "
        f"{pages / spent[0]:.2f} pages/s; {recognised} files recognised, {unread} pages not\n"
        f"{processor:.0f} s of processor time, so {free:.2f} pages/s on as many free cores; second run {spent[1]:.2f} s"
    )
    keep("scans", {
        "files": len(items), "pages": pages, "workers": options.workers, "seconds": round(spent[0], 1),
        "pages_a_second": round(pages / spent[0], 2), "pages_a_second_on_free_cores": round(free, 2),
        "pages_unread": unread, "second_run_seconds": round(spent[1], 2),
    })  # fmt: skip


if __name__ == "__main__":
    main()
