"""docs/moving.md, followed word for word with a small export of each kind."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.conftest import some
from tests.importers.exports import ghost, jekyll

from weekahead.source.loader import load_letter

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs/moving.md").read_text("utf-8")
NOON = "1711972800"  # 2024-04-01T12:00:00Z


def substack() -> dict[str, bytes]:
    head = "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n"
    rows, texts = "", {}
    for number in (1, 2, 3):
        rows += f"{number}.tides-{number},2024-03-{number * 7:02}T15:00:00.000Z,true,,,newsletter,everyone,Week {number}: Tides,,\n"
        texts[f"posts/{number}.tides-{number}.html"] = f"<p>The tide of week {number}.</p>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("posts.csv", head + rows)
        archive.writestr("email_list.harbour.csv", "email\nreader@private.example\n")
        for name, text in texts.items():
            archive.writestr(name, text)
    return {"Downloads/export.zip": file.getvalue()}


def wordpress() -> dict[str, bytes]:
    items = "".join(
        f"<item><title>Tides {number}</title><link>https://harbour.example/tides-{number}/</link>"
        f'<guid isPermaLink="false">https://harbour.example/?p={number}</guid>'
        f"<content:encoded><![CDATA[<!-- wp:paragraph --><p>The tide of week {number}.</p><!-- /wp:paragraph -->]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_date>2024-03-{number * 7:02} 09:00:00</wp:post_date>"
        f"<wp:post_date_gmt>2024-03-{number * 7:02} 09:00:00</wp:post_date_gmt><wp:post_name>tides-{number}</wp:post_name>"
        "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:post_password></wp:post_password></item>"
        for number in (1, 2, 3)
    )
    names = {
        "content": "http://purl.org/rss/1.0/modules/content/",
        "wp": "http://wordpress.org/export/1.2/",
        "excerpt": "http://wordpress.org/export/1.2/excerpt/",
        "dc": "http://purl.org/dc/elements/1.1/",
    }
    spaces = " ".join(f'xmlns:{name}="{url}"' for name, url in names.items())
    site = "<wp:base_site_url>https://harbour.example</wp:base_site_url><wp:base_blog_url>https://harbour.example</wp:base_blog_url>"
    channel = f"<channel><title>Harbour</title><link>https://harbour.example</link><wp:wxr_version>1.2</wp:wxr_version>{site}{items}</channel>"
    text = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {spaces}>{channel}</rss>'
    return {"Downloads/wordpress.xml": text.encode()}


SAMPLES = {
    "Substack": (substack, "a Substack export"),
    "Ghost": (lambda: {"Downloads/ghost.json": ghost.wrapped(ghost.current()).encode()}, "a Ghost export"),
    "WordPress": (wordpress, "a WordPress export"),
    "A static site": (
        lambda: {
            f"site/{name}": data if isinstance(data, bytes) else data.encode() for name, data in jekyll.letter().items()
        },
        "a Jekyll site",
    ),
}


def section(title: str) -> str:
    found = re.search(rf"(?ms)^## {title}\n(.*?)(?=^## |\Z)", PAGE)
    assert found, title
    return found[1]


@pytest.mark.parametrize("title", some([*SAMPLES], 4))
def test_each_way_in_works_as_it_is_written(tmp_path: Path, title: str) -> None:
    make, label = SAMPLES[title]
    for name, data in make().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    program = tmp_path / "bin/weekahead"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m weekahead.commands.main "$@"\n')
    program.chmod(0o755)
    lines = "\n".join(re.findall(r"(?ms)^```sh\n(.*?)^```$", section(title)))
    around = os.environ | {
        "HOME": str(tmp_path), "PATH": f"{program.parent}:{os.environ['PATH']}", "SOURCE_DATE_EPOCH": NOON, "NO_COLOR": "1",
    }  # fmt: skip
    done = subprocess.run(["bash", "-c", lines], cwd=tmp_path, env=around, capture_output=True, text=True, check=False)
    assert f" is {label}.\n" in done.stdout, done.stdout + done.stderr
    assert ": error:" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr
    letter = load_letter(tmp_path / "my-letter").require_letter(whole=True)
    assert [issue for issue in letter.issues if issue.status == "ready"]
    assert (tmp_path / "my-letter/site/index.html").is_file()
    assert "private.example" not in "".join(
        path.read_text("utf-8", "replace") for path in (tmp_path / "my-letter").rglob("*") if path.is_file()
    )


def test_every_format_that_the_page_names_is_there() -> None:
    from weekahead.importers.platforms.registry import platforms

    names = {platform.name for platform in platforms()}
    for word in (
        "substack",
        "ghost",
        "wordpress",
        "jekyll",
        "hugo",
        "zola",
        "pelican",
        "eleventy",
        "mkdocs",
        "obsidian",
    ):
        assert word in names
        assert word in PAGE.lower()
