"""Figures of a home-made workbook: the asked indicators found by their labels, in rows or in columns.

Each answer is read as a row of a table is read in a report, so that synonyms, units and doubts are those of the
catalogue; a row that carries an indicator's own name is read as an answer of the form. What a person might read
otherwise waits for review: a hidden row, two columns that may both be the result, villages without a total.
Belongs here: what an answer claims. Does not belong: which cell answers which label (``sheet_answers``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import re2

from nq57_assets.catalogue import Catalogue, Indicator
from nq57_assets.extract.columns import tells
from nq57_assets.extract.context import report_year
from nq57_assets.extract.form import observe_form
from nq57_assets.extract.observe import PLANNED_TYPES, PassageReader, as_target, observe
from nq57_assets.extract.outline import read_outline
from nq57_assets.extract.passages import build_passage, is_damaged, tokenize
from nq57_assets.extract.proof import mask
from nq57_assets.extract.sheet_answers import LONG_ANSWER, LONG_LABEL, SEVERAL_PLACES, Answer, Answers, seen
from nq57_assets.extract.sheet_grid import Grid, grids, is_order, role_of
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

_DATE = re2.compile(r"^\d{4}-\d{2}-\d{2}")
_TOTAL_SHEET = re2.compile(r"tong hop|^tong|toan (?:xa|phuong|dac khu)")
_TITLE = re2.compile(
    r"^(?:bieu|bang|phu luc|tong hop|thong ke)[^a-z].*(?:so lieu|ket qua|bao cao|tong hop|thong ke)|^(?:so lieu|ket qua) "
)
_MATTER = re2.compile(r"chuyen doi so|nghi quyet (?:so )?57|57-nq|khoa hoc|cong nghe|192/kh|4157/|4383/")
_HEAD_ROWS, _FEWEST_FIGURES = 30, 3
_MOST_ANSWERS = 4_000
_NONE = ("khong phat sinh", "khong co", "khong")
_QUOTE, _SHORT_ANSWER = 200, 20


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
        answers: list[Answer] = []
        others: list[int] = []
        for section in grid.sections():
            own = reader.answers.of_section(grid, section)
            answers += own
            rows = [*range(section.header[0], section.header[1] + 1), *section.body]
            # Below a table's header only a line of its own is prose; any other row may hold a plan or last year.
            others += [row for row in rows if row in grid.rows and (not own or len(grid.rows[row]) == 1)]
        found, wrong = reader.read(answers[:_MOST_ANSWERS])
        found += reader.narrative(grid, others)
        if found and (what := _hidden(grid, found)):
            hidden.append(what)
        observations += found
        findings += wrong
    if hidden:
        findings.insert(0, Finding("file_hidden_cells", observed="; ".join(hidden)))
    observations = _between_sheets(observations, document.sheets)
    return [
        as_target(one) if header.document_type in PLANNED_TYPES else one for one in observations
    ], findings


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
        self._header = header
        self._catalogue = catalogue
        self._reader = PassageReader(document, header, catalogue)
        self.answers = Answers(self.means, report_year(document, header), header.subject or "")
        self._damaged = is_damaged(document.text)
        self._names = {_plain(one.vi): one for one in catalogue.indicators}
        self._known: dict[tuple[str, tuple[str, ...]], bool] = {}

    def means(self, label: str, path: tuple[str, ...] = ()) -> bool:
        """Whether a label announces any indicator."""
        if not label or len(label) > LONG_LABEL or is_order(label):
            return False
        key = (label, path)
        if key not in self._known:
            self._known[key] = _plain(label) in self._names or any(
                self._matched(Answer(label, "", Block(text, Address()), path)) for text in ("1", "Có")
            )
        return self._known[key]

    def _matched(self, answer: Answer, before: str = "") -> list[Observation]:
        """Read an answer as a row of a table is read; ``before`` is the label above it."""
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
        return [replace(one, quote=_quoted(answer)) for one in self._reader.read(passage, before, row)]

    def read(self, answers: Sequence[Answer]) -> tuple[list[Observation], list[Finding]]:
        """Return what a sheet's answers claim, and which are dates where a figure is asked."""
        observations: list[Observation] = []
        findings: list[Finding] = []
        before = ""
        for answer in answers:
            if isinstance(answer.block.value, str) and _DATE.match(answer.block.value):
                if self.means(answer.label, answer.path):
                    written = f"ngày {answer.block.text}"
                    findings.append(Finding("value_not_number", answer.block.address, observed=written))
                continue
            named = self._names.get(_plain(answer.label))
            if self._in_words(answer, named):
                found = self._told(answer) or self._matched(answer, before)
            elif named and self._reader.judge.section(answer.path) is None:
                found, wrong = self._as_form(answer, named)
                findings += wrong
            else:
                found = self._matched(answer, before)
            observations += [self._doubted(one, answer) for one in found]
            before = answer.label
        return observations, findings

    def _in_words(self, answer: Answer, named: Indicator | None) -> bool:
        """Whether an answer is more than a figure or a plain yes or no."""
        text = answer.block.text
        if not isinstance(answer.block.value, str):
            return False
        if len(text) > LONG_ANSWER or tells(text):
            return True
        plain_answer = named is not None and (named.kind == "flag" or fold(text).strip(" .") in _NONE)
        return not any(map(str.isdigit, text)) and not (plain_answer and len(text) <= _SHORT_ANSWER)

    def _told(self, answer: Answer) -> list[Observation]:
        """Read an answer in sentences: each line as prose behind its label, under the label as its heading."""
        lines = str(answer.block.value or answer.block.text).split("\n")
        path = (*answer.path, answer.label)
        said = [
            Block(f"{answer.label}: {line.strip(' -+')}", answer.block.address)
            for line in lines
            if line.strip()
        ]
        passages = [build_passage([block], "prose", path, self._damaged) for block in said]
        return [one for passage in passages for one in self._reader.read(passage, "", None)]

    def narrative(self, grid: Grid, rows: Sequence[int]) -> list[Observation]:
        """Return what rows outside the tables claim, read like the lines of a report."""
        blocks: list[Block] = []
        places: dict[int, tuple[int, Address]] = {}
        for number, row in enumerate(rows, 1):
            columns = grid.rows[row]
            places[number] = row, grid.address(row, columns[0])
            if row - 1 not in rows:
                blocks.append(Block("", Address(line=number)))
            blocks += _lines(grid, row, Address(line=number))
        document = replace(self._document, blocks=tuple(blocks), sheets=())
        found = observe(document, self._header, read_outline(document), self._catalogue)
        observations = []
        for one in found:
            row, address = places.get(one.address.line or 0, (0, one.address))
            doubts = tuple(seen(grid, row, 0)) if row else ()
            answer = Answer("", "", Block(one.quote, address), (), doubts)
            observations.append(self._doubted(replace(one, address=address), answer))
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
        doubts = [doubt for doubt in answer.doubts if doubt != SEVERAL_PLACES]
        if SEVERAL_PLACES in answer.doubts and indicator.kind in ("rate", "flag"):
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


def _lines(grid: Grid, row: int, place: Address) -> list[Block]:
    """Return a row as lines of text: the lines of its one cell, or its cells between pipes."""
    columns = grid.rows[row]
    if len(columns) == 1:
        block = grid.cells[row, columns[0]]
        return [Block(line, place) for line in str(block.value or block.text).split("\n") if line.strip()]
    text, cells = "|", []
    for column in range(1, max(columns) + 1):
        cells.append((len(text), grid.address(row, column)))
        cell = grid.own(row, column).replace("|", "/")
        text += f" {cell} |" if cell else " |"
    return [Block(text, place, cells=tuple(cells))]


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
