"""Digital signatures of a PDF: who, when, over what, and how far that is proven without a network.

Belongs here: verification by pyHanko and its verdict in our words. Does not belong: signature lines typed in a text
(``extract.signatures``), what a signer's name means (``extract.identity``).

Revocation is not checked: the work is done offline, and the findings say so.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import re2

from nq57_assets.folders import DataDir
from nq57_assets.model import Finding, Signature
from nq57_assets.readers.characters import clean
from nq57_assets.vietnamese.fold import fold

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus

Status = Literal["verified", "indeterminate", "invalid", "unsigned"]

UNSIGNED = "(ô chữ ký còn trống)"
_MOST_SIGNATURES = 30
_LONGEST = 200
_MAIL = re2.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_COMMUNE = re2.compile(r"(?:^|[^a-z])(?:xa|phuong|dac khu) ")
_SUFFIXES = (".pem", ".crt", ".cer", ".der")
_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one signature, with the reason in Vietnamese.

    Attributes:
        altered: What it was put under is proven to be other content than the file shows now.
    """

    signature: Signature
    reason: str
    altered: bool = False


def trust(folder: Path) -> None:
    """Take the root certificates of ``folder`` as trusted from now on."""
    global _folder
    _folder = folder


def trusted_version(folder: Path) -> str:
    """Return a version of the roots in a folder: a verdict kept from other roots is out of date."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in _root_files(folder))).hexdigest()[:12]


def _root_files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*") if p.suffix.lower() in _SUFFIXES) if folder.is_dir() else []


def load_roots(folder: Path) -> list[Certificate]:
    """Return the certificates in a folder; a file that is none is passed over with a line in the log."""
    from pyhanko.keys import load_certs_from_pemder

    roots: list[Certificate] = []
    for path in _root_files(folder):
        try:
            roots.extend(load_certs_from_pemder([str(path)]))
        except (ValueError, OSError):
            logging.getLogger(__name__).warning("%s holds no certificate", path.name)
    return roots


def read_pdf_signatures(
    data: bytes, roots: Sequence[Certificate] | None = None
) -> tuple[tuple[Signature, ...], tuple[Finding, ...]]:
    """Return the signatures of a PDF in the order of signing, and a finding for each kind of verdict.

    Args:
        data: A PDF that ``pdf_gate`` has let through.
        roots: Trusted root certificates; those of the data folder when left out.
    """
    if roots is None:
        roots = load_roots(_folder or DataDir.from_environment().trust)
    verdicts = verify(data, roots)
    return tuple(one.signature for one in verdicts), tuple(_findings(verdicts))


def _findings(verdicts: Iterable[Verdict]) -> Iterable[Finding]:
    for status, altered, rule in (
        ("invalid", True, "file_signature_altered"),
        ("invalid", False, "file_signature_invalid"),
        ("indeterminate", False, "file_signature_unproven"),
        ("verified", False, "file_signature_verified"),
    ):
        told = [
            f"{v.signature.signer}: {v.reason}"
            for v in verdicts
            if (v.signature.status, v.altered) == (status, altered)
        ]
        if told:
            yield Finding(rule, observed="; ".join(dict.fromkeys(told)))


def verify(data: bytes, roots: Sequence[Certificate]) -> list[Verdict]:
    """Verify every signature of a PDF; a signature that can't even be read is invalid, not absent."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they quote certificates
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        if reader.encrypted:
            reader.decrypt("")
        embedded = list(reader.embedded_signatures)[:_MOST_SIGNATURES]
        empty = _empty_fields(reader)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        return [
            Verdict(
                Signature("(không đọc được)", status="invalid"), f"cấu trúc hỏng ({type(error).__name__})"
            )
        ]
    whole = bool(embedded) and _covers_file(embedded[-1])
    verdicts = [
        _verdict(one, roots, whole) for one in embedded if str(one.sig_object_type) != "/DocTimeStamp"
    ]
    if whole and verdicts and verdicts[-1].signature.status != "invalid":
        # Whoever signed last has put a sound signature under the file as it is: a clerk who enters number and date does.
        verdicts = [replace(verdict, altered=False) for verdict in verdicts]
    return verdicts + [Verdict(Signature(UNSIGNED, status="unsigned"), "")] * empty


def _empty_fields(reader: Any) -> int:
    from pyhanko.sign.fields import enumerate_sig_fields

    return sum(1 for _ in enumerate_sig_fields(reader, filled_status=False))


def _covers_file(embedded: EmbeddedPdfSignature) -> bool:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    try:
        return embedded.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
    except Exception:
        return False


