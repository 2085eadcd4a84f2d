"""`weekahead check`: the promise, the schedule, the content and the links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from weekahead.commands.options import as_of_option, chosen_root, quiet_option, root_option
from weekahead.commands.output import Progress, check_json, exit_on_error, github_lines, print_findings, to_json
from weekahead.model.counts import counted
from weekahead.model.findings import sort_findings

if TYPE_CHECKING:
    from weekahead.build.schedule_report import Checked
    from weekahead.lint.external_links import LinkReport


@click.command()
@as_of_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Print text, JSON or GitHub annotations.",
)
@click.option("--fix", is_flag=True, help="Apply safe fixes first, such as aliases for addresses that are gone.")
@click.option("--external-links", is_flag=True, help="Also check links to other sites.")
@click.option(
    "--numbers",
    metavar="NEW.CSV",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check instead which sentences a new table would make stale, in place of the one of its name or its columns.",
)
@click.option("--published", metavar="URL-OR-FILE", help="Check a published next.json instead, for an overdue issue.")
@quiet_option
@root_option
@click.pass_context
def check(
    context: click.Context,
    as_of: str | None,
    form: str,
    fix: bool,
    external_links: bool,
    numbers: Path | None,
    published: str | None,
    quiet: bool,
    root: Path | None,
) -> None:
    """Check the promise, the schedule, the content and the links."""
    if published:
        context.exit(_check_published(published, as_of))
    if numbers:
        context.exit(_check_numbers(chosen_root(context, root), numbers, quiet))
    from msgspec.structs import replace

    from weekahead.build.check import check as run_check
    from weekahead.build.check import external_links as check_links

    folder = chosen_root(context, root)
    with exit_on_error():
        if fix:
            _fix(folder, as_of, Progress(quiet) if external_links else None, to_stderr=form != "text")
        checked = run_check(folder, as_of)
        lost, asked = check_links(folder, Progress(quiet)) if external_links else ((), None)
        checked = replace(checked, findings=sort_findings([*checked.findings, *lost]))
    _print(checked, form, quiet)
    if asked and not quiet:
        _print_link_counts(asked)
    context.exit(0 if checked.is_fine else 1)


def _fix(root: Path, as_of: str | None, progress: Progress | None, *, to_stderr: bool) -> None:
    """Fix the letter and print each line that changed; with `progress`, look at audio elsewhere as well."""
    from weekahead.build import fix

    for line in (*fix.fix(root, as_of), *(fix.fix_remote_audio(root, progress) if progress else ())):
        before = [] if line.before is None else [f"- {words}" for words in line.before.split("\n")]
        after = [f"+ {words}" for words in line.after.split("\n")]
        click.echo("\n".join([f"{line.where}: fixed", *before, *after]), err=to_stderr)


def _check_published(source: str, as_of: str | None) -> int:
    """Check a published next.json, at an address or in a file, and return the exit status."""
    from weekahead.build import schedule_report

    with exit_on_error():
        findings = schedule_report.live(source, as_of)
    print_findings(findings)
    return 1 if findings else 0


def _check_numbers(root: Path, new: Path, quiet: bool) -> int:
    """Print which sentences a new table would make stale, and return the exit status."""
    from weekahead.build.numbers import check_rerun

    with exit_on_error():
        found = check_rerun(root, new)
    print_findings(found.findings)
    if not quiet:
        stale, files = len(found.findings), " and ".join(found.files)
        click.echo(
            f"In place of {files}, {new.name} would make {stale} of {counted(found.bound, 'bound number')} stale."
        )
    return 1 if found.findings else 0


def _print(checked: Checked, form: str, quiet: bool) -> None:
    """Print the result of a check as text, JSON or GitHub annotations."""
    if form == "json":
        click.echo(to_json(check_json(checked)))
    elif form == "github":
        for line in github_lines(checked):
            click.echo(line)
    else:
        print_findings(checked.findings)
        if checked.promise and not quiet:
            from weekahead.model.schedule import describe_promise

            click.echo(describe_promise(checked.promise))


def _print_link_counts(asked: LinkReport) -> None:
    postponed = f", {asked.postponed} postponed" if asked.postponed else ""
    click.echo(f"Checked {counted(asked.checked, 'external link')} ({asked.remembered} cached{postponed}).", err=True)
