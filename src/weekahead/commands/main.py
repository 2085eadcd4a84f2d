"""Arguments in, exit status out: the only place that prints.

Exit status: 0 fine, 1 findings of severity error or a broken promise, 2 wrong usage, 70 a bug of ours.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from msgspec.structs import replace

from weekahead import __version__
from weekahead.commands.plan import plan
from weekahead.model.findings import BuildError, Finding, in_file_order

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from weekahead.build.issue_status import StatusChange
    from weekahead.build.pipeline import BuildResult
    from weekahead.build.schedule_report import Checked
    from weekahead.model.schedule import Promise, Slot

PROJECT = "schedule.yaml"


def run_and_exit(arguments: Sequence[str] | None = None) -> NoReturn:
    """The way in from a shell: as `main`, for a process that ends with the command."""
    gc.disable()  # what a command leaves in cycles is little, also when it makes 10,000 pages
    try:
        main(arguments)
    except SystemExit as left:
        with suppress(OSError):  # whoever was to read it may have gone
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(int(left.code or 0))  # to take a long letter apart, object by object, takes a twentieth of a build


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and leave with its exit status."""
    try:
        status = weekahead.main(args=arguments, prog_name="weekahead", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception:
        import traceback

        traceback.print_exc()
        click.echo(
            "This is a fault of weekahead, not of your letter. Please report it with the lines above.",
            err=True,
        )
        sys.exit(70)
    sys.exit(status if isinstance(status, int) else 0)  # click returns the status that a command left with


def nearest_root() -> Path:
    """The nearest folder upward from here with a schedule.yaml; else here."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / PROJECT).is_file()), here)


root_option = click.option(
    "--root",
    type=click.Path(path_type=Path),
    help="The letter's folder [default: the nearest one upward with a schedule.yaml].",
)
as_of_option = click.option(
    "--as-of",
    metavar="WHEN",
    help="The instant to speak of: 2022-09-23, or 2022-09-23T12:00:00-06:00 [default: now].",
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print findings only.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="weekahead")
@click.option(
    "--root",
    type=click.Path(path_type=Path),
    help="The letter's folder [default: the nearest one upward with a schedule.yaml].",
)
@click.pass_context
def weekahead(context: click.Context, root: Path | None) -> None:
    """A newsletter kept as plain text in git."""
    context.obj = root


weekahead.add_command(plan)


def chosen_root(context: click.Context, root: Path | None) -> Path:
    """The folder named after the command, before it, or the nearest one."""
    folder = root or context.obj or nearest_root()
    if not folder.is_dir():
        raise click.UsageError(f'there is no folder "{folder}"')
    if any((folder / ".weekahead").glob("*/commit")):
        from weekahead.build.writer import finish_interrupted

        finish_interrupted(folder)
    return Path(folder)


# -- init and new


@weekahead.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def init(folder: Path) -> None:
    """Start a new letter in DIR that builds at once."""
    from weekahead.build.scaffold import start_letter

    with findings_shown():
        start_letter(folder)
    click.echo(
        f"Your letter is in {folder}. Look at it:\n\n    cd {folder}\n    weekahead serve\n\nThen change letter.yaml, schedule.yaml and issues/ to your own."
    )


@weekahead.command()
@click.argument("number", type=click.IntRange(min=0), required=False)
@click.option("--title", help="The title, for an issue that is not planned yet.")
@click.option("--open", "open_it", is_flag=True, help="Open the file in your editor.")
@root_option
@click.pass_context
def new(context: click.Context, number: int | None, title: str | None, open_it: bool, root: Path | None) -> None:
    """Draft an issue: the next unwritten slot, or NUMBER."""
    from weekahead.build.draft import write_draft

    folder = chosen_root(context, root)
    with findings_shown():
        path = write_draft(folder, number, title)
    click.echo(str(path))
    if open_it:
        click.edit(filename=str(path))


def written_numbers(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The numbers that files in issues/ begin with, newest first, for the Tab key."""
    from click.shell_completion import CompletionItem

    root = context.params.get("root") or (context.parent and context.parent.params.get("root")) or nearest_root()
    found = {}
    for path in (root / "issues").glob("[0-9]*"):
        number, _, name = path.name.removesuffix(".md").partition("-")
        is_day = re.match(r"\d\d-\d\d(-|$)", name)  # a special edition's
        if number.isdecimal() and not is_day and str(int(number)).startswith(begun):
            found[int(number)] = name.replace("-", " ")
    return [CompletionItem(str(number), help=found[number]) for number in sorted(found, reverse=True)]


@weekahead.command()
@click.argument("number", type=click.IntRange(min=0), shell_complete=written_numbers)
@root_option
@click.pass_context
def ready(context: click.Context, number: int, root: Path | None) -> None:
    """Mark issue NUMBER ready, once nothing is wrong with it, and stamp its "what's next" list."""
    from weekahead.build.issue_status import mark_ready

    with findings_shown():
        marked = mark_ready(chosen_root(context, root), number)
    show(marked.findings)
    when = "with the next build" if marked.is_due else f"on {moment(marked)}, with the first build after that"
    click.echo(f"{marked.path} is ready. It comes out {when}.\nCommit and push it; the scheduled build does the rest.")


@weekahead.command()
@click.argument("number", type=click.IntRange(min=0), shell_complete=written_numbers)
@root_option
@click.pass_context
def unpublish(context: click.Context, number: int, root: Path | None) -> None:
    """Take issue NUMBER back: it is a draft again, and leaves the site with the next build."""
    from weekahead.build.issue_status import unpublish as run

    with findings_shown():
        marked = run(chosen_root(context, root), number)
    show(marked.findings)
    click.echo(f"{marked.path} is a draft again.")
    if marked.is_due:
        click.echo(
            f"With the next build {marked.address} is gone, and the issue is in no list and no feed. Whoever has its feed "
            "entry already keeps it.\nCommit and push it to take it back from readers."
        )
    else:
        click.echo(f"Readers have not seen it; it does not come out on {moment(marked)}.")
    if any(finding.is_error for finding in marked.findings):
        click.echo("No build takes it back before the errors above are mended.", err=True)
        context.exit(1)


def moment(marked: StatusChange) -> str:
    """When an issue comes out, as its author reads it: Friday 2026-11-27 at 09:00 (Europe/London)."""
    return f"{marked.at:%A %Y-%m-%d at %H:%M} ({marked.zone})"


# -- build


@weekahead.command()
@as_of_option
@click.option("--drafts", is_flag=True, help="Show what is not out yet as well, marked as such. For your eyes only.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Where the site goes [default: site/ in the letter's folder].",
)
@click.option("--base-url", metavar="URL", help="Another address than the url of letter.yaml.")
@click.option(
    "--explain",
    is_flag=True,
    help="Say of each file why it is written or removed, and of each issue why it is not out.",
)
@click.option("--clean", is_flag=True, help="Make every file anew, trusting nothing that is remembered.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many cores share the work [default: all].")
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
    jobs: int | None,
    quiet: bool,
    root: Path | None,
) -> BuildResult | None:
    """Make the site."""
    folder = chosen_root(context, root)
    seen = None
    if not (explain or clean or dry_run):
        from weekahead.build.up_to_date import find_record, options, stat_inputs

        site, seen = output or folder / "site", stat_inputs(folder)
        if found := find_record(seen, site, options(drafts=drafts, base_url=base_url), as_of):
            show(found.warnings)
            if not quiet:
                click.echo(summary(site, found.issues, kept=found.kept))
            return None
    from weekahead.build import pipeline
    from weekahead.source.config_file import is_web_address

    if base_url and not is_web_address(base_url):
        raise click.UsageError(f'--base-url must be an absolute address, but it is "{base_url}"')
    wanted = pipeline.BuildOptions(
        root=folder,
        output=output,
        as_of=as_of,
        base_url=base_url,
        drafts=drafts,
        clean=clean,
        dry_run=dry_run,
        jobs=jobs or 0,
        notice=Progress(quiet),
        seen=seen,
    )
    with findings_shown():
        built = pipeline.build(wanted)
    show(built.warnings)
    if explain or dry_run:
        explain_build(built)
    if not quiet:
        changes = built.changes
        counts = len(changes.written), len(changes.removed), changes.kept
        click.echo(summary(wanted.site, built.issues, *counts, dry_run=dry_run))
    return built  # held until the process has ended: see `door`


