"""The mistakes that ``bench.planted`` makes in narratives: digits as a scan gives them back, and reports on another period.

Belongs here: changing the text of a report. Does not belong: forms (``bench.errors``), measuring (``bench.planted``).
"""

from __future__ import annotations

import csv
import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.errors import Planted
from nq57_assets.folders import DataDir
from nq57_assets.sample.narratives import number_text

# Digits that text recognition takes for one another.
_ALIKE = {
    "0": "86",
    "1": "74",
    "2": "7",
    "3": "8",
    "4": "1",
    "5": "6",
    "6": "58",
    "7": "1",
    "8": "3",
    "9": "0",
}
_PERIODS = ("6 tháng đầu năm {year}", "quý III năm {year}", "năm {before}", "tháng 10 năm {year}")


@dataclass
class Report:
    """One commune's narrative and the exact figures that it states."""

    path: Path
    round_id: str
    commune: str
    text: str
    claims: dict[str, float]
    beside_form: bool
    touched: bool = False

    def save(self) -> None:
        """Write the text, keeping the time of receipt."""
        before = self.path.stat()
        self.path.write_text(self.text, encoding="utf-8")
        os.utime(self.path, ns=(before.st_atime_ns, before.st_mtime_ns))


def reports(data: DataDir, rounds: tuple[str, ...]) -> list[Report]:
    """Return the narratives of the sample city with what each claims exactly."""
    found = []
    for round_id in rounds:
        truth = data.root / "truth" / round_id
        claims: dict[str, dict[str, float]] = {}
        for row in _rows(truth / "values.csv"):
            if row["qualifier"] == "exact" and row["value"] and float(row["value"]) >= 10:
                claims.setdefault(row["commune_code"], {})[row["indicator"]] = float(row["value"])
        sent = _rows(truth / "submissions.csv")
        with_form = {row["commune_code"] for row in sent if row["kind"] == "form"}
        for row in sent:
            if row["kind"] == "narrative" and row["document_type"] == "report":
                path, code = data.inbox / round_id / row["file"], row["commune_code"]
                text = path.read_text(encoding="utf-8")
                found.append(Report(path, round_id, code, text, claims.get(code, {}), code in with_form))
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _digits(
    change: Callable[[str, random.Random], str | None], beside_form: bool
) -> Callable[..., Planted | None]:
    def plant(kind: str, report: Report, rng: random.Random) -> Planted | None:
        if report.beside_form is not beside_form:
            return None
        for code in rng.sample(sorted(report.claims), len(report.claims)):
            value = report.claims[code]
            for mark in (".", ""):
                shown = number_text(value, mark)
                places = [
                    m.start()
                    for m in re.finditer(rf"(?<![\d.,/]){re.escape(shown)}(?![\d/]|[.,]\d)", report.text)
                ]
                new = change(shown, rng) if len(places) == 1 else None
                if new and new != shown:
                    report.text = report.text[: places[0]] + new + report.text[places[0] + len(shown) :]
                    return Planted(kind, report.round_id, report.commune, (code,), (), {code: value})
        return None

    return plant


def misread(shown: str, rng: random.Random) -> str:
    """Take one digit for another that looks like it."""
    place = rng.choice([i for i, character in enumerate(shown) if character.isdigit()])
    new = rng.choice(_ALIKE[shown[place]])
    return shown if place == 0 and new == "0" else shown[:place] + new + shown[place + 1 :]


def lost(shown: str, rng: random.Random) -> str | None:
    """Lose the last digit, as where ink is weak; a share that is only rounded by it is no mistake."""
    if len(shown) < 3 or not (shown[-1].isdigit() and shown[-2].isdigit()):
        return None
    return None if "," in shown and int(shown[-1]) <= 5 else shown[:-1]


def comma_lost(shown: str, _: random.Random) -> str | None:
    """Lose the comma of a share: ``98,39`` becomes ``9839``."""
    return shown.replace(",", "") if "," in shown else None


def other_period(kind: str, report: Report, rng: random.Random) -> Planted | None:
    """Send a report on another period: the title says so, and nothing else need."""
    year = report.round_id[:4]
    title = re.search(rf"(?<=chuyển đổi số )năm {year}|(?<=\n)(?=trên địa bàn)", report.text[:1500])
    if title is None:
        return None
    words = rng.choice(_PERIODS).format(year=year, before=int(year) - 1)
    report.text = (
        report.text[: title.start()] + ((title.group() and words) or f"{words} ") + report.text[title.end() :]
    )
    return Planted(kind, report.round_id, report.commune, ())


KINDS: dict[str, Callable[[str, Report, random.Random], Planted | None]] = {
    "narrative_other_period": other_period,
    "narrative_digit_misread": _digits(misread, beside_form=False),
    "narrative_digit_lost": _digits(lost, beside_form=False),
    "narrative_comma_lost": _digits(comma_lost, beside_form=False),
    "narrative_beside_form": _digits(misread, beside_form=True),
}
