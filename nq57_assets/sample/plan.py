"""Which commune makes which mistake: dealt out so that mistakes do not hide one another and the city stays publishable.

Belongs here: dealing. Does not belong: the mistakes themselves (``defects``, ``misfiled``).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import count, cycle
from typing import Literal

from nq57_assets.catalogue import Catalogue, Commune, Round
from nq57_assets.sample import defects, misfiled
from nq57_assets.sample.city import Sending, Way, add_files, plan_sending
from nq57_assets.sample.truth import city_facts

Role = Literal["file", "value", "copy", "donor", "pair"]
_FILES, _FILES_IN_SMALL_CITY, _SMALL = 0.2, 0.35, 100
_HOSTS = 0.07
_FIGURES_A_HOST = 3


def plan_city(
    catalogue: Catalogue,
    communes: Sequence[Commune],
    rounds: Sequence[Round],
    seed: int,
    share: float,
    spoil: bool,
) -> list[Sending]:
    """Return what every commune sends for every round, mistakes included, in a stable order.

    Args:
        catalogue: The reference data.
        communes: Those that owe a report.
        rounds: In the order of their due dates, the later one is where a jump between rounds is planted.
        seed: Of the city.
        share: Share of the communes that send a narrative.
        spoil: Whether to plant mistakes.
    """
    facts = city_facts(catalogue, tuple(communes), seed)
    roles = _roles([c.commune_code for c in communes], rounds, seed) if spoil else {}
    sendings: dict[tuple[str, str], Sending] = {}
    for round_ in rounds:
        for commune in communes:
            key = (round_.round_id, commune.commune_code)
            way: Way | None = "form" if key in roles else None
            sendings[key] = plan_sending(
                commune, round_, catalogue, facts[commune.commune_code], seed, way, share
            )
    if spoil:
        _spoil_pairs(sendings, roles, rounds)
    start = 0
    for round_ in rounds:
        mine = [s for (round_id, _), s in sendings.items() if round_id == round_.round_id]
        start = _send(mine, roles, start)
    return list(sendings.values())


def _send(sendings: Sequence[Sending], roles: dict[tuple[str, str], Role], start: int) -> int:
    """Spoil and make the files of one round; return where the next round goes on in the list of file mistakes."""

    def having(role: Role) -> list[Sending]:
        return [s for s in sendings if roles.get((s.round_.round_id, s.commune.commune_code)) == role]

    _spoil_figures(having("value"))
    for copy, donor in zip(having("copy"), having("donor"), strict=True):
        misfiled.copy_figures(copy, donor)
    spoiled = having("file")
    for position, sending in enumerate(spoiled):
        spoiler = misfiled.FILE_SPOILERS[(start + position) % len(misfiled.FILE_SPOILERS)]
        sending.parcels = spoiler(sending)
    for sending in sendings:
        if sending not in spoiled:
            add_files(sending)
    return start + len(spoiled)


def _roles(codes: Sequence[str], rounds: Sequence[Round], seed: int) -> dict[tuple[str, str], Role]:
    """Deal the roles: communes compared between rounds first, the same ones in each; then each round for itself."""
    n = len(codes)
    order = list(codes)
    random.Random(f"{seed}/roles").shuffle(order)
    pairs = order[: max(2, n // 57)] if len(rounds) > 1 and n >= 6 else []
    roles: dict[tuple[str, str], Role] = {(r.round_id, code): "pair" for r in rounds for code in pairs}
    for round_ in rounds:
        rest = [code for code in order if code not in pairs]
        random.Random(f"{seed}/roles/{round_.round_id}").shuffle(rest)
        hand = iter(rest)
        wanted: list[tuple[Role, int]] = [
            ("value", max(2, round(n * _HOSTS)) if n >= 4 else 0),
            ("copy", max(1, n // 114) if n >= 10 else 0),
            ("donor", max(1, n // 114) if n >= 10 else 0),
            ("file", round(n * (_FILES if n >= _SMALL else _FILES_IN_SMALL_CITY))),
        ]
        for role, number in wanted:
            for _, code in zip(range(number), hand, strict=False):
                roles[round_.round_id, code] = role
    return roles


def _spoil_pairs(
    sendings: dict[tuple[str, str], Sending], roles: dict[tuple[str, str], Role], rounds: Sequence[Round]
) -> None:
    if len(rounds) < 2:
        return
    earlier, later = rounds[0].round_id, rounds[-1].round_id
    codes = [code for (round_id, code), role in roles.items() if role == "pair" and round_id == earlier]
    for code, spoiler in zip(codes, cycle((defects.jump, defects.disagree)), strict=False):
        spoiler(sendings[later, code], sendings[earlier, code])


def _spoil_figures(hosts: Sequence[Sending]) -> None:
    """Give each host some wrong figures in turn, each kind at least once in the round where it fits."""
    if not hosts:
        return
    kinds = defects.VALUE_SPOILERS
    for position in range(max(len(kinds), _FIGURES_A_HOST * len(hosts))):
        for host in _from(hosts, position):
            if kinds[position % len(kinds)](host):
                break


def _from(hosts: Sequence[Sending], start: int) -> Iterator[Sending]:
    return (hosts[i % len(hosts)] for i, _ in zip(count(start), hosts, strict=False))
