"""Measurements of robustness and channels, kept in ``bench/formats.json``: one entry a command, replaced by its next run."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("formats.json")


def keep(name: str, measured: dict[str, Any]) -> None:
    """Write one command's figures beside those of the others, with when and on what they were measured."""
    content = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    content[name] = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "load": round(os.getloadavg()[0], 2),
        **measured,
    }
    KEPT.write_text(
        json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
