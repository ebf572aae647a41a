"""Observations from the answers of a form: typed values, numbers written as text, nil choices.

Belongs here: what one answered cell claims, and what is wrong with it in itself. Does not belong: finding the cells
(``readers``), bounds of indicators and rules between figures (``quality``).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nq57_assets.catalogue import Catalogue, Indicator
from nq57_assets.model import (
    Address,
    Document,
    Finding,
    FormCell,
    Observation,
    ObservationStatus,
    Qualifier,
)
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral, find_numerals

_BEFORE: dict[str, Qualifier] = {
    ">": "over", ">=": "over", "≥": "over", "hon": "over", "tren": "over", "ngoai": "over", "it nhat": "over",
    "<": "under", "<=": "under", "≤": "under", "gan": "under", "duoi": "under", "chua den": "under",
    "khong qua": "under", "khoang": "approx", "uoc": "approx", "uoc tinh": "approx", "xap xi": "approx",
    "chung": "approx", "~": "approx", "≈": "approx", "": "exact",
}  # fmt: skip
_AFTER: dict[str, Qualifier] = {"tro len": "over", "+": "over", "tro xuong": "under"}
_YES = {"co", "da co", "x", "1", "dung", "yes", "true", "v"}
_NO = {"khong", "chua", "chua co", "khong co", "0", "sai", "no", "false"}
_REPAIRED_CONFIDENCE = 0.6


@dataclass(frozen=True, slots=True)
class CellFigure:
    """What the text or number of one cell says; ``value`` is None for a range."""

    value: float | None
    low: float | None
    high: float | None
    qualifier: Qualifier = "exact"
    numerator: float | None = None
    denominator: float | None = None
    percent: bool = False
    repaired: bool = False
    unit: str = ""


def _squeezed(text: str) -> str:
    return " ".join(fold(unicodedata.normalize("NFKC", text)).strip(" .,;:()").split())


def _units(indicators: Iterable[Indicator]) -> set[str]:
    words = {unit for indicator in indicators for unit in (indicator.unit, *_spoken_units(indicator))}
    return {_squeezed(word) for word in words}


def _spoken_units(indicator: Indicator) -> tuple[str, ...]:
    return tuple(unit for phrase in indicator.words for unit in phrase.units)


def figure_of_number(value: float) -> CellFigure | None:
    """Return the figure of a typed cell; None for infinities and not-a-number."""
    if not math.isfinite(value):
        return None
    return CellFigure(float(value), float(value), float(value))


def figure_of_text(text: str) -> CellFigure | None:
    """Read a number that a person typed as text: ``1.440``, ``58 thôn``, ``>150``, ``khoảng 500``, ``5.010/5.092``.

    Returns None unless the whole text is one figure with an optional bound before or after it and a unit.
    """
    text = unicodedata.normalize("NFC", text).strip()
    figures = find_numerals(text)
    if len(figures) == 2 and figures[0].whole is not None and figures[1].percent:
        # "71/71 (100%)" says one thing twice.
        text, figures = text[: figures[0].end], figures[:1]
    if len(figures) != 1 or figures[0].kind != "figure":
        return None
    numeral = figures[0]
    negative = text[: numeral.start].rstrip().endswith(("-", "−"))
    before = _squeezed(text[: numeral.start].rstrip(" -−"))
    after = _squeezed(text[numeral.end :])
    qualifier = _BEFORE.get(before)
    for words, bound in _AFTER.items():
        if qualifier == "exact" and (after == words or after.endswith(f" {words}")):
            qualifier, after = bound, after.removesuffix(words).strip()
    if qualifier is None or any(character.isdigit() for character in after if character not in "23"):
        return None
    return _bounded(numeral, qualifier, after, -1.0 if negative else 1.0)


def _bounded(numeral: Numeral, qualifier: Qualifier, unit: str, sign: float) -> CellFigure:
    low, high = sign * numeral.low, sign * numeral.high
    figure = CellFigure(
        low, low, low, qualifier, percent=numeral.percent, repaired=numeral.repaired, unit=unit
    )
    if numeral.whole is not None:
        return replace(figure, numerator=low, denominator=numeral.whole)
    if numeral.is_range:
        return replace(figure, value=None, low=min(low, high), high=max(low, high), qualifier="range")
    if qualifier == "over":
        return replace(figure, high=None)
    if qualifier == "under":
        return replace(figure, low=None)
    return figure


def observe_form(document: Document, catalogue: Catalogue) -> tuple[list[Observation], list[Finding]]:
    """Return the claims of a form's cells and what is wrong with them.

    An observation whose cell broke a rule of severity error, here or in the reader, waits for review; a blank cell
    gives neither observation nor finding (what is asked depends on the round).
    """
    broken = {
        finding.indicator
        for finding in document.findings
        if finding.indicator and catalogue.rule[finding.rule].severity == "error"
    }
    shown = {block.address: block.text for block in document.blocks if block.address.cell}
    known_units = _units(catalogue.indicators)
    observations: list[Observation] = []
    findings: list[Finding] = []
    for cell in document.form_cells:
        indicator = catalogue.indicator[cell.indicator]
        seen = shown.get(cell.address) or _shown(cell)
        figure, wrong = _figure(cell, indicator, seen, known_units)
        if cell.value is None and cell.nil:
            figure = CellFigure(0.0, 0.0, 0.0)
        findings += wrong
        if figure is None:
            continue
        review = cell.indicator in broken or any(catalogue.rule[f.rule].severity == "error" for f in wrong)
        observations.append(_observation(cell, indicator, figure, seen, review))
    return observations, findings


def _shown(cell: FormCell) -> str:
    if cell.value is None:
        return "không phát sinh" if cell.nil else ""
    if isinstance(cell.value, float):
        return f"{cell.value:.15g}".replace(".", ",")
    return str(cell.value)


def _figure(
    cell: FormCell, indicator: Indicator, seen: str, known_units: set[str]
) -> tuple[CellFigure | None, list[Finding]]:
    """Return what one cell claims, and the rules that it breaks by itself."""
    value = cell.value
    if value is None:
        return None, []

    def broke(rule: str, expected: str | None = None) -> Finding:
        return Finding(rule, cell.address, cell.indicator, observed=seen, expected=expected)

    if indicator.kind == "flag":
        flag = _flag(value)
        return (CellFigure(flag, flag, flag), []) if flag is not None else (None, [broke("value_not_number")])
    figure = figure_of_text(value) if isinstance(value, str) else None
    if figure and figure.denominator is not None and indicator.roll_up not in ("ratio", "weighted"):
        figure = None  # "5/12" for a plain count is a date or two figures
    if isinstance(value, int | float) and not isinstance(value, bool):
        figure = figure_of_number(value)
    if figure is None:
        return None, [broke("value_not_number")]
    findings: list[Finding] = []
    if isinstance(value, str):
        findings.append(broke("value_text_number", _spoken(figure)))
        if figure.repaired:
            findings.append(broke("value_repaired", _spoken(figure)))
    findings += _unit_findings(cell, indicator, figure, known_units)
    if any(finding.rule == "value_not_number" for finding in findings):
        return None, findings
    figure = _in_unit(figure, indicator, cell)
    numbers = [number for number in (figure.value, figure.low, figure.high) if number is not None]
    if indicator.is_count and any(not number.is_integer() for number in numbers):
        findings.append(broke("value_not_whole"))
    if cell.nil and any(numbers):
        findings.append(broke("value_nil_and_figure"))
    return figure, findings


def _flag(value: str | float | bool) -> float | None:
    if isinstance(value, str):
        word = _squeezed(value)
        return 1.0 if word in _YES else 0.0 if word in _NO else None
    return float(value) if value in (0, 1) else None


def _unit_findings(
    cell: FormCell, indicator: Indicator, figure: CellFigure, known_units: set[str]
) -> list[Finding]:
    own = {_squeezed(unit) for unit in (indicator.unit, *_spoken_units(indicator))}

    def broke(rule: str, seen: str) -> Finding:
        return Finding(rule, cell.address, cell.indicator, observed=seen, expected=indicator.unit)

    if figure.unit and figure.unit not in own:
        if figure.unit in known_units:
            return [broke("value_unit", figure.unit)]
        return [broke("value_not_number", _shown(cell))]
    if figure.percent and indicator.unit != "%" and figure.denominator is None:
        return [broke("value_unit", "%")]
    if cell.unit and _squeezed(cell.unit) not in own:
        return [broke("value_unit", cell.unit)]
    return []


def _in_unit(figure: CellFigure, indicator: Indicator, cell: FormCell) -> CellFigure:
    """Bring ``a/b`` and the separate answer for the whole into the indicator's unit."""
    if figure.denominator is not None and indicator.unit == "%" and figure.denominator > 0:
        rate = 100.0 * (figure.numerator or 0.0) / figure.denominator
        return replace(figure, value=rate, low=rate, high=rate)
    whole = cell.denominator
    if isinstance(whole, str):
        parsed = figure_of_text(whole)
        whole = parsed.value if parsed else None
    if figure.denominator is not None or isinstance(whole, bool) or whole is None or figure.value is None:
        return figure
    part = figure.value if indicator.unit != "%" else figure.value * float(whole) / 100.0
    return replace(figure, numerator=part, denominator=float(whole))


