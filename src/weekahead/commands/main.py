"""Run a command and exit with its status.

0 fine, 1 findings of severity error or a broken promise, 2 wrong usage, 70 a bug of ours, 130 stopped with Ctrl+C. It is the
status of the work, also when its words cannot be written.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import NoReturn

import click

from weekahead import __version__
from weekahead.commands.options import root_option
from weekahead.commands.streams import close_streams, open_streams

COMMANDS = (
    "init",
    "new",
    "ready",
    "unpublish",
    "build",
    "check",
    "plan",
    "serve",
    "email",
    "book",
    "subscribers",
    "mailbox",
    "endpoint",
    "deploy",
    "export",
    "send",
    "import",
    "references",
    "theme",
    "schema",
    "completion",
)
"""Each is a module beside this one and the command of that name in it, in the order of `weekahead --help`."""


class LazyGroup(click.Group):
    """A group of COMMANDS that imports a command only to run it or to list it."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = f"{name}_" if iskeyword(name) else name
        command = getattr(import_module(f"weekahead.commands.{module}"), module)
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Read the options before the command. With no command it is `build`, also for what follows --root."""
        if not context.resilient_parsing:
            at = 0
            while at < len(arguments) and re.match("--root(=|$)", arguments[at]):
                at += 2 if arguments[at] == "--root" else 1
            first = arguments[at] if at < len(arguments) else ""
            if at == len(arguments) or (first.startswith("-") and first not in ("-h", "--help", "--version")):
                arguments.insert(at, "build")
        return super().parse_args(context, arguments)

    def invoke(self, context: click.Context) -> object:
        """Run the command. Ctrl+C ends it with one line; click would write an empty one before."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            raise click.exceptions.Exit(130) from None

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name. Raise UsageError with the nearest name if there is none."""
        name = arguments[0]
        if name not in COMMANDS and name[0].isalpha() and not context.resilient_parsing:
            from weekahead.model.findings import nearest

            raise click.UsageError(f'there is no command "{name}". {nearest(name, COMMANDS)}', context)
        return super().resolve_command(context, arguments)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="weekahead")
@root_option
@click.pass_context
def weekahead(context: click.Context, root: Path | None) -> None:
    """A newsletter kept as plain text in git."""
    context.obj = root


def run_and_exit(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command as `main` does and end the process at once, without freeing its memory."""
    gc.disable()  # a command leaves little in cycles, also when it makes 10,000 pages
    open_streams()
    sys.unraisablehook = _stop_if_interrupted
    try:
        if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # in place of the one while all is imported
        main(arguments)
    except SystemExit as ended:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the work is done
        close_streams()
        os._exit(int(ended.code or 0))  # skip teardown: freeing 10,000 issues takes 5 % of a build


def _stop_if_interrupted(failure: sys.UnraisableHookArgs) -> None:
    """End the process if Ctrl+C came where no exception can be raised, as within some imports. A build survives that."""
    if issubclass(failure.exc_type, KeyboardInterrupt):
        os.write(2, b"Stopped.\n")
        os._exit(130)
    sys.__unraisablehook__(failure)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and raise SystemExit with its exit status."""
    try:
        status = weekahead.main(args=arguments, prog_name="weekahead", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except Exception as error:
        if isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):  # Python 3.11, within a class statement
            click.echo("Stopped.", err=True)
            sys.exit(130)
        import traceback

        traceback.print_exc()
        message = "This is a bug in weekahead, not a mistake in your letter. Please report it with the lines above."
        click.echo(message, err=True)
        sys.exit(70)
    sys.exit(status if isinstance(status, int) else 0)  # click returns the status that a command exited with


if __name__ == "__main__":
    run_and_exit()
