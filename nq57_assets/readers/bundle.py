"""A ``.zip`` of reports, as e-mail clients make it: its members, each taken whole or refused with a reason.

Opened one level: an archive inside the archive is refused, and so is any member that is not what people see (two of one
name, paths that leave the folder, links). A broken member costs itself; its neighbours are taken. Belongs here: telling a
bundle from a package such as .docx, names in old code pages, limits on inflation. Does not belong: what a member says (the
other readers), where its bytes are kept (``intake``).
"""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nq57_assets.model import Address, Finding
from nq57_assets.readers.characters import clean
from nq57_assets.readers.formats import sniff
from nq57_assets.readers.unreadable import Unreadable

MEDIA_TYPE = "application/zip"
READER = "bundle"

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ENTRY = b"PK\x01\x02"
_MIB = 1 << 20
_CHUNK = 1 << 18
_UTF8_FLAG, _LOCKED_FLAG = 0x800, 0x1
_UNICODE_PATH = 0x7075
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_MARKS = (".ds_store", "thumbs.db", "desktop.ini", ".gitkeep")
_LONGEST_NAME = 400
_TOLD, _LONGEST_TOLD = 20, 120
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one bundle; generous beside what e-mail carries.

    Attributes:
        marks: Entries that the bytes may seem to have before anything is parsed; stored packages count theirs too.
        entries: Files and folders.
        member: Bytes of one file.
        inflated: Bytes of all.
        ratio: Inflated bytes to packed ones, from ``ratio_from`` bytes on.
    """

    marks: int = 50_000
    entries: int = 500
    member: int = 100 * _MIB
    inflated: int = 200 * _MIB
    ratio: int = 200
    ratio_from: int = 2 * _MIB


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a bundle.

    Attributes:
        name: Its path in the bundle, in NFC, parted by slashes.
        changed: Its own time as the sender's computer wrote it: year, month, day, hour, minute, second.
        content: Its bytes; empty when refused.
        refused: Why it was not taken, in Vietnamese; empty when it was.
    """

    name: str
    changed: tuple[int, int, int, int, int, int]
    content: bytes = b""
    refused: str = ""


def is_bundle(data: bytes, limits: Limits = LIMITS) -> bool:
    """Whether bytes are a ``.zip`` of files, and not a package such as .docx, .xlsx or .ods, nor broken."""
    if not data.startswith(_MAGIC) or data.count(_ENTRY) > limits.marks:
        return False
    try:
        return sniff(data) == "zip"
    except Unreadable:
        return False


def members(data: bytes, limits: Limits = LIMITS) -> Iterator[Member]:
    """Yield the files of a bundle in the order of its directory; marks of operating systems and folders are left out.

    Raises:
        Unreadable: The bundle as a whole is refused: it inflates beyond bounds, or has too many entries.
    """
    total = 0
    with _opened(data, limits) as package:
        entries = [entry for entry in package.infolist() if not _is_mark(entry)]
        names = {id(entry): name_of(entry) for entry in entries}
        seen = Counter(name.casefold() for name in names.values())
        for entry in entries:
            name = names[id(entry)]
            refused = _refusal(entry, name) or ("có hai tệp cùng tên" if seen[name.casefold()] > 1 else "")
            content = b""
            if not refused:
                content, refused = _inflated(package, entry, limits.inflated - total, limits)
                total += len(content)
                if total > limits.ratio_from and total > len(data) * limits.ratio:
                    raise Unreadable(f"gói nén có tỷ lệ nén quá {limits.ratio} lần", "file_unsafe")
                refused = refused or _nested(content, limits)
            yield Member(name[:_LONGEST_NAME], entry.date_time, b"" if refused else content, refused)


