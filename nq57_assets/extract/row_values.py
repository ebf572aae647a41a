"""The value of a row that recognition flattened: told by its unit, its column, the end of its line.

Belongs here: choosing among the figures of one row.
Does not belong: where rows begin and end (``tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nq57_assets.extract.cells import ROW_NUMBER, YEAR
from nq57_assets.extract.columns import figure_places, is_share_of
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.passages import Passage, Token, tokenize
from nq57_assets.vietnamese.fold import fold
from nq57_assets.vietnamese.numbers import Numeral

Run = list[tuple[int, Numeral]]
# Words of a note or a verdict that may stand behind the last figure of a row.
_NOTE_WORDS = 3


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
    """

    grammar: Grammar
    damaged: bool
    has_units: bool = True
    column: int | None = None
    count: int = 1
    titled: bool = False
    noted: bool = False

    def tells_value(self, line: str) -> bool:
        """Whether a figure of a line stands behind a unit, or as many side by side as there are columns."""
        tokens = tokenize(line)
        if any(self._behind_unit(tokens, i) for i in figure_places(tokens)):
            return True
        number = ROW_NUMBER.match(line)
        figures = [i for i in figure_places(tokens) if not number or tokens[i].start >= number.end(1)]
        if not figures or sum(1 for token in tokens[: figures[0]] if token.kind == "word") < 2:
            return False
        if self.count > 1 and len(self._runs(line)[-1]) >= self.count:
            return True
        behind = tokens[figures[-1] + 1 :]
        if 0 < len(behind) <= 3 and all(t.kind == "word" for t in behind) and self._are_units(behind):
            return True  # The unit's column stands last: "Lượt phát thanh 120 lượt".
        return self.noted and sum(1 for t in tokens[figures[-1] + 1 :] if t.kind == "word") <= _NOTE_WORDS

    def value_of_lines(self, passage: Passage, lines: Sequence[str]) -> tuple[int | None, bool]:
        """Return (offset of the value, certain) of a flattened row.

        A figure behind a unit is the value; else the figure that ends a line; else the one that ends it with a noun;
        else the only one of the row, which is sure when it counts a noun.
        """
        behind_unit: list[int] = []
        final: list[int] = []
        with_noun: list[int] = []
        every: list[tuple[int, bool]] = []
        lines = [self._without_note(line) for line in lines]
        for start, line in zip(passage.starts, lines, strict=True):
            tokens = tokenize(line)
            number = ROW_NUMBER.match(line)
            figures = [i for i in figure_places(tokens) if not number or tokens[i].start >= number.end(1)]
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
        if len(run) == 2 and (counted := _counted_share(run)) is not None:
            return counted, True
        if self.count > 1 or (not self.titled and len(run) > 1):
            asked = self.column if len(run) == self.count else None
            # Values of other columns were lost or can't be told apart: the last figure is a guess.
            return (run[asked][0], True) if asked is not None else (run[-1][0] if run else None, False)
        if len(behind_unit) == 1 and len(final) == 1 and final[0] > behind_unit[0]:
            # Two columns of figures: without knowing which is asked, neither is sure.
            return final[0], passage.text[behind_unit[0] : final[0]].count(" ") > 3
        for found in (behind_unit, final, with_noun):
            if found:
                return found[0], len(found) == 1
        return (every[0][0], every[0][1]) if len(every) == 1 else (None, False)

    def tells(self, lines: Sequence[str]) -> bool:
        """Whether the cell of the value is a sentence: several figures that count nouns, and no column for units."""
        if self.has_units or not self.titled or self.count > 1:
            return False
        counted = 0
        for line in map(self._without_note, lines):
            tokens = tokenize(line)
            number = ROW_NUMBER.match(line)
            figures = [i for i in figure_places(tokens) if not number or tokens[i].start >= number.end(1)]
            counted += sum(self._counts(tokens, i) for i in figures)
        return counted > 1

    def _without_note(self, line: str) -> str:
        """Return a line up to the rule behind its value, where a column of notes follows."""
        rule = line.rfind("|")
        if not self.noted or rule < 0:
            return line
        tokens = tokenize(line[:rule])
        return line[:rule] if any(self._counts(tokens, i) for i in figure_places(tokens)) else line

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
        """Return the runs of figures side by side on a line; nouns between them, whole or cut, part no run."""
        number = ROW_NUMBER.match(line)
        tokens = tokenize(line)
        runs: list[Run] = [[]]
        last = -1
        for i, token in enumerate(tokens):
            year = YEAR.fullmatch(token.text) is not None
            if token.kind != "figure" or year or (number is not None and token.start < number.end(1)):
                continue
            assert token.numeral is not None
            if last >= 0 and not self._are_units(tokens[last + 1 : i]):
                runs.append([])
            runs[-1].append((token.start, token.numeral))
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


def _counted_share(run: Run) -> int | None:
    """Return the offset of ``57/60`` when the other figure of the run is its share, ``95%``."""
    (first, one), (second, other) = run
    if is_share_of(other, one):
        return first
    return second if is_share_of(one, other) else None
