"""Pages beside the issues: pages/about.md and whatever else lies there."""

from __future__ import annotations

import pytest
from tests.conftest import LETTER, Folder

from weekahead.model.findings import BuildError

ABOUT = """\
---
title: About us
summary: Who we are.
aliases: [/who]
---

See [the first](../issues/0001-first.md), ![me](me.png) and [below](#how).

## How
"""


def test_a_page_is_linked_from_every_page_and_listed_for_search_engines_but_not_in_feeds(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER.replace("https://letter.example/", "https://x.example/letter/"))
    folder.write("pages/about.md", ABOUT)
    folder.write("pages/me.png", b"png")
    folder.build()
    page = folder.read("about/index.html")
    assert 'href="/letter/about/" aria-current="page">About</a>' in page
    assert '<a href="/letter/issues/1-first/">the first</a>' in page
    assert '<img src="/letter/about/me.png"' in page or 'src="/letter/about/me.png"' in page
    assert (folder.root / "site/about/me.png").read_bytes() == b"png"
    assert '<a href="/letter/about/">About us</a>' in folder.read("issues/1-first/index.html")
    assert "https://x.example/letter/about/" in folder.read("sitemap.xml")
    assert "https://x.example/letter/about/" in folder.read("who/index.html")
    for feed in ("feed.xml", "atom.xml", "feed.json"):
        assert "About us" not in folder.read(feed)


def test_a_page_needs_no_front_matter_when_it_begins_with_its_title(folder: Folder) -> None:
    folder.write("pages/imprint.md", "\n# Who *is* liable #\n\nNobody.\n")
    folder.build()
    page = folder.read("imprint/index.html")
    assert "<h1>Who *is* liable</h1>" in page
    assert page.count("liable") == 5  # title, two names for those who share, the heading and the footer
    assert "<p>Nobody.</p>" in page
    assert 'href="/about/"' not in page


def test_a_folder_page_has_its_pictures_beside_it(folder: Folder) -> None:
    folder.write("pages/about/index.md", "# About\n\n![me](me.png)\n")
    folder.write("pages/about/me.png", b"png")
    folder.build()
    assert (folder.root / "site/about/me.png").exists()


def test_an_issue_links_to_a_page_and_to_a_part_of_it(folder: Folder) -> None:
    folder.write("pages/about.md", ABOUT.replace("![me](me.png)", "us"))
    path = folder.root / "issues/0002-second.md"
    path.write_text(path.read_text() + "\n[us](../pages/about.md#how) and [us](/about/#how)\n")
    folder.build()
    assert folder.read("issues/2-second/index.html").count('href="/about/#how"') == 2
    path.write_text(path.read_text().replace("#how", "#hw"))
    assert ("issues/0002-second.md", 12, "dead-link") in folder.rules()


@pytest.mark.parametrize(
    ("name", "text", "line", "rule", "words"),
    [
        ("about.md", "---\ntitle: A\nsumary: x\n---\nX\n", 3, "unknown-key", 'Did you mean "summary"'),
        ("about.md", "---\ntitle: A\nnumber: 3\n---\nX\n", 3, "unknown-key", '"number"'),
        ("about.md", "---\ntitle: A\n\nX\n", 1, "front-matter-open", "never ends"),
        ("about.md", "", 1, "empty", "# About this letter"),
        ("about.md", "Words.\n", 1, "key-missing", "no title"),
        ("about.md", "---\ntitle: ''\n---\nWords.\n", 2, "key-missing", "no title"),
        ("about.md", "---\ntitle: [A]\n---\nWords.\n", 2, "type", "must be text"),
        ("about.md", "---\ntitle: A\n---\n\nX [y](nothing.md)\n", 5, "dead-link", "nothing.md"),
        ("about.md", "# A\n\nX [y](#nothing)\n", 3, "dead-link", "#nothing"),
        ("about.md", "# A\n\nX\n\n<script>x</script>\n", 5, "active-content", "a script"),
        ("about.md", "# A\0\n", 1, "control-character", "NUL"),
        ("about.md", b"# \xff\n", 1, "not-utf-8", "0xFF"),
        ("archive.md", "# A\n", 1, "path-taken", "archive/index.html is already made"),
        ("---.md", "# A\n", 1, "slug", "no address"),
    ],
)
def test_what_is_wrong_with_a_page_is_a_finding(
    folder: Folder, name: str, text: str | bytes, line: int, rule: str, words: str
) -> None:
    folder.write(f"pages/{name}", text)
    with pytest.raises(BuildError) as refused:
        folder.build()
    found = [one for one in refused.value.findings if one.is_error]
    assert [(one.where.file, one.where.line, one.rule) for one in found] == [(f"pages/{name}", line, rule)]
    assert words in f"{found[0].message} {found[0].hint}"
    assert (f"pages/{name}", line, rule) in folder.rules()
    assert not (folder.root / "site/index.html").exists()


def test_a_draft_is_kept_back_with_all_that_belongs_to_it(folder: Folder) -> None:
    folder.write("pages/about/index.md", "---\ntitle: Canary\nstatus: draft\n---\n\n![](canary.png) [x](nowhere.md)\n")
    folder.write("pages/about/canary.png", b"canary")
    built = folder.build()
    assert ("pages/about/index.md", "its status is draft") in built.unpublished
    assert not [path for path, data in folder.site().items() if b"anary" in data or "canary" in path]
    assert ("pages/about/index.md", 6, "dead-link") in folder.rules()
    folder.build(drafts=True, output=folder.root / "preview")
    assert "Draft" in (folder.root / "preview/about/index.html").read_text()


def test_a_link_to_a_draft_page_says_so(folder: Folder) -> None:
    folder.write("pages/about.md", "---\ntitle: A\nstatus: draft\n---\n")
    folder.write("pages/imprint.md", "# Imprint\n\n[about](about.md)\n")
    with pytest.raises(BuildError, match="not published"):
        folder.build()


def test_a_page_that_is_taken_away_leaves_nothing(folder: Folder) -> None:
    folder.build()
    before = folder.site()
    path = folder.write("pages/about.md", "# About\n\nWe.\n")
    changed = {change.path for change in folder.build().changes.written}
    assert {"about/index.html", "index.html", "sitemap.xml"} <= changed
    path.unlink()
    folder.build()
    assert folder.site() == before


def test_an_edit_of_a_page_rewrites_that_page_alone(folder: Folder) -> None:
    path = folder.write("pages/about.md", "# About\n\nWe.\n")
    folder.build()
    path.write_text("# About\n\nWe are.\n")
    assert [change.path for change in folder.build().changes.written] == ["about/index.html"]


def test_a_file_there_that_only_looks_like_a_page_is_a_warning(folder: Folder) -> None:
    folder.write("pages/notes/about.md", "# About\n")
    assert ("pages/notes/about.md", 0, "not-a-page") in folder.rules()
