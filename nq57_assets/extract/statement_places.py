"""The walk through a document that tells, of every paragraph and item, under which title or label it stands.

Belongs here: titles, labels and lines that introduce; where statements end. Does not belong: cutting paragraphs into
sentences (``statement_units``), what a sentence is (``statements``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import re2

from nq57_assets.extract.passages import Passage, PassagesOf
from nq57_assets.extract.statement_sense import Place
from nq57_assets.extract.statement_tables import StatementCell, table_cells, table_lines
from nq57_assets.extract.statement_units import body_of, bullet_of, label_of, questions, run_in_title_of
from nq57_assets.extract.statement_words import STOPS, Words
from nq57_assets.model import Addressee, Document

_CAUSE = "nguyên nhân"
_SHORT = 60
# Signatures and recipients, wherever they stand on their line; after them nothing is stated.
_SIGNED = re2.compile(
    r"(?:^|[\s;])(?:TM|KT|TUQ|TL)\s?\.\s?\p{Lu}{2}|^\s*T/M\s|CH[ỦU] T[ỊI]CH|^\W*N[oơ]i\s?nh[aâậéi]n"
    r"|^\W*Trên đây là|^\W*Tr[eê]n d[aâ]y|^\W*L\pL?[uưw]u\s?:|PCT\s+UBND"
)
_SUBJECT_LINE = re2.compile(r"^\W*[Vv]/[vV]\b")


@dataclass(frozen=True, slots=True)
class Spot:
    """A paragraph, item or cell that may hold statements.

    Attributes:
        passage: Where it stands.
        body: Its text without list mark and label.
        place: What its title or label says.
        labelled: A label of its own stands before it on the line.
        fresh: A title stands between it and the spot before.
        share: How far down the document it stands, 0 to 1.
        under: The short line above that ends without a mark, as titles do that no outline knows.
        cell: What a table's cell holds, when it is one.
    """

    passage: Passage
    body: str
    place: Place
    labelled: bool = False
    fresh: bool = False
    share: float = 0.0
    under: str = ""
    cell: StatementCell | None = None


@dataclass(frozen=True, slots=True)
class _Label:
    """A line that introduces what follows without being a heading, and the mark it stood behind."""

    place: Place
    bullet: str
    listed: bool = False


class Walk:
    """Goes through the passages of one document and keeps what introduces the next."""

    def __init__(self, document: Document, words: Words) -> None:
        self._document = document
        self._words = words
        self._roles: dict[tuple[str, bool], tuple[str, ...] | None] = {}
        self._places: dict[tuple[tuple[str, ...], bool], Place] = {}
        self._label: _Label | None = None
        self._last = Place()
        self._over = False
        self._fresh = False
        self._under: tuple[str, tuple[str, ...]] = ("", ())

    def spots(self, passages_of: PassagesOf) -> list[Spot]:
        """Return every paragraph, item and cell that may hold statements, in reading order."""
        drawn = frozenset(table_lines(self._document))
        passages = [part for _, passage in passages_of(drawn) for part in questions(passage)]
        found: list[Spot] = []
        index = 0
        while index < len(passages):
            passage = passages[index]
            share = index / len(passages)
            if passage.kind == "row":
                stop = index
                while stop < len(passages) and passages[stop].kind == "row":
                    stop += 1
                found += self._table(passages[index:stop], share)
                index = stop
                continue
            behind = passages[index + 1] if index + 1 < len(passages) else None
            spot = self._spot(passage, behind)
            under, path = self._under
            if _is_short_line(passage):
                self._under = passage.raw, passage.path
            if spot is not None:
                under = under if path == passage.path else ""
                found.append(replace(spot, fresh=self._fresh, share=share, under=under))
                self._fresh = False
            index += 1
        return found

    def _title(self, title: str, damaged: bool) -> tuple[str, ...] | None:
        key = (title, damaged)
        if key not in self._roles:
            body = body_of(title)
            self._roles[key] = None if label_of(body)[1] else self._words.roles(body, damaged)
        return self._roles[key]

    def _place(self, passage: Passage) -> Place:
        """Return what the headings above a passage say."""
        path = passage.path[:-1] if passage.kind == "heading" else passage.path
        place = self._places.get((path, passage.damaged))
        if place is None:
            place = self._places[path, passage.damaged] = self._below(path, passage.damaged)
        return place

    def _below(self, path: tuple[str, ...], damaged: bool) -> Place:
        """Return what headings say of what stands below them, the innermost first."""
        addressee: Addressee | None = None
        for title in reversed(path):
            roles = self._title(title, damaged)
            plain = body_of(title)
            if addressee is None and (roles is None or "recommendation" in roles) and len(plain) < 120:
                addressee = self._words.addressee(self._words.read(plain, damaged))
            if roles is not None:
                return Place(roles, addressee, plain)
        return Place()

    def _table(self, rows: list[Passage], share: float) -> list[Spot]:
        """Read a drawn table: columns or rows titled as statements, or any table in a section of statements."""
        place = self._label.place if self._label else self._place(rows[0])
        if self._over:
            return []
        return [
            Spot(
                rows[0],
                cell.text,
                Place(cell.roles, cell.addressee or place.addressee, cell.section or place.section),
                share=share,
                cell=cell,
            )
            for cell in table_cells(rows, place.roles, self._words)
        ]

    def _spot(self, passage: Passage, behind: Passage | None) -> Spot | None:
        body = body_of(passage.raw)
        roles = self._title(passage.raw, passage.damaged)
        if roles is not None:
            # A title: of a heading that the outline knows, or of a line that only introduces.
            self._over = self._over and not frozenset(roles) - STOPS
            self._fresh = True
            # A title without a mark is lost from the path once numbered lines follow it.
            heads = passage.kind == "heading" and bool(bullet_of(passage.raw) or passage.raw.isupper())
            introduced = self._introduce(passage, roles, body)
            self._label, self._last = None if heads else introduced, introduced.place
            return None
        if ends_document(passage.raw):
            self._over, self._label = True, None
        if self._over or _SUBJECT_LINE.match(passage.raw):
            return None
        self._over = passage.raw.rstrip().endswith("/.")
        if passage.kind == "heading" and _heads(passage, behind):
            self._label, self._last = None, Place()
            return None
        place = self._where(passage)
        if passage.kind == "heading" and not place.roles:
            place = (
                self._last
            )  # An item whose mark or capitals made it a heading beside its title, not below.
        label, rest = label_of(body)
        own = self._words.roles(label, passage.damaged) if label else None
        if own is None and not label:
            label, behind_title = run_in_title_of(body)
            own = self._words.roles(label, passage.damaged) if label else None
            own = own if own and not set(own) & STOPS else None
            rest = behind_title if own else rest
        if own is not None:
            said = self._words.read(label, passage.damaged)
            place = Place(own, self._words.addressee(said) or place.addressee, place.section or label)
            if not rest:
                self._label = _Label(place, bullet_of(passage.raw))
                return None
        elif body.endswith(":"):
            self._intro(passage, body, place)
            return None
        return Spot(passage, rest if own is not None else body, place, own is not None)

    def _introduce(self, passage: Passage, roles: tuple[str, ...], body: str) -> _Label:
        addressee = self._words.addressee(self._words.read(body, passage.damaged))
        return _Label(Place(roles, addressee, body.rstrip(" :.?")), bullet_of(passage.raw))

    def _intro(self, passage: Passage, body: str, place: Place) -> None:
        """Remember a sentence that ends in a colon and says what follows: ``Xã kiến nghị với thành phố:``."""
        said = self._words.read(body, passage.damaged)
        named = self._words.addressee(said)
        kinds = [
            k
            for k in ("difficulty", "cause", "recommendation")
            if any(hit.syllables > 1 for hit in said.of(f"title:{k}"))
        ]
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


def _is_short_line(passage: Passage) -> bool:
    """Whether a line looks like a title by its length, without a list mark and without a mark at its end."""
    text = passage.raw.rstrip()
    return (
        passage.kind == "prose"
        and len(text) <= _SHORT
        and not bullet_of(text)
        and text[:1].isupper()
        and (text[-1:].isalnum() or text[-1:] == ")")
    )


def _heads(passage: Passage, behind: Passage | None) -> bool:
    """Whether a numbered line heads what follows; a sentence, or a line with nothing below it, is an item."""
    text = passage.raw.rstrip()
    if (text.endswith((".", ";")) and len(text.split()) > 6) or len(label_of(body_of(text))[1].split()) > 2:
        return False
    if behind is None or behind.path != passage.path or behind.kind == "heading":
        return behind is not None and len(behind.path) > len(passage.path)
    return not ends_document(behind.raw)


def ends_document(raw: str) -> bool:
    """Whether a line is of the signature or of those that receive the document."""
    return _SIGNED.search(raw) is not None
