"""Arguments that several commands take, and how a command ends when one is wrong.

Belongs here: checking what was typed. Does not belong: commands (``cli``, ``cli_returns``).
"""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from nq57_assets.catalogue import catalogue

RoundArgument = Annotated[
    str, typer.Argument(help="A round of reference/rounds.csv, such as 2025-nq57-communication.")
]


def stop(message: str, code: int = 2) -> NoReturn:
    """End the command with a message on standard error."""
    print(message, file=sys.stderr)
    raise SystemExit(code)


def known_round(round_id: str) -> str:
    """Return a round of the catalogue; another one ends the command with the names of those there are."""
    known = catalogue().round
    if round_id not in known:
        stop(f"{round_id!r} is no round. Known rounds: {', '.join(known)}.")
    return round_id


def known_commune(code: str) -> str:
    """Return a commune's code; another one ends the command."""
    if code not in catalogue().commune:
        stop(f"{code!r} is no commune code; see reference/communes.csv.")
    return code