def _verdict(embedded: EmbeddedPdfSignature, roots: Sequence[Certificate], whole: bool) -> Verdict:
    """Verify one signature; ``whole`` says that the file ends with the last one."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    said = _as_claimed(embedded)
    try:
        context, stamps = (
            ValidationContext(trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail")
            for _ in range(2)
        )
        found = validate_pdf_signature(embedded, context, stamps)
    except SignatureValidationError:
        return _as(said, "indeterminate", "thuật toán hoặc định dạng chữ ký không được chấp nhận")
    except Exception as error:  # a forged structure may break the verifier anywhere
        return _as(said, "invalid", f"chữ ký hỏng ({type(error).__name__})")
    status, reason = _judge(found, whole, bool(roots))
    stamp = found.timestamp_validity
    at = said.signed_at
    if stamp is not None and stamp.valid and stamp.intact and stamp.trusted:
        at = stamp.timestamp.isoformat()
        reason += f", dấu thời gian {stamp.timestamp:%d/%m/%Y %H:%M}"
    elif status == "verified":
        reason += ", thời điểm ký theo lời khai"
    altered = not found.intact or not found.docmdp_ok
    return Verdict(Signature(said.signer, at, said.location, status, said.email), reason, altered)


def _as(said: Signature, status: Status, reason: str) -> Verdict:
    return Verdict(Signature(said.signer, said.signed_at, said.location, status, said.email), reason)


def _judge(found: PdfSignatureStatus, whole: bool, rooted: bool) -> tuple[Status, str]:
    """Return the verdict: verified only when intact, valid, trusted, rightly continued and covering the whole file."""
    from pyhanko.sign.diff_analysis import ModificationLevel

    if not found.intact:
        return "invalid", "nội dung đã bị sửa sau khi ký"
    if not found.valid:
        return "invalid", "chữ ký không khớp với chứng thư"
    if not found.docmdp_ok:
        return "invalid", "nội dung được thêm hoặc đổi sau khi ký"
    if found.revoked:
        return "invalid", "chứng thư đã bị thu hồi"
    if not whole:
        if found.modification_level == ModificationLevel.LTA_UPDATES:
            return "indeterminate", "có dữ liệu xác minh được thêm sau chữ ký cuối"
        return "invalid", "có dữ liệu lạ nối vào sau chữ ký cuối"
    if found.trusted:
        return "verified", "chữ ký còn nguyên vẹn, phủ toàn bộ tệp, chứng thư thuộc gốc tin cậy"
    if not rooted:
        return "indeterminate", "chữ ký còn nguyên vẹn, chưa có chứng thư gốc nào trong data/trust"
    reason = found.trust_problem_indic
    if reason is not None and ("OUT_OF_BOUNDS" in str(reason) or "EXPIRED" in str(reason)):
        return "indeterminate", "chữ ký còn nguyên vẹn, chứng thư hết hạn và không có dấu thời gian tin cậy"
    return "indeterminate", "chữ ký còn nguyên vẹn, chứng thư không thuộc gốc tin cậy"


def _as_claimed(embedded: EmbeddedPdfSignature) -> Signature:
    """Return what the signature says of itself: the certificate's names, the signing software's time and place."""
    names: dict[str, Any] = {}
    mails: list[str] = []
    try:
        certificate = embedded.signer_cert
        names = dict(certificate.subject.native)
        alternative = certificate.subject_alt_name_value
        mails = [str(name.native) for name in (alternative or ()) if name.name == "rfc822_name"]
    except Exception:  # noqa: S110 - a broken certificate has no names; its signature is judged elsewhere
        pass
    holder = embedded.sig_object
    said = _text(holder.get("/Reason")) + " " + _text(holder.get("/ContactInfo"))
    mails += [str(names[key]) for key in ("email_address",) if names.get(key)] + _MAIL.findall(said)
    reported = embedded.self_reported_timestamp
    return Signature(
        signer=_signer(names, _text(holder.get("/Name"))),
        signed_at=reported.isoformat() if isinstance(reported, datetime) else None,
        location=_text(holder.get("/Location")) or None,
        email=next((mail for mail in mails if _MAIL.search(mail)), None),
    )


def _text(value: Any) -> str:
    return clean(" ".join(str(value).split()))[:_LONGEST] if isinstance(value, str) else ""


def _signer(names: dict[str, Any], written: str) -> str:
    """Return the certificate's own name, with its organisation where only that names a commune."""
    own, organisation = (_name(names.get(key)) for key in ("common_name", "organization_name"))
    own = own or organisation or written or "(không rõ)"
    if organisation and organisation != own and not _COMMUNE.search(f"{fold(own)} "):
        return f"{own}, {organisation}"
    return own


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[-1] if value else ""
    return _text(value)
