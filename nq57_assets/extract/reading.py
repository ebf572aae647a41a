"""All that one file yields: the pure function from bytes to Reading that workers run and the cache keeps.

Belongs here: running reader and extraction in order, and the findings that need neither round nor other files.
Does not belong: anything that depends on the round, the inbox or other submissions (``intake``).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.form import observe_form
from nq57_assets.extract.header import read_header
from nq57_assets.extract.homemade import head_of, observe_workbook, workbook_type
from nq57_assets.extract.identity import sender_votes, votes
from nq57_assets.extract.observe import observe
from nq57_assets.extract.outline import read_outline
from nq57_assets.extract.passages import read_passages
from nq57_assets.extract.statements import read_statements
from nq57_assets.model import (
    Document,
    DocumentType,
    Finding,
    Header,
    IdentityVote,
    Observation,
    Reading,
    Section,
)
from nq57_assets.readers import read_document
from nq57_assets.versions import extractor_version
from nq57_assets.vietnamese.numbers import find_numerals

TYPES_VI: dict[DocumentType, str] = {
    "report": "báo cáo",
    "plan": "kế hoạch",
    "official_letter": "công văn",
    "decision": "quyết định",
    "directive": "chỉ thị",
    "notice": "thông báo",
    "form": "biểu mẫu",
    "unknown": "văn bản chưa rõ loại",
}
"""Names of the document types for people."""

_REPORTS: tuple[DocumentType, ...] = ("report", "form")


def read_submission(data: bytes, name: str, catalogue: Catalogue) -> Reading:
    """Read one submitted file.

    Args:
        data: The file's bytes.
        name: Its name, for telling the format; the result does not depend on the rest of the name.
        catalogue: The reference data.

    Raises:
        nq57_assets.readers.Unreadable: The file cannot or must not be read; it carries the finding.
    """
    return reading_of(read_document(data, name, catalogue), catalogue)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from looking for reference cycles: reading makes none, and the search takes a seventh of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_no_collection()
def reading_of(document: Document, catalogue: Catalogue) -> Reading:
    """Return what a document yields: header, votes, outline, observations, statements and findings."""
    header = read_header(document, catalogue)
    outline = read_outline(document)
    # Figures and statements mostly ask for the same passages: the same lines are rows of tables to both.
    passages_of = lru_cache(maxsize=1)(partial(read_passages, document, outline))
    if header.document_type == "form":
        observations, findings = observe_form(document, catalogue)
    elif document.sheets:
        return _workbook_reading(document, catalogue)
    else:
        observations, findings = observe(document, header, outline, catalogue, passages_of=passages_of), []
    voted = votes(document, header, catalogue)
    reading = _reading(document, header, outline, voted, observations, findings, catalogue)
    return replace(reading, statements=read_statements(document, header, outline, catalogue, passages_of))


def _workbook_reading(document: Document, catalogue: Catalogue) -> Reading:
    """Read a home-made workbook: its head from the lines above the table, its figures from the cells."""
    head = head_of(document)
    header = read_header(head, catalogue)
    observations, findings = observe_workbook(document, header, catalogue)
    senders = sender_votes([block.text for block in head.blocks], catalogue)
    voted = tuple(dict.fromkeys((*votes(head, header, catalogue), *senders)))
    header = replace(header, document_type=workbook_type(header, voted, head, observations))
    reading = _reading(document, header, (), voted, observations, findings, catalogue)
    return replace(reading, statements=read_statements(document, header, (), catalogue))


def _reading(
    document: Document,
    header: Header,
    outline: tuple[Section, ...],
    voted: tuple[IdentityVote, ...],
    observations: list[Observation],
    findings: list[Finding],
    catalogue: Catalogue,
) -> Reading:
    return Reading(
        media_type=document.media_type,
        reader=document.reader,
        reader_version=document.reader_version,
        extractor_version=extractor_version(),
        encoding=document.encoding,
        header=header,
        form=document.form,
        identity_votes=voted,
        outline=outline,
        observations=tuple(observations),
        findings=(
            *document.findings,
            *_file_findings(header, observations, catalogue),
            *findings,
            *_review_findings(observations),
            *_repair_findings(observations),
        ),
    )


def _file_findings(header: Header, observations: list[Observation], catalogue: Catalogue) -> list[Finding]:
    """Return what the file as a whole lacks: a number, the right type, figures."""
    findings: list[Finding] = []
    if header.is_draft:
        lacking = ["số văn bản"] if header.number is None else ["chữ ký"]
        if header.issued_on is None:
            lacking.append("ngày ban hành")
        findings.append(Finding("file_draft", observed=" và ".join(lacking)))
    if header.document_type not in _REPORTS:
        findings.append(Finding("file_not_report", observed=TYPES_VI[header.document_type]))
    elif not any(_is_figure(observation, catalogue) for observation in observations):
        findings.append(Finding("file_no_figures"))
    return findings


def _is_figure(observation: Observation, catalogue: Catalogue) -> bool:
    """Tell whether an observation is a figure and not a mere yes or no."""
    return observation.status != "rejected" and catalogue.indicator[observation.indicator].kind != "flag"


def _review_findings(observations: list[Observation]) -> list[Finding]:
    """Return a finding for each narrative figure that waits for a person; form cells have their own findings."""
    return [
        Finding("value_in_review", one.address, one.indicator, observed=_seen(one))
        for one in observations
        if one.status == "review" and one.method != "form"
    ]


def _repair_findings(observations: list[Observation]) -> list[Finding]:
    """Return a finding for each narrative figure that was read from letters, such as ``3Q0`` for 300."""
    findings: list[Finding] = []
    for one in observations:
        if one.method == "form" or one.status == "rejected":
            continue
        figures = {one.value, one.low, one.high, one.numerator, one.denominator}
        findings += [
            Finding("value_repaired", one.address, one.indicator, numeral.text, expected=_seen(one))
            for numeral in find_numerals(one.quote)
            if numeral.repaired and figures & {numeral.low, numeral.high, numeral.whole} - {None}
        ]
    return findings


def _seen(observation: Observation) -> str:
    ends = [observation.value] if observation.value is not None else [observation.low, observation.high]
    return "–".join(f"{end:.10g}".replace(".", ",") for end in ends if end is not None)
