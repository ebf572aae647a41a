"""What one file yields, as one JSON-ready object, without Dagster or Great Expectations.

Belongs here: the object that ``nq57 inspect`` prints. Does not belong: reading (``extract.reading``), printing.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.identity import identify
from nq57_assets.extract.reading import read_submission
from nq57_assets.folders import DataDir
from nq57_assets.messages import message
from nq57_assets.model import Address, Finding, Header, Identity, Observation, Reading, Section, Statement
from nq57_assets.privacy import mask
from nq57_assets.readers import Unreadable
from nq57_assets.readers.bundle import READER
from nq57_assets.readers.formats import sniff


def inspect_file(path: Path, catalogue: Catalogue, inbox_name: str | None = None) -> dict[str, Any]:
    """Return document, observations, statements and findings of one file; any file gives an object.

    Args:
        path: The file.
        catalogue: The reference data.
        inbox_name: Path below the round's folder that votes on the commune; None takes the file's name.

    Raises:
        OSError: The file cannot be opened at all.
    """
    named = inbox_name or path.name
    try:
        reading = _read(path, catalogue)
    except Unreadable as unreadable:
        identity = identify((), named, catalogue)
        return {
            "document": _document(Header(), identity, ()),
            "observations": [],
            "statements": [],
            "findings": [_finding(unreadable.finding, catalogue, path.name)],
        }
    identity = identify(reading.identity_votes, named, catalogue)
    return {
        "document": _document(reading.header, identity, reading.outline),
        "observations": [_observation(one) for one in reading.observations],
        "statements": [_statement(one) for one in reading.statements],
        "findings": [_finding(one, catalogue, path.name) for one in _findings(reading, identity)],
    }


def _read(path: Path, catalogue: Catalogue) -> Reading:
    """Read plain text here, which is fast, and anything that a library parses in a worker that may die of it."""
    data = path.read_bytes()
    if sniff(data, path.name) == "text":
        return read_submission(data, path.name, catalogue)
    from nq57_assets.intake.archive import Archive
    from nq57_assets.intake.reading import read_all

    with tempfile.TemporaryDirectory(prefix="nq57-inspect-") as folder:
        aside = DataDir(Path(folder))
        sha256 = hashlib.sha256(data).hexdigest()
        copy = Archive(aside).path(sha256)
        copy.parent.mkdir(parents=True)
        copy.write_bytes(data)
        return read_all(aside, Archive(aside), [(sha256, path.name)], catalogue, workers=1)[sha256]


def _findings(reading: Reading, identity: Identity) -> list[Finding]:
    findings = list(reading.findings)
    if identity.commune_code is None and reading.reader != READER:
        kind, _, reason = identity.method.partition(": ")
        rule = "file_identity_conflict" if kind == "conflict" else "file_unknown_commune"
        findings.insert(0, Finding(rule, observed=reason))
    return findings


def _document(header: Header, identity: Identity, outline: tuple[Section, ...]) -> dict[str, Any]:
    return {
        "type": header.document_type,
        "number": header.number,
        "symbol": header.symbol,
        "issued_on": header.issued_on.isoformat() if header.issued_on else None,
        "issued_year": header.issued_year,
        "issued_month": header.issued_month,
        "issuer": header.issuer,
        "subject": mask(header.subject) if header.subject else None,
        "commune_code": identity.commune_code,
        "is_draft": header.is_draft,
        "references": [
            {"symbol": one.symbol, "issued_on": one.issued_on.isoformat() if one.issued_on else None}
            for one in header.references
        ],
        "signatures": [
            {
                "signer": mask(one.signer),
                "signed_at": one.signed_at,
                "location": one.location,
                "status": one.status,
            }
            for one in header.signatures
        ],
        "identity": {
            "method": identity.method,
            "margin": identity.margin,
            "votes": [
                {"source": vote.source, "commune_code": vote.commune_code or None, "score": vote.score}
                for vote in identity.votes
            ],
        },
        "outline": [
            {"mark": one.mark, "level": one.level, "title": mask(one.title), **_place(one.address)}
            for one in outline
        ],
    }


def _place(address: Address) -> dict[str, Any]:
    return {"page": address.page, "line": address.line, "sheet": address.sheet, "cell": address.cell}


def _observation(one: Observation) -> dict[str, Any]:
    return {
        "indicator": one.indicator,
        "value": _number(one.value),
        "low": _number(one.low),
        "high": _number(one.high),
        "qualifier": one.qualifier,
        "numerator": _number(one.numerator),
        "denominator": _number(one.denominator),
        "unit": one.unit,
        "status": one.status,
        "confidence": round(one.confidence, 4),
        **_place(one.address),
        "quote": mask(one.quote),
        "detail": mask(one.detail) if one.detail else None,
        "method": one.method,
        "nil": one.nil,
        "why": one.why,
    }


def _statement(one: Statement) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "addressee": one.addressee,
        "themes": list(one.themes),
        "text": one.text,
        **_place(one.address),
        "section": one.section,
    }


def _number(value: float | None) -> float | int | None:
    """Return whole figures as integers, so that the JSON reads 58 and not 58.0."""
    return int(value) if value is not None and float(value).is_integer() else value


def _finding(finding: Finding, catalogue: Catalogue, file: str) -> dict[str, Any]:
    words, advice = message(finding, catalogue, file)
    return {
        "rule": finding.rule,
        "severity": catalogue.rule[finding.rule].severity,
        "message_vi": words,
        "advice_vi": advice,
        "address": str(finding.address) or None,
        "indicator": finding.indicator,
        "observed": mask(finding.observed) if finding.observed else None,
        "expected": finding.expected,
    }
