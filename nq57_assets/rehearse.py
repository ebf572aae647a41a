"""Replays one rule over every round in the lake and says what it would find, before it is switched on.

Belongs here: running a rule alone and comparing with what is published. Does not belong: what a rule means (``quality``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue, CatalogueError, Rule, read_rules
from nq57_assets.messages import message
from nq57_assets.model import Finding
from nq57_assets.project import Project, other_rounds
from nq57_assets.quality.kinds import Copied, Structure
from nq57_assets.quality.rules import checked_rules

_LISTED = 15
_BLOCKING = ("error", "critical")


@dataclass(frozen=True)
class Hit:
    """One place that the rule would find fault with; ``published`` says that the figure is published today."""

    round_id: str
    commune_code: str | None
    indicator: str | None
    words: str
    published: bool


@dataclass(frozen=True)
class Rehearsal:
    """What a rule would find.

    Attributes:
        rule: The rule as rehearsed.
        rounds: Rounds in the lake, with the number of values that are published in each.
        hits: Everything that it finds, before other findings explain some of it away.
        before: Number of findings that the rule has in the lake today, by round.
    """

    rule: Rule
    rounds: dict[str, int]
    hits: tuple[Hit, ...]
    before: dict[str, int]

    def render(self, catalogue: Catalogue) -> str:
        """Return the hits by round and commune as lines for a terminal."""
        keeps = self.rule.severity in _BLOCKING
        lines = [f"{self.rule.code} ({self.rule.severity}): {self.rule.title_vi} / {self.rule.title_en}"]
        if not self.rounds:
            lines.append("The lake is empty; run `nq57 run` first.")
        for round_id, values in self.rounds.items():
            mine = [hit for hit in self.hits if hit.round_id == round_id]
            published = sum(hit.published for hit in mine)
            share = 100 * published / values if values else 0
            effect = "would be withheld" if keeps else "would be marked"
            lines.append(
                f"{round_id}: {len(mine)} hits (today {self.before.get(round_id, 0)} findings); "
                f"{published} published figures {effect}, {share:.2f} % of {values}"
            )
            lines += _by_commune(mine, catalogue)
        return "\n".join(lines)


def _by_commune(hits: list[Hit], catalogue: Catalogue) -> list[str]:
    counts = Counter(hit.commune_code for hit in hits)
    first = {hit.commune_code: hit.words for hit in reversed(hits)}
    lines = []
    for code, number in counts.most_common(_LISTED):
        commune = catalogue.commune.get(code or "")
        lines.append(f"  {code or '?'} {commune.full_name if commune else ''}: {number}, {first[code]}")
    if len(counts) > _LISTED:
        lines.append(f"  … and {len(counts) - _LISTED} more communes")
    return lines


def rehearse(project: Project, code: str, rules_file: Path | None = None) -> Rehearsal:
    """Replay a rule over every round in the lake.

    Args:
        project: Where.
        code: The rule.
        rules_file: A YAML file with the rule as it would be, in the form of ``rules.yaml``; None takes the rule book.

    Raises:
        CatalogueError: There is no such rule, or it is wrong; the message names file and key.
    """
    book = {rule.code: rule for rule in read_rules(rules_file)} if rules_file else project.catalogue.rule
    if code not in book:
        raise CatalogueError(f"{rules_file or 'reference/rules.yaml'}: {code!r} is no rule there")
    rule = book[code].model_copy(update={"enabled": True})
    known = project.catalogue
    # Beside the rule: the shapes, without which nothing is checked, and the rule on copies, which sets files aside.
    beside = {c.rule.code for c in checked_rules(known) if isinstance(c.check, Structure | Copied)} - {code}
    alone = replace(known, rules=(*(r for r in known.rules if r.code in beside), rule))
    rounds = project.lake.rounds("core/resolved")
    hits, before, values = [], {}, {}
    for round_id in rounds:
        published = {
            (row["commune_code"], row["indicator"])
            for row in project.lake.arrow("core/values", [round_id]).to_pylist()
            if row["state"] in ("reported", "nil")
        }
        values[round_id] = len(published)
        present = project.lake.arrow("core/findings", [round_id]).to_pylist()
        before[round_id] = sum(row["rule"] == code for row in present)
        found = _violations(project, alone, rule, round_id) if rule.check else _filed(present, code)
        hits += [_hit(row, round_id, alone, rule, published) for row in found]
    return Rehearsal(rule, values, tuple(hits), before)


def _violations(project: Project, alone: Catalogue, rule: Rule, round_id: str) -> list[dict[str, Any]]:
    from nq57_assets.quality.frames import Context
    from nq57_assets.quality.validate import validate

    table = next(c.table for c in checked_rules(alone) if c.rule.code == rule.code)
    if table is None:
        raise CatalogueError(
            f"{rule.code}: the shape of tables is checked in every run and can't be rehearsed"
        )
    read = project.lake.frame
    context = Context(
        round_id,
        submissions=read("raw/submissions", [round_id]),
        observations=read("core/observations", [round_id]),
        resolved=read("core/resolved", [round_id]),
        others=read("core/resolved", other_rounds(project, round_id)),
        documents=read("staged/documents", [round_id]),
    )
    violations = validate(table, read(table, [round_id]), alone, context).violations
    broken = violations.loc[violations["rule"] == rule.code]
    return [{str(name): value for name, value in row.items()} for row in broken.to_dict("records")]


def _filed(present: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    """Return what a rule without a check finds: readers and the register file it, so a rehearsal finds what they did."""
    return [{**row, "part_of": None} for row in present if row["rule"] == code]


def _hit(
    row: dict[str, Any], round_id: str, alone: Catalogue, rule: Rule, published: set[tuple[str, str]]
) -> Hit:
    finding = Finding(
        rule.code,
        indicator=row["part_of"] or row["indicator"],
        observed=row["observed"],
        expected=row["expected"],
    )
    words, _ = message(finding, alone)
    commune, indicator = row["commune_code"], row["indicator"]
    return Hit(round_id, commune, indicator, words, (commune, indicator) in published)
