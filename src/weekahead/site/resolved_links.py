"""Where the links of each issue and page lead, and which files they bring along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from urllib.parse import unquote

from msgspec import Struct

from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.markdown.renderer import TOP, RenderedText, line_of
from weekahead.model.findings import Finding, Location, Severity, TextFinding
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Text
from weekahead.runtime.store import Store
from weekahead.site.links import (
    Target,
    by_folder,
    files_of,
    internal_links,
    is_external,
    resolve_in_signoff,
    resolve_link,
)
from weekahead.site.published import Place, PublishedIssue, PublishedView

OUT_OF_TIME = "too-slow"
"""The rule of a fault that another day, or another machine, may not find."""


class ResolvedLink(Struct, frozen=True, array_like=True):
    """An address in an issue's n-th text that depends on the rest of the letter, and where it leads from there.

    The letter's sign-off counts as an issue's last text.
    """

    text: int
    address: str
    target: Target


class ResolvedLinks(Struct, frozen=True, array_like=True):
    """What the texts of one issue or page link to, and what is wrong with them by themselves."""

    own: str
    """Names the texts and the front matter of the issue."""
    texts: tuple[str, ...] = ()
    """The digests of the texts on the page, in order."""
    name: str = ""
    """A digest of where every link leads."""
    led: tuple[ResolvedLink, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """Files of the letter to publish for it, with their paths in the site."""
    faults: tuple[tuple[int, TextFinding], ...] = ()
    """What must not be published, by the number of the text."""
    words: int = 0
    """Words of the body."""


class Resolution(Struct, array_like=True):
    """Digests of what the links of one run were resolved against, and where the links are."""

    url: str = ""
    """A digest of the letter's address, its sign-off and its texts' options."""
    paths: str = ""
    """A digest of the paths of all issues, pages and files."""
    links: list[str] = []
    """The parts of the map in the store."""


class LinkResolver:
    """Resolves the links of a letter's published issues and pages.

    Which links there are depends on an issue's own texts, and where they lead on where everything else is. While no path
    changes, nothing is resolved again; when one has changed, no text is read again for it.
    """

    def __init__(
        self, view: PublishedView, files: frozenset[str], texts: RenderedTexts, store: Store, key: str
    ) -> None:
        self._view, self._files, self._texts, self._store, self._key = view, files, texts, store, key
        config, paths = view.config, [f"{place.source.file}\n{place.path}" for place in view.places]
        signoff = config.signoff and config.signoff.digest
        books = [f"{book.name}\n{book.what}" for book in view.books]
        all_paths = (paths, sorted(view.redirects), sorted(files), sorted(view.withheld), books)
        self._paths = hash_value(["\n".join(each) for each in all_paths])
        self._url = hash_value([config.url, signoff, texts.options])
        self._before = store.load("links", key, Resolution) or Resolution()
        self._links = store.load_map(self._before.links, ResolvedLinks) or {}
        self._found: dict[str, ResolvedLinks] = {}

    def missing(self) -> list[Text]:
        """Return the texts that must be rendered before all links can be resolved."""
        missing: list[Text] = []
        for place in self._view.places:
            if known := self._known(place):
                self._found[place.source.file] = known
            else:
                missing += self.texts(place)
        return missing

    def texts(self, place: Place) -> tuple[Text, ...]:
        """Return the texts on a page; an issue's ends with the sign-off."""
        signoff = self._view.config.signoff
        return (*place.texts, signoff) if signoff and isinstance(place, PublishedIssue) else place.texts

    @cached_property
    def all(self) -> list[tuple[Place, ResolvedLinks]]:
        """Every issue and page with its links."""
        return [(place, self.of(place)) for place in self._view.places]

    def of(self, place: Place) -> ResolvedLinks:
        """Return the links of an issue or a page."""
        file = place.source.file
        found = self._found.get(file)
        if found is None:
            found = self._found[file] = self._known(place) or self._read(place)
        return found

    def save(self) -> None:
        """Remember the links for the next run, but for a text that ran out of time, which it may not do again."""
        kept = {
            file: links
            for file, links in sorted(self._found.items())
            if not any(fault.rule == OUT_OF_TIME for _, fault in links.faults)
        }
        if (self._before.url, self._before.paths, self._links) != (self._url, self._paths, kept):
            parts = self._store.save_map(kept, self._links, self._before.links)
            self._store.save("links", self._key, Resolution(self._url, self._paths, parts))

    def _known(self, place: Place) -> ResolvedLinks | None:
        found = self._links.get(place.source.file) if self._before.url == self._url else None
        if found is None or found.own != _own(place):
            return None
        if self._before.paths == self._paths:
            return found
        again = ((each.text, each.address) for each in found.led)
        return self._resolved(place, again, found.faults, found.words, found)

    def _read(self, place: Place) -> ResolvedLinks:
        facts = [self._texts.facts(text) for text in self.texts(place)]
        url = self._view.config.url
        return self._resolved(
            place,
            ((number, address) for number, found in enumerate(facts) for address in _dependent(found, url)),
            tuple((number, fault) for number, found in enumerate(facts) for fault in found.faults),
            self._texts.facts(place.texts[-1]).words,
        )

    def _target(self, place: Place, text: int, address: str) -> Target:
        """Return what an address in one of a page's texts leads to; the text behind its own is the sign-off."""
        resolve = resolve_link if text < len(place.texts) else resolve_in_signoff
        return resolve(self._view, self._files, place, address)

    def _resolved(
        self,
        place: Place,
        addresses: Iterable[tuple[int, str]],
        faults: tuple[tuple[int, TextFinding], ...],
        words: int,
        before: ResolvedLinks | None = None,
    ) -> ResolvedLinks:
        """Return where the addresses of a page lead: `before`, if all is as it was for the same texts."""
        led = tuple(ResolvedLink(text, address, self._target(place, text, address)) for text, address in addresses)
        files = tuple(sorted(files_of(self._files, place, (each.target for each in led)).items()))
        if before and (before.led, before.files) == (led, files):
            return before
        return ResolvedLinks(
            own=_own(place),
            texts=tuple(text.digest for text in self.texts(place)),
            name=hash_value([(each.address, each.target.address) for each in led]) if led else "",
            led=led,
            files=files,
            faults=faults,
            words=words,
        )


