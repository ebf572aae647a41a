"""Runs a command in a process of its own and measures it with all its children."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_INTERVAL = 0.05
"""Seconds between two looks at the memory of the process tree."""


@dataclass(frozen=True)
class Measured:
    """What a command took.

    Attributes:
        wall: Seconds from start to exit.
        cpu: Seconds of processor time, user and system, of the process and every child that it waited for.
        largest: Peak resident set of the largest single process, in MiB.
        tree: Peak of the sum over the whole process tree, in MiB, looked at 20 times a second; shared pages count
            once for each process, so this is an upper bound.
        output: What it printed.
        code: Exit code.
    """

    wall: float
    cpu: float
    largest: float
    tree: float
    output: str
    code: int


def measure(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Measured:
    """Run a command to its end.

    Args:
        command: Program and arguments.
        environment: Variables set beside those of this process.
        folder: Working directory.
    """
    log = folder / "measured.log"
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            cwd=folder,
        )
        peak = [0]
        watching = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peak, watching), daemon=True)
        watcher.start()
        # wait4 alone tells the resources of this very child and of those it has waited for.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        watching.set()
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        largest=usage.ru_maxrss / 1024,
        tree=max(peak[0] / 2**20, usage.ru_maxrss / 1024),
        output=log.read_text(encoding="utf-8", errors="replace"),
        code=process.returncode,
    )


def _watch(pid: int, peak: list[int], done: threading.Event) -> None:
    try:
        root = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    while not done.wait(_INTERVAL):
        total = 0
        try:
            for process in (root, *root.children(recursive=True)):
                total += _resident(process)
        except psutil.NoSuchProcess:
            return
        peak[0] = max(peak[0], total)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
