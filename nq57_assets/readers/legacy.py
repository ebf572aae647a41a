"""Old and foreign texts (.doc, .odt, .rtf): turned into .docx by a confined LibreOffice where there is one.

LibreOffice runs in a process of its own with a fresh profile, without macros, links or network, under limits of
memory, time and file size; its result is read like any Word file, with all the distrust that needs. Belongs here:
telling such files, the conversion, the words when it can't be done. Does not belong: reading (``docx``).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nq57_assets.readers.unreadable import Unreadable

if TYPE_CHECKING:
    from nq57_assets.catalogue import Catalogue
    from nq57_assets.model import Document

MEDIA_TYPES = {
    "doc": "application/msword",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
}
_NAMES = {"doc": "tệp Word cũ (.doc)", "odt": "tệp OpenDocument (.odt)", "rtf": "tệp RTF"}
_RESEND = "hãy mở bằng Word, lưu thành .docx hoặc PDF rồi nộp lại"
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_WORD, _MACROS = "WordDocument".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ODT = b"application/vnd.oasis.opendocument.text"
_MEMORY, _FILE_SIZE, _SECONDS, _CLOCK = 1_536 << 20, 64 << 20, 20, 30
_LARGEST, _MOST_PARTS = 20 << 20, 2_000
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""


class NoConverterError(Unreadable):
    """There is no LibreOffice here: the verdict is on this machine and must not be kept."""

    def __init__(self, observed: str, rule: str = "file_unreadable") -> None:
        super().__init__(observed, rule)


def kind_of(data: bytes) -> str | None:
    """Return ``doc``, ``odt`` or ``rtf`` for a file that needs conversion, by bytes that cost nothing to look at."""
    if data.startswith(_OLE) and _WORD in data and _ENCRYPTED not in data:
        return "doc"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    return "odt" if data.startswith(_ZIP) and data[30:80].startswith(b"mimetype" + _ODT) else None


def convert(data: bytes, kind: str, place: Path | None = None) -> bytes:
    """Return the .docx that LibreOffice makes of a file.

    Args:
        data: The file.
        kind: As ``kind_of`` tells it.
        place: Where LibreOffice may write; the system's folder for temporary files if None.

    Raises:
        NoConverterError: LibreOffice, or its part for texts, is not installed.
        Unreadable: The file is refused, or LibreOffice can't read it within its limits.
    """
    _refuse(data, kind)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NoConverterError(f"{_NAMES[kind]}: máy này không có LibreOffice để đọc; {_RESEND}")
    with tempfile.TemporaryDirectory(prefix="nq57-", dir=place) as name:
        folder = Path(name)
        source = folder / f"source.{kind}"
        source.write_bytes(data)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        said = _run(program, source, kind)
        made = folder / "out" / "source.docx"
        if made.is_file() and 0 < made.stat().st_size < _FILE_SIZE:
            return made.read_bytes()
    if "could not be loaded" in said and not _has_writer(program):
        raise NoConverterError(f"{_NAMES[kind]}: LibreOffice trên máy này thiếu phần đọc văn bản; {_RESEND}")
    raise Unreadable(f"{_NAMES[kind]}: LibreOffice không chuyển đổi được; {_RESEND}")


def _refuse(data: bytes, kind: str) -> None:
    if len(data) > _LARGEST:
        raise Unreadable(f"{_NAMES[kind]} lớn quá {_LARGEST >> 20} MB", "file_unsafe")
    if kind == "doc" and _MACROS in data:
        raise Unreadable("có macro (VBA)", "file_unsafe")
    if kind == "rtf" and (b"\\objdata" in data or b"\\object" in data):
        raise Unreadable("có đối tượng nhúng", "file_unsafe")
    if kind == "odt":
        if data.count(b"PK\x01\x02") > _MOST_PARTS:
            raise Unreadable(f"có quá {_MOST_PARTS} thành phần", "file_unsafe")
        if b"Basic/" in data or b"Scripts/" in data:
            raise Unreadable("có macro", "file_unsafe")


def _run(program: str, source: Path, kind: str) -> str:
    """Run LibreOffice on one file and return what it said; the whole group of processes ends with the time-out."""
    folder = source.parent
    launcher = Path(__file__).with_name("confined.py")
    limits = [str(limit) for limit in (_MEMORY, _SECONDS, _FILE_SIZE)]
    command = [
        *(sys.executable, "-I", "-S", str(launcher), *limits, program),
        *(
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
        ),
        *("--convert-to", "docx", "--outdir", str(folder / "out"), str(source)),
    ]
    surroundings = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
    }
    with subprocess.Popen(  # noqa: S603 - our own launcher with our own arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=surroundings,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=_CLOCK)
        except subprocess.TimeoutExpired as expired:
            raise Unreadable(f"{_NAMES[kind]}: chuyển đổi quá {_CLOCK} giây; {_RESEND}") from expired
        finally:
            # What LibreOffice may have started must not outlive it.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return said.decode("utf-8", "replace")


def _has_writer(program: str) -> bool:
    """Whether LibreOffice has its part for texts, which distributions pack apart."""
    return any(Path(program).resolve().parent.glob("*swlo*"))


def read(data: bytes, name: str, catalogue: Catalogue) -> Document:
    """Return the document of a .doc, .odt or .rtf file; lines and cells are those of the text as Word shows it.

    Raises:
        Unreadable: The file is refused or can't be converted; the finding says how to send it again.
    """
    from nq57_assets.readers import docx

    kind = kind_of(data)
    if kind is None:
        raise Unreadable(f"tệp văn bản cũ không nhận ra; {_RESEND}")
    return replace(docx.read(convert(data, kind), name, catalogue), media_type=MEDIA_TYPES[kind], reader=kind)
