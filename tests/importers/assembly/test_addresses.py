"""Links between issues, to the old site, and to what did not come over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.fake import post, run

from weekahead.build.check import check
from weekahead.importers.assembly.links import UNLINK, rewrite_links
from weekahead.importers.assembly.media import sound_name
from weekahead.importers.post import Access, Post
from weekahead.importers.report import ImportReport

SITE = "https://h.example"


def other(**keys: Any) -> Post:
    return post("fog", "2024-03-08 16:00", "# Part *one*\n\nFog.", address=f"{SITE}/p/fog", **keys)


def brought(root: Path, text: str, *others: Post, **keys: Any) -> tuple[str, ImportReport]:
    """Return what became of a text in a letter of two issues, and the report. The letter has no error."""
    keys = {"url": SITE} | keys
    report = run(root, post("tides", "2024-03-01 16:00", text, address="/p/tides"), *(others or (other(),)), **keys)
    assert [finding for finding in check(root, "2024-04-01").findings if finding.is_error] == []
    found = next(path for path in (root / "issues").rglob("*.md") if "tides" in str(path))
    return found.read_text("utf-8").partition("\n---\n")[2].strip(), report


@pytest.mark.parametrize(
    ("written", "led"),
    [
        ("[a](https://h.example/p/fog)", "[a](0002-fog.md)"),
        ("[a](http://www.h.example/p/fog/)", "[a](0002-fog.md)"),
        ("[a](//h.example/p/fog.html)", "[a](0002-fog.md)"),
        ("[a](/p/fog)", "[a](0002-fog.md)"),
        ("[a](fog)", "[a](0002-fog.md)"),
        ("[a](/P/FOG?utm=1)", "[a](0002-fog.md?utm=1)"),
        ("[a](/p/fog#part-one)", "[a](0002-fog.md#part-one)"),
        ("[a](/p/fog?x=1#part-one)", "[a](0002-fog.md?x=1#part-one)"),
        ("[a](/p/fog#gone)", "[a](0002-fog.md)"),
        ("<https://h.example/p/fog>", "[https://h.example/p/fog](0002-fog.md)"),
        ("See https://h.example/p/fog.", "See [https://h.example/p/fog](0002-fog.md)."),
        ('[a](/p/fog "A title")', '[a](0002-fog.md "A title")'),
        ("[a][r]\n\n[r]: /p/fog", "[a][r]\n\n[r]: 0002-fog.md"),
        ('<a href="/p/fog?a=1&amp;b=2">k</a>', '<a href="0002-fog.md?a=1&amp;b=2">k</a>'),
        ("`[a](/p/fog)`", "`[a](/p/fog)`"),
        ("[a](https://elsewhere.example/p/fog)", "[a](https://elsewhere.example/p/fog)"),
        ("[a](mailto:ida@h.example)", "[a](mailto:ida@h.example)"),
        ("[a](https://h.example/)", "[a](/)"),
        ("[a](/feed)", "[a](/feed.xml)"),
        ("[a](/archive?sort=top)", "[a](/archive/?sort=top)"),
    ],
)
def test_addresses_of_the_old_site_lead_to_what_is_here(tmp_path: Path, written: str, led: str) -> None:
    assert brought(tmp_path / "letter", written)[0] == led


def test_the_id_in_a_query_leads_to_a_post(tmp_path: Path) -> None:
    found, _ = brought(tmp_path / "a", "[a](/?p=12)", other(guid=f"{SITE}/?p=12"))
    assert found == "[a](0002-fog.md)"


def test_a_link_to_a_draft_leads_to_the_old_site(tmp_path: Path) -> None:
    found, report = brought(tmp_path / "a", "[a](/p/fog)", other(access=Access.PAID))
    assert found == "[a](//h.example/p/fog)"
    assert "old-link" in [each.note.rule for each in report.notes]


def test_without_an_old_address_the_words_stay(tmp_path: Path) -> None:
    text = "[a *b*](/nowhere) ![pic](/no.png) ![pic](/no.png \"Under it\") <a href='/no'>c</a>"
    found, report = brought(tmp_path / "a", text, url="")
    assert found == "a *b* pic Under it <a href='#top'>c</a>"
    assert [each.note.rule for each in report.notes].count("dead-link") == 4


def test_a_host_is_learnt_from_links_to_known_posts(tmp_path: Path) -> None:
    found, _ = brought(
        tmp_path / "a",
        "[a](https://ida.substack.example/p/fog)",
        post("fog", "2024-03-08 16:00", address="/p/fog"),
        url="",
    )
    assert found == "[a](0002-fog.md)"


def test_an_address_in_code_or_in_the_head_of_a_kind_stays(tmp_path: Path) -> None:
    text = "```\n[a](/p/fog)\n```\n\n/// video | https://youtu.be/abcDEF12345\n///"
    assert rewrite_links(text, lambda link: UNLINK, maths=False) == text


def test_a_picture_of_the_old_site_is_not_lost(tmp_path: Path) -> None:
    found, report = brought(tmp_path / "a", "![x](/images/a.png)")
    assert found == "![x](//h.example/images/a.png)"
    assert "not-fetched" in [each.note.rule for each in report.notes]


@given(
    st.lists(
        st.sampled_from(
            ["[a](/x)", "![p](y.png)", "[![i](z.png)](/w)", "<https://h.example/q>", "words ", "`c`", "\n\n", "*e* "]
        ),
        max_size=8,
    )
)
def test_rewriting_to_the_same_addresses_changes_nothing(parts: list[str]) -> None:
    text = " ".join(parts)
    assert rewrite_links(text, lambda link: link.target, maths=False) == text
    bare = rewrite_links(text, lambda link: UNLINK, maths=False)
    assert not re.search(r"\]\(", bare)


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_a_file_can_have(name: str) -> None:
    sound = sound_name(name)
    assert sound
    assert not {*sound} & {*'\\/:*?"<>|#%\n\0'}
    assert not sound.startswith((".", "-"))
    assert len(sound.encode()) < 250


@pytest.mark.parametrize(
    ("written", "led"),
    [
        ("[a *b*](javascript:alert(1))", "a *b*"),
        ("[a](file:///etc/passwd)", "a"),
        (
            '<video src="/v.mp4" poster="/p.png"></video>',
            '<video src="//h.example/v.mp4" poster="//h.example/p.png"></video>',
        ),
        (
            '<img srcset="/a.png 1x, /b.png 2x" sizes="9px" src="/a.png" alt="x">',
            '<img src="//h.example/a.png" alt="x">',
        ),
        ("`<video src='/v.mp4'>`", "`<video src='/v.mp4'>`"),
        ("[a](https://[::1/p)", "[a](https://[::1/p)"),
        ("[up](../../x)", "[up](//h.example/x)"),
    ],
)
def test_odd_addresses_come_in_a_safe_form(tmp_path: Path, written: str, led: str) -> None:
    found, report = brought(tmp_path / "a", written)
    assert found == led
    assert report.counts["ready"] == 2


@pytest.mark.parametrize(
    ("written", "led"),
    [
        ("[a](/posts/fog.md)", "[a](0002-fog.md)"),
        ("[a](/posts/Fog.md#part-one)", "[a](0002-fog.md#part-one)"),
        ("[a](/posts/gone.md)", "a"),
        ("[a](/notes.txt)", "a"),
    ],
)
def test_the_name_of_a_text_of_the_export_leads_to_its_issue(tmp_path: Path, written: str, led: str) -> None:
    (tmp_path / "export/posts").mkdir(parents=True)
    for name in ("posts/fog.md", "notes.txt"):
        (tmp_path / "export" / name).write_text("x")
    assert brought(tmp_path / "a", written, export=tmp_path / "export", url="")[0] == led


def test_a_recording_in_a_tag_stands_beside_the_issue(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export/a.mp3").write_bytes(b"ID3 a recording")
    found, _ = brought(tmp_path / "a", '<audio controls src="a.mp3"></audio>', other(), export=tmp_path / "export")
    assert found == '<audio controls src="a.mp3"></audio>'
    assert (tmp_path / "a/issues/0001-tides/a.mp3").is_file()


def test_the_address_of_a_quoted_post_stays_one_of_the_web() -> None:
    text = "/// post | Ida\ndate: 2023-01-02\naddress: https://h.example/p/x/comment/1\nWords.\n///"
    rewritten = rewrite_links(text, lambda link: "http://h.example/p/x/comment/1", maths=False)
    assert "\naddress: http://h.example/p/x/comment/1\n" in rewritten
    assert rewrite_links(text, lambda link: "0001-x.md", maths=False) == text
