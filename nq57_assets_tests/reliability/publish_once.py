"""Publishing in a process of its own, for tests that kill it.

Belongs here: starting such a process quickly, and what it says on the way. Does not belong: what must hold afterwards.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from nq57_assets.catalogue import catalogue
from nq57_assets.lake import DataDir, Lake
from nq57_assets.mart.publish import publish


class Publisher:
    """A process that publishes the lake of a data directory some times over, once it is told to."""

    def __init__(self, data: DataDir, times: int) -> None:
        context = multiprocessing.get_context("forkserver")
        # Imported once and forked from then on: most of a fresh interpreter's time is not what is to be killed.
        context.set_forkserver_preload([__name__])
        self.ours, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_publish, args=(str(data.root), times, theirs))
        self.process.start()
        theirs.close()
        self.ours.recv()

    def go(self) -> None:
        """Let it publish."""
        self.ours.send("go")

    def end(self, *, kill: bool) -> list[int]:
        """Kill it or wait for it, and return the generations that it has acknowledged."""
        if kill:
            self.process.kill()
        acknowledged = []
        try:
            while True:
                acknowledged.append(self.ours.recv())
        except (EOFError, ConnectionResetError):
            pass
        self.process.join()
        return acknowledged


def _publish(root: str, times: int, pipe: Connection) -> None:
    data = DataDir(Path(root))
    lake = Lake(data, catalogue())
    pipe.send("ready")
    pipe.recv()
    for _ in range(times):
        pipe.send(publish(data, lake, "manifest", force=True).generation)
