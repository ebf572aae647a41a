"""Where a document names a thing that is there or not: a committee, a section of the portal, a group of the teams.

Belongs here: finding the thing, what it is about and whose it is, in the sentence or in the words around it.
Does not belong: whether it is there (``flag_answers``), plans with their numbers (``own_plan``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import re2

from nq57_assets.extract.flag_answers import closing, is_help
from nq57_assets.extract.flag_names import Around, is_team
from nq57_assets.extract.grammar import Grammar, Pattern
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.small_words import plain, stands_for

PLAN, COMMITTEE, SECTION, GROUP = (
    "steer_plan",
    "steer_committee",
    "media_portal_section",
    "team_zalo_group",
)
_HELPERS = frozenset(
    {("giup", "viec"), ("thuong", "truc"), ("to", "truong"), ("pho", "truong"), ("van", "phong")}
)
_SPAN, _BEHIND = 30, 7
_OWNED = frozenset({"của", "được", "đã", "chưa", "có", "xã", "phường"})
_PLAIN_BARE = frozenset({"va", "do", "duoc", "cua", "da", "hop", "ra", "gom", "tu", "cung"})
_WARD = re2.compile(r"^ph.{1,4}ng$")
_PAPERS = re2.compile(r"^v[a-z]?n$|^v[b-z]?$")  # "văn bản chỉ đạo", and no "và Ban Chỉ đạo".
_DIGITAL = ("chuyển đổi số", "CĐS", "cđs", "57", "nghị quyết")
_CHANNELS = frozenset({"loa", "đài", "báo", "fanpage", "facebook", "tiktok", "youtube", "oa"})
_BROADCAST = frozenset(
    {"truyền thanh", "phát thanh", "phát sóng", "hệ thống loa", "loa phát thanh", "trên loa"}
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing named in a passage.

    Attributes:
        hits: The thing itself first, then what it is about or whose it is, as far as that stands in the passage.
        low: First token of the thing and of what belongs to it in its part of the sentence.
        high: Token behind it.
        part: The part of the sentence in which it stands, between semicolons.
        sentence: The sentence.
        strength: 1 when all stands in one part, less when some of it is taken from the words around.
    """

    hits: tuple[Hit, ...]
    low: int
    high: int
    part: tuple[int, int]
    sentence: tuple[int, int]
    strength: float


