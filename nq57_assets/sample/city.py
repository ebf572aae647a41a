"""What each commune sends for a round: by which way, under which name, when; and cities of another size.

Belongs here: the plan of one commune's sending and its figures. Does not belong: what goes wrong (``defects``), writing
files and truth (``write``).
"""

from __future__ import annotations

import csv
import random
import shutil
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.resources import as_file
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from nq57_assets.catalogue import REFERENCE, Catalogue, Commune, Round
from nq57_assets.outputs.form import Answer, form_bytes
from nq57_assets.sample.damage import damage
from nq57_assets.sample.forms import answers_for, with_cells
from nq57_assets.sample.narratives import Claim, Stated, families, write_narrative
from nq57_assets.sample.truth import Facts

Way = Literal["form", "narrative", "both"]
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Defect:
    """One planted mistake and the rule that must find it; no rule means that it must simply do no harm."""

    kind: str
    round_id: str
    commune_code: str
    indicator: str
    rule: str
    file: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file as it lands in the inbox: ``path`` is below the inbox, ``state`` what the register must make of it."""

    path: str
    content: bytes
    received: datetime
    commune_code: str
    kind: Literal["form", "narrative", "other"]
    state: str = "parsed"
    channel: str = ""
    family: str = ""
    document_type: str = "form"
    number: int | None = None
    issued_on: date | None = None
    counts: bool = True


@dataclass
class Sending:
    """All that one commune sends for one round, open to be spoilt before it is written.

    Attributes:
        facts: What the commune knows, also of indicators that the round does not ask.
        answers: The form's answers; empty when no form is sent.
        cells: Raw XML of form cells that replaces what the answers gave.
        claims: What its narrative states, by indicator.
        statements: Its narrative's difficulties, causes and recommendations.
        unpublished: Indicators of which no figure may be expected in the published tables.
        silent: Whether nothing at all can be expected of this sending.
        touched: Indicators that a defect already concerns.
    """

    commune: Commune
    round_: Round
    catalogue: Catalogue
    rng: random.Random
    facts: Facts
    way: Way
    received: datetime
    name: str
    answers: dict[str, Answer] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    statements: tuple[Stated, ...] = ()
    parcels: list[Parcel] = field(default_factory=list)
    planted: list[Defect] = field(default_factory=list)
    unpublished: set[str] = field(default_factory=set)
    silent: bool = False
    touched: set[str] = field(default_factory=set)

    @property
    def asked(self) -> set[str]:
        """Codes of the indicators that the round asks."""
        return {indicator.code for indicator in self.catalogue.asked(self.round_.round_id)}

    def plant(
        self, kind: str, rule: str, indicator: str = "", file: str = "", *, commune: bool = True
    ) -> None:
        """Record a mistake; ``commune=False`` when nothing in the file can tell whose it is."""
        code = self.commune.commune_code if commune else ""
        self.planted.append(Defect(kind, self.round_.round_id, code, indicator, rule, file or self.name))

    def form(self, answers: Mapping[str, Answer] | None = None) -> bytes:
        """Return the commune's form workbook with its answers and spoilt cells."""
        content = form_bytes(
            self.round_.round_id,
            self.catalogue,
            self.commune.commune_code,
            self.answers if answers is None else answers,
        )
        return with_cells(content, self.cells) if self.cells else content

    def path(self, name: str) -> str:
        """Return a name below the round's folder as a path below the inbox."""
        return f"{self.round_.round_id}/{name}"


def plan_sending(
    commune: Commune,
    round_: Round,
    catalogue: Catalogue,
    facts: Facts,
    seed: int,
    way: Way | None,
    share: float,
) -> Sending:
    """Decide how a commune answers a round; without ``way`` a ``share`` of the communes sends a narrative."""
    rng = random.Random(f"{seed}/{round_.round_id}/{commune.commune_code}")
    drawn: Way = "form" if rng.random() >= share else ("both" if rng.random() < 0.4 else "narrative")
    chosen = way or drawn
    received = _receipt(rng, round_)
    suffix = "txt" if chosen == "narrative" else "xlsx"
    name = file_name(rng, commune, catalogue, round_, suffix)
    sending = Sending(commune, round_, catalogue, rng, dict(facts), chosen, received, name)
    if chosen != "narrative":
        sending.answers = answers_for(sending.facts, round_.round_id, catalogue)
    return sending


