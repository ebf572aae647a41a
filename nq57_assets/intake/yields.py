"""What the registered files of a round yield: rows of ``staged/documents`` and the two claims' tables of ``core``, findings.

Belongs here: carrying a reading into the round it was sent for. Does not belong: reading, or choosing between claims.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.lake import digest
from nq57_assets.model import FiledFinding, Finding, Observation, Reading, Statement
from nq57_assets.readers.bundle import READER

_TOLD = ("quarantined", "unassigned", "bundle")
_READ = ("parsed", "unassigned", "duplicate")


def documents_rows(
    round_id: str, submissions: Iterable[Mapping[str, Any]], readings: Mapping[str, Reading]
) -> list[dict[str, Any]]:
    """Return the rows of ``staged/documents``: one for each distinct file of the round that could be read.

    Args:
        round_id: The round.
        submissions: Rows of ``raw/submissions``.
        readings: What the files yield, by SHA-256.
    """
    types = {row["sha256"]: row["document_type"] for row in submissions if row["state"] in _READ}
    return [
        _document(round_id, sha256, type_, readings[sha256])
        for sha256, type_ in types.items()
        if sha256 in readings and readings[sha256].reader != READER
    ]


def _document(round_id: str, sha256: str, document_type: str, reading: Reading) -> dict[str, Any]:
    header = reading.header
    return {
        "round_id": round_id,
        "sha256": sha256,
        "document_type": document_type,
        "number": header.number,
        "symbol": header.symbol,
        "issued_on": header.issued_on,
        "issued_year": header.issued_year,
        "issued_month": header.issued_month,
        "issuer": header.issuer,
        "subject": header.subject,
        "is_draft": header.is_draft,
        "signatures": _json(header.signatures),
        "references": _json(header.references),
        "outline": _json(reading.outline),
        "identity_votes": _json(reading.identity_votes),
        "encoding": reading.encoding,
        "form_version": reading.form.form_version if reading.form else None,
        "reader": reading.reader,
        "reader_version": reading.reader_version,
        "extractor_version": reading.extractor_version,
    }


def _json(records: Iterable[Any]) -> str:
    return json.dumps([asdict(record) for record in records], ensure_ascii=False, default=str)


def observation_rows(
    round_id: str,
    submissions: Iterable[Mapping[str, Any]],
    readings: Mapping[str, Reading],
    catalogue: Catalogue,
) -> list[dict[str, Any]]:
    """Return the rows of ``core/observations``: the figures of each current file of a known commune.

    Figures of a paper that is no report or form (a plan, a letter) are kept as rejected, so that they can be looked up;
    those of a paper whose type is unknown wait for review.

    Args:
        round_id: The round.
        submissions: Rows of ``raw/submissions``.
        readings: What the files yield, by SHA-256.
        catalogue: The indicators; a figure of none of them is left out.
    """
    rows = []
    for submission in submissions:
        if submission["is_current"] and submission["state"] == "parsed" and submission["commune_code"]:
            reading = readings[submission["sha256"]]
            for observation_id, observation in identified(round_id, submission["sha256"], reading):
                if observation.indicator in catalogue.indicator:
                    rows.append(_observation(observation_id, observation, submission, reading))
    return rows


def identified(round_id: str, sha256: str, reading: Reading) -> list[tuple[str, Observation]]:
    """Return a reading's observations with their stable ids: the same file, place and claim have the same id always."""
    claims: Counter[tuple[str, str, float | None, float | None, float | None]] = Counter()
    named = []
    for observation in reading.observations:
        claim = (
            str(observation.address),
            observation.indicator,
            observation.value,
            observation.low,
            observation.high,
        )
        named.append((digest("observation", round_id, sha256, *claim, claims[claim]), observation))
        claims[claim] += 1
    return named


