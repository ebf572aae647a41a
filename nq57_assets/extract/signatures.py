"""Signature lines that signing software leaves in a text: claims, since anyone can type them.

Belongs here: finding signer, time and place in text. Does not belong: verifying a signature (that needs the PDF).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import re2

from nq57_assets.model import Document, Signature
from nq57_assets.vietnamese.dates import find_dates
from nq57_assets.vietnamese.fold import fold

_EMAIL = re2.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_SIGNED = re2.compile(r"^\s*([^<>@]{2,120}?)\s*<\s*([^<>\s]+@[^<>\s]+)\s*>\s*da ky")
_ISO_TIME = re2.compile(r"^\s*(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[+-]\d{2}:?\d{2}|Z)?)\s*$")
_SIGNER_LABEL = re2.compile(r"^\s*(?:nguoi ky|ky boi|duoc ky boi|signed by|digitally signed by)\s*:\s*(.+)$")
_TIME_LABEL = re2.compile(r"^\s*(?:thoi gian ky|ngay ky|ky ngay|signing time|date)\s*:\s*(.+)$")
_CLOCK = re2.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([+-]\d{2}):?(\d{2}))?")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A signature as the text claims it, with the e-mail address that only the identity vote may see."""

    signature: Signature
    email: str | None


def read_signatures(document: Document) -> tuple[SignatureLine, ...]:
    """Return the signatures that count: those that the reader verified, then the claims of the text in their order.

    A claim is left out where the file's own signatures prove or refute the same signer.

    Two layouts occur: time, place and ``NAME <mail> đã ký lên văn bản này!`` on three lines, and the labels
    ``Người ký:``, ``Email:``, ``Thời gian ký:``.
    """
    embedded = [
        SignatureLine(replace(one, email=None), one.email)
        for one in document.signatures
        if one.status in ("verified", "indeterminate")
    ]
    if document.signatures:
        known = {fold(one.signer) for one in document.signatures}
        return (*embedded, *(line for line in _claims(document) if fold(line.signature.signer) not in known))
    return _claims(document)


def _claims(document: Document) -> tuple[SignatureLine, ...]:
    found: list[SignatureLine] = []
    recent: list[str] = []
    texts = [block.text.strip() for block in document.blocks]
    for position, text in enumerate(texts):
        if not text:
            continue
        folded = fold(text)
        if match := _SIGNED.match(folded) if "@" in text else None:
            signer = text[match.start(1) : match.end(1)].strip()
            found.append(_from_lines(signer, text[match.start(2) : match.end(2)], recent[-2:]))
            recent = []
            continue
        if match := _SIGNER_LABEL.match(folded) if ":" in text else None:
            found.append(_from_labels(text[match.start(1) :].strip(), texts[position + 1 : position + 8]))
        recent.append(text)
    return tuple(found)


def _from_lines(signer: str, email: str, before: list[str]) -> SignatureLine:
    signed_at = location = None
    for line in before:
        if match := _ISO_TIME.match(line):
            signed_at, location = match.group(1), None
        elif signed_at and len(line) <= 60:
            location = line
    return SignatureLine(Signature(signer=signer, signed_at=signed_at, location=location), email)


def _from_labels(signer: str, after: list[str]) -> SignatureLine:
    email = signed_at = None
    if match := _EMAIL.search(signer):
        email = match.group(0)
        signer = signer.replace(email, "").strip(" <>(),;")
    for line in after:
        folded = fold(line)
        if _SIGNER_LABEL.match(folded):
            break
        if email is None and (match := _EMAIL.search(line)):
            email = match.group(0)
        if signed_at is None and (match := _TIME_LABEL.match(folded)):
            signed_at = _time(match.group(1))
    return SignatureLine(Signature(signer=signer, signed_at=signed_at), email)


def _time(text: str) -> str | None:
    """Return the ISO form of a signing time such as ``15.10.2025 14:01:32 +07:00``."""
    if match := _ISO_TIME.match(text.upper()):
        return str(match.group(1))
    day = next((found.on for found in find_dates(text) if found.on), None)
    if day is None:
        return None
    clock = _CLOCK.search(text)
    if clock is None:
        return day.isoformat()
    hour, minute, second, zone_hour, zone_minute = clock.groups()
    zone = f"{zone_hour}{zone_minute}" if zone_hour else ""
    return f"{day.isoformat()}T{int(hour):02d}:{minute}:{second or '00'}{zone}"
