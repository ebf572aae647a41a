"""Runs a command in a process of its own and measures it with all its children."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_INTERVAL = 0.05
"""Seconds between two looks at the memory of the process tree."""


@dataclass(frozen=True)
class Measured:
    """What a command took.

    Attributes:
        wall: Seconds from start to exit.
        cpu: Seconds of processor time, user and system, of every process of the tree. What ``wait4`` tells leaves out
            workers whose parent nobody waits for (a fork server's), so each process is looked at while it lives; up to a
            twentieth of a second of each is missed.
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
        tree = _Tree()
        watching = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, tree, watching), daemon=True)
        watcher.start()
        # wait4 alone tells the resources of this very child and of those it has waited for.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        watching.set()
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        wall=wall,
        cpu=max(usage.ru_utime + usage.ru_stime, sum(tree.cpu.values())),
        largest=usage.ru_maxrss / 1024,
        tree=max(tree.peak / 2**20, usage.ru_maxrss / 1024),
        output=log.read_text(encoding="utf-8", errors="replace"),
        code=process.returncode,
    )


@dataclass
class _Tree:
    """What was seen of a process tree: the peak of its memory, the last processor time of each process."""

    peak: int = 0
    cpu: dict[tuple[int, float], float] = field(default_factory=dict)


def _watch(pid: int, tree: _Tree, done: threading.Event) -> None:
    try:
        root = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    while not done.wait(_INTERVAL):
        try:
            family = (root, *root.children(recursive=True))
        except psutil.NoSuchProcess:
            return
        tree.peak = max(tree.peak, sum(_look(process, tree) for process in family))


def _look(process: psutil.Process, tree: _Tree) -> int:
    """Note a process's own processor time, without its children's; return its resident set in bytes."""
    try:
        with process.oneshot():
            times = process.cpu_times()
            tree.cpu[process.pid, process.create_time()] = times.user + times.system
            return int(process.memory_info().rss)
    except psutil.Error:
        return 0
