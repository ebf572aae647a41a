"""The command ``nq57``; each command imports what it needs, so that ``nq57 inspect`` starts fast.

Belongs here: reading arguments, printing results. Does not belong: anything that another module could compute.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from nq57_assets.catalogue import CatalogueError, catalogue
from nq57_assets.folders import DataDir
from nq57_assets.intake.ledger import LedgerError

app = typer.Typer(
    name="nq57",
    help="Commune reports on Resolution 57-NQ/TW, consolidated with proof for every figure.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

RoundArgument = Annotated[
    str, typer.Argument(help="A round of reference/rounds.csv, such as 2025-nq57-communication.")
]


def main() -> None:
    """Run the command line; a mistake in the reference data or a damaged ledger ends with a message, not a traceback."""
    try:
        app()
    except CatalogueError as error:
        _stop(str(error))
    except sqlite3.DatabaseError as error:
        _stop(f"The ledger of the archive can't be used ({error}); run nq57 fsck.")


def _stop(message: str, code: int = 2) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(code)


def _round(round_id: str) -> str:
    known = catalogue().round
    if round_id not in known:
        _stop(f"{round_id!r} is no round. Known rounds: {', '.join(known)}.")
    return round_id


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A submitted file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what one file yields: header, figures with their place and quote, findings."""
    from nq57_assets.inspect_file import inspect_file
    from nq57_assets.inspect_text import render

    if not file.is_file():
        _stop(f"{file} is no file.")
    result = inspect_file(file, catalogue())
    print(json.dumps(result, ensure_ascii=False, indent=2) if as_json else render(result, catalogue()))


@app.command()
def form(
    round_id: RoundArgument,
    commune: Annotated[
        str | None, typer.Option(help="One commune's five-digit code; all of them if left out.")
    ] = None,
    neutral: Annotated[bool, typer.Option(help="One form on which the sender chooses the commune.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder; data/outputs/forms/<round> if left out.")] = None,
) -> None:
    """Write the blank Excel forms of a round."""
    from nq57_assets.outputs.form import write_form, write_forms

    reference = catalogue()
    folder = out or DataDir.from_environment().outputs / "forms" / _round(round_id)
    if commune and commune not in reference.commune:
        _stop(f"{commune!r} is no commune code; see reference/communes.csv.")
    folder.mkdir(parents=True, exist_ok=True)
    if commune or neutral:
        name = f"{commune or 'chung'}.xlsx"
        print(write_form(round_id, folder / name, reference, commune))
        return
    paths = write_forms(round_id, folder, reference)
    print(f"{len(paths)} forms in {folder}")


