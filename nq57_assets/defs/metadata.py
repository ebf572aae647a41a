"""Metadata for the Dagster UI: column schemas from the catalogue, row counts, previews and small charts."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import dagster as dg

from nq57_assets.catalogue import Table

_BAR_HEIGHT = 18
_PREVIEW_ROWS = 8
_PREVIEW_WIDTH = 48


def column_schema(table: Table) -> dg.TableSchema:
    """Return a table's columns with their Vietnamese and English comments."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                column.type,
                description=f"{column.vi}. {column.en}.",
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=False),
            )
            for column in table.columns
        ]
    )


def preview(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> dg.MarkdownMetadataValue:
    """Return the first rows as a Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    for number, row in enumerate(rows):
        if number == _PREVIEW_ROWS:
            break
        lines.append("| " + " | ".join(_cell(value) for value in row) + " |")
    return dg.MetadataValue.md("\n".join(lines))


def _cell(value: Any) -> str:
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    text = text.replace("|", "¦").replace("\n", " ")
    return text if len(text) <= _PREVIEW_WIDTH else text[: _PREVIEW_WIDTH - 1] + "…"


def bars(title: str, shares: Mapping[str, float]) -> dg.MarkdownMetadataValue:
    """Return a small bar chart of shares from 0 to 1, as an image that the UI shows inline."""
    height = _BAR_HEIGHT * (len(shares) + 1) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="520" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="520" height="{height}" fill="#ffffff"/><text x="6" y="15" font-weight="bold">{escape(title)}</text>',
    ]
    for number, (label, share) in enumerate(shares.items(), 1):
        y = _BAR_HEIGHT * number + 6
        width = round(260 * max(0.0, min(1.0, share)))
        parts.append(f'<text x="6" y="{y + 12}">{escape(label)}</text>')
        parts.append(f'<rect x="190" y="{y + 2}" width="260" height="12" fill="#e8ecf2"/>')
        parts.append(f'<rect x="190" y="{y + 2}" width="{width}" height="12" fill="#2f6db5"/>')
        parts.append(f'<text x="458" y="{y + 12}">{_percent(share)}</text>')
    parts.append("</svg>")
    image = base64.b64encode("".join(parts).encode()).decode()
    return dg.MetadataValue.md(f"![{title}](data:image/svg+xml;base64,{image})")


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".replace(".", ",") + " %"
