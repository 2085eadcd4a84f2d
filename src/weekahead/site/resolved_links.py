"""Where the links of each issue lead, and what they bring with them; remembered for as long as nothing has moved.

To follow every link of a long archive takes longer than all else in a small rebuild. Which links there are depends on an
issue's own texts, and where they lead on where everything else is. So a route is remembered with the name of both; when
something else has moved, its links are followed anew, but no text is asked for them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.markdown.renderer import RenderedText, line_of
from weekahead.model.findings import Finding, Location, Severity, TextFinding
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Text
from weekahead.runtime import ledger
from weekahead.runtime.store import Store
from weekahead.site.links import Target, files_of, internal_links, is_external, resolve_link
from weekahead.site.published import Place, PublishedIssue, PublishedView

ABOUT_TIME = "too-slow"
"""The rule of a fault that another day, or another machine, may not find."""


class ResolvedLink(Struct, frozen=True, array_like=True):
    """An address in an issue's n-th text that depends on the rest of the letter, and where it leads from there.

    The letter's sign-off counts as an issue's last text.
    """

    text: int
    address: str
    target: Target


class ResolvedLinks(Struct, frozen=True, array_like=True):
    """All that the texts of one issue ask of the rest of the letter, and what is wrong with them by themselves."""

    own: str
    """Names the issue's own part in it."""
    name: str = ""
    """Names where every link leads: two routes of one name place their texts alike."""
    led: tuple[ResolvedLink, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """Files of the letter to publish for it, with their paths in the site."""
    faults: tuple[tuple[int, TextFinding], ...] = ()
    """What must not be published, by the number of the text."""
    words: int = 0
    """Words of the body."""


class Remembered(Struct, array_like=True):
    """The routes of one run, by the issue's file; `map` names where everything was, `ground` what else they stand on."""

    ground: str = ""
    map: str = ""
    routes: dict[str, ResolvedLinks] = {}


class LinkResolver:
    """The routes of a letter's public issues. `engine` names what makes HTML; `store` keeps routes
    between runs, under a name."""

    def __init__(
        self, public: PublishedView, files: frozenset[str], texts: RenderedTexts, store: Store, engine: str, name: str
    ) -> None:
        self._public, self._files, self._texts, self._store, self._name = public, files, texts, store, name
        head, where = public.config, [f"{place.source.file}\n{place.path}" for place in public.places]
        signoff = head.signoff and head.signoff.digest
        self._map = hash_value(["\n".join(each) for each in (where, sorted(files), sorted(public.withheld))])
        self._ground = hash_value([head.url, signoff, engine])
        self._before = ledger.load(store, "routes", name, Remembered) or Remembered()
        self._found: dict[str, ResolvedLinks] = {}

    def unknown(self) -> list[Text]:
        """The texts that must be read before every route is known."""
        found: list[Text] = []
        for place in self._public.places:
            if known := self._known(place):
                self._found[place.source.file] = known
            else:
                found += self.texts(place)
        return found

    def texts(self, place: Place) -> tuple[Text, ...]:
        """The texts on a page; an issue's ends with the sign-off."""
        signoff = self._public.config.signoff
        return (*place.texts, signoff) if signoff and isinstance(place, PublishedIssue) else place.texts

    @cached_property
    def all(self) -> list[tuple[Place, ResolvedLinks]]:
        """Every issue and page with its route."""
        return [(place, self.of(place)) for place in self._public.places]

    def of(self, place: Place) -> ResolvedLinks:
        """The route of an issue or a page."""
        file = place.source.file
        found = self._found.get(file)
        if found is None:
            found = self._found[file] = self._known(place) or self._read(place)
        return found

    def keep(self) -> None:
        """Remember the routes for the next run."""
        kept = {
            file: route
            for file, route in self._found.items()
            if not any(fault.rule == ABOUT_TIME for _, fault in route.faults)
        }
        after = Remembered(self._ground, self._map, kept)
        ledger.save(self._store, "routes", self._name, self._before, after)

    def _known(self, place: Place) -> ResolvedLinks | None:
        found = self._before.routes.get(place.source.file) if self._before.ground == self._ground else None
        if found is None or found.own != _own(place):
            return None
        if self._before.map == self._map:
            return found
        return self._led(place, ((each.text, each.address) for each in found.led), found.faults, found.words)

    def _read(self, place: Place) -> ResolvedLinks:
        facts = [self._texts.facts(text) for text in self.texts(place)]
        url = self._public.config.url
        return self._led(
            place,
            ((number, address) for number, found in enumerate(facts) for address in _dependent(found, url)),
            tuple((number, fault) for number, found in enumerate(facts) for fault in found.faults),
            self._texts.facts(place.texts[-1]).words,
        )

    def _led(
        self,
        place: Place,
        addresses: Iterable[tuple[int, str]],
        faults: tuple[tuple[int, TextFinding], ...],
        words: int,
    ) -> ResolvedLinks:
        """The route of a place whose texts hold these addresses, faults and words."""
        led = tuple(
            ResolvedLink(text, address, resolve_link(self._public, self._files, place, address))
            for text, address in addresses
        )
        files = files_of(self._files, place, (each.target for each in led))
        return ResolvedLinks(
            own=_own(place),
            name=hash_value([(each.address, each.target.address) for each in led]) if led else "",
            led=led,
            files=tuple(sorted(files.items())),
            faults=faults,
            words=words,
        )


def _own(place: Place) -> str:
    head = place.issue.head if isinstance(place, PublishedIssue) else place.leaf.head
    return f"{head}{place.texts[-1].digest}"


def _dependent(found: RenderedText, url: str) -> Iterator[str]:
    """The addresses of a text that lead somewhere in the letter. One to a part of the same text always does."""
    ids = {f"#{name}" for name in found.ids}
    for address in internal_links(found, url):
        if address not in ids and not is_external(address, url):
            yield address


def text_faults(public: PublishedView, routes: LinkResolver, mild: frozenset[str]) -> Iterator[Finding]:
    """What the conversion found in the texts of the public issues; in previews of others it is a warning."""
    for place, route in routes.all:
        for number, fault in route.faults:
            text = routes.texts(place)[number]
            is_preview = place.mark is not None and text is not public.config.signoff
            yield _fault(text, fault, is_preview or fault.rule in mild)


def _fault(text: Text, fault: TextFinding, is_warning: bool) -> Finding:
    return Finding(
        where=Location(fault.file, fault.line) if fault.file else text.at(fault.line),
        rule=fault.rule,
        message=fault.message,
        hint=fault.hint,
        severity=Severity.WARNING if is_warning else Severity.ERROR,
    )


def broken_links(
    public: PublishedView, routes: LinkResolver, texts: RenderedTexts, outputs: Mapping[str, object]
) -> Iterator[Finding]:
    """A finding for each address of an issue or a page that leads nowhere in the site."""
    by_path = {place.path: place for place in public.places}

    def has_id(target: Target) -> bool:
        """Does the page have the id? Only those of texts are asked; other pages are the theme's."""
        there = by_path.get((target.path or "").rstrip("/") + "/")
        return there is None or any(target.fragment in texts.facts(text).ids for text in there.texts)

    def problem(target: Target) -> str:
        if target.problem or target.path is None:
            return target.problem
        page = target.path + "index.html" if target.path.endswith("/") or not target.path else target.path
        if page not in outputs and target.path + "/index.html" not in outputs:
            return "leads to nothing in this site"
        if target.fragment and not has_id(target):
            return f'leads to a part "#{target.fragment}" that is not on that page'
        return ""

    for place, route in routes.all:
        for led in route.led:
            # A sign-off may lead to a service at the same address, such as one where readers subscribe.
            if led.text < len(place.texts) and (wrong := problem(led.target)):
                text = place.texts[led.text]
                yield Finding(
                    where=_where(text, texts.words(text), led.address),
                    rule="dead-link",
                    message=f'"{led.address[:80]}" {wrong}',
                    hint=_hint(led.target),
                    severity=Severity.WARNING if place.mark else Severity.ERROR,
                )


def _where(text: Text, words: str, address: str) -> Location:
    return text.at(line_of(words, address))


def _hint(target: Target) -> str:
    if target.problem.endswith("not out"):
        return "It will work once that issue is published."
    if re.match(r"(?i)(www\.|[\w-]+\.(com|org|net|io|dev|rs)\b)", target.address.lstrip("/")):
        return "An address elsewhere begins with https://."
    return "Check the name; capital letters count. A file must lie beside the issue."
