"""Broken copies of good files by the thousand, each made from a seed and its number, and what the intake makes of them.

Mutators know the format: they break the bytes, or one part inside a sound package, or one object of a PDF, so that the
damage gets past the first check and into the readers. Belongs here: seeds, mutators, sending mutants the true way (inbox,
archive, worker). Does not belong: judging figures; a mutant's figures are nobody's.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import openpyxl

from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.inbox import scan
from nq57_assets.intake.reading import read_all
from nq57_assets.intake.versions import REFUSALS
from nq57_assets.model import OWN_FAULT
from nq57_assets.outputs.form import Answer, form_bytes
from nq57_assets_tests import printed
from nq57_assets_tests.word_files import LISTS, docx, listed, p, tbl, tr

ROUND = "2025-nq57-communication"
KINDS = ("xlsx", "docx", "pdf", "txt")
_BATCH = 500
_MOMENT = (2025, 12, 1, 8, 0, 0)
_NUMBER = re.compile(rb"\d+")
_ATTRIBUTE = re.compile(rb'="[^"]{0,200}"')
_TAG = re.compile(rb"<[^>]{1,300}>")
_OBJECT = re.compile(rb"\d+ \d+ obj\b.*?endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_NAME = re.compile(rb"/[A-Za-z][A-Za-z0-9]{1,20}")
_ODD_NUMBERS = (b"0", b"-1", b"65536", b"2147483648", b"99999999999999999999", b"1e309", b"0.0000001")
_ODD_VALUES = (
    b"",
    b"A" * 5000,
    b"NaN",
    b"&#0;",
    b"\xff\xfe",
    "ẳ".encode() * 300,
    b"../../x",
    b"XFD1048576",
    b"-0",
)
_ODD_TEXTS = (
    b"\0" * 40, b"\xff\xfe\xfa", b"\xc3\x28", "\u202e%".encode(), b"\r", b"\x1b[31m", b"|" * 3000, b"1." * 3000,
    b"9" * 4000, "̉".encode() * 500, b"(" * 2000, b"%PDF-1.7", b"PK\x03\x04", b"\t" * 900, b"\n" * 900,
)  # fmt: skip


def packed(parts: list[tuple[str, bytes]]) -> bytes:
    """Return a package of parts, the same bytes at any time of day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return buffer.getvalue()