def parts_of(scene: Scene) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield (part, sentence): every sentence cut at its semicolons; a drawn row is one sentence a line."""
    for first, last in scene.sentences:
        begin = first
        for i in range(first, last):
            if scene.tokens[i].text == ";":
                if begin < i:
                    yield (begin, i), (first, last)
                begin = i + 1
        if begin < last:
            yield (begin, last), (first, last)


def mentions(pattern: Pattern, scene: Scene, around: Around, grammar: Grammar) -> list[Mention]:
    """Return where a thing is named together with what the pattern asks of it."""
    things = _longest([h for h in scene.hits if h.phrase in pattern.groups[0][1]])
    found: list[Mention] = []
    for part, sentence in parts_of(scene):
        for thing in things:
            if not part[0] <= thing.start < part[1]:
                continue
            mention = _mention(pattern, thing, part, sentence, scene, around, grammar)
            if mention is not None:
                found.append(mention)
    return found


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Keep one hit for words that several phrases cover."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.cost)):
        if not any(hit.start < other.end and other.start < hit.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


def _mention(
    pattern: Pattern,
    thing: Hit,
    part: tuple[int, int],
    sentence: tuple[int, int],
    scene: Scene,
    around: Around,
    grammar: Grammar,
) -> Mention | None:
    chain, strength = [thing], 1 - 0.1 * thing.cost
    for _, surfaces in pattern.groups[1:]:
        hit, weight = _told_of(surfaces, thing, part, sentence, scene, around)
        weight = weight or _by_kind(pattern, thing, (part, sentence), scene, around)
        if not weight:
            return None
        strength *= weight
        if hit is not None:
            chain.append(hit)
            strength *= 1 - 0.1 * hit.cost
    inside = [h for h in chain if part[0] <= h.start < part[1]]
    low, high = min(h.start for h in inside), max(h.end for h in inside)
    if _somebody_elses(pattern, thing, chain, part, scene, grammar):
        return None
    return Mention(tuple(chain), low, high, part, sentence, strength)


def _told_of(
    surfaces: frozenset[str],
    thing: Hit,
    part: tuple[int, int],
    sentence: tuple[int, int],
    scene: Scene,
    around: Around,
) -> tuple[Hit | None, float]:
    """Return (hit, weight) of the nearest words of a group: in the part, the sentence, before it, or around."""
    worn = scene.passage.damaged  # "cộng đồng của xã" is no "cổng của xã" where every mark stands.
    hits = [h for h in scene.hits if h.phrase in surfaces and (worn or h.cost <= 0.12 * h.syllables)]
    apart = [h for h in hits if h.end <= thing.start or thing.end <= h.start]
    # "Ban Chỉ đạo 57" names its matter itself; elsewhere that phrase may be a poor reading of the thing alone.
    hits = apart or [h for h in hits if h.sure or h.start < thing.start]
    for (first, last), weight in ((part, 1.0), (sentence, 0.98)):
        near = [h for h in hits if first <= h.start < last and abs(h.start - thing.start) <= _SPAN]
        if near:
            return min(near, key=lambda h: abs(h.start - thing.start)), weight
    next_sentence = any(h for h in hits if sentence[1] <= h.start < sentence[1] + _BEHIND)
    if any(h.sure and h.start < thing.start for h in hits) or surfaces & around.titles or next_sentence:
        return None, 0.95
    return None, 0.0


def _by_kind(
    pattern: Pattern,
    thing: Hit,
    spans: tuple[tuple[int, int], tuple[int, int]],
    scene: Scene,
    around: Around,
) -> float:
    """Return the weight of what a kind of thing is taken for when its own words are short."""
    code, tokens = pattern.indicator.code, scene.tokens
    part, sentence = spans
    if code == GROUP:
        words = range(max(sentence[0], thing.start - 14), min(part[1], thing.end + 6))
        opening = range(sentence[0], min(sentence[0] + 3, thing.start))
        if any(is_team(tokens, i) for i in (*opening, *words)):
            return 0.9
        return 0.0
    matters = pattern.groups[1][1] if len(pattern.groups) > 1 else frozenset()
    if code == COMMITTEE and (any("57" in phrase for phrase in around.theme) or matters & around.theme):
        return 0.93 if _stands_bare(thing, part, scene) else 0.0
    linked = any(t.kind == "label" and ".gov.vn" in t.text.lower() for t in tokens[thing.end : part[1]])
    if code == SECTION and (linked or closing(tokens, thing.end, part[1], scene.passage.damaged)):
        phrases = [thing.phrase, *(h.phrase for h in scene.hits if thing.end <= h.start < part[1])]
        named = any(word in phrase for phrase in phrases for word in _DIGITAL)
        near = (max(part[0], thing.start - _BEHIND), min(part[1], thing.end + _BEHIND))
        return 0.9 if named and not _other_place(scene, near) else 0.0
    return 0.0


def _stands_bare(thing: Hit, part: tuple[int, int], scene: Scene) -> bool:
    """Whether a committee is named without its matter: ``Ban Chỉ đạo được thành lập``, ``Ban Chỉ đạo của xã``."""
    if thing.end >= part[1] or scene.tokens[thing.end].kind == "mark":
        return True
    if _counts_people(scene.tokens, thing.end):
        return True
    words = {
        "của",
        "được",
        "đã",
        "do",
        "và",
        "cấp",
        "với",
        "hoạt",
        "xã",
        "phường",
        "có",
        "từ",
        "chưa",
        "cũng",
        "cùng",
        "họp",
        "ra",
        "gồm",
        "thì",
    }
    told = [plain(t) for t in scene.tokens[thing.end : thing.end + 5]]
    if told[:4] == ["thuc", "hien", "nghi", "quyet"] and told[4:] != ["so"]:
        place = thing.end + 4
        return place >= len(scene.tokens) or scene.tokens[place].kind in ("word", "mark")
    following = scene.tokens[thing.end]
    if following.text.lower() in words or stands_for(following, _OWNED, scene.passage.damaged):
        return True
    return scene.passage.damaged and (
        plain(following) in _PLAIN_BARE or _WARD.match(plain(following)) is not None
    )


def _counts_people(tokens: Sequence[Token], place: int) -> bool:
    """Whether a figure tells how many sit on a committee and isn't its name: ``Ban Chỉ đạo 15 đồng chí``."""
    if place + 1 >= len(tokens) or tokens[place].kind != "figure":
        return False
    return plain(tokens[place + 1]) in ("dong", "nguoi", "thanh", "uy")


