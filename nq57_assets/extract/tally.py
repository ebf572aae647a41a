"""Votes for a commune added up: how far each carries, how far the first is ahead, in words for people.

Belongs here: pure functions on votes.
Does not belong: where votes come from and what they decide (``identity``).
"""

from __future__ import annotations

from nq57_assets.catalogue import Catalogue
from nq57_assets.model import IdentityVote

UNLISTED = ""
"""Code of a vote for a sender outside the list."""

ACCEPT = 0.7
"""How far votes must carry to name a commune."""

_SOURCES_VI = {
    "letterhead": "phần đầu văn bản",
    "place_line": "địa danh",
    "signature": "chữ ký",
    "form": "mã trong biểu mẫu",
    "inbox_name": "tên tệp hoặc thư mục",
    "body": "nội dung",
}


def margin_of(cast: tuple[IdentityVote, ...], ranked: list[tuple[float, str]]) -> float:
    """Return how far the first commune is ahead of the second.

    Words that fit both names speak for neither once other words, strong enough by themselves, name only the first.
    """
    best, code = ranked[0]
    margin = best - (ranked[1][0] if len(ranked) > 1 else 0.0)
    named: dict[tuple[str, str], set[str]] = {}
    for vote in cast:
        named.setdefault((vote.source, vote.text), set()).add(vote.commune_code)
    telling = weights_of(tuple(vote for vote in cast if len(named[vote.source, vote.text]) == 1))
    if telling.get(code, 0.0) >= ACCEPT:
        margin = max(margin, best - max((telling[other] for other in telling if other != code), default=0.0))
    return round(margin, 3)


def weights_of(cast: tuple[IdentityVote, ...]) -> dict[str, float]:
    """Return for each commune how far its votes carry, 0 to 1; one source counts once, with its best vote."""
    strongest: dict[tuple[str, str], float] = {}
    for vote in cast:
        key = (vote.commune_code, vote.source)
        strongest[key] = max(vote.score, strongest.get(key, 0.0))
    doubt: dict[str, float] = {}
    for (code, _), score in strongest.items():
        doubt[code] = doubt.get(code, 1.0) * (1.0 - min(score, 0.99))
    return {code: 1.0 - left for code, left in doubt.items()}


def describe(cast: tuple[IdentityVote, ...], codes: set[str], catalogue: Catalogue) -> str:
    """Name communes and the sources that voted for each, in Vietnamese."""
    parts = []
    for code in sorted(codes - {UNLISTED}):
        sources = sorted({vote.source for vote in cast if vote.commune_code == code})
        named = ", ".join(_SOURCES_VI[source] for source in sources)
        parts.append(f"{catalogue.commune[code].full_name} ({named})")
    parts += dict.fromkeys(vote.text for vote in cast if vote.commune_code == UNLISTED and UNLISTED in codes)
    return "; ".join(parts)
