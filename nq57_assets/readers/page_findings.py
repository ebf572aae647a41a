"""What to tell of pages that were recognised from pictures, and of pages that could not be.

Belongs here: the findings that PDF and picture files share. Does not belong: reading either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nq57_assets.model import Address, Finding


def findings_of_pages(scanned: Sequence[int], unread: Sequence[tuple[int, str]]) -> Iterator[Finding]:
    """Yield one finding for all recognised pages, and one for each page that was not read, with the reason."""
    if scanned:
        yield Finding("file_recognised", observed=page_numbers(scanned))
    for number, reason in unread:
        yield Finding("file_page_unread", Address(page=number), observed=reason)


def page_numbers(pages: Sequence[int]) -> str:
    """Return ``1–3, 5`` of the pages 1, 2, 3 and 5."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
