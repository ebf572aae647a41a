"""Writes the sample city: the files of the inbox with their times of receipt, and the truth beside it.

Belongs here: files and CSV. Does not belong: what is sent (``city``, ``plan``).
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nq57_assets.catalogue import Catalogue, load_catalogue
from nq57_assets.folders import DataDir
from nq57_assets.readers.form_codes import DENOMINATOR
from nq57_assets.sample.city import Defect, Parcel, Sending, scaled_reference
from nq57_assets.sample.plan import plan_city
from nq57_assets.sample.truth import CITY_COLUMNS, city_rows

ROUNDS = ("2025-digital-transformation", "2025-nq57-communication")
_MARKER = "SAMPLE.json"

VALUE_COLUMNS = (
    "commune_code",
    "indicator",
    "state",
    "value",
    "low",
    "high",
    "qualifier",
    "source",
    "published",
    "known",
    "part",
    "whole",
)
SUBMISSION_COLUMNS = (
    "file",
    "commune_code",
    "kind",
    "channel",
    "family",
    "document_type",
    "number",
    "issued_on",
    "received_at",
    "sha256",
    "state",
    "counts_as_report",
)
STATEMENT_COLUMNS = ("commune_code", "kind", "addressee", "theme", "text", "published")
DEFECT_COLUMNS = ("kind", "round_id", "commune_code", "indicator", "rule", "file")


class InboxNotEmptyError(RuntimeError):
    """The inbox holds files that no sample city made; they may be real submissions."""


@dataclass(frozen=True)
class City:
    """What was made.

    Attributes:
        data: The data directory.
        communes: Number of communes that owe a report.
        rounds: The rounds.
        files: Number of files in the inbox.
        values: Number of figures in the truth that a mart should publish.
        defects: Planted mistakes.
        reference: Folder for ``NQ57_REFERENCE`` when the city has another size than the catalogue, else None.
    """

    data: DataDir
    communes: int
    rounds: tuple[str, ...]
    files: int
    values: int
    defects: tuple[Defect, ...]
    reference: Path | None

    def summary(self) -> str:
        """Return what was made in a few lines, for the command line."""
        kinds = Counter(defect.kind for defect in self.defects)
        lines = [
            f"Sample city of {self.communes} communes: {self.files} files in {self.data.inbox}, "
            f"{self.values} figures that should be published.",
            f"{len(self.defects)} planted mistakes of {len(kinds)} kinds; the truth is in {truth_folder(self.data)}.",
        ]
        if self.reference:
            lines.append(f"This city has its own communes: set NQ57_REFERENCE={self.reference}")
        return "\n".join(lines)


def truth_folder(data: DataDir) -> Path:
    """Return the folder of the truth, beside the inbox and never read by the pipeline."""
    return data.root / "truth"


def make_city(
    data: DataDir,
    catalogue: Catalogue,
    communes: int | None = None,
    rounds: Sequence[str] | None = None,
    seed: int = 57,
    narrative_share: float = 0.35,
    defects: bool = True,
) -> City:
    """Write a synthetic city into the inbox, and its truth beside it; the same arguments give the same bytes.

    Args:
        data: The data directory.
        catalogue: The reference data.
        communes: How many; all of the catalogue if None. Another number gives the city a reference folder of its own.
        rounds: Ids of rounds; both of 2025 if None.
        seed: Another seed gives another city.
        narrative_share: Share of the communes that send a narrative, beside a form or alone.
        defects: Whether to plant mistakes.

    Raises:
        InboxNotEmptyError: The inbox holds files and none of them is known to be a sample.
        ValueError: A round is not known.
    """
    former = _former_files(data)
    reference = None
    if communes is not None and communes != len(catalogue.communes):
        reference = scaled_reference(catalogue, communes, data.root / "reference")
        catalogue = load_catalogue(reference)
    unknown = set(rounds or ()) - set(catalogue.round)
    if unknown:
        raise ValueError(
            f"no such round: {', '.join(sorted(unknown))}; known are {', '.join(catalogue.round)}"
        )
    chosen = [catalogue.round[r] for r in (rounds or ROUNDS)]
    chosen.sort(key=lambda r: r.due_on or r.period_to)
    expected = catalogue.expected(chosen[0].round_id)
    sendings = plan_city(catalogue, expected, chosen, seed, narrative_share, defects)
    parcels = [parcel for sending in sendings for parcel in sending.parcels]
    _write_inbox(data, parcels, former)
    planted = tuple(defect for sending in sendings for defect in sending.planted)
    values = _write_truth(data, catalogue, sendings, planted)
    marker = {"seed": seed, "communes": len(expected), "files": sorted(parcel.path for parcel in parcels)}
    (truth_folder(data) / _MARKER).write_text(
        json.dumps(marker, ensure_ascii=False, indent=0), encoding="utf-8"
    )
    return City(
        data, len(expected), tuple(r.round_id for r in chosen), len(parcels), values, planted, reference
    )


def _former_files(data: DataDir) -> set[str]:
    """Return the paths that an earlier sample wrote.

    Raises:
        InboxNotEmptyError: There are files, and no sample was ever made here.
    """
    marker = truth_folder(data) / _MARKER
    if marker.exists():
        return set(json.loads(marker.read_text(encoding="utf-8"))["files"])
    if data.inbox.is_dir() and any(path.is_file() for path in data.inbox.rglob("*")):
        raise InboxNotEmptyError(
            f"{data.inbox} holds files that are no sample; choose another NQ57_DATA or empty it"
        )
    return set()


def _write_inbox(data: DataDir, parcels: Sequence[Parcel], former: set[str]) -> None:
    """Write the files with their times; what is there already with the same bytes is left alone."""
    paths = {parcel.path for parcel in parcels}
    assert len(paths) == len(parcels), "two files of the sample have one name"
    for name in former - paths:
        (data.inbox / name).unlink(missing_ok=True)
    for parcel in parcels:
        path = data.inbox / parcel.path
        if not (path.exists() and path.read_bytes() == parcel.content):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(parcel.content)
        moment = int(parcel.received.timestamp()) * 1_000_000_000
        if path.stat().st_mtime_ns != moment:
            os.utime(path, ns=(moment, moment))


def _write_truth(
    data: DataDir, catalogue: Catalogue, sendings: Sequence[Sending], planted: Sequence[Defect]
) -> int:
    """Write the truth as CSV; return the number of figures that should be published."""
    folder = truth_folder(data)
    rows: dict[str, list[dict[str, Any]]] = {}
    for round_id in dict.fromkeys(sending.round_.round_id for sending in sendings):
        mine = [sending for sending in sendings if sending.round_.round_id == round_id]
        rows[round_id] = [row for sending in mine for row in _value_rows(sending)]
        _write_csv(folder / round_id / "values.csv", VALUE_COLUMNS, rows[round_id])
        said = [row for sending in mine for row in _statement_rows(sending)]
        _write_csv(folder / round_id / "statements.csv", STATEMENT_COLUMNS, said)
        submissions = [_submission_row(p, round_id) for s in mine for p in s.parcels]
        _write_csv(folder / round_id / "submissions.csv", SUBMISSION_COLUMNS, submissions)
    _write_csv(folder / "defects.csv", DEFECT_COLUMNS, [asdict(defect) for defect in planted])
    _write_csv(folder / "city.csv", CITY_COLUMNS, list(city_rows(catalogue, rows)))
    return sum(row["published"] for mine in rows.values() for row in mine)


def _value_rows(sending: Sending) -> Iterator[dict[str, Any]]:
    with_form = sending.way != "narrative"
    for indicator in sending.catalogue.asked(sending.round_.round_id):
        code = indicator.code
        known, claim = sending.facts.get(code), sending.claims.get(code)
        row: dict[str, Any] = dict.fromkeys(VALUE_COLUMNS)
        row |= {"commune_code": sending.commune.commune_code, "indicator": code, "state": "missing"}
        row["known"] = known
        if with_form and known is not None:
            nil = known == 0 and indicator.kind != "flag"
            row |= {"state": "nil" if nil else "reported", "value": known, "low": known, "high": known}
            row |= {"qualifier": "exact", "source": "both" if claim else "form"}
            whole = sending.facts.get(code + DENOMINATOR)
            row |= {"part": known if whole is not None else None, "whole": whole}
        elif claim is not None:
            row |= {
                "state": "nil" if claim.nil else "reported",
                "qualifier": claim.qualifier,
                "source": "narrative",
            }
            row |= {"value": claim.value, "low": claim.low, "high": claim.high}
            row |= {"part": claim.part, "whole": claim.whole}
        row["published"] = (
            row["state"] != "missing" and not sending.silent and code not in sending.unpublished
        )
        yield row


def _statement_rows(sending: Sending) -> Iterator[dict[str, Any]]:
    for said in sending.statements:
        row = {"commune_code": sending.commune.commune_code, **asdict(said), "published": not sending.silent}
        yield row


def _submission_row(parcel: Parcel, round_id: str) -> dict[str, object]:
    prefix = f"{round_id}/"
    return {
        "file": parcel.path.removeprefix(prefix),
        "commune_code": parcel.commune_code,
        "kind": parcel.kind,
        "channel": parcel.channel,
        "family": parcel.family,
        "document_type": parcel.document_type,
        "number": parcel.number,
        "issued_on": parcel.issued_on,
        "received_at": parcel.received.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sha256": hashlib.sha256(parcel.content).hexdigest(),
        "state": parcel.state,
        "counts_as_report": parcel.counts,
    }


def _write_csv(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
