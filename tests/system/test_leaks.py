"""Nothing of what is withheld reaches the site: a word that stands nowhere else is in no byte and no name of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import LETTER, NOON, SCHEDULE, Folder, issue_text

LETTERS = int(os.environ.get("LETTERS", "5"))
FRIDAYS = ["2022-01-07", "2022-01-14", "2022-01-21", "2022-01-28", "2022-02-04"]


class Canaries:
    """Words that nobody would write, a new one each time."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self) -> str:
        self.words.append(f"qzx{len(self.words)}vk")
        return self.words[-1]


def hidden(folder: Folder, canary: Canaries, name: str, head: str, folder_issue: bool) -> None:
    """An issue with a canary in every field; `head` withholds it."""
    place = f"issues/{name}-{canary()}"
    picture, sound = f"{canary()}.png", f"{canary()}.mp3"
    text = f"""\
---
{head}
title: {canary()}
slug: {canary()}
series: {{name: {canary()}, part: 1, of: 2}}
tags: [{canary()}, models]
summary: {canary()}
authors: [{canary()}]
research_note: {canary()}
cover: {{file: {picture if folder_issue else "shared.png"}, alt: {canary()}}}
aliases: [/p/{canary()}]
guid: {canary()}
corrected: [{{date: 2031-01-01, what: {canary()}}}]
audio: {{url: "https://{canary()}.example/a.mp3", bytes: 1, chapters: [{{at: "0:00", title: {canary()}}}]}}
next: [{{number: 9, title: {canary()}}}]
extra: {{own: {canary()}}}
---

{canary()} and a [link](https://{canary()}.example/), ![{canary()}]({picture if folder_issue else "shared.png"} "{canary()}").

## {canary()}

A note[^1].

[^1]: {canary()}
"""
    folder.write(f"{place}/index.md" if folder_issue else f"{place}.md", text)
    if folder_issue:
        folder.write(f"{place}/{picture}", canary().encode())
        folder.write(f"{place}/{sound}", canary().encode())
        folder.write(f"{place}/{canary()}.txt", canary())


@settings(max_examples=LETTERS)
@given(
    st.lists(
        st.tuples(st.sampled_from(["draft", "review", "future", "special", "none"]), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
    st.booleans(),
    st.integers(0, 4),
)
def test_nothing_withheld_is_in_the_site(
    kinds: list[tuple[str, bool]], withdrawn: bool, is_idea: bool, published: int
) -> None:
    folder, canary = Folder(Path(tempfile.mkdtemp()) / "letter"), Canaries()
    try:
        folder.write("letter.yaml", LETTER)
        folder.write("issues/shared.png", b"shared")
        for number in range(1, published + 1):
            links = "".join(f" [{number}]({n:04}-p.md)" for n in range(1, number))
            text = issue_text(
                number, FRIDAYS[number - 1], f"Out {number}", f"Words.{links}", slug=f"out-{number}", tags="[models]"
            )
            folder.write(f"issues/{number:04}-p.md", text)
        number = published
        for kind, folder_issue in kinds:
            number += 1
            heads = {
                "draft": f"number: {number}\ndate: {FRIDAYS[0]}\nstatus: draft",
                "review": f"number: {number}\ndate: {FRIDAYS[0]}\nstatus: review",
                "future": f"number: {number}\ndate: 2022-02-{10 + number}\nstatus: ready",
                "special": f"date: 2022-02-{10 + number}\nstatus: ready",
                "none": f"number: {number}",
            }
            hidden(folder, canary, f"{number:04}", heads[kind], folder_issue)
        plan = SCHEDULE.split("upcoming:")[0] + "upcoming:\n"
        plan += f"  - {{number: 20, title: Said in public, state: review, notes: {canary()}}}\n"
        plan += f"  - {{number: 21, title: {canary()}, state: planning, secret: true, notes: {canary()}, series: {canary()}}}\n"
        plan += f"  - {{number: 22, title: {canary()}, state: idea, series: {canary()}}}\n"
        plan += f"backlog: [{canary()}, {{title: {canary()}, notes: {canary()}, tags: [{canary()}]}}]\n"
        folder.write("schedule.yaml", plan)
        if withdrawn:
            name, word = f"issues/0030-{canary()}.md", canary()
            text = issue_text(
                30, FRIDAYS[1], word, f"{canary()} ![]({word}.png)", tags=f"[{canary()}]", aliases=f"[/q/{canary()}]"
            )
            folder.write(f"issues/{word}.png", b"picture")
            folder.write(name, text)
            folder.build(NOON)
            assert word in folder.read("index.html") + folder.read("archive/index.html")
            folder.write(name, text.replace("status: ready", "status: draft"))
        folder.build(NOON)
        for path, data in folder.site().items():
            found = [word for word in canary.words if word in path or word.encode() in data]
            assert not found, (path, found)
    finally:
        shutil.rmtree(folder.root.parent)
