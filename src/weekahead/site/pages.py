"""The public letter as web pages: the only room that knows Jinja.

A page is its template and a small explicit context. The context is plain values, so that it can be
compared with the last build's without rendering anything; a text stands in it as `Html`, a reference that
becomes markup when the page is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, partial
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from msgspec import Struct

from weekahead.markdown.rendered_texts import RenderedTexts, TextRef
from weekahead.model.findings import BuildError, Finding, Location, nearest
from weekahead.model.hashing import hash_bytes, hash_value
from weekahead.model.issue import SeriesPart, Text, playing_time, slugify
from weekahead.model.output import Mould, Output, WriteOrder, output
from weekahead.model.schedule import DAYS
from weekahead.runtime.cpu_limit import CpuLimitExceeded, cpu_limit
from weekahead.runtime.fingerprint_cache import Name, Names
from weekahead.site.links import file_path, internal_links, is_external, resolve_link
from weekahead.site.published import Place, PublishedIssue, PublishedPage, PublishedView, UpcomingRow
from weekahead.site.resolved_links import LinkResolver
from weekahead.theme.colors import DARK, LIGHT, by_day, style_sheet
from weekahead.theme.i18n import Words, words
from weekahead.theme.lookup import Theme

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment
    from markupsafe import Markup

    from weekahead.markdown.renderer import RenderedText
    from weekahead.model.config import SubscribeForm

WORDS_A_MINUTE = 230
BUDGET = 10
"""Seconds of the processor that a page may take; a list of 10,000 issues takes 0.05."""

POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src * data:; media-src *; form-action *; base-uri 'none'"
"""What a browser may load for a page (Content Security Policy, level 3): no script, and no style but the theme's.
Connections to the site itself are for tools that ask for its robots.txt out of a page."""
WITH_SCRIPT = POLICY.replace("default-src 'none'", "default-src 'none'; script-src 'self'")
"""The policy of the one page with a script of ours, the archive's search; the page works without it."""
HEAD_OF_ARCHIVE = 10
ABOUT = "about/"
"""The page beside the issues that the menu of every page leads to, if the letter has one."""


class RenderContext(Struct, frozen=True, kw_only=True, dict=True):
    """What every page is made with."""

    public: PublishedView
    theme: Theme
    texts: RenderedTexts
    routes: LinkResolver
    files: frozenset[str]
    revision: str
    """Names the code and the libraries that make pages."""
    plan: str
    """Names what schedule.yaml says."""
    names: Names

    @cached_property
    def by_path(self) -> dict[str, PublishedIssue]:
        """The public issues by the path of their page."""
        return {place.path: place for place in self.public.issues}

    @cached_property
    def words(self) -> Words:
        """What the site says around the letter, in its language."""
        return words(self.theme, self.public.config.language)

    @cached_property
    def authors(self) -> dict[str, list[PublishedIssue]]:
        """The public issues of each author, where the letter has several; none where it has one."""
        found: dict[str, tuple[str, list[PublishedIssue]]] = {}
        for place in self.public.issues:
            for name in _authors(self, place):
                found.setdefault(slugify(name), (name, []))[1].append(place)
        several = {name: issues for slug, (name, issues) in sorted(found.items()) if slug}
        return several if len(several) > 1 else {}

    @cached_property
    def frame(self) -> str:
        """Names all that the pages of a letter have in common."""
        about = "own.css" in self.theme.assets, self.public.has_audio, bool(self.authors)
        return hash_value([self.public.framing, self.words.digest, about])

    @cached_property
    def _moulds(self) -> dict[str, Mould]:
        return {}

    def mould(self, template: str) -> Mould:
        """What the pages of one template have in common."""
        if template not in self._moulds:
            made_from = {"template": self.theme.fingerprint(template), "letter": self.frame, "code": self.revision}
            self._moulds[template] = Mould(**made_from)
        return self._moulds[template]

    @cached_property
    def series(self) -> dict[str, list[PublishedIssue]]:
        """The public issues of each series, in order of their parts."""
        found: dict[str, list[PublishedIssue]] = {}
        for issue in self.public.issues:
            if issue.issue.series:
                found.setdefault(issue.issue.series.name, []).append(issue)
        return {name: sorted(issues, key=_part_number) for name, issues in sorted(found.items())}

    @cached_property
    def tags(self) -> dict[str, tuple[str, list[PublishedIssue]]]:
        """The public issues of each tag, by the tag's slug; the newest issue's spelling names it."""
        found: dict[str, tuple[str, list[PublishedIssue]]] = {}
        for issue in self.public.issues:
            for tag in issue.issue.tags:
                listed = found.setdefault(slugify(tag), (tag, []))[1]
                if not listed or listed[-1] is not issue:
                    listed.append(issue)
        return dict(sorted(found.items()))

    @cached_property
    def letter(self) -> dict[str, Any]:
        """What every page shows of the letter."""
        return _letter(self)

    @cached_property
    def series_names(self) -> dict[str, str]:
        """Names what each series shows of its parts."""
        return {name: hash_value([place.face for place in places]) for name, places in self.series.items()}

    @cached_property
    def around(self) -> str:
        """Names all that outputs show of the letter, of each other's issues, and of the front matter of their own."""
        led = [self.routes.of(place).name for place in self.public.issues]
        return hash_value([self.public.heads, self.plan, led, self.frame, self.theme.digest, self.revision])

    def output(
        self,
        mould: Mould,
        path: str,
        source: Location,
        rank: WriteOrder,
        make: Callable[[], bytes],
        own: str,
        made_from: Callable[[], dict[str, Any]],
    ) -> Output:
        """As `mould.output`, for one that shows what is named by `around`, and of its own what `own` names: it is asked what
        it is made from only if one of the two is new."""
        found = self.names.find(self.around, path, own)
        if found is None:
            new = mould.output(path, source, rank, make, made_from())
            self.names.put(path, Name(own, new.fingerprint, new.parts))
            return new
        return Output(path=path, source=source, rank=rank, fingerprint=found.fingerprint, parts=found.parts, make=make)

    @cached_property
    def _surroundings(self) -> dict[str, str]:
        return {}

    def surroundings(self, place: PublishedIssue) -> str:
        """Names all that an issue's text and lists show of the rest of the letter."""
        found = self._surroundings.get(place.path)
        if found is None:
            found = hash_bytes(f"{self.routes.of(place).name}\n{self.public.after_in_short(place)}".encode())
            self._surroundings[place.path] = found
        return found

    def label(self, number: int | None) -> str:
        """What readers call an issue, in the letter's language."""
        return self.words.label(self.public.noun, number)

    def address(self, path: str) -> str:
        return self.public.config.address(path)

    def absolute(self, path: str) -> str:
        return self.public.config.absolute(self.address(path))

    def html(self, place: Place, text: Text | None, *, feed: bool = False) -> TextRef | None:
        """A text of an issue or a page, its addresses led to where they go from its page, or from a feed."""
        if text is None:
            return None
        addresses, url = {}, self.public.config.url
        for address in internal_links(self.texts.facts(text), url):
            if is_external(address, url) and address == address.strip():
                continue
            target = resolve_link(self.public, self.files, place, address).address
            if feed and target.startswith("#"):
                target = self.absolute(place.path) + target
            elif feed and target.startswith("/") and not target.startswith("//"):
                target = self.public.config.absolute(target)
            if target != address:
                addresses[address] = target
        own = f"{slugify(place.label)}-{place.issue.slug}-" if feed and isinstance(place, PublishedIssue) else ""
        return TextRef(key=text.digest, addresses=addresses, prefix=own, language=self.words.digest)


