"""Which cell of a worksheet answers which label, in rows or in columns, and why a person should look at it.

Belongs here: the direction of a table, the column that is the result, totals of villages, groups of rows.
Does not belong: what labels and answers mean (``homemade``), titles of columns (``sheet_grid``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import re2

from nq57_assets.extract.sheet_grid import Grid, Role, Section, is_order
from nq57_assets.model import Block
from nq57_assets.vietnamese.fold import fold

_YEAR = re2.compile(r"(?:^|[^\d])(20\d{2})(?:$|[^\d])")
_TOTAL_ROW = re2.compile(
    r"^(?:\d*[.)]?\s*)?(?:tong(?: cong| so| toan (?:xa|phuong|dac khu))?|cong|toan (?:xa|phuong|dac khu))\s*:?$"
)
_NOT_RESULTS: tuple[Role, ...] = ("number", "label", "unit", "note", "target", "past", "compare")
LONG_LABEL, LONG_ANSWER, _LONG_TITLE = 300, 80, 120
SEVERAL_PLACES = "tổng nhiều nơi"
"""A remark and no doubt: counts of several places add up, shares do not."""
Means = Callable[[str, tuple[str, ...]], bool]


@dataclass(frozen=True, slots=True)
class Answer:
    """One cell with the words that say what it counts.

    Attributes:
        label: Words of its row or column.
        unit: Text of its unit cell, if there is one.
        block: The cell; its text may be a sum that the workbook doesn't hold.
        path: Titles of the groups above.
        doubts: Why a person should look at it.
    """

    label: str
    unit: str
    block: Block
    path: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Answers:
    """Finds the answers of a workbook's sheets.

    Args:
        means: Whether a label below some titles announces an indicator.
        year: Year that the workbook reports on, or None.
        subject: The paper's own subject, which is no heading of a table.
    """

    def __init__(self, means: Means, year: int | None, subject: str) -> None:
        self._means = means
        self._subject = subject
        self._year = year

    def of_section(self, grid: Grid, section: Section) -> list[Answer]:
        """Return the answers of one section, in whichever direction more labels are indicators."""
        labels = self._label_column(grid, section)
        drawn = [row for row in section.body if len(grid.rows[row]) > 1]
        in_rows = sum(self._means(grid.own(row, labels), ()) for row in drawn) if labels else 0
        columns = sorted({column for row in section.body for column in grid.rows[row]})
        in_columns = sum(self._means(*_labelled(grid.titles(section.header, column))) for column in columns)
        if in_columns >= 2 and in_columns > in_rows:
            return list(self._from_columns(grid, section, columns))
        return list(self._from_rows(grid, section, labels)) if labels and in_rows else []

    def _label_column(self, grid: Grid, section: Section) -> int:
        """Return the column whose words announce the most indicators; 0 for none."""
        counts: Counter[int] = Counter()
        for row in section.body:
            for column in grid.rows[row] if len(grid.rows[row]) > 1 else ():
                if grid.is_words(row, column) and self._means(grid.own(row, column), ()):
                    counts[column] += 1
        for column in counts:
            if grid.role(section.header, column) == "label":
                counts[column] += 1
        return max(counts, key=lambda column: (counts[column], -column), default=0)

    def _from_rows(self, grid: Grid, section: Section, labels: int) -> Iterator[Answer]:
        columns = sorted({c for row in section.body for c in grid.rows[row] if c != labels})
        roles = {column: grid.role(section.header, column) for column in columns}
        units = next((column for column in columns if roles[column] == "unit"), 0)
        path: tuple[str, ...] = tuple(self._above(grid, section))
        top = path
        for row in section.body:
            label = grid.text(row, labels)
            if not label or len(label) > LONG_LABEL:
                continue
            chosen, doubts = self._result(grid, section, row, labels, roles)
            if chosen is None:
                if self._is_group(grid, section, row, labels):
                    path = (*top, label)
                continue
            yield Answer(label, grid.own(row, units) if units else "", chosen, path, tuple(doubts))

    def _is_group(self, grid: Grid, section: Section, row: int, labels: int) -> bool:
        """Whether a row names a group of the rows below it, and is no indicator left blank."""
        if any(column > labels for column in grid.rows[row]):
            return False
        order = next((grid.own(row, c) for c in grid.rows[row] if c < labels), "").rstrip(".)")
        if not order.isdigit():
            return True
        place = section.body.index(row)
        below = section.body[place + 1] if place + 1 < len(section.body) else 0
        first = grid.own(below, grid.rows[below][0]) if below else ""
        return first.startswith((f"{order}.", "-", "a", "+")) or grid.own(row, labels).isupper()

    def _result(
        self, grid: Grid, section: Section, row: int, labels: int, roles: dict[int, Role]
    ) -> tuple[Block | None, list[str]]:
        """Return the cell that is the row's result, and why it may not be."""
        columns = list(roles)
        villages = [column for column in columns if roles[column] == "village"]
        totals = [c for c in columns if roles[c] == "total" and grid.own(row, c)]
        if len(villages) > 1:
            return self._of_villages(grid, [(row, c) for c in villages], [(row, c) for c in totals])
        open_ = [
            c
            for c in columns
            if roles[c] not in _NOT_RESULTS and self._of_year(grid.title(section.header, c))
        ]
        named = [c for c in open_ if roles[c] in ("value", "total")]
        filled = [c for c in (named or open_) if self._answers(grid, row, c)]
        if not filled:
            return None, []
        column = filled[-1] if not named else filled[0]
        doubts = [] if len(filled) == 1 else ["nhiều cột có thể là kết quả"]
        if not named and any(roles[c] in ("target", "past") for c in columns) and len(open_) > 1:
            doubts.append("không rõ cột kết quả")
        if "ước" in grid.title(section.header, column).lower().split():
            doubts.append("cột ghi số ước")
        return grid.cells[row, column], doubts + seen(grid, row, column)

    def _of_year(self, title: str) -> bool:
        """Whether a column may be of the year that is reported on."""
        years = {int(match.group(1)) for match in _YEAR.finditer(title)}
        return not years or self._year is None or self._year in years

    def _answers(self, grid: Grid, row: int, column: int) -> bool:
        text = grid.own(row, column)
        return bool(text) and (grid.is_figure(row, column) or not is_order(text))

    def _of_villages(
        self, grid: Grid, parts: Sequence[tuple[int, int]], totals: Sequence[tuple[int, int]]
    ) -> tuple[Block | None, list[str]]:
        """Return the total that the workbook writes; without one the sum is offered for review."""
        numbers = [
            block.value
            for place in parts
            if (block := grid.cells.get(place)) and isinstance(block.value, int | float)
        ]
        total = sum(numbers)
        if totals:
            block = grid.cells[totals[-1]]
            doubts = seen(grid, *totals[-1])
            written = block.value
            if numbers and isinstance(written, int | float) and abs(float(written) - total) > 1e-6:
                doubts.append(f"tổng ghi {block.text} khác tổng các thôn, tổ dân phố {total:g}")
            return block, [*doubts, SEVERAL_PLACES]
        if not numbers:
            return None, []
        first = next(grid.cells[place] for place in parts if place in grid.cells)
        shown = f"{total:.15g}".replace(".", ",")
        offered = f"tổng của {len(numbers)} thôn, tổ dân phố do máy cộng, tệp không ghi tổng"
        return Block(shown, first.address, total), [offered, SEVERAL_PLACES]

    def _from_columns(self, grid: Grid, section: Section, columns: Sequence[int]) -> Iterator[Answer]:
        path = tuple(self._above(grid, section))
        for column in columns:
            label, over = _labelled(grid.titles(section.header, column))
            role = grid.role(section.header, column)
            if role in ("number", "note", "target", "past", "compare") or not self._means(label, over):
                continue
            if not self._of_year(" ".join((*over, label))):
                continue
            rows = [row for row in section.body if grid.own(row, column)]
            totals = [row for row in section.body if self._is_total(grid, row, column)]
            chosen, doubts = self._down(grid, column, rows, totals)
            if chosen is not None:
                yield Answer(label, "", chosen, (*path, *over), tuple(doubts))

    def _down(
        self, grid: Grid, column: int, rows: list[int], totals: list[int]
    ) -> tuple[Block | None, list[str]]:
        """Return the answer of a column whose rows are places or, when there is one row, the commune."""
        kept = [row for row in rows if row not in totals and not self._counts(grid, row)]
        if len(kept) > 1 or totals:
            written = [(row, column) for row in totals if grid.own(row, column)]
            return self._of_villages(grid, [(row, column) for row in kept], written)
        if not kept:
            return None, []
        return grid.cells[kept[0], column], seen(grid, kept[0], column)

    def _is_total(self, grid: Grid, row: int, column: int) -> bool:
        return any(
            other < column and _TOTAL_ROW.match(" ".join(fold(grid.own(row, other)).split()))
            for other in grid.rows[row]
        )

    def _counts(self, grid: Grid, row: int) -> bool:
        """Whether a row only counts the columns: ``(1) (2) (3)``."""
        texts = [grid.own(row, column).strip("()[] ") for column in grid.rows[row]]
        return (
            len(texts) > 2 and texts == [str(n) for n in range(int(texts[0]), int(texts[0]) + len(texts))]
            if (texts and texts[0].isdigit() and len(texts[0]) < 3)
            else False
        )

    def _above(self, grid: Grid, section: Section) -> list[str]:
        """Return the title lines directly above a section's header, which may say that it is a plan."""
        first = section.header[0] or section.body[0]
        lines = [row for row in grid.rows if first - 4 <= row < first and len(grid.rows[row]) == 1]
        titles = [grid.own(row, grid.rows[row][0]) for row in lines]
        named = [title for title in titles if len(title) <= _LONG_TITLE and title[:1] not in "-+*•"]
        return [title for title in named if title not in self._subject] + [grid.name]


def seen(grid: Grid, row: int, column: int) -> list[str]:
    """Return the doubt that a cell which a person doesn't see leaves."""
    return ["dòng, cột hoặc trang tính bị ẩn"] if grid.hidden(row, column) else []


def _labelled(titles: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the lowest title of a column, and those above it."""
    return (titles[-1], tuple(titles[:-1])) if titles else ("", ())
