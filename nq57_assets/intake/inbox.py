"""What lies in the inbox and whether it can be taken now; looks at names and file status only.

Belongs here: walking the inbox, judging one entry. Does not belong: opening files (``archive``).
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir

InboxState = Literal["ready", "waiting", "unknown_round", "refused"]

_DEEPEST = 16
_IGNORED = {b".ds_store", b"thumbs.db", b"desktop.ini", b".gitkeep"}
_UNFINISHED = (b".part", b".partial", b".filepart", b".crdownload", b".download", b".tmp")


@dataclass(frozen=True, slots=True)
class InboxFile:
    """One entry of the inbox.

    Attributes:
        round_id: The first folder below the inbox, as it can be shown; empty for a file outside any folder.
        raw_path: The path below the inbox, the bytes of the file system.
        raw_name: The path below the round's folder, the bytes of the file system.
        original_name: ``raw_name`` for people: NFC, control and direction characters escaped.
        size: Bytes.
        mtime_ns: End of the upload, nanoseconds since 1970.
        ctime_ns: Last change of the entry; tells bytes replaced under a kept modification time.
        state: ready, waiting, unknown_round or refused.
        reason: Why it is not ready, in Vietnamese; empty when it is.
    """

    round_id: str
    raw_path: bytes
    raw_name: bytes
    original_name: str
    size: int
    mtime_ns: int
    ctime_ns: int
    state: InboxState
    reason: str = ""

    @property
    def can_be_taken(self) -> bool:
        """Whether its bytes are complete; a file of no known round is kept as well, since nothing sent may be lost."""
        return self.state in ("ready", "unknown_round")


def display_name(raw: bytes) -> str:
    """Return a file name as text that is safe to store and to print.

    Bytes that are no UTF-8, control characters and characters that change the direction of writing become
    escapes (an ``x`` or ``u`` and the number in hexadecimal, after a backslash); the rest is in NFC.
    """
    text = unicodedata.normalize("NFC", raw.decode("utf-8", "backslashreplace"))
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
    return character


def scan(data: DataDir, catalogue: Catalogue, now: datetime, settle: int | None = None) -> list[InboxFile]:
    """List every file of the inbox, in the order of names.

    Nothing is opened and no link is followed. Marks that operating systems leave (``.DS_Store``, ``._*``) are left out.

    Args:
        data: The data directory.
        catalogue: For the known rounds and the settings.
        now: The present, with a time zone.
        settle: Seconds that a file must have been left alone; None takes ``settled_seconds`` of the settings.
    """
    seconds = catalogue.settings["settled_seconds"] if settle is None else settle
    largest = int(catalogue.settings["largest_file_megabytes"]) << 20
    files = []
    for raw_path, status in _walk(os.fsencode(data.inbox), b"", 0):
        folder, _, below = raw_path.partition(b"/")
        round_id = display_name(folder) if below else ""
        raw_name = below or raw_path
        state, reason = _judge(raw_path, status, now, seconds, largest)
        if state == "ready" and round_id not in catalogue.round:
            state, reason = "unknown_round", f"thư mục {round_id or 'gốc'} không phải mã đợt báo cáo"
        files.append(
            InboxFile(
                round_id=round_id,
                raw_path=raw_path,
                raw_name=raw_name,
                original_name=display_name(raw_name),
                size=status.st_size,
                mtime_ns=status.st_mtime_ns,
                ctime_ns=status.st_ctime_ns,
                state=state,
                reason=reason,
            )
        )
    return files


def _walk(inbox: bytes, below: bytes, depth: int) -> Iterator[tuple[bytes, os.stat_result]]:
    """Yield every entry that is no folder, with its path below the inbox and its own status (links unfollowed)."""
    try:
        with os.scandir(os.path.join(inbox, below)) as listing:  # noqa: PTH118 - names are bytes
            entries = sorted(listing, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.name.lower() in _IGNORED or entry.name.startswith(b"._"):
            continue
        path = below + b"/" + entry.name if below else entry.name
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:  # taken away while we looked
            continue
        if stat.S_ISDIR(status.st_mode) and depth < _DEEPEST:
            yield from _walk(inbox, path, depth + 1)
        else:
            yield path, status


def _judge(
    path: bytes, status: os.stat_result, now: datetime, settle: int, largest: int
) -> tuple[InboxState, str]:
    if not stat.S_ISREG(status.st_mode):
        return "refused", _irregular(status.st_mode)
    if status.st_size > largest:
        return "refused", f"dung lượng {status.st_size} byte, vượt mức {largest} byte"
    name = path.rpartition(b"/")[2].lower()
    if name.startswith((b"~$", b".~lock.")) or name.endswith(_UNFINISHED):
        return "waiting", "tên tạm: đang mở hoặc chưa tải lên xong"
    changed = status.st_mtime
    if changed > now.timestamp() + settle:  # a sender's clock that is ahead; the server's own is in ctime
        changed = status.st_ctime
    if now.timestamp() - changed < settle:
        return "waiting", f"vừa thay đổi, chưa để yên đủ {settle} giây"
    return "ready", ""


def _irregular(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "là liên kết tượng trưng, không phải tệp"
    if stat.S_ISDIR(mode):
        return f"thư mục lồng nhau quá {_DEEPEST} cấp"
    return "không phải tệp thường (ống dẫn, thiết bị hoặc ổ cắm)"


def received_at(mtime_ns: int, archived_at: datetime) -> datetime:
    """Return when an upload ended, in UTC: the file's own time, but never later than when it was archived."""
    return min(datetime.fromtimestamp(mtime_ns // 1000 / 1_000_000, UTC), archived_at.astimezone(UTC))
