"""A change of any code that makes a table must make the table anew."""

import ast
from pathlib import Path

from nq57_assets.versions import PIPELINE

PACKAGE = Path(__file__).parents[2] / "nq57_assets"
# Where things lie, what version they are of, how a workbook looks: none of it shows in a table.
HARMLESS = {"__init__.py", "versions.py", "folders.py", "outputs/form_style.py"}


def _imported(source: Path) -> set[Path]:
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("nq57_assets"):
                place = PACKAGE.parent / name.replace(".", "/")
                found |= {p for p in (place.with_suffix(".py"), place / "__init__.py") if p.is_file()}
    return found


def test_every_module_behind_the_tables_counts_in_their_version() -> None:
    reached, ahead = set(), {PACKAGE / "pipeline.py", PACKAGE / "checking.py"}
    while ahead:
        source = ahead.pop()
        reached.add(source)
        ahead |= _imported(source) - reached
    names = {source.relative_to(PACKAGE) for source in reached}
    forgotten = {
        name.as_posix() for name in names if name.parts[0] not in PIPELINE and name.as_posix() not in HARMLESS
    }
    assert forgotten == set()
