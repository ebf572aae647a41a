"""The kinds of check that a rule of ``reference/rules.yaml`` may name, with their parameters.

Belongs here: typed parameters, and the check of a rule book against the catalogue. Does not belong: running a check.
The department adds a rule of an existing kind by YAML alone; a new kind is a class here and its engine in
``suites`` (Great Expectations) or an ``.sql`` file of the same name (DuckDB).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from nq57_assets.catalogue import Catalogue, CatalogueError, Kind, Rule

FILE = "reference/rules.yaml"


class _Check(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limit(_Check):
    """Every accepted figure against its indicator's ``minimum`` or ``maximum``."""

    kind: Literal["limit"]
    side: Literal["minimum", "maximum"]
    of: tuple[Kind, ...] = ("stock", "flow", "rate", "flag")


class Whole(_Check):
    """Counts are whole numbers; flags are 0 or 1."""

    kind: Literal["whole"]


class Fraction(_Check):
    """The numerator of an ``a/b`` figure is at most its denominator."""

    kind: Literal["fraction"]


class Pair(_Check):
    """Indicator ``part`` is at most indicator ``whole`` of the same commune and round."""

    kind: Literal["pair"]
    part: str
    whole: str


class Ratio(_Check):
    """The quotient of two indicators lies in a range; what this round does not ask comes from the year's other rounds."""

    kind: Literal["ratio"]
    over: str
    under: str
    minimum: float = Field(ge=0)
    maximum: float = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Ratio:
        if self.minimum >= self.maximum:
            raise ValueError("minimum must be less than maximum")
        return self


class Parts(_Check):
    """A rate follows from its numerator and denominator.

    Attributes:
        tolerance: Percentage points that the written rate may differ, beyond the rounding of its last digit.
    """

    kind: Literal["parts"]
    tolerance: float = Field(default=0.1, ge=0)


class Jump(_Check):
    """A figure against the same commune's nearest other round: ``factor`` times more or less is not believed.

    Attributes:
        factor: From which quotient on it is a jump.
        minimum: Both figures must be at least this; small counts do multiply.
        of: Kinds of indicators compared.
    """

    kind: Literal["jump"]
    factor: float = Field(gt=1)
    minimum: float = Field(gt=0)
    of: tuple[Kind, ...] = ("stock", "flow")


class Fell(_Check):
    """A stock fell against the latest round of an earlier year by more than ``share``."""

    kind: Literal["fell"]
    share: float = Field(ge=0, lt=1)


class Disagree(_Check):
    """A stock that two rounds of one year ask for differs between them by more than ``share``."""

    kind: Literal["disagree"]
    share: float = Field(ge=0, lt=1)


class Peer(_Check):
    """A count far from what communes of the same type report, by median and MAD of logarithms.

    Attributes:
        of: Kinds of indicators compared.
        peers: Fewest communes of the type with a figure; fewer tell nothing.
        deviations: From how many (normal-scaled) MADs on a figure is unlike its peers.
        floor: Least MAD of logarithms, for peers that all agree.
        factor: A figure must also be at least so many times more or less than its peers'.
    """

    kind: Literal["peer"]
    of: tuple[Kind, ...] = ("stock", "flow")
    peers: int = Field(default=15, ge=5)
    deviations: float = Field(default=5, gt=0)
    floor: float = Field(default=0.1, gt=0)
    factor: float = Field(default=4, gt=1)


class Slip(_Check):
    """A small count that is exactly ``factors`` times the commune's figure in the nearest other round, or the reverse.

    Attributes:
        below: The smaller of the two figures is less than this; larger ones are compared by ``jump``.
    """

    kind: Literal["slip"]
    of: tuple[Kind, ...] = ("stock", "flow")
    factors: tuple[float, ...] = (100.0, 1000.0)
    below: float = Field(gt=0)


class Repeated(_Check):
    """A file whose counts of the period are those of the same commune's round of an earlier year.

    Attributes:
        figures: Fewest figures that both rounds must hold.
        share: Share of them that must be equal.
    """

    kind: Literal["repeated"]
    figures: int = Field(ge=3)
    share: float = Field(gt=0.5, le=1)


class RoundNumbers(_Check):
    """A file in which nearly all counts of three digits and more are multiples of 50.

    Attributes:
        figures: Fewest such counts.
        share: Share of them that must be round.
    """

    kind: Literal["round"]
    figures: int = Field(ge=3)
    share: float = Field(gt=0.5, le=1)


class FractionRate(_Check):
    """A rate of at most 1 where the communes' median is high: 0.98 was written for 98 %.

    Attributes:
        peers: Fewest communes with the rate.
        typical: The median from which on a rate of at most 1 is not believed, in percent.
    """

    kind: Literal["fraction_rate"]
    peers: int = Field(default=10, ge=3)
    typical: float = Field(default=20, gt=1, le=100)


