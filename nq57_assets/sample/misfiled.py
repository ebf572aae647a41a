"""Files that are wrong as a whole: late, lost, doubled, misfiled, damaged, of the wrong kind or of nobody.

Each mistake makes all the files of its commune. Belongs here: such mistakes, each with the rule that must find it. Does
not belong: wrong figures inside a good form (``defects``), who makes which mistake (``plan``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from nq57_assets.catalogue import Round
from nq57_assets.outputs.form import Answer, form_bytes
from nq57_assets.sample.city import LOCAL, Parcel, Sending, file_name, narrative
from nq57_assets.sample.forms import answers_for, with_part


def copy_figures(copy: Sending, donor: Sending) -> None:
    """Fill the form of one commune with the figures of another: all of them are withheld."""
    copy.answers = dict(donor.answers)
    copy.received = max(copy.received, donor.received + timedelta(hours=3))
    copy.silent = True
    copy.plant("copied_figures", "submissions_copied_form")


def _parcel(sending: Sending, name: str, content: bytes, received: datetime, **fields: object) -> Parcel:
    kind = fields.pop("kind", "form")
    return Parcel(sending.path(name), content, received, sending.commune.commune_code, kind, **fields)  # type: ignore[arg-type]


def _good_form(sending: Sending) -> Parcel:
    return _parcel(sending, sending.name, sending.form(), sending.received)


def _again(sending: Sending, ending: str) -> str:
    stem, dot, suffix = sending.name.rpartition(".")
    return f"{stem}{ending}{dot}{suffix}"


def _late(sending: Sending) -> list[Parcel]:
    due = sending.round_.due_on
    if due is not None:
        local = sending.received.astimezone(LOCAL)
        days = (due - local.date()).days + sending.rng.randint(1, 9)
        sending.received += timedelta(days=days)
    sending.plant("late", "file_late")
    return [_good_form(sending)]


def _missing(sending: Sending) -> list[Parcel]:
    sending.silent = True
    sending.plant("missing", "file_missing", file="-")
    return []


def _resubmitted(sending: Sending) -> list[Parcel]:
    old = dict(sending.answers)
    for code in ("team_count", "media_posts", "skill_contest_registered"):
        value = sending.facts.get(code)
        if code in old and value:
            old[code] = Answer(value=int(value * 0.8) + 1)
    first = _parcel(sending, sending.name, sending.form(old), sending.received)
    second = _parcel(
        sending,
        _again(sending, " (sửa)"),
        sending.form(),
        sending.received + timedelta(hours=sending.rng.randint(3, 40)),
    )
    sending.plant("resubmitted", "file_superseded")
    return [first, second]


def _duplicate(sending: Sending) -> list[Parcel]:
    good = _good_form(sending)
    name = _again(sending, " - Copy")
    sending.plant("duplicate_bytes", "file_duplicate", file=name)
    later = good.received + timedelta(minutes=20)
    return [good, replace(good, path=sending.path(name), received=later, state="duplicate", counts=False)]


def _nfd_name(sending: Sending) -> list[Parcel]:
    sending.name = unicodedata.normalize("NFD", f"{sending.commune.full_name}/Biểu số liệu đã ký.xlsx")
    sending.plant("nfd_name", "")
    return [_good_form(sending)]


def _wrong_version(sending: Sending) -> list[Parcel]:
    content = _stamped(
        sending, form_version=f"{sending.round_.period_from.year - 1}.{sending.round_.report}.3"
    )
    sending.plant("wrong_form_version", "file_form_version")
    return [_parcel(sending, sending.name, content, sending.received)]


def _stamped(sending: Sending, **stamp: str) -> bytes:
    round_id, code = sending.round_.round_id, sending.commune.commune_code
    return form_bytes(round_id, sending.catalogue, code, sending.answers, **stamp)  # type: ignore[arg-type]


def _wrong_round(sending: Sending) -> list[Parcel]:
    other = _other_round(sending)
    answers = answers_for(sending.facts, other.round_id, sending.catalogue)
    content = form_bytes(other.round_id, sending.catalogue, sending.commune.commune_code, answers)
    sending.silent = True
    sending.plant("wrong_round", "file_wrong_round")
    return [_parcel(sending, sending.name, content, sending.received)]


def _other_round(sending: Sending) -> Round:
    rounds = sending.catalogue.rounds
    return next(
        r
        for r in rounds
        if r.report != sending.round_.report and r.period_to.year == sending.round_.period_to.year
    )


def _foreign_form(sending: Sending) -> list[Parcel]:
    """Send a form that carries another commune's code in a folder with one's own name."""
    others = [c for c in sending.catalogue.communes if c.commune_code != sending.commune.commune_code]
    other = sending.rng.choice(others)
    content = form_bytes(sending.round_.round_id, sending.catalogue, other.commune_code, sending.answers)
    sending.name = f"{sending.commune.full_name}/Biểu số liệu.xlsx"
    sending.silent = True
    sending.plant("foreign_form", "file_identity_conflict", commune=False)
    return [_parcel(sending, sending.name, content, sending.received, state="unassigned", counts=False)]


def _empty_form(sending: Sending) -> list[Parcel]:
    sending.silent = True
    sending.plant("empty_form", "file_no_figures")
    return [_parcel(sending, sending.name, sending.form({}), sending.received)]


def _as_text(sending: Sending) -> str:
    sending.way = "narrative"
    sending.answers = {}
    return file_name(sending.rng, sending.commune, sending.catalogue, sending.round_, "txt")


def _plan(sending: Sending) -> list[Parcel]:
    sending.name = _as_text(sending)
    sending.silent = True
    sending.plant("plan_as_report", "file_not_report")
    return [narrative(sending, sending.name, sending.received, kind="plan")]


def _letter(sending: Sending) -> list[Parcel]:
    sending.name = _as_text(sending)
    sending.silent = True
    sending.plant("letter_as_report", "file_not_report")
    return [narrative(sending, sending.name, sending.received, kind="official_letter", damaged=False)]


def _draft(sending: Sending) -> list[Parcel]:
    sending.name = _as_text(sending)
    sending.plant("draft", "file_draft")
    return [narrative(sending, sending.name, sending.received, draft=True, damaged=False)]


def _conflict(sending: Sending) -> list[Parcel]:
    """Contradict oneself in running text; a table would outrank it and settle the matter."""
    sending.name = _as_text(sending)
    teams = int(sending.facts["team_count"] or 0) + 7
    extra = f"Đến nay toàn {{@kind}} có {teams} Tổ công nghệ số cộng đồng đang hoạt động."
    parcel = None
    while parcel is None or "team_count" not in sending.claims:  # a sentence is left out now and then
        family = sending.rng.choice(("1_outline", "2_bullets", "6_short"))
        parcel = narrative(
            sending, sending.name, sending.received, family=family, damaged=False, extra=[extra]
        )
    sending.unpublished.add("team_count")
    sending.plant("conflict", "tables_conflict", "team_count")
    return [parcel]


def _unreadable(sending: Sending) -> list[Parcel]:
    whole = sending.form()
    sending.silent = True
    sending.plant("unreadable", "file_unreadable")
    cut = whole[: len(whole) // 2]
    return [_parcel(sending, sending.name, cut, sending.received, state="quarantined", counts=False)]


def _unsafe(sending: Sending) -> list[Parcel]:
    content = with_part(sending.form(), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 sample macro")
    sending.silent = True
    sending.plant("unsafe", "file_unsafe")
    return [_parcel(sending, sending.name, content, sending.received, state="quarantined", counts=False)]


def _empty_file(sending: Sending) -> list[Parcel]:
    sending.silent = True
    sending.plant("empty_file", "file_empty")
    return [_parcel(sending, sending.name, b"", sending.received, state="quarantined", counts=False)]


def _half_uploaded(sending: Sending) -> list[Parcel]:
    good = _good_form(sending)
    waiting = {"state": "waiting", "counts": False, "kind": "other"}
    half = _parcel(sending, f"{sending.name}.part", good.content[:900], sending.received, **waiting)
    folder, _, name = sending.name.rpartition("/")
    lock = _parcel(sending, f"{folder}/~${name}".lstrip("/"), b"\x05admin", sending.received, **waiting)
    sending.plant("half_uploaded", "", file=f"{sending.name}.part")
    return [good, half, lock]


def _unknown_folder(sending: Sending) -> list[Parcel]:
    good = _good_form(sending)
    folder = f"bao cao cu {sending.round_.period_to.year - 1}"
    stray = replace(good, path=f"{folder}/{sending.name}", state="unknown_round", counts=False, kind="other")
    sending.plant("unknown_folder", "file_unknown_round", file=stray.path, commune=False)
    return [good, stray]


def _unknown_commune(sending: Sending) -> list[Parcel]:
    content = form_bytes(sending.round_.round_id, sending.catalogue, None, sending.answers)
    sending.silent = True
    name = f"Biểu số liệu {sending.rng.randint(1_000_000, 9_999_999)}.xlsx"
    sending.name = name
    sending.plant("unknown_commune", "file_unknown_commune", commune=False)
    return [_parcel(sending, name, content, sending.received, state="unassigned", counts=False)]


def _encoding(sending: Sending) -> list[Parcel]:
    sending.name = _as_text(sending)
    parcel = narrative(sending, sending.name, sending.received, damaged=False)
    sending.plant("encoding", "file_encoding")
    return [replace(parcel, content=b"\xff\xfe" + parcel.content.decode().encode("utf-16-le"))]


def _nfd_text(sending: Sending) -> list[Parcel]:
    sending.name = _as_text(sending)
    parcel = narrative(sending, sending.name, sending.received, damaged=False)
    sending.plant("nfd_text", "")
    return [replace(parcel, content=unicodedata.normalize("NFD", parcel.content.decode()).encode())]


def _kept_last_good(sending: Sending) -> list[Parcel]:
    """Send a good form, then by mistake the form of the other round: the good one stays."""
    good = _good_form(sending)
    other = _other_round(sending)
    answers = answers_for(sending.facts, other.round_id, sending.catalogue)
    content = form_bytes(other.round_id, sending.catalogue, sending.commune.commune_code, answers)
    name = _again(sending, " lần 2")
    later = sending.received + timedelta(hours=sending.rng.randint(2, 30))
    sending.plant("kept_last_good", "file_kept_last_good", file=name)
    return [good, _parcel(sending, name, content, later, counts=False)]


FileSpoiler = Callable[[Sending], list[Parcel]]
FILE_SPOILERS: tuple[FileSpoiler, ...] = (
    _late,
    _resubmitted,
    _missing,
    _duplicate,
    _plan,
    _wrong_round,
    _nfd_name,
    _empty_form,
    _wrong_version,
    _half_uploaded,
    _unreadable,
    _unknown_folder,
    _draft,
    _foreign_form,
    _unknown_commune,
    _kept_last_good,
    _conflict,
    _encoding,
    _empty_file,
    _unsafe,
    _letter,
    _nfd_text,
)
"""Files that are wrong as a whole; each makes all the files of its commune, the ones that matter most first."""