def pages(desk: RenderContext) -> Iterator[Output]:
    """Every page of the site."""
    public = desk.public
    yield from _look(desk)
    yield from _cards(desk)
    yield _front(desk)
    for place, older, newer in _neighbours(public.issues):
        yield _issue(desk, place, older, newer)
    yield _archive(desk)
    for name, issues in desk.series.items():
        yield _series(desk, name, issues)
    for slug, (name, issues) in desk.tags.items():
        yield _tag(desk, slug, name, issues)
    for name, issues in desk.authors.items():
        yield _author(desk, name, issues)
    yield _next(desk)
    for leaf in public.leaves:
        yield _leaf(desk, leaf)
    yield _lost(desk)
    yield from _aliases(desk)
    yield _sitemap(desk)
    yield _robots(desk)


def _neighbours(
    issues: tuple[PublishedIssue, ...],
) -> Iterator[tuple[PublishedIssue, PublishedIssue | None, PublishedIssue | None]]:
    for place, issue in enumerate(issues):
        yield (
            issue,
            issues[place + 1] if place + 1 < len(issues) else None,
            issues[place - 1] if place else None,
        )


def _part_number(issue: PublishedIssue) -> int:
    return issue.issue.series.part if issue.issue.series else 0


# -- contexts


Laid = tuple[dict[str, Any], dict[str, Any]]
"""What a page shows of its own, and what it says about itself."""


def _page(
    desk: RenderContext,
    template: str,
    path: str,
    rank: WriteOrder,
    source: Location,
    lay: Callable[[], Laid],
    **made_from: Any,
) -> Output:
    """One page. What it shows is laid out only when it is made: `made_from` names all that it may differ by."""
    make = partial(_made, desk, template, path, lay)
    return desk.mould(template).output(_file(path), source, rank, make, made_from)


def _listing(
    desk: RenderContext,
    template: str,
    path: str,
    rank: WriteOrder,
    source: Location,
    lay: Callable[[], Laid],
    made_from: Callable[[], dict[str, Any]],
    own: str = "",
) -> Output:
    """A page that shows of issues what lists may show, and of its own what `own` names."""
    make = partial(_made, desk, template, path, lay)
    return desk.output(desk.mould(template), _file(path), source, rank, make, own, made_from)


def _file(path: str) -> str:
    return path + ("index.html" if path.endswith("/") or not path else "")


def _made(desk: RenderContext, template: str, path: str, lay: Callable[[], Laid]) -> bytes:
    context, about = lay()
    return _render(desk, template, {"letter": desk.letter, "page": _about(desk, path, **about), **context})


def _small_page(
    desk: RenderContext,
    template: str,
    path: str,
    rank: WriteOrder,
    source: Location,
    context: dict[str, Any],
    **about: Any,
) -> Output:
    """A page that is made from little: all that it shows is laid out at once."""
    return _page(desk, template, path, rank, source, lambda: (context, about), context=context, about=about)


def _faces(places: Iterable[PublishedIssue]) -> str:
    return "\n".join([place.face for place in places])


