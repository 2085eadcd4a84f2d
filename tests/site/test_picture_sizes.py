"""Pictures have their width and height, so that a page does not jump while they load."""

from __future__ import annotations

import re

import pytest
from tests.conftest import Folder, issue_text, png


def pictures(folder: Folder, body: str, **keys: str) -> list[str]:
    """The pictures of a page, each with all that is said of it."""
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", body, **keys))
    folder.build()
    return re.findall(r"<img [^>]*>", folder.read("issues/5-fifth/index.html"))


SIZE = 'width="300" height="200"'


@pytest.mark.parametrize(
    "body",
    [
        "![p](p.png)",
        '![p](p.png "A caption")',
        "[![p](p.png)](p.png)",
        "> - ![p](./sub/../p.png?x=1#y)",
        "![p](p%2Epng)",
        '<img alt="p" src="p.png" srcset="p.png 2x">',
        "![p](/issues/5-fifth/p.png) ![again](p.png)",
    ],
)
def test_a_picture_beside_the_text_has_its_size(folder: Folder, body: str) -> None:
    folder.write("issues/p.png", png(300, 200))
    found = pictures(folder, body)
    assert found
    assert SIZE in found[-1]
    assert "width=" not in folder.read("feed.xml")


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="p" src="p.png" width="30">',
        '<img alt="p" src="p.png" height="30">',
        "![p](https://x.example/p.png)",
        "![p](p.svg)",
        "![p](broken.png)",
        "![p](data:image/png;base64,AAAA)",
    ],
)
def test_another_picture_is_as_its_author_wrote_it(folder: Folder, body: str) -> None:
    for name, data in {"p.png": png(300, 200), "p.svg": b"<svg/>", "broken.png": b"png"}.items():
        folder.write(f"issues/{name}", data)
    [found] = pictures(folder, body)
    assert SIZE not in found
    assert len(re.findall("width=|height=", found)) == len(re.findall("width=|height=", body))
    assert "wa-" not in found


def test_a_cover_has_its_size(folder: Folder) -> None:
    folder.write("issues/p.png", png(300, 200))
    folder.write("issues/p.svg", b"<svg/>")
    assert pictures(folder, "Words.", cover="{file: p.png, alt: p}") == [
        f'<img src="/issues/5-fifth/p.png" alt="p" {SIZE}>'
    ]
    assert pictures(folder, "Words.", cover="{file: p.svg, alt: p}") == ['<img src="/issues/5-fifth/p.svg" alt="p">']


def test_another_size_is_another_page(folder: Folder) -> None:
    folder.write("issues/p.png", png(300, 200))
    pictures(folder, "![p](p.png)")
    folder.write("issues/p.png", png(3, 2))
    written = {change.path for change in folder.build().changes.written}
    assert written == {"issues/5-fifth/p.png", "issues/5-fifth/index.html"}
    assert 'width="3" height="2"' in folder.read("issues/5-fifth/index.html")
