"""Which commune sent a document: every place that names one votes, and a thin margin gives none.

Belongs here: collecting the votes of a document and of its inbox name, and weighing them. Does not belong: how
names are matched (``vietnamese.places``). A vote with an empty code says that the document names a sender that is
not on the list; it keeps the weaker votes from winning.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import re2
from rapidfuzz import fuzz

from nq57_assets.catalogue import COMMUNE_TYPES, Catalogue, CommuneType
from nq57_assets.extract.letterhead import Letterhead, read_letterhead
from nq57_assets.extract.signatures import SignatureLine, read_signatures
from nq57_assets.extract.tally import ACCEPT, UNLISTED, describe, margin_of, weights_of
from nq57_assets.model import Document, Header, Identity, IdentityVote
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.places import PROVINCES, NameMatch, Places, is_clean, letters, places_of

_STRONG, _MARGIN = 0.7, 0.35
_WEIGHT = {
    "letterhead": 1.0,
    "place_line": 0.75,
    "signature": 0.95,
    "form": 1.0,
    "inbox_name": 1.0,
    "body": 0.5,
}
_LOCAL_DOMAINS = ("haiphong", "haiduong")

_TYPE_WORDS: tuple[tuple[Any, CommuneType], ...] = (
    (re2.compile(r"(?:^|[^a-z])([dpb]{1,2}[a-z]?c\s?khu)\s+"), "dac_khu"),
    (
        re2.compile(r"(?:^|[^a-z])(ph[uw][o0']?[a-z']{0,2}ng|phudng|ph(?:i?[tr]|[uwy])[o06de'][a-z']?ng)\s+"),
        "phuong",
    ),
    (re2.compile(r"(?:^|[^a-z])(x[a4&3die])\s+"), "xa"),
)
_NOT_A_NAME = ("hoi", "hqi", "hoi chu nghia", "hoa", "hi", "hoi va")
_ABOVE = re2.compile(
    r"(?:^|nhan dan |ubnd |uy |dang bo |hdnd )(huyen|quan|thi xa|thi tran|tinh|thanh pho|tp)\.? +([a-z0-9 ]+)"
)
_OWN_WORDS = re2.compile(r"(?:uy ban nhan dan|ubnd|dang uy|hdnd|dia ban|cua|toan)\s*$")
_LOCAL = re2.compile(r"hai ph[a-z0-9]ng|192/kh-ubnd|(?:4157|4383)/skhcn")
_PROVINCIAL = re2.compile(
    r"(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân|hđnd|sở [^.,;:()]{2,30}) (?:của )?(?:tỉnh|huyện)(?:[ \W]|$)"
    r"|(?:tỉnh|huyện) [uủ][ỷy](?:[ \W]|$)|địa bàn (?:tỉnh|huyện)(?:[ \W]|$)"
)
# Without marks "sở" is also "số", and "tỉnh" is "tính" wherever words of time or sums follow.
_PROVINCIAL_UNMARKED = re2.compile(
    r"(?:(?:ubnd|uy ban nhan dan|hdnd|dia ban|so (?:kh&cn|khoa hoc|noi vu|thong tin)[a-z& ]{0,25})"
    r" (?:cua )?(?:tinh|huyen)|(?:tinh|huyen) uy)\b ?([a-z]*)"
)
_COUNTED = ("den", "tu", "tai", "theo", "ra", "chung", "rieng", "toi", "ca", "tong", "gop", "tron", "la")
_OF_CITY = re2.compile(r"thanh ph[a-z0-9]{1,2}\b|\btp\b")
_SEPARATORS = re2.compile(r"[^\pL\pN]+")
_SENDER = re2.compile(
    r"^(?:(?:ten )?don vi(?: bao cao| nop| gui)?\s*:?\s*)?(?:ubnd|uy ban nhan dan|dang uy|xa|phuong|dac khu)\s"
)
_CODE = re2.compile(r"(?:^|[^\pL\pN])(\d{5})(?:[^\pL\pN]|$)")


def votes(document: Document, header: Header, catalogue: Catalogue) -> tuple[IdentityVote, ...]:
    """Return the votes that the document itself casts: letterhead, place line, signatures, form stamp, body."""
    places = places_of(catalogue)
    clean = is_clean(document.text)
    head = read_letterhead(document)
    found: list[IdentityVote] = []
    if document.form and document.form.commune_code:
        found.append(_form_vote(document.form.commune_code, catalogue))
    found.extend(_letterhead_votes(head, places, clean))
    found.extend(_place_votes(head, places, clean))
    for line in read_signatures(document):
        found.extend(_signature_votes(line, places))
    found.extend(_body_votes(document, places, clean))
    found.extend(_foreign_votes(document))
    return tuple(dict.fromkeys(found))


def sender_votes(lines: Sequence[str], catalogue: Catalogue) -> tuple[IdentityVote, ...]:
    """Return the votes of lines that name the sender above a table, such as ``Đơn vị báo cáo: UBND xã …``."""
    named = [line for line in lines if _SENDER.match(fold(line).strip())]
    found = [
        _letterhead_votes(Letterhead(issuer_lines=[line]), places_of(catalogue), is_clean(line))
        for line in named
    ]
    return tuple(dict.fromkeys(vote for some in found for vote in some))


def _form_vote(code: str, catalogue: Catalogue) -> IdentityVote:
    known = code in catalogue.commune
    return IdentityVote("form", code if known else UNLISTED, 1.0, f"mã đơn vị {code} trong biểu mẫu")


def _as_votes(source: str, match: NameMatch, text: str, weight: float | None = None) -> list[IdentityVote]:
    share = _WEIGHT[source] if weight is None else weight
    if match.unlisted:
        return [IdentityVote(source, UNLISTED, round(share, 3), text)]
    return [
        IdentityVote(source, one.commune_code, round(share * one.score, 3), text) for one in match.candidates
    ]


def split_type(text: str) -> tuple[CommuneType, str] | None:
    """Return the commune's type and the words after it, from ``ỦY BAN NHÂN DÂN XÃ HẢI HƯNG``; None without a type."""
    folded = fold(text)
    best: tuple[int, CommuneType, str] | None = None
    for pattern, kind in _TYPE_WORDS:
        for match in pattern.finditer(folded):
            rest = text[match.end() :].strip()
            if fold(rest).strip(" .,-") in _NOT_A_NAME or not rest:
                continue
            if best is None or match.start() > best[0]:
                best = (match.start(), kind, rest)
    return None if best is None else (best[1], best[2])


