"""A frame of a known video host is shown as a video of ours; any other frame is active content."""

from __future__ import annotations

import re

import pytest
from tests.conftest import LETTER, NOON, Folder, issue_text

from weekahead.build.fix import fix
from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import convert, place
from weekahead.model.findings import BuildError, Severity

FRAME = '<iframe src="https://www.youtube.com/embed/yJDv-zdhzMY"></iframe>'
PAGE = "https://www.youtube.com/watch?v=yJDv-zdhzMY"


def html(text: str) -> str:
    return place(convert(text), {})


def figure(address: str = PAGE, title: str = "YouTube") -> str:
    return f'<figure class="video"><p><a href="{address}">{title}</a></p><figcaption>video</figcaption></figure>'


@pytest.mark.parametrize(
    ("source", "address", "title"),
    [
        ("https://www.youtube.com/embed/yJDv-zdhzMY", PAGE, "YouTube"),
        ("http://youtube.com/embed/yJDv-zdhzMY?rel=0", PAGE, "YouTube"),
        (" //www.youtube-nocookie.com/embed/yJDv-zdhzMY?start=90&amp;end=99 ", f"{PAGE}&amp;t=90", "YouTube"),
        ("https://m.youtube.com/v/yJDv-zdhzMY", PAGE, "YouTube"),
        ("https://youtu.be/yJDv-zdhzMY", PAGE, "YouTube"),
        (
            "https://www.youtube.com/embed/videoseries?list=PL-ab_9",
            "https://www.youtube.com/playlist?list=PL-ab_9",
            "YouTube",
        ),
        (
            "https://www.youtube.com/embed/live_stream?channel=UC9",
            "https://www.youtube.com/embed/live_stream?channel=UC9",
            "YouTube",
        ),
        (
            "https://player.vimeo.com/video/76979871?h=8272103f6e&amp;x=1",
            "https://vimeo.com/76979871/8272103f6e",
            "Vimeo",
        ),
        ("https://player.vimeo.com/video/76979871#t=30s", "https://vimeo.com/76979871", "Vimeo"),
        ("https://vimeo.com/showcase/3253534/embed", "https://vimeo.com/showcase/3253534/embed", "Vimeo"),
    ],
)
def test_a_frame_of_a_video_is_a_link_to_its_page(source: str, address: str, title: str) -> None:
    text = (
        f'Before.\n\n<iframe src="{source}" width=560 allowfullscreen title="{title} video player"></iframe>\n\nAfter.'
    )
    assert html(text) == f"<p>Before.</p>\n{figure(address, title)}\n<p>After.</p>"
    assert not convert(text).faults


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"<p>{FRAME}</p>", figure()),
        (f'<div style="height: 0">\n{FRAME}\n</div>', figure()),
        (f'<figure class="embed"><div>{FRAME}</div></figure>', figure()),
        (
            f"<figure>{FRAME}<figcaption>Words</figcaption></figure>",
            f"<figure>{figure()}<figcaption>Words</figcaption></figure>",
        ),
        (f'<div id="here">{FRAME}</div>', f'<div id="here">{figure()}</div>'),
        (f"Look: {FRAME} and on.", f'<p>Look: <a href="{PAGE}">YouTube</a> and on.</p>'),
        (f"> {FRAME}", f"<blockquote>\n{figure()}\n</blockquote>"),
        (FRAME.replace("<iframe", '<iframe title="1 < 2 &amp; &quot;x&quot;"'), figure(title='1 &lt; 2 &amp; "x"')),
        (f"{FRAME}\n{FRAME}", f"{figure()}\n{figure()}"),
    ],
)
def test_a_frame_is_shown_where_it_stands(text: str, shown: str) -> None:
    assert html(text) == shown
    assert not convert(text).faults


@pytest.mark.parametrize(
    "frame",
    [
        FRAME.replace("www.youtube.com", "www.youtube.com.evil.example"),
        FRAME.replace("www.youtube.com", "evil.example"),
        FRAME.replace("www.youtube.com", "www.youtube.com@evil.example"),
        FRAME.replace("www.youtube.com", "www.youtube.com:8080"),
        FRAME.replace("https://www", "javascript://www"),
        FRAME.replace("https://www.youtube.com", "https:\\\\www.youtube.com"),
        FRAME.replace("></", ' srcdoc="<b>x</b>"></'),
        FRAME.replace("></", ' onload="x()"></'),
        FRAME.replace("></", ">The rest of a letter that was never closed.</"),
        FRAME.replace("src=", "data-src="),
        f'<a href="https://other.example/">{FRAME}</a>',
        f"<noscript>{FRAME}</noscript>",
        FRAME.replace("iframe", "embed"),
        "<iframe src='https://open.spotify.example/embed/1'></iframe>",
        "<iframe></iframe>",
    ],
)
def test_another_frame_is_active_content(frame: str) -> None:
    assert "active-content" in {fault.rule for fault in convert(f"First.\n\n{frame}").faults}