def _letter(desk: RenderContext) -> dict[str, Any]:
    head = desk.public.config
    sheets = [
        "style.css",
        *(["theme.css"] if _style_sheet(desk) else []),
        *(["own.css"] if "own.css" in desk.theme.assets else []),
    ]
    return {
        "title": head.title,
        "tagline": head.tagline,
        "language": head.language,
        "direction": desk.words.direction,
        "author_name": head.author_name,
        "subscribe_url": head.subscribe_url,
        "subscribe_form": _signup(head.subscribe_form) if head.subscribe_form else None,
        "copyright": head.copyright,
        "home": head.base,
        "archive": desk.address("archive/"),
        "next": desk.address("next/"),
        "about": next((desk.address(found.path) for found in desk.public.leaves if found.path == ABOUT), None),
        "pages": [{"title": found.leaf.title, "address": desk.address(found.path)} for found in desk.public.leaves],
        "feed": desk.address("feed.xml"),
        "feeds": _feeds(desk),
        "assets": desk.address("assets/"),
        "styles": [desk.address(f"assets/{name}") for name in sheets],
        "paper": head.look.light.get("paper", LIGHT["paper"]),
        "paper_dark": head.look.dark.get("paper", DARK["paper"]),
        "rhythm": rhythm(desk),
        "words": desk.words.digest,
    }


def _feeds(desk: RenderContext) -> list[dict[str, str]]:
    """The feeds that every page tells readers' programs of."""
    title = desk.public.config.title
    found = [("feed.xml", "application/rss+xml", title), ("atom.xml", "application/atom+xml", f"{title} (Atom)")]
    found.append(("feed.json", "application/feed+json", f"{title} (JSON)"))
    if desk.public.has_audio:
        found.append(("podcast.xml", "application/rss+xml", f"{title} (podcast)"))
    return [{"address": desk.address(path), "type": kind, "title": words} for path, kind, words in found]


def _signup(form: SubscribeForm) -> dict[str, Any]:
    return {"action": form.action, "field": form.field, "also": [list(pair) for pair in form.also]}


def rhythm(desk: RenderContext) -> str:
    """The cadence as a sentence: the weekday of a weekly letter in its language, else what the language says of any."""
    days = desk.public.cadence
    if days.lower() in DAYS:
        return desk.words.say("rhythm_weekly", weekday=desk.words.said["weekdays"][DAYS.index(days.lower())])
    return desk.words.say("rhythm", cadence=days)


def _style_sheet(desk: RenderContext) -> str:
    look = desk.public.config.look
    return style_sheet(look.light, look.dark, look.font, look.headings)


def _look(desk: RenderContext) -> Iterator[Output]:
    """The style sheet of what the author has set, if anything."""
    if text := _style_sheet(desk):
        where = Location(desk.public.config.file, 1)
        yield output("assets/theme.css", where, WriteOrder.FILE, lambda: text.encode(), text=text)


def _cards(desk: RenderContext) -> Iterator[Output]:
    """The picture of each issue that has no cover, and one of the letter, for those who share a page."""
    head, mould = desk.public.config, Mould(letter=desk.frame, code=desk.revision)
    if not head.cards:
        return

    def drawn(title: str, number: str, line: str) -> bytes:
        from weekahead.site.social_cards import card

        return card(title, head.title, number, line, by_day(head.look.light))

    def of(place: PublishedIssue) -> bytes:
        line = " · ".join((desk.label(place.number), desk.words.day(place.day)))
        return drawn(place.issue.title, "" if place.number is None else str(place.number), line)

    yield mould.output(
        CARD, Location(head.file, 1), WriteOrder.FILE, lambda: drawn(head.title, "", head.tagline or ""), {}
    )
    for place in desk.public.issues:
        if not place.issue.cover:
            where, shown = Location(place.issue.source.file, 1), partial(_shown, place)
            yield desk.output(mould, _card_path(place), where, WriteOrder.FILE, partial(of, place), "", shown)


def _shown(place: PublishedIssue) -> dict[str, Any]:
    """What the picture of an issue is made from."""
    return {"issue": place.face}


CARD = "cards/letter.png"


def _card_path(place: PublishedIssue) -> str:
    return f"cards/{place.path.rstrip('/')}.png"


def _about(desk: RenderContext, path: str, **given: Any) -> dict[str, Any]:
    title, head = given.pop("title", None), desk.public.config
    about: dict[str, Any] = {
        "title": f"{title} – {head.title}" if title else head.title,
        "description": head.tagline or rhythm(desk),
        "canonical": desk.absolute(path),
        "address": desk.address(path),
        "picture": desk.absolute(CARD) if head.cards else None,
        "kind": "website",
        "linked_data": [],
        "feed": None,
        "noindex": False,
        "policy": POLICY,
    }
    return about | given


def _card(desk: RenderContext, place: PublishedIssue) -> dict[str, Any]:
    issue = place.issue
    return {
        "number": issue.number,
        "label": desk.label(place.number),
        "title": issue.title,
        "address": desk.address(place.path),
        "date": place.day,
        "summary": issue.summary,
        "series": _series_line(desk, issue.series) if issue.series else None,
        "duration": playing_time(issue.audio.duration) if issue.audio and issue.audio.duration is not None else None,
        "mark": desk.words.say(MARKS[place.mark]) if place.mark else None,
    }