def _letterhead_votes(head: Letterhead, places: Places, clean: bool) -> list[IdentityVote]:
    lines = head.issuer_lines
    for line in lines:
        above = _ABOVE.search(fold(line).strip())
        if above and not (
            above.group(1) in ("thanh pho", "tp") and fuzz.ratio(above.group(2), "hai phong") >= 75
        ):
            # A district or another province; a commune of the same name there is not ours.
            return [IdentityVote("letterhead", UNLISTED, 1.0, " ".join(lines))]
    for position, line in enumerate(lines):
        whole = unicodedata.normalize("NFC", line)
        if fold(whole).strip().endswith((" xa", " phuong", " dac khu")) and position + 1 < len(lines):
            whole = f"{whole} {lines[position + 1]}"
        typed = split_type(whole)
        if typed:
            return _as_votes("letterhead", places.match(typed[1], typed[0], clean), whole)
    return _untyped_letterhead(" ".join(lines), places, clean)


def _untyped_letterhead(issuer: str, places: Places, clean: bool) -> list[IdentityVote]:
    """Vote for a letterhead whose type word is missing or unreadable, or for a sender that is no commune."""
    folded = fold(issuer)
    for marker in ("nhan dan", "ubnd", "dang uy"):
        if marker in folded:
            rest = issuer[folded.rindex(marker) + len(marker) :].strip()
            match = places.match(rest, None, clean) if letters(rest) else NameMatch()
            return _as_votes("letterhead", NameMatch(match.candidates), issuer, weight=0.9)
    if clean and folded.startswith(("so ", "bo ", "truong ", "cong an", "cong ty")):
        return [IdentityVote("letterhead", UNLISTED, 1.0, issuer)]
    return []


def _place_votes(head: Letterhead, places: Places, clean: bool) -> list[IdentityVote]:
    if not head.place:
        return []
    place = unicodedata.normalize("NFC", head.place)
    typed = split_type(place)
    if typed:
        return _as_votes("place_line", places.match(typed[1], typed[0], clean), place, weight=0.85)
    if letters(place) in ("haiphong", "haiduong", "tphaiphong", "thanhphohaiphong"):
        return []
    match = places.match(place, None, clean)
    if match.candidates:
        return _as_votes("place_line", match, place)
    if _is_province(place):
        return [IdentityVote("place_line", UNLISTED, 0.8, place)]
    # Without a type word the line may name a village or a former district, which says nothing.
    return []


def _is_province(text: str) -> bool:
    key = letters(text)
    return any(key in (letters(name), f"tinh{letters(name)}", f"tp{letters(name)}") for name in PROVINCES)


