"""From bytes to Document: one module a format, one common type.

Belongs here: finding out what a file is, and turning it into blocks with addresses, or saying in words why not.
Does not belong: what the words mean (``extract``), where the bytes come from or whether they are safe (``intake``).

A new format is one module with ``read(data, name, catalogue) -> Document`` and one line in ``_MODULES``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from nq57_assets.readers.formats import sniff
from nq57_assets.readers.unreadable import Unreadable

if TYPE_CHECKING:
    from nq57_assets.catalogue import Catalogue
    from nq57_assets.model import Document

__all__ = ["Unreadable", "read_document", "sniff"]

# Modules are imported when their format comes: a text file must not wait for the workbook libraries.
_MODULES = {
    "xlsx": "nq57_assets.readers.workbook",
    "xls": "nq57_assets.readers.workbook",
    "xlsb": "nq57_assets.readers.workbook",
    "ods": "nq57_assets.readers.workbook",
    "docx": "nq57_assets.readers.docx",
    "doc": "nq57_assets.readers.legacy",
    "odt": "nq57_assets.readers.legacy",
    "rtf": "nq57_assets.readers.legacy",
    "pdf": "nq57_assets.readers.pdf",
    "image": "nq57_assets.readers.image",
    "text": "nq57_assets.readers.text",
}

_REASONS = {
    "pptx": "tệp trình chiếu PowerPoint",
    "opendocument": "tệp OpenDocument không phải văn bản hay bảng tính: hãy lưu dưới dạng .docx hoặc .xlsx",
    "encrypted": "tệp có đặt mật khẩu: hãy bỏ mật khẩu rồi lưu lại",
    "ole": "tệp định dạng Office cũ không nhận ra",
    "package": "gói tệp Office hoặc ứng dụng bị thiếu phần, không nhận ra được loại: hãy lưu dưới dạng .xlsx hoặc .docx",
    "zip": "tệp nén .zip: được mở khi tiếp nhận, từng tệp bên trong là một tệp nộp",
    "archive": "tệp nén (.rar, .7z, .gz): hãy giải nén và nộp từng tệp bên trong",
    "html": "tệp trang web (HTML hoặc XML), kể cả khi mang đuôi .xls: hãy lưu dưới dạng .xlsx",
}


def read_document(data: bytes, name: str, catalogue: Catalogue) -> Document:
    """Return what the bytes say, by the reader of their format.

    Args:
        data: The whole file.
        name: The name it was sent under, used only where the content doesn't tell.
        catalogue: The reference data.

    Raises:
        Unreadable: No document can be made of the file; its finding says why.
    """
    format_ = sniff(data, name)
    if format_ == "program":
        raise Unreadable("tệp là chương trình chạy được, không phải văn bản", "file_unsafe")
    if format_ not in _MODULES:
        raise Unreadable(_REASONS[format_])
    document: Document = import_module(_MODULES[format_]).read(data, name, catalogue)
    return document