MARKS = {"Draft": "draft", "In review": "review", "Not out yet": "not_out"}


def _series_line(desk: RenderContext, part: SeriesPart) -> dict[str, Any]:
    return {
        "name": part.name,
        "part": part.part,
        "of": part.of,
        "address": desk.address(series_path(part.name)),
    }


def series_path(name: str) -> str:
    return f"series/{slugify(name)}/"


def coming(desk: RenderContext, row: UpcomingRow) -> dict[str, Any]:
    """A line of what's next, in the letter's language."""
    return {
        "label": desk.label(row.number),
        "title": row.title or desk.words.say("to_be_announced" if row.planned else "nothing_planned"),
        "date": row.date,
        "address": None if row.path is None else desk.address(row.path),
        "outcome": _outcome(desk, row),
        "fate": row.fate[0] if row.fate else None,
    }


def _outcome(desk: RenderContext, row: UpcomingRow) -> str | None:
    """How a promise turned out, in the letter's language."""
    if row.fate is None:
        return None
    kind, what = row.fate
    if isinstance(what, date):
        return desk.words.say(kind, day=desk.words.day(what))
    return desk.words.say(kind, label=desk.label(what) if isinstance(what, int) else None, title=what)


def _upcoming(desk: RenderContext) -> list[dict[str, Any]]:
    planned = [row for row in desk.public.upcoming if row.planned]
    return [coming(desk, row) for row in planned[: desk.public.config.whats_next]]


def _front(desk: RenderContext) -> Output:
    issues = desk.public.issues
    return _page(
        desk,
        "index.html",
        "",
        WriteOrder.INDEX,
        Location("letter.yaml", 1),
        partial(_lay_front, desk),
        newest=issues[0].own if issues else "",
        issues=_faces(issues[1 : 1 + HEAD_OF_ARCHIVE]),
        count=len(issues),
        next=_upcoming(desk),
    )


def _lay_front(desk: RenderContext) -> Laid:
    public = desk.public
    newest = public.issues[0] if public.issues else None
    upcoming = _upcoming(desk)
    lead = desk.texts.facts(newest.issue.body).lead if newest and not newest.issue.summary else None
    context = {
        "newest": _card(desk, newest) | {"minutes": _minutes(desk, newest)} if newest else None,
        "lead": shortened(lead, 320) if lead else None,
        "issues": [_card(desk, issue) for issue in public.issues[1 : 1 + HEAD_OF_ARCHIVE]],
        "count": len(public.issues),
        "upcoming": upcoming,
        "next_due": upcoming[0] if upcoming else None,
    }
    data = [_in_schema({"@type": "WebSite", "name": public.config.title, "url": public.config.url})]
    return context, {"description": public.config.tagline, "linked_data": data}


def _issue(
    desk: RenderContext,
    place: PublishedIssue,
    older: PublishedIssue | None,
    newer: PublishedIssue | None,
) -> Output:
    """The page of an issue."""

    def made_from() -> dict[str, Any]:
        return {
            "text": place.own,
            "neighbours": f"{older and older.face}\n{newer and newer.face}",
            "series": desk.series_names[place.issue.series.name] if place.issue.series else "",
            "surroundings": desk.surroundings(place),
        }

    return _listing(
        desk,
        "issue.html",
        place.path,
        WriteOrder.ISSUE,
        Location(place.issue.source.file, 1),
        partial(_lay_issue, desk, place, older, newer),
        made_from,
        place.body,
    )


def _lay_issue(
    desk: RenderContext,
    place: PublishedIssue,
    older: PublishedIssue | None,
    newer: PublishedIssue | None,
) -> Laid:
    issue, head = place.issue, desk.public.config
    facts = desk.texts.facts(issue.body)
    description = issue.summary or shortened(facts.lead, 200) or None
    drawn = _card_path(place) if head.cards else None
    shared = file_path(place, issue.cover.file) if issue.cover else drawn
    picture = desk.absolute(shared) if shared else None
    authors = _authors(desk, place)
    context = {
        "issue": _card(desk, place)
        | {
            "authors": [{"name": name, "address": _author_address(desk, name)} for name in authors],
            "note": desk.html(place, issue.research_note),
            "audio": _audio(desk, place),
            "cover": {"address": desk.address(file_path(place, issue.cover.file)), "alt": issue.cover.alt}
            if issue.cover
            else None,
            "body": desk.html(place, issue.body),
            "minutes": _minutes(desk, place),
            "headings": _headings(facts),
            "tags": [{"name": tag, "address": desk.address(tag_path(tag))} for tag in issue.tags],
            "corrections": [{"date": made.date, "what": made.what} for made in issue.corrected],
            "signoff": desk.html(place, head.signoff),
            "share": _share(desk, place),
            "discussion": issue.discussion,
            "extra": dict(issue.extra),
        },
        "series": _series_of(desk, place) if issue.series else None,
        "previous": _neighbour(desk, older),
        "next": _neighbour(desk, newer),
        "upcoming": [coming(desk, row) for row in desk.public.after(place)],
    }
    data = _linked_data(desk, place, authors, description, picture)
    about = {
        "title": f"{issue.title}",
        "description": description,
        "kind": "article",
        "picture": picture,
        "linked_data": data,
        "noindex": place.mark is not None,
        "policy": _policy(desk, (*place.texts, *((head.signoff,) if head.signoff else ()))),
    }
    return context, about


