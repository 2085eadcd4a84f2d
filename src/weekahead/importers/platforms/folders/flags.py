"""Who may read a text, told by the keys of its front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weekahead.importers.platforms.folders.values import flag_of, text_of
from weekahead.importers.platforms.moments import NO_MOMENT, instant_and_day
from weekahead.importers.post import Access
from weekahead.lint.rules.text_helpers import split_words

if TYPE_CHECKING:
    from weekahead.importers.platforms.folders.post_maker import Facts

_HIDING = {
    **dict.fromkeys(("draft", "drafts", "isdraft", "wip", "unfinished"), Access.DRAFT),
    **dict.fromkeys(
        (
            "private",
            "hidden",
            "unlisted",
            "secret",
            "headless",
            "eleventyexcludefromcollections",
            "membersonly",
            "archived",
        ),
        Access.PRIVATE,
    ),
    **dict.fromkeys(("paid", "premium", "paywall"), Access.PAID),
}
"""Keys that say, where they are true, that a text is not for everybody."""
_SHOWING = ("published", "publish", "public", "ispublished", "dgpublish", "live")
_PUBLIC_STATES = frozenset(split_words("published publish public ready final live done visible everyone all"))
_STATES = {
    **dict.fromkeys(split_words("private hidden unlisted members internal password trash deleted"), Access.PRIVATE),
    **dict.fromkeys(split_words("paid premium paying tiers"), Access.PAID),
    **dict.fromkeys(split_words("scheduled future"), Access.SCHEDULED),
    **dict.fromkeys(split_words("withdrawn unpublished retracted"), Access.WITHDRAWN),
}


def access_of(facts: Facts, public: bool) -> Access:
    """Return who may read a text: everybody, if every key says so, or where there is none, if `public`."""
    said = [*(_hiding(facts.take(key), access) for key, access in _HIDING.items())]
    said += [_showing(facts.take(key)) for key in _SHOWING]
    said += [_state(facts.take(key)) for key in ("status", "visibility", "access", "audience", "state")]
    if text_of(facts.take("password")):
        said.append(Access.PRIVATE)
    found = [access for access in said if access is not None]
    against = [access for access in found if access is not Access.PUBLIC]
    if against:
        return next((access for access in (Access.PRIVATE, Access.PAID) if access in against), against[0])
    return Access.PUBLIC if found or public else Access.DRAFT


def _hiding(value: Any, access: Access) -> Access | None:
    if value is None:
        return None
    return Access.PUBLIC if flag_of(value) is False else access


def _showing(value: Any) -> Access | None:
    """Return what a key says that is true of what is public. A date there is the day on which it came out."""
    if value is None:
        return None
    return Access.PUBLIC if flag_of(value) or instant_and_day(value) != NO_MOMENT else Access.DRAFT


def _state(value: Any) -> Access | None:
    word = text_of(value).lower()
    if not word:
        return None
    return Access.PUBLIC if word in _PUBLIC_STATES else _STATES.get(word, Access.DRAFT)