def add_files(sending: Sending) -> None:
    """Make the files that the commune means to send: the form, the narrative or both."""
    if sending.way != "narrative":
        content = sending.form()
        sending.parcels.append(
            Parcel(
                sending.path(sending.name), content, sending.received, sending.commune.commune_code, "form"
            )
        )
    if sending.way != "form":
        name = sending.name
        received = sending.received
        if sending.way == "both":
            name = file_name(sending.rng, sending.commune, sending.catalogue, sending.round_, "txt")
            received += timedelta(minutes=sending.rng.randint(1, 90))
        sending.parcels.append(narrative(sending, name, received, exact=sending.way == "both"))


def narrative(
    sending: Sending,
    name: str,
    received: datetime,
    *,
    kind: Literal["report", "plan", "official_letter"] = "report",
    draft: bool = False,
    exact: bool = False,
    damaged: bool | None = None,
    family: str | None = None,
    extra: Sequence[str] = (),
) -> Parcel:
    """Write one narrative of the commune, by chance damaged as text recognition does; keeps the claims of a report."""
    rng = sending.rng
    spoilt = rng.random() < 0.5 if damaged is None else damaged
    family = family or rng.choice(sorted(families()))
    issued = max(
        (received.astimezone(LOCAL) - timedelta(days=rng.randint(0, 2))).date(), _asked_on(sending.round_)
    )
    asked = {code: value for code, value in sending.facts.items() if code in sending.asked}
    written = write_narrative(
        rng,
        sending.commune,
        sending.round_,
        asked,
        sending.catalogue,
        family,
        issued,
        kind=kind,
        draft=draft,
        exact=exact,
        joined=spoilt,
        extra=extra,
    )
    text = damage(written.text, rng) if spoilt else written.text
    if kind == "report":
        sending.claims = {claim.indicator: claim for claim in written.claims}
        sending.statements = written.statements
    return Parcel(
        sending.path(name),
        text.encode(),
        received,
        sending.commune.commune_code,
        "narrative",
        channel="ocr" if spoilt else "clean",
        family=family,
        document_type=kind,
        number=written.number,
        issued_on=written.issued_on,
        counts=kind == "report",
    )


def _asked_on(round_: Round) -> date:
    return round_.requested_on or round_.period_to - timedelta(days=14)


def _receipt(rng: random.Random, round_: Round) -> datetime:
    """Return a time in office hours between the request and its due date, in UTC."""
    first = _asked_on(round_) + timedelta(days=2)
    last = round_.due_on or round_.period_to
    day = first + timedelta(days=rng.randint(0, max(0, (last - first).days)))
    minute = rng.randint(8 * 60, 17 * 60)
    local = datetime(
        day.year, day.month, day.day, minute // 60, minute % 60, rng.randint(0, 59), tzinfo=LOCAL
    )
    return local.astimezone(UTC)


