"""Pictures in several sizes, and covers: what phones and lists are given in place of a large original."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from random import Random

import pytest
from PIL import Image
from playwright.sync_api import Browser
from tests.conftest import Folder, issue_text
from tests.site.test_site import browsing, serving

from weekahead.site.pictures import can_resize, resize


def picture(width: int, height: int, kind: str = "JPEG", seed: int = 1, **options: object) -> bytes:
    """A picture of noise, with a corner that tells how it is turned."""
    image = Image.frombytes("L", (width, height), Random(seed).randbytes(width * height)).convert("RGB")
    image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


LARGE = picture(1260, 840)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def exif(orientation: int = 1) -> Image.Exif:
    """What a camera notes: how it was held, and where."""
    found = Image.Exif()
    found[274] = orientation
    found.get_ifd(0x8825)[1] = "N"
    return found


def page(folder: Folder, body: str = "Words.", **keys: str) -> str:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", body, **keys))
    folder.build()
    return folder.read("issues/5-fifth/index.html")


@pytest.fixture
def without_pillow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    can_resize.cache_clear()
    monkeypatch.setitem(sys.modules, "PIL", None)
    yield
    can_resize.cache_clear()


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_page_names_each_size_that_is_made(folder: Folder, kind: str, ending: str) -> None:
    name = f"p.{ending}"
    folder.write(f"issues/{name}", picture(1260, 840, kind))
    found = page(folder, f"![p]({name})")
    assert f'src="/issues/5-fifth/{name}"' in found
    named = re.findall(r"/issues/5-fifth/(p\.\w+\.\w+) (\d+)w", found)
    assert named == [(f"p.480w.{ending}", "480"), (f"p.960w.{ending}", "960")]
    assert f"/issues/5-fifth/{name} 1260w" in found
    for path, width in named:
        made = (folder.root / "site/issues/5-fifth" / path).read_bytes()
        assert opened(made).size == (int(width), int(width) * 2 // 3)
        assert opened(made).format == kind
        assert len(made) < len(picture(1260, 840, kind))
    assert "srcset" not in folder.read("feed.xml")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("small.jpg", picture(590, 300)),
        ("moves.png", picture(900, 600, "PNG", save_all=True, append_images=[Image.new("RGB", (900, 600))])),
        ("moves.webp", picture(900, 600, "WEBP", save_all=True, append_images=[Image.new("RGB", (900, 600))])),
        ("moves.gif", picture(900, 600, "GIF")),
        ("drawn.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"/>'),
    ],
)
def test_what_is_small_or_moves_or_is_drawn_is_left_alone(folder: Folder, name: str, data: bytes) -> None:
    folder.write(f"issues/{name}", data)
    assert "srcset" not in page(folder, f"![p]({name})")
    assert {path for path in folder.site() if path.startswith("issues/5-fifth/")} == {
        "issues/5-fifth/index.html",
        f"issues/5-fifth/{name}",
    }


def test_an_author_who_wrote_a_srcset_keeps_it(folder: Folder) -> None:
    folder.write("issues/p.png", picture(1260, 840, "PNG"))
    found = page(folder, '<img alt="p" src="p.png" srcset="p.png 2x">')
    assert re.findall("srcset=[^>]*", found) == ['srcset="/issues/5-fifth/p.png 2x" width="1260" height="840"']


def test_a_picture_stands_upright_and_says_nothing_of_where_it_was_taken() -> None:
    made = resize(picture(1260, 840, exif=exif(6), comment=b"at home"), 480)
    assert opened(made).size == (480, 720)
    right, left = opened(made).convert("RGB").getpixel((400, 60)), opened(made).convert("RGB").getpixel((60, 60))
    assert isinstance(right, tuple)
    assert right[0] > 200 > right[1] + 100  # the red corner is at the top right
    assert right != left
    assert not opened(made).getexif()
    assert b"at home" not in made


def test_no_size_has_more_bytes_than_the_original() -> None:
    poor = picture(1260, 840, quality=1)
    assert len(resize(poor, 960)) <= len(poor)
    flat = io.BytesIO()
    Image.new("1", (1260, 840)).save(flat, "PNG")
    assert len(resize(flat.getvalue(), 960)) <= len(flat.getvalue())


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_made_smaller_or_left_as_it_is(mode: str) -> None:
    out = io.BytesIO()
    Image.effect_noise((1000, 800), 80).convert(mode).save(out, "PNG")
    made = opened(resize(out.getvalue(), 480))
    assert made.size == ((1000, 800) if mode == "I;16" else (480, 384))
    assert made.has_transparency_data == (mode in ("LA", "RGBA"))


def test_a_damaged_picture_is_published_as_it_is(folder: Folder) -> None:
    whole = picture(1260, 840)
    folder.write("issues/p.jpg", whole[: len(whole) // 4])
    assert "srcset" in page(folder, "![p](p.jpg)")
    assert (folder.root / "site/issues/5-fifth/p.jpg").read_bytes() == whole[: len(whole) // 4]


def test_another_picture_of_the_same_size_is_made_again(folder: Folder) -> None:
    folder.write("issues/p.png", picture(1260, 840, "PNG"))
    page(folder, "![p](p.png)")
    folder.write("issues/p.png", picture(1260, 840, "PNG", seed=2))
    written = {change.path for change in folder.build().changes.written}
    assert {path for path in written if path.startswith("issues/")} == {
        f"issues/5-fifth/{name}" for name in ("p.png", "p.480w.png", "p.960w.png")
    }
    assert not folder.build().changes.written


def test_covers_stand_on_the_front_page_and_small_in_lists(folder: Folder) -> None:
    folder.write("issues/p.jpg", picture(1260, 840))
    folder.write("issues/q.jpg", picture(400, 400))
    folder.write(
        "issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", tags="[a]", cover="{file: q.jpg, alt: q}")
    )
    found = page(folder, tags="[a]", cover="{file: p.jpg, alt: The harbour}")
    assert 'alt="The harbour" width="1260" height="840" srcset="/issues/5-fifth/p.480w.jpg 480w' in found
    front = folder.read("index.html")
    assert '<img src="/issues/5-fifth/p.jpg" alt="" width="1260" height="840" srcset=' in front
    assert '<img src="/issues/4-fourth/q.240w.jpg" alt="" width="80" height="80" loading="lazy">' in front
    assert 'src="/issues/5-fifth/p.240w.jpg"' in folder.read("tags/a/index.html")


def test_without_pillow_originals_have_their_sizes_and_lists_no_large_cover(
    folder: Folder, without_pillow: None
) -> None:
    folder.write("issues/p.jpg", LARGE)
    found = page(folder, "![p](p.jpg)", tags="[a]", cover="{file: p.jpg, alt: The harbour}")
    assert "srcset" not in found
    assert found.count('width="1260" height="840"') == 2
    assert "<img" not in folder.read("tags/a/index.html")
    assert not [path for path in folder.site() if re.search(r"\d+w\.", path)]


@pytest.mark.parametrize(("width", "height"), [(1200, 600), (1280, 720), (900, 700), (600, 600), (500, 900)])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"summary": "What it is about, in words that take more than a line on any screen there is."},
        {
            "audio": "{url: 'https://a.example/a.mp3', bytes: 9, duration: '7:28'}",
            "summary": "Short.",
        },
    ],
    ids=["bare", "summary", "audio"],
)
def test_a_text_begins_on_the_first_screen_whatever_its_cover(
    folder: Folder, browser: Browser, width: int, height: int, more: dict[str, str]
) -> None:
    folder.write("issues/c.jpg", picture(width, height))
    body = "Words.\n\n## One\n\nA.\n\n## Two\n\nB.\n\n## Three\n\nC." if more else "Words."
    title = "A title of some length, as letters have them (edition 8/8)"
    keys = {**more, "cover": "{file: c.jpg, alt: A cover}"}
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", title, body, **keys))
    folder.build()
    with serving(folder.root / "site") as address:
        for size, most in (((1280, 900), 600), ((360, 740), 740)):
            with browsing(browser, viewport={"width": size[0], "height": size[1]}) as page:
                page.goto(f"{address}issues/5-fifth/")
                page.locator(".cover img").evaluate("one => one.decode()")
                top = page.get_by_text("Words.", exact=True).bounding_box()
                cover = page.locator(".cover img").bounding_box()
                title_box = page.locator("h1").bounding_box()
                assert top
                assert cover
                assert title_box
                assert top["y"] < most
                assert cover["y"] + cover["height"] <= top["y"], "the cover lies on the text"
                if size[0] == 1280 and cover["y"] < title_box["y"] + title_box["height"]:
                    assert cover["x"] >= title_box["x"] + title_box["width"], "the cover lies on the title"
