"""`weekahead mailbox`: joins, leaves and failures that came by mail."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from weekahead.commands.options import chosen_root, root_option
from weekahead.commands.output import exit_on_error
from weekahead.commands.streams import printable
from weekahead.model.counts import counted

if TYPE_CHECKING:
    from weekahead.mail.handling import Handled

LISTED = 20
"""Mails that are not ours, of which a line is shown."""


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing and send nothing.")
@click.option(
    "--events",
    metavar="URL-OR-FILE",
    help="Where the events of `weekahead endpoint` are [default: events below `unsubscribe` in letter.yaml].",
)
@root_option
@click.pass_context
def mailbox(context: click.Context, dry_run: bool, events: str | None, root: Path | None) -> None:
    """Read joins, leaves and bounces from the letter's mailbox.

    WEEKAHEAD_IMAP names the mailbox, WEEKAHEAD_SMTP the account that sends questions to confirm. Nothing is deleted there;
    handled mails are marked, and all others stay unseen.
    """
    from weekahead.mail.handling import Action

    folder, counts = chosen_root(context, root), Counter[Action]()

    def tell(handled: Handled) -> None:
        counts[handled.action] += 1
        if handled.action is not Action.FOREIGN or counts[handled.action] <= LISTED:
            click.echo(printable(f"{handled.who or 'somebody'}: {handled.words}"))

    with exit_on_error():
        from weekahead.build.mailbox import Options, read_mailbox

        options = Options(root=folder, environment=os.environ, events=events, is_dry=dry_run)
        looked_at = read_mailbox(options, tell)
    said = ", ".join(f"{count:,} {action}" for action, count in sorted(counts.items()))
    done = f"{counted(looked_at, 'mail')} looked at: {said or 'nothing to do'}."
    click.echo(f"{done} Nothing was changed." if dry_run else done)
    if counts[Action.FOREIGN]:
        click.echo("What is not ours was left unread: WEEKAHEAD_TOKEN_KEY may have changed, or the mail was forged.")
    context.exit(1 if counts[Action.UNSENT] else 0)