def without_marks(text: str) -> str:
    """Return text without Vietnamese marks, as hasty clerks type file names."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(character for character in plain if not unicodedata.combining(character))


_PLAIN_NAMES: dict[str, Counter[str]] = {}


def _plain_names(catalogue: Catalogue) -> Counter[str]:
    """Return how many communes share each name without marks, counted once a catalogue."""
    if catalogue.version not in _PLAIN_NAMES:
        names = (without_marks(commune.full_name).lower() for commune in catalogue.communes)
        _PLAIN_NAMES[catalogue.version] = Counter(names)
    return _PLAIN_NAMES[catalogue.version]


def file_name(rng: random.Random, commune: Commune, catalogue: Catalogue, round_: Round, suffix: str) -> str:
    """Return a name below the round's folder, in one of the ways in which communes name files.

    A commune that shares its plain name with another always gets a name with marks or with its code.
    """
    full = commune.full_name
    low = full[0].lower() + full[1:]
    topic = "CĐS" if round_.report == "d" else "NQ57"
    year = round_.period_to.year
    kinds = {"xlsx": "Biểu số liệu", "txt": "Báo cáo"}
    names = [
        f"{full}/{kinds[suffix]}.{suffix}",
        f"BC {topic} {year} - {low}.{suffix}",
        f"{commune.commune_code}_{without_marks(commune.name).replace(' ', '')}.{suffix}",
        f"UBND {low}/{kinds[suffix]} {topic} (bản chính).{suffix}",
        f"{kinds[suffix].upper()} {topic} {full.upper()}.{suffix.upper() if suffix == 'xlsx' else suffix}",
    ]
    if _plain_names(catalogue)[without_marks(full).lower()] == 1:
        names.append(f"{without_marks(kinds[suffix])} {without_marks(full)} {year}.{suffix}")
        names.append(f"gui so KHCN/{without_marks(low).replace(' ', '-')}/bao cao.{suffix}")
    return rng.choice(names)


# fmt: off
_SYLLABLES = (
    "An", "Bình", "Cao", "Châu", "Chính", "Diên", "Đại", "Đình", "Đoan", "Đông", "Giao", "Hà", "Hạnh",
    "Hoằng", "Hội", "Hưng", "Khánh", "Khê", "Kim", "Lạc", "Lâm", "Lệ", "Liên", "Long", "Lương", "Mậu",
    "Minh", "Mỹ", "Nghĩa", "Nhân", "Ninh", "Phong", "Phú", "Phúc", "Quảng", "Quế", "Sơn", "Tam", "Thái",
    "Thiện", "Thịnh", "Thọ", "Thuận", "Trung", "Tường", "Vạn", "Vinh", "Xuân", "Yên",
)
# fmt: on
_FIRST_CODE, _GRID = 20_002, 60


def scaled_reference(catalogue: Catalogue, n: int, folder: Path) -> Path:
    """Write a reference folder with ``n`` communes: a spread of the real ones, or all of them and fictitious ones.

    Args:
        catalogue: The packaged catalogue, whose communes come first.
        n: Number of communes, at least 1 and at most 40,000.
        folder: Where to write; replaced if it exists.

    Returns:
        The folder, to be given to ``load_catalogue`` or named by ``NQ57_REFERENCE``.
    """
    with as_file(REFERENCE) as source:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder)
    real = catalogue.communes
    few = min(n, len(real))
    spread = [real[i * len(real) // few] for i in range(few)]
    kept = [*spread, *_fictitious(real, n - len(spread))]
    rows = [commune.model_dump(mode="json") for commune in kept]
    _write_rows(folder / "communes.csv", rows)
    codes = {commune.commune_code for commune in kept}
    aliases = [alias.model_dump(mode="json") for alias in catalogue.aliases if alias.commune_code in codes]
    _write_rows(folder / "aliases.csv", aliases, ["alias", "commune_code", "kind"])
    return folder


def _write_rows(path: Path, rows: list[dict[str, object]], names: list[str] | None = None) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names or list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _fictitious(real: Sequence[Commune], n: int) -> list[Commune]:
    rng = random.Random("fictitious communes")
    taken = {without_marks(commune.name).lower() for commune in real}
    codes = {commune.commune_code for commune in real}
    names = [
        f"{a} {b} {c}" for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES if len({a, b, c}) == 3
    ]
    rng.shuffle(names)
    made: list[Commune] = []
    code = _FIRST_CODE
    for name in names:
        if len(made) == n:
            break
        plain = without_marks(name).lower()
        if plain in taken:
            continue
        taken.add(plain)
        while f"{code:05d}" in codes:
            code += 1
        kind: Literal["xa", "phuong"] = "phuong" if rng.random() < 0.4 else "xa"
        place = len(made)
        made.append(
            Commune(
                commune_code=f"{code:05d}",
                commune_type=kind,
                name=name,
                full_name=f"{'Phường' if kind == 'phuong' else 'Xã'} {name}",
                former_province=rng.choice(("hai_phong", "hai_duong")),
                area_km2=round(rng.uniform(5, 16) if kind == "phuong" else rng.uniform(14, 46), 2),
                longitude=round(rng.uniform(106.1, 107.1), 4),
                latitude=round(rng.uniform(20.6, 21.2), 4),
                tile_row=100 + place // _GRID,
                tile_col=place % _GRID,
                valid_from=real[0].valid_from,
            )
        )
        code += 1
    return made