class Copied(_Check):
    """Two communes' files of a round hold the same figures.

    Attributes:
        figures: Fewest telling figures (not nil, 0, 1 or 100) that both must hold.
        share: Share of them that must be equal.
        crowd: A figure that more communes than this have in common tells nothing; keeps the search linear.
    """

    kind: Literal["copied"]
    figures: int = Field(ge=3)
    share: float = Field(gt=0.5, le=1)
    crowd: int = Field(default=40, ge=2)


class Conflict(_Check):
    """Claims of equal standing that cannot all be true, as the resolution found them."""

    kind: Literal["conflict"]


class Missing(_Check):
    """A required indicator without a figure, from a commune that did report."""

    kind: Literal["missing"]


class Review(_Check):
    """A figure below the confidence gate that no reviewer has ruled on."""

    kind: Literal["review"]


class Structure(_Check):
    """A part of the declared shape of a table; generated for every table from ``reference/tables.yaml``."""

    kind: Literal["structure"]
    part: Literal["columns", "rows", "keys", "filled", "values", "ranges", "references", "complete"]


class Expectation(_Check):
    """Any rule of Great Expectations on the columns of a table, by its class name and arguments."""

    kind: Literal["expectation"]
    expectation: str = Field(pattern=r"^Expect[A-Za-z]+$")
    arguments: dict[str, Any] = Field(default_factory=dict)


Check = Annotated[
    Limit
    | Whole
    | Fraction
    | Pair
    | Ratio
    | Parts
    | Jump
    | Fell
    | Disagree
    | Peer
    | Slip
    | Repeated
    | RoundNumbers
    | FractionRate
    | Copied
    | Conflict
    | Missing
    | Review
    | Structure
    | Expectation,
    Field(discriminator="kind"),
]
_ADAPTER: TypeAdapter[Check] = TypeAdapter(Check)

# Which table each kind reads; a rule may leave `table` out, except for `expectation`.
HOME: dict[str, str] = {
    **dict.fromkeys(("limit", "whole", "fraction", "review"), "core/observations"),
    **dict.fromkeys(
        (
            "pair",
            "ratio",
            "parts",
            "jump",
            "fell",
            "disagree",
            "peer",
            "slip",
            "repeated",
            "round",
            "fraction_rate",
            "copied",
            "conflict",
            "missing",
        ),
        "core/resolved",
    ),
}


@dataclass(frozen=True)
class CheckedRule:
    """A rule of the rule book with its typed check and the table that it reads."""

    rule: Rule
    check: Check
    table: str | None


def _parse(rule: Rule, catalogue: Catalogue) -> CheckedRule:
    key = f"{FILE}: {rule.code}.check"
    try:
        check = _ADAPTER.validate_python(rule.check)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        raise CatalogueError(
            f"{key}{'.' + place if place else ''}: {first['msg']} (seen: {first.get('input')!r})"
        ) from None
    if isinstance(check, Structure):
        if not rule.enabled:
            raise CatalogueError(f"{FILE}: {rule.code}.enabled: the shape of tables is always checked")
        return CheckedRule(rule, check, None)
    table = rule.table or HOME.get(check.kind)
    if table not in catalogue.table:
        raise CatalogueError(f"{FILE}: {rule.code}.table: {table!r} is no table of tables.yaml")
    if check.kind in HOME and table != HOME[check.kind]:
        raise CatalogueError(
            f"{FILE}: {rule.code}.table: a {check.kind} check reads {HOME[check.kind]}, not {table}"
        )
    for field in ("part", "whole", "over", "under"):
        code = getattr(check, field, None)
        if code is not None and code not in catalogue.indicator:
            raise CatalogueError(f"{key}.{field}: {code!r} is no indicator")
    column = check.arguments.get("column") if isinstance(check, Expectation) else None
    if column is not None and column not in {c.name for c in catalogue.table[table].columns}:
        raise CatalogueError(f"{key}.arguments.column: {column!r} is no column of {table}")
    return CheckedRule(rule, check, table)


def checked_rules(catalogue: Catalogue) -> tuple[CheckedRule, ...]:
    """Return every rule that has a check and is switched on, typed and checked against the catalogue.

    Raises:
        CatalogueError: A check has an unknown kind, parameter, table or indicator; names file and key.
    """
    every = [_parse(rule, catalogue) for rule in catalogue.rules if rule.check is not None]
    parsed = tuple(checked for checked in every if checked.rule.enabled)
    copied = [checked.rule.code for checked in parsed if isinstance(checked.check, Copied)]
    if len(copied) > 1:
        raise CatalogueError(
            f"{FILE}: {copied[1]}.check.kind: there is one rule on copies already, {copied[0]}"
        )
    return parsed


def rules_for(table: str, catalogue: Catalogue) -> tuple[CheckedRule, ...]:
    """Return the content rules that read a table (structure rules apply to all tables and are not among them)."""
    return tuple(r for r in checked_rules(catalogue) if r.table == table)


def structure_rules(catalogue: Catalogue) -> dict[str, Rule]:
    """Return the rule that stands for each part of a table's shape."""
    return {r.check.part: r.rule for r in checked_rules(catalogue) if isinstance(r.check, Structure)}
