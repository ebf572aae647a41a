"""Masking of people's phone numbers and e-mail addresses: they stay in the archive and nowhere else."""

from __future__ import annotations

import re2

_EMAIL = re2.compile(r"[A-Za-z0-9._%+\-]+@([A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)")
# Vietnamese numbers: 0 or +84 and eight to ten digits, grouped by blanks, dots or hyphens. A count such as
# 1.440.000 never starts with 0, so it can't be taken for one.
_PHONE = re2.compile(r"(?:\+84|\(?0)[\s.\-]?\d(?:[\s.\-)]{0,2}\d){7,10}")
_DATE = re2.compile(r"^0?\d[./\-]\d{1,2}[./\-]\d{4}")


def mask(text: str) -> str:
    """Return ``text`` with e-mail addresses as ``…@domain`` and phone numbers as ``(số điện thoại)``."""
    masked = _EMAIL.sub(lambda match: f"…@{match.group(1)}", text) if "@" in text else text
    parts: list[str] = []
    end = 0
    for match in _PHONE.finditer(masked):
        # Digits that go on before or after the match are some longer number, a date or a part of a whole.
        before, after = (
            masked[max(0, match.start() - 1) : match.start()],
            masked[match.end() : match.end() + 1],
        )
        if (
            before.isdigit()
            or before in (",", "/", ".")
            or after in ("/", "%")
            or _DATE.match(match.group(0))
        ):
            continue
        parts += [masked[end : match.start()], "(số điện thoại)"]
        end = match.end()
    return "".join([*parts, masked[end:]])
