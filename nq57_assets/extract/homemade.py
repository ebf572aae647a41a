"""Figures of a home-made workbook: the asked indicators found by their labels, in rows or in columns.

Each answer is read as a row of a table is read in a report, so that synonyms, units and doubts are those of the
catalogue; a row that carries an indicator's own name is read as an answer of the form. What a person might read
otherwise waits for review: a hidden row, two columns that may both be the result, villages without a total.
Belongs here: which cell answers which label. Does not belong: the grid (``sheet_grid``), meaning of words (``match``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import re2

from nq57_assets.catalogue import Catalogue, Indicator
from nq57_assets.extract.context import report_year
from nq57_assets.extract.form import observe_form
from nq57_assets.extract.observe import PassageReader
from nq57_assets.extract.passages import build_passage, is_damaged, tokenize
from nq57_assets.extract.proof import mask
from nq57_assets.extract.sheet_grid import Grid, Role, Section, grids, is_order, role_of
from nq57_assets.extract.tables import Row
from nq57_assets.model import (
    Address,
    Block,
    Document,
    DocumentType,
    Finding,
    FormCell,
    Header,
    IdentityVote,
    Observation,
    SheetShape,
)
from nq57_assets.vietnamese.fold import fold

_YEAR = re2.compile(r"(?:^|[^\d])(20\d{2})(?:$|[^\d])")
_DATE = re2.compile(r"^\d{4}-\d{2}-\d{2}")
_TOTAL_ROW = re2.compile(
    r"^(?:\d*[.)]?\s*)?(?:tong(?: cong| so| toan (?:xa|phuong|dac khu))?|cong|toan (?:xa|phuong|dac khu))\s*:?$"
)
_TOTAL_SHEET = re2.compile(r"tong hop|^tong|toan (?:xa|phuong|dac khu)")
_NOT_RESULTS: tuple[Role, ...] = ("number", "label", "unit", "note", "target", "past", "compare")
_TITLE = re2.compile(
    r"^(?:bieu|bang|phu luc|tong hop|thong ke)[^a-z].*(?:so lieu|ket qua|bao cao|tong hop|thong ke)|^(?:so lieu|ket qua) "
)
_MATTER = re2.compile(r"chuyen doi so|nghi quyet (?:so )?57|57-nq|khoa hoc|cong nghe|192/kh|4157/|4383/")
_HEAD_ROWS, _FEWEST_FIGURES = 30, 3
_MOST_ANSWERS = 4_000
_LONG_LABEL, _LONG_ANSWER, _QUOTE = 300, 80, 200


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


def observe_workbook(
    document: Document, header: Header, catalogue: Catalogue
) -> tuple[list[Observation], list[Finding]]:
    """Return the figures of a home-made workbook and what is wrong with it.

    Returns:
        Observations with sheet and cell, method ``table``; doubtful ones wait for review. Findings name hidden sheets
        and rows that hold figures, and cells with a date where a figure is asked.
    """
    reader = _Workbook(document, header, catalogue)
    observations: list[Observation] = []
    findings: list[Finding] = []
    hidden: list[str] = []
    for grid in grids(document):
        answers = [answer for section in grid.sections() for answer in reader.answers(grid, section)]
        found, wrong = reader.read(answers[:_MOST_ANSWERS])
        found += reader.prose(grid)
        if found and (what := _hidden(grid, found)):
            hidden.append(what)
        observations += found
        findings += wrong
    if hidden:
        findings.insert(0, Finding("file_hidden_cells", observed="; ".join(hidden)))
    return _between_sheets(observations, document.sheets), findings


def head_of(document: Document) -> Document:
    """Return the lines above the first table of a workbook, a line a row: what letterhead and title are read from."""
    lines: list[Block] = []
    for grid in grids(document)[:1]:
        first = next((section.header[0] for section in grid.sections() if section.header[0]), 0)
        for row in list(grid.rows)[:_HEAD_ROWS]:
            if first and row >= first:
                break
            text = "     ".join(grid.own(row, column) for column in grid.rows[row])
            lines.append(Block(text, grid.address(row, grid.rows[row][0])))
    return replace(document, blocks=tuple(lines))


def workbook_type(
    header: Header, votes: Sequence[IdentityVote], head: Document, observations: Sequence[Observation]
) -> DocumentType:
    """Return the type of a home-made workbook: ``report`` only when title, sender and figures say so.

    A table titled as results of the matter that is reported on, by a commune that it names itself, with figures in it, is
    a report without the word; any other workbook stays what its head says, mostly ``unknown``.
    """
    figures = sum(one.status != "rejected" for one in observations)
    if header.document_type != "unknown" or figures < _FEWEST_FIGURES:
        return header.document_type
    titles = [" ".join(fold(block.text).split()) for block in head.blocks]
    titled = any(_TITLE.search(plain) and _MATTER.search(plain) for plain in titles)
    return "report" if titled and any(vote.commune_code for vote in votes) else "unknown"


class _Workbook:
    """Reads the sheets of one workbook."""

    def __init__(self, document: Document, header: Header, catalogue: Catalogue) -> None:
        self._document = document
        self._catalogue = catalogue
        self._reader = PassageReader(document, header, catalogue)
        self._year = report_year(document, header)
        self._damaged = is_damaged(document.text)
        self._names = {_plain(one.vi): one for one in catalogue.indicators}
        self._known: dict[tuple[str, str], bool] = {}

    def answers(self, grid: Grid, section: Section) -> list[Answer]:
        """Return the answers of one section, in whichever direction more labels are indicators."""
        labels = self._label_column(grid, section)
        in_rows = sum(self._means(grid.own(row, labels), "") for row in section.body) if labels else 0
        columns = sorted({column for row in section.body for column in grid.rows[row]})
        in_columns = sum(self._means(grid.title(section.header, column), "") for column in columns)
        if in_columns >= 2 and in_columns > in_rows:
            return list(self._from_columns(grid, section, columns))
        return list(self._from_rows(grid, section, labels)) if labels and in_rows else []

    def _means(self, label: str, unit: str) -> bool:
        """Whether a label announces any indicator."""
        if not label or len(label) > _LONG_LABEL or is_order(label):
            return False
        key = (label, unit)
        if key not in self._known:
            self._known[key] = _plain(label) in self._names or bool(
                self._matched(Answer(label, unit, Block("1", Address()))) or self._flagged(label)
            )
        return self._known[key]

    def _flagged(self, label: str) -> bool:
        return bool(self._matched(Answer(label, "", Block("Có", Address()))))

    def _label_column(self, grid: Grid, section: Section) -> int:
        """Return the column whose words announce the most indicators; 0 for none."""
        counts: Counter[int] = Counter()
        for row in section.body:
            for column in grid.rows[row]:
                if grid.is_words(row, column) and self._means(grid.own(row, column), ""):
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
            if not label or len(label) > _LONG_LABEL:
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
        return grid.cells[row, column], doubts + self._seen(grid, row, column)

    def _of_year(self, title: str) -> bool:
        """Whether a column may be of the year that is reported on."""
        years = {int(match.group(1)) for match in _YEAR.finditer(title)}
        return not years or self._year is None or self._year in years

    def _answers(self, grid: Grid, row: int, column: int) -> bool:
        if not grid.own(row, column) or (is_order(grid.own(row, column)) and not grid.is_figure(row, column)):
            return False
        return grid.is_figure(row, column) or len(grid.own(row, column)) <= _LONG_ANSWER

    def _seen(self, grid: Grid, row: int, column: int) -> list[str]:
        return ["dòng, cột hoặc trang tính bị ẩn"] if grid.hidden(row, column) else []

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
            doubts = self._seen(grid, *totals[-1])
            written = block.value
            if numbers and isinstance(written, int | float) and abs(float(written) - total) > 1e-6:
                doubts.append(f"tổng ghi {block.text} khác tổng các thôn, tổ dân phố {total:g}")
            return block, [*doubts, "tổng nhiều nơi"]
        if not numbers:
            return None, []
        first = next(grid.cells[place] for place in parts if place in grid.cells)
        shown = f"{total:.15g}".replace(".", ",")
        offered = f"tổng của {len(numbers)} thôn, tổ dân phố do máy cộng, tệp không ghi tổng"
        return Block(shown, first.address, total), [offered, "tổng nhiều nơi"]

    def _from_columns(self, grid: Grid, section: Section, columns: Sequence[int]) -> Iterator[Answer]:
        path = tuple(self._above(grid, section))
        for column in columns:
            label = grid.title(section.header, column)
            role = grid.role(section.header, column)
            if role in ("number", "note", "target", "past", "compare") or not self._means(label, ""):
                continue
            if not self._of_year(label):
                continue
            rows = [row for row in section.body if grid.own(row, column)]
            totals = [row for row in section.body if self._is_total(grid, row, column)]
            chosen, doubts = self._down(grid, column, rows, totals)
            if chosen is not None:
                yield Answer(label, "", chosen, path, tuple(doubts))

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
        return grid.cells[kept[0], column], self._seen(grid, kept[0], column)

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
        return [grid.own(row, grid.rows[row][0])[:_LONG_LABEL] for row in lines] + [grid.name]

    def _matched(self, answer: Answer) -> list[Observation]:
        """Read an answer as a row of a table is read."""
        label, unit = answer.label.replace("|", "/"), answer.unit.replace("|", "/")
        text = _shown(answer.block).replace("|", "/")
        lead = f"| {' '.join(label.split())} | {' '.join(unit.split())} |".replace("|  |", "| |")
        line = f"{lead} {' '.join(text.split())} |"
        place = Block(line, answer.block.address)
        passage = build_passage([place], "row", answer.path, self._damaged)
        figures = [
            token for token in tokenize(passage.text) if token.kind == "figure" and token.start > len(lead)
        ]
        row = Row(passage, figures[0].start if figures else None, True, (0,), unit)
        return self._reader.read(passage, "", row)

    def read(self, answers: Sequence[Answer]) -> tuple[list[Observation], list[Finding]]:
        """Return what a sheet's answers claim; one cell gives one claim."""
        observations: list[Observation] = []
        findings: list[Finding] = []
        for answer in answers:
            if isinstance(answer.block.value, str) and _DATE.match(answer.block.value):
                if self._means(answer.label, answer.unit):
                    seen = f"ngày {answer.block.text}"
                    findings.append(Finding("value_not_number", answer.block.address, observed=seen))
                continue
            named = self._names.get(_plain(answer.label))
            if named and self._reader.judge.section(answer.path) is None:
                found, wrong = self._as_form(answer, named)
                findings += wrong
            else:
                found = [replace(one, quote=_quoted(answer)) for one in self._matched(answer)]
            observations += [self._doubted(one, answer) for one in found]
        return observations, findings

    def prose(self, grid: Grid) -> list[Observation]:
        """Return what the long texts of a sheet claim, each cell read as a passage of a report."""
        observations: list[Observation] = []
        for (row, column), block in sorted(grid.cells.items()):
            if isinstance(block.value, str) and len(block.text) > _LONG_ANSWER:
                lead = next(
                    (grid.own(row, c) for c in grid.rows[row] if c < column and grid.is_words(row, c)), ""
                )
                lines = [replace(block, text=line) for line in block.value.split("\n") if line.strip()]
                passages = [
                    build_passage([line], "prose", (grid.name,), self._damaged, lead) for line in lines
                ]
                doubts = tuple(self._seen(grid, row, column))
                found = [one for passage in passages for one in self._reader.read(passage, "", None)]
                observations += [self._doubted(one, Answer("", "", block, (), doubts)) for one in found]
        return observations

    def _as_form(self, answer: Answer, indicator: Indicator) -> tuple[list[Observation], list[Finding]]:
        """Read an answer that carries an indicator's own name as the form's answer to it."""
        block = answer.block
        nil = (
            fold(block.text).strip(" .") in ("khong phat sinh", "khong co", "khong")
            and indicator.kind != "flag"
        )
        value = (
            None if nil else block.text if isinstance(block.value, str) or "%" in block.text else block.value
        )
        cell = FormCell(indicator.code, value, nil, "", block.address, unit=answer.unit or None)
        found, wrong = observe_form(replace(self._document, form_cells=(cell,), findings=()), self._catalogue)
        words = (
            f"{answer.label} | {answer.unit} | {block.text}"
            if answer.unit
            else f"{answer.label} | {block.text}"
        )
        return [
            replace(one, method="table", quote=words[:200], why=f"tên chỉ tiêu: {indicator.vi}")
            for one in found
        ], wrong

    def _doubted(self, one: Observation, answer: Answer) -> Observation:
        """Send an observation to review when the workbook leaves a doubt about its cell."""
        indicator = self._catalogue.indicator[one.indicator]
        doubts = [doubt for doubt in answer.doubts if doubt != "tổng nhiều nơi"]
        if "tổng nhiều nơi" in answer.doubts and indicator.kind in ("rate", "flag"):
            doubts.append("tỷ lệ hoặc có/không của nhiều nơi không cộng được")
        value = answer.block.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            seen = 100 * value if "%" in answer.block.text else value
            if (
                indicator.kind != "flag"
                and one.value is not None
                and abs(one.value - seen) > 1e-6 * max(1, abs(seen))
            ):
                doubts.append("đọc khác giá trị của ô")
            if indicator.unit == "%" and 0 < value <= 1 and "%" not in answer.block.text:
                doubts.append("không rõ là tỷ lệ hay phần trăm")
        if not doubts or one.status == "rejected":
            return one
        why = " | ".join(part for part in (one.why, *(f"nghi vấn: {doubt}" for doubt in doubts)) if part)
        return replace(one, status="review", confidence=min(one.confidence, 0.55), why=why)


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() or c == "%" else " " for c in fold(text)).split())


