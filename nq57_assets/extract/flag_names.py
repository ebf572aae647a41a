"""Names by which documents call what yes-or-no claims are about, and what is said around a passage.

Belongs here: symbols, short forms and words that stand apart (``NQ57``, ``KH``, ``nhóm trao đổi trên Zalo``) as hits, the
titles and the subject around a passage. Does not belong: whose a thing is and what is said of it (``flag_mentions``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import re2

from nq57_assets.extract.cues import surfaces_in
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Passage, Token, tokenize
from nq57_assets.extract.scene import Scene
from nq57_assets.extract.small_words import stands_for
from nq57_assets.vietnamese.fold import fold

_RESOLUTION = re2.compile(r"57\s?[-–]?\s?NQ|NQ\s?S?5?7")
_QUOTES = "“\"”‘'«"
_ZALO = re2.compile(r"^za[l1i|]?[o0ô6]$")
_GROUPS = frozenset({"nhóm", "group"})
_NAMED = re2.compile(r"zal|ban ch|bcd|chuy.n|m[a-z]{1,2}c [\"“”'‘]|g[o6e]c |hoach|trang con|portal")
_OPENING = re2.compile(r"^[^a-z]*(?:[a-z. ]{0,20})(?:co|da|roi|r.i|chua|khong|kh.ng|thanh lap)")
_OF = re2.compile(r"^c[uil]{1,3}[au]$")  # What recognition without Vietnamese leaves of "của".
_NUMBERED = re2.compile(r"^\d{1,4}/KH-?UBND")
_COMMITTEE_FIRST = re2.compile(r"^[^a-z]*ban chi dao")
_LISTS = re2.compile(
    r"^[^a-z]*(?:xa |phuong |hien |da |chua |khong )*(?:co|lap|thanh lap|xong|lam xong)[^a-z]*$"
)
_LISTS_NONE = re2.compile(r"^[^a-z]*(?:xa |phuong |hien )*(?:chua|khong) ")
_LONG_TITLE = 110
_TEAM = frozenset({"to", "t6", "te", "td", "tb", "t0", "tcn", "team"})
_TEAM_NAMES = frozenset({"tổ công nghệ số cộng đồng", "tổ cnscđ", "tổ cns", "cnscđ", "tổ công nghệ số"})


@dataclass(frozen=True, slots=True)
class Around:
    """Phrases said around a passage.

    Attributes:
        title: In the heading or the leading line directly above.
        titles: In the headings above it as well.
        theme: In the subject of the document.
        opening: The text of ``title``, folded.
    """

    title: frozenset[str]
    titles: frozenset[str]
    theme: frozenset[str]
    opening: tuple[str, ...]

    @property
    def helpers(self) -> bool:
        """Whether the title is about the helpers of a committee and not about itself."""
        return any("giup viec" in text and not _COMMITTEE_FIRST.search(text) for text in self.opening)

    @property
    def listed(self) -> float | None:
        """What a leading line says of all that is listed below it: ``CÓ:`` and ``Đã lập:`` 1, ``Chưa có:`` 0."""
        for text in self.opening:
            if _LISTS.match(text):
                return 0.0 if _LISTS_NONE.match(text) else 1.0
        return None

    @property
    def is_on_resolution(self) -> bool:
        """Whether headings or subject name Resolution 57."""
        return "nghị quyết 57" in self.titles | self.theme | self.title


def around_of(scene: Scene, grammar: Grammar, theme: frozenset[str]) -> Around:
    """Return what is said around a passage."""
    passage = scene.passage
    above = [passage.lead] if passage.lead else list(passage.path[-1:])
    short = tuple(fold(text) for text in above if len(text) <= _LONG_TITLE)
    title = frozenset().union(*(phrases_of(text, grammar) for text in above if len(text) <= _LONG_TITLE))
    titles = title.union(*(phrases_of(text, grammar) for text in passage.path[-2:]))
    return Around(title, titles, theme, short)


def may_claim(passage: Passage) -> bool:
    """Whether a passage without a figure may name a thing, or answer a title that names one; cheaper than reading it."""
    if _NAMED.search(fold(passage.text)):
        return True
    above = passage.lead or (passage.path[-1] if passage.path else "")
    return _OPENING.match(fold(passage.text[:40])) is not None and _NAMED.search(fold(above)) is not None


@lru_cache(maxsize=2048)
def phrases_of(text: str, grammar: Grammar) -> frozenset[str]:
    """Return the phrases of a short text, Resolution 57 written as a symbol among them."""
    return surfaces_in(text, grammar).union(hit.phrase for hit in resolution_hits(tokenize(text)))


def resolution_hits(tokens: Sequence[Token]) -> list[Hit]:
    """Return hits for Resolution 57, which stands as a symbol among the labels and not as words."""
    found = []
    for i, token in enumerate(tokens):
        named = token.kind == "label" and _RESOLUTION.search(token.text)
        short = token.kind == "word" and fold(token.text).startswith("nq") and token.text.endswith("57")
        spelled = (
            token.kind in ("figure", "label")
            and (token.text == "57" or token.text.startswith("57/"))
            and i > 0
            and fold(tokens[i - 1].text)
            in ("quyet", "so", "nq", "s6", "sé", "se", "sb", "sd", "bcd", "dao", "vu")
        )
        if named or short or spelled:
            found.append(Hit("nghị quyết 57", i, i + 1, 0.0, 3))
    return found


def with_names(scene: Scene) -> Scene:
    """Add hits for what is named by a symbol, by a short form or by words that stand apart."""
    tokens, damaged = scene.tokens, scene.passage.damaged
    extra = resolution_hits(tokens)
    for i, token in enumerate(tokens):
        if (
            i < 2 and token.kind == "label" and _NUMBERED.match(token.text)
        ):  # The line above ends in its word.
            extra.append(Hit("kế hoạch", i, i + 1, 0.3, 2))
        if token.kind != "word":
            continue
        if token.text == "KH":
            extra.append(Hit("kế hoạch", i, i + 1, 0.0, 2))
        elif token.text in ("TT", "tt") and _follows_plan(tokens, i):
            extra.append(Hit("tuyên truyền", i, i + 1, 0.0, 1))
        elif token.text[0] in "zZ2" and _ZALO.match(fold(token.text)):
            extra += _zalo_group(tokens, i, scene.hits, damaged)
        elif stands_for(token, {"mục", "góc"}, damaged) and _opens_name(tokens, i):
            extra.append(Hit("chuyên trang", i, i + 1, 0.0, 2))
    return replace(scene, hits=(*scene.hits, *extra)) if extra else scene


def _follows_plan(tokens: Sequence[Token], i: int) -> bool:
    """Whether ``KH`` or ``kế hoạch`` stands before, so that ``TT`` is short for what is planned."""
    return i > 0 and (tokens[i - 1].text == "KH" or fold(tokens[i - 1].text) == "hoach")


def _opens_name(tokens: Sequence[Token], i: int) -> bool:
    """Whether a quoted name follows *mục*: ``chuyên mục`` is a hit of its own, ``danh mục`` is something else."""
    joined = i > 0 and fold(tokens[i - 1].text) in ("chuyen", "danh", "hang", "phu", "de")
    return not joined and i + 1 < len(tokens) and tokens[i + 1].text in _QUOTES


def _zalo_group(tokens: Sequence[Token], i: int, hits: Sequence[Hit], damaged: bool) -> list[Hit]:
    """Return the group that a name of the service stands for: ``nhóm trao đổi trên Zalo``, ``Zalo của Tổ``."""
    first = i
    for j in range(i - 1, max(-1, i - 6), -1):
        if tokens[j].kind != "word" and tokens[j].text not in _QUOTES:
            break
        if stands_for(tokens[j], _GROUPS, damaged):
            first = j
            break
    behind = i + 1
    if first == i and behind < len(tokens) and stands_for(tokens[behind], _GROUPS, damaged):
        return [Hit("nhóm zalo", i, behind + 1, 0.0, 2)]
    if first < i:
        return [Hit("nhóm zalo", first, i + 1, 0.0, 2)]
    links = {"của", "cho", "các", "chung", "riêng"}
    while behind < len(tokens) and (
        stands_for(tokens[behind], links, damaged) or (damaged and _OF.match(fold(tokens[behind].text)))
    ):
        behind += 1
    teams = any(h.start == behind and h.phrase in _TEAM_NAMES for h in hits) or is_team(tokens, behind)
    return [Hit("nhóm zalo", i, i + 1, 0.0, 2)] if teams or _answers_alone(tokens, i, damaged) else []


def _answers_alone(tokens: Sequence[Token], i: int, damaged: bool) -> bool:
    """Whether a list only says that there is Zalo: ``23 tổ, 158 người, Zalo có``, ``…; có Zalo, …``."""
    before, behind = tokens[max(0, i - 2) : i], tokens[i + 1 : i + 3]

    def parted(place: int) -> bool:
        return place < 0 or place >= len(tokens) or tokens[place].kind == "mark"

    if before and stands_for(before[-1], {"có"}, damaged):
        return parted(i - 2) and parted(i + 1)
    opens = parted(i - 1) or fold(tokens[i - 1].text) == "roi"
    if not opens or not behind or not stands_for(behind[0], {"có"}, damaged):
        return False
    return parted(i + 2) or fold(tokens[i + 2].text) == "roi"


def is_team(tokens: Sequence[Token], place: int) -> bool:
    """Whether ``Tổ`` alone stands there, and not ``tổ dân phố``."""
    if place >= len(tokens) or fold(tokens[place].text) not in _TEAM:
        return False
    behind = fold(tokens[place + 1].text) if place + 1 < len(tokens) else ""
    return behind not in ("dan", "chuc", "giup")