def _own(place: Place) -> str:
    head = place.issue.head if isinstance(place, PublishedIssue) else place.page.head
    return f"{head}{place.texts[-1].digest}"


def _dependent(found: RenderedText, url: str) -> Iterator[str]:
    """Yield the addresses of a text that lead somewhere in the letter, but for those that lead to a part of itself.

    One with spaces around it counts as well, wherever it leads: the page has it without them.
    """
    ids = {f"#{name}" for name in found.ids}
    for address in internal_links(found, url):
        if (
            address not in ids
            and address.lower() not in TOP
            and (address != address.strip() or not is_external(address, url))
        ):
            yield address


def text_faults(public: PublishedView, routes: LinkResolver, mild: frozenset[str]) -> Iterator[Finding]:
    """Yield what the conversion found in the texts of the public issues; in previews of others it is a warning."""
    for place, route in routes.all:
        for number, fault in route.faults:
            text = routes.texts(place)[number]
            is_preview = place.mark is not None and text is not public.config.signoff
            severity = Severity.WARNING if is_preview or fault.rule in mild else Severity.ERROR
            where = Location(fault.file, fault.line) if fault.file else text.at(fault.line)
            yield Finding(where, fault.rule, fault.message, fault.hint, severity)


NAMES_SHOWN = 6
"""Of the files that a finding lists."""


def unnamed_files(routes: LinkResolver, files: frozenset[str]) -> Iterator[Finding]:
    """Yield a warning for each issue or page in whose folder are files that are not published, because nothing names them."""
    folders = by_folder(files)
    places = [place for place, _ in routes.all if place.source.is_folder_issue and place.source.folder in folders]
    if not places:
        return
    published = {name for _, links in routes.all for name, _ in links.files}
    published |= {
        name for place, _ in routes.all for text in place.texts for _, name in text.beside
    }  # read for what they hold
    for place in places:
        folder = place.source.folder
        if left := sorted(name[len(folder) + 1 :] for name in folders[folder] if name not in published):
            listed = [*left[:NAMES_SHOWN], *([f"{len(left) - NAMES_SHOWN} more"] if len(left) > NAMES_SHOWN else [])]
            names = " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))
            what = "1 file beside it is" if len(left) == 1 else f"{len(left)} files beside it are"
            message = f"{what} not published, because no text names {'it' if len(left) == 1 else 'them'}: {names}"
            hint = (
                "Link to what readers should get, or list it in front matter, files: [NAME]; move the rest elsewhere."
            )
            yield Finding(Location(place.source.file, 1), "unnamed-file", message, hint, Severity.WARNING)