def parts_of(data: bytes) -> list[tuple[str, bytes]]:
    """Return a package's parts without the one that tells the time."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if name != "docProps/core.xml"]
        return [(name, package.read(name)) for name in names]


def _homemade() -> bytes:
    book = openpyxl.Workbook()
    rows = (
        ["UBND XÃ TIÊN LÃNG"], ["BÁO CÁO SỐ LIỆU CHUYỂN ĐỔI SỐ NĂM 2025"], ["STT", "Chỉ tiêu", "ĐVT", "Kết quả", "Tỷ lệ"],
        [1, "Số Tổ công nghệ số cộng đồng", "tổ", 34, 0.5], [2, "Số tin, bài", "tin", "1.250", "98,5%"],
        [3, "Số hội nghị", "hội nghị", "=3+4", None],
    )  # fmt: skip
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A1:E1")
    book.active.row_dimensions[6].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return packed(parts_of(buffer.getvalue()))


@lru_cache(maxsize=1)
def seeds() -> dict[str, tuple[bytes, ...]]:
    """Return the good files that mutants are made of, by format."""
    text = printed.as_text()
    answers = {"team_count": Answer(7), "econ_cashless_pct": Answer(98.39)}
    form = form_bytes("2025-digital-transformation", catalogue(), "10888", answers)
    table = tbl(tr("TT", "Chỉ tiêu", "Số liệu"), tr("1", "Số thôn", "12"), tr("2", "Số tin, bài", "1.250"))
    lines = "".join(p(line) for line in text.split("\n"))
    word = docx(
        lines + listed("Có 5 tin", 1) + table, numbering=LISTS, footnotes="", header1=p("UBND XÃ TIÊN LÃNG")
    )
    return {
        "xlsx": (packed(parts_of(form)), _homemade()),
        "docx": (packed(parts_of(word)),),
        "pdf": (printed.as_pdf(invariant=1), printed.as_pdf(invariant=1, pageCompression=0)),
        "txt": (text.encode(), text.encode("utf-16"), text.replace("\n", "\r\n").encode("utf-8-sig")),
    }


def mutant(seed: int, number: int) -> tuple[str, bytes]:
    """Return the name and bytes of one mutant."""
    kind = KINDS[number % len(KINDS)]
    chance = random.Random(f"{seed}:{number}")
    data = chance.choice(seeds()[kind])
    for _ in range(chance.choice((1, 1, 1, 2))):
        data = chance.choice(_MUTATORS[kind])(data, chance)
    return f"{number:07d}.{kind}", data


def _flipped(data: bytes, chance: random.Random) -> bytes:
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 40))):
        if content:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _swapped(data: bytes, chance: random.Random) -> bytes:
    size = chance.choice((1, 16, 200, 4096))
    a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]


def _blocks(data: bytes, chance: random.Random) -> bytes:
    """Take a block out, double it, or write over it."""
    at, size = chance.randrange(len(data) + 1), chance.choice((1, 2, 16, 200, 2000))
    block = chance.choice((b"", data[at : at + size] * 2, bytes([chance.randrange(256)]) * size))
    return data[:at] + block + data[at + size :]


def _texts(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_ODD_TEXTS) + data[at:]


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _one_of(pattern: re.Pattern[bytes], data: bytes, chance: random.Random) -> re.Match[bytes] | None:
    found = list(pattern.finditer(data))
    return chance.choice(found) if found else None


def _replaced(
    pattern: re.Pattern[bytes], data: bytes, chance: random.Random, new: Callable[[bytes], bytes]
) -> bytes:
    match = _one_of(pattern, data, chance)
    return data[: match.start()] + new(match.group()) + data[match.end() :] if match else data


def _markup(data: bytes, chance: random.Random) -> bytes:
    """Break XML: a value, a tag, a number, the nesting; also its bytes."""
    action = chance.randrange(7)
    if action == 0:
        return _replaced(_ATTRIBUTE, data, chance, lambda _: b'="%b"' % chance.choice(_ODD_VALUES))
    if action == 1:
        return _replaced(_TAG, data, chance, lambda tag: chance.choice((b"", tag * 2, tag * 3000)))
    if action == 2:
        return _replaced(_NUMBER, data, chance, lambda _: chance.choice(_ODD_NUMBERS))
    if action == 3:
        other = _one_of(_TAG, data, chance)
        return _replaced(_TAG, data, chance, lambda tag: other.group() if other else tag)
    if action == 4:
        match = _one_of(_TAG, data, chance)
        at = match.end() if match else 0
        return data[:at] + chance.choice(_ODD_TEXTS) + data[at:]
    if action == 5:
        return re.sub(
            _NUMBER, lambda m: chance.choice(_ODD_NUMBERS) if chance.random() < 0.05 else m.group(), data
        )
    return chance.choice((_flipped, _cut, _swapped, _blocks))(data, chance)


def _part(data: bytes, chance: random.Random) -> bytes:
    """Break one part of a package that stays sound around it."""
    try:
        parts = parts_of(data)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, RuntimeError):
        return _flipped(data, chance)
    if not parts:
        return data
    at = chance.randrange(len(parts))
    name, content = parts[at]
    action = chance.randrange(10)
    if action == 0:
        del parts[at]
    elif action == 1:
        other = chance.randrange(len(parts))
        parts[at], parts[other] = (name, parts[other][1]), (parts[other][0], content)
    elif action == 2:
        parts[at] = (chance.choice((name.upper(), name + "x", "a/" + name, "../" + name)), content)
    else:
        parts[at] = (name, _markup(content, chance))
    return packed(parts)


def _pdf_object(data: bytes, chance: random.Random) -> bytes:
    """Break one object of a PDF: its numbers, names, whole place, or what its stream inflates to."""
    action = chance.randrange(6)
    if action == 0:
        return _replaced(_OBJECT, data, chance, lambda one: chance.choice((b"", one * 2)))
    if action == 1:
        other = _one_of(_OBJECT, data, chance)
        return _replaced(_OBJECT, data, chance, lambda one: other.group() if other else one)
    if action == 2:
        return _replaced(_OBJECT, data, chance, lambda one: _replaced(
            _NUMBER, one, chance, lambda _: chance.choice(_ODD_NUMBERS)))  # fmt: skip
    if action == 3:
        names = [match.group() for match in _NAME.finditer(data)] or [b"/X"]
        return _replaced(_NAME, data, chance, lambda _: chance.choice(names))
    match = _one_of(_STREAM, data, chance)
    if match is None:
        return _flipped(data, chance)
    inner = match.group(1)
    try:
        inner = zlib.compress(_numbers(zlib.decompress(inner), chance))
    except zlib.error:
        inner = _numbers(inner, chance)
    return data[: match.start(1)] + inner + data[match.end(1) :]


def _numbers(data: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return _replaced(_NUMBER, data, chance, lambda _: chance.choice(_ODD_NUMBERS))
    return chance.choice((_flipped, _cut, _swapped, _blocks, _lines))(data, chance)


_BYTES = (_flipped, _cut, _swapped, _blocks)
_MUTATORS: dict[str, tuple[Callable[[bytes, random.Random], bytes], ...]] = {
    "xlsx": (*_BYTES, _part, _part, _part, _part, _part, _part),
    "docx": (*_BYTES, _part, _part, _part, _part, _part, _part),
    "pdf": (*_BYTES, _pdf_object, _pdf_object, _pdf_object, _pdf_object),
    "txt": (*_BYTES, _texts, _texts, _lines, _markup),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant: ``rule`` and ``reason`` are empty when it was read."""

    name: str
    kind: str
    rule: str
    reason: str

    @property
    def is_own_fault(self) -> bool:
        """Whether our own code failed at it."""
        return self.rule == OWN_FAULT


