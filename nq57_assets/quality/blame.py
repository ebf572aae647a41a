"""Which of several findings on one fault to keep: a commune should read one sentence about it, at the right figure.

Belongs here: telling a fault from its consequences, and the figure at fault from the ones beside it. Does not belong:
finding faults (``validate``), wording (``messages``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nq57_assets.catalogue import Catalogue, Rule
from nq57_assets.quality.frames import REPORTED, Context

if TYPE_CHECKING:
    import pandas as pd

# Categories whose findings already say why a required figure is absent.
_EXPLAINED = frozenset({"value", "across_tables"})
# Categories that compare figures: what a file of another commune or round holds need not fit anything here, and a figure
# that is known to be wrong need not fit other figures.
_COMPARISONS = frozenset({"record", "across_tables", "across_submissions", "over_time"})
_WRONG = frozenset({"error", "critical"})
# Rules of a whole report without figures: one finding says it, not one for each indicator.
_EMPTY_REPORT = "file_no_figures"
_MISSING = "value_missing"


def confirmed_figures(context: Context, catalogue: Catalogue) -> set[tuple[str, str]]:
    """Return (commune, indicator) of the figures that another round of the same year gives alike, within one percent."""
    if context.resolved is None or context.others is None:
        return set()
    year = catalogue.round[context.round_id].period_to.year
    rounds = {r.round_id for r in catalogue.rounds if r.period_to.year == year}
    here, there = _exact(context.resolved), _exact(context.others[context.others["round_id"].isin(rounds)])
    both = here.merge(there, on=["commune_code", "indicator"], suffixes=("", "_there"))
    alike = (both["value"] - both["value_there"]).abs() <= 0.01 * both["value"].abs()
    return set(zip(both.loc[alike, "commune_code"], both.loc[alike, "indicator"], strict=True))


def _exact(resolved: pd.DataFrame) -> pd.DataFrame:
    rows = resolved.loc[resolved["state"].isin(REPORTED) & (resolved["qualifier"] == "exact")]
    return rows[["commune_code", "indicator", "value"]].astype({"value": "float64"})


def without_explained(rows: list[dict[str, Any]], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Drop findings that only repeat the consequence of another one.

    A missing figure whose cell is already faulted is not missing as well, a figure that is known to be wrong need not
    agree with another round, and the figures of a file that is held back as a whole need not fit anything.
    """
    empty = {row["commune_code"] for row in rows if row["rule"] == _EMPTY_REPORT}
    held_files = set(catalogue.settings["withhold_file_rules"])
    held = {row["sha256"] for row in rows if row["rule"] in held_files}
    told, wrong = set(), set()
    for row in rows:
        rule, figure = catalogue.rule[row["rule"]], (row["commune_code"], row["indicator"])
        if rule.category in _EXPLAINED and row["rule"] != _MISSING:
            told.add(figure)
        if rule.severity in _WRONG and row["part_of"] is None:
            wrong.add(figure)

    def explained(row: dict[str, Any]) -> bool:
        figure = (row["commune_code"], row["indicator"])
        if row["rule"] == _MISSING:
            return row["commune_code"] in empty or figure in told or figure in wrong
        rule = catalogue.rule[row["rule"]]
        if not _compares(rule) or row["indicator"] is None:
            return False
        return row["sha256"] in held or (
            rule.severity not in _WRONG and row["part_of"] is None and figure in wrong
        )

    return [row for row in rows if not explained(row)]


def without_consequences(rows: list[dict[str, Any]], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Drop warnings that compare a figure which, now that blame is settled, is known to be wrong.

    Figures that break a rule together stay: the other one of them would stand alone without its reason.
    """
    wrong = {
        _figure(row) for row in rows if catalogue.rule[row["rule"]].severity in _WRONG and row["indicator"]
    }

    def follows(row: dict[str, Any]) -> bool:
        rule = catalogue.rule[row["rule"]]
        return (
            _compares(rule)
            and rule.severity not in _WRONG
            and row["part_of"] is None
            and _figure(row) in wrong
        )

    return [row for row in rows if not follows(row)]


def _compares(rule: Rule) -> bool:
    """Whether a rule compares figures; what the review files about a ruling is no comparison and always stays."""
    return rule.category in _COMPARISONS and rule.check is not None


def without_blameless(
    rows: list[dict[str, Any]], confirmed: set[tuple[str, str]], catalogue: Catalogue
) -> list[dict[str, Any]]:
    """Where figures break a rule together, keep the findings on those that can be at fault.

    A count of ten times too many breaks the rule "trained ≤ members", but the members are right and must be published.
    A figure that is wrong by itself takes the blame alone; else a figure that another report of the year confirms is
    out of it, as long as some other one is not confirmed; else all of them stay. Rules are judged in the order of the
    rule book: what one has found explains the later ones.

    Args:
        rows: Findings with ``rule``, ``commune_code``, ``indicator`` and ``part_of``.
        confirmed: Pairs of commune and indicator, from ``confirmed_figures``.
        catalogue: The rule book.
    """
    severe = {code for code, rule in catalogue.rule.items() if rule.severity in _WRONG}
    guilty = {_figure(row) for row in rows if row["part_of"] is None and row["rule"] in severe}
    cases: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        if row["part_of"] is not None:
            cases.setdefault((row["rule"], row["commune_code"], row["part_of"]), []).append(row)
    kept = [row for row in rows if row["part_of"] is None]
    order = {code: position for position, code in enumerate(catalogue.rule)}
    for key in sorted(cases, key=lambda case: order[case[0]]):
        members = cases[key]
        wrong_anyway = [row for row in members if _figure(row) in guilty]
        unconfirmed = [row for row in members if _figure(row) not in confirmed]
        blamed = wrong_anyway or unconfirmed or members
        kept += blamed
        if key[0] in severe:
            guilty |= {_figure(row) for row in blamed}
    return kept


def _figure(row: dict[str, Any]) -> tuple[str | None, str | None]:
    return row["commune_code"], row["indicator"]
