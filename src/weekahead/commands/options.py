"""Options that several commands share, and the folder of the letter that a command works in."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from weekahead.commands.streams import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.decorators import FC
    from click.shell_completion import CompletionItem

LETTER_FILES = ("schedule.yaml", "letter.yaml")
"""The files that only a letter has, the one that it is found by first."""
ROOT = "weekahead.root"
"""The key of click's `Context.meta` for the letter's folder."""
AS_OF = "weekahead.as-of"
"""The key of `Context.meta` for the --as-of that is given before a command of `plan`."""


def _keep_root(context: click.Context, parameter: click.Parameter, root: Path | None) -> None:
    context.obj = root or context.obj


def _root(**kept: Any) -> Callable[[FC], FC]:
    return click.option(
        "--root",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The letter's folder [default: this one, or the nearest parent with a schedule.yaml].",
        **kept,
    )


root_option = _root()
kept_root_option = _root(expose_value=False, callback=_keep_root)
"""`--root` of a command below another, kept as `context.obj`, where that of the ones above is."""
as_of_option = click.option(
    "--as-of",
    metavar="WHEN",
    help="Act as of this date or time: 2022-09-23 or 2022-09-23T12:00:00-06:00 [default: now].",
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print only findings.")


class Refusal(click.ClickException):
    """What a command cannot do as it was asked: one line and status 2, without the options of the command."""

    exit_code = 2


def chosen_root(context: click.Context, root: Path | None) -> Path:
    """Return the folder given to the command, else to `weekahead`, else the nearest one; finish what was interrupted there.

    Raise Refusal if it is no folder, or there is no letter in it.
    """
    given = root or context.obj
    folder = given or nearest_root()
    if not folder.is_dir():
        raise Refusal(f'there is no folder "{printable(str(folder))}"')
    if not any(os.path.lexists(folder / name) for name in LETTER_FILES):
        where = f'in "{printable(str(given))}"' if given else "here or above"
        raise Refusal(f"no letter {where}; cd into yours, or run weekahead init NAME")
    if (folder / ".weekahead" / "site" / "journal").is_file():
        from weekahead.build.transaction import finish_interrupted

        finish_interrupted(folder)
    if (folder / ".weekahead" / "edit-journal").is_file():
        from weekahead.commands.output import exit_on_error
        from weekahead.source.text_edit import finish_edit

        with exit_on_error():
            finish_edit(folder)
    if (folder / ".weekahead" / "import" / "journal").is_file():
        from weekahead.commands.output import exit_on_error
        from weekahead.importers.finishing import finish_import

        with exit_on_error():
            finish_import(folder)
    context.meta[ROOT] = folder
    return Path(folder)


def nearest_root() -> Path:
    """Return the nearest folder upward from here with a schedule.yaml, else with a letter.yaml, else the current one."""
    here = Path.cwd()
    paths = (folder / name for name in LETTER_FILES for folder in (here, *here.parents))
    return next((path.parent for path in paths if path.is_file()), here)


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


class NewFile(click.Path):
    """The path of a file to write. Refused are an empty one, as an empty variable of a script gives, and one of a device or a pipe."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(
        self, value: str | os.PathLike[str], parameter: click.Parameter | None, context: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if value == "":
            self.fail("the name of a file is needed.", parameter, context)
        if os.path.exists(value) and not os.path.isfile(value) and not os.path.isdir(value):
            self.fail(f"{os.fspath(value)!r} is a device or a pipe, not a file.", parameter, context)
        return super().convert(value, parameter, context)


def read_named(file: BinaryIO, most: int) -> bytes:
    """Return what is in a file that was named, or comes through a pipe. Raise UsageError if it has more than `most` bytes, or cannot be read."""
    name = printable(str(file.name))
    try:
        data = file.read(most + 1)
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {error.strerror}") from None
    if len(data) > most:
        raise click.UsageError(f"{name} has more than {most // 1_000_000} MB")
    return data


def require_other_file(root: Path, path: Path) -> None:
    """Raise Refusal if a file that a command is to write is one of the letter's own, or among them."""
    from weekahead.build.state import is_of_letter

    if is_of_letter(root, path):
        raise Refusal(f"{printable(str(path))} is part of the letter: choose another file")


class NumberOrName(click.ParamType):  # type: ignore[type-arg]  # not generic in click 8.2
    """The number of an issue, or a name of one that has none."""

    name = "number"

    def convert(self, value: int | str, parameter: click.Parameter | None, context: click.Context | None) -> int | str:
        if not (isinstance(value, str) and value.isascii() and value.isdecimal()):
            return value
        try:
            return int(value)
        except ValueError:  # it has more digits than Python reads
            self.fail(f"{value[:20]}… is not the number of an issue", parameter, context)


issue_argument = click.argument("which", metavar="NUMBER", type=NumberOrName(), shell_complete=_complete_number)
issue_number_argument = click.argument("number", type=click.IntRange(min=0), shell_complete=_complete_number)
