"""The words of a finding for the person who must act: message and advice from the rule book, in Vietnamese.

Belongs here: filling a rule's words with a finding's fields. Does not belong: deciding whether a rule is broken.
"""

from __future__ import annotations

from nq57_assets.catalogue import Catalogue
from nq57_assets.model import Finding
from nq57_assets.privacy import mask

_UNKNOWN = "(không rõ)"


class _Fields(dict[str, str]):
    """Fields of a message; one that the finding does not carry reads as unknown instead of failing."""

    def __missing__(self, key: str) -> str:
        return _UNKNOWN


def message(finding: Finding, catalogue: Catalogue, file: str = "") -> tuple[str, str]:
    """Return message and advice for a finding, in Vietnamese, phone numbers and e-mails masked.

    Args:
        finding: The broken rule with its place and what was seen.
        catalogue: The rule book and the indicators' names.
        file: Name of the file as the sender knows it; may be empty.

    Raises:
        KeyError: The rule book has no such rule, which is a mistake of ours.
    """
    rule = catalogue.rule[finding.rule]
    named = catalogue.indicator.get(finding.indicator or "")
    given = {
        "file": file,
        "address": str(finding.address),
        "indicator": f"“{named.vi}”" if named else finding.indicator,
        "observed": finding.observed,
        "expected": finding.expected,
    }
    fields = _Fields({key: mask(value) for key, value in given.items() if value})
    return _filled(rule.message_vi, fields), _filled(rule.advice_vi, fields)


def _filled(words: str, fields: _Fields) -> str:
    if "address" not in fields:
        words = words.replace("{address}: ", "")
    if "file" not in fields:
        words = words.replace(" {file}", "")
    filled = words.format_map(fields)
    return filled[:1].upper() + filled[1:]
