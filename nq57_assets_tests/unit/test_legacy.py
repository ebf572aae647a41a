"""Old and foreign texts: read through LibreOffice where it is, refused with a way out where it isn't."""

import shutil
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.readers import Unreadable, legacy, read_document
from nq57_assets_tests.word_files import packed

RTF = rb"{\rtf1\ansi\ansicpg1252 \u7842?n b\'e1o c\'e1o\par C\'f3 12 th\'f4n\par}"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DOC = OLE + "WordDocument".encode("utf-16-le")
TEXT = "application/vnd.oasis.opendocument.text"


def has_writer() -> bool:
    program = shutil.which("soffice")
    return program is not None and any(Path(program).resolve().parent.glob("*swlo*"))


def odt(text: str, **parts: str) -> bytes:
    """An OpenDocument text of one paragraph."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        f'office:version="1.2"><office:body><office:text><text:p>{text}</text:p></office:text></office:body>'
        "</office:document-content>"
    )
    names = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{names}"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{TEXT}"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return packed({"mimetype": TEXT, "content.xml": content, "META-INF/manifest.xml": manifest, **parts})


def refused(data: bytes, name: str) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        read_document(data, name, catalogue())
    return caught.value.finding.rule, caught.value.finding.observed or ""


def test_kinds_are_told_by_their_bytes():
    assert [legacy.kind_of(data) for data in (RTF, DOC, OLE, b"text")] == ["rtf", "doc", None, None]
    assert legacy.kind_of(DOC + "EncryptedPackage".encode("utf-16-le")) is None


@pytest.mark.parametrize(("data", "name"), [(RTF, "a.rtf"), (DOC, "a.doc"), (odt("Báo cáo"), "a.odt")])
def test_without_libreoffice_the_sender_learns_how_to_resend(data, name, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    rule, observed = refused(data, name)
    assert rule == "file_unreadable" and "LibreOffice" in observed and ".docx hoặc PDF" in observed


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (DOC + "_VBA_PROJECT".encode("utf-16-le"), "a.doc", "macro"),
        (RTF.replace(b"\\par}", b"{\\object\\objdata 0105}}"), "a.rtf", "nhúng"),
        (odt("Báo cáo", **{"Basic/Standard/Module1.xml": "<x/>"}), "a.odt", "macro"),
        (RTF + b" " * (20 << 20), "a.rtf", "lớn quá"),
    ],
)
def test_what_may_harm_never_reaches_libreoffice(data, name, word):
    rule, observed = refused(data, name)
    assert rule == "file_unsafe" and word in observed


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_broken_file_is_a_finding_and_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert refused(DOC + bytes(4096), "a.doc")[0] == "file_unreadable"
    assert not list(Path(tmp_path).iterdir())


@pytest.mark.skipif(not has_writer(), reason="LibreOffice Writer is not installed")
@pytest.mark.parametrize(("data", "name"), [(RTF, "a.rtf"), (odt("Ản báo cáo"), "a.odt")])
def test_texts_are_read_as_word_shows_them(data, name):
    document = read_document(data, name, catalogue())
    assert "Ản báo cáo" in document.text.split("\n")
    assert document.reader == name[-3:] and document.media_type == legacy.MEDIA_TYPES[name[-3:]]
