"""What reading a long file may take beyond the usual: granted page by page by whoever set the limits.

Belongs here: the one call by which a reader says that it goes on to the next page. Does not belong: the limits
themselves (``intake.worker``), time-outs of other programs (``ocr``).
"""

from __future__ import annotations

from collections.abc import Callable

_grant: Callable[[], None] | None = None


def on_page(grant: Callable[[], None] | None) -> None:
    """Have ``grant`` called before each page that a recogniser reads; None ends it."""
    global _grant
    _grant = grant


def next_page() -> None:
    """Say that a page is about to be recognised, which takes seconds."""
    if _grant is not None:
        _grant()