def _authors(desk: RenderContext, place: PublishedIssue) -> list[str]:
    """Who wrote an issue: those it names, else the letter's author."""
    standard = desk.public.config.author_name
    return list(dict.fromkeys(place.issue.authors)) or ([standard] if standard else [])


def _author_address(desk: RenderContext, name: str) -> str | None:
    return desk.address(author_path(name)) if desk.authors and slugify(name) else None


def _minutes(desk: RenderContext, place: PublishedIssue) -> int:
    return max(1, round(desk.texts.facts(place.issue.body).words / WORDS_A_MINUTE))


def _policy(desk: RenderContext, texts: Iterable[Text]) -> str | None:
    """A page's policy: it allows the styles that its texts carry; a page with active content has none."""
    facts = [desk.texts.facts(text) for text in texts]
    if any(fault.rule == "active-content" for found in facts for fault in found.faults):
        return None
    styled = any(found.styled for found in facts)
    return POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") if styled else POLICY


def _neighbour(desk: RenderContext, place: PublishedIssue | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"label": desk.label(place.number), "title": place.issue.title, "address": desk.address(place.path)}


def _audio(desk: RenderContext, place: PublishedIssue) -> dict[str, Any] | None:
    audio = place.issue.audio
    if audio is None:
        return None
    address = desk.address(file_path(place, audio.file)) if audio.file else audio.url
    size = f"{audio.bytes / 1_000_000:.1f} MB" if audio.bytes else None
    return {
        "address": address,
        "type": audio.type,
        "duration": None if audio.duration is None else playing_time(audio.duration),
        "size": size,
    }


def _series_of(desk: RenderContext, place: PublishedIssue) -> dict[str, Any]:
    """The series line of an issue: all its parts, public or still to come without a word about them."""
    part = place.issue.series
    assert part is not None
    out = {_part_number(found): found for found in desk.series[part.name]} | {part.part: place}
    last = max([*out, part.of or 0])
    listed = [_part_row(desk, number, out.get(number), number == part.part) for number in range(1, last + 1)]
    neighbours = {name: _neighbour(desk, out.get(part.part + step)) for name, step in (("previous", -1), ("next", 1))}
    progress = _progress(desk, len(out), _parts_in_all(out.values()))
    return _series_line(desk, part) | {"parts": listed, "progress": progress} | neighbours


def _part_row(desk: RenderContext, number: int, place: PublishedIssue | None, current: bool) -> dict[str, Any]:
    title, label = (place.issue.title, desk.label(place.number)) if place else (None, None)
    return {
        "part": number,
        "title": title,
        "label": label,
        "address": desk.address(place.path) if place else None,
        "current": current,
    }


def _share(desk: RenderContext, place: PublishedIssue) -> list[dict[str, str]]:
    """Plain addresses that pass an issue on."""
    url, title = quote(desk.absolute(place.path), safe=""), quote(place.issue.title, safe="")
    ways = {
        "email": (desk.words.say("share_by_email"), f"mailto:?subject={title}&body={url}"),
        "whatsapp": ("WhatsApp", f"https://wa.me/?text={title}%20{url}"),
        "bluesky": ("Bluesky", f"https://bsky.app/intent/compose?text={title}%20{url}"),
        "linkedin": ("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={url}"),
        "x": ("X", f"https://x.com/intent/post?text={title}&url={url}"),
        "facebook": ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={url}"),
        "reddit": ("Reddit", f"https://www.reddit.com/submit?url={url}&title={title}"),
        "telegram": ("Telegram", f"https://t.me/share/url?url={url}&text={title}"),
        "hackernews": ("Hacker News", f"https://news.ycombinator.com/submitlink?u={url}&t={title}"),
    }
    return [{"name": ways[way][0], "address": ways[way][1]} for way in desk.public.config.share]


def _linked_data(
    desk: RenderContext, place: PublishedIssue, authors: list[str], description: str | None, picture: str | None
) -> list[dict[str, Any]]:
    """An issue for search engines (schema.org): the text, where it stands in the site, and the spoken edition."""
    head, url = desk.public.config, desk.absolute(place.path)
    posting = {
        "@type": "BlogPosting",
        "headline": place.issue.title,
        "datePublished": place.instant.isoformat(),
        "dateModified": place.updated.isoformat() if place.issue.corrected else None,
        "url": url,
        "mainEntityOfPage": url,
        "author": [{"@type": "Person", "name": name} for name in authors] or None,
        "publisher": {"@type": "Organization", "name": head.title, "url": head.url},
        "description": description,
        "image": picture,
        "keywords": list(place.issue.tags) or None,
        "inLanguage": head.language,
    }
    trail = [(head.title, head.url), (desk.words.say("archive"), desk.absolute("archive/")), (place.issue.title, url)]
    trailed = {"@type": "BreadcrumbList", "itemListElement": _list_items(trail)}
    return [_in_schema(part) for part in (posting, trailed, _episode(desk, place)) if part]


def _in_schema(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"@context": "https://schema.org"} | {key: value for key, value in data.items() if value is not None}


def _list_items(named: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(named, 1)
    ]


