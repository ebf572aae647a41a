"""Words for findings: the message and the advice of a rule, filled with what was seen at one place.

Belongs here: filling the sentences of ``reference/rules.yaml``. Does not belong: deciding what is wrong.
"""

from __future__ import annotations

from nq57_assets.catalogue import Catalogue

_NO_FILE = "(không rõ tên)"
_UNKNOWN = "(trống)"


def message(
    rule: str,
    catalogue: Catalogue,
    *,
    file: str | None = None,
    address: str | None = None,
    indicator: str | None = None,
    observed: str | None = None,
    expected: str | None = None,
) -> tuple[str, str]:
    """Return the Vietnamese message and advice of a rule for one finding.

    Args:
        rule: Code of ``rules.yaml``.
        catalogue: The catalogue, for the sentences and the names of indicators.
        file: Name as sent.
        address: Place in the file; without one the file itself is named as the place.
        indicator: Code of the indicator; its Vietnamese name is written.
        observed: What was seen.
        expected: What was expected.

    Raises:
        KeyError: The rule book has no such rule.
    """
    book = catalogue.rule[rule]
    known = catalogue.indicator.get(indicator) if indicator else None
    words = {
        "file": file or _NO_FILE,
        "address": address or file or "Báo cáo",
        "indicator": f"“{known.vi}”" if known else indicator or _UNKNOWN,
        "observed": observed or _UNKNOWN,
        "expected": expected or _UNKNOWN,
    }
    return book.message_vi.format_map(words), book.advice_vi.format_map(words)
