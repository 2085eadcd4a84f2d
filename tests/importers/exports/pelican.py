"""Sites of Pelican, nasty on purpose."""

from __future__ import annotations

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")

KEYS = r"""Title: Week 9: keptpiers & cranes
Date: 2024-03-08 16:00
Modified: 2024-03-09
Category: keptcategory
Tags: kepttag1, kepttag two
Slug: week-9
Authors: keptfirst, keptsecond
Summary: keptsummary,
    keptgoes on: here
Cover: images/keptcover.png
Keptkey: keptvalue

keptlead ![keptalt]({static}/images/keptpier.png "keptcaption") and [keptlast]({filename}2024-03-01-week-8.md#keptpart)
and [keptattach]({attach}keptpaper.pdf) and [keptrst]({filename}old.rst) and [kepttag]({tag}tides).

[TOC]

!!! warning "keptheading"
    keptadmonition with

    - a list

    > quoted

        keptcode {static}

``{static}/keptspan``

Term
:   keptmeaning

A keptnote[^1]. Key: keptkeyline

*[HTML]: keptabbreviation

[^1]: keptfootnote
    in two lines
"""

CONFIG = """
import os
os.system("touch secretfile")
SITENAME = "keptsite"
SITEURL = "https://letter.example"
SITESUBTITLE = 'kepttagline'
AUTHOR = "keptowner"
TIMEZONE = "Europe/Oslo"
DEFAULT_LANG = "en"
ARTICLE_URL = "{date:%Y}/{date:%m}/{slug}/"
ARTICLE_SAVE_AS = "{date:%Y}/{date:%m}/{slug}/index.html"
SOCIAL = (("x", os.environ["HOME"]),)
"""


def letter() -> dict[str, str | bytes]:
    """Return a site with settings that would do harm if they were run."""
    return {
        "pelicanconf.py": CONFIG,
        "content/2024-03-01-week-8.md": "Title: Week 8\nCategory: keptcategory\n\nTides.\n",
        "content/week-9.md": KEYS,
        "content/folder/in-folder.md": "Title: In a folder\nDate: 2024-02-01\nStatus: published\n\nkeptfoldertext\n",
        "content/draft.md": "Title: Draft\nDate: 2024-01-01\nStatus: draft\n\nx\n",
        "content/hidden.md": "Title: Hidden\nDate: 2024-01-01\nStatus: hidden\n\nx\n",
        "content/yaml.md": "---\ntitle: keptyaml\ndate: 2024-01-05\n---\nkeptyamltext\n",
        "content/nothing.md": "No headers at all.\n",
        "content/old.rst": "Old\n###\n\n:date: 2020-01-01\n\nkeptold\n",
        "content/pages/about.md": "Title: About\n\nx\n",
        "content/images/keptpier.png": PNG,
        "content/images/keptcover.png": PNG + b"c",
        "content/keptpaper.pdf": b"%PDF",
    }


def bare() -> dict[str, str | bytes]:
    """Return a folder of texts alone, as some letters keep them."""
    return {
        "content/2014-06-01-one.md": "Title: One\nNumber: 1\nDate: 2014-06-01\n\nkeptone {{ keptbraces }} {% keptpercent %}\n",
        "content/2014-06-08-two.md": "title: Two\ndate: 2014-06-08 20:00\n\nkepttwo\n",
    }
