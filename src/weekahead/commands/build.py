"""`weekahead build`: make the site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from weekahead.commands.options import Refusal, as_of_option, chosen_root, quiet_option, root_option
from weekahead.commands.output import Progress, exit_on_error, file_counts, print_findings
from weekahead.commands.streams import printable
from weekahead.model.counts import counted

if TYPE_CHECKING:
    from weekahead.build.pipeline import BuildOptions, BuildResult


@click.command()
@as_of_option
@click.option("--drafts", is_flag=True, help="Include unpublished issues, marked as such, for yourself.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to build into [default: site/ in the letter's folder].",
)
@click.option("--base-url", metavar="URL", help="Address of the site, in place of `url` in letter.yaml.")
@click.option("--explain", is_flag=True, help="Explain why each file changes and why each issue is unpublished.")
@click.option("--clean", is_flag=True, help="Rebuild everything, ignoring the cache.")
@click.option("--dry-run", is_flag=True, help="Show what would change, without changing it.")
@click.option(
    "--no-placeholders", is_flag=True, help="Refuse a letter with placeholders of `init`, before publishing it."
)
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="How many CPU cores to use [default: all].")
@quiet_option
@root_option
@click.pass_context
def build(
    context: click.Context,
    as_of: str | None,
    drafts: bool,
    output: Path | None,
    base_url: str | None,
    explain: bool,
    clean: bool,
    dry_run: bool,
    no_placeholders: bool,
    jobs: int | None,
    quiet: bool,
    root: Path | None,
) -> BuildResult:
    """Build the site."""
    folder = chosen_root(context, root)
    from weekahead.build.pipeline import BuildOptions

    if base_url is not None:
        require_web_address(base_url)
    if no_placeholders:
        from weekahead.build.deployment import require_own_settings

        with exit_on_error():
            require_own_settings(folder)
    wanted = BuildOptions(
        root=folder,
        output=output,
        as_of=as_of,
        base_url=base_url,
        drafts=drafts,
        clean=clean,
        dry_run=dry_run,
        jobs=jobs or 0,
        notice=Progress(quiet),
        explain=explain,
    )
    return _build(wanted, explain, quiet)  # held until the process has ended: see `run_and_exit`


def require_web_address(address: str) -> None:
    """Raise Refusal unless a base URL is an absolute address."""
    from weekahead.model.addresses import is_web_address

    if not is_web_address(address):
        example = "https://letter.example/"
        raise Refusal(f'--base-url must be a full address such as {example}, but it is "{address}"')


def _build(wanted: BuildOptions, explain: bool, quiet: bool) -> BuildResult:
    """Build the site, and print what changed."""
    from weekahead.build import pipeline

    with exit_on_error():
        result = pipeline.build(wanted)
    print_findings(result.warnings)
    if explain or wanted.dry_run:
        _explain(result)
    if not quiet:
        click.echo(f"{wanted.site}: {counted(result.issues, 'issue')}; {file_counts(result.changes, wanted.dry_run)}.")
    return result


def _explain(result: BuildResult) -> None:
    for change in result.changes.written:
        click.echo(f"write   {printable(change.path)}: {change.why}")
    for change in result.changes.removed:
        click.echo(f"remove  {printable(change.path)}: {change.why}")
    for file, reason in result.unpublished:
        click.echo(f"hidden  {printable(file)}: {printable(reason)}")
