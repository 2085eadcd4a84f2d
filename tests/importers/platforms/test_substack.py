"""Substack's exports, of several years."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.importers.exports import substack as exports
from tests.importers.rooms import ReadExport, assert_whole, read, recognises, write_zip

from weekahead.importers.html.converter import convert_html
from weekahead.importers.notes import Notes, PostNotes
from weekahead.importers.platforms.substack import Substack
from weekahead.importers.platforms.substack_site import find_site
from weekahead.importers.post import Access
from weekahead.importers.proof import prove
from weekahead.markdown.renderer import convert
from weekahead.model.findings import Location


def source(members: dict[str, str | bytes]) -> str:
    return "\n".join(text for text in members.values() if isinstance(text, str))


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(Substack(), write_zip(tmp_path_factory.mktemp("substack") / "export.zip", exports.current()))


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(Substack(), write_zip(tmp_path_factory.mktemp("substack") / "export.zip", exports.old()))


def test_everything_of_an_export_comes_over_and_no_secret_does(current: ReadExport) -> None:
    assert_whole(source(exports.current()), current)


def test_everything_of_an_old_export_comes_over(old: ReadExport) -> None:
    assert_whole(source(exports.old()), old)
    assert "keptcafé" in old.text("keptcafe")
    assert old.said("encoding")


def test_only_what_every_flag_says_is_public(current: ReadExport) -> None:
    access = {post.title or post.id: post.access for post in current.publication.posts}
    assert access == {
        "keptnasty": Access.PUBLIC,
        "wall": Access.PAID,
        "wall for all": Access.PAID,
        "all paid": Access.PAID,
        "members": Access.PRIVATE,
        "episode": Access.PUBLIC,
        "thread": Access.PUBLIC,
        "about": Access.PUBLIC,
        "9.": Access.DRAFT,
        "later": Access.SCHEDULED,
        "planned": Access.SCHEDULED,
        "gone": Access.WITHDRAWN,
        "mailed": Access.MAIL_ONLY,
        "strange": Access.DRAFT,
        "nobody": Access.PRIVATE,
        "empty": Access.PUBLIC,
        "18.lone": Access.DRAFT,
    }


def test_a_post_has_what_its_row_says(current: ReadExport) -> None:
    post = current.post("keptnasty")
    assert post.at == datetime(2024, 3, 1, 17, tzinfo=UTC)
    assert post.slug == "keptnasty"
    assert post.address == post.guid == f"{exports.SITE}/p/keptnasty"
    assert post.summary == "“keptsubtitle” & more, keptline"
    assert current.post("about").is_page
    assert {post.address for post in current.publication.posts if post.access is Access.DRAFT} == {""}


def test_a_publication_is_known_from_its_texts(current: ReadExport, old: ReadExport) -> None:
    assert (current.publication.url, current.publication.title) == (exports.SITE, "keptTitle of Letters")
    assert len(current.said("title")) == len([said for said in current.said("address") if exports.SITE in said]) == 1
    assert old.publication.url == ""
    assert old.said("address")


def test_the_name_of_the_list_tells_the_address_where_no_text_does(tmp_path: Path) -> None:
    members = {**exports.old(), "export/email_list.harbour.csv": "email\nsecretx@readers.example\n"}
    export = read(Substack(), write_zip(tmp_path / "export.zip", members))
    assert export.publication.url == "https://harbour.substack.com"
    assert "secretx" not in export.everything()


def test_a_podcast_has_its_recording_with_its_length(current: ReadExport) -> None:
    audio = current.post("episode").audio
    assert audio is not None
    assert (audio.media.url, audio.duration, audio.type) == (
        "https://api.substack.example/keptfeed.mp3",
        448,
        "audio/mpeg",
    )


def test_the_wall_parts_a_text_wherever_it_stands(current: ReadExport) -> None:
    for title in ("wall", "wall for all"):
        assert current.text(title) == "keptfree\n\nkeptstill\n"
        assert "paidhere" in current.post(title).body.paid
        assert "paidpicture" in current.post(title).body.paid
    assert current.post("all paid").body.text == ""


def test_a_row_without_a_text_and_a_text_without_a_row_are_said(current: ReadExport) -> None:
    assert current.said("text-missing") == ['the text of "keptmissing" is not in the export']
    assert len(current.said("row-missing")) == len(current.said("repeated-post")) == 1


def test_posts_of_networks_are_ours(current: ReadExport, old: ReadExport) -> None:
    assert (
        "/// post | keptname (@kepthandle)\ndate: 2022-09-15\naddress: https://twitter.com/kepthandle/status/15\n"
        "keptfirst \\*stars\\*\n\nkeptsecond [keptshort](https://keptlink.example)\n"
    ) in current.text("keptnasty")
    assert "/// post | keptauthor (@keptold)\ndate: 2022-04-28\n" in old.text("keptfirst")


def test_the_rest_is_in_our_forms(current: ReadExport) -> None:
    text = current.text("keptnasty")
    for form in (
        f'![keptalt]({exports.MEDIA}/keptpier_1024x683.png "keptcaption")',
        '<figcaption>By <a href="https://keptauthor.example">keptphotographer</a></figcaption>',
        "address: https://www.youtube.com/watch?v=abcDEF12345&t=18",
        "address: https://vimeo.com/76979871",
        "- [keptpost](https://keptharbour.substack.example/p/keptother): keptopening",
        "$$\nkeptx = \\frac{1}{2}\n$$",
        "```python\nkeptcode = '/// *'\n\n\n  b\n```",
        "> keptpull",
        "/// note\nkeptcallout\n///",
        "[keptbutton](https://donate.example/keptgive)",
        "Said[^1] and[^2].",
        "[^1]: keptfootnote\n\n[^2]: keptfoot\n\n    keptpar",
        "- keptitem\n  * keptinner",
        "\\/// note | keptmark",
        "1984\\. keptyear",
        "costs \\$5",
        f"[keptown]({exports.SITE}/p/keptwall)",
    ):
        assert form in text, form


def test_what_is_left_out_or_elsewhere_is_said(current: ReadExport) -> None:
    assert [said for said in current.said("unknown-component") if "hologram-embed" in said]
    assert len(current.said("poll")) == len(current.said("file")) == len(current.said("video")[:1]) == 1
    assert any("7:28" in said for said in current.said("recording"))
    assert any("Subscribe now" in said for said in current.said("furniture"))
    assert len(current.said("not-opened")) == 2


def test_every_text_is_proven_and_has_no_fault(current: ReadExport) -> None:
    for post in current.publication.posts:
        for html in (post.body.text, post.body.paid):
            notes = Notes()
            text = convert_html(html, Substack.html_passes, PostNotes(notes, post.id, post.where))
            assert prove(text, text.markdown, PostNotes(notes, post.id, post.where)), notes.all
            assert convert(text.markdown).faults == ()


@pytest.mark.parametrize("header", ["id,web_title,status", "post_id,title", "", "email,active_subscription"])
def test_another_table_of_posts_is_not_substacks(tmp_path: Path, header: str) -> None:
    assert not recognises(Substack(), write_zip(tmp_path / "export.zip", {"posts.csv": f"{header}\n1,2,3\n"}))


ASK = '<div class="subscription-widget"><p class="cta-caption">{}</p></div>'


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        ([ASK.format("The Quay Letter is free. Subscribe to get it.")], "The Quay Letter"),
        (
            [ASK.format("Quay &amp; Co is a reader-supported publication. To receive new posts, subscribe.")],
            "Quay & Co",
        ),
        ([ASK.format("Thanks for reading The Quay! Subscribe."), "<p>What's next for harbours?</p>"], "The Quay"),
        (["<h4>What’s next for The Quay Letter?</h4>"] * 2, "The Quay Letter"),
        (["<h4>What&#8217;s next for The Quay?</h4>"], "The Quay"),
        (["<p>What's next for harbours?</p>", "<p>The Quay Letter is free. Subscribe.</p>"], ""),
        ([ASK.format("This newsletter is free. Subscribe.")], ""),
        ([ASK.format("Thanks for reading my newsletter!")], ""),
    ],
)
def test_the_title_is_what_texts_evidently_name(texts: list[str], title: str) -> None:
    notes = Notes()
    assert find_site((), texts, "quay", notes)[1] == title
    assert [note.rule for note in notes.all] == ["title"] * bool(title) + ["address"]


@pytest.mark.parametrize(
    "html",
    [
        "<div class='tweet'><a href='https://x.example/1'>x</a><div class='tweet-body'>kept words</div></div>",
        "<div class='youtube-wrap' data-attrs='{&quot;videoId&quot; kept words'></div>",
    ],
)
def test_the_words_of_a_component_that_is_not_as_known_are_kept_or_said(html: str) -> None:
    notes = Notes()
    text = convert_html(html, Substack.html_passes, PostNotes(notes, "x", Location("x.html"))).markdown
    assert "kept words" in text + "".join(note.message for note in notes.all)
