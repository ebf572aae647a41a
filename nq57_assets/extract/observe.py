"""Figures out of a narrative document: every passage read, matched, judged and made an observation.

Belongs here: the way from passages to observations.
Does not belong: forms (``form``), header and outline, anything that needs another document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.abbreviations import short_forms, spelled, with_forms
from nq57_assets.extract.agreement import ASKED_FROM, Agreement, Claim, Figure, Standing
from nq57_assets.extract.context import Judge, report_year
from nq57_assets.extract.cues import Doubt
from nq57_assets.extract.evidence import surroundings
from nq57_assets.extract.flag_doubts import flag_doubts
from nq57_assets.extract.flag_names import may_claim, phrases_of
from nq57_assets.extract.flags import find_flags
from nq57_assets.extract.grammar import Grammar, compile_grammar
from nq57_assets.extract.legend import read_legend
from nq57_assets.extract.match import Match, match_quantity
from nq57_assets.extract.parts import BOTH, PART, of_both_kinds, part_doubts
from nq57_assets.extract.passages import Passage, PassagesOf, read_passages, tokenize
from nq57_assets.extract.places import own_names
from nq57_assets.extract.proof import figure_observation, flag_observation, soundness
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.questions import join_answers
from nq57_assets.extract.report_period import RUNNING, parts_of_months, report_period
from nq57_assets.extract.rivals import against_rivals
from nq57_assets.extract.running_text import Told, running_text
from nq57_assets.extract.scene import Scene, read_cells, read_row, read_scene
from nq57_assets.extract.second_reading import second_readings
from nq57_assets.extract.sequence import in_order
from nq57_assets.extract.spelled import tells_number
from nq57_assets.extract.tables import Row, find_rows
from nq57_assets.extract.text_network import with_network
from nq57_assets.extract.zeros import says_none_at_all, with_zeros
from nq57_assets.model import Document, Header, Observation, Section

PLANNED_TYPES = ("plan", "decision", "directive", "notice")
_BEFORE = 300


def observe(
    document: Document,
    header: Header,
    outline: tuple[Section, ...],
    catalogue: Catalogue,
    reader_type: type[PassageReader] | None = None,
    passages_of: PassagesOf | None = None,
) -> list[Observation]:
    """Return the figures that a narrative document claims, in reading order.

    Args:
        document: What a reader made of the file.
        header: Its type decides whether figures can be results, its date which year is reported.
        outline: Headings; they tell results from plans.
        catalogue: Words of the indicators and the gate of confidence.
        reader_type: What reads the passages; the makers of weights listen to it.
        passages_of: Cuts the document into passages, given the indexes of the blocks that are rows of tables.

    Returns:
        Accepted, doubtful (review) and rejected claims. A plan or a decision yields no accepted figure: what it
        holds are targets.
    """
    marks = frozenset((s.address.page, s.address.line) for s in outline)
    grammar, year = compile_grammar(catalogue), report_year(document, header)
    rows = find_rows(document, marks, grammar, year, report_period(document, header))
    row_of = {row.lines[0]: row for row in rows}
    passages_of = passages_of or partial(read_passages, document, outline)
    passages = passages_of(frozenset(i for row in rows for i in row.lines))
    reader = (reader_type or PassageReader)(document, header, catalogue)
    forms = short_forms((passage for _, passage in passages), grammar)
    observations: list[Observation] = []
    before = ""
    for first, passage in join_answers(passages):
        row = row_of.get(first) if passage.kind == "row" else None
        if passage.kind == "row" and row is None:
            continue
        whole = passage
        if row is not None:
            whole = replace(row.passage, path=(*passage.path, *row.passage.path))
        # A row whose answer is a sentence is read like any other sentence, unless its cells ran into each other.
        torn = row is not None and (whole.kind == "row" or not row.sure)
        observations += reader.read(with_forms(whole, forms), before, row if torn else None)
        before = "" if whole.kind == "heading" else spelled(whole.text[-_BEFORE:], forms)
    observations = reader.completed(observations)
    observations = parts_of_months(observations, [passage for _, passage in passages], reader.period)
    observations = _as_recognised(observations, document, float(catalogue.settings["confidence_gate"]))
    if header.document_type in PLANNED_TYPES:
        return [as_target(observation) for observation in observations]
    return observations


def _as_recognised(found: list[Observation], document: Document, gate: float) -> list[Observation]:
    """Let a figure be no surer than the recogniser was of the digits on its line."""
    sure = {
        (block.address.page, block.address.line): block.confidence
        for block in document.blocks
        if block.confidence < 1 and block.text
    }
    if not sure:
        return found
    weakened = []
    for one in found:
        confidence = round(one.confidence * sure.get((one.address.page, one.address.line), 1.0), 3)
        if one.status == "accepted" and confidence < gate:
            why = f"{one.why} | nghi vấn: chữ số nhận dạng không chắc"
            one = replace(one, status="review", why=why)
        weakened.append(replace(one, confidence=confidence))
    return weakened


def as_target(observation: Observation) -> Observation:
    """Reject a figure because its document plans and doesn't report."""
    why = f"{observation.why} | nghi vấn: văn bản không phải báo cáo"
    return replace(observation, status="rejected", confidence=min(observation.confidence, 0.2), why=why)


