"""Hostile and broken Word files and workbooks: each costs a finding with a reason, in bounded time and memory."""

import io
import random
import struct
import warnings
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.archive import Archive
from nq57_assets.intake.inbox import scan
from nq57_assets.intake.reading import read_all
from nq57_assets.intake.worker import Limits
from nq57_assets.model import Reading
from nq57_assets.readers import Unreadable, read_document
from nq57_assets_tests.unit.test_legacy import has_writer
from nq57_assets_tests.word_files import LISTS, docx, listed, p, packed, part, r, tbl, tc, tr

ROUND = "2025-nq57-communication"
GOOD = docx(p("ỦY BAN NHÂN DÂN XÃ TIÊN LÃNG") + p("BÁO CÁO") + p("Xã đã ban hành 11 văn bản chỉ đạo."))
REASONED = {"file_unreadable", "file_unsafe", "file_empty"}


def changed(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The good file with one part changed."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.namelist():
            content = source.read(entry)
            target.writestr(entry, change(content) if entry == name else content)
    return buffer.getvalue()


def without(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source:
        return packed({entry: source.read(entry) for entry in source.namelist() if entry != name})


def main(change: Callable[[bytes], bytes]) -> bytes:
    return changed("word/document.xml", change)


def entities() -> bytes:
    bomb = b'<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
    return main(lambda xml: xml.replace(b"?>", b"?>" + bomb, 1).replace(b"11", b"&c;"))


def external_entity() -> bytes:
    told = b'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return main(lambda xml: xml.replace(b"?>", b"?>" + told, 1).replace(b"11", b"&x;"))


def far_xls() -> bytes:
    """An old workbook with one number moved to the last row and column."""
    data = (Path(__file__).parents[1] / "files" / "homemade.xls").read_bytes()
    number = struct.pack("<HHHH", 0x203, 14, 8, 4)
    at = data.index(number) if number in data else data.index(struct.pack("<HH", 0x27E, 10))
    return data[: at + 4] + struct.pack("<HH", 65_535, 255) + data[at + 8 :]


def repeated_ods() -> bytes:
    """An OpenDocument workbook with a million filled rows of a thousand cells, told in a few bytes."""
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    content = (
        f'<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="{table}"><o:body>'
        '<o:spreadsheet><table:table table:name="A"><table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell o:value-type="float" o:value="1" table:number-columns-repeated="1000"></table:table-cell>'
        "</table:table-row></table:table></o:spreadsheet></o:body></o:document-content>"
    )
    return packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def far_xlsb() -> bytes:
    row = b"\x00\x11" + struct.pack("<I", 1_048_575) + bytes(13)
    cell = b"\x05\x10" + struct.pack("<IId", 16_383, 0, 1.0)
    return packed(
        {"xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": b"\x91\x01\x00" + row + cell + b"\x92\x01\x00"}
    )


def twice() -> bytes:
    """Two main parts, of which one reader may take the first and another the last."""
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package.writestr("word/document.xml", part("document", f"<w:body>{p('Khác')}</w:body>"))
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LINK = (
    '<Relationships><Relationship Id="r" Type="x/{}" TargetMode="External" Target="http://example.test/x"/>'
    "</Relationships>"
)
DEEP = "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "part that inflates to a gigabyte": lambda: packed({"word/document.xml": bytes(1 << 30)}),
    "many parts of zeros": lambda: packed({f"word/media/{n}.bin": bytes(1 << 20) for n in range(250)}),
    "entity bomb": entities,
    "external entity": external_entity,
    "nesting without end": lambda: docx(DEEP[0] * 50_000),
    "closed nesting of ten thousand": lambda: docx(DEEP[0] * 10_000 + DEEP[1] * 10_000),
    "tables in tables": lambda: docx("<w:tbl><w:tr><w:tc>" * 3_000 + "</w:tc></w:tr></w:tbl>" * 3_000),
    "table of a billion columns": lambda: docx(tbl(tr(tc("a", properties='<w:gridSpan w:val="999999999"/>'), "b"))),
    "row of ten thousand cells": lambda: docx(tbl(tr(*["1"] * 10_000))),
    "hundred thousand paragraphs": lambda: docx("<w:p/>" * 100_000 + p("x")),
    "text of twenty million letters": lambda: docx(p(*[r("chữ " * 1_000)] * 5_000)),
    "huge text box": lambda: docx(
        p(f"<w:r><w:pict><w:txbxContent>{p('x ' * 3_000_000)}</w:txbxContent></w:pict></w:r>")
    ),
    "giant attribute": lambda: docx(f'<w:p w:x="{"a" * 11_000_000}"/>' + p("x")),
    "no main part": lambda: without("word/document.xml"),
    "wrong content types and links": lambda: packed(
        {"[Content_Types].xml": "<Types/>", "_rels/.rels": "<Relationships/>", "word/other.xml": "<x/>"}
    ),
    "links in a circle to itself": lambda: changed(
        "_rels/.rels", lambda xml: xml.replace(b"word/document.xml", b"_rels/.rels")
    ),
    "no body": lambda: main(lambda _: part("document", "").encode()),
    "external template": lambda: packed(
        {"word/document.xml": "<a/>", "word/_rels/s.xml.rels": LINK.format("attachedTemplate")}
    ),
    "external picture": lambda: packed({"word/document.xml": "<a/>", "word/_rels/d.xml.rels": LINK.format("image")}),
    "macros under another name": lambda: packed({"word/document.xml": "<a/>", "word/vbaProject.bin": b"x"}),
    "embedded program": lambda: packed({"word/document.xml": "<a/>", "word/embeddings/oleObject1.bin": OLE}),
    "the same part twice": twice,
    "way out of the package": lambda: packed({"word/document.xml": "<a/>", "../../word/x.xml": "<a/>"}),
    "cut in the middle": lambda: GOOD[: len(GOOD) // 2],
    "cut in its last bytes": lambda: GOOD[:-8],
    "password": lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
    "no XML at all": lambda: main(lambda _: b"\x00\x01\x02" * 100),
    "null bytes in the text": lambda: main(lambda xml: xml.replace(b"11", b"1\x001")),
    "forbidden characters": lambda: main(lambda xml: xml.replace(b"11", b"1&#1;1")),
    "unclosed elements": lambda: main(lambda xml: xml.replace(b"</w:p>", b"", 1)),
    "UTF-7": lambda: main(lambda xml: xml.replace(b"UTF-8", b"UTF-7")),
    "a picture only": lambda: docx(p("<w:r><w:drawing/></w:r>")),
    "xls with a cell at the end of the world": far_xls,
    "ods of a billion repeated cells": repeated_ods,
    "xlsb with a cell at the end of the world": far_xlsb,
    "xls of noise": lambda: OLE + "Workbook".encode("utf-16-le") + random.Random(5).randbytes(4_000),
    "doc of noise": lambda: OLE + "WordDocument".encode("utf-16-le") + random.Random(6).randbytes(4_000),
    "rtf of braces": lambda: b"{\\rtf1" + b"{" * 200_000,
}  # fmt: skip
# What no reader minds: the text is read in spite of it.
STYLES = (
    '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    '<w:style w:type="numbering" w:styleId="N"><w:pPr><w:numPr><w:numId w:val="9"/></w:numPr></w:pPr></w:style>'
)
CIRCLE = (
    '<w:abstractNum w:abstractNumId="9"><w:numStyleLink w:val="N"/></w:abstractNum>'
    '<w:num w:numId="9"><w:abstractNumId w:val="9"/></w:num>'
)
ODD: dict[str, Callable[[], bytes]] = {
    "styles in a circle": lambda: docx(p("Còn đọc được", properties='<w:pStyle w:val="A"/>'), styles=STYLES),
    "numbering in a circle": lambda: docx(listed("Còn đọc được", 9), styles=STYLES, numbering=LISTS + CIRCLE),
    "unknown styles, lists and notes": lambda: docx(
        p("Còn đọc được", '<w:r><w:footnoteReference w:id="77"/></w:r>', properties='<w:pStyle w:val="Z"/>')
        + listed("x", 404, 8)
    ),
    "list numbers beyond measure": lambda: docx(
        listed("Còn đọc được", 1),
        numbering=LISTS.replace('w:val="1"/><w:numFmt', f'w:val="{10**14}"/><w:numFmt').replace('"%1."', f'"{"%1" * 500}"'),
    ),
    "no relationships": lambda: without("word/_rels/document.xml.rels"),
}  # fmt: skip


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    """All files of one inbox, read by workers that end at 700 MB and 30 s."""
    data = DataDir(tmp_path_factory.mktemp("data"))
    folder = data.inbox / ROUND
    folder.mkdir(parents=True)
    files = {**HOSTILE, **ODD, "good": lambda: GOOD}
    for n, make in enumerate(files.values()):
        (folder / f"{n}.docx").write_bytes(make())
    now = datetime.now(UTC)
    archive = Archive(data)
    archive.receive(scan(data, catalogue(), now, settle=0), now)
    receipts = archive.receipts(ROUND)
    limits = Limits(memory=700 << 20, processor=20, wall=30)
    found = read_all(
        data, archive, [(one.sha256, one.original_name) for one in receipts], catalogue(), limits=limits
    )
    names = list(files)
    return {names[int(Path(one.original_name).stem)]: found[one.sha256] for one in receipts}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_a_finding_with_its_reason(name: str, readings: dict[str, Reading]) -> None:
    reading = readings[name]
    assert not reading.observations
    reasons = [finding for finding in reading.findings if finding.rule in REASONED]
    assert reasons and all(finding.observed for finding in reasons)
    # A reason names what was met; a death of the worker or an unforeseen error would not.
    assert not any(
        "chương trình đọc" in (one.observed or "") or "lỗi khi đọc" in (one.observed or "") for one in reasons
    )


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_read(name: str, readings: dict[str, Reading]) -> None:
    assert not REASONED & {finding.rule for finding in readings[name].findings}


def test_the_neighbour_of_them_all_is_read(readings: dict[str, Reading]) -> None:
    assert [one.indicator for one in readings["good"].observations if one.status == "accepted"] == [
        "steer_directives"
    ]


def test_a_missing_converter_is_no_lasting_verdict_on_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = DataDir(tmp_path / "data")
    (data.inbox / ROUND).mkdir(parents=True)
    (data.inbox / ROUND / "a.rtf").write_bytes(rb"{\rtf1\ansi B\'e1o c\'e1o k\'eam theo\par}")
    now = datetime.now(UTC)
    archive = Archive(data)
    archive.receive(scan(data, catalogue(), now, settle=0), now)
    receipt = archive.receipts(ROUND)[0]

    def read() -> Reading:
        return read_all(data, archive, [(receipt.sha256, "a.rtf")], catalogue())[receipt.sha256]

    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        assert "LibreOffice" in (read().findings[0].observed or "")
        assert not list(data.cache.rglob("*.json"))
    if has_writer():
        assert (read().reader, read().media_type) == ("rtf", "application/rtf")
        assert len(list(data.cache.rglob("*.json"))) == 1


def mutants(data: bytes, number: int, seed: int) -> list[bytes]:
    """Copies with bytes flipped, cut out, doubled or set; of packages, half of them inside a part."""
    chance = random.Random(seed)
    found = []
    for n in range(number):
        if data.startswith(b"PK") and n % 2:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                parts: dict[str, bytes | str] = {name: package.read(name) for name in package.namelist()}
            victim = chance.choice(sorted(parts))
            parts[victim] = mutated(bytes(parts[victim]), chance)  # type: ignore[arg-type]
            found.append(packed(parts))
        else:
            found.append(mutated(data, chance))
    return found


def mutated(data: bytes, chance: random.Random) -> bytes:
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        at = chance.randrange(max(1, len(content)))
        size = chance.choice((1, 1, 2, 16, 200))
        action = chance.randrange(4)
        if action == 0 and content:
            content[at % len(content)] ^= 1 << chance.randrange(8)
        elif action == 1:
            del content[at : at + size]
        elif action == 2:
            content[at:at] = content[at : at + size]
        else:
            content[at : at + size] = bytes([chance.randrange(256)]) * size
    return bytes(content)


def seeds() -> dict[str, bytes]:
    table = tbl(tr("TT", "Chỉ tiêu", "Số liệu"), tr("1", "Số thôn", "12"))
    book = openpyxl.Workbook()
    for row in (["UBND XÃ TIÊN LÃNG"], ["STT", "Chỉ tiêu", "ĐVT", "Số liệu"], [1, "Số thôn", "thôn", 34]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    files = Path(__file__).parents[1] / "files"
    return {
        "a.docx": docx(
            listed("Có 5 tin", 1) + table, numbering=LISTS, footnotes="", header1=p("UBND XÃ TIÊN LÃNG")
        ),
        "a.xlsx": buffer.getvalue(),
        "a.xls": (files / "homemade.xls").read_bytes(),
        "a.ods": (files / "homemade.ods").read_bytes(),
    }


@pytest.mark.parametrize("name", ["a.docx", "a.xls", "a.ods"])
def test_mutants_are_read_or_refused(name: str) -> None:
    for data in mutants(seeds()[name], 60, seed=57):
        try:
            read_document(data, name, catalogue())
        except Unreadable as error:
            assert error.finding.observed
