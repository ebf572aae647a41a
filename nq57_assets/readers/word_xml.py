"""The package of a Word file: its parts as element trees, read without entities, network or endless trees.

Belongs here: finding and parsing parts, walking elements in the accepted view of tracked changes.
Does not belong: what paragraphs and tables say (``word_text``, ``word_tables``).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

from nq57_assets.readers.unreadable import Unreadable

# A tree takes up to twenty times its text; the words of a real report are below 2 MB with all their markup.
_LARGEST_PART = 16 << 20
_MAIN_TYPE = "/officeDocument"
# Containers that show what is in them, and those whose content the accepted view does not have.
_TRANSPARENT = frozenset(
    [
        "sdt",
        "sdtContent",
        "customXml",
        "smartTag",
        "ins",
        "moveTo",
        "hyperlink",
        "fldSimple",
        "dir",
        "bdo",
        "ruby",
        "rubyBase",
    ]
)
_DROPPED = frozenset(
    ["del", "moveFrom", "delText", "delInstrText", "instrText", "rt", "sdtPr", "sdtEndPr", "customXmlPr"]
)


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace, which differs between the two dialects of the format."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str = "val") -> str | None:
    """Return an attribute of the element's own namespace."""
    if element is None:
        return None
    space, _, _ = str(element.tag).rpartition("}")
    value = element.get(f"{space}}}{name}" if space else name)
    return None if value is None else str(value)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first descendant along a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def switched_on(element: etree._Element | None, name: str) -> bool | None:
    """Return whether a property such as ``caps`` is on; None when nothing is said of it."""
    found = child(element, name)
    if found is None:
        return None
    return attribute(found) not in ("0", "false", "off", "none")


def visible(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the children that the accepted view shows, through containers such as content controls and insertions."""
    for one in element:
        name = local(one)
        if name in _DROPPED or (name == "sdt" and child(one, "sdtPr", "showingPlcHdr") is not None):
            continue
        if name in _TRANSPARENT:
            yield from visible(one)
        elif name == "AlternateContent":
            # The same picture twice, for newer and older programs.
            shown = next((option for option in one if local(option) in ("Choice", "Fallback")), None)
            if shown is not None:
                yield from visible(shown)
        else:
            yield one


class Package:
    """The parts of one file, by name.

    Raises:
        Unreadable: The package can't be opened.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except Exception as error:  # BadZipFile, struct.error, ValueError, NotImplementedError ...
            raise Unreadable(f"gói tệp Word bị hỏng ({type(error).__name__})") from error
        self._names = {name.lstrip("/").lower(): name for name in self._archive.namelist()}

    def tree(self, name: str) -> etree._Element | None:
        """Return the root of a part, None when there is no such part.

        Raises:
            Unreadable: The part is damaged, too large, or declares a document type.
        """
        stored = self._names.get(name.lower())
        if stored is None:
            return None
        try:
            with self._archive.open(stored) as part:
                content = part.read(_LARGEST_PART + 1)
        except Exception as error:  # BadZipFile, zlib.error, EOFError, RuntimeError (password) ...
            raise Unreadable(f"phần {name[:80]} trong tệp Word bị hỏng ({type(error).__name__})") from error
        if len(content) > _LARGEST_PART:
            raise Unreadable(f"phần {name[:80]} lớn quá {_LARGEST_PART >> 20} MB", "file_unsafe")
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Unreadable(f"phần {name[:80]} trong tệp Word không phải XML đúng") from error
        if b"<!DOCTYPE" in content or root.getroottree().docinfo.internalDTD is not None:
            raise Unreadable("có khai báo DTD trong XML", "file_unsafe")
        return root

    def related(self, source: str) -> list[tuple[str, str, str]]:
        """Return (id, type, part) of the relationships of a part; ``""`` stands for the package."""
        folder, base = posixpath.split(source)
        links = self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))
        found = []
        for link in links if links is not None else ():
            target = link.get("Target")
            if local(link) == "Relationship" and target and link.get("TargetMode") != "External":
                place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found.append((str(link.get("Id")), str(link.get("Type")), posixpath.normpath(place)))
        return found

    def main_part(self) -> str:
        """Return the name of the part that holds the document's body."""
        for _, kind, part in self.related(""):
            if kind.endswith(_MAIN_TYPE) and part.lower() in self._names:
                return part
        return "word/document.xml"
