"""The theme as a product: documented whole, changed by one file, its faults explained."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import LETTER, Folder, Said, issue_text

from weekahead.model.findings import BuildError
from weekahead.site import pages

REPOSITORY = Path(__file__).parents[2]
TEMPLATES = {path.name: path.read_text() for path in (REPOSITORY / "templates").glob("*.*")}
DOCS = (REPOSITORY / "docs/templates.md").read_text()
SECTIONS = dict(re.findall(r"(?ms)^### (\S[^\n]*)\n(.*?)(?=^##|\Z)", DOCS))


def names(value: Any) -> Iterator[str]:
    """Every name that a template can say of a value."""
    if isinstance(value, dict):
        for key, found in value.items():
            yield key
            yield from names(found)
    elif isinstance(value, list):
        for found in value:
            yield from names(found)


def words(text: str) -> set[str]:
    """What stands in backticks, each part of a dotted name for itself."""
    return {part for word in re.findall(r"`([\w.]+)`", text) for part in word.split(".")}


@pytest.fixture
def contexts(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    """What each template is given in a letter that uses everything."""
    folder.write("letter.yaml", LETTER + "subscribe_form: {action: https://lists.example/}\n")
    folder.write("issues/0005-fifth/cover.png", b"png")
    keys = {
        "authors": "[Ann, Bob]",
        "research_note": "A note.",
        "audio": "{url: https://x.example/a.mp3, bytes: 9, duration: 1:00}",
        "cover": "{file: cover.png, alt: A cover}",
        "aliases": "[/old]",
        "discussion": "https://x.example/",
        "summary": "Short.",
        "extra": "{mood: grey}",
        "series": "{name: Basics, part: 4}",
        "tags": "[models]",
        "next": "[{number: 6, title: Reading a loss curve}]",
    }
    folder.write("pages/about.md", "---\ntitle: About\nextra: {mood: grey}\n---\n\n## Who\n\nWe.\n")
    (folder.root / "issues/0005-fifth.md").unlink()
    folder.write("issues/0005-fifth/index.md", issue_text(5, "2022-02-04", "Fifth letter", "## One\n\nWords.", **keys))
    seen: dict[str, list[dict[str, Any]]] = {}
    render = pages._render

    def spy(desk: pages.RenderContext, name: str, context: dict[str, Any]) -> bytes:
        seen.setdefault(name, []).append(dict(context))
        return render(desk, name, context)

    monkeypatch.setattr(pages, "_render", spy)
    folder.build()
    return seen


def test_the_docs_have_a_section_for_every_template() -> None:
    assert set(SECTIONS) - {"What every page has", "Things in many pages"} == set(TEMPLATES)


def test_the_docs_name_every_block_of_every_template() -> None:
    for name, text in TEMPLATES.items():
        said = re.search(r"Blocks: (.*?)\.(?:\s|$)", SECTIONS[name].replace("\n", " "))
        assert said, name
        assert set(re.findall(r"`(\w+)`", said[1])) == set(re.findall(r"\{% block (\w+)", text)), name


def test_the_docs_name_everything_that_a_template_is_given(contexts: dict[str, list[dict[str, Any]]]) -> None:
    shared = words(SECTIONS["What every page has"]) | words(SECTIONS["Things in many pages"])
    assert set(contexts) == {name for name in TEMPLATES if name.endswith(".html")} - {"base.html", "_parts.html"}
    for template, given in contexts.items():
        for context in given:
            own = {key: value for key, value in context.items() if key not in ("letter", "page")}
            said = words(SECTIONS[template])
            assert set(own) <= said, template
            found = set(names(own)) - {"mood"}
            assert found <= said | shared, (template, found - said - shared)
            about = {f"letter.{key}" for key in context["letter"]} | {f"page.{key}" for key in context["page"]}
            assert about == set(re.findall(r"`((?:letter|page)\.\w+)`", SECTIONS["What every page has"]))


def test_everything_the_docs_name_is_given(contexts: dict[str, list[dict[str, Any]]]) -> None:
    for template, given in contexts.items():
        rows = re.findall(r"(?m)^\| (`.*?) \|", SECTIONS[template])
        said = {word for row in rows for word in re.findall(r"`([\w.]+)`", row)}
        given_names = {key for context in given for key in context} | {
            f"{key}.{inner}"
            for context in given
            for key, value in context.items()
            if isinstance(value, dict)
            for inner in value
        }
        assert said <= given_names, template


def test_an_author_changes_accent_footer_and_issue_by_what_the_docs_say(folder: Folder, run: Any) -> None:
    """The examples of docs/templates.md, as they stand there, in a letter that has just been begun."""
    examples = re.findall(r"(?m)(?:^    .*\n)+", DOCS)
    bare = [re.sub(r"(?m)^    ", "", example) for example in examples]
    look = next(example for example in bare if example.startswith("theme:"))
    base = next(example for example in bare if "weekahead/base.html" in example)
    issue = next(example for example in bare if "weekahead/issue.html" in example)
    begun = Folder(folder.root.parent / "begun")
    assert run("init", begun.root).status == 0
    begun.write("letter.yaml", (begun.root / "letter.yaml").read_text() + look)
    begun.write("templates/base.html", base)
    begun.write("templates/issue.html", issue)
    assert run("build", "--root", begun.root).status == 0
    assert "--accent: #1d4a73" in begun.read("assets/theme.css")
    pages = [path for path in begun.site() if path.endswith("index.html")]
    for page in pages:
        if 'http-equiv="refresh"' not in begun.read(page):
            assert "grandmother" in begun.read(page)
            assert "RSS feed" in begun.read(page)
    assert "This one was Week 1." in begun.read("issues/1-pick-the-day/index.html")
    (special,) = [page for page in pages if page.endswith("two-minutes-out/index.html")]
    assert "This one was Special edition." in begun.read(special)


def test_a_copied_template_changes_nothing_until_it_is_changed(folder: Folder, run: Any) -> None:
    folder.build()
    before = folder.site()
    said: Said = run("theme", "copy", "issue.html", "--root", folder.root)
    assert said.status == 0
    assert said.out.strip() == str(folder.root / "templates/issue.html")
    folder.build()
    assert folder.site() == before
    path = folder.root / "templates/issue.html"
    path.write_text(path.read_text().replace("<article>", '<article class="mine">'))
    folder.build()
    assert '<article class="mine">' in folder.read("issues/1-first/index.html")


def test_everything_that_is_listed_can_be_copied(folder: Folder, run: Any) -> None:
    listed = run("theme", "list").out.split()
    assert {"issue.html", "assets/style.css", "words/de.toml"} <= set(listed)
    for name in listed:
        assert run("theme", "copy", name, "--root", folder.root).status == 0
    folder.build()


def test_copying_never_overwrites_and_helps_with_names(folder: Folder, run: Any) -> None:
    run("theme", "copy", "tag.html", "--root", folder.root)
    again, wrong, outside = (
        run("theme", "copy", name, "--root", folder.root) for name in ("tag.html", "isue.html", "../letter.yaml")
    )
    assert again.status == wrong.status == outside.status == 1
    assert "already exists" in again.err
    assert 'Did you mean "issue.html"?' in wrong.err


def test_a_wrong_name_in_a_template_is_answered_with_the_nearest(folder: Folder) -> None:
    folder.write("templates/tag.html", '{% extends "base.html" %}\n{% block content %}\n{{ isues }}\n{% endblock %}\n')
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert "templates/tag.html:3: error" in str(refused.value)
    assert 'Did you mean "issues"?' in str(refused.value)


def test_a_word_that_is_not_there_is_answered_with_the_nearest(folder: Folder) -> None:
    folder.write(
        "templates/tag.html", '{% extends "base.html" %}\n{% block content %}\n{{ "archiv"|say }}\n{% endblock %}\n'
    )
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert "templates/tag.html:3: error" in str(refused.value)
    assert 'Did you mean "archive"?' in str(refused.value)


def test_a_letter_of_several_authors_has_a_page_for_each(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", authors='["Ann <b>", Bob]'))
    folder.build()
    page = folder.read("issues/5-fifth/index.html")
    assert 'By <a href="/authors/ann-b/">Ann &lt;b&gt;</a> and <a href="/authors/bob/">Bob</a>' in page
    assert "Fifth" in folder.read("authors/bob/index.html")
    assert "First letter" in folder.read("authors/test-author/index.html")
    assert "/authors/bob/" in folder.read("sitemap.xml")


def test_a_letter_of_one_author_has_no_such_page(folder: Folder) -> None:
    folder.build()
    assert not [name for name in folder.site() if name.startswith("authors/")]
    assert "By Test Author" in folder.read("issues/1-first/index.html")


def test_a_part_says_which_come_before_and_after_it_and_a_long_series_shows_those_alone(folder: Folder) -> None:
    folder.build()
    parts = folder.read("issues/2-second/index.html").partition('class="parts"')[2].partition("</nav>")[0]
    assert "Complete, in 3 parts." in parts
    assert re.findall(r">([^<>]+)</a><span class=\"label\">(\w+)<", parts) == [
        ("First letter", "Previous"),
        ("Third letter", "Next"),
    ]
    for number, word in enumerate(["first", "second", "third"], 1):
        path = folder.root / f"issues/{number:04}-{word}.md"
        path.write_text(path.read_text().replace("of: 3", "of: 40"))
    folder.build()
    page = folder.read("issues/3-third/index.html")
    assert "3 of 40 parts are out." in page
    assert re.findall(r"Part (\d+)<", page.partition('class="parts"')[2]) == ["4"]
