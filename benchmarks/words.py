"""What becomes of the words, links and pictures of nasty exports: by the whole way of an import, and by html-to-markdown alone.

    python -m benchmarks.words

The exports are those of tests/importers/exports. Each text is cleaned by its platform's passes: that is the source. Then it is written as
Markdown, rendered by our converter, and compared with the source.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from html_to_markdown import ConversionOptions
from html_to_markdown import convert as alone
from tests.importers.exports import buttondown, feeds, ghost, one_page_each, substack, wordpress
from tests.importers.rooms import NOW, write_zip

from benchmarks.report import table
from weekahead.importers.html.converter import convert_html
from weekahead.importers.notes import Notes, PostNotes
from weekahead.importers.platforms.beehiiv import Beehiiv
from weekahead.importers.platforms.buttondown import Buttondown
from weekahead.importers.platforms.feeds import Feed
from weekahead.importers.platforms.ghost import Ghost
from weekahead.importers.platforms.mailchimp import Mailchimp
from weekahead.importers.platforms.medium import Medium
from weekahead.importers.platforms.platform import Platform, ReadOptions
from weekahead.importers.platforms.substack import Substack
from weekahead.importers.platforms.wordpress import WordPress
from weekahead.importers.post import Form
from weekahead.importers.reading import Reading, read_html
from weekahead.importers.source_files import open_source
from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import convert, place
from weekahead.model.findings import Location

Export = str | bytes | dict[str, str | bytes]
EXPORTS: list[tuple[str, Platform, Callable[[], Export]]] = [
    ("Substack, now", Substack(), substack.current),
    ("Substack, 2019", Substack(), substack.old),
    ("Ghost 5", Ghost(), lambda: ghost.wrapped(ghost.current())),
    ("Ghost, older", Ghost(), ghost.old),
    ("WordPress, blocks", WordPress(), wordpress.blocks),
    ("WordPress, classic", WordPress(), wordpress.classic),
    ("RSS", Feed(), lambda: feeds.RSS),
    ("Atom", Feed(), lambda: feeds.ATOM),
    ("Medium", Medium(), one_page_each.medium),
    ("beehiiv", Beehiiv(), one_page_each.beehiiv),
    ("Mailchimp", Mailchimp(), one_page_each.mailchimp),
    ("Buttondown", Buttondown(), buttondown.members),
]
_ESCAPED = ConversionOptions(extract_metadata=False, escape_asterisks=True, escape_underscores=True, escape_misc=True)
KINDS = ("words", "links", "pictures")


def main() -> None:
    rows = []
    for name, platform, export in EXPORTS:
        count, ours, theirs = measured(platform, export())
        rows.append([name, str(count), *ours, *theirs])
    columns = ["export", "words", *(f"{who}: {kind}" for who in ("weekahead", "alone") for kind in KINDS)]
    print(table(columns, rows))


def measured(platform: Platform, export: Export) -> tuple[int, list[str], list[str]]:
    """Return the words of an export's texts in HTML, and what of each kind is lost and new, by both ways."""
    count, ours, theirs = 0, [Counter[str]() for _ in KINDS], [Counter[str]() for _ in KINDS]
    for html in bodies(platform, export):
        text = convert_html(html, platform.html_passes, PostNotes(Notes(), "post", Location("post.html")))
        source = read_html(text.html)
        count += len(source.words)
        for totals, markdown in ((ours, text.markdown), (theirs, str(alone(html, _ESCAPED).content))):
            made = read_html(place(convert(markdown, options=TextOptions(maths=text.maths)), {}, say=_no_label))
            for kind, total in zip(KINDS, totals, strict=True):
                total.update(difference(source, made, kind))
    return count, [shown(total) for total in ours], [shown(total) for total in theirs]


def bodies(platform: Platform, export: Export) -> list[str]:
    """Return the texts of an export that are HTML."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export")
        if isinstance(export, dict):
            write_zip(path, export)
        else:
            data = export.encode() if isinstance(export, str) else export
            path = path.with_suffix({b"{": ".json", b"<": ".xml"}.get(data[:1], ".csv"))
            path.write_bytes(data)
        with open_source(path) as files:
            posts = platform.read(files, ReadOptions(now=NOW), Notes()).posts
    return [post.body.text for post in posts if post.body.form is Form.HTML]


def difference(source: Reading, made: Reading, kind: str) -> dict[str, int]:
    """Return how much of a kind is lost, and how much is new."""
    before, after = (Counter[object](getattr(reading, kind)) for reading in (source, made))
    return {"lost": (before - after).total(), "new": (after - before).total()}


def shown(total: Counter[str]) -> str:
    parts: Sequence[str] = [f"{sign}{total[key]}" for sign, key in (("-", "lost"), ("+", "new")) if total[key]]
    return " ".join(parts) or "0"


def _no_label(key: str, **values: object) -> str:
    return str(values.get("day", "")) if key == "date" else ""


if __name__ == "__main__":
    main()
