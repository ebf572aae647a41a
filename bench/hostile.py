"""What one bad file costs: seconds, the largest process, the verdict. ``python -m bench.hostile [folder] [--keep NAME]``.

Without a folder: every hostile and broken file that the tests make. With one: every file below it, such as the test files of
other people's readers. Each is read alone, by one worker, the true way. Fails where one takes more than 30 s or 700 MB,
has no verdict, or breaks our own code.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.kept import keep
from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.reading import read_all
from nq57_assets.intake.versions import REFUSALS
from nq57_assets.model import OWN_FAULT

_MOST_SECONDS, _MOST_MIB = 30, 700
_INTERVAL = 0.1


@dataclass(frozen=True, slots=True)
class Row:
    """What one file cost, and what became of it; ``rule`` is empty when it was read."""

    name: str
    seconds: float
    mib: float
    rule: str
    reason: str

    @property
    def is_too_much(self) -> bool:
        """Whether it broke a bound, or our code."""
        return self.seconds > _MOST_SECONDS or self.mib > _MOST_MIB or self.rule == OWN_FAULT


def made() -> Iterator[tuple[str, bytes]]:
    """Yield the files that the tests make: Word, workbooks, old texts, PDF, pictures."""
    from nq57_assets_tests.hostile_pages import HOSTILE as PAGES
    from nq57_assets_tests.reliability.test_hostile_word import HOSTILE as WORD

    for name, make in WORD.items():
        yield f"{name}.docx", make()
    for name, (make, _) in PAGES.items():
        yield f"{name}.pdf", make()


def below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(folder)), path.read_bytes()


@contextmanager
def _largest_child() -> Iterator[list[float]]:
    """Give the peak resident set, in MiB, of the largest process that this one starts within the block."""
    peak, done = [0.0], threading.Event()
    own = psutil.Process()

    def watch() -> None:
        while not done.wait(_INTERVAL):
            for process in own.children(recursive=True):
                try:
                    if process.parent() == own and "forkserver" in " ".join(process.cmdline()):
                        continue  # the server that workers are forked from, which reads nothing
                    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
                except (psutil.Error, OSError):
                    continue
                match = re.search(r"VmHWM:\s+(\d+) kB", status)
                peak[0] = max(peak[0], int(match.group(1)) / 1024 if match else 0.0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def cost(name: str, content: bytes, data: DataDir) -> Row:
    """Read one file alone and return what it cost."""
    sha256 = hashlib.sha256(content).hexdigest()
    archive = Archive(data)
    path = archive.path(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with _largest_child() as peak:
        began = time.monotonic()
        reading = read_all(data, archive, [(sha256, name)], catalogue(), workers=1)[sha256]
        seconds = time.monotonic() - began
    refused = next((finding for finding in reading.findings if finding.rule in REFUSALS), None)
    rule, reason = (refused.rule, refused.observed or "") if refused else ("", "")
    path.unlink()
    return Row(name, seconds, peak[0], rule, reason)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--keep", help="name under which to keep the figures; hostile without a folder")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        data = DataDir(Path(folder))
        for name, content in below(options.folder) if options.folder else made():
            row = cost(name, content, data)
            rows.append(row)
            mark = "!" if row.is_too_much else " "
            print(
                f"{mark} {row.seconds:6.1f} s {row.mib:5.0f} MiB  {row.name}: {row.rule or 'read'} {row.reason[:90]}",
                flush=True,
            )
    slow, large = max(rows, key=lambda row: row.seconds), max(rows, key=lambda row: row.mib)
    verdicts = Counter(row.rule or "read" for row in rows)
    print(f"{len(rows)} files: {dict(verdicts)}")
    print(f"slowest {slow.seconds:.1f} s ({slow.name}), largest process {large.mib:.0f} MiB ({large.name})")
    too_much = [row for row in rows if row.is_too_much]
    if name := options.keep or ("hostile" if options.folder is None else ""):
        keep(name, {
            "files": len(rows), "verdicts": dict(verdicts), "slowest_seconds": round(slow.seconds, 1),
            "largest_mib": round(large.mib), "over_the_bounds": len(too_much),
        })  # fmt: skip
    sys.exit(1 if too_much else 0)


if __name__ == "__main__":
    main()
