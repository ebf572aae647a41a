"""The kinds of check on how a report is written: its header and sections, and the sentence that a figure stands in.

Belongs here: parameters and what each kind means. Does not belong: kinds that compare figures (``kinds``), running a check.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Parameters(BaseModel):
    """What a check of ``reference/rules.yaml`` may say: known fields only, never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(Parameters):
    """A report whose title names another period than the round asks for.

    Attributes:
        part: ``year``: another year. ``shorter``: a month, a quarter or a half of the year.
    """

    kind: Literal["period"]
    part: Literal["year", "shorter"]


class Issued(Parameters):
    """A report dated before the period that it reports on had come near its end, or after the day on which it arrived.

    Attributes:
        days: How long before the end of the period a report on it may be dated.
    """

    kind: Literal["issued"]
    days: int = Field(gt=0)


class Sections(Parameters):
    """The numbering of a report's sections.

    Attributes:
        part: ``gap``: a number is left out. ``empty``: a part is a heading without anything below it.
    """

    kind: Literal["sections"]
    part: Literal["gap", "empty"]


class Wide(Parameters):
    """A figure given as a range so wide that it says little.

    Attributes:
        share: Part of the lower end by which the upper one exceeds it.
    """

    kind: Literal["wide"]
    share: float = Field(gt=0)


class AsOf(Parameters):
    """A figure that its own sentence dates long before the end of the period.

    Attributes:
        days: How long before the end of the period a figure may be counted.
    """

    kind: Literal["as_of"]
    days: int = Field(gt=0)


class Listed(Parameters):
    """A count that a text gives as part of another one ("8 papers, among them: … more than 10 letters") and that exceeds it.

    Attributes:
        part: The indicator listed.
        whole: The indicator whose sentence opens the list.
        lines: How many lines below it a list may reach.
    """

    kind: Literal["listed"]
    part: str
    whole: str
    lines: int = Field(default=20, gt=0)


class BareFull(Parameters):
    """A narrative in which several rates are exactly 100 % and none says of how many.

    Attributes:
        rates: Fewest such rates.
    """

    kind: Literal["bare_full"]
    rates: int = Field(ge=1)
