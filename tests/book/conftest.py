"""A letter whose series is a book with everything in it that a book may have."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from tests.conftest import LETTER, SCHEDULE, Folder, issue_text

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAFElEQVR4nGNkaGhgwA2Y8MiNYGkAJhkAlJXi0p0AAAAASUVORK5CYII="
)
"""A picture of ten by ten pixels."""
CANARY = "NOTYETWORD"
"""Stands in whatever is not published."""

BOOKS = """\
series:
  - {name: Basics, about: The basics in three letters.}
books:
  - {series: Basics, title: The Basics, leave_out: [links, Left out], preface: pages/preface.md}
"""

FIRST = """\
Words[^a] that are noted twice[^a], and once[^b] more. See [Table 1](#table-1) and [Figure 1](#the-sea).

## A heading

/// table | Stars of frameworks
file: stars.csv
source: GitHub
as of: 2022-01-05
///

![The sea](sea.png "The sea at noon"){#the-sea}

```python
def a_function_with_a_long_name(first_parameter, second_parameter, third_parameter, fourth_parameter): return 1
```

> [!NOTE]
> Nothing is lost.

- [x] done
- [ ] open

## Left out

What the book does without[^gone], and <video src="https://video.example/v.mp4" title="A film"></video>.

## Kept

A formula, $x^2 + 1$, the [second letter](../0002-second.md#deeper), [its end](../0002-second.md#nowhere-in-the-book),
the [fourth](../0004-fourth.md) and [what was left out](#left-out). <details><summary>More</summary>Hidden words.</details>
<video src="https://video.example/w.mp4" title="Another film"></video> <form><input name="x"> <b>bold</b></form>

[^a]: The first note, with <https://a.example/a/very/long/address/that/must/break/somewhere/or/run/off/the/page/of/a/book>.

[^b]: The second note.

    With two paragraphs.

[^gone]: A note of what is left out.
"""

SECOND = """\
Back to [Table 1](0001-first/index.md#table-1).

/// links
[A page](https://page.example/): worth it.
///

## Deeper

Words below.

## Left out

### Nowhere in the book

Gone.
"""

THIRD = """\
این متن فارسی است و از راست به چپ خوانده می‌شود[^1]. عدد ۱۲۳ و واژهٔ English در میان آن.

[^1]: یادداشت پایین صفحه.
"""

FOURTH = """\
Not of the series.
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Folder:
    """A letter with a book of three parts, the third in Persian, and drafts that nobody may see."""
    return with_a_book(tmp_path / "letter")


def with_a_book(root: Path) -> Folder:
    made = Folder(root)
    made.write("letter.yaml", LETTER + "copyright: © Test Author\nmaths: true\n" + BOOKS)
    made.write("schedule.yaml", SCHEDULE.replace("review}", "review, series: Basics}", 1))
    part = "{{name: Basics, part: {}, of: 4}}"
    corrected = "[{date: 2022-02-01, what: A number was wrong.}]"
    texts = {
        "issues/0001-first/index.md": issue_text(
            1,
            "2022-01-07",
            "First letter",
            FIRST,
            series=part.format(1),
            corrected=corrected,
            research_note="A [draft]({latest})[^n].\\n\\n[^n]: A note of the note.",
        ).replace(
            "research_note: A [draft]({latest})[^n].\\n\\n[^n]: A note of the note.",
            "research_note: |\n  A [draft]({latest})[^n].\n\n  [^n]: A note of the note.",
        ),
        "issues/0002-second.md": issue_text(
            2,
            "2022-01-14",
            "Second letter",
            SECOND,
            series=part.format(2),
            audio="{url: 'https://audio.example/2.mp3', bytes: 7176128, duration: '7:28'}",
        ),
        "issues/0003-third.md": issue_text(3, "2022-01-21", "نامهٔ سوم", THIRD, series=part.format(3), language="fa"),
        "issues/0004-fourth.md": issue_text(4, "2022-01-28", "Fourth letter", FOURTH),
        "issues/0006-secret.md": issue_text(
            6,
            "2022-02-11",
            "Reading a loss curve",
            f"{CANARY} text",
            series=part.format(4),
            status="draft",
            tags=f"[{CANARY}]",
        ),
        "pages/preface.md": "---\ntitle: Before you read\n---\n\nA preface with [a chapter](../issues/0002-second.md).\n",
        "issues/0001-first/stars.csv": "Framework,Stars\nTensorFlow,154162\nPyTorch,47000\n",
    }
    for name, text in texts.items():
        made.write(name, text)
    made.write("issues/0001-first/sea.png", PICTURE)
    return made
