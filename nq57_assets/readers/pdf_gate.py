"""The look at a PDF's structure before PDFium may touch it: what would flood a reader, or hide what it says.

Belongs here: limits on pages, objects and inflated streams; passwords, scripts, attachments, forms without pages.
Does not belong: what is on the pages (``pdf``). pypdf is pure Python: what breaks it raises, where PDFium would abort.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from nq57_assets.model import Finding
from nq57_assets.readers.unreadable import Unreadable

_MOST_PAGES = 300
_MOST_OBJECTS = 300_000
_MOST_WALKED = 20_000
_MOST_CONTENT = 48 << 20
_MOST_OPERATORS = 6 << 20
_FONT_TYPES = ("/Type1C", "/CIDFontType0C", "/OpenType")
_FONT_KEYS = ("/Length1", "/Length2", "/Length3", "/CMapName")
_MOST_PIXELS = 120_000_000
_DEEPEST = 24
_BROKEN = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, AssertionError,
    NotImplementedError, ArithmeticError,
)  # fmt: skip
_ACTIONS = {"/JavaScript": "có mã JavaScript", "/Launch": "có lệnh mở chương trình khác"}
_BACKWARD = ("/Parent", "/P", "/Dest", "/Popup", "/StructParents", "/B")


@dataclass(frozen=True, slots=True)
class Gate:
    """What the structure says: how many pages, whether a signature may be in it, and what to tell."""

    pages: int
    signed: bool
    findings: tuple[Finding, ...]


def _damaged(error: Exception) -> Unreadable:
    return Unreadable(f"tệp PDF hỏng hoặc chưa tải lên hết ({type(error).__name__})")


def check(data: bytes) -> Gate:
    """Look through a PDF's structure.

    Raises:
        Unreadable: The file is broken, locked, unsafe to open, or holds no pages to read.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks quote the file
    try:
        return _check(data)
    except LimitReachedError as error:
        raise Unreadable("nội dung PDF giải nén ra quá lớn", "file_unsafe") from error
    except DependencyError as error:
        raise Unreadable("tệp PDF mã hóa theo cách không được hỗ trợ") from error
    except (RecursionError, MemoryError) as error:
        raise Unreadable("cấu trúc PDF lồng nhau quá mức", "file_unsafe") from error
    except _BROKEN as error:
        raise _damaged(error) from error


def _check(data: bytes) -> Gate:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("tệp PDF đặt mật khẩu: hãy bỏ mật khẩu rồi lưu lại")
    if int(reader.trailer.get("/Size", 0)) > _MOST_OBJECTS:
        raise Unreadable(f"PDF có hơn {_MOST_OBJECTS} đối tượng", "file_unsafe")
    root = _as_dictionary(reader.trailer["/Root"])
    findings = list(_hidden(root))
    pages = _pages(root)
    if not pages:
        raise Unreadable("tệp PDF không có trang nào", "file_empty")
    walk = _Walk()
    for page in pages:
        walk.page(page)
    return Gate(len(pages), b"/ByteRange" in data or b"/Sig" in data, tuple(findings))


def _as_dictionary(value: Any) -> DictionaryObject:
    value = value.get_object() if isinstance(value, IndirectObject) else value
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def _hidden(root: DictionaryObject) -> Iterator[Finding]:
    """Refuse scripts and portfolios; tell of what a reader of the pages does not see."""
    names = _as_dictionary(root.get("/Names"))
    if "/JavaScript" in names:
        raise Unreadable(_ACTIONS["/JavaScript"], "file_unsafe")
    for holder in (root, _as_dictionary(root.get("/AA"))):
        for key in ("/OpenAction", "/WC", "/WS", "/DS", "/WP", "/DP"):
            _refuse_action(holder.get(key))
    if "/Collection" in root:
        raise Unreadable("là bộ hồ sơ PDF (portfolio) chứa nhiều tệp: hãy nộp từng tệp bên trong")
    form = _as_dictionary(root.get("/AcroForm"))
    if "/XFA" in form:
        if root.get("/NeedsRendering"):
            raise Unreadable("là biểu mẫu XFA chỉ mở được bằng Adobe: hãy in ra PDF thường rồi nộp lại")
        yield Finding("file_part_unread", observed="phần biểu mẫu XFA")
    if "/EmbeddedFiles" in names or "/AF" in root:
        yield Finding("file_part_unread", observed="tệp đính kèm bên trong PDF")


