"""Whether a sentence in its place is a difficulty, a cause or a recommendation, and whom it asks.

Belongs here: judging one sentence by its words and by the section around it. Does not belong: finding sections and
sentences (``statements``, ``statement_units``).
"""

from __future__ import annotations

from dataclasses import dataclass

from nq57_assets.extract.statement_units import label_of
from nq57_assets.extract.statement_words import STOPS, Said, Words, loose_words
from nq57_assets.model import Addressee, StatementKind
from nq57_assets.vietnamese.fold import fold

_GENERIC = 3
# How many words after "đề nghị" the addressee may begin; "với", "lên" and titles of respect stand between.
_REACH = 4
_SUBJECT = 9
_ABOVE = ("addressee:city", "addressee:department", "addressee:central")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: what its section heads, whom it addresses, its title."""

    roles: tuple[str, ...] = ()
    addressee: Addressee | None = None
    section: str | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The roles that are kinds of statements."""
        return frozenset(self.roles) - STOPS


def judge(
    said: Said, place: Place, previous: StatementKind | None, words: Words
) -> tuple[StatementKind, Addressee | None] | None:
    """Return kind and addressee of a sentence in its place; None when it is no statement."""
    kinds = place.kinds
    if says_nothing(said, words) or said.starts_with("closings", 3) or said.text.rstrip().endswith(":"):
        return None
    if _gives_cause(said) and (kinds or previous in ("difficulty", "cause") or said.has("lacks")):
        return "cause", None
    because = said.starts_with("cause_words")
    if (
        because
        and (kinds or previous in ("difficulty", "cause"))
        and not (said.damaged and because.syllables == 1)
    ):
        return "cause", None  # "Do chưa có quy chế phối hợp", "Vì chưa có mục chi"
    asked = _asked(said, place, words)
    if asked is not None:
        return "recommendation", asked
    if not kinds:
        return ("difficulty", None) if _speaks_of_trouble(said, place) else None
    return _by_place(said, place, words)


def _by_place(said: Said, place: Place, words: Words) -> tuple[StatementKind, Addressee | None] | None:
    """Judge a sentence without a cue of its own by the section that it stands in."""
    kinds, mixed = place.kinds, bool(set(place.roles) & STOPS)
    lacking = said.has("lacks")
    coming = said.starts_with("futures", 5)
    if coming and ("recommendation" not in kinds or mixed) and (mixed or not lacking):
        return None
    asking = said.starts_with("asking_verbs")
    body = _body_acts(said, words)
    if body is not None and not mixed:
        return "recommendation", body
    if kinds == {"recommendation"} or ("recommendation" in kinds and asking):
        named = _named_early(said, words)
        counted = any(token.kind == "figure" for token in said.tokens)
        if not asking and not named and (mixed or (counted and not lacking)):
            return None  # A task, or a target: "hồ sơ trực tuyến 99%".
        return "recommendation", named or place.addressee or "other"
    if "difficulty" in kinds:
        if "cause" in kinds and said.starts_with("cause_words"):
            return "cause", None
        return ("difficulty", None) if lacking or not mixed else None
    return ("cause", None) if "cause" in kinds else None


def _body_acts(said: Said, words: Words) -> Addressee | None:
    """Return the body of the city or the state that begins a sentence and shall do something: ``Sở … mở API``."""
    named = words.addressee(said, 0, 1)
    first = next((hit for hit in said.of(*_ABOVE) if hit.start == 0), None)
    if named is None or first is None or said.has("lacks"):
        return None
    verb = any(first.end <= hit.start <= first.end + 1 for hit in said.of("asking_verbs"))
    return named if verb else None