def _observation(
    observation_id: str, observation: Observation, submission: Mapping[str, Any], reading: Reading
) -> dict[str, Any]:
    return {
        "observation_id": observation_id,
        "round_id": submission["round_id"],
        "commune_code": submission["commune_code"],
        "indicator": observation.indicator,
        "value": observation.value,
        "low": observation.low,
        "high": observation.high,
        "qualifier": observation.qualifier,
        "numerator": observation.numerator,
        "denominator": observation.denominator,
        "unit": observation.unit,
        "nil": observation.nil,
        "sha256": submission["sha256"],
        "page": observation.address.page,
        "line": observation.address.line,
        "sheet": observation.address.sheet,
        "cell": observation.address.cell,
        "quote": observation.quote,
        "method": observation.method,
        "confidence": observation.confidence,
        "status": _status(observation, submission["document_type"]),
        "detail": observation.detail,
        "why": observation.why,
        "extractor_version": reading.extractor_version,
    }


def _status(observation: Observation, document_type: str) -> str:
    if document_type in ("report", "form") or observation.status == "rejected":
        return observation.status
    return "review" if document_type == "unknown" else "rejected"


def statement_rows(
    round_id: str, submissions: Iterable[Mapping[str, Any]], readings: Mapping[str, Reading]
) -> list[dict[str, Any]]:
    """Return the rows of ``core/statements``: what each file of a known commune finds difficult, why, and asks for.

    Superseded versions and letters are kept with ``is_current`` false, so that what a commune said before can be looked up;
    only what belongs to its report as it stands is counted.

    Args:
        round_id: The round.
        submissions: Rows of ``raw/submissions``.
        readings: What the files yield, by SHA-256.
    """
    rows = []
    for submission in submissions:
        if submission["state"] != "parsed" or not submission["commune_code"]:
            continue
        reading = readings[submission["sha256"]]
        said: Counter[tuple[str, str, str]] = Counter()
        for statement in reading.statements:
            claim = (str(statement.address), statement.kind, statement.text)
            name = digest("statement", round_id, submission["submission_id"], *claim, said[claim])
            said[claim] += 1
            rows.append(_statement(name, statement, submission, reading))
    return rows


def _statement(
    statement_id: str, statement: Statement, submission: Mapping[str, Any], reading: Reading
) -> dict[str, Any]:
    return {
        "statement_id": statement_id,
        "round_id": submission["round_id"],
        "commune_code": submission["commune_code"],
        "sha256": submission["sha256"],
        "kind": statement.kind,
        "addressee": statement.addressee,
        "theme": statement.themes[0],
        "themes": list(statement.themes),
        "text": statement.text,
        "page": statement.address.page,
        "line": statement.address.line,
        "sheet": statement.address.sheet,
        "cell": statement.address.cell,
        "section": statement.section,
        "extractor_version": reading.extractor_version,
        "is_current": bool(submission["counts_as_report"]),
    }


def reading_findings(
    round_id: str, submissions: Iterable[Mapping[str, Any]], readings: Mapping[str, Reading]
) -> list[FiledFinding]:
    """Return what the files themselves show to be wrong, each with its submission and, where there is one, its figure.

    Copies and superseded versions are left out: nobody has to mend them any more.
    """
    found = []
    for submission in submissions:
        reading = readings.get(submission["sha256"])
        if reading is None or not (submission["is_current"] or submission["state"] in _TOLD):
            continue
        named = identified(round_id, submission["sha256"], reading)
        figures = {(observation.indicator, observation.address): name for name, observation in named}
        found += [_filed(finding, submission, figures) for finding in reading.findings]
    return found


def _filed(finding: Finding, submission: Mapping[str, Any], figures: Mapping[Any, str]) -> FiledFinding:
    return FiledFinding(
        finding=finding,
        round_id=submission["round_id"],
        commune_code=submission["commune_code"],
        sha256=submission["sha256"],
        original_name=submission["original_name"],
        observation_id=figures.get((finding.indicator, finding.address)),
    )
