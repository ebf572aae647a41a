"""The kinds of check that lay several statements of one commune beside one another: two reports, two years, two places.

Belongs here: their parameters and what each means. Does not belong: kinds that compare communes or look into one report
(``kinds``), kinds that read how a text is written (``text_kinds``).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nq57_assets.quality.text_kinds import Parameters
from nq57_assets.records import Kind


class Jump(Parameters):
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


class Fell(Parameters):
    """A stock fell against the latest round of an earlier year by more than ``share``."""

    kind: Literal["fell"]
    share: float = Field(ge=0, lt=1)


class Disagree(Parameters):
    """A stock that two rounds of one year ask for differs between them by more than ``share``."""

    kind: Literal["disagree"]
    share: float = Field(ge=0, lt=1)


class RateMoved(Parameters):
    """A rate that two rounds of one year ask for moved between them otherwise than it did elsewhere.

    Attributes:
        peers: Fewest communes with the rate in both rounds.
        deviations: From how many (normal-scaled) MADs of the communes' differences on a difference is odd.
        floor: Least MAD, in percentage points.
    """

    kind: Literal["rate_moved"]
    peers: int = Field(default=15, ge=5)
    deviations: float = Field(default=4, gt=0)
    floor: float = Field(default=0.3, gt=0)


class Slip(Parameters):
    """A small count that is exactly ``factors`` times the commune's figure in the nearest other round, or the reverse.

    Attributes:
        below: The smaller of the two figures is less than this; larger ones are compared by ``jump``.
    """

    kind: Literal["slip"]
    of: tuple[Kind, ...] = ("stock", "flow")
    factors: tuple[float, ...] = (100.0, 1000.0)
    below: float = Field(gt=0)


class Repeated(Parameters):
    """A file whose counts of the period are those of the same commune's reports of an earlier year.

    Attributes:
        figures: Fewest figures that must be equal.
        share: Part of the figures that both give exactly that must be equal; the others may have been changed.
        minimum: Smaller counts repeat by chance.
    """

    kind: Literal["repeated"]
    figures: int = Field(ge=3)
    share: float = Field(ge=0.3, le=1)
    minimum: float = Field(default=10, ge=0)


class Cumulative(Parameters):
    """A count since the same day that is smaller in the report up to the later day, or grew more than the days allow.

    Attributes:
        share: Part of the figure that a later report may correct downwards.
        growth: Part of the earlier figure that may be added beyond what the longer period explains.
        minimum: Growth of counts smaller than this tells nothing.
        peers: Fewest communes with the count in both reports that show how it usually grows; fewer leave only ``growth``.
        deviations: From how many (normal-scaled) MADs of logarithms above their median on growth is odd.
        floor: Least MAD of logarithms.
        step: A growth of fewer than so many is never odd.
        alike: As ``deviations``, for two figures that differ in one digit or in the order of two.
    """

    kind: Literal["cumulative"]
    share: float = Field(ge=0, lt=1)
    growth: float = Field(gt=0)
    minimum: float = Field(default=10, gt=0)
    peers: int = Field(default=15, ge=5)
    deviations: float = Field(default=4, gt=0)
    floor: float = Field(default=0.03, gt=0)
    step: float = Field(default=3, ge=0)
    alike: float = Field(default=1.5, gt=0)


class Exchanged(Parameters):
    """A count of a file that another report, or another part of this one, gives for a second count of the same file.

    Attributes:
        near: Part of it that a count since the first of the year may have grown from one report to the other.
        growth: The second count must have grown by more than this, or fallen; a stock must differ.
        minimum: Smaller figures are equal by chance.
        peers: Fewest communes with a figure that show what is usual for an indicator.
        spare: How many times more or less than the outermost twentieth of them is still usual.
    """

    kind: Literal["exchanged"]
    near: float = Field(default=0.05, ge=0)
    growth: float = Field(default=0.3, ge=0)
    minimum: float = Field(default=10, gt=0)
    peers: int = Field(default=15, ge=5)
    spare: float = Field(default=1.5, ge=1)


class Beside(Parameters):
    """A figure that another accepted claim of weaker standing contradicts: a form and the narrative that came with it."""

    kind: Literal["beside"]
