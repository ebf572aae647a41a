"""The kinds of check that a rule of ``reference/rules.yaml`` may name, as typed parameters.

Belongs here: parameters and what each kind means. Does not belong: kinds that read how a text is written (``text_kinds``)
or lay a commune's reports beside one another (``report_kinds``), reading the rule book (``rules``), running a check.
The department adds a rule of an existing kind by YAML alone; a new kind is a class here and its engine in
``suites`` (Great Expectations) or an ``.sql`` file of the same name (DuckDB).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from nq57_assets.quality.report_kinds import (
    Beside,
    Cumulative,
    Disagree,
    Exchanged,
    Fell,
    Jump,
    RateMoved,
    Repeated,
    Slip,
)
from nq57_assets.quality.text_kinds import (
    AsOf,
    BareFull,
    Issued,
    Listed,
    Parameters,
    Period,
    Sections,
    Wide,
)
from nq57_assets.records import Kind


class Limit(Parameters):
    """Every accepted figure against its indicator's ``minimum`` or ``maximum``."""

    kind: Literal["limit"]
    side: Literal["minimum", "maximum"]
    of: tuple[Kind, ...] = ("stock", "flow", "rate", "flag")


class Whole(Parameters):
    """Counts are whole numbers; flags are 0 or 1."""

    kind: Literal["whole"]


class Fraction(Parameters):
    """The numerator of an ``a/b`` figure is at most its denominator."""

    kind: Literal["fraction"]


class Pair(Parameters):
    """Indicator ``part`` is at most indicator ``whole`` of the same commune and round."""

    kind: Literal["pair"]
    part: str
    whole: str


class Ratio(Parameters):
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


class Parts(Parameters):
    """A rate follows from its numerator and denominator.

    Attributes:
        tolerance: Percentage points that the written rate may differ, beyond the rounding of its last digit.
        units: Units of its last digit that rounding may take away: 0.5, or 1 where digits may be cut off.
        below: A difference of so many points or more is another rule's.
    """

    kind: Literal["parts"]
    tolerance: float = Field(default=0.1, ge=0)
    units: float = Field(default=0.5, gt=0, le=1)
    below: float = Field(default=1e9, gt=0)


class Peer(Parameters):
    """A count far from what communes of the same type report.

    Attributes:
        of: Kinds of indicators compared.
        peers: Fewest communes of the type with a figure; fewer are laid beside all communes.
        tail: How many times as far from the median as the outermost tenth of the peers begins a figure is unlike them.
        deviations: From how many (normal-scaled) MADs of logarithms on it is, were a tenth of the peers wrong too.
        floor: Least spread of logarithms, for peers that all agree.
        factor: A figure must also be at least so many times more or less than its peers'.
    """

    kind: Literal["peer"]
    of: tuple[Kind, ...] = ("stock", "flow")
    peers: int = Field(default=15, ge=5)
    tail: float = Field(default=2.3, gt=1)
    deviations: float = Field(default=5, gt=0)
    floor: float = Field(default=0.1, gt=0)
    factor: float = Field(default=2, gt=1)


class RoundNumbers(Parameters):
    """A file in which nearly all counts of three digits and more are multiples of 50.

    Attributes:
        figures: Fewest such counts.
        share: Share of them that must be round.
    """

    kind: Literal["round"]
    figures: int = Field(ge=3)
    share: float = Field(gt=0.5, le=1)


class FractionRate(Parameters):
    """A rate of at most 1 where the communes' median is high: 0.98 was written for 98 %.

    Attributes:
        peers: Fewest communes with the rate.
        typical: The median from which on a rate of at most 1 is not believed, in percent.
    """

    kind: Literal["fraction_rate"]
    peers: int = Field(default=10, ge=3)
    typical: float = Field(default=20, gt=1, le=100)


class Copied(Parameters):
    """Two communes' files of a round hold the same figures.

    Attributes:
        side: Which of the two is told: the one that more likely copied (sent later, or less surely identified), or the
            other one.
        figures: Fewest telling figures (not nil, 0, 1 or 100) that both must hold.
        share: Share of them that must be equal.
        crowd: A figure that more communes than this have in common tells nothing; keeps the search linear.
    """

    kind: Literal["copied"]
    side: Literal["later", "earlier"] = "later"
    figures: int = Field(ge=3)
    share: float = Field(gt=0.5, le=1)
    crowd: int = Field(default=40, ge=2)


class Conflict(Parameters):
    """Claims of equal standing that cannot all be true, as the resolution found them."""

    kind: Literal["conflict"]


class Missing(Parameters):
    """A required indicator without a figure, from a commune that did report."""

    kind: Literal["missing"]


class Review(Parameters):
    """A figure below the confidence gate that no reviewer has ruled on."""

    kind: Literal["review"]


class Proportion(Parameters):
    """Two figures of a commune whose quotient is far from that of communes of the same type, by median and MAD.

    What this round does not ask comes from the year's other rounds. The figure that is odd beside more of its partners is
    told; where that does not decide, both are.

    Attributes:
        pairs: Pairs of indicators that go together, each as ``[over, under]``.
        peers: Fewest communes of the type with both figures.
        deviations: From how many (normal-scaled) MADs of logarithms on a quotient is odd.
        floor: Least MAD, for communes that all agree.
        factor: A quotient must also be so many times more or less than the median.
    """

    kind: Literal["proportion"]
    pairs: tuple[tuple[str, str], ...] = Field(min_length=1)
    peers: int = Field(default=15, ge=5)
    deviations: float = Field(default=3.5, gt=0)
    floor: float = Field(default=0.05, gt=0)
    factor: float = Field(default=1.25, gt=1)


class PeerRate(Parameters):
    """A rate far from what communes of the same type report, by median and MAD.

    Attributes:
        peers: Fewest communes of the type with the rate.
        deviations: From how many (normal-scaled) MADs on a rate is unlike its peers.
        points: It must also be at least so many percentage points away.
    """

    kind: Literal["peer_rate"]
    peers: int = Field(default=15, ge=5)
    deviations: float = Field(default=4, gt=0)
    points: float = Field(default=25, gt=0, le=100)


class Register(Parameters):
    """A figure against what the register of communes holds.

    Attributes:
        indicator: The figure.
        column: The register's column.
        share: How far both may differ, beyond the rounding of the last digit.
    """

    kind: Literal["register"]
    indicator: str
    column: Literal["area_km2"]
    share: float = Field(gt=0, lt=1)


class Base(Parameters):
    """A rate above zero whose base (its weight or denominator) the same report gives as nothing."""

    kind: Literal["base"]


class FullRate(Parameters):
    """A rate of exactly 100 % whose parts leave somebody out.

    Attributes:
        within: Percentage points less that the parts may give; beyond, the rate does not follow from them at all.
    """

    kind: Literal["full_rate"]
    within: float = Field(gt=0, le=5)


class Structure(Parameters):
    """A part of the declared shape of a table; generated for every table from ``reference/tables.yaml``."""

    kind: Literal["structure"]
    part: Literal["columns", "rows", "keys", "filled", "values", "ranges", "references", "complete"]


class Expectation(Parameters):
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
    | RateMoved
    | Peer
    | Slip
    | Repeated
    | RoundNumbers
    | FractionRate
    | Copied
    | Conflict
    | Cumulative
    | Exchanged
    | Proportion
    | PeerRate
    | Beside
    | Wide
    | AsOf
    | Listed
    | BareFull
    | Register
    | Base
    | FullRate
    | Period
    | Issued
    | Sections
    | Missing
    | Review
    | Structure
    | Expectation,
    Field(discriminator="kind"),
]
