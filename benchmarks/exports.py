"""The issues of a letter as exports of other systems, to be brought home again by benchmarks/imports.py."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from weekahead.markdown.renderer import convert, place

OLD_SITE = "https://old.example"


@dataclass(frozen=True)
class Issue:
    """An issue of the original letter."""

    number: int
    title: str
    day: date
    slug: str
    body: str


def as_jekyll(root: Path, issues: list[Issue]) -> Path:
    """Write issues as a folder of Jekyll."""
    (root / "_posts").mkdir(parents=True)
    (root / "_config.yml").write_text(
        f"title: Real letter\nurl: {OLD_SITE}\npermalink: /:year/:month/:day/:title/\n", "utf-8"
    )
    for issue in issues:
        text = f"---\nlayout: post\ntitle: {_quoted(issue.title)}\n---\n{_raw(issue.body)}\n"
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


def as_substack(root: Path, issues: list[Issue]) -> Path:
    """Write issues as the zip of Substack."""
    columns = (
        "post_id",
        "post_date",
        "is_published",
        "email_sent_at",
        "inbox_sent_at",
        "type",
        "audience",
        "title",
        "subtitle",
        "podcast_url",
    )
    rows = [
        (_id(issue), f"{issue.day}T09:00:00.000Z", "true", "", "", "newsletter", "everyone", issue.title, "", "")
        for issue in issues
    ]
    texts = ((f"posts/{_id(issue)}.html", _html(issue)) for issue in issues)
    return _zip(root / "substack.zip", ("posts.csv", _table(columns, rows)), *texts)


def as_ghost(root: Path, issues: list[Issue]) -> Path:
    """Write issues as Ghost exports them."""
    posts = [
        {
            "id": f"{issue.number:024x}", "title": issue.title, "slug": issue.slug, "html": _html(issue), "type": "post", "status": "published",
            "visibility": "public", "published_at": f"{issue.day}T09:00:00.000Z",
        }
        for issue in issues
    ]  # fmt: skip
    data = {"posts": posts, "settings": [{"key": "title", "value": "Real letter"}, {"key": "url", "value": OLD_SITE}]}
    return _write(root / "ghost.json", json.dumps({"db": [{"meta": {"version": "5.82.2"}, "data": data}]}))


def as_buttondown(root: Path, issues: list[Issue]) -> Path:
    """Write issues as the zip of Buttondown, whose texts are Markdown with the tags of a template."""
    columns = ("id", "secondary_id", "subject", "publish_date", "source", "email_type", "slug")
    rows = [
        (f"em_{issue.number}", issue.number, issue.title, f"{issue.day} 09:00:00.000000+00:00", "app", "public", issue.slug)
        for issue in issues
    ]  # fmt: skip
    mode = "<!-- buttondown-editor-mode: plaintext -->"
    texts = ((f"emails/{issue.slug}.md", mode + _raw(issue.body)) for issue in issues)
    return _zip(root / "buttondown.zip", ("emails.csv", _table(columns, rows)), *texts)


def as_beehiiv(root: Path, issues: list[Issue]) -> Path:
    """Write issues as the table of beehiiv."""
    columns = (
        "id", "web_title", "status", "audience", "content_tags", "url", "web_subtitle", "email_subject_line", "email_preview_text",
        "content_html", "thumbnail_url", "created_at",
    )  # fmt: skip
    rows = [
        (
            f"post_{issue.number}", issue.title, "confirmed", "free", "", f"{OLD_SITE}/p/{issue.slug}", "", issue.title, "",
            f'<!DOCTYPE html><html><body><table role="none"><tr><td id="content-blocks">{_html(issue)}</td></tr></table></body></html>',
            "", f"{issue.day} 09:00:00",
        )
        for issue in issues
    ]  # fmt: skip
    return _write(root / "beehiiv.csv", _table(columns, rows))


def as_medium(root: Path, issues: list[Issue]) -> Path:
    """Write issues as the zip of Medium."""

    def page(issue: Issue) -> str:
        title, key = escape(issue.title), f"{issue.number:012x}"
        return (
            f'<!DOCTYPE html><html><head><title>{title}</title></head><body><article class="h-entry"><header><h1 class="p-name">{title}</h1></header>'
            f'<section data-field="body" class="e-content">{_html(issue)}</section><footer><p>By <a href="https://medium.com/@x" class="p-author h-card">X</a> '
            f'on <a href="https://medium.com/p/{key}"><time class="dt-published" datetime="{issue.day}T09:00:00.000Z">A day</time></a>.</p>'
            f'<p><a href="https://medium.com/@x/{issue.slug}-{key}" class="p-canonical">Canonical link</a></p></footer></article></body></html>'
        )

    return _zip(
        root / "medium.zip",
        *((f"posts/{issue.day}_{issue.slug}-{issue.number:012x}.html", page(issue)) for issue in issues),
    )


def as_mailchimp(root: Path, issues: list[Issue]) -> Path:
    """Write issues as the campaigns of Mailchimp."""
    columns = ("Title", "Subject", "List", "Send Date", "Total Recipients", "Unique Id")
    rows = [
        (issue.title, issue.title, "Readers", f"{issue.day:%b %d, %Y} 09:00 am", "9", f"{issue.number:010x}")
        for issue in issues
    ]
    pages = (
        (
            f"campaigns/{issue.number:010x}_{issue.slug}.html",
            f'<html><body><table id="bodyTable"><tr><td id="templateBody"><div class="mcnTextContent">{_html(issue)}</div></td></tr></table></body></html>',
        )
        for issue in issues
    )
    return _zip(root / "mailchimp.zip", ("campaigns/campaigns.csv", _table(columns, rows)), *pages)


FORMS: dict[str, Callable[[Path, list[Issue]], Path]] = {
    "substack": as_substack,
    "ghost": as_ghost,
    "wordpress": as_wordpress,
    "feed": as_feed,
    "buttondown": as_buttondown,
    "beehiiv": as_beehiiv,
    "medium": as_medium,
    "mailchimp": as_mailchimp,
    "jekyll": as_jekyll,
}


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _id(issue: Issue) -> str:
    return f"{issue.number}.{issue.slug}"


def _raw(body: str) -> str:
    """Return Markdown that no template changes."""
    return f"{{% raw %}}\n{body}\n{{% endraw %}}" if "{{" in body or "{%" in body else body


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _zip(path: Path, *members: tuple[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return path
