"""A report of a few lines, read for its figures: the shortest way from words to observations.

It is read by words and structure alone; what the second reading makes of figures is tested apart, on whole documents.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from nq57_assets.catalogue import Catalogue, catalogue
from nq57_assets.extract.observe import observe
from nq57_assets.extract.outline import read_outline
from nq57_assets.model import Address, Block, Document, DocumentType, Header, Observation


@cache
def first_reading() -> Catalogue:
    """Return the catalogue with the second reading switched off."""
    return replace(catalogue(), settings={**catalogue().settings, "second_reading": False})


def figures(text: str, document_type: DocumentType = "report", year: int = 2025) -> list[Observation]:
    """Return what is read from the lines of a report issued in December of ``year``."""
    blocks = tuple(Block(line, Address(line=number)) for number, line in enumerate(text.split("\n"), 1))
    document = Document("text/plain", "text", "1", blocks)
    header = Header(document_type=document_type, issued_year=year, issued_month=12)
    return observe(document, header, read_outline(document), first_reading())


def accepted(text: str, **kwargs: object) -> list[tuple[str, float | None]]:
    """Return (indicator, value) of the accepted figures."""
    return [(o.indicator, o.value) for o in figures(text, **kwargs) if o.status == "accepted"]  # type: ignore[arg-type]
