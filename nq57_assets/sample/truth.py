"""The plausible truth of one commune: a figure for every indicator, consistent among themselves.

Belongs here: what is so in the synthetic city. Does not belong: what communes report of it, rightly or wrongly.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nq57_assets.catalogue import Catalogue, Commune, Indicator
from nq57_assets.readers.form_codes import DENOMINATOR, asks_denominator

Facts = dict[str, float | None]
"""Figures by indicator; 0 of a count is nil ("không phát sinh"), None is genuinely not known by the commune.

A ratio without indicators of its own for its parts has its whole under the code that the form gives that row,
``<code>.denominator``.
"""

PEOPLE_PER_HOUSEHOLD = (3.3, 3.9)
LACKING = 0.02
"""Share of the figures that a commune does not have at all."""

# People grow slower than area: large communes are fields and hills.
_DENSITY = {"xa": (3600.0, 6400.0), "phuong": (6200.0, 12_500.0), "dac_khu": (150.0, 260.0)}
_GROWTH = {"xa": 0.55, "phuong": 0.55, "dac_khu": 1.0}
_POPULATION = {"xa": (11_000, 58_000), "phuong": (16_000, 92_000), "dac_khu": (600, 80_000)}
_ALWAYS_KNOWN = (
    "place_",
    "team_count",
    "team_members",
    "egov_online_rate",
    "egov_dossiers_",
    "egov_agencies_",
    "econ_ocop_",
)


def commune_facts(commune: Commune, catalogue: Catalogue, seed: int) -> Facts:
    """Return the truth of one commune for every indicator of the catalogue, whatever round asks for it.

    The figures depend on the seed and the commune alone, so that a city of another size has the same communes.

    Args:
        commune: The commune; its type and area bound the population, from which most figures follow.
        catalogue: Gives the indicators; one without a model here gets a figure that fits its kind and bounds.
        seed: Of the city.
    """
    rng = random.Random(f"{seed}/{commune.commune_code}")
    modelled: Facts = {}
    for model in (_place, _team, _steer, _media, _skill, _egov_dossiers, _egov_systems, _econ, _soc):
        modelled.update(model(rng, commune, modelled))
    facts: Facts = {}
    for indicator in catalogue.indicators:
        value = modelled[indicator.code] if indicator.code in modelled else _by_kind(rng, indicator)
        lacking = rng.random() < LACKING and not indicator.code.startswith(_ALWAYS_KNOWN)
        facts[indicator.code] = None if lacking else value
        if asks_denominator(indicator):
            whole = None if lacking or value is None else float(round(value * rng.uniform(1.0, 1.4)))
            facts[indicator.code + DENOMINATOR] = whole
    return facts


def city_facts(catalogue: Catalogue, communes: tuple[Commune, ...], seed: int) -> dict[str, Facts]:
    """Return the truth of several communes by code."""
    return {commune.commune_code: commune_facts(commune, catalogue, seed) for commune in communes}


_PART, _WHOLE = ".part", ".whole"
CITY_COLUMNS = ("round_id", "indicator", "low", "high", "reported")

Points = Mapping[str, Mapping[str, float]]
"""One number for each figure, by commune and indicator; of one written as ``a/b`` also ``<code>.part``, ``<code>.whole``."""


def city_rows(
    catalogue: Catalogue, stated: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """Yield what the figures of the communes come to in each round, computed apart from the pipeline.

    Sums add lows and highs apart; an end open below falls back on the minimum, one open above leaves the total
    open. Ratios and weighted rates are in percent over the communes that have all parts; a weight that a round lacks is
    lent by another round. Shares of flags are in percent of the communes that answer.

    Args:
        catalogue: Gives the roll-up of each indicator.
        stated: Rows by round with ``commune_code``, ``indicator``, ``value``, ``low``, ``high``, ``part``, ``whole``
            and ``published``; only published rows take part.
    """
    points = {round_id: _points(rows) for round_id, rows in stated.items()}
    for round_id, rows in stated.items():
        others = [other for other_id, other in points.items() if other_id != round_id]
        for indicator in catalogue.asked(round_id):
            mine = [row for row in rows if row["published"] and row["indicator"] == indicator.code]
            bounds: tuple[float | None, float | None]
            if indicator.roll_up == "sum" and mine:
                bounds = _bounds(mine, indicator)
            else:
                share = _share_of(indicator, points[round_id], others)
                bounds = (share, share)
            row = (round_id, indicator.code, *bounds, len(mine))
            yield dict(zip(CITY_COLUMNS, row, strict=True))


def _points(rows: Sequence[Mapping[str, Any]]) -> Points:
    points: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["published"]:
            known = points.setdefault(row["commune_code"], {})
            ends = [end for end in (row["low"], row["high"]) if end is not None]
            known[row["indicator"]] = row["value"] if row["value"] is not None else sum(ends) / len(ends)
            if row["whole"] is not None:
                known[row["indicator"] + _PART] = row["part"]
                known[row["indicator"] + _WHOLE] = row["whole"]
    return points


def _bounds(rows: Sequence[Mapping[str, Any]], indicator: Indicator) -> tuple[float | None, float | None]:
    lows = [indicator.minimum if row["low"] is None else row["low"] for row in rows]
    highs = [row["high"] for row in rows if row["high"] is not None]
    return sum(lows), sum(highs) if len(highs) == len(rows) else None


def _share_of(indicator: Indicator, points: Points, others: Sequence[Points]) -> float | None:
    """Return a ratio, a weighted rate or a share in percent; None where no commune has all parts."""
    code = indicator.code
    pairs: list[tuple[float, float]] = []
    for commune, known in points.items():
        if indicator.roll_up == "ratio":
            above, below = known.get(indicator.numerator or ""), known.get(indicator.denominator or "")
            if above is None or below is None:
                above, below = known.get(code + _PART), known.get(code + _WHOLE)
        elif code not in known:
            continue
        elif indicator.roll_up == "weighted" and indicator.weight:
            below = _weight(indicator.weight, commune, [points, *others])
            above = None if below is None else known[code] * below / 100
        else:
            above, below = known[code], 1.0
        if above is not None and below is not None:
            pairs.append((above, below))
    whole = sum(below for _, below in pairs)
    return 100.0 * sum(above for above, _ in pairs) / whole if whole else None


def _weight(indicator: str, commune: str, rounds: Sequence[Points]) -> float | None:
    found = (points.get(commune, {}).get(indicator) for points in rounds)
    return next((value for value in found if value), None)


def _by_kind(rng: random.Random, indicator: Indicator) -> float:
    """Return a figure for an indicator that has no model: adding one to the catalogue needs no Python."""
    if indicator.kind == "flag":
        return float(rng.random() < 0.85)
    top = indicator.maximum if indicator.maximum is not None else max(indicator.minimum + 200, 200)
    value = rng.uniform(indicator.minimum + 0.4 * (top - indicator.minimum), top)
    return float(round(value)) if indicator.is_count else round(value, 2)


def _between(rng: random.Random, low: float, high: float) -> float:
    """Return a whole figure, with small ones likelier than large ones."""
    return float(round(low + (high - low) * rng.betavariate(1.6, 3.0)))


def _or_nil(rng: random.Random, nil: float, low: float, high: float) -> float:
    return 0.0 if rng.random() < nil else _between(rng, low, high)


def _share(rng: random.Random, full: float, low: float) -> float:
    """Return a percentage: 100 with probability ``full``, else between ``low`` and 99.8."""
    return 100.0 if rng.random() < full else round(rng.uniform(low, 99.8), rng.choice((0, 1, 2)))


def _place(rng: random.Random, commune: Commune, _: Facts) -> Facts:
    low, high = _POPULATION[commune.commune_type]
    size = commune.area_km2 ** _GROWTH[commune.commune_type] * rng.uniform(*_DENSITY[commune.commune_type])
    people = round(min(max(size, low), high))
    households = round(people / rng.uniform(*PEOPLE_PER_HOUSEHOLD))
    return {
        "place_area_km2": commune.area_km2,
        "place_population": float(people),
        "place_households": float(households),
        "place_villages": float(max(2, round(households / rng.uniform(260, 420)))),
    }


def _team(rng: random.Random, _: Commune, so_far: Facts) -> Facts:
    villages = int(so_far["place_villages"] or 2)
    teams = max(1, villages - rng.choice((0, 0, 0, 0, 1, 2)))
    members = sum(rng.randint(5, 7) for _ in range(teams))
    people = so_far["place_population"] or 0
    return {
        "team_count": float(teams),
        "team_members": float(members),
        "team_members_trained": float(round(members * rng.uniform(0.45, 1.0))),
        "team_member_sessions": _between(rng, 1, 14),
        "team_citizen_sessions": _between(rng, 2, 60),
        "team_citizens_guided": float(max(40, round(people * rng.uniform(0.004, 0.06)))),
        "team_zalo_group": float(rng.random() < 0.85),
    }


def _steer(rng: random.Random, _: Commune, __: Facts) -> Facts:
    return {
        "steer_plan": float(rng.random() < 0.93),
        "steer_committee": float(rng.random() < 0.95),
        "steer_support_groups": _or_nil(rng, 0.15, 1, 5),
        "steer_directives": _between(rng, 3, 32),
        "steer_official_letters": _between(rng, 4, 48),
        "steer_conferences": _between(rng, 1, 13),
        "steer_integration_pct": _share(rng, 0.75, 82),
    }


def _media(rng: random.Random, _: Commune, so_far: Facts) -> Facts:
    items = _between(rng, 12, 190)
    launch = _between(rng, 90, 900)
    villages = so_far["place_villages"] or 2
    return {
        "media_portal_section": float(rng.random() < 0.9),
        "media_posts": _between(rng, 24, 640),
        "media_broadcast_items": items,
        "media_broadcasts": float(round(items * rng.uniform(1.3, 5))),
        "media_loudspeaker_pct": _share(rng, 0.6, 70),
        "media_led_screens": _or_nil(rng, 0.3, 1, 16),
        "media_banners": float(round(villages * rng.uniform(1, 6))),
        "media_launch_participants": launch,
        "media_participants": float(round(launch * rng.uniform(1.6, 6))),
    }


def _skill(rng: random.Random, _: Commune, so_far: Facts) -> Facts:
    registered = float(round((so_far["place_population"] or 0) * rng.uniform(0.01, 0.05)) + 15)
    return {
        "skill_officials_trained": _between(rng, 25, 160),
        "skill_officials_it_pct": _share(rng, 0.7, 85),
        "skill_mooc_completed": _between(rng, 12, 95),
        "skill_training_sessions": _between(rng, 2, 28),
        "skill_training_attendees": _between(rng, 110, 2600),
        "skill_contest_registered": registered,
        "skill_contest_completed": float(round(registered * rng.uniform(0.3, 0.95))),
    }


def _egov_dossiers(rng: random.Random, _: Commune, so_far: Facts) -> Facts:
    total = float(round((so_far["place_population"] or 0) * rng.uniform(0.05, 0.22)) + 60)
    online = float(round(total * rng.uniform(0.82, 0.998)))
    return {
        "egov_dossiers_total": total,
        "egov_dossiers_online": online,
        "egov_online_rate": round(100 * online / total, 2),
        "egov_dossiers_overdue": _or_nil(rng, 0.6, 1, max(2, round(total * 0.004))),
        "egov_procedures_iso_pct": _share(rng, 0.8, 90),
    }


def _egov_systems(rng: random.Random, commune: Commune, _: Facts) -> Facts:
    busy = 2.0 if commune.commune_type == "phuong" else 1.0
    facts: Facts = {
        "egov_agencies_vneid_accounts": _between(rng, 18, 85),
        "egov_agencies_vneid_pct": _share(rng, 0.6, 78),
        "egov_enterprises_vneid_accounts": _between(rng, 25, 420 * busy),
        "egov_antivirus_active": _between(rng, 22, 120),
        "egov_antivirus_inactive": _or_nil(rng, 0.3, 1, 26),
        "egov_antivirus_needed": _or_nil(rng, 0.2, 3, 90),
        "egov_office_accounts": _or_nil(rng, 0.1, 14, 130),
        "egov_proposed_tasks": _or_nil(rng, 0.5, 1, 4),
    }
    for action, nil in (("issued", 0.05), ("changed", 0.15), ("revoked", 0.25)):
        facts[f"egov_certs_{action}_people"] = _or_nil(rng, nil, 4, 90)
        facts[f"egov_certs_{action}_orgs"] = _or_nil(rng, nil + 0.15, 2, 15)
    return facts


def _econ(rng: random.Random, commune: Commune, _: Facts) -> Facts:
    products = _or_nil(rng, 0.08, 2, 42 if commune.commune_type == "xa" else 18)
    return {
        "econ_ocop_products": products,
        "econ_ocop_online": float(round(products * rng.uniform(0.35, 1.0))),
        "econ_cashless_pct": round(rng.uniform(52, 97), 1),
        "econ_schools_data_pct": _share(rng, 0.85, 90),
        "econ_schools_records_pct": _share(rng, 0.8, 84),
    }


def _soc(rng: random.Random, _: Commune, __: Facts) -> Facts:
    return {
        "soc_mobile_coverage_pct": _share(rng, 0.85, 92),
        "soc_fiber_centre_pct": _share(rng, 0.95, 95),
        "soc_broadband_household_pct": round(rng.uniform(72, 99.5), 1),
        "soc_smartphone_pct": round(rng.uniform(70, 98.5), 1),
    }
