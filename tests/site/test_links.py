"""Relative links work in the editor, on the site and in the feed; what leads nowhere is a finding."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

import pytest
from tests.conftest import LETTER, Folder, issue_text

from weekahead.model.findings import BuildError
from weekahead.runtime.store import Store


def with_body(folder: Folder, body: str) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", body))


@pytest.mark.parametrize(
    ("written", "page", "feed"),
    [
        ("0004-fourth.md", "/issues/4-fourth/", "https://letter.example/issues/4-fourth/"),
        ("0004-fourth.md#x", "/issues/4-fourth/#x", "https://letter.example/issues/4-fourth/#x"),
        ("/archive/", "/archive/", "https://letter.example/archive/"),
        ("https://letter.example/archive/", "/archive/", "https://letter.example/archive/"),
        ("https://letter.example", "/", "https://letter.example/"),
        ("../4-fourth/", "/issues/4-fourth/", "https://letter.example/issues/4-fourth/"),
        ("#here", "#here", "https://letter.example/issues/5-fifth/#here"),
        ("/archive", "/archive/", "https://letter.example/archive/"),
        ("/next?a=1#b", "/next/?a=1#b", "https://letter.example/next/?a=1#b"),
        ("/tags/models", "/tags/models/", "https://letter.example/tags/models/"),
        ("/series/basics", "/series/basics/", "https://letter.example/series/basics/"),
        ("/old/four", "/old/four/", "https://letter.example/old/four/"),
        ("/old/four.html", "/old/four.html", "https://letter.example/old/four.html"),
        ("/feed.xml", "/feed.xml", "https://letter.example/feed.xml"),
        ("/issues/4-fourth", "/issues/4-fourth/", "https://letter.example/issues/4-fourth/"),
        ("../4-fourth#x", "/issues/4-fourth/#x", "https://letter.example/issues/4-fourth/#x"),
        ("https://letter.example/archive", "/archive/", "https://letter.example/archive/"),
        ("https://letter.example?a=1", "/?a=1", "https://letter.example/?a=1"),
        (
            "?from=letter",
            "/issues/5-fifth/?from=letter",
            "https://letter.example/issues/5-fifth/?from=letter",
        ),
        ("?a=1#here", "/issues/5-fifth/?a=1#here", "https://letter.example/issues/5-fifth/?a=1#here"),
        ("0004-fourth.md?a=1#x", "/issues/4-fourth/?a=1#x", "https://letter.example/issues/4-fourth/?a=1#x"),
        (".", "/issues/5-fifth/", "https://letter.example/issues/5-fifth/"),
        (
            "https://other.example/x?a=1&b=2",
            "https://other.example/x?a=1&amp;b=2",
            "https://other.example/x?a=1&amp;b=2",
        ),
        ("mailto:a@b.example", "mailto:a@b.example", "mailto:a@b.example"),
    ],
)
def test_an_address_leads_where_it_should(folder: Folder, written: str, page: str, feed: str) -> None:
    folder.write(
        "issues/0004-fourth.md",
        issue_text(4, "2022-01-28", "Fourth", "## x", tags="[models]", aliases="[/old/four, /old/four.html]"),
    )
    with_body(folder, f"[to]({written})\n\n## Here")
    folder.build()
    assert f'<a href="{page}">to</a>' in folder.read("issues/5-fifth/index.html")
    assert f'<a href="{feed}">to</a>' in folder.read("feed.xml")


def test_space_around_an_address_goes(folder: Folder) -> None:
    with_body(folder, '<a href="https://other.example/x ">to</a> <a href=" 0004-fourth.md ">four</a>')
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", "## x"))
    folder.build()
    page = folder.read("issues/5-fifth/index.html")
    assert '<a href="https://other.example/x">to</a> <a href="/issues/4-fourth/">four</a>' in page


def test_an_address_of_the_letter_in_full_must_lead_to_something(folder: Folder) -> None:
    with_body(folder, "[to](https://letter.example/nowhere/)")
    with pytest.raises(BuildError) as raised:
        folder.build()
    assert [found.rule for found in raised.value.findings] == ["dead-link"]


def test_the_sign_off_may_lead_to_a_service_beside_the_letter(folder: Folder) -> None:
    folder.replace("letter.yaml", "Enjoy the week ahead.", '"[Leave](/leave?me=1) the [list](/archive)"')
    folder.build()
    page = folder.read("issues/5-fifth/index.html")
    assert 'href="/leave?me=1"' in page
    assert 'href="/archive/"' in page


@pytest.mark.parametrize("url", ["https://letter.example/", "https://letter.example/her/"])
@pytest.mark.parametrize(
    ("written", "leads"),
    [
        ("/archive/", "archive/"),
        ("archive/", "archive/"),
        ("pages/about.md", "about/"),
        ("issues/0002-second.md", "issues/2-second/"),
        ("0002-second.md", "issues/2-second/"),
        ("https://other.example/x", "https://other.example/x"),
        ("/gone/", None),
        ("gone.md", None),
        ("issues/0006-next.md", None),
        ("#gone", None),
    ],
)
def test_the_sign_off_and_the_footer_lead_into_the_site(
    folder: Folder, url: str, written: str, leads: str | None
) -> None:
    folder.write("pages/about.md", "# About\n")
    folder.write("issues/0006-next.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="draft"))
    signoff = LETTER.replace("https://letter.example/", url, 1).replace(
        "Enjoy the", f"'[it]({written})'\ncopyright: the"
    )
    folder.write("letter.yaml", signoff)
    if leads is None:
        assert [where[:2] for where in folder.rules()] == [("letter.yaml", 6)]
    else:
        folder.build()
        assert f'<a href="{urljoin(urlsplit(url).path, leads)}">it</a>' in folder.read("issues/5-fifth/index.html")
    if "0002" not in written and "#" not in written:  # these are beside an issue
        footer = (
            LETTER.replace("https://letter.example/", url, 1)
            + f"mail: {{from: a@b.example, footer: '[it]({written})'}}\n"
        )
        folder.write("letter.yaml", footer)
        assert [where[0] for where in folder.rules()] == ([] if leads else ["letter.yaml"])


def test_a_new_alias_is_where_a_link_without_its_slash_leads(folder: Folder) -> None:
    with_body(folder, "[to](/old/four)")
    assert ("issues/0005-fifth.md", 8, "dead-link") in folder.rules()
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", aliases="[/old/four]"))
    folder.build()
    assert 'href="/old/four/"' in folder.read("issues/5-fifth/index.html")


@pytest.mark.parametrize("written", ["café.png", "caf%C3%A9.png", "cafe\u0301.png", "<café.png>", "sub/../café.png"])
@pytest.mark.parametrize("stored", ["café.png", "cafe\u0301.png"])
def test_a_file_is_found_whether_its_accents_are_stored_apart_or_not(folder: Folder, written: str, stored: str) -> None:
    with_body(folder, f"![p]({written})")
    folder.write(f"issues/{stored}", b"png")
    folder.build()
    assert f"issues/5-fifth/{stored}" in folder.site()
    assert f'src="/issues/5-fifth/{quote(stored)}"' in folder.read("issues/5-fifth/index.html")


def test_an_issue_is_found_whose_name_is_stored_with_its_accents_apart(folder: Folder) -> None:
    folder.write("issues/cafe\u0301/index.md", issue_text(4, "2022-01-28", "Fourth"))
    (folder.root / "issues/0004-fourth.md").unlink()
    with_body(folder, "[to](café/index.md) [again](café/)")
    folder.build()
    assert folder.read("issues/5-fifth/index.html").count('href="/issues/4-caf%C3%A9/"') >= 2


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("![p](Größe.png)", "Größe.png"),
        ("![p](<my picture.png>)", "my picture.png"),
        ("![p](my%20picture.png)", "my%20picture.png"),
        ("![p](./sub/p.png)", "./sub/p.png"),
        ("[to](/Über-uns/)", "/Über-uns/"),
    ],
)
def test_a_missing_file_is_named_as_its_author_wrote_it(folder: Folder, written: str, named: str) -> None:
    with_body(folder, written)
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert [found.message for found in refused.value.findings] == [f'"{named}" is a broken link']


def test_a_base_path_is_in_every_address(folder: Folder) -> None:
    with_body(folder, "[to](0004-fourth.md) [archive](/archive/) [home](/letter) [list](/letter/archive#x)")
    folder.build(base_url="https://x.example/letter/")
    page = folder.read("issues/5-fifth/index.html")
    assert '<a href="/letter/">home</a>' in page
    assert '<a href="/letter/archive/#x">list</a>' in page
    assert 'href="/letter/issues/4-fourth/"' in page
    assert 'href="/letter/archive/"' in page
    assert 'href="/letter/assets/style.css"' in page


def test_files_beside_an_issue_are_published_beside_its_page(folder: Folder) -> None:
    (folder.root / "issues/0005-fifth.md").unlink()
    folder.write("issues/0005-fifth/index.md", issue_text(5, "2022-02-04", "Fifth", "![p](p.png) [d](data/d.csv)"))
    folder.write("issues/0005-fifth/p.png", b"png")
    folder.write("issues/0005-fifth/data/d.csv", b"1,2")
    folder.write("issues/0005-fifth/.hidden", b"x")
    folder.write("issues/0005-fifth/index.md~", b"x")
    folder.build()
    beside = {path for path in folder.site() if path.startswith("issues/5-fifth/")}
    assert beside == {f"issues/5-fifth/{name}" for name in ("index.html", "p.png", "data/d.csv")}
    assert 'src="/issues/5-fifth/p.png"' in folder.read("issues/5-fifth/index.html")
    assert "https://letter.example/issues/5-fifth/p.png" in folder.read("feed.xml")


def test_a_picture_beside_a_plain_file_is_published_too(folder: Folder) -> None:
    with_body(folder, "![p](images/p.png)")
    folder.write("issues/images/p.png", b"png")
    folder.write("issues/images/unused.png", b"png")
    folder.build()
    assert "issues/5-fifth/images/p.png" in folder.site()
    assert not [path for path in folder.site() if "unused" in path]


@pytest.mark.parametrize(
    "written",
    [
        "0009-nowhere.md",
        "missing.png",
        "/nowhere/",
        "../../etc/passwd",
        "/../x",
        "#nowhere",
        "0004-fourth.md#nowhere",
        "REPLACE_ME",
        "/tags/nowhere",
        "/issues",
        "/feed.xml/",
        "/old/5",
        "?a=1#nowhere",
    ],
)
def test_a_link_to_nothing_stops_the_build(folder: Folder, written: str) -> None:
    with_body(folder, f"First.\n\n[to]({written})")
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert [(f.where.file, f.where.line, f.rule) for f in refused.value.findings] == [
        ("issues/0005-fifth.md", 10, "dead-link")
    ]
    assert not (folder.root / "site").exists()


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("www.example.com", "Write https://www.example.com"),
        ("www.example.com/a?b=c", "Write https://www.example.com/a?b=c"),
        ("/www.example.com", "Write https://www.example.com"),
        ("example.co.uk/x", "Write https://example.co.uk/x"),
        ("docs.other.example#part", "Write https://docs.other.example#part"),
        ("notes.md", "Check the name"),
        ("pictures.2026/chart.png", "Check the name"),
        ("report.pdf#page=2", "Check the name"),
        ("nowhere/example.com", "Check the name"),
    ],
)
def test_a_link_without_https_says_so(folder: Folder, written: str, hint: str) -> None:
    with_body(folder, f"[to]({written})")
    [found] = [each for each in folder.check().findings if each.rule == "dead-link"]
    assert hint in found.hint


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("The file notes.md is lost.\n\n[to](notes.md)", 3),
        ("[to](notes.md-x.txt)\n\n[to](<notes.md>)", 3),
        ("[to](notes.md-x.txt)\n\n[to](notes.md)", 3),
        ("notes.md\n\n[to][n]\n\n[n]: notes.md", 5),
        ('notes.md\n\n<a href="notes.md">to</a>', 3),
        ("its name.md\n\n[to](its%20name.md)", 3),
    ],
)
def test_a_dead_link_is_where_it_is_linked(folder: Folder, body: str, line: int) -> None:
    folder.write("issues/notes.md-x.txt", "x")
    with_body(folder, body)
    [found] = [each for each in folder.check().findings if each.rule == "dead-link"]
    text = (folder.root / "issues/0005-fifth.md").read_text()
    assert found.where.line == text[: text.index(body)].count("\n") + line


def test_a_long_address_is_cut_with_a_mark(folder: Folder) -> None:
    with_body(folder, f"[to](nowhere/{'a' * 300}.md) [to](nowhere/{'b' * 60}.md)")
    long, short = (each.message for each in folder.check().findings if each.rule == "dead-link")
    assert long.startswith(f'"nowhere/{"a" * 60}')
    assert '…"' in long
    assert len(long) < 160
    assert f'"nowhere/{"b" * 60}.md"' in short


def test_a_link_to_an_issue_that_is_not_out_says_so(folder: Folder) -> None:
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Sixth", status="draft"))
    with_body(folder, "[to](0006-sixth.md)")
    with pytest.raises(BuildError, match="not published"):
        folder.build()


def test_two_files_for_one_path_name_both(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", aliases="[/issues/4-Fourth]"))
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert "issues/0004-fourth.md" in str(refused.value)
    assert "issues/0005-fifth.md" in str(refused.value)


def test_a_check_says_what_a_build_would(folder: Folder) -> None:
    """A link to a draft works in a preview, and still keeps the issue from being built."""
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="draft"))
    with_body(folder, "[to](0006-sixth.md)")
    assert ("issues/0005-fifth.md", 8, "dead-link") in folder.rules()


def test_a_new_issue_asks_no_old_text_for_its_links(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("letter.yaml", f"{LETTER}feed: {{items: 2, archive: false}}\nsearch: false\n")
    for number in range(6, 26):
        text = issue_text(number, f"2021-12-{number:02}", f"T{number}", f"[to](0006-t6.md) {number}")
        folder.write(f"issues/{number:04}-t{number}.md", text)
    folder.build()
    folder.write("issues/0026-t26.md", issue_text(26, "2021-12-26", "T26", "[to](0006-t6.md)"))
    asked = set()
    load_bytes = Store.load_bytes

    def noted(store: Store, kind: str, key: str) -> bytes | None:
        asked.update([key] * (kind in ("facts", "parts")))
        return load_bytes(store, kind, key)

    monkeypatch.setattr(Store, "load_bytes", noted)
    folder.build(jobs=1)
    assert 'href="/issues/6-t6/"' in folder.read("issues/26-t26/index.html")
    assert len(asked) < 15  # of 28: its own, and those of the eight whose next one it is
