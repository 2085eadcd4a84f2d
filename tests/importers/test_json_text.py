"""JSON that names half of a sign is read, and any other is as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.exports import ghost
from tests.importers.rooms import read, write_folder

from weekahead.importers.json_text import sound_json
from weekahead.importers.platforms.ghost import PLATFORM


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r'"a\ud83d"', "a\ufffd"), (r'"\ude00b"', "\ufffdb"), (r'"\ud83dx\ude00"', "\ufffdx\ufffd"), (r'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"),
        (r'"\uD83D\uDE00"', "\U0001f600"), (r'"\\ud83d"', r"\ud83d"), (r'"\\\ud83d"', "\\\ufffd"), (r'"\u00e9\ud7ff\ue000"', "é\ud7ff\ue000"),
    ],
)  # fmt: skip
def test_half_a_sign_is_one_that_cannot_be_read(written: str, read: str) -> None:
    assert json.loads(sound_json(written)) == read
    assert len(sound_json(written)) == len(written)


@given(st.text())
def test_sound_json_stays(text: str) -> None:
    assert sound_json(json.dumps(text)) == json.dumps(text)


def test_a_ghost_export_with_a_cut_excerpt_comes_over(tmp_path: Path) -> None:
    written = ghost.wrapped(ghost.current())
    (post, *_) = read(
        PLATFORM, write_folder(tmp_path, {"a.json": written.replace('"title": "', '"title": "\\ud83d', 1)})
    ).publication.posts
    assert post.title.startswith("\ufffd")
