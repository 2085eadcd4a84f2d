"""What a list's program adds around a mail goes out; the same words within a text belong to it."""

from __future__ import annotations

import pytest
from tests.importers.html.conversion import conversion

from weekahead.importers.platforms.beehiiv import Beehiiv
from weekahead.importers.platforms.feeds import Feed

BODY = "<h1>Tides</h1>" + "<p>Some words of a text, with the moon and the sea in it.</p>" * 8
ESSAY = '<p>An essay about unions. <a href="https://a.example/essay">Read it online</a></p>'


def beside(words: str, address: str = "https://a.example/p/tides") -> str:
    return f'<p><a href="{address}">{words}</a></p>'


@pytest.mark.parametrize(
    "html",
    [
        BODY + beside("Unsubscribe", "https://x.us1.list-manage.com/unsubscribe?u=1"),
        BODY + beside("Read it online", "https://mailchi.mp/x/tides") + BODY,
        BODY + '<p><a href="*|UNSUB|*">unsubscribe</a> or <a href="*|UPDATE|*">update your preferences</a></p>' + BODY,
    ],
)
def test_a_link_to_a_program_for_lists_goes_out_of_mails_and_feeds(html: str) -> None:
    for passes in (Beehiiv.html_passes, Feed.html_passes):
        made = conversion(html, passes)
        assert made.rules() == ["furniture"]
        assert "[" not in made.markdown


@pytest.mark.parametrize("html", [beside("Read online") + BODY, BODY + beside("Unsubscribe here")])
def test_a_link_around_a_text_goes_out_of_mails_only(html: str) -> None:
    assert conversion(html, Beehiiv.html_passes).rules() == ["furniture"]
    made = conversion(html, Feed.html_passes)
    assert "](https://a.example/p/tides)" in made.markdown
    assert not made.notes


@pytest.mark.parametrize("html", [BODY + ESSAY + BODY, BODY + ESSAY])
def test_the_same_words_in_a_text_are_its_own(html: str) -> None:
    for passes in (Beehiiv.html_passes, Feed.html_passes):
        made = conversion(html, passes)
        assert "[Read it online](https://a.example/essay)" in made.markdown
        assert not made.notes
