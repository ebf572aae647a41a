"""The value of a row that recognition flattened: told by its unit, its column, the end of its line.

Belongs here: choosing among the figures of one row.
Does not belong: where rows begin and end (``tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import re2

from nq57_assets.extract.cells import ROW_NUMBER, YEAR
from nq57_assets.extract.column_sums import Relation, find_relation
from nq57_assets.extract.columns import figure_places, is_share_of
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.passages import Passage, Token, tokenize
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral

Run = list[tuple[int, Numeral | None]]
_DIGITS_APART = re2.compile(r"(?:^|[\s|])[\d.,]{3,}")
# Words of a note or a verdict that may stand behind the last figure of a row.
_NOTE_WORDS = 3
_FEWEST_LED = 4
_DASHES = tuple("-–—_=~")
_NIL_SIGNS = frozenset("-–—")
_SIGNS = frozenset("+-–—")
_CHANGES = frozenset({"tang", "giam"})


def ends_in_value(line: str) -> bool:
    """Whether a line of words ends in a figure."""
    tokens = tokenize(line)
    figures = figure_places(tokens)
    words = sum(1 for token in tokens if token.kind == "word")
    return (
        bool(figures)
        and words >= 2
        and figures[-1] > 0
        and not [t for t in tokens[figures[-1] + 1 :] if t.kind == "word"]
    )


@dataclass(slots=True)
class FlattenedColumns:
    """What is known of the columns of a flattened table.

    Attributes:
        grammar: Tells which words are nouns of a unit column.
        damaged: The text has lost its Vietnamese marks.
        has_units: There is a unit column.
        column: Which of the columns of values is asked, if their titles say so.
        count: How many columns of values there are.
        titled: The titles were read.
        noted: A column of notes or verdicts follows the values.
        relation: What arithmetic tells of the columns of values.
        named: The titles of all columns were put together, so that their number is known.
    """

    grammar: Grammar
    damaged: bool
    has_units: bool = True
    column: int | None = None
    count: int = 1
    titled: bool = False
    noted: bool = False
    relation: Relation | None = None
    named: bool = False

    def forget(self, lines: Sequence[str]) -> None:
        """Drop titles known from a table above when the lines of this one have another number of columns."""
        beside = [self.beside(line) for line in lines]
        if self.named and self.count > 1 and self.count not in beside and max(beside, default=0) > 1:
            self.named = self.titled = self.noted = False
            self.column, self.count = None, 1

    def lead(self, lines: Sequence[str]) -> bool:
        """Whether rows begin with their value and its noun: most lines do, and their figures do not count the rows."""
        cut = [[token for token in tokenize(line) if token.text != "|"] for line in lines]
        led = [t for t in cut if len(t) > 3 and t[0].kind == "figure"]
        nouns = sum(t[0].text.endswith("%") or t[1].text == "%" or self._counts(t, 0) for t in led)
        figures = [t[0].numeral.low for t in led if t[0].numeral is not None]
        rising = sum(one < other for one, other in pairwise(figures))
        often = len(led) >= _FEWEST_LED and 2 * len(led) > len(lines) and 3 * nouns >= len(led)
        return often and 3 * rising < 2 * len(figures)

    def has_figure(self, line: str) -> bool:
        """Whether a figure stands behind two words of a line, as a value behind its label."""
        tokens, figures = self._figures(line)
        return bool(figures) and _labels(tokens[: figures[0]])

    def _figures(self, line: str) -> tuple[tuple[Token, ...], list[int]]:
        """Return the tokens of a line and the places of its figures, its row number and days left out."""
        tokens = tokenize(line)
        number = ROW_NUMBER.match(line)
        figures = [i for i in figure_places(tokens) if not number or tokens[i].start >= number.end(1)]
        firm = [i for i in figures if (numeral := tokens[i].numeral) is None or not numeral.loose]
        return tokens, firm or figures

    def tells_value(self, line: str) -> bool:
        """Whether a figure of a line stands behind a unit, or as many side by side as there are columns."""
        tokens, figures = self._figures(line)
        if any(self._behind_unit(tokens, i) for i in figures):
            return True
        if not figures or not _labels(tokens[: figures[0]]):
            return False
        if self.count > 1 and max(map(len, self._runs(line))) >= (2 if self.named else self.count):
            return True
        behind = tokens[figures[-1] + 1 :]
        if 0 < len(behind) <= 3 and all(t.kind == "word" for t in behind) and self._are_units(behind):
            return True  # The unit's column stands last: "Lượt phát thanh 120 lượt".
        return self.noted and sum(1 for t in behind if t.kind == "word") <= _NOTE_WORDS

    def may_be_row(self, line: str) -> bool:
        """Whether a line holds a label and figures, or digits beside a rule that can't be read as figures."""
        return self.has_figure(line) or ("|" in line and _DIGITS_APART.search(line) is not None)

    def beside(self, line: str) -> int:
        """Return how many figures stand side by side behind the label of a line, as in columns of values."""
        tokens, figures = self._figures(line)
        return max(map(len, self._runs(line))) if figures and _labels(tokens[: figures[0]]) else 0

    def value_of_lines(self, passage: Passage, lines: Sequence[str]) -> tuple[int | None, bool]:
        """Return (offset of the value, certain) of a flattened row.

        A figure behind a unit is the value; else the figure that ends a line; else the one that ends it with a noun;
        else the only one of the row, which is sure when it counts a noun or a note follows.
        """
        behind_unit: list[int] = []
        final: list[int] = []
        with_noun: list[int] = []
        every: list[tuple[int, bool]] = []
        lines = [self._without_note(line) for line in lines]
        for start, line in zip(passage.starts, lines, strict=True):
            tokens, figures = self._figures(line)
            every += [(start + tokens[i].start, self._counts(tokens, i)) for i in figures]
            behind_unit += [start + tokens[i].start for i in figures if self._behind_unit(tokens, i)]
            if not figures:
                continue
            last = figures[-1]
            behind = [token for token in tokens[last + 1 :] if token.kind == "word"]
            if not behind or tokens[last + 1].text == "|":
                final.append(start + tokens[last].start)
            elif len(behind) <= 2 and len(tokens) - last <= 4:
                with_noun.append(start + tokens[last].start)
        run = self._longest_run(passage, lines)
        written = [(place, numeral) for place, numeral in run if numeral is not None]
        if len(written) == 2 and (counted := _counted_share(written)) is not None:
            return counted, True
        if self.named and self.count > 1:
            return self._of_named(passage, lines, run)
        # Rows of few figures below a table of sums belong to another table.
        apart = (
            self.relation is not None and self.relation.kind == "sum" and len(run) < self.relation.count - 1
        )
        if self.relation is not None and not apart:
            dashed = [place for place, _ in every if passage.raw[:place].rstrip()[-1:] in _DASHES]
            return self._of_relation(self.relation, run, dashed if len(every) == 1 else [])
        if (self.count > 1 and not apart) or (not self.titled and len(written) > 1):
            return self._of_columns(run, written)
        if len(behind_unit) == 1 and len(final) == 1 and final[0] > behind_unit[0]:
            # Two columns of figures: without knowing which is asked, neither is sure.
            return final[0], passage.text[behind_unit[0] : final[0]].count(" ") > 3
        if self.noted and not behind_unit and len(every) > 1:
            return every[0]  # What follows the value is told in the note.
        for found in (behind_unit, final, with_noun):
            if found:
                return found[0], len(found) == 1
        return (every[0][0], every[0][1] or self.noted) if len(every) == 1 else (None, False)

    def take_relation(self, rows: Sequence[Sequence[str]], sums: bool) -> bool:
        """Keep what the figures of rows tell of their columns; return whether they tell anything.

        Args:
            rows: Lines of each row.
            sums: Whether a column of sums holds the result, which of a month it does not.
        """
        count, self.count = self.count, max(2, self.count)
        runs = [max(map(self._runs, lines), key=_longest) for lines in rows]
        found = find_relation([_figures_of(max(run, key=len)) for run in runs])
        self.relation = found if found is None or sums or found.kind == "share" else None
        if self.named:
            # Titles that are known go before arithmetic, which then tells whether a row was read right.
            agrees = found is not None and (found.kind, found.count, found.result) == (
                "share",
                count,
                self.column,
            )
            self.relation, self.count = found if agrees else None, count
            return False
        self.count = count if self.relation is None else self.relation.count
        return self.relation is not None

    def _of_relation(self, relation: Relation, run: Run, alone: Sequence[int]) -> tuple[int | None, bool]:
        """Return the figure of the column that arithmetic names; where cells were lost, of the ones that prove it."""
        count = relation.count
        for start in range(len(run) - count + 1):
            part = run[start : start + count]
            if relation.holds(_figures_of(part)) and (start == 0 or relation.kind == "share"):
                return part[relation.result][0], True
        if len(run) == count and run[relation.result][1] is not None:
            # A share that does not fit tells of a misread figure; sums do not hold for what is there all the time.
            return run[relation.result][0], relation.kind == "sum" or relation.holds(_figures_of(run)) is None
        if alone and relation.kind == "share":
            return alone[0], True  # No plan, so no share either.
        written = [place for place, numeral in run if numeral is not None]
        return (written[-1] if written else None), False

    def _of_columns(self, run: Run, written: list[tuple[int, Numeral]]) -> tuple[int | None, bool]:
        """Return the figure of the column asked; where cells were lost, the last figure is a guess."""
        if self.column is not None and self.count in (len(run), len(written)):
            place, numeral = (run if len(run) == self.count else written)[self.column]
            return (place, True) if numeral is not None else (None, False)
        return (written[-1][0] if written else None), False

    def _of_named(self, passage: Passage, lines: Sequence[str], run: Run) -> tuple[int | None, bool]:
        """Return the figure in the column of results; uncertain where a cell may be lost or come from a note."""
        cells = run[: self.count]
        written = [place for place, numeral in cells if numeral is not None]
        place, numeral = (
            cells[self.column] if self.column is not None and self.column < len(cells) else (0, None)
        )
        # Figures behind labels on two lines may be two rows that recognition did not part.
        one = sum(map(self.may_be_row, lines)) == 1
        if numeral is None or len(cells) < self.count or not one:
            return (written[-1] if written else None), False
        holds = self.relation.holds(_figures_of(cells)) if self.relation is not None else None
        if holds is not None:
            return place, holds
        others = [
            other.percent for i, (_, other) in enumerate(cells) if other is not None and i != self.column
        ]
        odd = numeral.percent and others and not any(others)
        end = place + numeral.end - numeral.start
        odd = odd or "/" in (passage.raw[place - 1 : place], passage.raw[end : end + 1])
        noted = self.noted and self._runs_on(passage, cells[-1][0])
        return place, not odd and not noted and (len(run) == self.count or self.noted)

    def place_of_cells(self, line: str) -> int:
        """Return where the first of the figures that stand side by side on a line begins."""
        return max(self._runs(line), key=len)[0][0]

    def _runs_on(self, passage: Passage, place: int) -> bool:
        """Whether a figure and the words behind it may be a note: ``6 kế hoạch, 3 thông báo``, not ``384 Chưa đạt``."""
        start = max(start for start in passage.starts if start <= place)
        line = passage.raw[place : next((s - 1 for s in passage.starts if s > start), len(passage.raw))]
        tokens = tokenize(line.partition("|")[0])[1:]
        words = [token for token in tokens if token.kind == "word"]
        return bool(words) and not self._are_units(tokens) and words[0].text[:1].islower()

    def tells(self, lines: Sequence[str]) -> bool:
        """Whether the cell of the value is a sentence: several figures that count nouns, and no column for units."""
        if self.has_units or not self.titled or self.count > 1:
            return False
        counted = 0
        for line in map(self._without_note, lines):
            tokens, figures = self._figures(line)
            counted += sum(self._counts(tokens, i) for i in figures)
        return counted > 1

    def _without_note(self, line: str) -> str:
        """Return a line up to the rule behind its value, where a column of notes follows."""
        rule = line.rfind("|")
        told = self.noted and self.count == 1 and rule > 0
        return line[:rule] if told and self.has_figure(line[:rule]) else line

    def _counts(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether a known noun stands behind the figure at ``i``."""
        behind = list(tokens[i + 1 : i + 5])
        hits = self.grammar.lexicon.find(behind, self.damaged)
        return any(
            h.start == 0 and h.phrase in self.grammar.units and h.cost <= 0.14 * h.syllables for h in hits
        )

    def _longest_run(self, passage: Passage, lines: Sequence[str]) -> Run:
        """Return the (offset, figure) of the most figures that stand side by side on a line, as in columns of values."""
        runs = [
            [(start + place, numeral) for place, numeral in run]
            for start, line in zip(passage.starts, lines, strict=True)
            for run in self._runs(line)
        ]
        return max(runs, key=len) if runs else []

    def _runs(self, line: str) -> list[Run]:
        """Return the runs of cells side by side on a line: figures, and dashes in place of figures that are none.

        Nouns of units between them, whole or cut, part no run.
        """
        number = ROW_NUMBER.match(line)
        tokens = tokenize(line)
        runs: list[Run] = [[]]
        last = -1
        for i, token in enumerate(tokens):
            if number is not None and token.start < number.end(1):
                continue
            signs = _DASHES if self.named else _NIL_SIGNS
            empty = token.text in signs and self.count > 1 and _stands_free(line, token)
            empty = empty or (self.named and i == len(tokens) - 1 and fold(token.text) in _CHANGES)
            if not empty and (token.kind != "figure" or YEAR.fullmatch(token.text) is not None):
                continue
            between = [one for one in tokens[last + 1 : i] if not (self.named and _is_sign(line, one))]
            if last >= 0 and not self._are_units(between):
                runs.append([])
            runs[-1].append((token.start, None if empty else token.numeral))
            last = i
        return runs

    def _are_units(self, tokens: Sequence[Token]) -> bool:
        """Whether nothing but rules of a table and the noun of a unit stands among tokens."""
        words = [token for token in tokens if token.kind == "word"]
        if any(token.kind != "word" and token.text not in "|[]%" for token in tokens) or len(words) > 2:
            return False
        if not words:
            return True
        hits = self.grammar.lexicon.find(words, self.damaged)
        if any(h.start == 0 and h.end == len(words) and h.phrase in self.grammar.units for h in hits):
            return True
        # "5 sản | 6 sản" over "phẩm phẩm": the noun goes on in the next line of its cell.
        return len(words) == 1 and fold(words[0].text) in self.grammar.unit_starts

    def _behind_unit(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether the cell before the figure at ``i`` is a noun that the catalogue counts, or a percent sign."""
        end = i
        while end > 0 and tokens[end - 1].kind == "mark" and tokens[end - 1].text in "|[]<>≥≤~":
            end -= 1
        if end > 0 and tokens[end - 1].text == "%":
            return True
        if not self.has_units:
            return False
        start = max(0, end - 3)
        hits = self.grammar.lexicon.find(tokens[start:end], self.damaged)
        return end > 2 and any(
            hit.end == end - start and hit.phrase in self.grammar.units and hit.cost <= 0.14 * hit.syllables
            for hit in hits
        )


def _longest(runs: Sequence[Run]) -> int:
    return max(map(len, runs))


def _figures_of(run: Run) -> list[float | None]:
    return [None if numeral is None or numeral.whole else numeral.low for _, numeral in run]


def _labels(tokens: Sequence[Token]) -> bool:
    """Whether tokens hold two words, which debris of letters is not."""
    return sum(1 for token in tokens if token.kind == "word" and len(token.text) > 1) >= 2


def _stands_free(line: str, token: Token) -> bool:
    """Whether blanks or rules stand on both sides of a sign."""
    before, behind = line[: token.start][-1:], line[token.end :][:1]
    return before in ("", " ", "|") and behind in ("", " ", "|")


def _is_sign(line: str, token: Token) -> bool:
    """Whether a plus or minus, or a word for one, stands before a figure and behind no other."""
    behind = line[token.end :]
    if fold(token.text) in _CHANGES:
        return behind.lstrip()[:1].isdigit()
    return token.text in _SIGNS and behind[:1].isdigit() and not line[: token.start][-1:].isdigit()


def _counted_share(run: list[tuple[int, Numeral]]) -> int | None:
    """Return the offset of ``57/60`` when the other figure of the run is its share, ``95%``."""
    (first, one), (second, other) = run
    if is_share_of(other, one):
        return first
    return second if is_share_of(one, other) else None
