"""A letter with everything that an export must bring along or keep to itself."""

from __future__ import annotations

import pytest
from tests.conftest import Folder, issue_text, png, sound

KINDS = """\
Opening with a [link](0001-first.md) and ![a dot](dot.png).

/// note | Where *numbers* come from
Counted, see [the first](0001-first.md#top).
///

/// post | Ann Example
date: 2022-01-03
address: https://post.example/1
Words of a **post**.

- and a list
///

/// video | A talk
address: https://video.example/talk
by: Bob
length: 7:28
///

/// table | Stars
file: stars.csv
source: [a source](https://source.example/)
as of: 2022-01-03
///

/// references
Knuth (1984). Literate programming. doi:10.1093/comjnl/27.2.97
///

/// links
- [Here](https://here.example/): worth it.
///

> [!TIP]
> Stay.

```
/// note
not a note [x](0001-first.md)
///
```

[first]: 0001-first.md
See [the first one][first], a note[^1] and `{{ braces }}`.

[^1]: At the foot.
"""


@pytest.fixture
def rich(folder: Folder) -> Folder:
    """A letter with every kind, a recording, a draft, a folder issue, a page and private words."""
    keys = {
        "tags": "[x, C++]",
        "series": "{name: Basics, part: 1}",
        "audio": "{file: said.wav}",
        "cover": "{file: cover.png, alt: A cover}",
        "summary": "What it is about.",
        "authors": "[Ann, Bob Example]",
        "aliases": "[/p/second]",
    }
    folder.write("issues/0002-second.md", issue_text(2, "2022-01-14", "'Second: a “letter”'", KINDS, **keys))
    folder.write("issues/dot.png", png(2, 2))
    folder.write("issues/cover.png", png(4, 4))
    folder.write("issues/said.wav", sound(9))
    folder.write("issues/stars.csv", "Project,Stars\na|b,12\nc,−3\n")
    folder.write("issues/notes-of-mine.txt", "PRIVATE file")
    folder.write("issues/0007-small/index.md", "---\nnumber: 7\ntitle: Small models\n---\n\nPRIVATE ![x](x.png)\n")
    folder.write("issues/0007-small/x.png", b"PRIVATE picture")
    folder.write("issues/later.md", "---\ntitle: PRIVATE title\n---\n\nPRIVATE [7](0007-small/index.md)\n")
    folder.write("pages/about.md", "# About *us*\n\nSee [the second](../issues/0002-second.md).\n")
    folder.replace("schedule.yaml", "Swarm robotics", "PRIVATE idea")
    folder.replace("schedule.yaml", "state: drafting", "state: drafting, notes: PRIVATE notes")
    folder.replace("schedule.yaml", "horizon: 5", "horizon: 5\n# PRIVATE comment")
    return folder
