"""Versions of the code that made a result, taken from the source itself so that none can be forgotten.

Belongs here: hashes of the package's source. Does not belong: versions of the reference data (``catalogue.version``).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from nq57_assets import __version__

_PACKAGE = Path(__file__).parent
_SOURCES = frozenset({".py", ".sql", ".html", ".css", ".js"})

PIPELINE = (
    "catalogue.py",
    "checking.py",
    "consolidate",
    "extract",
    "intake",
    "lake.py",
    "mart",
    "messages.py",
    "model.py",
    "pipeline.py",
    "privacy.py",
    "project.py",
    "quality",
    "readers",
    "records.py",
    "returned.py",
    "review",
    "reviewing.py",
    "vietnamese",
    "vintages.py",
    "words.py",
)


@lru_cache(maxsize=32)
def code_version(*parts: str) -> str:
    """Return ``<release>+<hash>`` over the source of the given modules or subpackages (all of them if none is named).

    Args:
        *parts: Names below the package, such as ``"readers"`` or ``"model.py"``.
    """
    digest = hashlib.sha256()
    for part in parts or (".",):
        place = _PACKAGE / part
        sources = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.suffix in _SOURCES)
        for source in sources:
            digest.update(f"{source.relative_to(_PACKAGE)}\0".encode())
            digest.update(source.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:10]}"


def reader_version() -> str:
    """Return the version of everything between bytes and Document."""
    return code_version("readers", "vietnamese", "model.py")


def extractor_version() -> str:
    """Return the version of everything between Document and observations."""
    return code_version("extract", "vietnamese", "model.py")


def pipeline_version() -> str:
    """Return the version of everything between the inbox and the mart; what people read of the mart is not part of it."""
    return code_version(*PIPELINE)