def _doubtful(doubts: Sequence[Doubt]) -> Standing:
    """Return how an observation stands that waits for review."""
    if not doubts:
        return "weak"
    return "part" if all(doubt == PART for doubt in doubts) else "doubted"


class PassageReader:
    """Reads the passages of one document; ``judge`` tells what speaks against a figure."""

    def __init__(self, document: Document, header: Header, catalogue: Catalogue) -> None:
        self.grammar: Grammar = compile_grammar(catalogue)
        self._catalogue = catalogue
        self._gate = float(catalogue.settings["confidence_gate"])
        self.year = report_year(document, header)
        self._theme = phrases_of(header.subject or "", self.grammar)
        self.period = report_period(document, header)
        self.judge = Judge(
            self.grammar,
            self.year,
            own_names(document),
            self.period,
            header.issued_month,
            read_legend(document),
        )
        self._second = bool(catalogue.settings["second_reading"])
        self._read = 0
        self._parent: tuple[str, frozenset[str]] = ("", frozenset())
        self._told: list[Told] = []
        self._met: list[tuple[Scene, Quantity, str]] = []
        self._claims: list[tuple[int, Row | None, Sequence[Claim]]] = []

    def read(self, passage: Passage, before: str, row: Row | None) -> list[Observation]:
        """Return the claims of one passage or row."""
        triggered = says_none_at_all(f"{passage.lead} {passage.text}") or self.grammar.triggers.stand_in(
            passage.text, passage.damaged
        )
        told = any(map(str.isdigit, passage.raw)) or tells_number(passage)
        if not triggered and not told and not may_claim(passage):
            self._hear(passage)
            return []
        if row is not None and passage.kind == "row":
            scene = read_row(passage, row.value, row.unit, self.grammar)
            cells = read_cells(scene, row.unit, self.grammar) if self._second else None
        else:
            scene, cells = read_scene(passage, self.grammar), None
        found = [
            flag_observation(
                scene,
                flag,
                flag_doubts(flag, scene, self.judge, self.grammar),
                self._gate,
            )
            for flag in find_flags(scene, self.grammar, self._catalogue, self._theme)
        ]
        if row is None and triggered:
            scene = with_zeros(scene, self.grammar)
        self._read += len(found)
        figures, claims = self._figures(scene, before, row) if scene.quantities else ([], {})
        self._keep(scene, cells, before, row, claims)
        self._hear(passage, cells or scene)
        self._read += len(figures)
        return found + figures

    def _hear(self, passage: Passage, scene: Scene | None = None) -> None:
        """Keep a passage for the network, which reads all of the text."""
        if self._second:
            figures = scene is not None and scene.quantities
            tokens = scene.tokens if scene is not None and figures else tokenize(passage.text)
            self._told.append(Told(passage, tokens, figures or ()))

    def agreement(self, found: Sequence[Observation]) -> Agreement:
        """Return both readings of all figures, the second one's in their order, in the text and against each other."""
        in_place = in_order(second_readings(self._met))
        if self._met:
            in_place = with_network(in_place, running_text(self._told))
        opinions = against_rivals(in_place, [quantity for _, quantity, _ in self._met])
        both = [
            Figure(place, scene, quantity, opinion, row, tuple(claims))
            for (place, row, claims), (scene, quantity, _), opinion in zip(
                self._claims, self._met, opinions, strict=True
            )
        ]
        return Agreement(both, found, self._gate)

    def completed(self, found: Sequence[Observation]) -> list[Observation]:
        """Return all observations of the document, in its order, after both readings."""
        agreement = self.agreement(found)
        revised = agreement.revised()
        patterns = {pattern.indicator.code: pattern for pattern in reversed(self.grammar.patterns)}
        placed = list(enumerate(revised))
        for figure, match, against in agreement.proposals(revised, patterns):
            doubts = [*self._doubts(figure.scene, match), *against]
            sure = match.strength * soundness(match)
            proposed = figure_observation(figure.scene, [match], doubts, self._gate, figure.row, sure)
            if proposed.status != "rejected":
                placed.append((figure.place, proposed))
            elif match.strength >= ASKED_FROM:
                placed.append((figure.place, replace(proposed, status="review")))
        return [one for _, one in sorted(placed, key=lambda one: one[0])]

    def _figures(
        self, scene: Scene, before: str, row: Row | None
    ) -> tuple[list[Observation], Mapping[int, Sequence[Claim]]]:
        """Return what the first reading makes of the figures of a scene, also by the token of each figure."""
        around = surroundings(scene, [before] if before else [], self.grammar)
        readings = [
            reading for q in scene.quantities for reading in match_quantity(scene, q, around, self.grammar)
        ]
        doubts = [self._doubts(scene, reading[0]) for reading in readings]
        standing = [
            i
            for i, found in enumerate(doubts)
            if not any(d.level == "rejected" or d.reason == RUNNING for d in found)
        ]
        parts = part_doubts(scene, [readings[i][0] for i in standing], self.grammar)
        for i, found in zip(standing, parts, strict=True):
            doubts[i] = [*doubts[i], *found]
        if scene.passage.kind == "row":
            doubts = self._of_parent(scene.passage, [reading[0] for reading in readings], doubts)
        observations = [
            figure_observation(scene, reading, found, self._gate, row)
            for reading, found in zip(readings, doubts, strict=True)
        ]
        claims = defaultdict[int, list[Claim]](list)
        for i, (reading, found, one) in enumerate(zip(readings, doubts, observations, strict=True)):
            stands: Standing = one.status if one.status != "review" else _doubtful(found)
            claim = Claim(self._read + i, stands, soundness(reading[0]))
            claims[reading[0].quantity.index].append(claim)
        return observations, claims

    def _of_parent(
        self, passage: Passage, matches: Sequence[Match], doubts: Sequence[list[Doubt]]
    ) -> list[list[Doubt]]:
        """Doubt what a row claims again of the row that it stands under: ``Trong đó: video`` of the posts above."""
        told, claimed = self._parent
        if not passage.lead:
            self._parent = (passage.raw, frozenset(match.pattern.indicator.code for match in matches))
        again = claimed if passage.lead and passage.lead in told else frozenset()
        return [
            [*found, PART] if match.pattern.indicator.code in again and PART not in found else found
            for match, found in zip(matches, doubts, strict=True)
        ]

    def _keep(
        self,
        scene: Scene,
        cells: Scene | None,
        before: str,
        row: Row | None,
        claims: Mapping[int, Sequence[Claim]],
    ) -> None:
        """Keep every figure for the second reading, in reading order, beside what the first one made of it."""
        if not self._second:
            return
        met = [(scene, quantity, claims.get(quantity.index, ())) for quantity in scene.quantities]
        if cells is not None:
            met += [(cells, quantity, ()) for quantity in cells.quantities if quantity.beside]
            met.sort(key=lambda one: one[0].tokens[one[1].index].start)
        for where, quantity, claimed in met:
            self._met.append((where, quantity, before))
            self._claims.append((self._read, row, claimed))

    def _doubts(self, scene: Scene, match: Match) -> list[Doubt]:
        pattern = match.pattern
        spoken = [hit for hit in scene.hits if hit.phrase in pattern.surfaces]
        both = [BOTH] if of_both_kinds(scene, match) else []
        return [*self.judge.doubts(scene, match.quantity, spoken, pattern), *both]
