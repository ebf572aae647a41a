"""How a trace is written for a terminal: the figure, then one line a value.

Belongs here: the lines. Does not belong: what is proven (``trace``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nq57_assets.trace import Link


def figure_lines(figure: Mapping[str, Any]) -> list[str]:
    """Return a city figure, its coverage and the share of it that a second statement bears out."""
    amount = _amount(figure["value"], figure["low"], figure["high"])
    scope = "the city" if figure["scope"] == "city" else f"{figure['scope']} {figure['scope_key']}"
    first = f"Published for {scope}: {amount} {figure['unit']}"
    if figure["state"] == "withheld":
        first = f"Withheld for {scope}: {figure['reason']}"
    lines = [
        first,
        f"{figure['reported']} of {figure['expected']} communes, {100 * figure['coverage_weighted']:.1f} % by "
        f"{figure['coverage_weight']}; {figure['missing']} missing, {figure['in_review']} in review, "
        f"{figure['conflict']} in conflict, {figure['withheld']} withheld",
    ]
    if figure["witnessed_share"] is not None:
        share = 100 * figure["witnessed_share"]
        lines.append(f"{figure['witnessed']} communes, {share:.1f} % of the figure, have a second witness")
    return lines


def _amount(value: float | None, low: float | None, high: float | None) -> str:
    if low is not None and high is not None and low != high:
        return f"{low:,.10g} to {high:,.10g}"
    if low is None and high is None:
        return "?" if value is None else f"{value:,.10g}"
    if high is None:
        return f"at least {low:,.10g}"
    return f"at most {high:,.10g}" if low is None else f"{high:,.10g}"


def link_line(link: Link, indicator: str) -> str:
    """Return one commune's value with its proof, and the flaw if there is one."""
    mark = "✘" if link.flaw else "✔"
    what = "" if link.indicator == indicator else f" {link.role} {link.indicator}"
    amount = "nil" if link.state == "nil" else _amount(link.value, link.low, link.high)
    line = f"{mark} {link.commune_code} {link.commune}{what}: {amount}"
    if link.decision_id:
        line += f" by decision {link.decision_id}"
    if link.sha256:
        paper = f" ({link.document})" if link.document else ""
        line += f" ← {link.original_name}{paper}, {link.place}: “{link.quote}” [{link.sha256[:12]}]"
    if link.bundle_sha256:
        line += f" of the bundle [{link.bundle_sha256[:12]}]"
    return f"{line}\n    {link.flaw}" if link.flaw else line
