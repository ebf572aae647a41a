"""Signed PDFs: what is proven, what is only claimed, and what was changed after signing. All certificates are made here."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.reading import reading_of
from nq57_assets.model import Address, Block, Document, Finding, Signature
from nq57_assets.readers.signatures import load_roots, read_pdf_signatures

NOW = datetime.now(UTC).replace(microsecond=0)
UNIT, UNIT_MAIL = "Ủy ban nhân dân xã Hải Hưng", "xahaihung@haiphong.gov.vn"


@dataclass(frozen=True)
class Key:
    certificate: x509.Certificate
    private: rsa.RSAPrivateKey

    @property
    def as_asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def key_info(self) -> asn1_keys.PrivateKeyInfo:
        return asn1_keys.PrivateKeyInfo.load(
            self.private.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


def issue(
    name: str,
    issuer: Key | None,
    days: tuple[int, int] = (-400, 400),
    kind: str = "person",
    organisation: str = "",
    mail: str = "",
) -> Key:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    subject = x509.Name(parts)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=kind == "ca", path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=kind != "ca", content_commitment=kind == "person", key_cert_sign=kind == "ca",
                crl_sign=kind == "ca", key_encipherment=False, data_encipherment=False, key_agreement=False,
                encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
    )  # fmt: skip
    if kind == "tsa":
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    if mail:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(mail)]), critical=False)
    return Key(builder.sign((issuer or Key(None, private)).private, hashes.SHA256()), private)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Authority:
    root: Key
    middle: Key
    person: Key
    unit: Key
    expired: Key
    tsa: Key


@lru_cache(maxsize=2)
def authority(_: str = "own") -> Authority:
    root = issue("Gốc thử nghiệm", None, kind="ca")
    middle = issue("Cấp dưới thử nghiệm", root, kind="ca")
    return Authority(
        root,
        middle,
        issue("Vũ Văn Mẫu", middle, organisation=UNIT),
        issue(UNIT, middle, mail=UNIT_MAIL),
        issue(UNIT, middle, days=(-300, -30)),
        issue("Dấu thời gian", middle, kind="tsa"),
    )


def plain() -> bytes:
    sink = io.BytesIO()
    canvas = Canvas(sink)
    for page in range(2):
        canvas.drawString(72, 720, f"Bao cao trang {page + 1}")
        canvas.showPage()
    canvas.save()
    return sink.getvalue()


def sign(data: bytes, key: Key, field: str = "Ky1", stamped: bool = False, **meta: str) -> bytes:
    own = authority()
    issuers = [own.middle.as_asn1, own.root.as_asn1, authority("foreign").middle.as_asn1]
    registry = SimpleCertificateStore.from_certs(issuers)
    signer = signers.SimpleSigner(key.as_asn1, key.key_info, registry)
    stamper = DummyTimeStamper(own.tsa.as_asn1, own.tsa.key_info, registry) if stamped else None
    metadata = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256", **meta)
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    return signers.sign_pdf(writer, metadata, signer, timestamper=stamper).getvalue()


def read(data: bytes, *roots: Key) -> tuple[list[str], list[Signature], list[Finding]]:
    trusted = [key.as_asn1 for key in roots or (authority().root,)]
    signatures, findings = read_pdf_signatures(data, trusted)
    return [one.status for one in signatures], list(signatures), list(findings)


def changed_inside(data: bytes) -> bytes:
    at = data.index(b"endobj") - 3
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def with_page_changed(data: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def with_empty_field(data: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    append_signature_field(writer, SigFieldSpec("Ky9"))
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def test_a_person_and_then_the_unit_with_time_stamps_are_both_verified() -> None:
    own = authority()
    signed = sign(sign(plain(), own.person, "Ky1", True), own.unit, "Ky2", True, location="Việt Nam")
    statuses, signatures, findings = read(signed)
    assert statuses == ["verified", "verified"]
    assert signatures[0].signer == f"Vũ Văn Mẫu, {UNIT}"
    assert (signatures[1].signer, signatures[1].location, signatures[1].email) == (
        UNIT,
        "Việt Nam",
        UNIT_MAIL,
    )
    assert signatures[1].signed_at and signatures[1].signed_at[:10] == NOW.date().isoformat()
    assert [one.rule for one in findings] == ["file_signature_verified"]
    assert "dấu thời gian" in (findings[0].observed or "")


def test_without_a_time_stamp_the_time_is_said_to_be_claimed() -> None:
    statuses, _, (finding,) = read(sign(plain(), authority().unit))
    assert statuses == ["verified"]
    assert "thời điểm ký theo lời khai" in (finding.observed or "")


CHANGED: dict[str, tuple[Callable[[bytes], bytes], str, str]] = {
    "a byte changed inside": (changed_inside, "file_signature_altered", "đã bị sửa"),
    "a page changed afterwards": (with_page_changed, "file_signature_altered", "thêm hoặc đổi"),
    "junk appended": (
        lambda data: data + b"\n% 1 0 obj << >> junk\n", "file_signature_invalid", "dữ liệu lạ nối vào",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGED)
def test_a_file_changed_after_signing_is_invalid(kind: str) -> None:
    change, rule, reason = CHANGED[kind]
    statuses, _, (finding,) = read(change(sign(plain(), authority().unit)))
    assert statuses == ["invalid"]
    assert (finding.rule, reason in (finding.observed or "")) == (rule, True)


def test_what_a_clerk_adds_and_signs_for_is_no_reason_to_withhold() -> None:
    own = authority()
    numbered = sign(with_page_changed(sign(plain(), own.person, "Ky1")), own.unit, "Ky2")
    statuses, _, findings = read(numbered)
    assert statuses == ["invalid", "verified"]
    assert {one.rule for one in findings} == {"file_signature_invalid", "file_signature_verified"}


def test_junk_behind_the_second_signature_spoils_the_first_as_well() -> None:
    own = authority()
    signed = sign(sign(plain(), own.person, "Ky1"), own.unit, "Ky2") + b"junk"
    assert read(signed)[0] == ["invalid", "invalid"]


def test_an_expired_certificate_without_time_stamp_is_not_proven_and_not_forged() -> None:
    statuses, _, (finding,) = read(sign(plain(), authority().expired))
    assert statuses == ["indeterminate"]
    assert "hết hạn" in (finding.observed or "")


def test_a_foreign_authority_of_the_same_name_is_not_trusted() -> None:
    foreign = authority("foreign")
    assert foreign.root.certificate.subject == authority().root.certificate.subject
    statuses, _, (finding,) = read(sign(plain(), foreign.unit))
    assert statuses == ["indeterminate"]
    assert "không thuộc gốc tin cậy" in (finding.observed or "")


def test_no_roots_prove_nothing() -> None:
    signatures, (finding,) = read_pdf_signatures(sign(plain(), authority().unit), [])
    assert signatures[0].status == "indeterminate"
    assert "data/trust" in (finding.observed or "")


def test_a_certificate_signed_by_itself_is_not_trusted() -> None:
    assert read(sign(plain(), issue(UNIT, None)))[0] == ["indeterminate"]


def test_a_file_without_signature_has_none_and_an_empty_field_is_told() -> None:
    assert read(plain())[0] == []
    assert read(with_empty_field(plain()))[0] == ["unsigned"]


def test_a_truncated_or_broken_signature_is_invalid() -> None:
    signed = sign(plain(), authority().unit)
    at = signed.index(b"/Contents <") + 200
    broken = signed[:at] + b"00" * 40 + signed[at + 80 :]
    assert read(broken)[0] in (["invalid"], ["indeterminate"])
    assert read(signed[: len(signed) // 2])[0] in ([], ["invalid"])


def test_a_signature_moved_onto_another_report_is_invalid() -> None:
    signed = sign(plain(), authority().unit)
    other = signed.replace(b"/Rotate 0", b"/Rotate 9", 1)
    assert other != signed and read(other)[0] == ["invalid"]


def test_roots_come_from_the_folder_and_a_file_that_is_none_is_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = authority().root.certificate
    (tmp_path / "goc.crt").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "goc.der").write_bytes(root.public_bytes(serialization.Encoding.DER))
    (tmp_path / "khac.pem").write_text("not a certificate")
    (tmp_path / "README.md").write_text("# roots")
    with caplog.at_level(logging.WARNING):
        assert len(load_roots(tmp_path)) == 2
    assert "khac.pem" in caplog.text
    assert load_roots(tmp_path / "absent") == []


def of(*signatures: Signature) -> Document:
    lines = ("BÁO CÁO", "Kết quả tuyên truyền năm 2025", "Đã đăng 12 tin, bài.")
    blocks = tuple(Block(text, Address(1, line)) for line, text in enumerate(lines, 1))
    return Document("application/pdf", "pdf", "1", blocks, signatures=signatures)


def test_a_signature_votes_on_commune_and_date_unless_it_is_invalid() -> None:
    signed_at = "2025-12-15T14:09:06+07:00"
    sound = reading_of(of(Signature(UNIT, signed_at, None, "indeterminate", UNIT_MAIL)), catalogue())
    assert {vote.commune_code for vote in sound.identity_votes} == {catalogue_code()}
    assert str(sound.header.issued_on) == "2025-12-15"
    assert [one.email for one in sound.header.signatures] == [None]
    forged = reading_of(of(Signature(UNIT, signed_at, None, "invalid", UNIT_MAIL)), catalogue())
    assert forged.identity_votes == () and forged.header.issued_on is None
    assert [one.status for one in forged.header.signatures] == ["invalid"]


def catalogue_code() -> str:
    (code,) = [one.commune_code for one in catalogue().communes if one.full_name == "Xã Hải Hưng"]
    return code
