"""The typed catalogue: communes, rounds, indicators, rules and table shapes, read from ``reference/``.

Belongs here: loading and checking the reference data; a mistake raises ``CatalogueError`` naming file and key.
Does not belong: applying rules, matching text, any I/O outside the package data.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from nq57_assets.records import (
    COMMUNE_TYPES,
    REPORTS,
    Alias,
    Category,
    Citation,
    Column,
    Commune,
    CommuneType,
    Group,
    Indicator,
    Kind,
    Phrase,
    Record,
    Report,
    Round,
    Rule,
    RuleSeverity,
    Table,
    Theme,
)

__all__ = [
    "COMMUNE_TYPES",
    "REPORTS",
    "Alias",
    "Catalogue",
    "CatalogueError",
    "Category",
    "Citation",
    "Column",
    "Commune",
    "CommuneType",
    "Group",
    "Indicator",
    "Kind",
    "Phrase",
    "Report",
    "Round",
    "Rule",
    "RuleSeverity",
    "Table",
    "Theme",
    "catalogue",
    "load_catalogue",
    "read_rules",
]

REFERENCE = files("nq57_assets") / "reference"


class CatalogueError(ValueError):
    """The reference data has a mistake; the message names the file and the key."""


@dataclass(frozen=True)
class Catalogue:
    """All reference data, checked; a plain value that every step takes as an argument."""

    communes: tuple[Commune, ...]
    aliases: tuple[Alias, ...]
    rounds: tuple[Round, ...]
    citations: tuple[Citation, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...]
    tables: tuple[Table, ...]
    settings: dict[str, Any]
    language: dict[str, Any]
    statements: dict[str, Any]
    themes: tuple[Theme, ...]
    version: str

    @cached_property
    def commune(self) -> dict[str, Commune]:
        """Communes by code."""
        return {commune.commune_code: commune for commune in self.communes}

    @cached_property
    def round(self) -> dict[str, Round]:
        """Rounds by id."""
        return {round_.round_id: round_ for round_ in self.rounds}

    @cached_property
    def indicator(self) -> dict[str, Indicator]:
        """Indicators by code."""
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def rule(self) -> dict[str, Rule]:
        """Rules by code."""
        return {rule.code: rule for rule in self.rules}

    @cached_property
    def table(self) -> dict[str, Table]:
        """Table shapes by name, such as ``core/observations`` or ``mart/fact_value``."""
        return {table.name: table for table in self.tables}

    def asked(self, round_id: str) -> tuple[Indicator, ...]:
        """Indicators that a round asks for, in the order of the form."""
        report = self.round[round_id].report
        return tuple(indicator for indicator in self.indicators if report in indicator.reports)

    def communes_on(self, day: date) -> tuple[Commune, ...]:
        """Communes that exist on a day, in the order of their codes."""
        return tuple(
            c for c in self.communes if c.valid_from <= day and (c.valid_to is None or day <= c.valid_to)
        )

    def expected(self, round_id: str) -> tuple[Commune, ...]:
        """Communes that owe a report for a round: those that exist at the end of its period."""
        return self.communes_on(self.round[round_id].period_to)


def _fail(file: str, key: str, reason: str) -> CatalogueError:
    return CatalogueError(f"reference/{file}: {key}: {reason}")


_T = TypeVar("_T", bound=Record)


def _build(model: type[_T], file: str, key: str, fields: dict[str, Any]) -> _T:
    try:
        return model(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _fail(
            file, f"{key}.{place}" if place else key, f"{first['msg']} (seen: {first.get('input')!r})"
        ) from None


def _rows(root: Traversable, file: str) -> list[dict[str, Any]]:
    text = (root / file).read_text(encoding="utf-8")
    return [{key: value or None for key, value in row.items()} for row in csv.DictReader(text.splitlines())]


def _yaml(root: Traversable, file: str) -> Any:
    try:
        return yaml.load((root / file).read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506, it is a safe loader
    except yaml.YAMLError as error:
        raise _fail(file, "the whole file", str(error).replace("\n", " ")) from None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader that refuses a key written twice, which plain YAML would silently overwrite."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.YAMLError(
                    f"key {key!r} stands twice, second time on line {key_node.start_mark.line + 1}"
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def _unique(file: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise _fail(file, key, "stands twice; keep one")
        seen.add(key)


def _load_indicators(root: Traversable) -> tuple[tuple[Group, ...], tuple[Indicator, ...]]:
    groups: list[Group] = []
    indicators: list[Indicator] = []
    names = sorted(entry.name for entry in (root / "indicators").iterdir() if entry.name.endswith(".yaml"))
    for name in names:
        file = f"indicators/{name}"
        content = _yaml(root, file)
        listed = content.pop("indicators", None)
        if not isinstance(listed, dict):
            raise _fail(file, "indicators", "is missing or no mapping")
        group = _build(Group, file, "group", content)
        groups.append(group)
        for order, (code, fields) in enumerate(listed.items(), 1):
            record = {**fields, "code": code, "group": group.group, "order": group.order * 100 + order}
            indicators.append(_build(Indicator, file, code, record))
    return (
        tuple(sorted(groups, key=lambda g: g.order)),
        tuple(sorted(indicators, key=lambda i: i.order)),
    )


def _check_links(catalogue: Catalogue) -> None:
    codes = catalogue.indicator.keys()
    for indicator in catalogue.indicators:
        file = f"indicators/{indicator.group}.yaml"
        for field_name in ("numerator", "denominator", "weight"):
            target = getattr(indicator, field_name)
            if target and target not in codes:
                raise _fail(file, f"{indicator.code}.{field_name}", f"{target!r} is no indicator")
        if indicator.roll_up == "weighted" and not indicator.weight:
            raise _fail(file, f"{indicator.code}.weight", "is missing; a weighted roll-up names its weight")
    for alias in catalogue.aliases:
        if alias.commune_code not in catalogue.commune:
            raise _fail("aliases.csv", alias.alias, f"{alias.commune_code!r} is no commune")


def load_catalogue(root: Traversable = REFERENCE) -> Catalogue:
    """Read and check the reference data under ``root``.

    Raises:
        CatalogueError: A value is missing, unknown or of the wrong kind; the message names file and key.
    """
    groups, indicators = _load_indicators(root)
    rules = _yaml(root, "rules.yaml")
    statements = _yaml(root, "statements.yaml")
    tables = _yaml(root, "tables.yaml")
    catalogue = Catalogue(
        communes=tuple(
            _build(Commune, "communes.csv", str(r["name"]), r) for r in _rows(root, "communes.csv")
        ),
        aliases=tuple(_build(Alias, "aliases.csv", str(r["alias"]), r) for r in _rows(root, "aliases.csv")),
        rounds=tuple(_build(Round, "rounds.csv", str(r["round_id"]), r) for r in _rows(root, "rounds.csv")),
        citations=tuple(
            _build(Citation, "citations.csv", str(r["symbol"]), r) for r in _rows(root, "citations.csv")
        ),
        groups=groups,
        indicators=indicators,
        rules=_rules(rules),
        tables=tuple(
            _build(Table, "tables.yaml", name, {**fields, "name": name, "columns": _columns(name, fields)})
            for name, fields in _spell_out(tables).items()
        ),
        settings=_yaml(root, "settings.yaml"),
        language=_yaml(root, "language.yaml"),
        statements=statements,
        themes=tuple(
            _build(Theme, "statements.yaml", f"themes.{code}", {**fields, "code": code})
            for code, fields in statements["themes"].items()
        ),
        version=_fingerprint(root),
    )
    _unique("communes.csv", (c.commune_code for c in catalogue.communes))
    _unique("rounds.csv", (r.round_id for r in catalogue.rounds))
    _unique("indicators/", (i.code for i in catalogue.indicators))
    _check_links(catalogue)
    return catalogue


def _rules(listed: dict[str, Any], file: str = "rules.yaml") -> tuple[Rule, ...]:
    return tuple(_build(Rule, file, code, {**fields, "code": code}) for code, fields in listed.items())


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a file in the form of ``rules.yaml``, to be tried before they enter the rule book.

    Raises:
        CatalogueError: The file is no list of rules; the message names file and key.
    """
    listed = _yaml(path.parent, path.name)
    if not isinstance(listed, dict) or not all(isinstance(fields, dict) for fields in listed.values()):
        raise _fail(path.name, "the whole file", "holds no rules by code")
    return _rules(listed, path.name)