class LostError(AssertionError):
    """A mutant has no receipt, no object, or no verdict."""


def send(root: Path, first: int, count: int, seed: int) -> Iterator[Outcome]:
    """Send mutants through inbox, archive and workers, some hundreds at a time, and yield what became of each.

    Raises:
        LostError: One was not received, kept byte for byte, and read or refused with a reason.
    """
    for start in range(first, first + count, _BATCH):
        numbers = range(start, min(start + _BATCH, first + count))
        yield from _one_batch(DataDir(root / f"{start:07d}"), dict(mutant(seed, n) for n in numbers))


def _one_batch(data: DataDir, files: dict[str, bytes]) -> Iterator[Outcome]:
    folder = data.inbox / ROUND
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    now = datetime.now(UTC)
    archive = Archive(data)
    archive.receive(scan(data, catalogue(), now, settle=0), now)
    receipts = {receipt.original_name: receipt for receipt in archive.receipts(ROUND)}
    items = [(receipt.sha256, receipt.original_name) for receipt in receipts.values()]
    readings = read_all(data, archive, items, catalogue())
    for name, content in files.items():
        if name not in receipts or archive.open(receipts[name].sha256) != content:
            raise LostError(f"{name} is not in the archive as it was sent")
        reading = readings.get(receipts[name].sha256)
        if reading is None:
            raise LostError(f"{name} has no verdict")
        refused = [finding for finding in reading.findings if finding.rule in REFUSALS]
        if refused and not (refused[0].observed or refused[0].rule == "file_empty"):
            raise LostError(f"{name} was refused without a reason")
        rule, reason = (refused[0].rule, refused[0].observed or "") if refused else ("", "")
        yield Outcome(name, name.rpartition(".")[2], rule, reason)


def table(outcomes: list[Outcome]) -> str:
    """Return the outcomes by format and reason as a Markdown table; numbers in reasons are left out."""
    counted = Counter(
        (one.kind, one.rule or "read", re.sub(r"[\d.,]+", "…", one.reason.split(": hãy ")[0])[:70])
        for one in outcomes
    )
    lines = ["| format | verdict | reason | files |", "|---|---|---|---:|"]
    for (kind, rule, reason), number in sorted(counted.items(), key=lambda item: (item[0][0], -item[1])):
        lines.append(f"| {kind} | {rule} | {reason} | {number} |")
    return "\n".join(lines)