def findings(data: bytes, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Return what is told of a bundle: which files were taken, which marks were passed over, what was refused and why.

    Raises:
        Unreadable: Nothing can be taken of it.
    """
    taken: list[Member] = []
    refused: list[Member] = []
    for member in members(data, limits):
        (refused if member.refused else taken).append(member)
    with _opened(data, limits) as package:
        marks = [name_of(entry) for entry in package.infolist() if _is_mark(entry)]
    if not taken and refused:
        told = _listed([f"{_shown(member.name)}: {member.refused}" for member in refused], "; ")
        raise Unreadable(f"gói nén không lấy được tệp nào ({told})")
    if not taken:
        raise Unreadable("gói nén không có tệp nào", "file_empty")
    observed = f"{len(taken)} tệp: {_listed([_shown(member.name) for member in taken])}"
    if marks:
        observed += f"; bỏ qua {len(marks)} mục của hệ điều hành: {_listed([_shown(name) for name in marks])}"
    return (
        Finding("file_bundle", observed=observed),
        *(
            Finding("file_bundle_member", Address(sheet=_shown(member.name)), observed=member.refused)
            for member in refused
        ),
    )


def held_in(data: bytes) -> frozenset[str]:
    """Return the SHA-256 of every member that can be taken of a bundle; none of one that is refused."""
    try:
        return frozenset(
            hashlib.sha256(member.content).hexdigest() for member in members(data) if not member.refused
        )
    except Unreadable:
        return frozenset()


def name_of(entry: zipfile.ZipInfo) -> str:
    """Return an entry's path as its sender saw it, in NFC.

    Names are UTF-8 where the entry says so; older programs leave the code page unsaid, and Python reads those as cp437.
    A Unicode name beside the old one comes first; then UTF-8 that is not flagged; then Windows' Vietnamese code page,
    when it gives Vietnamese letters; else cp437 stands.
    """
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437", "replace")
        name = _unicode_path(entry, raw) or _guessed(raw) or name
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _unicode_path(entry: zipfile.ZipInfo, raw: bytes) -> str:
    """Return the name in the extra field that Info-ZIP and WinRAR write; it holds only while the old name is the same."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1:
            (proof,) = struct.unpack_from("<I", field, 1)
            try:
                return field[5:].decode("utf-8") if proof == zlib.crc32(raw) else ""
            except UnicodeDecodeError:
                return ""
    return ""


def _guessed(raw: bytes) -> str:
    for encoding in ("utf-8", "cp1258"):
        try:
            text = unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or all(_is_vietnamese(letter) for letter in text if not letter.isascii()):
            return text
    return ""


def _is_vietnamese(letter: str) -> bool:
    """Whether a letter beyond ASCII is one of the Vietnamese alphabet; a mark that joined no letter is none."""
    if letter in "đĐ":
        return True
    base = unicodedata.normalize("NFD", letter)
    return len(base) > 1 and base[0] in "aeiouyAEIOUY" and all(mark in _TONES for mark in base[1:])


_TONES = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"


def _opened(data: bytes, limits: Limits) -> zipfile.ZipFile:
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise Unreadable("gói nén bị hỏng hoặc bị cắt cụt (có thể do tải lên chưa xong)") from error
    if len(package.infolist()) > limits.entries:
        raise Unreadable(f"gói nén có {len(package.infolist())} mục, quá {limits.entries}", "file_unsafe")
    return package


def _is_mark(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a folder or what an operating system leaves behind: no file that anybody sends."""
    *folders, last = entry.orig_filename.replace("\\", "/").split("/")
    return not last or "__MACOSX" in folders or last.lower() in _MARKS or last.startswith("._")


def _refusal(entry: zipfile.ZipInfo, name: str) -> str:
    """Return why an entry is not even opened, or nothing."""
    steps = name.split("/")
    if not steps[0] or ".." in steps or steps[0][1:2] == ":" or "\0" in name:
        return "đường dẫn trong gói không hợp lệ"
    if len(name) > _LONGEST_NAME:
        return f"tên dài quá {_LONGEST_NAME} ký tự"
    if entry.flag_bits & _LOCKED_FLAG:
        return "đặt mật khẩu"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "là liên kết, không phải tệp"
    if entry.compress_type not in _METHODS:
        return "cách nén không được hỗ trợ"
    return ""


def _inflated(
    package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, limits: Limits
) -> tuple[bytes, str]:
    """Return a member's bytes, or why there are none; sizes in the directory can lie, so what comes out is counted."""
    pieces: list[bytes] = []
    size = 0
    try:
        with package.open(entry) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > left:
                    raise Unreadable(f"gói nén giải nén ra hơn {limits.inflated // _MIB} MB", "file_unsafe")
                if size > limits.member:
                    return b"", f"lớn quá {limits.member // _MIB} MB"
                pieces.append(piece)
    except _BROKEN:
        return b"", "hỏng, không giải nén được"
    return b"".join(pieces), ""


def _nested(content: bytes, limits: Limits) -> str:
    if content.count(_ENTRY) > limits.marks:
        return "có quá nhiều thành phần"
    try:
        inside = sniff(content) if content else "text"
    except Unreadable:
        return ""  # a broken package is a submission all the same: its own reading says what is wrong
    return "là tệp nén lồng trong gói nén, không được mở" if inside in ("zip", "archive") else ""


def _shown(name: str) -> str:
    """Return a name as a finding can print it: the sender may have put anything into it."""
    return clean(name)[:_LONGEST_TOLD] or "(không tên)"


def _listed(names: Sequence[str], parting: str = ", ") -> str:
    more = f" … và {len(names) - _TOLD} mục khác" if len(names) > _TOLD else ""
    return parting.join(names[:_TOLD]) + more
