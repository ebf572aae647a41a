"""The words of one flattened row in order: a wrapped label goes before the figures that stand beside its first line.

Belongs here: putting label, unit and value of a row together. Does not belong: which figure is the value
(``row_values``), which lines make a row (``flattened_tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import re2

from nq57_assets.extract.cells import ROW_NUMBER, Row
from nq57_assets.extract.drawn_tables import DrawnTables
from nq57_assets.extract.passages import Passage, build_passage, tokenize
from nq57_assets.extract.row_values import FlattenedColumns
from nq57_assets.model import Block

_WHOLE = re2.compile(r"^\s*(?i:t[oổôó6]ng)")


class TornRows:
    """Puts rows of one document together.

    Args:
        blocks: Its lines.
        damaged: The text has lost its Vietnamese marks.
        columns: What is known of the columns of the table.
        drawn: Tells which words are units.
    """

    def __init__(
        self, blocks: Sequence[Block], damaged: bool, columns: FlattenedColumns, drawn: DrawnTables
    ) -> None:
        self._blocks = blocks
        self._damaged = damaged
        self._columns = columns
        self._drawn = drawn

    def led_by_value(self, group: Sequence[int], told: bool) -> Row:
        """Read a row that begins with its value as if its label came first; others' figures behind are left out."""
        row = Row(self._joined(group), None, False, tuple(group))
        tokens = tokenize(row.passage.raw)
        if not tokens or tokens[0].kind != "figure":
            return row
        last = next((i for i in range(len(tokens) - 1, 0, -1) if tokens[i].kind == "word"), 0)
        words = row.passage.raw[tokens[0].end : tokens[last].end].replace("|", " | ").strip(" |").split()
        small = next((i for i, word in enumerate(words) if word == "|" or word[:1].isupper()), len(words) - 1)
        count = next((n for n in range(small, 0, -1) if self._is_unit(" ".join(words[:n]))), 0)
        unit, label = " ".join(words[:count]), " ".join(words[count:]).strip(" |")
        if not label:
            return row
        head = f"{label} | {unit}" if unit else label
        said = replace(self._blocks[group[0]], text=f"{head} | {tokens[0].text}", cells=())
        passage = build_passage([said], "row", (), self._damaged)
        return Row(passage, len(head) + 3, told, tuple(group), unit or "?")

    def with_label_first(self, group: Sequence[int], passage: Passage, value: int) -> tuple[Passage, int]:
        """Return a row, and where its value stands, with the rest of a wrapped label before the figures beside it."""
        lines = [" ".join(self._blocks[i].text.split()) for i in group]
        at = max(i for i, start in enumerate(passage.starts) if start <= value)
        rest = " ".join(lines[at + 1 :])
        if not rest or any(map(self._columns.may_be_row, lines[at + 1 :])):
            return passage, value
        cells = self._columns.place_of_cells(lines[at])
        label, unit, rest = self._unit_apart(lines[at][:cells].rstrip(" |"), rest)
        head = " | ".join(filter(None, [" ".join([*lines[:at], label, rest]).strip(), unit]))
        said = replace(self._blocks[group[at]], text=f"{head} | {lines[at][cells:]}", cells=())
        return build_passage([said], "row", (), self._damaged), len(head) + 3 + value - passage.starts[
            at
        ] - cells

    def as_pair(self, passage: Passage, value: int, group: Sequence[int]) -> Row | None:
        """Read ``LED / pano`` beside ``7/133`` as two figures, in prose."""
        number = ROW_NUMBER.match(passage.raw)
        label = passage.raw[number.end() if number else 0 : self._columns.place_of_cells(passage.raw)].rstrip(
            " |"
        )
        figure = next((t for t in tokenize(passage.raw) if t.start == value), None)
        if figure is None or figure.numeral is None or not figure.numeral.whole:
            return None
        names, figures = label.split("/"), figure.text.split("/")
        if len(names) != len(figures) or _WHOLE.match(names[-1]):
            return None
        shares = ["%" if name.lstrip().startswith("%") else "" for name in names]
        told = "; ".join(
            f"{name.strip(' %')}: {one.strip()}{share}"
            for name, one, share in zip(names, figures, shares, strict=True)
        )
        said = replace(self._blocks[group[0]], text=told, cells=())
        return Row(build_passage([said], "prose", (), self._damaged), None, True, tuple(group))

    def _unit_apart(self, label: str, rest: str) -> tuple[str, str, str]:
        """Return (label, unit, rest of the label) of a row, whose unit may be wrapped like the label: "hồ" above "sơ"."""
        words, below = label.split(), rest.split()
        for count in range(min(3, len(words) - 1), 0, -1) if self._columns.has_units else ():
            unit = " ".join(words[-count:]).strip(" |")
            for wrapped in range(min(2, len(below)), -1, -1):
                whole = " ".join([unit, *below[len(below) - wrapped :]])
                if self._is_unit(whole):
                    return (
                        " ".join(words[:-count]).rstrip(" |"),
                        whole,
                        " ".join(below[: len(below) - wrapped]),
                    )
        return label, "", rest

    def _is_unit(self, text: str) -> bool:
        """Whether a text is a percent sign, or a noun that the catalogue counts with marks around it."""
        plain = "".join(c for c in text if c.isalnum() or c in " %")
        return plain.strip() == "%" or self._drawn.is_unit(plain)

    def _joined(self, group: Sequence[int]) -> Passage:
        return build_passage([self._blocks[i] for i in group], "row", (), self._damaged)