def _spoken(figure: CellFigure) -> str:
    """Return the figure as a person writes it: ``1440``, ``>= 150``, ``125–130``."""

    def plain(number: float | None) -> str:
        return "" if number is None else f"{number:.10g}".replace(".", ",")

    if figure.denominator is not None:
        return f"{plain(figure.numerator)}/{plain(figure.denominator)}"
    if figure.qualifier == "range":
        return f"{plain(figure.low)}–{plain(figure.high)}"
    bounds = {"over": "từ ", "under": "đến ", "approx": "khoảng "}
    return bounds.get(figure.qualifier, "") + plain(figure.value) + ("%" if figure.percent else "")


def _observation(
    cell: FormCell, indicator: Indicator, figure: CellFigure, seen: str, review: bool
) -> Observation:
    status: ObservationStatus = "review" if review or figure.repaired else "accepted"
    return Observation(
        indicator=cell.indicator,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        qualifier=figure.qualifier,
        unit=indicator.unit,
        address=cell.address if cell.address else Address(),
        quote=seen,
        method="form",
        confidence=_REPAIRED_CONFIDENCE if figure.repaired else 1.0,
        status=status,
        numerator=figure.numerator,
        denominator=figure.denominator,
        nil=cell.nil and figure.value == 0,
        detail=None,
        why=f"mã {cell.indicator} trong biểu mẫu",
    )
