"""Bring issues home from other systems, say what that takes, and compare the pages with those of the original.

    python -m benchmarks.imports OUT [--real FOLDER] [--forms jekyll feed wordpress] [--issues 1000]

The issues are made ones, or those of a folder of Markdown with title, date and slug. They are stripped to an export of each system, which
is imported and built; then each page must have the words, links, pictures, code and cells of its original, rendered by itself. Links that
lead nowhere but in the old letter are not compared. Real issues are there as often as it takes to have so many.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from benchmarks.exports import FORMS, Issue
from benchmarks.letter import made_issue
from benchmarks.real import split
from benchmarks.report import table
from weekahead.importers.reading import read_html
from weekahead.markdown.emoji import emoji_for
from weekahead.markdown.renderer import convert, place

_TRACKING = re.compile("(?:utm_[a-z]+|fbclid|gclid|ref_src)=")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Run:
    """What a command took: its status, seconds of processor time of all cores, and MB of its largest process and of all together."""

    status: int
    seconds: float
    largest: float
    together: float
    said: str


def main() -> None:
    wanted = arguments()
    issues = read_issues(wanted.real, wanted.issues) if wanted.real else made_issues(wanted.issues or 1000)
    shutil.rmtree(wanted.out, ignore_errors=True)
    rows, faults = list[list[str]](), list[str]()
    for form in wanted.forms:
        export, root = FORMS[form](wanted.out / f"{form}-export", issues), wanted.out / form
        run = weekahead(wanted.out, "import", str(export), "--root", str(root), "--timezone", "UTC")
        build = run if run.status or wanted.unbuilt else weekahead(wanted.out, "build", "--root", str(root))
        found = [f"failed: {build.said[-3000:]}"] if build.status else []
        if not found and not wanted.unbuilt:
            found = [*compare(issues, root / "site")]
        faults += [f"{form}: {words}" for words in found]
        figures = (run.seconds, run.seconds / 2, run.largest, run.together, len(found))
        rows.append([form, *(f"{figure:.0f}" for figure in figures)])
        print(*rows[-1], flush=True)
    columns = ["system", "CPU, s", "on two cores, s", "MB, largest process", "MB, all together", "pages that differ"]
    print(f"\n{len(issues):,} issues\n\n{table(columns, rows)}", *faults[:40], sep="\n")
    sys.exit(bool(faults))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path, help="is emptied first")
    parser.add_argument("--real", type=Path, metavar="FOLDER")
    parser.add_argument("--forms", nargs="+", choices=[*FORMS], default=[*FORMS])
    parser.add_argument("--unbuilt", action="store_true", help="measure the imports alone, and compare nothing")
    parser.add_argument("--issues", type=int, default=0)
    return parser.parse_args()


def made_issues(count: int) -> list[Issue]:
    """Return issues of 9 KB, a week between them, all of the past."""
    newest, issues = date(2026, 1, 2), []
    for number in range(1, count + 1):
        made = made_issue(number, count)
        day = newest - timedelta(weeks=count - number)
        issues.append(Issue(number, f"{made.title} {number}", day, f"{made.slug}-{number}", made.body))
    return issues


def read_issues(folder: Path, count: int) -> list[Issue]:
    """Return the issues of a folder in the order of their days, numbered from 1, and again as often as it takes to have `count`."""
    found = []
    for path in sorted(folder.rglob("*.md")):
        head, body = split(path.read_text("utf-8"))
        written = re.match(r"\d{4}-\d\d-\d\d", str(head.get("date", "")))
        if written and head.get("title"):
            slug = str(head.get("slug") or path.stem)
            found.append(
                Issue(0, str(head["title"]), date.fromisoformat(written[0]), slug, _CONTROL.sub("", body).strip())
            )
    found.sort(key=lambda issue: (issue.day, issue.slug))
    span = found[-1].day - found[0].day + timedelta(weeks=1)
    rounds, issues = -(-(count or len(found)) // len(found)), list[Issue]()
    for round_ in range(rounds):
        for number, issue in enumerate(found, 1 + round_ * len(found)):
            day = issue.day - (rounds - 1 - round_) * span
            issues.append(
                replace(issue, number=number, day=day, slug=f"{issue.slug}-{round_}" if round_ else issue.slug)
            )
    return issues[: count or len(found)]


def weekahead(work: Path, *words: str) -> Run:
    """Run a command of weekahead under the clock, which is a small program of its own; `work` is a folder for what it says."""
    costs, log = work / "costs.txt", work / "log.txt"
    clock = [sys.executable, "-I", "-S", str(Path(__file__).with_name("clock.py")), str(costs), str(log)]
    subprocess.run([*clock, sys.executable, "-m", "weekahead", *words], check=True)
    status, _, seconds, largest, together = costs.read_text().split()
    return Run(int(status), float(seconds), int(largest) / 1024, int(together) / 1024, log.read_text("utf-8"))


# -- the comparison


def compare(issues: list[Issue], made: Path) -> Iterator[str]:
    """Yield what differs between the pages of issues and their original texts."""
    pages = {
        re.sub(r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+)-", "", path.parent.name): path
        for path in made.glob("issues/*/index.html")
    }
    for issue in issues:
        # A number that all titles have is taken off them, and off the slugs that are made of them.
        page = pages.get(issue.slug) or next(made.glob(f"issues/{issue.number}-*/index.html"), None)
        if page is None:
            yield f"{issue.slug} is missing"
        elif found := [*_differences(place(convert(issue.body), {}, say=_nothing), _article(page))]:
            yield f"{issue.slug}: {'; '.join(found)}"


def _nothing(key: str, **values: object) -> str:
    return ""


def _article(path: Path) -> str:
    """Return the text of an issue on its page."""
    tree = LexborHTMLParser(path.read_text("utf-8"))
    body = tree.css_first("article .prose")
    return body.html or "" if body else ""


def _differences(before: str, after: str) -> Iterator[str]:
    one, other = read_html(_with_emoji(before)), read_html(_with_emoji(after))
    pairs: list[tuple[str, list[object], list[object]]] = [
        ("words", [*one.words], [*other.words]),
        ("links", _links(one.links), _links(other.links)),
        ("pictures", [*one.pictures], [*other.pictures]),
        ("code", [*one.code], [*other.code]),
        ("cells", [*one.cells], [*other.cells]),
    ]
    for name, first, second in pairs:
        gone, new = Counter(first) - Counter(second), Counter(second) - Counter(first)
        if gone or new:
            yield f"{name} -{[*gone][:4]} +{[*new][:4]}"
        elif first != second:
            yield f"{name} in another order"


def _with_emoji(html: str) -> str:
    """Return HTML with the characters of emoji in the place of pictures of them, as an import has them on purpose."""

    def shown(match: re.Match[str]) -> str:
        name = re.search('title=":([a-z0-9_+-]+):"', match[0])
        return (emoji_for(name[1]) if name else None) or match[0]

    return re.sub(r'<img\b[^<>]*class="emoji"[^<>]*>', shown, html)


def _links(links: Sequence[tuple[str, str]]) -> list[object]:
    """Return the links that lead somewhere, whoever publishes them, without what counts their readers. What follows each other with one
    address is one."""
    found: list[tuple[str, str]] = []
    for address, words in links:
        if re.match("https?:|mailto:", address):
            there = _without_tracking(address)
            if found and found[-1][0] == there:
                found[-1] = there, found[-1][1] + words.replace(" ", "")
            else:
                found.append((there, words.replace(" ", "")))
    return [*found]


def _without_tracking(address: str) -> str:
    """Return where a link leads at last, without what counts its readers."""
    if found := re.match(r"https://www\.google\.com/url\?q=([^&]*)", address):
        address = unquote(found[1])
    before, sign, part = address.partition("#")
    path, _, query = before.partition("?")
    kept = "&".join(pair for pair in query.split("&") if not _TRACKING.match(pair))
    return f"{path}{'?' if kept else ''}{kept}{sign}{part}"


if __name__ == "__main__":
    main()
