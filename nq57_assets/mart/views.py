"""The views for analysts, each one SELECT in ``mart/<name>.sql``.

Belongs here: finding the text of a view. Does not belong: the words of its comments (``reference/tables.yaml``).
"""

from __future__ import annotations

from importlib.resources import files

from nq57_assets.catalogue import Catalogue
from nq57_assets.mart.schema import views


def create_views(catalogue: Catalogue) -> list[str]:
    """Return the statements that create the declared views, in the order of the catalogue."""
    folder = files("nq57_assets") / "mart"
    return [
        f'CREATE VIEW "{name}" AS {(folder / f"{name}.sql").read_text(encoding="utf-8")}'
        for name in views(catalogue)
    ]