def test_a_frame_behind_a_video_is_found_in_its_own_line() -> None:
    text = f'{FRAME}\n\nA [map](https://maps.example/x).\n\n<iframe\n  src="https://maps.example/x"></iframe>\n'
    assert [fault.line for fault in convert(text).faults] == [6]


def fifth(folder: Folder, body: str, **keys: str) -> str:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", body, **keys))
    return body


def test_a_page_with_a_video_keeps_its_policy_and_its_feeds_a_link(folder: Folder) -> None:
    fifth(folder, FRAME)
    folder.build()
    page = folder.read("issues/5-fifth/index.html")
    assert figure().replace(">video<", ">Video<") in page
    assert "Content-Security-Policy" in page
    assert f'href="{PAGE}"' in folder.read("feed.xml")
    found = [finding for finding in folder.check().findings if finding.rule == "video-frame"]
    assert [(finding.severity, finding.where.line) for finding in found] == [(Severity.WARNING, 8)]


@pytest.mark.parametrize("where", ["issue", "letter"])
def test_a_frame_stays_where_active_content_is_allowed(folder: Folder, where: str) -> None:
    if where == "letter":
        folder.write("letter.yaml", f"{LETTER}allow: [active-content]\n")
    fifth(folder, FRAME, **({"allow": "[active-content]"} if where == "issue" else {}))
    folder.build()
    assert FRAME in folder.read("issues/5-fifth/index.html")
    assert "video-frame" not in {rule for *_, rule in folder.rules()}
    fifth(folder, FRAME)
    if where == "issue":
        folder.build()
        assert FRAME not in folder.read("issues/5-fifth/index.html")


def test_another_frame_stops_a_build_until_it_is_allowed(folder: Folder) -> None:
    fifth(folder, '<iframe src="https://maps.example/x"></iframe>')
    with pytest.raises(BuildError, match="a frame"):
        folder.build()
    fifth(folder, '<iframe src="https://maps.example/x"></iframe>', allow="[active-content]")
    folder.build()


def test_options_with_frames_are_others() -> None:
    assert FRAME in place(convert(FRAME, options=TextOptions(frames=True)), {})


@pytest.mark.parametrize(
    "body",
    [
        FRAME,
        f"Before.\n\n{FRAME}\n\nAfter.",
        f"Before.\n{FRAME}\n\nAfter.",
        f"Before.\n\n   <p>{FRAME}</p>  \n\nAfter.",
        f'<figure class="kg-card">\n<div style="x">\n{FRAME}\n</div>\n</figure>\n\n{FRAME}',
        FRAME.replace("<iframe", '<iframe title="A *b* [c] &amp; `d` | e_f_ $5 ~x~"'),
        FRAME.replace(" src", "\n  src"),
    ],
)
def test_a_fix_writes_what_the_page_shows(folder: Folder, body: str) -> None:
    path = folder.root / "issues/0005-fifth.md"
    fifth(folder, body)
    folder.build()
    before = folder.read("issues/5-fifth/index.html")
    assert fix(folder.root)
    text = path.read_text()
    assert "iframe" not in text
    assert text.count("/// video | ") == body.count("</iframe>")
    folder.build()
    after = folder.read("issues/5-fifth/index.html")
    shown, fixed = (re.sub(r"\s+", " ", page.partition("<main")[2]) for page in (before, after))
    assert shown == fixed
    assert not folder.check(NOON).findings
    assert not fix(folder.root)


@pytest.mark.parametrize(
    "body",
    [
        f"Look: {FRAME} and on.",
        f"- {FRAME}",
        f"/// note | N\n{FRAME}\n///",
        f"<div>Words {FRAME}</div>",
        f"> {FRAME}",
        f"{FRAME}\nWords",
    ],
)
def test_a_frame_among_other_things_has_a_hint_and_no_fix(folder: Folder, body: str) -> None:
    fifth(folder, body)
    [finding] = [finding for finding in folder.check().findings if finding.rule == "video-frame"]
    assert PAGE in finding.hint
    assert not fix(folder.root)
