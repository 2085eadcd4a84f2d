"""Bring a folder of real issues home from three other systems, and compare the pages with those of the original.

    python -m benchmarks.imports FOLDER OUT [--forms jekyll feed wordpress] [--times 2]

FOLDER has Markdown with title, date and slug. It is stripped to a folder of Jekyll, an RSS feed and a WordPress export; each of these is
imported and built; then each page must have the words, links, pictures, code and cells of its original, rendered by itself. Links that
lead nowhere but in the old letter are not compared. With `--times`, all posts are there so many times, for measures of larger exports.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from pathlib import Path
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from benchmarks.real import split
from weekahead.importers.reading import read_html
from weekahead.markdown.emoji import emoji_for
from weekahead.markdown.renderer import convert, place

OLD_SITE = "https://old.example"
_TRACKING = re.compile("(?:utm_[a-z]+|fbclid|gclid|ref_src)=")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Issue:
    """An issue of the original letter."""

    number: int
    title: str
    day: date
    slug: str
    body: str


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
    issues = [*read_issues(wanted.folder, wanted.times)]
    shutil.rmtree(wanted.out, ignore_errors=True)
    print(f"{len(issues)} issues")
    faults = 0
    for form in wanted.forms:
        export, root = FORMS[form](wanted.out / f"{form}-export", issues), wanted.out / form
        run = weekahead(wanted.out, "import", str(export), "--root", str(root), "--timezone", "UTC")
        print(f"{form}: import {shown(run)}")
        build = weekahead(wanted.out, "build", "--root", str(root)) if not run.status else run
        print(f"{form}: build {shown(build)}")
        found = [*compare(issues, root / "site")] if not build.status else ["nothing was built"]
        print(f"{form}: {len(found)} pages differ", *found[:20], sep="\n    ")
        faults += len(found)
    sys.exit(bool(faults))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path, help="is emptied first")
    parser.add_argument("--forms", nargs="+", choices=[*FORMS], default=[*FORMS])
    parser.add_argument("--times", type=int, default=1)
    return parser.parse_args()


def read_issues(folder: Path, times: int) -> Iterator[Issue]:
    """Yield the issues of a folder in the order of their days, numbered from 1."""
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
    for time_ in range(times):
        for number, issue in enumerate(found, 1 + time_ * len(found)):
            day = issue.day - (times - 1 - time_) * span
            yield replace(issue, number=number, day=day, slug=f"{issue.slug}-{time_}" if time_ else issue.slug)


def weekahead(work: Path, *words: str) -> Run:
    """Run a command of weekahead under the clock, which is a small program of its own; `work` is a folder for what it says."""
    costs, log = work / "costs.txt", work / "log.txt"
    clock = [sys.executable, "-I", "-S", str(Path(__file__).with_name("clock.py")), str(costs), str(log)]
    subprocess.run([*clock, sys.executable, "-m", "weekahead", *words], check=True)
    status, _, seconds, largest, together = costs.read_text().split()
    return Run(int(status), float(seconds), int(largest) / 1024, int(together) / 1024, log.read_text("utf-8"))


def shown(run: Run) -> str:
    words = f"{run.seconds:.1f} s of processor time, {run.largest:.0f} MB, {run.together:.0f} MB with its workers"
    return words if not run.status else f"{words}, failed:\n{run.said[-3000:]}"


def quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


# -- the forms that it is stripped to


def as_jekyll(root: Path, issues: list[Issue]) -> Path:
    """Write issues as a folder of Jekyll."""
    (root / "_posts").mkdir(parents=True)
    (root / "_config.yml").write_text(
        f"title: Real letter\nurl: {OLD_SITE}\npermalink: /:year/:month/:day/:title/\n", "utf-8"
    )
    for issue in issues:
        body = issue.body
        if "{{" in body or "{%" in body:
            body = f"{{% raw %}}\n{body}\n{{% endraw %}}"
        text = f"---\nlayout: post\ntitle: {quoted(issue.title)}\n---\n{body}\n"
        (root / "_posts" / f"{issue.day}-{issue.slug}.md").write_text(text, "utf-8")
    return root


def as_feed(root: Path, issues: list[Issue]) -> Path:
    """Write issues as an RSS feed with whole texts."""
    items = "".join(
        f"<item><title>{escape(issue.title)}</title><link>{_address(issue)}</link><guid>{_address(issue)}</guid>"
        f"<pubDate>{issue.day:%a, %d %b %Y} 09:00:00 +0000</pubDate><content:encoded>{_cdata(_html(issue))}</content:encoded></item>\n"
        for issue in reversed(issues)
    )
    head = f"<title>Real letter</title><link>{OLD_SITE}/</link><description>Real</description>"
    return _write(root / "feed.xml", _rss("", f"{head}\n{items}"))


def as_wordpress(root: Path, issues: list[Issue]) -> Path:
    """Write issues as WordPress exports them."""
    spaces = (
        ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:wp="http://wordpress.org/export/1.2/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    head = (
        f"<title>Real letter</title><link>{OLD_SITE}</link><description>Real</description><language>en-US</language>"
        f"<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>{OLD_SITE}</wp:base_site_url><wp:base_blog_url>{OLD_SITE}</wp:base_blog_url>"
    )
    items = "".join(
        f"<item><title>{_cdata(issue.title)}</title><link>{_address(issue)}</link>"
        f"<pubDate>{issue.day:%a, %d %b %Y} 09:00:00 +0000</pubDate><dc:creator>{_cdata('author')}</dc:creator>"
        f'<guid isPermaLink="false">{OLD_SITE}/?p={issue.number}</guid><description></description>'
        f"<content:encoded>{_cdata(_blocks(issue))}</content:encoded><excerpt:encoded>{_cdata('')}</excerpt:encoded>"
        f"<wp:post_id>{issue.number}</wp:post_id><wp:post_date>{issue.day} 09:00:00</wp:post_date>"
        f"<wp:post_date_gmt>{issue.day} 09:00:00</wp:post_date_gmt><wp:post_name>{issue.slug}</wp:post_name>"
        "<wp:status>publish</wp:status><wp:post_parent>0</wp:post_parent><wp:post_type>post</wp:post_type>"
        "<wp:post_password></wp:post_password></item>\n"
        for issue in issues
    )
    return _write(root / "wordpress.xml", _rss(spaces, f"{head}\n{items}"))


def _address(issue: Issue) -> str:
    return f"{OLD_SITE}/{issue.day:%Y/%m/%d}/{issue.slug}/"


def _html(issue: Issue) -> str:
    return place(convert(issue.body), {})


def _blocks(issue: Issue) -> str:
    """Return the HTML of an issue as one block of HTML, with what would be a shortcode in two pairs of brackets, as WordPress wants it."""
    html = re.sub(r"\[((?:audio|caption|embed|gallery|playlist|video)(?:\s[^\[\]]*)?)\]", r"[[\1]]", _html(issue))
    return f"<!-- wp:html -->\n{html}\n<!-- /wp:html -->"


def _cdata(words: str) -> str:
    return f"<![CDATA[{words.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _rss(spaces: str, channel: str) -> str:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {space}{spaces}><channel>{channel}</channel></rss>\n'


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


FORMS: dict[str, Callable[[Path, list[Issue]], Path]] = {
    "jekyll": as_jekyll,
    "feed": as_feed,
    "wordpress": as_wordpress,
}


# -- the comparison


def compare(issues: list[Issue], made: Path) -> Iterator[str]:
    """Yield what differs between the pages of issues and their original texts."""
    pages = {
        re.sub(r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+)-", "", path.parent.name): path
        for path in made.glob("issues/*/index.html")
    }
    for issue in issues:
        page = pages.get(issue.slug)
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
