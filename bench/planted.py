"""``python -m bench.planted``: plant errors of many kinds into a clean sample city and say which are found, kind by kind.

A planted error is found when an open finding names its figure, or the commune's file where the whole file is wrong; it is
published unflagged when a wrong figure stands in ``core/values`` and no finding names it. A false alarm is a finding on a
figure of a commune in which nothing was planted; doubts of the reader about a narrative are counted beside them. Two runs
are made: the year's two rounds with errors in forms and narratives, then the next year's round with files of the last period
and resubmissions that make people's rulings stale. Figures go to ``bench/planted.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench import misread
from bench.errors import COUNTS, KINDS, NIL, Form, Planted, opened
from nq57_assets import pipeline
from nq57_assets.catalogue import catalogue
from nq57_assets.folders import DataDir
from nq57_assets.project import Project
from nq57_assets.readers.form_codes import DENOMINATOR
from nq57_assets.sample import make_city

ROUNDS = ("2025-digital-transformation", "2025-nq57-communication")
NEXT_YEAR = "2026-digital-transformation"
RESULTS = Path(__file__).with_name("planted.json")
SHARE_SPOILT = 0.7
SHARE_NARRATIVES = 0.3
A_NARRATIVE_KIND = 12
STALE, LAST_PERIOD = 20, 12
PARTS = (
    ("team_members_trained", "team_members"),
    ("econ_ocop_online", "econ_ocop_products"),
    ("skill_contest_completed", "skill_contest_registered"),
)
FILE_KINDS = (
    "another_communes_copy",
    "another_rounds_form",
    "all_round",
    "last_periods_figures",
    "narrative_other_period",
)
# What the reader of narratives doubts is asked of the department's own people; it is no error laid to a commune.
DOUBTS = ("value_in_review", "value_repaired")


def forms(data: DataDir, rounds: Iterable[str]) -> list[Form]:
    """Return every form of the rounds, open."""
    found = []
    for round_id in rounds:
        for path in sorted((data.inbox / round_id).rglob("*.[xX][lL][sS][xX]")):
            form = opened(path)
            form.round_id = round_id
            found.append(form)
    return found


def plant(data: DataDir, number: int, rng: random.Random) -> tuple[list[Planted], set[str]]:
    """Plant errors into the files of most communes; return them, and the communes that were left clean."""
    every, told = forms(data, ROUNDS), misread.reports(data, ROUNDS)
    communes = sorted({form.commune for form in every} | {report.commune for report in told})
    _two_more_weeks(every, {(report.commune, report.round_id) for report in told}, rng)
    spoilt = set(rng.sample(communes, round(SHARE_SPOILT * len(communes))))
    planted = _narratives([report for report in told if report.commune in spoilt], rng)
    usable = [form for form in every if form.commune in spoilt]
    rng.shuffle(usable)
    planted += _whole_files(usable, rng)
    kinds = list(KINDS)
    for turn in range(number * 20):
        if len(planted) >= number:
            break
        kind, form = kinds[turn % len(kinds)], rng.choice(usable)
        given = None if form.whole else KINDS[kind](form, rng)
        if given is not None:
            codes, partners = given
            form.touched |= {*codes, *partners}
            truth = {code: form.truth[code] for code in codes}
            planted.append(Planted(kind, form.round_id, form.commune, codes, partners, truth))
    for form in usable:
        if form.touched:
            _save(form)
    return planted, set(communes) - spoilt


def _two_more_weeks(every: list[Form], told: set[tuple[str, str]], rng: random.Random) -> None:
    """Let the year's second report count what was done since the first; a form beside a narrative says what that says."""
    for form in every:
        if form.round_id != ROUNDS[1] or (form.commune, form.round_id) in told:
            continue
        pace, moved = rng.uniform(0.0, 0.08), rng.uniform(-0.002, 0.003)
        for code, value in form.truth.items():
            indicator = catalogue().indicator.get(code)
            if indicator is None or not isinstance(value, int | float):
                continue
            if indicator.kind == "rate" and value < 100:
                form.put(code, round(min(99.99, max(0.0, value + rng.uniform(-0.3, 0.5))), 2))
            elif indicator.kind == "flow":
                # Dossiers keep their share: their rate stands beside them.
                own = (
                    1.0 if code in ("egov_dossiers_online", "egov_dossiers_total") else rng.uniform(0.0, 2.0)
                )
                form.put(code, round(value * (1 + pace * own)))
            elif code in ("place_population", "place_households"):
                form.put(code, round(value * (1 + moved)))
        _fit_parts(form)
        _save(form)
        form.truth = {code: form.value(code) for code in form.rows}