class Progress:
    """A line on a terminal that says how far a build is, once it has taken a second; and nothing anywhere else."""

    def __init__(self, quiet: bool) -> None:
        self._begun = time.monotonic()
        self._said = 0.0
        self._is_shown = sys.stderr.isatty() and not quiet and not os.environ.get("CI")

    def __call__(self, what: str, done: int, whole: int) -> None:
        now = time.monotonic()
        if not self._is_shown or now - self._begun < 1 or (now - self._said < 0.1 and done < whole):
            return
        self._said = now
        filled = 30 * done // whole
        line = f"\r{what:<6} {'█' * filled}{'░' * (30 - filled)} {done} of {whole}"
        click.echo("\r\x1b[K" if done == whole else line, nl=False, err=True)


def explain_build(built: BuildResult) -> None:
    for change in built.changes.written:
        click.echo(f"write   {change.path}: {change.why}")
    for change in built.changes.removed:
        click.echo(f"remove  {change.path}: {change.why}")
    for file, reason in built.withheld:
        click.echo(f"not out {file}: {reason}")


def summary(site: Path, out: int, written: int = 0, removed: int = 0, kept: int = 0, *, dry_run: bool = False) -> str:
    issues = "1 issue" if out == 1 else f"{out} issues"
    would = "would be " if dry_run else ""
    return f"{site}: {issues}; {written} files {would}written, {removed} removed, {kept} unchanged."


