"""Narrative reports of the synthetic communes, in six ways of writing and laying out, with every claim that they make.

The sentences stand in ``families/*.yaml``. ``{code}`` gives a figure, ``{code~}`` one that may be rounded or bounded,
``{code!}`` a bare one for a table cell, ``{?code}`` one that is shown but not claimed by itself, ``[+code]`` at the
beginning says that the sentence claims a flag, ``{@word}`` is a word about the commune, ``{+difficulty}`` stands for one
to three sentences of ``said.yaml``. A sentence of which a figure is not known is left out.
Belongs here: words and claims. Does not belong: damage (``damage``), files (``write``).
"""

from __future__ import annotations

import math
import random
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from nq57_assets.catalogue import Catalogue, Commune, Round
from nq57_assets.model import Qualifier
from nq57_assets.sample.letters import PLAN_BODY, closing, letterhead, official_letter, subject

DocumentKind = Literal["report", "plan", "official_letter"]

_FIGURE = re.compile(r"\{(\??)([a-z][a-z0-9_]+)([~!]?)\}")
_WORD = re.compile(r"\{@(\w+)\}")
_PAIR = re.compile(r"\{\?([a-z0-9_]+)\}/\{\?([a-z0-9_]+)\}")
_SAID = re.compile(r"\{\+(difficulty|cause|recommendation)\}")
_FLAG = re.compile(r"^\[\+([a-z0-9_]+)\] ")
_DROPPED = 0.08
"""Share of the sentences that a commune leaves out."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure as stated; bounds as in ``model.Observation``, ``part`` and ``whole`` where ``a/b`` is shown."""

    indicator: str
    value: float | None
    low: float | None
    high: float | None
    qualifier: Qualifier = "exact"
    nil: bool = False
    part: float | None = None
    whole: float | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """One difficulty, cause or recommendation as the report states it; ``addressee`` is empty for the first two."""

    kind: str
    addressee: str
    theme: str
    text: str


@dataclass(frozen=True, slots=True)
class Narrative:
    """A report as text, what it claims and states, and its header."""

    text: str
    claims: tuple[Claim, ...]
    statements: tuple[Stated, ...]
    family: str
    number: int | None
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class _Style:
    """How a family writes: letterhead, line width (0 keeps a paragraph on one line), thousands mark, padded digits."""

    letterhead: str
    wrap: int
    thousands: str
    pad: bool


@dataclass
class _Draft:
    """What is needed while a report is being written; gathers lines and claims."""

    rng: random.Random
    catalogue: Catalogue
    words: Mapping[str, str]
    facts: Mapping[str, float | None]
    style: _Style
    exact: bool
    mood: random.Random
    lines: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    statements: list[Stated] = field(default_factory=list)


@lru_cache(maxsize=1)
def families() -> dict[str, dict[str, Any]]:
    """Return the ways of writing by name, read once."""
    folder = files("nq57_assets") / "sample" / "families"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {n.removesuffix(".yaml"): yaml.safe_load((folder / n).read_text(encoding="utf-8")) for n in names}


@lru_cache(maxsize=1)
def _sayings() -> dict[str, list[list[str]]]:
    text = (files("nq57_assets") / "sample" / "said.yaml").read_text(encoding="utf-8")
    sayings: dict[str, list[list[str]]] = yaml.safe_load(text)
    return sayings