def _signature_votes(line: SignatureLine, places: Places) -> list[IdentityVote]:
    found: list[IdentityVote] = []
    typed = split_type(line.signature.signer)
    if typed:
        found += _as_votes("signature", places.match(typed[1], typed[0], True), line.signature.signer)
    if not line.email or "@" not in line.email:
        return found
    local, _, domain = line.email.lower().rpartition("@")
    shown = f"…@{domain}"
    parts = domain.split(".")
    if "gov" in parts and not any(name in parts for name in _LOCAL_DOMAINS):
        if any(letters(name) in parts for name in PROVINCES):
            found.append(IdentityVote("signature", UNLISTED, 0.8, shown))
        return found
    plain = letters(local)
    for prefix, kind in (("dackhu", "dac_khu"), ("phuong", "phuong"), ("xa", "xa")):
        start = plain.find(prefix)
        if start in (0, 4) and (start == 0 or plain.startswith("ubnd")):
            codes = places.exact(plain[start + len(prefix) :], kind)  # type: ignore[arg-type]
            score = 1.0 if len(codes) == 1 else 0.5
            found += [IdentityVote("signature", code, 0.9 * score, shown) for code in codes]
            break
    return found


def _body_votes(document: Document, places: Places, clean: bool) -> list[IdentityVote]:
    """Cast one weak vote for the commune that the body names as its own ("UBND xã …", "trên địa bàn xã …")."""
    text = unicodedata.normalize(
        "NFC", " ".join(block.text for block in document.blocks[:1500] if block.text)
    )
    folded = fold(text)
    counts: dict[str, int] = {}
    known: dict[tuple[str, CommuneType], tuple[str, ...]] = {}
    for kind, start in islice(_body_names(folded), 400):
        if not _OWN_WORDS.search(folded[max(0, start - 22) : start]):
            continue
        name = _name_at(text[start : start + 60], kind)
        if name and (name, kind) not in known:
            match = places.match(name, kind, clean)
            known[name, kind] = tuple(one.commune_code for one in match.candidates)
        for code in known.get((name, kind), ()):
            counts[code] = counts.get(code, 0) + 1
    if not counts:
        return []
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    top = [code for code, count in ranked if count == ranked[0][1]]
    share = ranked[0][1] / sum(counts.values())
    strength = _WEIGHT["body"] * share * min(1.0, 0.6 + 0.2 * ranked[0][1]) * (1 if len(top) == 1 else 0.5)
    return [
        IdentityVote(
            "body",
            code,
            round(strength, 3),
            f"{places.catalogue.commune[code].full_name} ({counts[code]} lần)",
        )
        for code in top[:2]
    ]


def _opening(document: Document) -> str:
    """Return the text of a long report's length; a longer file says nothing new about its sender."""
    return " ".join(block.text for block in document.blocks[:1500] if block.text)[:150_000]


def _body_names(folded: str) -> Iterator[tuple[CommuneType, int]]:
    for pattern, kind in _TYPE_WORDS:
        for match in pattern.finditer(folded):
            yield kind, match.start(1)


def _name_at(text: str, kind: CommuneType) -> str:
    """Return the two to four capitalised words that follow a type word, or nothing."""
    words = text.split()
    skip = 2 if kind == "dac_khu" and len(words[0]) < 5 else 1
    name: list[str] = []
    for word in words[skip : skip + 5]:
        if not word[:1].isupper():
            break
        name.append(word.rstrip('.,;:)”"'))
        if word != name[-1]:
            break
    return " ".join(name) if 2 <= len(name) <= 4 else ""


def _foreign_votes(document: Document) -> list[IdentityVote]:
    """Vote against the list when the document speaks of another province rather than of Hải Phòng."""
    opening = _opening(document)
    folded = fold(opening)
    local = len(_LOCAL.findall(folded))
    provincial = _speaks_of_province(opening, folded)
    mentions = {name: folded.count(f"tinh {fold(name)}") for name in PROVINCES}
    if local == 0:
        mentions = {name: count + folded.count(f"thanh pho {fold(name)}") for name, count in mentions.items()}
    most = max(mentions, key=lambda name: mentions[name])
    if mentions[most] and (local == 0 or (provincial and mentions[most] > max(1, local))):
        return [IdentityVote("body", UNLISTED, 0.8, f"văn bản nói về {most}, không phải Hải Phòng")]
    if local == 0 and provincial and "hai duong" not in folded and not _OF_CITY.search(folded):
        return [
            IdentityVote("body", UNLISTED, 0.8, "văn bản nói về một tỉnh hoặc huyện, không nói về Hải Phòng")
        ]
    return []


