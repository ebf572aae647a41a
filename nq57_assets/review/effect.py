"""How much a figure weighs in the city's total, so that what matters most is ruled on first.

Belongs here: one number a row, in percent of the city figure. Does not belong: consolidation itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from nq57_assets.catalogue import Catalogue

_POPULATION = "place_population"


class Effects:
    """The weight of a commune's figure in the city's figure of the same indicator.

    A sum moves by the difference between the proposed and the published figure. A rate, a share and a figure of unknown
    size move by at most the commune's share of the city: its population if it is known, else one commune in so many.
    """

    def __init__(
        self,
        round_id: str,
        values: Iterable[Mapping[str, Any]],
        catalogue: Catalogue,
        others: Iterable[Any] = (),
    ) -> None:
        """Take the published values of the round, and of other rounds for populations (rows of ``core/values``)."""
        self._sums = {i.code for i in catalogue.indicators if i.roll_up == "sum"}
        self._expected = max(1, len(catalogue.expected(round_id)))
        self._standing: dict[tuple[str, str], float] = {}
        self._totals: dict[str, float] = defaultdict(float)
        people: dict[str, float] = {}
        for row in values:
            figure = _point(row)
            if figure is not None:
                self._standing[row["commune_code"], row["indicator"]] = figure
                self._totals[row["indicator"]] += abs(figure)
        for row in others:
            if row["indicator"] == _POPULATION and (size := _point(row)):
                people[row["commune_code"]] = size
        people |= {commune: size for (commune, code), size in self._standing.items() if code == _POPULATION}
        self._people, self._city = people, sum(people.values())

    def of(self, commune_code: str | None, indicator: str | None, proposed: float | None) -> float:
        """Return the effect in percent of the city figure, to two places; 0 where no commune is known."""
        if commune_code is None:
            return 0.0
        if indicator in self._sums and proposed is not None:
            standing = self._standing.get((commune_code, str(indicator)), 0.0)
            whole = self._totals[str(indicator)] - abs(standing) + abs(proposed)
            whole = max(whole, self._totals[str(indicator)])
            return round(100 * abs(proposed - standing) / whole, 2) if whole else 0.0
        if self._city and commune_code in self._people:
            return round(100 * self._people[commune_code] / self._city, 2)
        return round(100 / self._expected, 2)


def _point(row: Mapping[str, Any]) -> float | None:
    """Return the figure that a value stands for, its middle for a range; None where nothing is published."""
    if row["state"] not in ("reported", "nil"):
        return None
    if row["value"] is not None:
        return float(row["value"])
    sides = [side for side in (row["low"], row["high"]) if side is not None]
    return float(sum(sides) / len(sides)) if sides else None
