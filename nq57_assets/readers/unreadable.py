"""The one way in which a reader says that it can't read a file: with a reason for the person who sent it."""

from __future__ import annotations

from nq57_assets.model import Finding


class Unreadable(Exception):  # noqa: N818 - it reads as the verdict on a file, not as a fault of ours
    """A file that yields no document.

    Attributes:
        finding: The broken rule (``file_unreadable``, ``file_empty`` or ``file_unsafe``); ``observed`` says in
            Vietnamese what was seen.
    """

    def __init__(self, observed: str, rule: str = "file_unreadable") -> None:
        super().__init__(f"{rule}: {observed}")
        self.finding = Finding(rule, observed=observed)

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str]]:
        # The exception crosses from a worker process to its parent, and must arrive with its finding.
        return type(self), (self.finding.observed or "", self.finding.rule)
