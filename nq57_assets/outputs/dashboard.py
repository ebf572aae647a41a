"""The dashboard: one self-contained HTML file over all rounds of the mart, for a browser without any network.

Belongs here: putting page, style, code and data into one file. Does not belong: the queries (``dashboard_data``), the page
itself (``dashboard_page/``).
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import write_durably
from nq57_assets.outputs.dashboard_data import dashboard_data

_PAGE = files("nq57_assets") / "outputs" / "dashboard_page"
_SCRIPTS = (
    "vendor/d3.min.js",
    "vendor/plot.min.js",
    "data.js",
    "charts.js",
    "map.js",
    "said.js",
    "commune.js",
    "page.js",
)


def write_dashboard(mart: duckdb.DuckDBPyConnection, path: Path, catalogue: Catalogue) -> Path:
    """Write the dashboard over all rounds of the mart, whole or not at all.

    Args:
        mart: An open mart.
        path: The HTML file; its folder is made.
        catalogue: The rule book, for the names of rules.
    """
    page = render(dashboard_data(mart, catalogue))
    write_durably(path, page.encode())
    return path


def render(data: dict[str, Any]) -> str:
    """Return the page with its data; nothing in the data can end the element that holds it."""
    scripts = "\n".join(f"<script>{_text(name)}</script>" for name in _SCRIPTS)
    # The data comes last: a submitted text that looks like a place holder stays a text.
    parts = {"style": _text("style.css"), "scripts": scripts, "data": embedded(data)}
    page = _text("page.html")
    for name, content in parts.items():
        page = page.replace(f"{{{{{name}}}}}", content, 1)
    return page


def embedded(data: dict[str, Any]) -> str:
    """Return data as JSON without any character that HTML could take for markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _text(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")
