"""What is true of a document: its header, its figures and its flags, as a person noted them.

Two layouts are read. In the corpus layout every ``NAME.txt`` (or pdf, docx, xlsx) has a ``NAME.truth.yaml``
beside it, or in the folder ``truth`` next to its own folder, so that the clean text and its OCR readings share
one truth. In the gold layout a folder holds ``submissions/`` and ``gold/{headers,quantities,facts}.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from nq57_assets.catalogue import Catalogue
from nq57_assets.model import Addressee, Qualifier, StatementKind

DOCUMENT_SUFFIXES = frozenset({".txt", ".pdf", ".docx", ".xlsx"})
HEADER_FIELDS = (
    "commune_code", "document_type", "number", "symbol", "issued_on",
    "issued_year", "issued_month", "is_draft", "references",
)  # fmt: skip
_FIGURE_FIELDS = frozenset(
    {
        "indicator",
        "value",
        "low",
        "high",
        "qualifier",
        "numerator",
        "denominator",
        "line",
        "detail",
        "note",
        "illegible",
    }
)


class TruthError(ValueError):
    """A truth file has a mistake; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class TrueFigure:
    """One figure that the document claims, bounds filled in as an observation's are.

    Attributes:
        indicator: Code of the catalogue.
        value: The number as written; None for a range; 1 or 0 for a flag.
        low: Smallest figure that the words allow; None is open below.
        high: Largest figure that the words allow; None is open above.
        qualifier: How the words bound the figure.
        numerator: Part of an ``a/b`` figure.
        denominator: Whole of an ``a/b`` figure.
        line: Line of the clean text, from 1, where the figure stands.
        detail: Words that the figure can't hold, such as a plan's own number.
        illegible: Channels whose reading lost or changed the figure's digits, so that nobody could read it there.
    """

    indicator: str
    value: float | None
    low: float | None
    high: float | None
    qualifier: Qualifier
    numerator: float | None = None
    denominator: float | None = None
    line: int | None = None
    detail: str | None = None
    illegible: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return e.g. ``media_posts = over 150``."""
        if self.value is None:
            return f"{self.indicator} = {self.low:g}-{self.high:g}"
        mark = "" if self.qualifier == "exact" else f"{self.qualifier} "
        parts = (
            f" ({self.numerator:g}/{self.denominator:g})"
            if self.numerator is not None and self.denominator
            else ""
        )
        return f"{self.indicator} = {mark}{self.value:g}{parts}"


@dataclass(frozen=True, slots=True)
class TrueStatement:
    """One difficulty, cause or recommendation; ``text`` is its end, enough to know it again."""

    kind: StatementKind
    addressee: Addressee | None
    themes: tuple[str, ...]
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """What one truth file says; ``statements`` is None where nobody has read the document for them."""

    header: dict[str, Any]
    figures: tuple[TrueFigure, ...]
    statements: tuple[TrueStatement, ...] | None = None


@dataclass(frozen=True, slots=True)
class TrueDocument:
    """One document with its truth; ``header`` holds the stated fields alone, None where the paper shows none."""

    path: Path
    channel: str
    header: dict[str, Any]
    figures: tuple[TrueFigure, ...]
    statements: tuple[TrueStatement, ...] | None = None


def find_documents(folder: Path, catalogue: Catalogue, supplement: Path | None = None) -> list[TrueDocument]:
    """Return every document under ``folder`` that has a truth, in the order of its path.

    Args:
        folder: A corpus of documents and truth files, or a folder with ``gold/`` and ``submissions/``.
        catalogue: The indicators that a truth may name.
        supplement: True figures that the gold's own list leaves out, in the columns of ``quantities.csv``.

    Raises:
        TruthError: There is no truth at all, or one has a mistake.
    """
    if (folder / "gold" / "quantities.csv").is_file():
        found = list(_gold_documents(folder, catalogue, supplement))
    else:
        found = list(_corpus_documents(folder, catalogue))
    if not found:
        raise TruthError(f"{folder}: no document has a truth file; put NAME.truth.yaml beside NAME.txt")
    return found


def _corpus_documents(folder: Path, catalogue: Catalogue) -> Iterator[TrueDocument]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in DOCUMENT_SUFFIXES:
            continue
        name = f"{path.stem}.truth.yaml"
        for truth in (path.with_name(name), path.parent.parent / "truth" / name):
            if truth.is_file():
                stated = load_truth(truth, catalogue)
                channel = path.parent.name if path.parent != folder else "."
                yield TrueDocument(path, channel, stated.header, stated.figures, stated.statements)
                break


def load_truth(path: Path, catalogue: Catalogue) -> Truth:
    """Read one ``NAME.truth.yaml``.

    Returns:
        The stated header fields, the figures, flags among them as 1 or 0, and the statements.

    Raises:
        TruthError: A key is unknown or a value of the wrong kind; the message names file and key.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(content, dict):
        raise TruthError(f"{path.name}: the whole file: is no mapping")
    unknown = content.keys() - {"header", "figures", "flags", "statements"}
    if unknown:
        raise TruthError(f"{path.name}: {min(unknown)}: is no part of a truth file")
    header = content.get("header") or {}
    strange = header.keys() - set(HEADER_FIELDS)
    if strange:
        raise TruthError(f"{path.name}: header.{min(strange)}: is no header field")
    figures = [
        _figure(path.name, index, fields, catalogue)
        for index, fields in enumerate(content.get("figures") or [])
    ]
    flags = [
        _flag(path.name, code, fields, catalogue) for code, fields in (content.get("flags") or {}).items()
    ]
    if "issued_on" in header:
        header = {**header, "issued_on": _iso(header["issued_on"])}
    statements = None
    if "statements" in content:
        listed = content["statements"] or []
        statements = tuple(_statement(path.name, i, one, catalogue) for i, one in enumerate(listed))
    return Truth(header, (*figures, *flags), statements)


