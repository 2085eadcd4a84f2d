"""WordPress's exports, of both editors."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.importers.exports import wordpress as exports
from tests.importers.rooms import NOW, ReadExport, assert_whole, read, recognises, write_zip

from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.platforms.feeds import Feed
from weekahead.importers.platforms.platform import ReadOptions
from weekahead.importers.platforms.wordpress import WordPress
from weekahead.importers.platforms.wordpress_paragraphs import with_paragraphs
from weekahead.importers.post import Access
from weekahead.importers.source_files import open_source


@pytest.fixture
def blocks(tmp_path: Path) -> ReadExport:
    members: dict[str, str | bytes] = {
        "harbour.WordPress.2024-04-01.000.xml": exports.blocks(),
        "wp-content/uploads/2024/03/keptwave.mp3": b"ID3" * 100,
    }
    return read(WordPress(), write_zip(tmp_path / "export.zip", members))


@pytest.fixture
def classic(tmp_path: Path) -> ReadExport:
    path = tmp_path / "export.xml"
    path.write_text(exports.classic(), encoding="utf-8")
    return read(WordPress(), path)


def test_everything_of_the_block_editor_comes_over(blocks: ReadExport) -> None:
    assert_whole(exports.blocks().replace("keptlogin", "").replace("keptpier-300x200.jpg 300w", ""), blocks)


def test_everything_of_the_classic_editor_comes_over(classic: ReadExport) -> None:
    assert_whole(exports.classic().replace("keptlogin", ""), classic)


def test_a_post_has_what_its_item_says(blocks: ReadExport) -> None:
    post = blocks.post("keptblocks & more")
    assert post.at == datetime(2024, 3, 2, 17, tzinfo=timezone(timedelta(hours=1)))
    assert (post.guid, post.address) == (f"{exports.SITE}/?p=1", f"{exports.SITE}/2024/03/post-1/")
    assert post.paths == ("/2024/03/keptslug/",)
    assert post.tags == ("Harbours & keptcategory", "kepttag")
    assert post.series is not None
    assert (post.series.name, post.series.part) == ("keptseries", 3)
    assert post.authors == ("keptname",)
    assert post.summary == "keptexcerpt keptbold"
    assert post.cover is not None
    assert (post.cover.url, post.cover.alt) == (f"{exports.UPLOADS}/keptthumb.jpg", "keptcoveralt")
    assert post.audio is not None
    assert (post.audio.media.file, post.audio.bytes) == ("wp-content/uploads/2024/03/keptwave.mp3", 300)


def test_only_what_every_flag_says_is_public(classic: ReadExport) -> None:
    assert {post.title: post.access for post in classic.publication.posts} == {
        "keptclassic": Access.PUBLIC,
        "Post 2": Access.PUBLIC,
        "Post 3": Access.DRAFT,
        "Post 4": Access.WITHDRAWN,
        "Post 5": Access.DRAFT,
        "Post 6": Access.PRIVATE,
        "Post 9": Access.SCHEDULED,
        "Post 10": Access.PRIVATE,
        "Post 11": Access.PRIVATE,
        "Post 13": Access.SCHEDULED,
        "Post 14": Access.PAID,
        "Post 15": Access.PUBLIC,
        "Post 16": Access.DRAFT,
        "Post 17": Access.PUBLIC,
        "Post 18": Access.PUBLIC,
    }


def test_what_is_behind_a_wall_is_not_free(blocks: ReadExport) -> None:
    post = blocks.post("Post 12")
    assert (post.access, "paidtext" in post.body.paid) == (Access.PAID, True)
    assert blocks.said("members-only-part") == ["a part of 1 word for subscribers was left out"]


def test_parts_for_members_are_held_back_however_they_nest(classic: ReadExport) -> None:
    assert classic.said("members-only-part") == [
        "a part of 3 words within [members] was not for everybody, and was left out"
    ]


def test_footnotes_of_the_block_editor_stand_at_their_marks(blocks: ReadExport) -> None:
    text = blocks.text("keptblocks & more")
    assert "keptfootnote with *keptstress*" in text
    assert "[^" in text
    assert blocks.said("footnote-without-mark") == ['nothing refers to the footnote "keptlost"; it was left out']


def test_pictures_are_the_originals_and_links_lead_to_addresses(blocks: ReadExport) -> None:
    text = blocks.text("keptblocks & more")
    assert f"{exports.UPLOADS}/keptpier.jpg" in text
    assert f"{exports.UPLOADS}/kepttwo.jpg" in text
    assert f"{exports.SITE}/2024/03/post-12/" in text
    assert "?p=12" not in text


def test_a_picture_whose_own_name_looks_like_a_size_keeps_it(tmp_path: Path) -> None:
    url = f"{exports.UPLOADS}/chart-1024x768.png"
    source = exports.export(exports.item(1, f'<p><img src="{url}"></p>'), exports.attachment(2, url))
    path = tmp_path / "export.xml"
    path.write_text(source, encoding="utf-8")
    assert url in read(WordPress(), path).text("Post 1")


def test_classic_text_has_its_paragraphs_and_code_is_as_it_was(classic: ReadExport) -> None:
    body = classic.post("keptclassic").body.text
    assert "<p>First line<br>\nkeptbreak</p>" in body
    assert "[sic] and [gallery]" in body
    assert 'if a &lt; b:\n\n    keptprogram("[gallery]")' in body
    assert "<pre>keptpre\n\n  [audio]</pre>" in body


def test_shortcodes_are_expanded_or_named(classic: ReadExport) -> None:
    assert classic.said("unknown-shortcode") == [
        'the shortcode [fancybox style="keptstyle"] is of a plugin; only the text within it was kept',
        'the shortcode [contact-form-7 id="keptform" title="x"] is of a plugin; only the text within it was kept',
    ]
    assert classic.said("gallery-without-pictures") == [
        "pictures of a gallery are not in this export: 99",
        "pictures of a gallery are not in this export: all of the post",
    ]


@pytest.mark.parametrize(
    "prose",
    ['[doc = "why"]', '[must_use = "why"]', "[a = b]", "[x == y]", "[/etc]", "[sic]", "[[gallery]]"],
)
def test_brackets_that_are_no_shortcode_stay(tmp_path: Path, prose: str) -> None:
    path = tmp_path / "export.xml"
    path.write_text(exports.export(exports.item(1, f"<p>before {prose} after</p>")), encoding="utf-8")
    made = read(WordPress(), path)
    assert f"before {prose.replace('[[', '[').replace(']]', ']')} after" in made.post("Post 1").body.text
    assert not made.unproved()


@pytest.mark.parametrize(
    "shortcode",
    ['[box a="b"]', "[box a=b]", "[box one a='b']", "[box /]", "[poll 3]", "[box]x[/box]", '[box=1 a="b c"]'],
)
def test_a_shortcode_of_a_plugin_is_named(tmp_path: Path, shortcode: str) -> None:
    path = tmp_path / "export.xml"
    path.write_text(exports.export(exports.item(1, f"<p>before {shortcode} after</p>")), encoding="utf-8")
    made = read(WordPress(), path)
    assert "[" not in made.post("Post 1").body.text
    assert len(made.said("unknown-shortcode")) == 1


def test_a_more_mark_gives_the_summary(classic: ReadExport) -> None:
    assert classic.post("Post 2").summary == "keptlead words here"
    assert "keptrest" in classic.text("Post 2")


def test_a_podcast_plugins_recording_is_the_posts_own(classic: ReadExport) -> None:
    post = classic.post("Post 15")
    assert post.audio is not None
    assert (post.audio.media.url, post.audio.bytes, post.audio.duration) == (
        "https://media.example/keptepisode.mp3?x=1",
        7531,
        448,
    )
    assert post.number == 12


def test_a_draft_has_no_old_address_and_a_login_that_is_an_address_is_no_name(classic: ReadExport) -> None:
    assert (classic.post("Post 3").address, classic.post("Post 3").at) == (
        "",
        None if False else classic.post("Post 3").at,
    )
    assert classic.post("Post 17").authors == ()
    assert classic.post("Post 18").at is None


def test_comments_and_forms_are_counted_and_not_read(blocks: ReadExport) -> None:
    assert blocks.said("comments") == ["left out 1 comment"]
    assert blocks.said("other-type") == ["left out 1 item of the type `feedback`, which may be of a plugin or a theme"]
    assert blocks.said("reusable-block") == ["the reusable block 41 is not in this export"]
    assert len(blocks.outcome(Outcome.HELD)) == 1


def test_an_export_in_parts_is_one_export(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "site/1.xml": exports.export(exports.item(1, '[gallery ids="2"]')),
        "site/2.xml": exports.export(exports.attachment(2, f"{exports.UPLOADS}/keptpicture.jpg"), exports.item(3)),
    }
    export = read(WordPress(), write_zip(tmp_path / "export.zip", members))
    assert [post.title for post in export.publication.posts] == ["Post 1", "Post 3"]
    assert "keptpicture.jpg" in export.text("Post 1")


def test_an_export_is_no_feed_and_a_feed_no_export(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(exports.blocks(), encoding="utf-8")
    assert not recognises(Feed(), path)
    path.write_text(
        '<rss version="2.0"><channel><generator>https://wordpress.org/?v=6</generator></channel></rss>',
        encoding="utf-8",
    )
    assert not recognises(WordPress(), path)
    assert recognises(Feed(), path)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("<h2>Head</h2>\ntext", "<h2>Head</h2><p>text</p>"),
        ("<ul>\n<li>a\nb</li>\n</ul>", "<ul>\n<li>a<br>\nb</li>\n</ul>"),
        ("a <strong>b\nc</strong>", "<p>a <strong>b<br>\nc</strong></p>"),
        ("<div>in\n\ntwo</div>", "<div><p>in</p>\n<p>two</p></div>"),
        ("<p>already\nhere</p>", "<p>already<br>\nhere</p>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ("a<br />\nb", "<p>a<br>\nb</p>"),
        ("", ""),
    ],
)
def test_paragraphs_of_the_classic_editor(source: str, expected: str) -> None:
    assert with_paragraphs(source).strip() == expected


@pytest.mark.parametrize(
    "opening", ["<!-- ", "<!-- wp:a {", "<pre>", "[members]", "[code]", '<sup data-fn="', "[a ", "<p", '[a "']
)
def test_openings_without_an_end_do_not_hang_it(tmp_path: Path, opening: str) -> None:
    source = exports.export(exports.item(1, f"keptbefore {opening * 10_000}"))
    path = tmp_path / "export.xml"
    path.write_text(source, encoding="utf-8")
    with open_source(path) as files:
        (post,) = WordPress().read(files, ReadOptions(now=NOW), Notes()).posts
    assert "keptbefore" in post.body.text


def test_the_number_of_a_post_on_another_site_is_no_post_of_ours(tmp_path: Path) -> None:
    item = (
        '<item><title>One</title><link>https://old.example/one/</link><content:encoded><![CDATA[<p><a href="http://other.example/?p=7">there</a>'
        ' <a href="https://old.example/?p=7">here</a></p>]]></content:encoded><wp:post_id>7</wp:post_id><wp:status>publish</wp:status>'
        "<wp:post_date>2024-01-01 09:00:00</wp:post_date><wp:post_type>post</wp:post_type></item>"
    )
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    head = "<link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>"
    path = tmp_path / "export.xml"
    path.write_text(f'<rss version="2.0" {spaces}><channel>{head}{item}</channel></rss>', encoding="utf-8")
    assert (
        read(WordPress(), path).text("One").strip()
        == "[there](http://other.example/?p=7) [here](https://old.example/one/)"
    )
