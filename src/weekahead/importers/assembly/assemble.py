"""Make the files of every post: its text with its links led where they lead now, and what stands beside it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from functools import cache
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from weekahead.importers.assembly.addresses import addresses_of, without_other_sizes
from weekahead.importers.assembly.fetching import FetchedFile, Fetcher
from weekahead.importers.assembly.links import UNLINK, leads_away, rewrite_links
from weekahead.importers.assembly.media import FilesBeside, MediaSource
from weekahead.importers.assembly.old_site import Destination, OldSite
from weekahead.importers.before import LetterBefore
from weekahead.importers.issue_file import FilesOfPost
from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.options import Notice
from weekahead.importers.placed import PlacedPost
from weekahead.importers.post import MediaFile
from weekahead.importers.source_files import SourceFiles
from weekahead.lint.scanned_markdown import LinkSpan
from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import TOP, convert
from weekahead.model.addresses import is_web_address
from weekahead.runtime.files import is_file
from weekahead.source.audio_probe import media_type, probe_audio


class AssembledPost(Struct, frozen=True, kw_only=True):
    """A post with the name of its file, its text as it will be there, and the files beside it by their names in the letter."""

    placed: PlacedPost
    file: str
    markdown: str
    files: FilesOfPost
    beside: Mapping[str, MediaSource]
    linked: str
    """Its text with the links that were taken off, for the proof."""
    fetched: Mapping[str, str] = {}
    addresses: Mapping[str, str] = {}
    """The addresses of its text that were changed, each with its new one."""


def assemble(
    posts: Sequence[PlacedPost],
    site: OldSite,
    files: SourceFiles,
    before: LetterBefore,
    letter_url: str,
    fetcher: Fetcher,
    notes: Notes,
    notice: Notice,
) -> list[AssembledPost]:
    """Return the files of posts. Whatever leads to what did not come over is a note."""
    posts = [_with_one_size(post, notes) for post in posts]
    assembler = _Assembler(posts, site, files, before, letter_url, fetcher, notes)
    assembled = []
    for done, post in enumerate(posts, 1):
        assembled.append(assembler.post(post))
        notice("links", done, len(posts))
    return assembled


class _Gathered(Struct, frozen=True, kw_only=True):
    """What stands beside a post, found before the addresses of any are rewritten: the names of files by the addresses of its text."""

    file: str
    beside: FilesBeside
    names: dict[str, str]
    own: FilesOfPost
    fetched: dict[str, str]


class _Assembler:
    def __init__(
        self,
        posts: Sequence[PlacedPost],
        site: OldSite,
        files: SourceFiles,
        before: LetterBefore,
        letter_url: str,
        fetcher: Fetcher,
        notes: Notes,
    ) -> None:
        self._site, self._files, self._before, self._fetcher, self._notes = site, files, before, fetcher, notes
        self._letter_url = letter_url
        if host := site.learn_host([link.target for post in posts for link in _links(post)]):
            notes.add(
                Outcome.INFERRED,
                "old-site",
                f"links to {host} lead to posts of this export, so it is taken for the old site",
            )
        self._gathered = {post.post.id: self._gather(post) for post in posts}
        self._ids = cache(lambda id: frozenset(convert(self._texts[id], options=TextOptions()).ids))
        self._texts = {post.post.id: post.text.markdown for post in posts}

    def _notes_of(self, post: PlacedPost) -> PostNotes:
        return PostNotes(self._notes, post.post.id, post.post.where)

    # -- files beside

    def _gather(self, post: PlacedPost) -> _Gathered:
        entry = self._before.entry(post.post.id)
        is_flat = entry is not None and not entry.file.endswith("/index.md")
        beside = FilesBeside(self._files, f"{post.stem}-" if is_flat else "")
        names: dict[str, str] = {}
        fetched: dict[str, str] = {}
        for link in _links(post):
            if link.target not in names and (
                name := self._media(link.target, post, beside, fetched, is_picture=link.is_picture)
            ):
                names[link.target] = name
        own = self._own_files(post, beside, fetched)
        file = (
            entry.file
            if entry
            else f"{post.top}/{post.stem}/index.md"
            if beside.sources
            else f"{post.top}/{post.stem}.md"
        )
        return _Gathered(file=file, beside=beside, names=names, own=own, fetched=fetched)

    def _media(
        self, address: str, post: PlacedPost, beside: FilesBeside, fetched: dict[str, str], *, is_picture: bool
    ) -> str:
        """Return the name beside the post of the file that an address of its text leads to; nothing if it leads to none that is here."""
        found = self._site.find(address, post)
        if found and found.file:
            return self._add(MediaSource(file=found.file), found.file, post, beside)
        elsewhere = found.absolute if found and not found.post and not found.path else address
        if is_picture and is_web_address(elsewhere):
            return self._fetch(elsewhere, post, beside, fetched)
        return ""

    def _fetch(self, address: str, post: PlacedPost, beside: FilesBeside, fetched: dict[str, str]) -> str:
        """Return the name of a file that was fetched, now or by an earlier import; nothing if it was not."""
        source = self._fetched_before(address, post) or self._fetcher.get(address)
        name = self._add(MediaSource(fetched=source.path), source.name, post, beside) if source else ""
        if name:
            fetched[address] = name
        return name

    def _fetched_before(self, address: str, post: PlacedPost) -> FetchedFile | None:
        """Return a file that an earlier import fetched, as it stands in the letter."""
        entry = self._before.entry(post.post.id)
        name = entry.fetched.get(address, "") if entry else ""
        path = self._before.root / posixpath.dirname(entry.file if entry else "") / name
        return FetchedFile(path, name.removeprefix(f"{post.stem}-")) if name and is_file(path) else None

    def _add(self, source: MediaSource, name: str, post: PlacedPost, beside: FilesBeside) -> str:
        try:
            return beside.add(source, name)
        except OSError as error:
            message = f"{name} cannot be read: {error.strerror or error}"
            self._notes_of(post).add(Outcome.ASK, "unreadable-file", message)
            return ""

    def _own_files(self, post: PlacedPost, beside: FilesBeside, fetched: dict[str, str]) -> FilesOfPost:
        """Return the cover and the recording of a post."""
        if post.post.is_page:
            return FilesOfPost()
        cover, notes = self._named(post.post.cover, post, beside, fetched), self._notes_of(post)
        if post.post.cover and not cover:
            where = post.post.cover.url or post.post.cover.file
            self._still_elsewhere(f"its cover {where}", where, notes)
        audio = post.post.audio
        if audio is None:
            return FilesOfPost(cover=cover)
        name = self._named(audio.media, post, beside, fetched)
        if name and not self._is_audio(beside.sources[name], name):
            notes.add(Outcome.ASK, "audio", f"{name} stands beside the issue, but cannot be read as audio")
            name = ""
        if not name and audio.media.url:
            self._still_elsewhere(f"its recording {audio.media.url}", audio.media.url, notes, words="audio:")
        return FilesOfPost(cover=cover, audio=name, audio_url="" if name else audio.media.url)

    def _named(self, media: MediaFile | None, post: PlacedPost, beside: FilesBeside, fetched: dict[str, str]) -> str:
        if media is None:
            return ""
        if media.file and self._files.has(media.file):
            return self._add(MediaSource(file=media.file), media.file, post, beside)
        address = media.url or media.file
        return self._media(address, post, beside, fetched, is_picture=True) if address else ""

    def _is_audio(self, source: MediaSource, name: str) -> bool:
        with source.open(self._files) as file:
            return media_type(name) is not None and probe_audio(file) is not None

    # -- addresses

    def post(self, post: PlacedPost) -> AssembledPost:
        """Return a post with its links led where they lead now."""
        gathered, notes = self._gathered[post.post.id], self._notes_of(post)

        changed: dict[str, str] = {}
        unlinked = set[str]()

        def rewrite(link: LinkSpan) -> str | None:
            new = gathered.names.get(link.target) or self._led(link, post, gathered, notes)
            if new is UNLINK:
                unlinked.add(link.target)
            elif new != link.target:
                changed[link.target] = new
            return new

        markdown = rewrite_links(post.text.markdown, rewrite, maths=post.text.maths)
        linked = markdown
        if unlinked:  # which a note says already
            linked = rewrite_links(
                post.text.markdown, lambda link: changed.get(link.target, link.target), maths=post.text.maths
            )
        folder = posixpath.dirname(gathered.file)
        beside = {f"{folder}/{name}": source for name, source in gathered.beside.sources.items()}
        return AssembledPost(
            placed=post,
            file=gathered.file,
            markdown=markdown,
            files=gathered.own,
            beside=beside,
            fetched=gathered.fetched,
            linked=linked,
            addresses=changed,
        )

    def _led(self, link: LinkSpan, post: PlacedPost, gathered: _Gathered, notes: PostNotes) -> str | None:
        """Return the address that a link of a post has now, or UNLINK."""
        address = link.target
        if address.startswith("#"):
            return self._within(link, post, notes)
        if re.match(_UNSAFE, address.strip()):
            message = f'"{_words(link)}" led to {address[:60]}, which no page may have; the words stay, without a link'
            notes.add(Outcome.DROPPED, "unsafe-link", message, words=_words(link))
            return UNLINK
        found = self._site.find(address, post)
        if found is None:
            if link.is_picture and is_web_address(address):
                self._still_elsewhere(f"the picture {address}", address, notes, words=address)
            return address
        if found.path:
            return f"/{found.path.removeprefix('./')}" + found.suffix
        if found.post and (found.post.is_public or not post.is_public):
            return self._to_post(found, found.post, gathered, notes)
        return self._not_here(link, found, notes)

    def _to_post(self, found: Destination, target: PlacedPost, gathered: _Gathered, notes: PostNotes) -> str:
        file = self._gathered[target.post.id].file
        path = posixpath.relpath(file, posixpath.dirname(gathered.file))
        before, sign, fragment = found.suffix.partition("#")
        if sign and unquote(fragment) not in self._ids(target.post.id):
            message = f'the link to "{target.title}" led to its part #{fragment}, which it does not have here'
            notes.add(Outcome.CHANGED, "fragment", message, words=path)
            sign, fragment = "", ""
        return path + before + sign + fragment

    def _within(self, link: LinkSpan, post: PlacedPost, notes: PostNotes) -> str | None:
        """Return an address within the text, or UNLINK if nothing there has that id."""
        fragment = unquote(link.target[1:])
        if link.target.lower() in TOP or fragment in self._ids(post.post.id):
            return link.target
        message = f'"{_words(link)}" led to #{fragment} in the text, which is not there; the words stay, without a link'
        notes.add(Outcome.CHANGED, "fragment", message, words=_words(link))
        return UNLINK

    def _still_elsewhere(self, what: str, address: str, notes: PostNotes, words: str = "") -> None:
        """Add a note for a file that did not come over: it was not asked for, or could not be fetched."""
        if reason := self._fetcher.failures.get(address):
            notes.add(
                Outcome.ELSEWHERE, "fetch-failed", f"{what} could not be fetched: {reason}", words=words, hint=_AGAIN
            )
        else:
            notes.add(Outcome.ELSEWHERE, "not-fetched", f"{what} is not in the export", words=words, hint=_FETCH)

    def _not_here(self, link: LinkSpan, found: Destination, notes: PostNotes) -> str | None:
        """Return where a link leads whose target did not come over, or is no public issue: to the old site, or UNLINK."""
        what = (
            f'"{found.post.title}", which is a draft here' if found.post else f"{link.target}, which did not come over"
        )
        if is_web_address(found.absolute):
            still = found.absolute
            if (still.partition("?")[0].partition("#")[0] + "/").startswith(self._letter_url):
                still = still.partition(":")[2]  # without a scheme, it is no promise that the new site has it
                if link.kind == "bare":  # which may be a key of /// post, and has to be whole
                    still = ("http:" if found.absolute.startswith("https:") else "https:") + still
            if link.is_picture:
                self._still_elsewhere(f"the picture {found.absolute}", found.absolute, notes, words=still)
            else:
                message = f"a link to {what}, still leads to the old site"
                notes.add(Outcome.ELSEWHERE, "old-link", message, words=still)
            return still
        message = f'"{_words(link)}" led to {what}; the words stay, without a link'
        hint = "Link them elsewhere, or to the page once you have it."
        if found.post:
            hint = f"Link the words to {self._gathered[found.post.post.id].file} once it is out."
        if link.is_picture:
            message = f"the picture {link.target} did not come over; the words in its place stay"
            hint = "Put it beside the issue and show it from there."
        notes.add(Outcome.ASK, "dead-link", message, words=_words(link), hint=hint)
        return UNLINK


_UNSAFE = re.compile("(?i)(?:javascript|vbscript|file|data(?!:image/(?:png|jpe?g|gif|webp|avif)[;,])):")
"""Addresses of scripts, and of files on the author's own machine."""
_FETCH = "`--fetch` brings it over."
_AGAIN = "Run the same command again, or save it yourself and put it beside the issue."


def _with_one_size(post: PlacedPost, notes: Notes) -> PlacedPost:
    """Return a post whose pictures name one file each, with a note if they named more."""
    markdown, count = without_other_sizes(post.text.markdown, maths=post.text.maths)
    if not count:
        return post
    what = "a picture" if count == 1 else f"{count} pictures"
    own = PostNotes(notes, post.post.id, post.post.where)
    own.add(
        Outcome.CHANGED, "other-sizes", f"{what} had other sizes as well (srcset), which were left out", words="<img"
    )
    return replace(post, text=replace(post.text, markdown=markdown))


def _links(post: PlacedPost) -> list[LinkSpan]:
    return [link for link in addresses_of(post.text.markdown, maths=post.text.maths) if not leads_away(link)]


def _words(link: LinkSpan) -> str:
    return " ".join(link.text.split())[:80]