@weekahead.command()
@click.option("--dry-run", is_flag=True, help="Say what would change there, and change nothing.")
@click.option("--replace", is_flag=True, help="Replace files of others that stand in the way.")
@quiet_option
@root_option
@click.pass_context
def deploy(context: click.Context, dry_run: bool, replace: bool, quiet: bool, root: Path | None) -> None:
    """Put site/ where `deploy:` in letter.yaml says: a branch or a folder."""
    from weekahead.build.deployment import deploy as run

    with findings_shown():
        done = run(chosen_root(context, root), dry_run=dry_run, force=replace)
    changes = done.changes
    if dry_run:
        for change in changes.written:
            click.echo(f"write   {change.path}")
        for change in changes.removed:
            click.echo(f"remove  {change.path}")
    if not quiet:
        would = "would be " if dry_run else ""
        counts = (
            f"{len(changes.written)} files {would}written, {len(changes.removed)} removed, {changes.kept} unchanged"
        )
        others = f"; {done.others} of others stay" if done.others else ""
        click.echo(f"{done.place}: {counts}{others}.")


# -- check and plan


@weekahead.command()
@as_of_option
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--fix", is_flag=True, help="Mend first what is safe to mend: tracking in addresses, doubled words.")
@click.option("--online", is_flag=True, help="Ask politely whether the pages are there that the letter links to.")
@click.option("--live", metavar="URL-OR-FILE", help="Look at a published next.json instead: was a slot missed?")
@quiet_option
@root_option
@click.pass_context
def check(
    context: click.Context,
    as_of: str | None,
    form: str,
    fix: bool,
    online: bool,
    live: str | None,
    quiet: bool,
    root: Path | None,
) -> None:
    """Check the promise, the schedule, the content and the links."""
    from weekahead.build import pipeline, schedule_report

    if live:
        with findings_shown():
            findings = schedule_report.live(live, as_of)
        show(findings)
        context.exit(1 if findings else 0)
    folder = chosen_root(context, root)
    with findings_shown():
        for where, before, after in pipeline.fix(folder) if fix else ():
            click.echo(f"{where}: mended\n- {before}\n+ {after}", err=form != "text")
        checked = pipeline.check(folder, as_of)
        lost, asked = pipeline.online(folder, Progress(quiet)) if online else ((), None)
        checked = replace(checked, findings=in_file_order([*checked.findings, *lost]))
    if form == "json":
        click.echo(in_json(as_json(checked)))
    elif form == "github":
        for line in github_lines(checked):
            click.echo(line)
    else:
        show(checked.findings)
        if checked.promise and not quiet:
            from weekahead.model.schedule import promise_words

            click.echo(promise_words(checked.promise))
    if asked and not quiet:
        left = f" {asked.left} are left for the next time." if asked.left else ""
        click.echo(f"Links: {asked.asked} asked for, {asked.known} known from before.{left}", err=True)
    context.exit(0 if checked.is_fine else 1)


def in_json(data: Any) -> str:
    import json

    return json.dumps(data, indent=2, ensure_ascii=False)


def as_json(checked: Checked) -> dict[str, Any]:
    standing = checked.promise
    return {
        "as_of": checked.as_of.isoformat(),
        "promise": promise_json(standing) if standing else None,
        "slots": [slot_json(slot) for slot in standing.slots] if standing else [],
        "findings": [finding_json(finding) for finding in checked.findings],
    }