@app.command()
def sample(
    communes: Annotated[int | None, typer.Option(help="How many communes; all of them if left out.")] = None,
    rounds: Annotated[
        list[str] | None, typer.Option("--rounds", help="Rounds; both of 2025 if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 57,
    if_empty: Annotated[bool, typer.Option(help="Do nothing if the inbox holds anything.")] = False,
) -> None:
    """Write a synthetic city into the inbox, with planted defects and its truth beside it."""
    from nq57_assets.sample import InboxNotEmptyError, make_city

    data = DataDir.from_environment()
    if if_empty and data.inbox.is_dir() and any(data.inbox.rglob("*")):
        print(f"Inbox {data.inbox} is not empty; no sample made.")
        return
    for round_id in rounds or ():
        _round(round_id)
    try:
        city = make_city(data, catalogue(), communes=communes, rounds=rounds, seed=seed)
    except InboxNotEmptyError as error:
        _stop(str(error))
    print(city.summary())


@app.command()
def run(
    round_id: Annotated[
        list[str] | None,
        typer.Option(
            "--round", help="A round, repeatable; every open one if left out. One between two is run too."
        ),
    ] = None,
    settle: Annotated[
        bool, typer.Option(help="Leave files that changed in the last minute for the next run.")
    ] = True,
    force: Annotated[bool, typer.Option(help="Make every table anew, changed or not.")] = False,
) -> None:
    """Take in the inbox and materialize everything up to the mart, as one Dagster run."""
    from nq57_assets.run import materialize_city

    raise SystemExit(materialize_city([_round(r) for r in round_id or ()], settle=settle, force=force))


@app.command()
def status(round_id: RoundArgument) -> None:
    """Show who has reported for a round, and how completely."""
    from nq57_assets.status import status as read_status

    print(read_status(DataDir.from_environment(), _round(round_id)))


@app.command()
def trace(
    round_id: RoundArgument,
    indicator: Annotated[str, typer.Argument(help="An indicator code, such as team_count.")],
    commune: Annotated[str | None, typer.Option(help="Prove one commune's value only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Prove a published figure: down to file, place and quote, re-read from the archive."""
    from nq57_assets.trace import NothingPublishedError
    from nq57_assets.trace import trace as prove

    if indicator not in catalogue().indicator:
        _stop(f"{indicator!r} is no indicator; see reference/indicators/.")
    try:
        proof = prove(DataDir.from_environment(), _round(round_id), indicator, commune)
    except (FileNotFoundError, NothingPublishedError) as error:
        _stop(str(error))
    print(json.dumps(proof.to_dict(), ensure_ascii=False, indent=2) if as_json else proof.render())
    raise SystemExit(0 if proof.proven else 1)


@app.command()
def outputs() -> None:
    """Write workbook, report draft, dashboard and exports from the published mart."""
    from nq57_assets.outputs.publish import EXPORTS, write_all

    data = DataDir.from_environment()
    try:
        paths = write_all(data, catalogue())
    except FileNotFoundError as error:
        _stop(str(error))
    for path in paths:
        if path.parent.name != EXPORTS:
            print(path)
    print(f"{data.outputs / EXPORTS}: {sum(path.parent.name == EXPORTS for path in paths)} files")


@app.command()
def audit(
    round_id: RoundArgument,
    indicator: Annotated[str, typer.Argument(help="An indicator code, such as team_count.")],
    commune: Annotated[str, typer.Argument(help="A commune's five-digit code.")],
) -> None:
    """Show what lies behind one commune's value: files, claims, findings and decisions, with who and when."""
    from nq57_assets.audit import audit as ask
    from nq57_assets.audit import render
    from nq57_assets.trace import NothingPublishedError

    try:
        print(render(ask(DataDir.from_environment(), _round(round_id), indicator, commune), catalogue()))
    except (FileNotFoundError, NothingPublishedError) as error:
        _stop(str(error))


@app.command()
def fsck() -> None:
    """Re-read the archive and its ledger and say what is damaged; exits 1 if anything is."""
    from nq57_assets.intake.fsck import fsck as check

    report = check(DataDir.from_environment())
    print(report.render())
    raise SystemExit(0 if report.sound else 1)


@app.command()
def evaluate(
    folder: Annotated[
        Path, typer.Argument(help="Documents with truth files, or a folder with submissions/ and gold/.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    supplement: Annotated[
        Path | None,
        typer.Option(help="A CSV of further true figures, for a truth that does not list them all."),
    ] = None,
    first_reading: Annotated[
        bool, typer.Option(help="Leave the second reading out, which knows the development corpus by heart.")
    ] = False,
) -> None:
    """Score what is read from a folder of documents against their truth files."""
    from nq57_assets.evaluate import TruthError
    from nq57_assets.evaluate import evaluate as score

    try:
        known = catalogue()
        if first_reading:
            known = replace(known, settings={**known.settings, "second_reading": False})
        evaluation = score(folder, known, supplement=supplement)
    except TruthError as error:
        _stop(str(error))
    print(json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=2) if as_json else evaluation.render())


@app.command()
def decide(
    observation: Annotated[str, typer.Argument(help="The observation_id that the ruling is about.")],
    ruling: Annotated[str, typer.Argument(help="accept, reject or correct.")],
    by: Annotated[str, typer.Option(help="Who rules.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    value: Annotated[float | None, typer.Option(help="The right figure, for correct.")] = None,
) -> None:
    """Record a person's ruling on an observation; the next run follows it."""
    from nq57_assets.decisions import DecisionError, record

    try:
        print(record(DataDir.from_environment(), catalogue(), observation, ruling, by, reason, value))
    except DecisionError as error:
        _stop(str(error))


rules_app = typer.Typer(help="Try rules of the rule book.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")


@rules_app.callback()
def rules() -> None:
    """Try rules of the rule book."""


@rules_app.command()
def rehearse(
    rule: Annotated[str, typer.Argument(help="Code of the rule.")],
    file: Annotated[
        Path | None,
        typer.Option("--rules", help="YAML with the rule as it would be; the rule book if left out."),
    ] = None,
) -> None:
    """Replay a rule over everything in the lake and print its hits by round and commune; nothing is changed."""
    from nq57_assets.project import Project
    from nq57_assets.rehearse import rehearse as replay

    if file is not None and not file.is_file():
        _stop(f"{file} is no file.")
    known = catalogue()
    print(replay(Project(DataDir.from_environment(), known), rule, file).render(known))


@app.command()
def review(round_id: RoundArgument) -> None:
    """Read the saved review workbook of a round into the ledger, or lay out a new one if nothing waits to be read."""
    from nq57_assets.pipeline import read_review, review_workbook
    from nq57_assets.project import Project

    project = Project(DataDir.from_environment(), catalogue())
    taken = read_review(project, _round(round_id))
    if taken is not None:
        counts = ", ".join(f"{number} {result}" for result, number in sorted(taken.by_result.items()))
        print(f"Read: {counts or 'no row was filled in'}; run `nq57 run` to apply it.")
        for problem in taken.problems:
            print(f"  {problem}")
        return
    issued = review_workbook(project, round_id)
    rows = ", ".join(f"{number} {kind}" for kind, number in sorted(issued.rows.items()))
    print(f"{issued.path}: {rows or 'nothing to rule on'}{f' ({issued.reason})' if issued.reason else ''}")


@app.command()
def returns(round_id: RoundArgument) -> None:
    """Write what goes back to the communes: findings, annotated forms, letters, and the list of communes to remind."""
    from nq57_assets.outputs.returns import write_returns
    from nq57_assets.project import Project

    written = write_returns(Project(DataDir.from_environment(), catalogue()), _round(round_id))
    files = sum(len(paths) for paths in written.files.values())
    print(
        f"{files} files for {len(written.files)} communes in {written.folder}, {len(written.made)} of them made now; "
        f"reminders: {written.reminders}"
    )
    for code, followup in sorted(written.followups.items()):
        print(f"  {code}: {followup.render()}")
    for one in written.unmarked:
        print(f"  no annotated copy, the workbook can't be opened for writing: {one}")


@app.command()
def approve(
    round_id: RoundArgument,
    by: Annotated[str, typer.Option(help="Who approves.")],
    note: Annotated[str, typer.Option(help="Such as the number of the city's report.")] = "",
    generation: Annotated[int | None, typer.Option(help="The current one if left out.")] = None,
) -> None:
    """Pin a generation of the mart as what the city reported for a round; it is kept for good."""
    from nq57_assets.vintages import VintageError
    from nq57_assets.vintages import approve as pin

    try:
        approval = pin(DataDir.from_environment(), _round(round_id), by, note, generation)
    except (VintageError, LedgerError) as error:
        _stop(str(error))
    print(f"Generation {approval.generation} is approved for {round_id} by {approval.approved_by}.")


@app.command()
def corrigendum(round_id: RoundArgument) -> None:
    """Show and write what has changed in a round since it was approved: figure, commune, cause, effect on the total."""
    from nq57_assets.outputs.corrigendum import write_corrigendum
    from nq57_assets.vintages import VintageError, render

    try:
        written = write_corrigendum(DataDir.from_environment(), _round(round_id), catalogue())
    except VintageError as error:
        _stop(str(error))
    print(
        f"{render(written.changes)}\n{len(written.changes)} values differ from generation "
        f"{written.approval.generation}; {written.path}"
    )


@app.command()
def diff(
    earlier: Annotated[int, typer.Argument(help="Number of a generation.")],
    later: Annotated[int, typer.Argument(help="Number of another.")],
    round_id: Annotated[str | None, typer.Option("--round", help="One round; all if left out.")] = None,
) -> None:
    """Show what differs between two generations of the mart: figure, commune, cause, effect on the total."""
    from nq57_assets.vintages import VintageError, compare, render

    try:
        changes = compare(
            DataDir.from_environment(), earlier, later, catalogue(), round_id and _round(round_id)
        )
    except VintageError as error:
        _stop(str(error))
    print(render(changes))


@app.command("sql")
def sql(query: Annotated[str, typer.Argument(help="One SQL query.")]) -> None:
    """Ask the published mart, read only."""
    import duckdb

    from nq57_assets.mart.open import open_mart

    try:
        with closing(open_mart(DataDir.from_environment().mart / "nq57.duckdb")) as connection:
            answer = connection.sql(query)
            print("The query gives no rows and no columns." if answer is None else answer)
    except (FileNotFoundError, duckdb.Error) as error:
        _stop(str(error))


@app.command()
def dictionary() -> None:
    """Print the data dictionary of the mart as Markdown."""
    from nq57_assets.mart.dictionary import render_dictionary

    print(render_dictionary(catalogue()), end="")


if __name__ == "__main__":
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    main()