def _episode(desk: RenderContext, place: PublishedIssue) -> dict[str, Any] | None:
    """The spoken edition as an episode of the letter's podcast."""
    audio, head = place.issue.audio, desk.public.config
    if audio is None:
        return None
    address = desk.absolute(file_path(place, audio.file)) if audio.file else audio.url
    media = {"@type": "AudioObject", "contentUrl": address, "encodingFormat": audio.type}
    return {
        "@type": "PodcastEpisode",
        "name": place.issue.title,
        "url": desk.absolute(place.path),
        "datePublished": place.day.isoformat(),
        "timeRequired": f"PT{audio.duration}S" if audio.duration else None,
        "associatedMedia": media,
        "partOfSeries": {"@type": "PodcastSeries", "name": head.title, "url": head.url},
    }


def _archive(desk: RenderContext) -> Output:
    def made_from() -> dict[str, Any]:
        return {"issues": _faces(desk.public.issues)}

    where, lay = Location("letter.yaml", 1), partial(_lay_archive, desk)
    return _listing(desk, "archive.html", "archive/", WriteOrder.LIST, where, lay, made_from)


def _lay_archive(desk: RenderContext) -> Laid:
    years = groupby(desk.public.issues, key=lambda issue: issue.day.year)
    searched = desk.public.config.search
    listed = [
        {
            "year": year,
            "words": desk.address(search_path(year)) if searched else None,
            "issues": [_card(desk, issue) | _also(issue) for issue in issues],
        }
        for year, issues in years
    ]
    series = [{"name": name, "address": desk.address(series_path(name))} for name in desk.series]
    about = {"title": desk.words.say("archive"), "policy": WITH_SCRIPT}
    context = {"years": listed, "count": len(desk.public.issues), "series": series}
    return context, about


def search_path(year: int) -> str:
    """Where the archive's search finds the words of a year's issues."""
    return f"search/{year}.json"


def _also(place: PublishedIssue) -> dict[str, Any]:
    """What the archive's search looks at beside the line of an issue."""
    issue = place.issue
    return {"also": " ".join([*issue.tags, *issue.authors, *([issue.series.name] if issue.series else [])]) or None}


def _parts_in_all(issues: Iterable[PublishedIssue]) -> int | None:
    """How many parts a series means to have, as far as its author has said."""
    return max((found.issue.series.of or 0 for found in issues if found.issue.series), default=0) or None


def _series(desk: RenderContext, name: str, issues: list[PublishedIssue]) -> Output:
    source, lay = issues[0].issue.source.at("series"), partial(_lay_series, desk, name, issues)
    return _listing(
        desk, "series.html", series_path(name), WriteOrder.LIST, source, lay, lambda: {"issues": _faces(issues)}
    )


def _lay_series(desk: RenderContext, name: str, issues: list[PublishedIssue]) -> Laid:
    of = _parts_in_all(issues)
    context = {
        "series": {
            "name": name,
            "of": of,
            "issues": [_card(desk, issue) for issue in issues],
            "count": len(issues),
            "complete": of == len(issues),
            "progress": _progress(desk, len(issues), of),
        }
    }
    feed = desk.address(f"{series_path(name)}feed.xml") if desk.public.config.series_feeds else None
    parts = _list_items((issue.issue.title, desk.absolute(issue.path)) for issue in issues)
    data = [_in_schema({"@type": "ItemList", "name": name, "itemListElement": parts})]
    return context, {"title": name, "feed": feed, "linked_data": data}


def _progress(desk: RenderContext, count: int, of: int | None) -> str:
    """How many parts of a series are out, in the letter's language."""
    if of is None:
        return desk.words.say("series_so_far", count=count)
    return desk.words.say("series_complete" if of == count else "series_progress", count=count, of=of)


def tag_path(tag: str) -> str:
    return f"tags/{slugify(tag)}/"


def _tag(desk: RenderContext, slug: str, name: str, issues: list[PublishedIssue]) -> Output:
    def lay() -> Laid:
        feed = desk.address(f"tags/{slug}/feed.xml") if desk.public.config.tag_feeds else None
        context = {"tag": {"name": name}, "issues": [_card(desk, issue) for issue in issues]}
        return context, {"title": name, "feed": feed}

    source = issues[0].issue.source.at("tags")
    return _listing(desk, "tag.html", f"tags/{slug}/", WriteOrder.LIST, source, lay, partial(_named, name, issues))


def author_path(name: str) -> str:
    return f"authors/{slugify(name)}/"


def _author(desk: RenderContext, name: str, issues: list[PublishedIssue]) -> Output:
    def lay() -> Laid:
        about = {"name": name, "count": len(issues)}
        return {"author": about, "issues": [_card(desk, issue) for issue in issues]}, {"title": name}

    source = issues[0].issue.source.at("authors")
    return _listing(desk, "author.html", author_path(name), WriteOrder.LIST, source, lay, partial(_named, name, issues))


def _named(name: str, issues: list[PublishedIssue]) -> dict[str, Any]:
    """What the page of a tag or an author is made from."""
    return {"name": name, "issues": _faces(issues)}


