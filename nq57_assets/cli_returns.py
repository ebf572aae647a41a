"""Commands on what goes back to the communes, on what they sent again, and on what the city has reported.

Belongs here: reading arguments, printing results. Does not belong: anything that another module could compute.
"""

from __future__ import annotations

from typing import Annotated

import typer

from nq57_assets.catalogue import catalogue
from nq57_assets.cli_arguments import RoundArgument, known_commune, known_round, stop
from nq57_assets.folders import DataDir
from nq57_assets.intake.ledger import LedgerError


def returns(round_id: RoundArgument) -> None:
    """Write what goes back to the communes: findings, annotated forms, letters, and the list of communes to remind."""
    from nq57_assets.outputs.returns import write_returns
    from nq57_assets.project import Project

    written = write_returns(Project(DataDir.from_environment(), catalogue()), known_round(round_id))
    files = sum(len(paths) for paths in written.files.values())
    print(
        f"{files} files for {len(written.files)} communes in {written.folder}, {len(written.made)} of them made now; "
        f"reminders: {written.reminders}"
    )
    for code, followup in sorted(written.followups.items()):
        print(f"  {code}: {followup.render()}")
    for one in written.unmarked:
        print(f"  no annotated copy, the workbook can't be opened for writing: {one}")


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
        approval = pin(DataDir.from_environment(), known_round(round_id), by, note, generation)
    except (VintageError, LedgerError) as error:
        stop(str(error))
    print(f"Generation {approval.generation} is approved for {round_id} by {approval.approved_by}.")


def corrigendum(round_id: RoundArgument) -> None:
    """Show and write what has changed in a round since it was approved: figure, commune, cause, effect on the total."""
    from nq57_assets.outputs.corrigendum import write_corrigendum
    from nq57_assets.vintages import VintageError, render

    try:
        written = write_corrigendum(DataDir.from_environment(), known_round(round_id), catalogue())
    except VintageError as error:
        stop(str(error))
    print(
        f"{render(written.changes)}\n{len(written.changes)} values differ from generation "
        f"{written.approval.generation}; {written.path}"
    )


def diff(
    earlier: Annotated[int, typer.Argument(help="Number of a generation.")],
    later: Annotated[int, typer.Argument(help="Number of another.")],
    round_id: Annotated[str | None, typer.Option("--round", help="One round; all if left out.")] = None,
) -> None:
    """Show what differs between two generations of the mart: figure, commune, cause, effect on the total."""
    from nq57_assets.vintages import VintageError, compare, render

    try:
        changes = compare(
            DataDir.from_environment(), earlier, later, catalogue(), round_id and known_round(round_id)
        )
    except VintageError as error:
        stop(str(error))
    print(render(changes))


def versions(
    commune: Annotated[str, typer.Argument(help="A commune's five-digit code.")], round_id: RoundArgument
) -> None:
    """Show what each version that a commune sent for a round changed: figure, old → new, and the proof of both."""
    from nq57_assets.resubmitted import versions as compare

    print(compare(DataDir.from_environment(), known_round(round_id), known_commune(commune), catalogue()))


COMMANDS = (returns, versions, approve, corrigendum, diff)