def _shown(block: Block) -> str:
    """Return a cell's text; a decimal of three digits gets a zero, or it would be read as thousands."""
    if isinstance(block.value, float) and "%" not in block.text:
        _, comma, decimals = block.text.partition(",")
        if comma and len(decimals) == 3:
            return f"{block.text}0"
    return block.text


def _quoted(answer: Answer) -> str:
    """Return the words of an answer, contacts masked."""
    return mask(" | ".join(part for part in (answer.label, answer.unit, answer.block.text) if part))[:_QUOTE]


def _hidden(grid: Grid, found: Sequence[Observation]) -> str:
    """Return which hidden parts of a sheet hold figures."""
    if grid.shape.hidden:
        return f"trang tính {grid.name}"
    cells = {one.address for one in found}
    rows = {
        row for row, column in grid.cells if grid.address(row, column) in cells and grid.hidden(row, column)
    }
    return f"trang {grid.name}: dòng {', '.join(map(str, sorted(rows)[:20]))}" if rows else ""


def _between_sheets(observations: list[Observation], sheets: Sequence[SheetShape]) -> list[Observation]:
    """Prefer the sheet that adds up the others; villages on sheets of their own wait for review."""
    villages = {sheet.name for sheet in sheets if role_of(sheet.name) == "village"}
    summed = {one.indicator for one in observations if _TOTAL_SHEET.search(fold(one.address.sheet or ""))}
    return [
        _of_one_village(one, one.indicator in summed) if one.address.sheet in villages else one
        for one in observations
    ]


def _of_one_village(one: Observation, is_summed: bool) -> Observation:
    if one.status == "rejected":
        return one
    why = f"{one.why} | nghi vấn: trang của một thôn, tổ dân phố"
    if is_summed:
        return replace(one, status="rejected", confidence=min(one.confidence, 0.2), why=why)
    return replace(one, status="review", confidence=min(one.confidence, 0.55), why=why)
