"""What an author writes into a field lands there as words, whatever it looks like, on every surface."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import partial
from html import unescape
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from lxml import etree, html
from tests.conftest import EXAMPLES, LETTER, NOON, SCHEDULE, Folder

from weekahead.build.check import check
from weekahead.model.findings import BuildError
from weekahead.site.page_context import COPY_SCRIPT

PIECES = [
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    "]]>",
    "<!--",
    "-->",
    "&amp;&lt;",
    "{{ 7 * 7 }}{% raw %}",
    "\\n\\r;,:",
    "BEGIN:VEVENT",
    "</svg><script>",
    "\u2028\u202e\u200f",
    "\U0001f600é中文فارسی",
    "a" * 90,
    "%s %(x)s $x #{x}",
    "javascript:x",
]
words = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map(" ".join)


@settings(max_examples=max(10, EXAMPLES // 8))
@given(words, words, words, words)
def test_a_field_is_words_on_every_surface(title: str, name: str, summary: str, planned: str) -> None:
    folder = Folder(Path(tempfile.mkdtemp()) / "letter")
    quote = partial(json.dumps, ensure_ascii=False)
    try:
        letter = LETTER.replace("title: The Test Letter", f"title: {quote(name)}").replace(
            "A letter for tests.", quote(summary)
        )
        folder.write("letter.yaml", letter.replace("Test Author", "T") + f"copyright: {quote(name)}\n")
        folder.write("schedule.yaml", SCHEDULE.replace("Reading a loss curve", quote(planned)))
        head = f"number: 5\ntitle: {quote(title)}\ndate: 2022-02-04\nstatus: ready\nslug: five\nsummary: {quote(summary)}\n"
        head += f"tags: [{quote('t ' + name)}]\nauthors: [{quote(title)}]\nseries: {{name: {quote('s ' + planned)}, part: 1}}\n"
        folder.write(
            "issues/0005-five.md", f"---\n{head}guid: {quote('g ' + name)}\naliases: [/p/five]\n---\n\nWords.\n"
        )
        folder.build(NOON)
        folded = {
            key: " ".join(value.split())
            for key, value in {"title": title, "name": name, "summary": summary, "planned": planned}.items()
        }
        for path, data in folder.site().items():
            if path.endswith(".html"):
                page = html.document_fromstring(data.decode())
                assert not page.xpath(
                    "//script[not(@type='application/ld+json') and not(text() = $ours)] | //@onerror | //@onmouseover | //*[starts-with(@href, 'javascript:')]",
                    ours=COPY_SCRIPT,
                ), path
                for block in page.xpath("//script[@type]"):
                    json.loads(block.text)
            elif path.endswith((".xml", ".svg")):
                etree.fromstring(data)
        page = html.document_fromstring(folder.read("issues/5-five/index.html"))
        assert " ".join(page.xpath("string(//h1)").split()) == folded["title"]
        assert json.loads(page.xpath("//script")[0].text)["headline"] == folded["title"]
        assert " ".join(page.xpath("string(//meta[@name='description']/@content)").split()) == folded["summary"]
        feed = etree.fromstring(folder.read("feed.xml").encode())
        assert " ".join(feed.findtext("channel/item/title").split()) == folded["title"]
        assert " ".join(feed.findtext("channel/title").split()) == folded["name"]
        assert not feedparser.parse(folder.read("feed.xml")).bozo
        events = Calendar.from_ical((folder.root / "site/next.ics").read_bytes()).walk("VEVENT")
        assert len(events) == 6
        assert folded["planned"] in " ".join(str(events[0]["summary"]).split())
        assert json.loads(folder.read("next.json"))["slots"][0]["title"] == folded["planned"]
    finally:
        shutil.rmtree(folder.root.parent)


EMBED = "<iframe src='https://video.example/1'></iframe>"


@pytest.mark.parametrize("where", ["issue", "letter"])
def test_active_content_is_refused_unless_it_is_allowed_by_name(folder: Folder, where: str) -> None:
    text = "---\nnumber: 5\ntitle: Fifth\ndate: 2022-02-04\nstatus: ready\n{}---\n\nWords.\n\n" + EMBED + "\n"
    folder.write("issues/0005-fifth.md", text.format(""))
    with pytest.raises(
        BuildError, match=r"issues/0005-fifth.md:10: error: this text contains a frame .* \[active-content\]"
    ):
        folder.build()
    if where == "issue":
        folder.write("issues/0005-fifth.md", text.format("allow: [active-content]\n"))
    else:
        folder.write("letter.yaml", LETTER + "allow: [active-content]\n")
    folder.build()
    assert "<iframe" in folder.read("issues/5-fifth/index.html")
    assert "Content-Security-Policy" not in folder.read("issues/5-fifth/index.html")
    assert "default-src 'none'" in unescape(folder.read("issues/4-fourth/index.html"))


def test_only_a_known_rule_can_be_allowed(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "allow: [active-contents]\n")
    found = [finding for finding in check(folder.root, NOON).findings if finding.is_error]
    assert [(finding.rule, finding.hint) for finding in found] == [("value", 'Did you mean "active-content"?')]


def test_a_style_in_a_text_is_allowed_on_its_page_alone(folder: Folder) -> None:
    path = folder.root / "issues/0005-fifth.md"
    path.write_text(path.read_text() + "\n<p style='color: teal'>Teal.</p>\n")
    folder.build()
    assert "style-src 'self' 'unsafe-inline'" in unescape(folder.read("issues/5-fifth/index.html"))
    assert "unsafe-inline" not in folder.read("issues/4-fourth/index.html")