def _speaks_of_province(text: str, folded: str) -> bool:
    """Whether bodies of a province or a district are named: ``UBND tỉnh``, and no ``số máy tính``."""
    if is_clean(text):
        return _PROVINCIAL.search(unicodedata.normalize("NFC", text).lower()) is not None
    return any(found.group(1) not in _COUNTED for found in _PROVINCIAL_UNMARKED.finditer(folded))


def inbox_votes(inbox_name: str, catalogue: Catalogue) -> tuple[IdentityVote, ...]:
    """Return the votes of a path in the inbox: a five-digit code, or a name with or without marks, any separators.

    Args:
        inbox_name: Path below the round's folder, such as ``xa-hai-hung/bao cao.docx`` or ``11257_so lieu.xlsx``.
        catalogue: The listed communes.
    """
    places = places_of(catalogue)
    name = unicodedata.normalize("NFC", inbox_name)
    found = [
        IdentityVote("inbox_name", code, 1.0, inbox_name)
        for code in _codes_in(name)
        if code in catalogue.commune
    ]
    nearest = True
    for part in reversed(name.replace("\\", "/").split("/")):
        for code, score, typed in _longest_names(part, places):
            # A bare name counts only where it stands nearest to the file: folders also carry former districts.
            if typed or nearest:
                found.append(IdentityVote("inbox_name", code, score, part))
        nearest = nearest and not found
    return tuple(dict.fromkeys(found))


def _codes_in(name: str) -> list[str]:
    codes: list[str] = []
    position = 0
    while match := _CODE.search(name, position):
        codes.append(match.group(1))
        position = match.end(1)
    return codes


def _longest_names(part: str, places: Places) -> list[tuple[str, float, bool]]:
    """Return the communes that the longest runs of words in a path part name: code, score, whether typed."""
    words = [word for word in _SEPARATORS.split(part) if word]
    hits: list[tuple[int, int, tuple[str, ...], bool]] = []
    for size in range(min(6, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            kind, rest = _typed_run(words[start : start + size])
            codes = places.exact(" ".join(rest), kind) if rest else ()
            if codes and not any(start < hit[0] + hit[1] and hit[0] < start + size for hit in hits):
                hits.append((start, size, codes, kind is not None))
    typed = [hit for hit in hits if hit[3]]
    return [
        (code, (0.9 if is_typed else 0.75) / len(codes), is_typed)
        for _, _, codes, is_typed in typed or hits
        for code in codes
    ]


def _typed_run(run: list[str]) -> tuple[CommuneType | None, list[str]]:
    plain = [fold(word) for word in run]
    for length, kind in ((2, "dac_khu"), (1, "phuong"), (1, "xa")):
        label = fold(COMMUNE_TYPES[kind])
        if " ".join(plain[:length]) == label and len(run) > length:
            return kind, run[length:]  # type: ignore[return-value]
        if len(run) == 1 and plain[0].startswith(label.replace(" ", "")):
            return kind, [run[0][len(label.replace(" ", "")) :]]  # type: ignore[return-value]
    return None, run


def identify(votes: tuple[IdentityVote, ...], inbox_name: str, catalogue: Catalogue) -> Identity:
    """Weigh the votes of a document and of its inbox name.

    Returns:
        The commune that the votes agree on; without one, ``method`` starts with ``conflict:`` (strong votes
        disagree), ``unlisted:`` (the sender is none of the list) or ``unsure:``.
    """
    cast = votes + inbox_votes(inbox_name, catalogue)
    weight = weights_of(cast)
    strong = {vote.commune_code for vote in cast if vote.score >= _STRONG}
    if len(strong - {UNLISTED}) > 1:
        return Identity(None, f"conflict: {describe(cast, strong, catalogue)}", 0.0, cast)
    if UNLISTED in strong:
        reason = "; ".join(dict.fromkeys(vote.text for vote in cast if vote.commune_code == UNLISTED))
        kind = "conflict" if strong - {UNLISTED} else "unlisted"
        return Identity(None, f"{kind}: {reason}", 0.0, cast)
    ranked = sorted(((score, code) for code, score in weight.items() if code != UNLISTED), reverse=True)
    if not ranked:
        return Identity(None, "unsure: không có căn cứ nào", 0.0, cast)
    best, code = ranked[0]
    margin = margin_of(cast, ranked)
    if best < ACCEPT or margin < _MARGIN:
        near = {code, ranked[1][1]} if len(ranked) > 1 else {code}
        return Identity(None, f"unsure: {describe(cast, near, catalogue)}", margin, cast)
    sources = sorted({vote.source for vote in cast if vote.commune_code == code})
    return Identity(code, " + ".join(sources), margin, cast)