def write_narrative(
    rng: random.Random,
    commune: Commune,
    round_: Round,
    facts: Mapping[str, float | None],
    catalogue: Catalogue,
    family: str,
    issued_on: date,
    *,
    kind: DocumentKind = "report",
    draft: bool = False,
    exact: bool = False,
    joined: bool = False,
    extra: Sequence[str] = (),
) -> Narrative:
    """Write one document of a commune.

    Args:
        rng: Chooses numbers, what is left out and how figures are rounded.
        commune: The sender.
        round_: The request that it answers.
        facts: What the commune knows; None is left out, 0 of a count is written as nil.
        catalogue: Gives the kind and unit of each indicator.
        family: Name of a way of writing.
        issued_on: Date in the header.
        kind: A report, a plan (targets only) or an official letter (no figures of the round).
        draft: Leave number and day blank.
        exact: Round nothing: the figures stand beside those of a form.
        joined: Put both columns of the letterhead on one line, as text recognition does.
        extra: Sentences added after the opening one, in the syntax of the families; their claims are not returned.
    """
    source = families()[family]
    style = _Style(source["letterhead"], source["wrap"], source["thousands"], source["pad"])
    number = None if draft else rng.randint(20, 640)
    words = _words(commune, rng)
    # A generator of its own: what is said of difficulties must not change the figures.
    mood = random.Random(f"{commune.commune_code}/{round_.round_id}/{family}")
    state = _Draft(rng, catalogue, words, facts, style, exact, mood)
    layout = "joined" if joined else style.letterhead
    head = letterhead(commune, number, issued_on, draft, layout, kind, round_)
    if kind == "report":
        _body(state, source[round_.report])
        # After the opening sentence: at the end it would stand among next year's tasks.
        state.lines[1:1] = [_WORD.sub(lambda m: words[m.group(1)], sentence) for sentence in extra]
    elif kind == "plan":
        state.lines += [_WORD.sub(lambda m: words[m.group(1)], line) for line in PLAN_BODY]
    else:
        state.lines += [_WORD.sub(lambda m: words[m.group(1)], line) for line in official_letter(round_)]
    title = [] if kind == "official_letter" else ["", *subject(kind, round_, commune), ""]
    # Recognised pages are broken into lines by the damage, not by the writer.
    body = state.lines if joined else list(_wrapped(state.lines, style.wrap))
    text = "\n".join([*head, *title, *body, "", *closing(rng, commune), ""])
    stated = tuple(state.statements)
    return Narrative(text, tuple(state.claims), stated, family, number, None if draft else issued_on)


def _words(commune: Commune, rng: random.Random) -> dict[str, str]:
    kind = {"xa": "xã", "phuong": "phường", "dac_khu": "đặc khu"}[commune.commune_type]
    return {
        "unit": f"{kind} {commune.name}",
        "Unit": f"{kind.capitalize()} {commune.name}",
        "UNIT": f"{kind} {commune.name}".upper(),
        "name": commune.name,
        "kind": kind,
        "Kind": kind.capitalize(),
        "village": "tổ dân phố" if commune.commune_type == "phuong" else "thôn",
        "planno": str(rng.randint(11, 98)),
    }


def _wrapped(lines: Sequence[str], width: int) -> Iterator[str]:
    for line in lines:
        if width and "|" not in line and "   " not in line:
            yield from textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
        else:
            yield line


def _body(draft: _Draft, items: Sequence[Any]) -> None:
    for item in items:
        if isinstance(item, dict) and "table" in item:
            _table(draft, item)
        elif isinstance(item, dict):
            _sentence(draft, item["say"], item.get("nil"))
        elif _SAID.search(item):
            _statements(draft, item)
        else:
            _sentence(draft, item, None)


def _sentence(draft: _Draft, template: str, nil: str | None) -> None:
    """Add a sentence when all its figures are known, its nil form when all are nil, nothing else."""
    flag = _FLAG.match(template)
    template = _FLAG.sub("", template)
    codes = [match.group(2) for match in _FIGURE.finditer(template)]
    if (codes or flag) and draft.rng.random() < _DROPPED:
        return
    if flag and draft.facts.get(flag.group(1)) != 1.0:
        return
    values = [draft.facts.get(code) for code in codes]
    if any(value is None for value in values):
        return
    zero = [value == 0 for value in values]
    if nil is not None and zero and all(zero):
        draft.claims += [Claim(code, 0.0, 0.0, 0.0, nil=True) for code in codes]
        template = nil
    elif any(zero):
        return
    claims: list[Claim] = []
    text = _FIGURE.sub(lambda m: _figure(draft, m, claims), template)
    pair = _PAIR.search(template)
    if pair and claims:
        part, whole = (draft.facts[code] for code in pair.groups())
        claims[0] = replace(claims[0], part=part, whole=whole)
    if flag:
        claims.append(Claim(flag.group(1), 1.0, 1.0, 1.0))
    draft.claims += claims
    draft.lines.append(_WORD.sub(lambda m: draft.words[m.group(1)], text))


