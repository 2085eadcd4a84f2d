import re

import pytest

from weekahead.markdown.emoji import NAME, emoji_for


@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("tada", "🎉"),
        ("+1", "👍"),
        ("thumbsup", "👍"),
        ("e-mail", "📧"),
        ("uk", "🇬🇧"),
        ("heart", "❤\ufe0f"),
        ("hash", "#\ufe0f\u20e3"),
        ("family_man_woman_boy", "👨\u200d👩\u200d👦"),
    ],
)
def test_name_gives_characters(name: str, characters: str) -> None:
    assert emoji_for(name) == characters
    assert re.fullmatch(NAME, name)


@pytest.mark.parametrize("name", ["octocat", "shipit", "Tada", "no_such_emoji", "", ":tada:", "30"])
def test_other_names_give_nothing(name: str) -> None:
    assert emoji_for(name) is None