def _next(desk: RenderContext) -> Output:
    standing = desk.public.promise
    slots = [
        coming(desk, row)
        | {
            "number": row.number,
            "planned": row.planned,
            "promised": row.at is not None and row.at <= standing.horizon_ends,
        }
        for row in desk.public.upcoming
    ]
    last = standing.last_planned.date if standing.last_planned else None
    promise = {
        "horizon": standing.horizon,
        "weeks_planned": standing.weeks_planned,
        "kept": standing.kept,
        "last": last,
        "sentence": promise_sentence(desk),
    }
    return _small_page(
        desk,
        "next.html",
        "next/",
        WriteOrder.INDEX,
        Location("schedule.yaml", 1),
        {
            "slots": slots,
            "promise": promise,
            "calendar": desk.address("next.ics"),
            "whole": desk.address("calendar.ics"),
            "data": desk.address("next.json"),
        },
        title=desk.words.say("whats_next"),
        description=promise["sentence"],
    )


def _leaf(desk: RenderContext, place: PublishedPage) -> Output:
    source, lay = Location(place.source.file, 1), partial(_lay_leaf, desk, place)
    text = f"{place.leaf.head}{place.leaf.body.digest}{place.mark}"
    return _page(
        desk, "page.html", place.path, WriteOrder.LIST, source, lay, text=text, surroundings=desk.routes.of(place).name
    )


def _lay_leaf(desk: RenderContext, place: PublishedPage) -> Laid:
    leaf, facts = place.leaf, desk.texts.facts(place.leaf.body)
    context = {
        "leaf": {
            "title": leaf.title,
            "summary": leaf.summary,
            "body": desk.html(place, leaf.body),
            "headings": _headings(facts),
            "mark": desk.words.say("draft") if place.mark else None,
            "extra": dict(leaf.extra),
        }
    }
    description = leaf.summary or shortened(facts.lead, 200) or None
    kind = "AboutPage" if place.path == ABOUT else "WebPage"
    data = {"@type": kind, "name": leaf.title, "url": desk.absolute(place.path), "description": description}
    about = {
        "title": leaf.title,
        "description": description,
        "linked_data": [_in_schema(data | {"inLanguage": desk.public.config.language})],
        "noindex": place.mark is not None,
        "policy": _policy(desk, place.texts),
    }
    return context, about


def _headings(facts: RenderedText) -> list[dict[str, Any]]:
    return [{"level": heading.level, "id": heading.id, "text": heading.text} for heading in facts.headings]


def promise_sentence(desk: RenderContext) -> str:
    """The promise in the letter's language."""
    count, least = desk.public.promise.weeks_planned, desk.public.promise.horizon
    return desk.words.say("promise", count=count, least=least) if count else desk.words.say("promise_none", least=least)


def _lost(desk: RenderContext) -> Output:
    newest = desk.public.issues[0] if desk.public.issues else None
    context = {"newest": _card(desk, newest) if newest else None}
    return _small_page(
        desk,
        "404.html",
        "404.html",
        WriteOrder.INDEX,
        Location("letter.yaml", 1),
        context,
        title=desk.words.say("not_found"),
        canonical=None,
        noindex=True,
    )


def _aliases(desk: RenderContext) -> Iterator[Output]:
    for place in desk.public.places:
        text = place.issue if isinstance(place, PublishedIssue) else place.leaf
        for alias in text.aliases:
            path = alias if alias.endswith((".html", ".htm")) else alias + "/"
            context = {"target": desk.absolute(place.path), "title": text.title}
            yield _small_page(
                desk,
                "redirect.html",
                path,
                WriteOrder.LIST,
                place.source.at("aliases"),
                context,
                title=text.title,
                canonical=desk.absolute(place.path),
                noindex=True,
            )


def _sitemap(desk: RenderContext) -> Output:
    def made_from() -> dict[str, Any]:
        return {"issues": _faces(desk.public.issues), "letter": desk.frame, "code": desk.revision}

    where, make = Location("letter.yaml", 1), lambda: sitemap(_addresses(desk))
    return desk.output(Mould(), "sitemap.xml", where, WriteOrder.FEED, make, "", made_from)


def _addresses(desk: RenderContext) -> Iterator[tuple[str, datetime | None]]:
    """Every page that search engines may list, and when it last changed."""
    public = desk.public
    newest = public.issues[0].instant if public.issues else None
    for path in ("", "archive/", "next/"):
        yield desk.absolute(path), newest
    for name, issues in desk.series.items():
        yield desk.absolute(series_path(name)), issues[-1].instant
    for slug, (_, issues) in desk.tags.items():
        yield desk.absolute(f"tags/{slug}/"), issues[0].instant
    for name, issues in desk.authors.items():
        yield desk.absolute(author_path(name)), issues[0].instant
    for leaf in public.leaves:
        if leaf.mark is None:
            yield desk.absolute(leaf.path), None
    for place in public.issues:
        if place.mark is None:
            yield desk.absolute(place.path), place.updated


