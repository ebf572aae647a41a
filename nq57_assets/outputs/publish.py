"""All outputs of a published mart, where people find them: ``data/outputs/``.

Belongs here: which files there are and where. Does not belong: what they hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from nq57_assets.catalogue import Catalogue
from nq57_assets.folders import DataDir
from nq57_assets.mart.open import open_mart
from nq57_assets.outputs.kept import Write, write_if_new

ANNEX, REPORT, DASHBOARD, EXPORTS = (
    "phu-luc-tong-hop.xlsx",
    "bao-cao-du-thao.docx",
    "bang-dieu-khien.html",
    "exports",
)


def write_annexes(data: DataDir, catalogue: Catalogue) -> list[Path]:
    """Write the consolidated workbook of each round that the mart has figures of."""
    from nq57_assets.outputs.annex import write_annex
    from nq57_assets.outputs.figures import rounds_with_figures

    with closing(open_mart(data.mart / "nq57.duckdb")) as mart:
        rounds = [round_.round_id for round_ in rounds_with_figures(mart)]
        return [write_annex(mart, r, data.outputs / r / ANNEX, catalogue) for r in rounds]


def write_reports(data: DataDir, catalogue: Catalogue) -> list[Path]:
    """Write the report draft of each round that the mart has figures of."""
    from nq57_assets.outputs.figures import rounds_with_figures
    from nq57_assets.outputs.report import write_report

    with closing(open_mart(data.mart / "nq57.duckdb")) as mart:
        rounds = [round_.round_id for round_ in rounds_with_figures(mart)]
        return [write_report(mart, r, data.outputs / r / REPORT, catalogue) for r in rounds]


def write_page(data: DataDir, catalogue: Catalogue) -> list[Path]:
    """Write the dashboard over all rounds."""
    from nq57_assets.outputs.dashboard import write_dashboard

    with closing(open_mart(data.mart / "nq57.duckdb")) as mart:
        return [write_dashboard(mart, data.outputs / DASHBOARD, catalogue)]


def write_open_data(data: DataDir, catalogue: Catalogue) -> list[Path]:
    """Write the tables in open formats."""
    from nq57_assets.outputs.exports import write_exports

    with closing(open_mart(data.mart / "nq57.duckdb")) as mart:
        return write_exports(mart, data.outputs / EXPORTS, catalogue)


OUTPUTS: Mapping[str, Write] = {
    "annex": write_annexes,
    "report": write_reports,
    "dashboard": write_page,
    "exports": write_open_data,
}


def write_output(name: str, data: DataDir, catalogue: Catalogue) -> list[Path]:
    """Write one of ``OUTPUTS`` from the current generation of the mart, if its files do not stand already.

    Raises:
        FileNotFoundError: Nothing has been published yet.
    """
    return write_if_new(data, catalogue, name, OUTPUTS[name])


def write_all(data: DataDir, catalogue: Catalogue) -> list[Path]:
    """Write everything that people read, from the current generation of the mart.

    Raises:
        FileNotFoundError: Nothing has been published yet.
    """
    return [path for name in OUTPUTS for path in write_output(name, data, catalogue)]
