"""Statements of none: ``không có hồ sơ quá hạn``, ``Quá hạn: không``, ``tổ chức không phát sinh`` count as 0.

Belongs here: finding words that deny and what they deny, as a quantity of a scene.
Does not belong: which indicator is denied (``match``), denials of yes-or-no claims (``flags``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import re2

from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token
from nq57_assets.extract.quantities import Edges, Quantity
from nq57_assets.extract.scene import Scene, starts
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral

_LINKS = frozenset({"cho", "doi", "voi", "cua", "duoc", "them", "moi", "bo", "sung"})
_PLAIN_REST = frozenset(
    {"ca", "nhan", "to", "chuc", "va", "nao", "truong", "hop", "thuc", "hien", "duoc", *_LINKS}
)
# Deeds that an answer denies without their object: "Màn hình LED: chưa lắp đặt", "Công văn riêng: không ban hành".
_DEEDS = frozenset(
    {
        "lap",
        "dat",
        "ban",
        "hanh",
        "trien",
        "khai",
        "mo",
        "cai",
        "trang",
        "bi",
        "cap",
        "phat",
        "thanh",
        "mua",
        "co",
        "ai",
    }
)
# Words behind a denied deed that leave something done: "chưa lắp màn hình LED tại 3 thôn", "chưa mở hết các lớp".
_LEFT = frozenset({"tai", "o", "het", "du", "nhieu", "rieng", "toan", "tat", "mot", "con", "ngoai", "thuong"})
_SENDERS = frozenset(
    {"xa", "phuong", "dac", "khu", "don", "vi", "dia", "ban", "hien", "den", "nay", "thi", "deu"}
)
_OPENING = frozenset({"so", "tong", "luong", "cac", "+", "-", "*", "ve"})
_OF_CERTIFICATES = frozenset({"cấp mới", "thay đổi thông tin", "thu hồi"})
_NO = re2.compile(r"kh[a-z0-9]ng|ch[a-z]{0,2}a|\bko\b")
# Behind its label in a row of labels and figures: "pano 25, LED không có; quá hạn ko".
_ROW_NO = re2.compile(r" (?:khong|chua|ko)(?: co)? ?(?:[,;./)]|$)")
_DENYING_LEAD = re2.compile(r"^\W*(?:[a-z ]{0,24} )?(?:khong|chua|ko)(?: (?:co|phat sinh))?(?: duoc)? ?:$")
_PARTS = frozenset(",;./()")
_ROW_LABEL = 6
_ANSWERED_NO = re2.compile(r"[:?|] (?:xa |phuong |hien |den nay |van )*(?:kh[a-z0-9]ng|ch[a-z]{0,2}a)")
_ITEMS = frozenset(
    {"cái", "chiếc", "bài", "tin", "tin bài", "lượt", "buổi", "băng rôn", "pano", "khẩu hiệu", "văn bản"}
)
_CLAUSAL = frozenset(
    {"hay", "có", "được", "vì", "nên", "mà", "nếu", "khi", "để", "đã", "hoặc", "thôn", "nào"}
)
_VERB, _ANY = 3, 8


def _lead_denies(scene: Scene, starting: Edges, grammar: Grammar) -> list[Quantity]:
    """Return the zero of an item ``- màn hình LED nào;`` below a line that says ``Chưa có:``."""
    tokens = scene.tokens
    place = next((i for i, token in enumerate(tokens) if token.text.lower() in ("nào", "nao")), None)
    if place is None or scene.quantities or not _DENYING_LEAD.match(fold(scene.passage.lead).strip()):
        return []
    noun = next((n for i in range(place) if (n := _noun_at(i, starting, grammar)) is not None), None)
    said = Hit("", place, place + 1, 0.0, 1)
    return [_quantity(scene, said, place + 1, noun, (0, len(tokens)), (0, len(tokens)))]


def _ends_pair(hit: Hit, scene: Scene) -> int | None:
    """Return the token behind a denial that stands for the figure of its label, in a row of labels and figures."""
    tokens = scene.tokens
    end = hit.end + (fold(tokens[hit.end].text) == "co" if hit.end < len(tokens) else 0)
    begin = hit.start
    while begin > 0 and tokens[begin - 1].kind == "word":
        begin -= 1
    if not 0 < hit.start - begin <= _ROW_LABEL or any(_unsaid(t) for t in tokens[begin : hit.start]):
        return None
    if end < len(tokens) and tokens[end].text not in _PARTS:
        return None
    before = begin > 1 and tokens[begin - 1].text in ",;/" and _tells_pair(tokens, begin - 2)
    behind = next(
        (i for i in range(end + 1, min(end + 2 + _ROW_LABEL, len(tokens))) if tokens[i].kind != "word"), 0
    )
    told = behind > end + 1 and tokens[behind].kind == "figure" and tokens[end].text in ",;/"
    return end if before or told else None


def _unsaid(token: Token) -> bool:
    """Whether a word makes a clause of a label, so that a denial behind it denies a deed."""
    return token.text.lower() in _CLAUSAL


def _tells_pair(tokens: Sequence[Token], last: int) -> bool:
    """Whether words and one figure stand up to ``last``, the figure last or before its noun."""
    near = tokens[max(0, last - 1) : last + 1]
    return any(token.kind == "figure" for token in near)


def with_zeros(scene: Scene, grammar: Grammar) -> Scene:
    """Add a quantity of 0 where words say that there is none."""
    starting = starts(scene.hits)
    zeros: list[Quantity] = []
    seen: set[int] = set()
    none = grammar.cues["none"] | grammar.cues["denials"]
    denials = [hit for hit in scene.hits if hit.phrase in none]
    for hit in scene.hits:
        if hit.start in seen or hit.syllables == 0 or _denied_twice(hit, denials, scene):
            continue
        if any(token.text == "?" for token in scene.tokens[hit.start : hit.end]):
            continue  # "… chưa? Có rồi" is a question with its answer.
        zero = _zero(hit, scene, starting, grammar)
        if zero is not None:
            zero = _apart_from_figures(zero, hit, scene)
        if zero is not None:
            seen.add(hit.start)
            zeros.append(zero)
    zeros += _lead_denies(scene, starting, grammar) if not zeros else []
    counted = [_cut_at(quantity, zeros) for quantity in scene.quantities]
    # A plan or a section that is not there is no figure of any indicator; it only ends the clause before it.
    told = [zero for zero in zeros if not zero.unit or zero.unit in grammar.by_unit]
    found = tuple(sorted((*counted, *told), key=lambda q: q.index))
    return replace(scene, quantities=found)


def _apart_from_figures(zero: Quantity, hit: Hit, scene: Scene) -> Quantity | None:
    """Return a zero whose clause holds no other figure, or None where a figure says how many have none.

    ``5 thôn chưa có màn hình LED`` denies nothing of the whole; ``cả hai điểm đều không có`` and ``treo 25 cái không có màn
    hình LED`` do.
    """
    first = zero.first
    for figure in scene.quantities:
        if not zero.first <= figure.index < zero.last:
            continue
        between = scene.tokens[figure.unit_end : hit.start] if figure.index < hit.start else ()
        told_of_all = any(token.text.lower() in ("đều", "deu") for token in between)
        if (
            figure.index > hit.start
            or zero.unit_end <= hit.start
            or not (told_of_all or figure.unit in _ITEMS)
        ):
            return None
        first = max(first, figure.unit_end)
    return replace(zero, first=min(first, hit.start))


def says_none_at_all(text: str) -> bool:
    """Whether a text may deny with ``nào`` or answer with no: ``chưa mua tài khoản nào``, ``Quá hạn: không``."""
    plain = fold(text)
    if _ROW_NO.search(plain) is not None:
        return True
    return _ANSWERED_NO.search(plain) is not None or (" nao" in plain and _NO.search(plain) is not None)


def _zero(hit: Hit, scene: Scene, starting: Edges, grammar: Grammar) -> Quantity | None:
    """Return the quantity that a denial states, when it is clear what is denied."""
    tokens = scene.tokens
    denies = hit.phrase in grammar.cues["none"] and hit.cost <= 0.16 * hit.syllables
    if not denies and (hit.phrase not in grammar.cues["denials"] or hit.cost > 0.1):
        return None
    start, end = next(span for span in scene.sentences if span[0] <= hit.start < span[1])
    stops = [i for i in range(start, end) if tokens[i].kind == "mark" and tokens[i].text in ",;()"]
    first = max([start, *(i + 1 for i in stops if i < hit.start)])
    last = min([end, *(i for i in stops if i >= hit.end)])
    if _all_done(hit, scene, last, grammar):
        return None
    behind = _denied_until(hit, starting, tokens, last, grammar) if not denies else hit.end
    noun = _noun_at(behind, starting, grammar) if behind is not None else None
    if noun is None:
        noun = _any_of(hit, starting, tokens, last, grammar)
    if noun is None and _answers(hit, tokens, first) and _says_nothing(tokens[hit.end : last], _DEEDS):
        if tokens[hit.start - 1].text == "?":
            return _to_question(scene, hit, last, grammar)
        labels = sum(token.text == ":" for token in tokens[first : hit.start])
        head = _head(scene, first, grammar) if labels == 1 else None
        if head is None and not _says_nothing(tokens[hit.end : last]):
            return None  # "Kế hoạch …: chưa ban hành" counts nothing.
        return _quantity(scene, hit, hit.end, head, (first, last), (start, end))
    if noun is None and not denies:
        deed = _bare_deed(hit, starting, tokens, last)
        if deed is not None:
            return _quantity(scene, hit, deed, None, (first, last), (start, end))
    if noun is None and denies and _says_nothing(tokens[hit.end : last]):
        noun = _noun_before(scene, hit, first, grammar)
    if noun is None:
        pair = _ends_pair(hit, scene)
        return _quantity(scene, hit, pair, None, (first, last), (start, end)) if pair else None
    return _quantity(scene, hit, behind or hit.end, noun, (first, last), (start, end))


def _to_question(scene: Scene, hit: Hit, last: int, grammar: Grammar) -> Quantity | None:
    """Return the zero that answers ``Có bao nhiêu màn hình LED?`` or ``Có hồ sơ quá hạn không?``."""
    tokens = scene.tokens
    span = next((span for span in scene.sentences if span[1] == hit.start), None)
    if span is None:
        return None
    asked = [token.text.lower() for token in tokens[span[0] : span[1]]]
    if "nhiêu" in asked or "mấy" in asked:
        noun = None
    elif "có" in asked and asked[-2:-1] in (["không"], ["chưa"]):
        noun = _noun_at(span[0] + asked.index("có") + 1, starts(scene.hits), grammar)
        if noun is None:
            return None
    else:
        return None
    zero = _quantity(scene, hit, hit.end, noun, (span[0], last), (span[0], last))
    return replace(zero, unit_end=hit.end)


def _quantity(
    scene: Scene, hit: Hit, end: int, noun: Hit | None, span: tuple[int, int], sentence: tuple[int, int]
) -> Quantity:
    tokens = scene.tokens
    behind = noun is not None and noun.start >= hit.start
    return Quantity(
        end - 1,
        Numeral(tokens[hit.start].start, tokens[end - 1].end, "figure", ""),
        unit=noun.phrase if noun else "",
        unit_end=noun.end if noun and behind else end,
        first=span[0],
        last=span[1],
        sentence=sentence,
        start=hit.start,
        none=True,
    )


def _noun_at(place: int, starting: Edges, grammar: Grammar) -> Hit | None:
    """Return the counted noun that begins at a token."""
    nouns = [h for h in starting.get(place, ()) if h.phrase in grammar.units and h.sure]
    for h in starting.get(place - 1, ()):  # "cho tổ chức" is a phrase of its own and covers its noun.
        link, _, noun = h.phrase.partition(" ")
        if h.sure and fold(link) in _LINKS and noun in grammar.units:
            nouns.append(Hit(noun, place, h.end, h.cost, h.syllables - 1))
    return max(nouns, key=lambda h: (h.syllables - h.cost, h.end)) if nouns else None


def _noun_before(scene: Scene, hit: Hit, first: int, grammar: Grammar) -> Hit | None:
    """Return the noun of ``tổ chức không phát sinh``, where the denial ends its part of the sentence."""
    nouns = [
        h
        for h in scene.hits
        if first <= h.start and h.end <= hit.start and h.phrase in grammar.by_unit and h.sure
    ]
    for h in scene.hits:  # "cho tổ chức không có"
        link, _, noun = h.phrase.partition(" ")
        linked = first <= h.start and h.end == hit.start and fold(link) in _LINKS and noun in grammar.by_unit
        if linked and h.sure:
            nouns.append(Hit(noun, h.start + 1, h.end, h.cost, h.syllables - 1))
    return max(nouns, key=lambda h: (h.end, h.syllables)) if nouns else None


def _head(scene: Scene, first: int, grammar: Grammar) -> Hit | None:
    """Return the noun that opens a label: ``Nhóm Zalo của Tổ: chưa có`` denies a group and no team."""
    while first < len(scene.tokens) and fold(scene.tokens[first].text) in _OPENING:
        first += 1
    nouns = [h for h in scene.hits if h.start == first and h.phrase in grammar.units and h.sure]
    return max(nouns, key=lambda h: h.syllables) if nouns else None


def _any_of(hit: Hit, starting: Edges, tokens: Sequence[Token], last: int, grammar: Grammar) -> Hit | None:
    """Return the noun of ``chưa mua tài khoản bản quyền nào``: ``nào`` behind it says that there is none at all."""
    for place in range(hit.end, min(hit.end + _VERB + 1, last)):
        noun = _noun_at(place, starting, grammar)
        if noun is not None and (noun.phrase != "tổ chức" or place > hit.end):  # "chưa tổ chức hội nghị nào"
            reach = range(noun.end, min(noun.end + _ANY, last))
            return noun if any(tokens[i].text.lower() in ("nào", "nao") for i in reach) else None
    return None


def _answers(hit: Hit, tokens: Sequence[Token], first: int) -> bool:
    """Whether a denial answers a label, with nothing but the sender between: ``Màn hình LED: xã chưa có``."""
    place = hit.start
    while place > first and fold(tokens[place - 1].text) in _SENDERS:
        place -= 1
    return place > 0 and tokens[place - 1].text in ":?"


def _says_nothing(tokens: Sequence[Token], deeds: frozenset[str] = frozenset()) -> bool:
    """Whether nothing but whom it concerns follows an answer: ``không phát sinh đối với cá nhân và tổ chức``."""
    plain = _PLAIN_REST | deeds
    return len(tokens) <= 1 or all(t.kind == "mark" or fold(t.text) in plain for t in tokens)


def _all_done(hit: Hit, scene: Scene, last: int, grammar: Grammar) -> bool:
    """Whether another denial behind ``nào`` turns none into all: ``không có cán bộ nào chưa được tập huấn``.

    A denial that belongs to what is counted (``không còn máy nào chưa cài``) turns nothing.
    """
    words = [fold(token.text) for token in scene.tokens[hit.end : last]]
    if "nao" not in words:
        return False
    for place in range(hit.end + words.index("nao"), last):
        token = scene.tokens[place]
        if token.kind == "word" and token.text.lower() in ("chưa", "không"):
            known = grammar.cues["none"] | grammar.cues["denials"]
            return not any(
                h.start == place and h.syllables > 1 and h.sure and h.phrase not in known for h in scene.hits
            )
    return False


def _denied_until(
    hit: Hit, starting: Edges, tokens: Sequence[Token], last: int, grammar: Grammar
) -> int | None:
    """Return the token behind a denied deed and whom it was for: ``không cấp mới cho tổ chức``."""
    deeds = [h for h in starting.get(hit.end, ()) if h.phrase in grammar.cues["deeds"] and h.sure]
    if not deeds:
        return None
    place = max(h.end for h in deeds)
    rest = tokens[place:last]
    if any(t.kind == "figure" or fold(t.text) in _LEFT for t in rest):
        return None
    while place < len(tokens) and fold(tokens[place].text) in _LINKS:
        place += 1
    return place if _noun_at(place, starting, grammar) is not None else None


def _bare_deed(hit: Hit, starting: Edges, tokens: Sequence[Token], last: int) -> int | None:
    """Return the token behind a denied deed that needs no object: ``; không thu hồi``."""
    deeds = [h.end for h in starting.get(hit.end, ()) if h.phrase in _OF_CERTIFICATES and h.sure]
    return max(deeds) if deeds and _says_nothing(tokens[max(deeds) : last]) else None


def _denied_twice(hit: Hit, denials: Sequence[Hit], scene: Scene) -> bool:
    """Whether another denial stands shortly before: ``không có thôn nào chưa có tổ`` leaves none without."""
    return any(
        0 <= hit.start - other.end <= 3
        and all(token.text != "?" for token in scene.tokens[other.end : hit.start])
        for other in denials
    )


def _cut_at(quantity: Quantity, zeros: Sequence[Quantity]) -> Quantity:
    """End a figure's clause where a statement of none begins behind it."""
    starts_behind = [zero.first for zero in zeros if quantity.unit_end <= zero.first - 1 < quantity.last]
    return replace(quantity, last=min(starts_behind) - 1) if starts_behind else quantity
