"""Difficulties, causes and recommendations of a narrative document, each whole, with its address and themes.

Belongs here: which sentences and items are statements, of which kind, to whom.
Does not belong: the words themselves (``reference/statements.yaml``), cutting texts (``statement_units``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import re2

from nq57_assets.catalogue import Catalogue
from nq57_assets.extract.context import report_year
from nq57_assets.extract.lexicon import mentions
from nq57_assets.extract.observe import PLANNED_TYPES
from nq57_assets.extract.passages import Passage, read_passages
from nq57_assets.extract.statement_sense import Place, judge
from nq57_assets.extract.statement_tables import sheet_cells, table_cells, table_lines
from nq57_assets.extract.statement_units import Unit, body_of, bullet_of, label_of, questions, units_of
from nq57_assets.extract.statement_words import STOPS, Words, compile_words
from nq57_assets.model import Address, Addressee, Document, Header, Section, Statement, StatementKind
from nq57_assets.privacy import mask

_MOST = 300
_CAUSE = "nguyên nhân"
_LONGEST = 1_200
# Signatures and recipients, wherever they stand on their line; after them nothing is stated.
_SIGNED = re2.compile(
    r"(?:^|[\s;])(?:TM|KT|TUQ|TL)\s?\.\s?\p{Lu}{2}|^\s*T/M\s|CH[ỦU] T[ỊI]CH|^\W*N[oơ]i\s?nh[aâậéi]n"
    r"|^\W*Trên đây là|^\W*Tr[eê]n d[aâ]y|^\W*L\pL?[uưw]u\s?:|PCT\s+UBND"
)
_YEAR = re2.compile(
    r"^(?:\W*(?:[Đđ]ến|[Tt]rong|[Tt]ừ)?\s*(?:hết\s+)?[Nn][aă]m|\W*\pL+\s+\pL+\s+đến năm|\W*[Mm]ục tiêu[^,;]*năm)\s+(20\d\d)"
)
_SUBJECT_LINE = re2.compile(r"^\W*[Vv]/[vV]\b")


@dataclass(frozen=True, slots=True)
class _Label:
    """A line that introduces what follows without being a heading, and the mark it stood behind."""

    place: Place
    bullet: str
    listed: bool = False


def read_statements(
    document: Document, header: Header, outline: tuple[Section, ...], catalogue: Catalogue
) -> tuple[Statement, ...]:
    """Return the difficulties, causes and recommendations that a document states, in reading order.

    Args:
        document: What a reader made of the file.
        header: Plans, decisions and notices state tasks, so they yield nothing.
        outline: Headings; they tell most statements from results.
        catalogue: Words of titles, cues, addressees and themes.
    """
    if header.document_type in PLANNED_TYPES or header.document_type == "form":
        return ()
    words = compile_words(catalogue)
    if document.sheets:
        found = [
            _of_cell(cell.text, cell.address, Place(cell.roles, cell.addressee, cell.section), words, False)
            for cell in sheet_cells(document, words)
        ]
        return tuple(one for several in found for one in several)[:_MOST]
    return tuple(_Reader(document, words, report_year(document, header)).read(outline)[:_MOST])


def _of_cell(text: str, address: Address, place: Place, words: Words, damaged: bool) -> list[Statement]:
    """Read a cell of a column or row of statements: each of its lines is an item."""
    found: list[Statement] = []
    for line in text.split("\n"):
        previous: StatementKind | None = None
        for unit in units_of(body_of(line), True, words, damaged):
            statement = _statement(unit, place, previous, words, address, damaged)
            if statement:
                found.append(statement)
                previous = statement.kind
    return found


class _Reader:
    """Walks through the passages of one document and keeps what introduces the next."""

    def __init__(self, document: Document, words: Words, year: int | None) -> None:
        self._document = document
        self._year = year
        self._words = words
        self._roles: dict[tuple[str, bool], tuple[str, ...] | None] = {}
        self._label: _Label | None = None
        self._last = Place()
        self._over = False
        self._previous: StatementKind | None = None

    def read(self, outline: tuple[Section, ...]) -> list[Statement]:
        """Return the statements of the document."""
        drawn = table_lines(self._document)
        passages = [
            part
            for _, passage in read_passages(self._document, outline, drawn)
            for part in questions(passage)
        ]
        found: list[Statement] = []
        index = 0
        while index < len(passages) and len(found) < _MOST:
            passage = passages[index]
            if passage.kind == "row":
                stop = index
                while stop < len(passages) and passages[stop].kind == "row":
                    stop += 1
                found += self._table(passages[index:stop])
                index = stop
                continue
            behind = passages[index + 1] if index + 1 < len(passages) else None
            found += self._passage(passage, behind)
            index += 1
        return found

    def _title(self, title: str, damaged: bool) -> tuple[str, ...] | None:
        key = (title, damaged)
        if key not in self._roles:
            body = body_of(title)
            self._roles[key] = None if label_of(body)[1] else self._words.roles(body, damaged)
        return self._roles[key]

    def _place(self, passage: Passage) -> Place:
        """Return what the headings above a passage say, the innermost first."""
        addressee: Addressee | None = None
        path = passage.path[:-1] if passage.kind == "heading" else passage.path
        for title in reversed(path):
            roles = self._title(title, passage.damaged)
            plain = body_of(title)
            if addressee is None and (roles is None or "recommendation" in roles) and len(plain) < 120:
                addressee = self._words.addressee(self._words.read(plain, passage.damaged))
            if roles is not None:
                return Place(roles, addressee, plain)
        return Place()

    def _table(self, rows: list[Passage]) -> list[Statement]:
        """Read a drawn table: columns or rows titled as statements, or any table in a section of statements."""
        place = self._label.place if self._label else self._place(rows[0])
        found: list[Statement] = []
        if self._over:
            return found
        for cell in table_cells(rows, place.roles, self._words):
            where = Place(cell.roles, cell.addressee or place.addressee, cell.section or place.section)
            found += _of_cell(cell.text, cell.address, where, self._words, rows[0].damaged)
        return found

    def _passage(self, passage: Passage, behind: Passage | None) -> list[Statement]:
        body = body_of(passage.raw)
        roles = self._title(passage.raw, passage.damaged)
        if roles is not None:
            # A title: of a heading that the outline knows, or of a line that only introduces.
            self._over = self._over and not frozenset(roles) - STOPS
            self._previous = None
            # A title without a mark is lost from the path once numbered lines follow it.
            heads = passage.kind == "heading" and bool(bullet_of(passage.raw) or passage.raw.isupper())
            introduced = self._introduce(passage, roles, body)
            self._label, self._last = None if heads else introduced, introduced.place
            return []
        if _ends_document(passage.raw):
            self._over, self._label = True, None
        if self._over or _SUBJECT_LINE.match(passage.raw):
            return []
        self._over = passage.raw.rstrip().endswith("/.")
        if passage.kind == "heading" and _heads(passage, behind):
            self._label, self._last = None, Place()
            return []
        place = self._where(passage)
        if passage.kind == "heading" and not place.roles:
            place = (
                self._last
            )  # An item whose mark or capitals made it a heading beside its title, not below.
        label, rest = label_of(body)
        own = self._words.roles(label, passage.damaged) if label else None
        if own is not None:
            said = self._words.read(label, passage.damaged)
            place = Place(own, self._words.addressee(said) or place.addressee, place.section or label)
            if not rest:
                self._label = _Label(place, bullet_of(passage.raw))
                return []
        elif body.endswith(":"):
            self._intro(passage, body, place)
            return []
        if not place.kinds and not mentions(
            passage.text, self._words.triggers, self._words.lexicon, passage.damaged
        ):
            return []
        return self._units(passage, rest if own is not None else body, place, own is not None)

    def _introduce(self, passage: Passage, roles: tuple[str, ...], body: str) -> _Label:
        addressee = self._words.addressee(self._words.read(body, passage.damaged))
        return _Label(Place(roles, addressee, body.rstrip(" :.?")), bullet_of(passage.raw))

    def _intro(self, passage: Passage, body: str, place: Place) -> None:
        """Remember a sentence that ends in a colon and says what follows: ``Xã kiến nghị với thành phố:``."""
        said = self._words.read(body, passage.damaged)
        named = self._words.addressee(said)
        kinds = [k for k in ("difficulty", "cause", "recommendation") if said.has(f"title:{k}")]
        if "cause" in kinds and not any(hit.phrase == _CAUSE for hit in said.of("title:cause")):
            kinds.remove("cause")  # "lý do" and the like stand in too many sentences
        if said.has("settled") or said.has("asked_of_others"):
            kinds = []
        if kinds:
            # The last word tells what follows: "Trước những khó khăn trên, xã kiến nghị:".
            kinds.sort(key=lambda k: -max(hit.start for hit in said.hits[f"title:{k}"]))
            roles = (kinds[0],) if kinds[0] == "recommendation" else tuple(reversed(kinds))
            self._label = _Label(Place(roles, named, body.rstrip(" :")), bullet_of(passage.raw))
        elif named and "recommendation" in place.roles:
            self._label = _Label(replace(place, addressee=named), bullet_of(passage.raw))

    def _where(self, passage: Passage) -> Place:
        """Return the place of a passage, the line that introduces it before the headings above."""
        label = self._label
        if label is None:
            return self._place(passage)
        bullet = bullet_of(passage.raw)
        if bullet and not label.bullet:
            self._label = replace(label, listed=True)
        elif (label.bullet and bullet == label.bullet) or (label.listed and not bullet and not label.bullet):
            self._label = None
            return self._place(passage)
        return label.place

    def _units(self, passage: Passage, body: str, place: Place, labelled: bool) -> list[Statement]:
        # Behind "Khó khăn:" each sentence is a matter of its own, as in a paragraph.
        item = not labelled and (passage.kind == "heading" or bool(bullet_of(passage.raw)))
        offset = passage.raw.rfind(body)
        found: list[Statement] = []
        if not item:
            self._previous = self._previous if place.kinds else None
        coming = caused = -1
        for unit in units_of(body, item, self._words, passage.damaged, bool(place.kinds)):
            if unit.sentence == coming:
                continue
            if self._is_to_come(unit, place):
                coming = unit.sentence  # "Hướng tới năm 2026: (i) …; (ii) …"
                continue
            address = passage.address_at(offset + unit.start)
            statement = _statement(unit, place, self._previous, self._words, address, passage.damaged)
            if statement is None:
                continue
            if unit.sentence == caused and statement.kind == "difficulty":
                statement = replace(statement, kind="cause")  # "… do thiếu người; địa bàn rộng"
            if statement.kind == "cause":
                caused = unit.sentence
            if statement.kind == "recommendation" and statement.addressee == "other" and found:
                last = found[-1]
                named = self._words.addressee(unit.said, 0, 5) or unit.said.has("addressee:other")
                if last.kind == "recommendation" and not unit.said.has("asks") and not named:
                    statement = replace(statement, addressee=last.addressee)
            found.append(statement)
            self._previous = statement.kind
        return found

    def _is_to_come(self, unit: Unit, place: Place) -> bool:
        """Whether a sentence tells what shall be reached: ``Năm 2026 phấn đấu …``; what is asked for is no such thing."""
        if unit.said.has("asks"):
            return False
        if unit.said.starts_with("plans", 3):
            return True
        year = _YEAR.search(unit.text[:40])
        if year and self._year and int(year.group(1)) > self._year:
            return True
        return "recommendation" not in place.kinds and unit.said.starts_with("futures", 4) is not None


def _heads(passage: Passage, behind: Passage | None) -> bool:
    """Whether a numbered line heads what follows; a sentence, or a line with nothing below it, is an item."""
    text = passage.raw.rstrip()
    if (text.endswith((".", ";")) and len(text.split()) > 6) or len(label_of(body_of(text))[1].split()) > 2:
        return False
    if behind is None or behind.path != passage.path or behind.kind == "heading":
        return behind is not None and len(behind.path) > len(passage.path)
    return not _ends_document(behind.raw)


def _ends_document(raw: str) -> bool:
    return _SIGNED.search(raw) is not None


def _statement(
    unit: Unit, place: Place, previous: StatementKind | None, words: Words, address: Address, damaged: bool
) -> Statement | None:
    """Return the statement that a sentence or item makes, or None."""
    judged = judge(unit.said, place, previous, words)
    if judged is None:
        return None
    kind, addressee = judged
    text = mask(" ".join(unit.text.split()).removesuffix("/.").rstrip(" ;"))[:_LONGEST]
    section = mask(place.section) if place.section else None
    return Statement(
        kind, addressee, words.themes(unit.said, kind == "recommendation"), text, address, section
    )
