"""Symbols of papers: repairing them and finding the papers that a document cites.

Belongs here: the grammar of symbols (``192/KH-UBND``, ``09-KH/ĐU``, ``20/2023/QH15``) and the date beside them.
Does not belong: whether the cited date is right (a rule of ``quality``).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import re2

from nq57_assets.catalogue import Catalogue
from nq57_assets.model import Reference
from nq57_assets.vietnamese.dates import find_dates
from nq57_assets.vietnamese.fold import fold

TYPES: dict[str, str] = {
    "NQ": "resolution", "QĐ": "decision", "CT": "directive", "KH": "plan", "BC": "report", "TB": "notice",
    "HD": "guidance", "CTr": "programme", "CTR": "programme", "TTr": "proposal", "TTR": "proposal", "ĐA": "scheme",
    "DA": "project", "PA": "option", "QC": "rules", "QyĐ": "rules", "NĐ": "decree", "TT": "circular", "CĐ": "wire",
    "CV": "letter", "BB": "minutes", "KL": "conclusion", "HĐ": "contract", "GM": "invitation", "TC": "statement",
    "QH": "law", "L": "law", "CTHĐ": "programme", "TTLT": "circular", "ĐC": "outline", "VB": "document",
}  # fmt: skip
"""Type codes of Decree 30/2020/NĐ-CP and of party papers."""

_ISSUERS = (
    "UBND", "HĐND", "TTg", "CP", "TW", "TU", "ĐU", "BCĐ", "BCĐTW", "BCĐTƯ", "SKHCN", "BKHCN", "BTTTT", "STTTT", "SNV",
    "BNV", "SVHTT", "SVHTTDL", "CNTT", "TTTT", "VHXH", "VH-XH", "CĐS", "BCĐCĐS", "VP", "BTG", "BTGDVTU", "BTGDV", "MTTQ",
    "UBMTTQ", "VPCP", "QH13", "QH14", "QH15", "UBTVQH15", "KTXH", "KT", "PVHXH", "VHKH&TT", "TTPVHCC", "ĐTN", "BTV",
    "BTVĐU", "BTCTU", "UBKT", "BCA", "CA", "BTC", "STC", "HC",
)  # fmt: skip
_CONFUSED = str.maketrans(
    {"Đ": "D", "Ð": "D", "P": "D", "B": "D", "O": "Q", "0": "Q", "Ư": "U", "$": "S", "5": "S"}
)

_LETTER = r"[A-Za-zĐđÐưƯ&$]"
_GAP = r"[ \t\x{a0}]{0,2}\n?[ \t]{0,2}"
_CITED = re2.compile(
    rf"(?:^|[^\pL\pN/.,-])(?:[sS$][6oó6éb]{{1,2}}|NQ)?(\d{{1,5}}[a-zđ]?){_GAP}([-–/]| ){_GAP}"
    rf"(?:(20\d\d|19\d\d){_GAP}/{_GAP})?"
    rf"([A-ZĐÐ]{_LETTER}{{0,9}}\d{{0,2}})(?:{_GAP}([-–/]){_GAP}([A-ZĐÐ]{_LETTER}{{1,10}}\d{{0,2}}))?"
    rf"(?:{_GAP}[-–]{_GAP}([A-ZĐÐ][A-ZĐÐ&.]{{1,9}}))?"
)
_DOTTED = re2.compile(r"\d\s?/\s?[A-ZĐÐ]{2,3}\.(?:UBND|HĐND|TTg)")
_DATE_NEAR = re2.compile(r"^[\s,;:(]{0,4}(?:ng[a-z¢&€]{1,3}\s{1,3}|n?gay\s{1,3})(?:\d{1,2} )?")
_OF_THEN_DATE = re2.compile(r"^\s{1,2}c[a-z]{1,3}a?\s[^.;:()\d/]{3,60}?[\s,]ng[a-z¢&€]{1,3}\s")
# "50/KH-UBND ký ngày 15/8/2025", "(ban hành 22/12/2024)", ", 26/8/2025": a whole date in figures, at once.
_WHOLE_DATE_NEAR = re2.compile(
    r"^(?:[\s(,]{1,3}(?:duoc )?(?:ky )?(?:ban hanh|ky|phat hanh) (?:ngay )?|\s?[(,]\s?)\d{1,2}[/.-]\d{1,2}[/.-]20\d\d\b"
)
# "ngày 28/8/2025, UBND xã ban hành Kế hoạch số" in front of the symbol.
_DATE_THEN_ISSUED = re2.compile(
    r"ngay (\d{1,2}[/.-]\d{1,2}[/.-]20\d\d),?\s(?:[^.;:()\d]{2,60}\s)?(?:ban hanh|ky)"
    r" (?:ke hoach|quyet dinh|cong van|thong bao|chi thi|huong dan)(?: so)?\s$"
)
_LETTER_WORD = re2.compile(
    r"(cong van|cong vin|van ban|vin ban|cong dien|thong bao|luat|van bdn)[a-z0-9$&;,.' ]{0,12}$"
)


def _key(part: str) -> str:
    return part.upper().translate(_CONFUSED)


_TYPE_BY_KEY = {_key(code): code for code in reversed(list(TYPES)) if code not in ("CTR", "TTR")}
_ISSUER_BY_KEY = {_key(code): code for code in reversed(_ISSUERS)}


def repair_type(part: str) -> str | None:
    """Return the type code that ``part`` is or was before OCR (``QP``, ``Qb`` and ``QD`` are ``QĐ``), else None."""
    if part in TYPES:
        return part
    if part.upper() in TYPES:
        return part.upper()
    return _TYPE_BY_KEY.get(_key(part))


def repair_issuer(part: str) -> str:
    """Return the known issuer code that ``part`` stands for (``PU`` is ``ĐU``), else ``part`` as written."""
    if part in _ISSUERS:
        return part
    return _ISSUER_BY_KEY.get(_key(part), part)


def repair_symbol(symbol: str) -> str:
    """Return a symbol without number in its official spelling: ``QPUBND`` as ``QĐ-UBND``, ``KH/PU`` as ``KH/ĐU``."""
    joined = re2.sub(r"[.—]", "-", symbol.strip(" .,;-–—/"))
    parts = [part for part in re2.split(r"\s*([-–/])\s*", joined) if part.strip()]
    if len(parts) == 1:
        return _split_joined(parts[0])
    joints = ["-" if joint in "-–" else "/" for joint in parts[1::2]]
    names = [part.strip() for part in parts[0::2]]
    if len(names) <= len(joints):
        joints = joints[: len(names) - 1]
    first = names[0]
    repaired = [repair_type(first) or repair_issuer(first)] if _is_typed(first) else [repair_issuer(first)]
    repaired += [repair_issuer(name) for name in names[1:]]
    return "".join(name + joint for name, joint in zip(repaired, [*joints, ""], strict=False))


def _is_typed(part: str) -> bool:
    return part not in _ISSUERS and repair_type(part) is not None


def _split_joined(part: str) -> str:
    """Put back a lost hyphen: ``KHUBND`` is ``KH-UBND``."""
    for length in (2, 3):
        kind, issuer = repair_type(part[:length]), part[length:]
        if kind and len(issuer) >= 3 and repair_issuer(issuer) in ("UBND", "HĐND", "TTg"):
            return f"{kind}-{repair_issuer(issuer)}"
    return repair_issuer(part)


def _compose(match: Any, before: str, known: dict[str, str]) -> str | None:
    """Return the cited symbol in official spelling, or None when the words are no citation."""
    number, joint, year, first, second_joint, second, third = match.groups()
    party = joint in "-– "
    kind = repair_type(first) if first not in _ISSUERS else None
    if party:
        if second is None or second_joint != "/" or kind is None:
            return None
        issuer = repair_issuer(second)
        if joint == " " and issuer not in ("TU", "TW", "ĐU", "BCĐTW"):
            return None
        symbol = f"{number}-{kind}/{issuer}" + (f"-{third}" if third else "")
    else:
        tail = f"{first}{second_joint or ''}{second or ''}" + (f"-{third}" if third else "")
        lawlike = year is not None and first.startswith("QH")
        after_word = _LETTER_WORD.search(fold(before)) is not None
        body = tail if lawlike else repair_symbol(tail)
        hyphened = "-" in body and second_joint != "/"
        if not (lawlike or (hyphened and _plausible(body)) or (after_word and len(first) >= 3)):
            return None
        symbol = f"{number}/{year}/{body}" if year else f"{number}/{body}"
    return known.get(_key(symbol), symbol)


def _plausible(body: str) -> bool:
    first, _, rest = body.partition("-")
    return repair_type(first) is not None or first in _ISSUERS or (len(first) >= 3 and len(rest) >= 2)


def _stated_date(after: str) -> date | None:
    """Return the date that the words after a symbol state for it (up to the next citation or sentence)."""
    folded = fold(after)
    whole = _WHOLE_DATE_NEAR.match(folded)
    if whole is not None:
        return next((found.on for found in find_dates(after[: whole.end()]) if found.on), None)
    near = _DATE_NEAR.match(folded)
    if near is None:
        near = _OF_THEN_DATE.match(folded)
        if near is None:
            return None
    for found in find_dates(after[:140]):
        if found.start > near.end() + 1:
            return None
        if found.on:
            return found.on
    return None


def _date_before(before: str) -> date | None:
    """Return the date on which the words before a symbol say that it was issued."""
    told = _DATE_THEN_ISSUED.search(fold(before))
    if told is None:
        return None
    return next((found.on for found in find_dates(f"ngày {told.group(1)}") if found.on), None)


def find_references(text: str, catalogue: Catalogue, start: int = 0) -> tuple[Reference, ...]:
    """Return the papers that ``text`` cites from position ``start``, each once, in the order of their first mention.

    A symbol that is cited with two dates gives two references; one without a date joins the dated one.
    """
    known = {_key(citation.symbol): citation.symbol for citation in catalogue.citations}
    dated: dict[str, list[date]] = {}
    # OCR reads the hyphen as a dot; the repair keeps every position.
    text = _DOTTED.sub(lambda found: found.group(0).replace(".", "-"), text)
    for match in _CITED.finditer(text, start):
        symbol = _compose(match, text[max(0, match.start(1) - 30) : match.start(1)], known)
        if symbol is None:
            continue
        days = dated.setdefault(symbol, [])
        day = _stated_date(text[match.end() : match.end() + 160].replace("\n", " "))
        day = day or _date_before(text[max(0, match.start(1) - 140) : match.start(1)].replace("\n", " "))
        if day and day not in days:
            days.append(day)
    return tuple(
        Reference(symbol, day)
        for symbol, days in dated.items()
        for day in (days or [None])  # type: ignore[list-item]
    )