def _statement(file: str, index: int, fields: dict[str, Any], catalogue: Catalogue) -> TrueStatement:
    place = f"{file}: statements[{index}]"
    kind, addressee = fields.get("kind"), fields.get("addressee")
    themes = tuple(fields.get("themes") or ())
    if kind not in get_args(StatementKind):
        raise TruthError(f"{place}.kind: {kind!r} is no kind of statement")
    if (kind == "recommendation") != (addressee in get_args(Addressee)):
        raise TruthError(f"{place}.addressee: a recommendation has one, the other kinds have none")
    if not themes or set(themes) - catalogue.statements["themes"].keys():
        raise TruthError(f"{place}.themes: wants themes of reference/statements.yaml")
    return TrueStatement(
        cast(StatementKind, kind), addressee, themes, str(fields.get("text") or ""), fields.get("line")
    )


def _iso(value: object) -> str | None:
    return None if value in (None, "") else str(value)


def _figure(file: str, index: int, fields: dict[str, Any], catalogue: Catalogue) -> TrueFigure:
    place = f"{file}: figures[{index}]"
    strange = fields.keys() - _FIGURE_FIELDS
    if strange:
        raise TruthError(f"{place}.{min(strange)}: is no part of a figure")
    code = str(fields.get("indicator"))
    if code not in catalogue.indicator:
        raise TruthError(f"{place}.indicator: {code!r} is no indicator of the catalogue")
    try:
        numbers = {
            key: None if fields.get(key) in (None, "") else float(fields[key])
            for key in ("value", "low", "high", "numerator", "denominator")
        }
        return make_figure(
            code,
            str(fields.get("qualifier") or "exact"),
            line=fields.get("line"),
            detail=fields.get("detail"),
            illegible=tuple(fields.get("illegible") or ()),
            **numbers,
        )
    except (TypeError, ValueError) as error:
        raise TruthError(f"{place}: {error}") from None


def _flag(file: str, code: str, fields: Any, catalogue: Catalogue) -> TrueFigure:
    if code not in catalogue.indicator or catalogue.indicator[code].kind != "flag":
        raise TruthError(f"{file}: flags.{code}: is no flag of the catalogue")
    stated = fields if isinstance(fields, dict) else {"value": fields}
    if not isinstance(stated.get("value"), bool):
        raise TruthError(f"{file}: flags.{code}: wants true or false (seen: {stated.get('value')!r})")
    value = float(stated["value"])
    return make_figure(code, "exact", value=value, line=stated.get("line"), detail=stated.get("detail"))


def make_figure(
    indicator: str,
    qualifier: str,
    *,
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    numerator: float | None = None,
    denominator: float | None = None,
    line: int | None = None,
    detail: str | None = None,
    illegible: tuple[str, ...] = (),
) -> TrueFigure:
    """Return a figure whose bounds follow from its qualifier.

    Raises:
        ValueError: The qualifier is unknown, or value and bounds do not go with it.
    """
    if qualifier not in get_args(Qualifier):
        raise ValueError(f"qualifier {qualifier!r} is none of {', '.join(get_args(Qualifier))}")
    if qualifier == "range":
        if value is not None or low is None or high is None or low >= high:
            raise ValueError("a range has no value and low < high")
    elif value is None:
        raise ValueError("value is missing")
    else:
        low = None if qualifier == "under" else value
        high = None if qualifier == "over" else value
    bounded = cast(Qualifier, qualifier)
    return TrueFigure(indicator, value, low, high, bounded, numerator, denominator, line, detail, illegible)


def _gold_documents(folder: Path, catalogue: Catalogue, supplement: Path | None) -> Iterator[TrueDocument]:
    gold = folder / "gold"
    figures: dict[str, list[TrueFigure]] = {}
    listed = _rows(gold / "quantities.csv") + (_rows(supplement) if supplement else [])
    for row in listed:
        value, low, high, part, whole = (
            _number(row[key]) for key in ("value", "low", "high", "numerator", "denominator")
        )
        figure = make_figure(
            row["indicator"],
            row["qualifier"],
            value=value,
            low=low,
            high=high,
            numerator=part,
            denominator=whole,
            line=int(row["line"]),
        )
        figures.setdefault(row["document"], []).append(figure)
    for row in _rows(gold / "facts.csv"):
        stated = row["value"]
        value = float(stated != "false")
        detail = None if stated in ("true", "false") else stated
        fact = make_figure(row["indicator"], "exact", value=value, line=int(row["line"]), detail=detail)
        figures.setdefault(row["document"], []).append(fact)
    for row in _rows(gold / "headers.csv"):
        header: dict[str, Any] = {
            "commune_code": row["commune_code"] or None,
            "document_type": row["document_type"],
            "number": row["number"] or None,
            "symbol": row["symbol"] or None,
            "issued_on": row["issued_on"] or None,
            "issued_year": int(row["issued_year"]) if row["issued_year"] else None,
            "issued_month": int(row["issued_month"]) if row["issued_month"] else None,
            "references": [reference for reference in row["references"].split(";") if reference],
        }
        path = folder / "submissions" / row["document"]
        for figure in figures.get(row["document"], []):
            if figure.indicator not in catalogue.indicator:
                raise TruthError(
                    f"gold: {row['document']}: {figure.indicator!r} is no indicator of the catalogue"
                )
        yield TrueDocument(path, "submissions", header, tuple(figures.get(row["document"], [])))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _number(text: str) -> float | None:
    return float(text) if text else None
