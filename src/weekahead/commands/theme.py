"""`weekahead theme`: list and copy the templates."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import chosen_root, kept_root_option, root_option
from weekahead.commands.output import exit_on_error


@click.group()
def theme() -> None:
    """List or copy the templates of the site."""


@theme.command("list")
@kept_root_option
def theme_list() -> None:
    """List the templates, assets and translations you can copy."""
    from weekahead.build.scaffold import template_names

    for name in template_names():
        click.echo(name)


@theme.command("copy")
@click.argument("template")
@root_option
@click.pass_context
def theme_copy(context: click.Context, template: str, root: Path | None) -> None:
    """Copy TEMPLATE to templates/, so that you can change it.

    TEMPLATE is one of `weekahead theme list`: issue.html, assets/style.css, words/de.toml.
    """
    from weekahead.build.scaffold import copy_template

    with exit_on_error():
        path = copy_template(chosen_root(context, root), template)
    click.echo(str(path))