def sitemap(rows: Iterable[tuple[str, datetime | None]]) -> bytes:
    """A sitemap (sitemaps.org protocol 0.9) of addresses and the instants at which they last changed."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for address, changed in rows:
        when = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
        lines.append(f"  <url><loc>{escape(address)}</loc>{when}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def _robots(desk: RenderContext) -> Output:
    text = f"User-agent: *\nAllow: /\n\nSitemap: {desk.absolute('sitemap.xml')}\n"
    return output("robots.txt", Location("letter.yaml", 1), WriteOrder.FEED, lambda: text.encode(), text=text)


# -- words


def shortened(words: str, most: int) -> str:
    """Words cut at a space, with an ellipsis, to at most so many characters."""
    if len(words) <= most:
        return words
    return words[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


# -- rendering


def _render(desk: RenderContext, name: str, context: Mapping[str, Any]) -> bytes:
    """The bytes of a page."""
    return (render_text(desk.theme, name, _marked_up(desk.texts, context), desk.words).strip() + "\n").encode()


def render_text(theme: Theme, name: str, context: Mapping[str, Any], said: Words | None = None) -> str:
    """A template with its context; a fault of the template is a finding in its file. `said` are the words it may say."""
    import jinja2

    def fault(where: Location, message: str, hint: str) -> BuildError:
        return BuildError([Finding(where=where, rule="template", message=message, hint=hint)])

    try:
        with cpu_limit(BUDGET):
            return _environment(theme, said).get_template(name).render(context)
    except CpuLimitExceeded as error:
        hint = "Look for loops in loops."
        message = f"this template takes more than {BUDGET} seconds for one page"
        raise fault(_raised_at(theme, name, error), message, hint) from None
    except jinja2.TemplateSyntaxError as error:
        where = _template_where(theme, error.name or name, error.lineno)
        raise fault(
            where,
            error.message or "this is not a template",
            "Check the spelling of this tag, and that every block ends.",
        ) from None
    except jinja2.TemplateNotFound as error:
        raise fault(
            _raised_at(theme, name, error),
            f'there is no template "{error.name}"',
            nearest(str(error.name), theme.templates),
        ) from None
    except Exception as error:
        raise fault(
            _raised_at(theme, name, error),
            f"this template fails: {str(error) or type(error).__name__}",
            _hint(error, context),
        ) from None


def _hint(error: Exception, context: Mapping[str, Any]) -> str:
    import re

    missing = re.match(r"'(\w+)' is undefined", str(error))
    return nearest(missing[1], context) if missing else f"This page may use: {', '.join(context)}."


def _template_where(theme: Theme, name: str, line: int) -> Location:
    return Location(theme.templates[name].file if name in theme.templates else f"templates/{name}", line)


def _raised_at(theme: Theme, name: str, error: BaseException) -> Location:
    """The deepest line of a template in an error's traceback."""
    where, traceback = _template_where(theme, name, 1), error.__traceback__
    while traceback:
        file = traceback.tb_frame.f_code.co_filename
        if file in theme.templates and traceback.tb_frame.f_globals.get("__name__") != __name__:
            where = _template_where(theme, file, traceback.tb_lineno)
        traceback = traceback.tb_next
    return where


def _marked_up(texts: RenderedTexts, value: Any) -> Any:
    """A context with its texts as markup. A text stands in a map of the context, never in a list."""
    if isinstance(value, dict):
        return {key: _marked_up(texts, found) for key, found in value.items()}
    if not isinstance(value, TextRef):
        return value
    from markupsafe import Markup

    return Markup(texts.html(value))


def _environment(theme: Theme, said: Words | None) -> SandboxedEnvironment:
    """The environment of a theme and its words; the last one is kept, for a build has one theme."""
    if not (_held and _held[0][0] is theme and (_held[0][1] and _held[0][1].digest) == (said and said.digest)):
        _held[:] = [(theme, said, _new_environment(theme, said))]
    return _held[0][2]


METHODS = frozenset(dir(dict))
"""What a map's attributes stand for before its values do."""

_held: list[tuple[Theme, Words | None, SandboxedEnvironment]] = []


def _new_environment(theme: Theme, said: Words | None) -> SandboxedEnvironment:
    import jinja2
    from jinja2.sandbox import SandboxedEnvironment, safe_range

    class Environment(SandboxedEnvironment):
        def getattr(self, obj: Any, attribute: str) -> Any:
            """The value of a context's map by its name: the one thing that lists of issues ask for, again and again."""
            if type(obj) is dict and attribute in obj and attribute not in METHODS:
                return obj[attribute]
            return super().getattr(obj, attribute)

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        template = theme.templates.get(name)
        return (template.text, name, lambda: True) if template else None

    environment = Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
    )
    environment.globals.clear()
    environment.globals["range"] = safe_range
    environment.filters["iso"] = _iso
    if said:
        environment.filters |= {
            "say": partial(_say, said),
            "day": said.day,
            "short_day": lambda day: said.day(day, "date_short"),
            "digits": said.number,
            "listed": partial(_listed, said),
            "linked": _linked,
        }
    return environment


def _say(said: Words, key: str, **values: Any) -> Markup:
    """A sentence of the catalogue as markup: what is put into it is escaped, unless it is markup itself."""
    from markupsafe import Markup, escape

    return Markup(
        said.say(key, **{name: value if isinstance(value, int) else escape(value) for name, value in values.items()})
    )


def _listed(said: Words, names: Sequence[str]) -> Markup:
    """Names in a row as markup."""
    from markupsafe import Markup, escape

    return Markup(said.listed([escape(name) for name in names]))


def _linked(named: Sequence[Mapping[str, Any]]) -> list[Markup]:
    """Each name, as a link where it has an address."""
    from markupsafe import Markup

    link = Markup('<a href="{address}">{name}</a>')
    return [link.format(**one) if one["address"] else Markup("{name}").format(**one) for one in named]


def _iso(value: date | datetime) -> str:
    return value.isoformat()
