"""The one ``Definitions`` of the code location; wiring only."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Collect what the modules below ``defs`` define."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
