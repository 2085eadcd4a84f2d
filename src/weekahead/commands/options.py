"""Options that several commands share, and the folder of the letter that a command works in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

ROOT = "weekahead.root"
"""The key of click's `Context.meta` for the letter's folder."""

root_option = click.option(
    "--root",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The letter's folder [default: this one, or the nearest parent with a schedule.yaml].",
)
as_of_option = click.option(
    "--as-of",
    metavar="WHEN",
    help="Act as of this date or time: 2022-09-23 or 2022-09-23T12:00:00-06:00 [default: now].",
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print only findings.")


def chosen_root(context: click.Context, root: Path | None) -> Path:
    """Return the folder given to the command, else to `weekahead`, else the nearest one; finish what was interrupted there."""
    folder = root or context.obj or nearest_root()
    if not folder.is_dir():
        raise click.UsageError(f'there is no folder "{folder}"')
    if (folder / ".weekahead" / "site" / "journal").is_file():
        from weekahead.build.transaction import finish_interrupted

        finish_interrupted(folder)
    if (folder / ".weekahead" / "edit-journal").is_file():
        from weekahead.commands.output import exit_on_error
        from weekahead.source.text_edit import finish_edit

        with exit_on_error():
            finish_edit(folder)
    context.meta[ROOT] = folder
    return Path(folder)


def nearest_root() -> Path:
    """Return the nearest folder upward from here with a schedule.yaml, else the current one."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "schedule.yaml").is_file()), here)


def _complete_number(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the numbers that file names in issues/ begin with, newest first, for the Tab key."""
    from click.shell_completion import CompletionItem

    root = context.params.get("root") or (context.parent and context.parent.params.get("root")) or nearest_root()
    titles = {}
    for path in (root / "issues").glob("[0-9]*"):
        number, _, name = path.name.removesuffix(".md").partition("-")
        is_date = re.match(r"\d\d-\d\d(-|$)", name)  # 2022-10-05-special.md has no number
        if number.isdecimal() and not is_date and str(int(number)).startswith(incomplete):
            titles[int(number)] = name.replace("-", " ")
    return [CompletionItem(str(number), help=titles[number]) for number in sorted(titles, reverse=True)]


issue_number_argument = click.argument("number", type=click.IntRange(min=0), shell_complete=_complete_number)
