"""`weekahead theme`: list and copy the templates."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import chosen_root, root_option
from weekahead.commands.output import findings_shown


@click.group()
def theme() -> None:
    """The templates that the site is made with."""


@theme.command("list")
def theme_list() -> None:
    """Every template, asset and file of words that can be copied."""
    from weekahead.build.scaffold import template_names

    for name in template_names():
        click.echo(name)


@theme.command("copy")
@click.argument("template")
@root_option
@click.pass_context
def theme_copy(context: click.Context, template: str, root: Path | None) -> None:
    """Copy TEMPLATE into the letter's templates/, to be changed there: issue.html, assets/style.css, words/de.toml."""
    from weekahead.build.scaffold import copy_template

    with findings_shown():
        path = copy_template(chosen_root(context, root), template)
    click.echo(str(path))