def _statements(draft: _Draft, template: str) -> None:
    """Add what the commune finds difficult or asks for: a list item each after a dash, else sentences in one paragraph."""

    def drawn(kind: str) -> list[str]:
        sayings = draft.mood.sample(
            _sayings()[kind], draft.mood.choice((1, 1, 2, 3)) if kind != "cause" else 1
        )
        shown = []
        for theme, words, *addressee in sayings:
            text = _WORD.sub(lambda m: draft.words[m.group(1)], words) + "."
            draft.statements.append(Stated(kind, addressee[0] if addressee else "", theme, text))
            shown.append(text)
        return shown

    if template.startswith("- "):
        found = _SAID.search(template)
        assert found is not None
        draft.lines += [f"- {text}" for text in drawn(found.group(1))]
        return
    line = _SAID.sub(lambda m: " ".join(drawn(m.group(1))), template)
    draft.lines.append(_WORD.sub(lambda m: draft.words[m.group(1)], line))


def _figure(draft: _Draft, match: re.Match[str], claims: list[Claim]) -> str:
    shown_only, code, manner = match.groups()
    value = draft.facts[code]
    assert value is not None
    text = number_text(value, draft.style.thousands, draft.style.pad)
    if draft.catalogue.indicator[code].unit == "%" and manner != "!":
        text += "%"
    claim = Claim(code, value, value, value, nil=value == 0)
    if manner == "~" and value >= 20 and not draft.exact and draft.rng.random() < 0.6:
        claim, text = _rounded(draft, code, value)
    if not shown_only:
        claims.append(claim)
    return text


def _rounded(draft: _Draft, code: str, value: float) -> tuple[Claim, str]:
    """Return a figure in words that bound or round it: the claim is what the words say, not the truth behind them."""
    step = 5.0 if value < 100 else 10.0 ** max(1, int(math.log10(value)) - 1)
    low = math.floor(value / step) * step
    high = low + step
    if low == value:
        return Claim(code, value, value, value), number_text(value, draft.style.thousands, draft.style.pad)

    def shown(figure: float) -> str:
        return number_text(figure, draft.style.thousands, draft.style.pad)

    manner = draft.rng.choice(("over", "under", "approx", "range"))
    if manner == "over":
        return Claim(code, low, low, None, "over"), f"{draft.rng.choice(('hơn', 'trên'))} {shown(low)}"
    if manner == "under":
        return Claim(code, high, None, high, "under"), f"gần {shown(high)}"
    if manner == "approx":
        near = low if value - low < high - value else high
        return Claim(
            code, near, near, near, "approx"
        ), f"{draft.rng.choice(('khoảng', 'xấp xỉ'))} {shown(near)}"
    joint = draft.rng.choice((" - ", " – ", "-"))
    return Claim(code, None, low, high, "range"), f"{shown(low)}{joint}{shown(high)}"


def number_text(value: float, thousands: str = ".", pad: bool = True) -> str:
    """Return a figure as officials write it: ``1.440``, ``98,39``, ``04``."""
    if value == int(value):
        whole = f"{int(value):,}".replace(",", thousands)
        return f"0{whole}" if pad and 0 < value < 10 else whole
    return f"{value:.2f}".rstrip("0").replace(".", ",")


def _table(draft: _Draft, table: Mapping[str, Any]) -> None:
    rows: list[list[str]] = []
    for label, unit, template in table["rows"]:
        code = _FIGURE.findall(template)[0][1]
        value = draft.facts.get(code)
        if value is None or draft.rng.random() < _DROPPED:
            continue
        claims: list[Claim] = []
        shown = _FIGURE.sub(lambda m, claims=claims: _figure(draft, m, claims), template)  # type: ignore[misc]
        if value == 0:
            shown = draft.rng.choice(("0", "Không phát sinh"))
        draft.claims += claims
        rows.append([str(len(rows) + 1), label, unit, shown])
    if table["table"] == "pipes":
        draft.lines += [f"| {' | '.join(row)} |" for row in (table["head"], *rows)]
        return
    width = max(len(row[1]) for row in rows) + 3 if rows else 20
    draft.lines += [
        f"{row[0]:<6}{row[1]:<{width}}   {row[2]:<14}   {row[3]:>10}" for row in (table["head"], *rows)
    ]
