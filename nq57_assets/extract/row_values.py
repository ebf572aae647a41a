"""The value of a row that recognition flattened: told by its unit, its column, the end of its line.

Belongs here: choosing among the figures of one row.
Does not belong: where rows begin and end (``tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nq57_assets.extract.cells import ROW_NUMBER, longest_run
from nq57_assets.extract.columns import figure_places
from nq57_assets.extract.grammar import Grammar
from nq57_assets.extract.passages import Passage, Token, tokenize


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
    """

    grammar: Grammar
    damaged: bool
    has_units: bool = True
    column: int | None = None
    count: int = 1
    titled: bool = False

    def tells_value(self, line: str) -> bool:
        """Whether a figure of a line stands behind a unit."""
        tokens = tokenize(line)
        return any(self._behind_unit(tokens, i) for i in figure_places(tokens))

    def value_of_lines(self, passage: Passage, lines: Sequence[str]) -> tuple[int | None, bool]:
        """Return (offset of the value, certain) of a flattened row.

        A figure behind a unit is the value; else the figure that ends a line; else the one that ends it with a noun.
        """
        behind_unit: list[int] = []
        final: list[int] = []
        with_noun: list[int] = []
        for start, line in zip(passage.starts, lines, strict=True):
            tokens = tokenize(line)
            number = ROW_NUMBER.match(line)
            figures = [i for i in figure_places(tokens) if not number or tokens[i].start >= number.end(1)]
            behind_unit += [start + tokens[i].start for i in figures if self._behind_unit(tokens, i)]
            if not figures:
                continue
            last = figures[-1]
            behind = [token for token in tokens[last + 1 :] if token.kind == "word"]
            if not behind or tokens[last + 1].text == "|":
                final.append(start + tokens[last].start)
            elif len(behind) <= 2 and len(tokens) - last <= 4:
                with_noun.append(start + tokens[last].start)
        run = longest_run(passage, lines)
        if self.count > 1 or (not self.titled and len(run) > 1):
            asked = self.column if len(run) == self.count else None
            # Values of other columns were lost or can't be told apart: the last figure is a guess.
            return (run[asked], True) if asked is not None else (run[-1] if run else None, False)
        if len(behind_unit) == 1 and len(final) == 1 and final[0] > behind_unit[0]:
            # Two columns of figures: without knowing which is asked, neither is sure.
            return final[0], passage.text[behind_unit[0] : final[0]].count(" ") > 3
        for found in (behind_unit, final, with_noun):
            if found:
                return found[0], len(found) == 1
        return None, False

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
