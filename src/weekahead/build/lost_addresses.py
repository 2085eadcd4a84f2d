"""Addresses that were published and are gone: what is known of them, whose they were, and which alias leads there again.

Two memories say what was published: the state of the last build of site/, and the history of issues/ in git. Neither has
any effect on a site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from weekahead.build.state import read_state, site_paths
from weekahead.model.findings import Finding, Location, warning
from weekahead.model.hashing import hash_bytes, hash_value
from weekahead.model.issue import Issue, Page
from weekahead.model.letter import Letter
from weekahead.model.published_address import PublishedAddress
from weekahead.runtime.store import Store
from weekahead.site.addresses import published_addresses
from weekahead.site.groups import Groups, group_issues
from weekahead.site.published import PublishedView, published_view
from weekahead.source.loader import LoadedLetter

ADDRESS_GONE = "address-gone"
FLOOD = 10
"""Addresses of issues from which on all that are gone are one finding: a permalink has changed."""

Addresses = Mapping[str, PublishedAddress]
"""By the path in the site."""


class LostAddress(Struct, frozen=True):
    """The path of a page that is gone, whose it was, and the text that readers should find there, if there is one."""

    path: str
    was: PublishedAddress
    heir: Issue | Page | None

    @property
    def alias(self) -> str:
        """The path as it is written in front matter."""
        return f"/{self.path}"


# -- what was published


def remember_addresses(before: bytes, view: PublishedView, groups: Groups, letter: Letter) -> bytes:
    """Return what to remember of a site that was built: its addresses, and of `before` those that a text has lost since.

    What was dated later than this build had not come out. Lists and texts that are gone are forgotten: who built since has
    seen that.
    """
    day = view.promise.as_of.date()
    published = published_addresses(view, groups)
    now = msgspec.msgpack.encode(published)
    if now == before:
        return now
    gone = {
        path: was
        for path, was in decode_addresses(before).items()
        if path not in published and not was.key and (was.day is None or was.day <= day)
    }
    if not gone:
        return now
    heirs = _Heirs(letter)
    return msgspec.msgpack.encode({path: was for path, was in gone.items() if heirs.of(was)} | published)


def decode_addresses(data: bytes) -> dict[str, PublishedAddress]:
    """Return remembered addresses; none when they are damaged."""
    try:
        return msgspec.msgpack.decode(data, type=dict[str, PublishedAddress]) if data else {}
    except msgspec.MsgspecError:
        return {}


# -- what is gone


def lost_addresses(root: Path, letter: Letter, now: datetime, store: Store) -> list[LostAddress]:
    """Return the addresses that were published by an instant and that no issue, page or alias of the letter has any more.

    `letter` has a day for every issue. Drafts count: what is taken back for a while is not gone.
    """
    from weekahead.source.published_history import addresses_in_git  # which a build does without

    view = published_view(letter, now, drafts=True)
    known = published_addresses(view, group_issues(view)).keys() | {""}
    built = decode_addresses(read_state(site_paths(root / "site")).addresses)
    in_git = addresses_in_git(root, letter, now, known, store)
    heirs = _Heirs(letter)
    committed = {path: each.of for path, each in in_git.items() if each.is_current or heirs.of(each.of)}
    return [
        LostAddress(path, was, heirs.of(was))
        for path, was in sorted((committed | built).items())
        if path not in known and (was.day is None or was.day <= now.date()) and not letter.doubts.may_have(path)
    ]


class _Heirs:
    """Finds the text that was at an address; each of thousands at once."""

    def __init__(self, letter: Letter) -> None:
        self._by_number = letter.by_number
        self._by_file: dict[str, Issue | Page] = {}
        self._by_slug: dict[tuple[str, str], Issue | Page] = {}
        self._by_title: dict[tuple[str, str], Issue | Page] = {}
        texts: list[Issue | Page] = [*letter.issues, *letter.pages]
        for text in texts:
            top = _top(text.source.file)
            self._by_file.setdefault(text.source.file, text)
            self._by_slug.setdefault((top, text.slug), text)
            self._by_title.setdefault((top, text.title), text)

    def of(self, was: PublishedAddress) -> Issue | Page | None:
        """Return the text in the same file, else with the same slug, title or number; of a list, the one in its first file."""
        if same := self._by_file.get(was.file):
            return same
        if was.key:
            return None
        top = _top(was.file)
        alike = self._by_slug.get((top, was.slug)) or self._by_title.get((top, was.title))
        return alike or (None if was.number is None else self._by_number.get(was.number))


def _top(file: str) -> str:
    """Return the folder of the letter that a file is in: issues or pages."""
    return file.partition("/")[0]


# -- what to say of it


def check_addresses(loaded: LoadedLetter, letter: Letter, now: datetime, store: Store) -> tuple[Finding, ...]:
    """Return a warning for each address that is gone, less what is waived; remembered for a day while nothing changes."""
    from weekahead.source.published_history import newest_commit

    root = loaded.folder.root

    def find() -> tuple[Finding, ...]:
        found = address_findings(letter, lost_addresses(root, letter, now, store))
        return tuple(finding for finding in found if not letter.allows(finding))

    built = read_state(site_paths(root / "site")).addresses
    key = hash_value(["addresses", loaded.digest, hash_bytes(built), newest_commit(root), now.date()])
    return store.memo("findings", key, tuple[Finding, ...], find)


def address_findings(letter: Letter, lost: list[LostAddress]) -> Iterator[Finding]:
    """Yield a warning for each address that is gone, and one for all where a whole letter has moved."""
    moved = [each for each in lost if each.heir and not each.was.key]
    if len(moved) > FLOOD:
        yield _all_moved(letter, moved)
    for each in lost:
        if each.heir is None:
            yield _withdrawn(each)
        elif each.was.key:
            yield _list_gone(each, each.heir)
        elif len(moved) <= FLOOD:
            yield _moved(each, each.heir)


def _moved(lost: LostAddress, heir: Issue | Page) -> Finding:
    what = "issue" if isinstance(heir, Issue) else "page"
    message = f'"{lost.alias}", where this {what} was published, is gone'
    return warning(
        _place(heir, "slug"), "address-gone", message, f"So that old links still work: {_advice(lost, heir)}"
    )


NO_MORE = {
    "authors": 'no issue names the author "{}" any more',
    "series": 'no issue is part of the series "{}" any more',
    "tags": 'no issue has the tag "{}" any more',
}


def _list_gone(lost: LostAddress, heir: Issue | Page) -> Finding:
    message = f'{NO_MORE[lost.was.key].format(lost.was.title)}, so its page "{lost.alias}" is gone'
    hint = f"To lead its readers to this issue: {_advice(lost, heir)}"
    return warning(_place(heir, lost.was.key), "address-gone", message, hint)


def _withdrawn(lost: LostAddress) -> Finding:
    if lost.was.key:
        message = f'{NO_MORE[lost.was.key].format(lost.was.title)}, so its page "{lost.alias}" is gone'
    else:
        message = f'this file is gone, and with it "{lost.alias}", where "{lost.was.title}" was published'
    hint = f"If another issue takes its place, write there: aliases: [{lost.alias}]. Otherwise nothing is to be done."
    return warning(Location(lost.was.file), "address-gone", message, hint)


def _all_moved(letter: Letter, moved: list[LostAddress]) -> Finding:
    first = moved[0]
    message = f'{len(moved)} published addresses are gone, such as "{first.alias}" of {first.was.file}'
    hint = "Has the permalink changed? check --fix adds each address to the aliases of its issue, so that old links still work."
    return warning(Location(letter.config.file, letter.config.permalink_line), "address-gone", message, hint)


def _place(heir: Issue | Page, key: str) -> Location:
    """Return where an alias is to be added: at the aliases that there are, else at another key, else at the title."""
    places = (heir.source.at(name) for name in ("aliases", key, "title"))
    return next((place for place in places if place.line > 1), Location(heir.source.file, 1))


def _advice(lost: LostAddress, heir: Issue | Page) -> str:
    aliases = ", ".join([*(f"/{alias}" for alias in heir.aliases), lost.alias])
    return f"aliases: [{aliases}]. check --fix adds it."
