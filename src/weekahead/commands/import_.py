"""`weekahead import`: another system's export becomes a letter."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from weekahead.commands.options import NewFile, Refusal, nearest_root, require_other_file, root_option
from weekahead.commands.output import Progress, exit_on_error, to_json
from weekahead.commands.streams import printable

if TYPE_CHECKING:
    from weekahead.importers.options import ImportOptions
    from weekahead.importers.report import ImportReport

JSON = "json"
"""The one `--format` that is no platform's: it is that of the report on standard output."""


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path), metavar="SOURCE")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="F",
    help="Read SOURCE as an export of this platform; json prints the report as JSON.",
)
@click.option(
    "--timezone",
    "zone",
    metavar="Z",
    help="The letter's time zone, such as Europe/London [default: the export's, else UTC].",
)
@click.option(
    "--fetch", is_flag=True, help="Bring over pictures and recordings that the export only names, over https."
)
@click.option("--dry-run", is_flag=True, help="Print the report; write nothing.")
@click.option(
    "--report",
    type=NewFile(),
    metavar="FILE",
    help="Write the report here [default: import-report.md in the letter].",
)
@click.option(
    "--paid",
    type=click.Choice(["keep", "free", "leave"]),
    default="free",
    show_default=True,
    help="Of texts for paying readers keep all, the free part, or nothing; never public.",
)
@root_option
@click.pass_context
def import_(
    context: click.Context, source: Path, formats: tuple[str, ...], zone: str | None, fetch: bool, dry_run: bool,
    report: Path | None, paid: str, root: Path | None,
) -> None:  # fmt: skip
    """Bring an export of another system into a letter.

    SOURCE is an export of Substack, Ghost, Buttondown, WordPress, beehiiv, Medium or Mailchimp, an RSS, Atom or podcast feed,
    or a folder of Jekyll, Hugo, Zola, Pelican, Eleventy, MkDocs, Obsidian or plain Markdown. An empty folder becomes a letter.
    """
    from weekahead.build.as_of import instant
    from weekahead.importers.options import ImportOptions, Paid

    platforms = [name for name in formats if name != JSON]
    if len(platforms) > 1:
        raise click.UsageError("--format names one platform, and json besides")
    folder = root or context.obj or nearest_root()
    if report:
        require_other_file(folder, report)
        if report.is_dir() or not os.access(report.parent, os.W_OK):
            raise Refusal(f"cannot write {printable(str(report))}: choose another --report. Nothing was imported.")
    with exit_on_error():
        options = ImportOptions(
            source=source, root=folder, now=instant(None, None), format="".join(platforms),
            timezone=_zone(zone), dry_run=dry_run, paid=Paid(paid), writes_report=report is None,
        )  # fmt: skip
        found = _imported(options, fetch=fetch, is_json=JSON in formats)
    if report:
        _write_report(report, found)
    _print(found, options, report, is_json=JSON in formats)


def _zone(name: str | None) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, ValueError, OSError):
        hint = "write an IANA name such as Europe/London"
        raise Refusal(f'"{printable(name or "")}" is not a time zone; {hint}') from None


def _imported(options: ImportOptions, *, fetch: bool, is_json: bool) -> ImportReport:
    """Import, and say first what was recognised. Raise BuildError."""
    from importlib.util import find_spec

    if find_spec("html_to_markdown") is None:
        raise Refusal("importing needs one more package: pip install 'weekahead[import]'")
    from weekahead.importers.assembly.web import PublicWeb
    from weekahead.importers.export_folder import is_export_folder
    from weekahead.importers.finishing import finish_import
    from weekahead.importers.own_export import LABEL as OWN
    from weekahead.importers.own_export import import_own_export
    from weekahead.importers.pipeline import import_export
    from weekahead.importers.platforms.registry import platform_of, platforms
    from weekahead.importers.source_files import open_source
    from weekahead.model.findings import nearest

    finish_import(options.root)
    if options.source.is_dir() and is_export_folder(options.source):
        click.echo(f"{printable(options.source.name)} is {OWN}.", err=is_json)
        return import_own_export(options)
    known = platforms()
    if options.format and options.format not in {platform.name for platform in known}:
        names = [JSON, *(platform.name for platform in known)]
        raise Refusal(f'there is no format "{printable(options.format)}". {nearest(options.format, names)}')
    with open_source(options.source) as files:
        platform = platform_of(files, options.format, known)
        click.echo(f"{printable(files.label)} is {'read as ' * bool(options.format)}{platform.label}.", err=is_json)
        web = PublicWeb("a letter") if fetch else None
        return import_export(options, platform, files, Progress(quiet=False), web)


def _write_report(path: Path, report: ImportReport) -> None:
    from weekahead.importers.report_text import report_text

    try:
        path.write_text(report_text(report), "utf-8")
    except OSError as error:
        raise Refusal(f"cannot write {printable(str(path))}: {(error.strerror or str(error)).lower()}") from None


def _print(report: ImportReport, options: ImportOptions, path: Path | None, *, is_json: bool) -> None:
    from weekahead.importers.report import report_json
    from weekahead.importers.report_text import report_text, summary

    if is_json:
        click.echo(to_json(report_json(report)))
    elif options.dry_run:
        click.echo(report_text(report), nl=False)
    else:
        is_here = os.path.realpath(options.root) == os.getcwd()
        where = path or (Path("import-report.md") if is_here else options.root / "import-report.md")
        root = "" if is_here else f" --root {options.root}"
        click.echo(summary(report, printable(str(where)), printable(root)))