def _gives_cause(said: Said) -> bool:
    """Whether a sentence begins to tell a cause: ``Nguyên nhân là do``, ``Những hạn chế trên do``."""
    start = said.starts_with("cause_starts", 2)
    if start is not None and not any(
        start.start == hit.start for hit in said.of("lookalikes") if said.damaged
    ):
        return True
    because = said.of("cause_words")
    for trouble in said.of("title:difficulty"):
        # "Những hạn chế nêu trên do …", "Chỉ tiêu này chưa đạt vì …"
        reach = 3 if trouble.start <= 2 else 0 if trouble.start < _SUBJECT else -1
        if any(trouble.end <= hit.start <= trouble.end + reach for hit in because):
            return True
    return any(hit.syllables > 2 and hit.start < _SUBJECT for hit in because) and said.has("lacks")


def _named_early(said: Said, words: Words) -> Addressee | None:
    """Return whom the first words of a recommendation name: ``Sở: …``, ``Đăng ký với Sở …``."""
    first = words.addressee(said, 0, 3)
    ways = [hit.end for hit in said.of("toward", "asks") if hit.start < 8]
    return first or next((one for way in ways if (one := words.addressee(said, way, way + 2))), None)


def _asked(said: Said, place: Place, words: Words) -> Addressee | None:
    """Return whom the commune asks in a sentence; None when it asks nobody."""
    others = {i for hit in said.of("asked_of_others", "settled") for i in range(hit.start, hit.end)}
    for ask in said.of("asks"):
        if ask.start in others:
            continue
        named = words.addressee(said, ask.start, ask.end + _REACH)
        below = any(ask.end <= hit.start < ask.end + _REACH for hit in said.of("addressee:below"))
        if below and named is None:
            return None
        if "recommendation" in place.kinds:
            return named or words.addressee(said, 0, min(ask.start, 4)) or place.addressee or "other"
        if ask.start - _colon(said, ask.start) > _SUBJECT or (
            not place.kinds and _proposes_number(said, ask.end)
        ):
            continue
        if named is not None:
            return named
        if ask.start <= 1 and (place.kinds or _verb_follows(said, ask.end)):
            return place.addressee or "other"
    return None


def _colon(said: Said, before: int) -> int:
    """Return where the words behind the last colon begin."""
    return max((i + 1 for i, token in enumerate(said.tokens[:before]) if token.text == ":"), default=0)


def _verb_follows(said: Said, start: int) -> bool:
    return any(hit.start <= start + 1 and hit.start >= start for hit in said.of("asking_verbs"))


def _proposes_number(said: Said, start: int) -> bool:
    """Whether a proposal counts tasks, which is a result that the round asks for: ``đề xuất với Sở 02 nhiệm vụ``."""
    near = said.tokens[max(0, start - 10) : start + 16]
    return any(token.kind == "figure" for token in near) and any(fold(t.text) == "nhiem" for t in near)


def says_nothing(said: Said, words: Words) -> bool:
    """Whether a unit holds no statement: a blank, ``Không có``, a remark in brackets, words that only introduce."""
    text = said.text.strip()
    label, rest = label_of(text)
    if rest and words.addressee(words.read(label, said.damaged)) and len(rest) < 80:
        return says_nothing(words.read(rest, said.damaged), words)
    if sum(token.kind == "word" and len(token.text) > 1 for token in said.tokens) < 2:
        return True
    if text.startswith("(") and text.rstrip(" .;").endswith(")") and text.count("(") == 1:
        return True
    ends = max((hit.end for hit in said.of("intros")), default=0)
    if ends and ends >= len(said.tokens) - 2:
        return True
    about = words.themes(said) != ("other",)
    if said.has("courtesies") and not about:
        return True
    generic = (said.has("troubles") and not about) or said.starts_with("nil")
    return loose_words(said) <= (_GENERIC if generic else 0)


def _speaks_of_trouble(said: Said, place: Place) -> bool:
    """Whether a sentence outside every section of statements tells a difficulty by its own words."""
    if "tasks" in place.roles or said.has("settled") or said.has("outweighed"):
        return False
    if said.starts_with("trouble_starts", 2) or said.has("troubles"):
        return True
    return said.starts_with("adversatives", 1) is not None and said.has("lacks")