def _somebody_elses(
    pattern: Pattern, thing: Hit, chain: Sequence[Hit], part: tuple[int, int], scene: Scene, grammar: Grammar
) -> bool:
    """Whether words right behind the thing or its place say that it is not the commune's, or about another matter."""
    code = pattern.indicator.code
    if any(h.phrase in pattern.without and h.sure and part[0] <= h.start < part[1] for h in scene.hits):
        return True
    if code == GROUP:
        teams = any(thing.start <= h.start < thing.end + _BEHIND for h in chain[1:])
        return not teams and _owner_behind(scene, thing.end, part[1])
    if code == SECTION:
        places = [h for h in chain[1:] if part[0] <= h.start < part[1]]
        answered = closing(scene.tokens, thing.end, part[1], scene.passage.damaged) is not None
        near = (max(part[0], thing.start - _BEHIND), min(part[1], thing.end + _BEHIND))
        if not places and _other_place(scene, near if answered else part):
            return True
        if any(_citys(scene.tokens, h.end, part[1]) for h in places):
            return True
        if any(t.text.lower() in _CHANNELS for h in places for t in scene.tokens[h.end : h.end + 1]):
            return True
        return _other_matter(scene, part, grammar)
    if code == COMMITTEE:
        before = [plain(t) for t in scene.tokens[max(part[0], thing.start - 4) : thing.start]]
        if before[-1:] and _PAPERS.match(before[-1]):
            return True  # "van ban chi dao" are papers.
        helpers = not _HELPERS.isdisjoint(pairwise(before)) or before[-1:] in (["hop"], ["cao"])
        helpers = helpers or any(
            is_help(scene.tokens, i) for i in range(max(part[0], thing.start - 4), thing.start - 1)
        )
        if helpers or any(_citys(scene.tokens, h.end, part[1]) for h in chain if h.start < part[1]):
            return True
        return _other_committee(scene, thing, chain, part, grammar)
    return False


def _other_committee(
    scene: Scene, thing: Hit, chain: Sequence[Hit], part: tuple[int, int], grammar: Grammar
) -> bool:
    """Whether a number or another field of work names the committee: ``Ban Chỉ đạo 35``, ``… phòng, chống thiên tai``."""
    behind = thing.end
    if behind < part[1] and _counts_people(scene.tokens, behind):
        return False
    if behind < part[1] and scene.tokens[behind].kind == "figure" and scene.tokens[behind].text != "57":
        return "57" not in thing.phrase
    own = min((h.start for h in chain[1:] if h.start >= behind), default=part[1])
    reach = min(own, behind + _BEHIND)
    named = {h.phrase for h in scene.hits if h.sure and behind <= h.start < reach}
    others = (
        plain(scene.tokens[behind]) in ("phong", "cai", "bau", "van", "giam", "thi")
        if behind < part[1]
        else False
    )
    return bool(named & grammar.cues["other_topics"]) or (others and own > behind)


def _owner_behind(scene: Scene, start: int, stop: int) -> bool:
    """Whether a group belongs to a village, an agency or a society: ``nhóm Zalo của thôn``, ``nhóm Zalo các chi hội``."""
    words = []
    for token in scene.tokens[start : min(stop, start + 5)]:
        if token.kind != "word":
            break
        words.append(plain(token))
    while words and words[0] in ("cua", "cho", "cac", "tung", "rieng", "chung", "moi", "tai", "noi", "bo"):
        words.pop(0)
    owners = (
        "thon",
        "khu",
        "chi",
        "mat",
        "phu",
        "thanh",
        "hoi",
        "lop",
        "truong",
        "xom",
        "gia",
        "doan",
        "dang",
    )
    if not words or (words[0] == "chi" and words[1:2] not in (["hoi"], ["bo"], ["doan"])):
        return False  # "chị Hoa" keeps the group and doesn't own it.
    return words[0] in owners or words[:2] in (["to", "dan"], ["co", "quan"])


def _other_place(scene: Scene, part: tuple[int, int]) -> bool:
    """Whether a section is said to be one of the radio, the press or a social network."""
    words = {t.text.lower() for t in scene.tokens[part[0] : part[1]] if t.kind == "word"}
    spoken = {h.phrase for h in scene.hits if h.sure and part[0] <= h.start < part[1]}
    return not words.isdisjoint(_CHANNELS) or not spoken.isdisjoint(_BROADCAST)


def _city(words: Sequence[str]) -> bool:
    """Whether ``thành phố`` stands first, its second word as recognition leaves it."""
    return len(words) > 1 and words[0] == "thanh" and words[1].startswith("ph") and len(words[1]) < 4


def _citys(tokens: Sequence[Token], start: int, stop: int) -> bool:
    """Whether the city, the province or a department is named right behind."""
    words = [plain(t) for t in tokens[start : min(stop, start + 5)] if t.kind == "word"]
    while words and words[0] in ("cua", "ubnd", "cap"):
        words.pop(0)
    return bool(words) and (words[0] in ("tp", "tinh", "trung", "so", "chinh") or _city(words))


def _other_matter(scene: Scene, part: tuple[int, int], grammar: Grammar) -> bool:
    """Whether a section is about another field of work and nothing digital stands beside."""
    said = {h.phrase for h in scene.hits if h.sure and part[0] <= h.start < part[1]}
    return bool(said & grammar.cues["other_topics"]) and not said & grammar.cues["own_topics"]
