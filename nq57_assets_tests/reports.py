"""A report of a few lines, read for its figures: the shortest way from words to observations."""

from __future__ import annotations

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.observe import observe
from nq57_assets.extract.outline import read_outline
from nq57_assets.model import Address, Block, Document, DocumentType, Header, Observation


def figures(text: str, document_type: DocumentType = "report", year: int = 2025) -> list[Observation]:
    """Return what is read from the lines of a report issued in December of ``year``."""
    blocks = tuple(Block(line, Address(line=number)) for number, line in enumerate(text.split("\n"), 1))
    document = Document("text/plain", "text", "1", blocks)
    header = Header(document_type=document_type, issued_year=year, issued_month=12)
    return observe(document, header, read_outline(document), catalogue())


def accepted(text: str, **kwargs: object) -> list[tuple[str, float | None]]:
    """Return (indicator, value) of the accepted figures."""
    return [(o.indicator, o.value) for o in figures(text, **kwargs) if o.status == "accepted"]  # type: ignore[arg-type]