def _refuse_action(value: Any, depth: int = 0) -> None:
    action = _as_dictionary(value)
    kind = str(action.get("/S", ""))
    if kind in _ACTIONS:
        raise Unreadable(_ACTIONS[kind], "file_unsafe")
    if depth < 8 and "/Next" in action:
        _refuse_action(action["/Next"], depth + 1)


def _pages(root: DictionaryObject) -> list[DictionaryObject]:
    """Return the pages in order; the tree is walked with care, for it may have loops or claim millions."""
    claimed = _as_dictionary(root.get("/Pages")).get("/Count", 0)
    if isinstance(claimed, int) and claimed > _MOST_PAGES:
        raise Unreadable(f"PDF có {claimed} trang, quá {_MOST_PAGES}", "file_unsafe")
    pages: list[DictionaryObject] = []
    seen: set[int] = set()
    waiting: list[Any] = [root.get("/Pages")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, IndirectObject):
            if node.idnum in seen:
                raise Unreadable("cây trang của PDF lặp vòng", "file_unsafe")
            seen.add(node.idnum)
        node = _as_dictionary(node)
        kids = node.get("/Kids")
        kids = kids.get_object() if isinstance(kids, IndirectObject) else kids
        if isinstance(kids, ArrayObject):
            if len(kids) > _MOST_PAGES * 4:
                raise Unreadable(f"PDF có hơn {_MOST_PAGES} trang", "file_unsafe")
            waiting.extend(reversed(list(list.__iter__(kids))))  # as they stand: iterating would resolve them
        elif node:
            pages.append(node)
        if len(pages) > _MOST_PAGES or len(seen) > _MOST_PAGES * 8:
            raise Unreadable(f"PDF có hơn {_MOST_PAGES} trang", "file_unsafe")
    return pages


class _Walk:
    """Follows what pages show, once each, and counts what it would take to show it."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._inflated = 0
        self._operators = 0
        self._walked = 0

    def page(self, page: DictionaryObject) -> None:
        """Follow one page; what it draws is counted anew, for it is freed before the next."""
        self._operators = 0
        self.content(page)

    def content(self, value: Any, depth: int = 0) -> None:
        """Follow one object and what it shows.

        Raises:
            Unreadable: It shows too much, too deep, or acts.
        """
        if isinstance(value, IndirectObject):
            if value.idnum in self._seen:
                return
            self._seen.add(value.idnum)
            value = value.get_object()
        self._walked += 1
        if self._walked > _MOST_WALKED or depth > _DEEPEST:
            raise Unreadable("trang PDF gồm quá nhiều thành phần", "file_unsafe")
        if isinstance(value, ArrayObject):
            for one in list.__iter__(value):
                self.content(one, depth + 1)
        elif isinstance(value, StreamObject):
            self._stream(value)
        if isinstance(value, DictionaryObject):
            _refuse_action(value.get("/A"))
            for key in value:
                raw = value.raw_get(key)
                if key not in _BACKWARD and isinstance(raw, IndirectObject | DictionaryObject | ArrayObject):
                    self.content(raw, depth + 1)

    def _stream(self, stream: StreamObject) -> None:
        if stream.get("/Subtype") == "/Image":
            pixels = int(stream.get("/Width", 0)) * int(stream.get("/Height", 0))
            if pixels > _MOST_PIXELS:
                raise Unreadable(f"PDF chứa ảnh {pixels // 1_000_000} triệu điểm ảnh", "file_unsafe")
            return
        size = len(stream.get_data())
        self._inflated += size
        if self._inflated > _MOST_CONTENT:
            raise Unreadable(f"nội dung PDF giải nén ra hơn {_MOST_CONTENT >> 20} MB", "file_unsafe")
        if not any(key in stream for key in _FONT_KEYS) and stream.get("/Subtype") not in _FONT_TYPES:
            # Every few bytes of these are an operator, for which PDFium takes hundreds.
            self._operators += size
        if self._operators > _MOST_OPERATORS:
            raise Unreadable(f"trang PDF có hơn {_MOST_OPERATORS >> 20} MB lệnh vẽ", "file_unsafe")
