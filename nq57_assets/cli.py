"""The command ``nq57``; each command imports what it needs, so that ``nq57 inspect`` starts fast.

Belongs here: reading arguments, printing results. Does not belong: anything that another module could compute.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from nq57_assets import cli_returns
from nq57_assets.catalogue import CatalogueError, catalogue
from nq57_assets.cli_arguments import RoundArgument, known_round, stop
from nq57_assets.folders import DataDir

app = typer.Typer(
    name="nq57",
    help="Commune reports on Resolution 57-NQ/TW, consolidated with proof for every figure.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; a mistake in the reference data or a damaged ledger ends with a message, not a traceback."""
    try:
        app()
    except CatalogueError as error:
        stop(str(error))
    except sqlite3.DatabaseError as error:
        stop(f"The ledger of the archive can't be used ({error}); run nq57 fsck.")


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A submitted file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what one file yields: header, figures with their place and quote, findings."""
    from nq57_assets.inspect_file import inspect_file
    from nq57_assets.inspect_text import render

    if not file.is_file():
        stop(f"{file} is no file.")
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
    folder = out or DataDir.from_environment().outputs / "forms" / known_round(round_id)
    if commune and commune not in reference.commune:
        stop(f"{commune!r} is no commune code; see reference/communes.csv.")
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
        known_round(round_id)
    try:
        city = make_city(data, catalogue(), communes=communes, rounds=rounds, seed=seed)
    except InboxNotEmptyError as error:
        stop(str(error))
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

    raise SystemExit(materialize_city([known_round(r) for r in round_id or ()], settle=settle, force=force))


@app.command()
def status(round_id: RoundArgument) -> None:
    """Show who has reported for a round, and how completely."""
    from nq57_assets.status import status as read_status

    print(read_status(DataDir.from_environment(), known_round(round_id)))


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
        stop(f"{indicator!r} is no indicator; see reference/indicators/.")
    try:
        proof = prove(DataDir.from_environment(), known_round(round_id), indicator, commune)
    except (FileNotFoundError, NothingPublishedError) as error:
        stop(str(error))
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
        stop(str(error))
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
        print(render(ask(DataDir.from_environment(), known_round(round_id), indicator, commune), catalogue()))
    except (FileNotFoundError, NothingPublishedError) as error:
        stop(str(error))


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
        stop(str(error))
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
        stop(str(error))


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
        stop(f"{file} is no file.")
    known = catalogue()
    print(replay(Project(DataDir.from_environment(), known), rule, file).render(known))


@rules_app.command()
def book() -> None:
    """Print the rule book as Markdown."""
    from nq57_assets.quality.book import render_book

    print(render_book(catalogue()), end="")


@app.command()
def review(round_id: RoundArgument) -> None:
    """Read the saved review workbook of a round into the ledger, or lay out a new one if nothing waits to be read."""
    from nq57_assets.pipeline import read_review, review_workbook
    from nq57_assets.project import Project

    project = Project(DataDir.from_environment(), catalogue())
    taken = read_review(project, known_round(round_id))
    if taken is not None:
        counts = ", ".join(f"{number} {result}" for result, number in sorted(taken.by_result.items()))
        print(f"Read: {counts or 'no row was filled in'}; run `nq57 run` to apply it.")
        for problem in taken.problems:
            print(f"  {problem}")
        return
    issued = review_workbook(project, round_id)
    rows = ", ".join(f"{number} {kind}" for kind, number in sorted(issued.rows.items()))
    print(f"{issued.path}: {rows or 'nothing to rule on'}{f' ({issued.reason})' if issued.reason else ''}")


for command in cli_returns.COMMANDS:
    app.command()(command)


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
        stop(str(error))


@app.command()
def dictionary() -> None:
    """Print the data dictionary of the mart as Markdown."""
    from nq57_assets.mart.dictionary import render_dictionary

    print(render_dictionary(catalogue()), end="")


if __name__ == "__main__":
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    main()