def broken_links(
    public: PublishedView, routes: LinkResolver, texts: RenderedTexts, outputs: Mapping[str, object]
) -> Iterator[Finding]:
    """Yield a finding for each address of an issue or a page that leads nowhere in the site."""
    by_path: dict[str, list[Text]] = {}
    for place in public.places:  # two may share a path, which is an error
        by_path.setdefault(place.path, []).extend(place.texts)

    def has_id(target: Target) -> bool:
        """Return whether the page has the id. Only texts are looked at; other pages are the theme's."""
        there = by_path.get((target.path or "").rstrip("/") + "/")
        return (
            there is None
            or f"#{target.fragment.lower()}" in TOP
            or any(target.fragment in texts.facts(text).ids for text in there)
        )

    def problem(target: Target) -> str:
        if target.problem or target.path is None:
            return target.problem
        page = target.path + "index.html" if target.path.endswith("/") or not target.path else target.path
        if page not in outputs:
            return "is a broken link"
        if target.fragment and not has_id(target):
            return f'is a broken link: its page has no id "{target.fragment}"'
        return ""

    in_signoff = set[str]()
    for place, route in routes.all:
        for led in route.led:
            if not (wrong := problem(led.target)) or public.may_have(led.address) or _is_service(public, led):
                continue
            text = routes.texts(place)[led.text]
            is_shared = led.text >= len(place.texts)
            if is_shared and (led.address in in_signoff or may_be_service(led.address)):
                continue
            in_signoff |= {led.address} if is_shared else set()
            words = texts.words(text)
            named = led.address if led.address in words else unquote(led.address)
            where = text.at(_line_of_link(words, led.address))
            severity = Severity.WARNING if place.mark and not is_shared else Severity.ERROR
            yield Finding(where, "dead-link", f'"{_cut(named)}" {wrong}', _hint(led, wrong), severity)


def may_be_service(address: str) -> bool:
    """Return whether an address in letter.yaml may be a program at the letter's own host: written in full, or with a query."""
    return "://" in address or "?" in address


def _is_service(public: PublishedView, led: ResolvedLink) -> bool:
    """Return whether an address is one that letter.yaml names as a service, such as where readers subscribe."""
    config, path = public.config, led.target.path
    form = config.subscribe_form and config.subscribe_form.action
    return path is not None and config.absolute(config.address(path)) in (config.subscribe_url, form)


def _line_of_link(words: str, address: str) -> int:
    """Return the line of a text in which an address is first linked to, or else named, as it is or without its escapes."""
    for written in (address, unquote(address)):
        link = re.search(rf"(?:\]\(\s*<?|\]:\s*<?|=\s*[\"']?){re.escape(written)}(?![^\s)>\"'])", words)
        if link:
            return words.count("\n", 0, link.start()) + 1
    return line_of(words, address if address in words else unquote(address))


LONGEST_ADDRESS = 120
"""Characters of an address in a message."""


def _cut(address: str) -> str:
    return address if len(address) <= LONGEST_ADDRESS else address[: LONGEST_ADDRESS - 1] + "…"


_HOST = re.compile(r"(?i)/?(?:www\.[\w-]+\.[\w.-]+|(?:[\w-]+\.)+([a-z]{2,24}))(?:[/?#]|\Z)")
"""How an address begins that lacks its https://, unless its last part is the ending of a file."""
_ENDING = re.compile(
    r"(?i)md|markdown|html?|txt|pdf|png|jpe?g|gif|svg|webp|avif|ico|css|js|json|xml|ya?ml|toml|[ct]sv|zip|gz|mp[34]|m4a|ogg|opus"
    r"|webm|mov|py|rs|ts|sh|ics|docx?|xlsx?|pptx?|epub"
)


def _hint(led: ResolvedLink, wrong: str) -> str:
    if led.target.problem.endswith("not published"):
        return "It will work once that issue is published."
    if led.target.problem.endswith("no book has this issue"):
        return "Add the book to books: in letter.yaml, or write the address itself."
    if re.search(r"(?i)(\{|%7b)[{%<]", led.target.address):
        return "Braces are a mark of another program. Write the address that it puts there."
    if " has no id " in wrong:
        return "Check the id; a heading's id is its text in small letters, with hyphens for spaces."
    host = _HOST.match(led.address.strip())
    if host and not _ENDING.fullmatch(host[1] or "www"):
        return f"It has no https://, so it names a file here. Write https://{_cut(led.address.strip().lstrip('/'))}"
    return "Check the name and its capital letters. A file must be next to the issue."