def _fit_parts(form: Form) -> None:
    """Keep what belongs together: parts within wholes, and the rate that follows from its parts."""
    asked = [(code.removesuffix(DENOMINATOR), code) for code in form.rows if code.endswith(DENOMINATOR)]
    for part, whole in (*PARTS, ("egov_dossiers_online", "egov_dossiers_total"), *asked):
        if all(isinstance(form.value(code), int | float) for code in (part, whole)):
            form.put(part, min(form.value(part), form.value(whole)))
    if {"egov_dossiers_online", "egov_dossiers_total", "egov_online_rate"} <= set(form.rows):
        online, total = form.value("egov_dossiers_online"), form.value("egov_dossiers_total")
        if online and total:
            form.put("egov_online_rate", round(100 * online / total, 2))


def _save(form: Form) -> None:
    """Save a workbook with the time of receipt that it had: which of two equal files came later is evidence."""
    before = form.path.stat()
    form.book.save(form.path)
    os.utime(form.path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _narratives(usable: list[misread.Report], rng: random.Random) -> list[Planted]:
    """Make each kind of mistake in up to a dozen narratives, one mistake a file."""
    planted = []
    rng.shuffle(usable)
    for kind, make in misread.KINDS.items():
        made = 0
        for report in usable:
            if report.touched or made == A_NARRATIVE_KIND:
                continue
            one = make(kind, report, rng)
            if one is not None:
                report.touched = True
                report.save()
                planted.append(one)
                made += 1
    return planted


def _whole_files(usable: list[Form], rng: random.Random) -> list[Planted]:
    """Copy another commune's figures, and send the other round's form, a few times each."""
    planted = []
    by_key = {(form.commune, form.round_id): form for form in usable}
    for form in usable[:8]:
        source = next(
            f
            for f in reversed(usable)
            if f.round_id == form.round_id and f.commune != form.commune and not f.whole
        )
        for code in form.rows:
            form.put(code, source.value(code))
            form.put(code, source.book.worksheets[0].cell(source.rows[code], NIL).value, NIL)
        form.whole = source.whole = True
        form.touched |= set(form.rows)
        planted.append(Planted("another_communes_copy", form.round_id, form.commune, tuple(form.rows)))
    for form in usable[8:14]:
        other = by_key.get((form.commune, next(r for r in ROUNDS if r != form.round_id)))
        if other is None or other.whole or form.whole:
            continue
        shutil.copyfile(other.path, form.path)
        form.whole = other.whole = True
        planted.append(Planted("another_rounds_form", form.round_id, form.commune, ()))
    return planted


def next_year(data: DataDir, clean: set[str], seed: int, rng: random.Random) -> list[Planted]:
    """Send next year's forms: stocks grown a little, counts of the period new, but a few with the last period's again."""
    with tempfile.TemporaryDirectory(prefix="nq57-planted-") as folder:
        aside = DataDir(Path(folder))
        make_city(aside, catalogue(), rounds=[NEXT_YEAR], seed=seed, defects=False, narrative_share=0.0)
        shutil.copytree(aside.inbox / NEXT_YEAR, data.inbox / NEXT_YEAR)
    every = forms(data, [NEXT_YEAR])
    again = set(rng.sample([form.commune for form in every if form.commune not in clean], LAST_PERIOD))
    planted = []
    for form in every:
        if form.commune in again:
            _save(form)
            planted.append(Planted("last_periods_figures", NEXT_YEAR, form.commune, ()))
        else:
            _age(form, rng)
    return planted


def _age(form: Form, rng: random.Random) -> None:
    """Let a year pass over a form: households and teams grow slowly, what was done in the period is done anew."""
    people, effort = rng.uniform(1.0, 1.03), rng.uniform(0.8, 1.3)
    for code, value in form.truth.items():
        indicator = catalogue().indicator.get(code)
        if indicator is None or not indicator.is_count or not isinstance(value, int | float):
            continue
        factor = people if indicator.kind == "stock" else effort * rng.uniform(0.9, 1.1)
        if code == "egov_dossiers_online" or code == "egov_dossiers_total":
            factor = effort  # their rate stands beside them
        form.put(code, max(1, round(value * factor)))
    _fit_parts(form)
    _save(form)


def go_stale(project: Project, clean: set[str], rng: random.Random) -> list[Planted]:
    """Correct figures as a reviewer would, then let the commune send another figure: the ruling must not stand unsaid."""
    from nq57_assets.decisions import record

    planted: list[Planted] = []
    every = [form for form in forms(project.data, [ROUNDS[0]]) if form.commune not in clean]
    values = {
        (row["commune_code"], row["indicator"]): row
        for row in project.lake.arrow("core/values", [ROUNDS[0]]).to_pylist()
        if row["state"] == "reported" and row["method"] == "form"
    }
    for form in rng.sample(every, len(every)):
        codes = [
            c
            for c in COUNTS
            if (form.commune, c) in values and isinstance(form.value(c), int) and form.value(c) >= 30
        ]
        if not codes or len(planted) == STALE:
            continue
        code = rng.choice(codes)
        ruled, sent = form.value(code) + 7, round(form.value(code) * 1.1) + 1
        seen = values[form.commune, code]["observation_id"]
        record(project.data, project.catalogue, seen, "correct", "Trần Thị Rà", "Theo văn bản của xã", ruled)
        form.put(code, sent)
        name = form.path.with_name(f"{form.path.stem} (nộp lại).xlsx")
        form.book.save(name)
        later = form.path.stat().st_mtime_ns + 86_400_000_000_000
        os.utime(name, ns=(later, later))
        planted.append(Planted("stale_decision", ROUNDS[0], form.commune, (code,), (), {code: sent}))
    return planted


def measure(
    project: Project, planted: list[Planted], clean: set[str], rounds: Iterable[str]
) -> dict[str, Any]:
    """Compare findings and values with what was planted."""
    flagged: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    files: dict[tuple[str, str], set[str]] = defaultdict(set)
    alarms: Counter[str] = Counter()
    figures = 0
    standing: dict[tuple[str, str, str], Any] = {}
    for round_id in rounds:
        for row in project.lake.arrow("core/findings", [round_id]).to_pylist():
            if row["severity"] == "info":
                continue
            place = (round_id, row["commune_code"])
            if row["indicator"]:
                flagged[place][row["indicator"]].add(row["rule"])
            else:
                files[place].add(row["rule"])
            # What a clean commune left out is missing indeed: no false alarm.
            alarms[row["rule"]] += row["commune_code"] in clean and row["rule"] != "value_missing"
        for row in project.lake.arrow("core/values", [round_id]).to_pylist():
            standing[round_id, row["commune_code"], row["indicator"]] = row
            figures += row["commune_code"] in clean and row["state"] in (
                "reported",
                "nil",
                "withheld",
                "conflict",
            )
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    by_rule: dict[str, Counter[str]] = defaultdict(Counter)
    unflagged = []
    for one in planted:
        place = (one.round_id, one.commune)
        told = set().union(*(flagged[place][code] for code in (*one.codes, *one.partners)))
        if one.kind in FILE_KINDS:
            told = files[place] - {"file_late"}
        if one.kind == "stale_decision":
            told &= {"review_lapsed"}
        open_ = [
            code for code in one.codes if _stands_wrong(standing.get((*place, code)), one.truth.get(code))
        ]
        silent = [] if one.kind in FILE_KINDS and told else [c for c in open_ if not flagged[place][c]]
        # A wrong file of which nothing is said is published with all that it holds.
        untold = one.kind in FILE_KINDS and not told
        by_kind[one.kind].update(planted=1, found=bool(told), published_unflagged=bool(silent) or untold)
        by_rule[one.kind].update(told)
        unflagged += [
            {"kind": one.kind, "round": one.round_id, "commune": one.commune, "indicator": code,
             "truth": one.truth.get(code), "published": standing[(*place, code)]["value"],
             "other_round": _elsewhere(standing, *place, code)}
            for code in (silent if one.kind not in FILE_KINDS else ())
        ] + [{"kind": one.kind, "round": one.round_id, "commune": one.commune}] * untold  # fmt: skip
    doubts = sum(alarms.pop(rule, 0) for rule in DOUBTS)
    total = Counter[str]()
    for count in by_kind.values():
        total.update(count)
    return {
        "kinds": {
            kind: {
                **by_kind[kind],
                "false_alarms": sum(alarms[rule] for rule in by_rule[kind]),
                "rules": dict(by_rule[kind].most_common(4)),
            }
            for kind in sorted(by_kind)
        },
        "total": dict(total),
        "clean_figures": figures,
        "false_alarms": dict(+alarms),
        "false_alarm_share": round(sum(alarms.values()) / max(1, figures), 5),
        "reader_doubts": doubts,
        "unflagged": unflagged,
    }


def _elsewhere(standing: dict[tuple[str, str, str], Any], round_id: str, commune: str, code: str) -> Any:
    """Return what the commune's other report of the year gives for a figure; None where it is no second witness."""
    other = next((r for r in ROUNDS if r != round_id and r[:4] == round_id[:4]), "")
    row = standing.get((other, commune, code))
    return row["value"] if row and row["state"] in ("reported", "nil") else None


def _stands_wrong(row: Any, truth: Any) -> bool:
    if row is None or row["state"] not in ("reported", "nil"):
        return False
    return not isinstance(truth, int | float) or row["value"] is None or abs(row["value"] - truth) > 1e-6


def together(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return the results of both runs as one."""
    alarms = Counter(first["false_alarms"]) + Counter(second["false_alarms"])
    figures = first["clean_figures"] + second["clean_figures"]
    return {
        "kinds": dict(sorted({**first["kinds"], **second["kinds"]}.items())),
        "total": dict(Counter(first["total"]) + Counter(second["total"])),
        "clean_figures": figures,
        "false_alarms": dict(alarms.most_common()),
        "false_alarm_share": round(sum(alarms.values()) / max(1, figures), 5),
        "reader_doubts": first["reader_doubts"] + second["reader_doubts"],
        "unflagged": [*first["unflagged"], *second["unflagged"]],
    }


def run(errors: int, seed: int) -> dict[str, Any]:
    """Make the city, plant, run twice, and return the figures."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="nq57-planted-") as folder:
        data = DataDir(Path(folder))
        make_city(
            data, catalogue(), rounds=list(ROUNDS), seed=seed, defects=False, narrative_share=SHARE_NARRATIVES
        )
        planted, clean = plant(data, errors - STALE - LAST_PERIOD, rng)
        project = Project(data, catalogue())
        pipeline.run_all(project, ROUNDS, settle=0)
        first = measure(project, planted, clean, ROUNDS)
        later = [*go_stale(project, clean, rng), *next_year(data, clean, seed, rng)]
        pipeline.run_all(project, [*ROUNDS, NEXT_YEAR], settle=0)
        second = measure(project, later, clean, [NEXT_YEAR, ROUNDS[0]])
    return together(first, second)


def main() -> None:
    """Print a table and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=500)
    parser.add_argument("--seed", type=int, default=57)
    parser.add_argument("--keep", action="store_true", help="write bench/planted.json")
    options = parser.parse_args()
    result = run(options.errors, options.seed)
    print(
        "| kind | planted | found | published unflagged | false alarms of its rules |\n|---|---:|---:|---:|---:|"
    )
    for kind, count in [*result["kinds"].items(), ("**all**", result["total"])]:
        print(
            f"| {kind} | {count['planted']} | {count.get('found', 0)} | {count.get('published_unflagged', 0)} | "
            f"{count.get('false_alarms', sum(result['false_alarms'].values()))} |"
        )
    print(f"\nfalse alarms: {result['false_alarm_share']:.2%} of {result['clean_figures']} clean figures")
    print(result["false_alarms"], f"doubts of the reader: {result['reader_doubts']}")
    for one in result["unflagged"]:
        print("unflagged:", *one.values())
    if options.keep:
        RESULTS.write_text(
            json.dumps({"seed": options.seed, **result}, ensure_ascii=False, indent=1) + "\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
