"""What a commune's versions for a round changed, figure by figure, as text for the command line.

Belongs here: reading ``core/changes`` and ``raw/submissions`` and putting them into words. Does not belong: comparing
versions (``intake.changes``), published generations (``vintages``).
"""

from __future__ import annotations

from typing import Any

from nq57_assets.catalogue import Catalogue
from nq57_assets.lake import DataDir, Lake

_NONE = "–"


def versions(data: DataDir, round_id: str, commune_code: str, known: Catalogue) -> str:
    """Return the versions of a commune and what each changed: figure, old → new, and where both stand.

    Args:
        data: The data directory.
        round_id: A round of the catalogue.
        commune_code: A commune of the catalogue.
        known: The catalogue, for names.
    """
    lake = Lake(data, known)
    received = [
        row
        for row in lake.arrow("raw/submissions", [round_id]).to_pylist()
        if row["commune_code"] == commune_code and row["version"] is not None
    ]
    changed = [
        row
        for row in lake.arrow("core/changes", [round_id]).to_pylist()
        if row["commune_code"] == commune_code
    ]
    name = known.commune[commune_code].full_name
    if not received:
        return f"{commune_code} {name} has sent nothing for {round_id}."
    lines = [f"{commune_code} {name}, {round_id}"]
    for row in sorted(received, key=lambda row: (row["document_type"], row["version"])):
        standing = "current" if row["is_current"] else "superseded or not usable"
        lines.append(
            f"  {row['document_type']} version {row['version']}, received {row['received_at']:%Y-%m-%d %H:%M} UTC, "
            f"{standing}: {row['original_name']}"
        )
    for key in sorted({(row["kind"], row["from_version"], row["to_version"]) for row in changed}):
        mine = [row for row in changed if (row["kind"], row["from_version"], row["to_version"]) == key]
        lines.append(f"{key[0]} version {key[1]} → {key[2]}: {len(mine)} figures differ")
        for row in mine:
            lines += _change(row, known)
    return "\n".join(lines if changed else [*lines, "No version changed a figure."])


def _change(row: dict[str, Any], known: Catalogue) -> list[str]:
    old, new = row["from_claim"] or _NONE, row["to_claim"] or _NONE
    lines = [f"  {row['indicator']} ({known.indicator[row['indicator']].vi}): {old} → {new}"]
    for side, words in (("from", "before"), ("to", "after")):
        if row[f"{side}_claim"]:
            lines.append(f"    {words}: {row[f'{side}_place'] or ''} “{row[f'{side}_quote']}”")
    return lines