def promise_json(standing: Promise) -> dict[str, Any]:
    return {
        "horizon_weeks": standing.horizon,
        "kept": standing.kept,
        "weeks_planned": standing.weeks_planned,
        "last_planned": _numbered(standing.last_planned),
        "first_gap": _numbered(standing.first_gap),
        "breaks": standing.breaks.isoformat(),
        "buffer": standing.buffer,
    }


def _numbered(slot: Slot | None) -> dict[str, Any] | None:
    return {"number": slot.number, "date": slot.date.isoformat()} if slot else None


def slot_json(slot: Slot) -> dict[str, Any]:
    state = str(slot.state) if slot.state else None
    return {
        "number": slot.number,
        "date": slot.date.isoformat(),
        "at": slot.at.isoformat(),
        "title": slot.title,
        "state": state,
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    where = finding.where
    return {
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "severity": str(finding.severity),
        "rule": finding.rule,
        "message": finding.message,
        "hint": finding.hint,
    }


def github_lines(checked: Checked) -> Iterable[str]:
    """Findings as GitHub's workflow commands; a broken promise is one as well."""

    def data(words: str) -> str:
        return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(words: str) -> str:
        return data(words).replace(":", "%3A").replace(",", "%2C")

    for finding in checked.findings:
        place = f"file={value(finding.where.file)},line={max(1, finding.where.line)},col={max(1, finding.where.column)}"
        words = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
        level = "notice" if finding.severity == "note" else str(finding.severity)
        yield f"::{level} {place},title={value(finding.rule)}::{data(words)}"
    if checked.promise:
        from weekahead.model.schedule import promise_words

        level = "notice" if checked.promise.kept else "error"
        yield f"::{level} file=schedule.yaml,line=1,title=promise::{data(promise_words(checked.promise))}"


# -- theme


@weekahead.group()
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


# -- editors


@weekahead.command()
@click.argument("name", type=click.Choice(["issue", "letter", "schedule"]), required=False)
@click.option("--write", is_flag=True, help="Put all three into .vscode/, where an editor looks for them.")
@root_option
@click.pass_context
def schema(context: click.Context, name: str | None, write: bool, root: Path | None) -> None:
    """Print what may stand in an issue's front matter, letter.yaml or schedule.yaml, as a JSON Schema."""
    if write == bool(name):
        raise click.UsageError("name one of issue, letter and schedule, or --write all three")
    if name:
        from weekahead.source.json_schema import schema as of

        click.echo(in_json(of(name)))
        return
    from weekahead.build.scaffold import write_schemas

    with findings_shown():
        for path in write_schemas(chosen_root(context, root)):
            click.echo(str(path))


@weekahead.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes SHELL complete our commands: eval "$(weekahead completion bash)"."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(weekahead, {}, "weekahead", "_WEEKAHEAD_COMPLETE").source())


# -- serve


@weekahead.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--open", "open_it", is_flag=True, help="Open the browser.")
@as_of_option
@root_option
@click.pass_context
def serve(context: click.Context, port: int, open_it: bool, as_of: str | None, root: Path | None) -> None:
    """Show the site with drafts on this machine, reloading as you save."""
    from weekahead.serve.server import serve as run

    gc.enable()  # it runs for hours
    with findings_shown():
        run(chosen_root(context, root), port=port, as_of=as_of, open_it=open_it, say=click.echo)


# -- showing


class findings_shown:
    """Turns the letter's findings into lines and exit status 1, and a bad instant into 2."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from weekahead.build.schedule_report import InvalidTime

        if isinstance(error, BuildError):
            show(in_file_order(error.findings))
            errors = sum(finding.is_error for finding in error.findings)
            click.echo(f"{errors} {'error' if errors == 1 else 'errors'}; nothing was written.", err=True)
            raise click.exceptions.Exit(1) from None
        if isinstance(error, InvalidTime):
            raise click.UsageError(str(error)) from None


def show(findings: Iterable[Finding]) -> None:
    """Findings on standard error, one line and a hint each; in colour on a terminal that wants it."""
    color = None if sys.stderr.isatty() and not os.environ.get("NO_COLOR") else False
    for finding in findings:
        line, _, hint = str(finding).partition("\n")
        tint = {"error": "red", "warning": "yellow"}.get(finding.severity, "cyan")
        line = line.replace(f" {finding.severity}: ", f" {click.style(str(finding.severity), fg=tint, bold=True)}: ", 1)
        click.echo(line, err=True, color=color)
        if hint:
            click.echo(click.style(hint, dim=True), err=True, color=color)


if __name__ == "__main__":
    run_and_exit()