def _spell_out(tables: dict[str, Any]) -> dict[str, Any]:
    """Give a table that is ``like`` an earlier one the columns of that one, followed by its own."""
    spelled: dict[str, Any] = {}
    for name, fields in tables.items():
        own = dict(fields)
        model = own.pop("like", None)
        if model is not None and model not in spelled:
            raise _fail("tables.yaml", f"{name}.like", f"{model!r} is no table above")
        columns = {**(spelled[model]["columns"] if model else {}), **(own.get("columns") or {})}
        spelled[name] = {**own, "columns": columns}
    return spelled


def _columns(table: str, fields: dict[str, Any]) -> tuple[Column, ...]:
    listed = fields.get("columns") or {}
    return tuple(
        _build(Column, "tables.yaml", f"{table}.{name}", {**column, "name": name})
        for name, column in listed.items()
    )


def _fingerprint(root: Traversable) -> str:
    """Return a short hash over every reference file, part of each cache key."""
    digest = hashlib.sha256()

    def walk(entry: Traversable, prefix: str) -> None:
        for child in sorted(entry.iterdir(), key=lambda c: c.name):
            if child.is_dir():
                walk(child, f"{prefix}{child.name}/")
            elif child.name.endswith((".csv", ".yaml", ".npz")):
                digest.update(f"{prefix}{child.name}\0".encode())
                digest.update(child.read_bytes())

    walk(root, "")
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the packaged catalogue, or the one in the folder that ``NQ57_REFERENCE`` names; read once a process."""
    folder = os.environ.get("NQ57_REFERENCE")
    return load_catalogue(Path(folder) if folder else REFERENCE)
