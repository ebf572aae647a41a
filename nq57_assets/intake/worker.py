"""What runs inside a throw-away process: read one archived object under limits, answer with JSON.

Belongs here: limits on the process, the call of preflight, readers and extraction, faults turned into findings, a bundle
taken apart. Does not belong: the pool and the cache (``reading``), what is kept (``unpack``).
"""

from __future__ import annotations

import ctypes
import hashlib
import resource
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from nq57_assets.intake.preflight import preflight
from nq57_assets.model import OWN_FAULT, Finding, Header, Reading
from nq57_assets.readers.bundle import MEDIA_TYPE, READER, findings, is_bundle, members
from nq57_assets.readers.effort import on_page
from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.versions import extractor_version, reader_version

if TYPE_CHECKING:
    from nq57_assets.catalogue import Catalogue

READING = TypeAdapter(Reading)
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take; many times what a real report needs.

    Attributes:
        memory: Address space of the process in bytes, the interpreter included.
        processor: Seconds of processor time for one file.
        wall: Seconds on the clock for one file.
        page: Seconds of either that each page to be recognised adds.
        pages: How many pages can add them.
    """

    memory: int = 1536 << 20
    processor: int = 20
    wall: int = 30
    page: int = 30
    pages: int = 60

    @property
    def longest(self) -> int:
        """Seconds after which any file is given up."""
        return self.wall + self.page * self.pages


LIMITS = Limits()

_limits = LIMITS
_reference: Catalogue | None = None
_read_submission: Callable[[bytes, str, Catalogue], Reading] | None = None


class DamagedObjectError(RuntimeError):
    """The archived bytes are not what their name says: the archive's fault, not the sender's."""


def start(catalogue: Catalogue, limits: Limits, trusted: Path | None = None, writes: int = 0) -> None:
    """Prepare a worker process: no memory, time, files or network beyond what reading a report takes.

    Args:
        catalogue: The reference data.
        limits: What reading one file may take.
        trusted: The folder with root certificates.
        writes: Bytes that a file may have which the process writes; a reader writes none.
    """
    global _limits, _reference, _read_submission
    # Imported here, not while reading: a broken installation must stop the pool, not put the blame on a file.
    from nq57_assets.extract.reading import read_submission
    from nq57_assets.readers.signatures import trust

    if trusted is not None:
        trust(trusted)
    _limits, _reference, _read_submission = limits, catalogue, read_submission
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (writes, writes))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    _leave_network()


def _leave_network() -> None:
    """Move into an empty network namespace where the system allows it; without the right to, the other limits stay."""
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if system.unshare(_CLONE_NEWNET) != 0:
        system.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def read(path: str, sha256: str, hint: str) -> bytes:
    """Read one object and return its ``Reading`` as JSON.

    Args:
        path: The object in the archive.
        sha256: Its name, which is proven before anything is made of the bytes.
        hint: The ending of the name it was sent under, such as ``.xlsx``.

    Raises:
        DamagedObjectError: The bytes do not match their name.
        MemoryError: The process has no memory left for it.
    """
    clock = _Clock(_limits)
    on_page(clock.next_page)
    try:
        return READING.dump_json(_answer(_proven(path, sha256), f"file{hint}"))
    finally:
        on_page(None)
        clock.stop()


def unpack(path: str, sha256: str, folder: str) -> list[tuple[int, str, str]]:
    """Write the members of a bundle into a folder as ``<SHA-256 of the bundle>-<number>``.

    Args:
        path: The bundle in the archive.
        sha256: Its name, which is proven first.
        folder: Where to write; the process needs the right to (``start``).

    Returns:
        (number, name, SHA-256) of each in the order of their own times; nothing for a bundle that is refused as a whole,
        whose reading tells why.

    Raises:
        DamagedObjectError: The bytes do not match their name.
    """
    clock = _Clock(_limits)
    found = []
    try:
        for number, member in enumerate(members(_proven(path, sha256))):
            if not member.refused:
                (Path(folder) / f"{sha256}-{number}").write_bytes(member.content)
                proof = hashlib.sha256(member.content).hexdigest()
                found.append((member.changed, member.name, number, proof))
    except Unreadable:
        return []
    finally:
        clock.stop()
    return [(number, name, proof) for _, name, number, proof in sorted(found)]


def _proven(path: str, sha256: str) -> bytes:
    data = Path(path).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedObjectError(sha256)
    return data


def _answer(data: bytes, name: str) -> Reading:
    """Return what the bytes yield, or the finding that tells why they yield nothing."""
    try:
        return _read(data, name)
    except Unreadable as reason:
        finding = reason.finding
    except MemoryError:  # who started the process tells whether this file or the one before it used it up
        raise
    except (
        Exception
    ) as error:  # a reader that knows its format says Unreadable: anything else is a fault of ours
        finding = Finding(OWN_FAULT, observed=f"lỗi khi đọc nội dung ({_place(error)})")
    return refusal(finding)


def _place(error: Exception) -> str:
    """Return what went wrong and where in the code; the error's own words may hold parts of the file."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {Path(frame.filename).name}:{frame.lineno}"


def _read(data: bytes, name: str) -> Reading:
    assert _reference and _read_submission, "the pool calls start() in every worker"
    if is_bundle(data):
        return replace(refusal(*findings(data)), media_type=MEDIA_TYPE, reader=READER)
    refused = preflight(data)
    return refusal(refused) if refused else _read_submission(data, name, _reference)


class _Clock:
    """The time of one file: the process ends when it is used up, in whatever code it is then.

    A page that is recognised from its picture takes seconds where a page of text takes milliseconds, so each adds to
    the time that is left.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pages = 0
        usage = resource.getrusage(resource.RUSAGE_SELF)
        # The process serves many files, and the system counts all of them.
        self._used = int(usage.ru_utime + usage.ru_stime)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, limits.wall)
        self._grant(limits.processor)

    def next_page(self) -> None:
        """Add the time of one page, as often as pages are allowed."""
        if self._pages >= self._limits.pages:
            return
        self._pages += 1
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        signal.setitimer(signal.ITIMER_REAL, left + self._limits.page)
        self._grant(self._limits.processor + self._pages * self._limits.page)

    def stop(self) -> None:
        """End the file's time; the limit on processor time stays until the next file."""
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _grant(self, seconds: int) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (self._used + seconds, hard))


def refusal(*findings: Finding) -> Reading:
    """Return the reading of a file of which nothing could be made but these findings."""
    return Reading(
        media_type="application/octet-stream",
        reader="none",
        reader_version=reader_version(),
        extractor_version=extractor_version(),
        encoding=None,
        header=Header(),
        form=None,
        identity_votes=(),
        outline=(),
        observations=(),
        findings=findings,
    )
