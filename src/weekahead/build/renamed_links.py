"""Change the links to drafts whose files or addresses change, wherever the letter has one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, unquote, unquote_to_bytes

from weekahead.build.carried_drafts import CarriedDraft
from weekahead.build.texts import digest_now
from weekahead.lint.link_addresses import written_links
from weekahead.markdown.options import TextOptions
from weekahead.model.issue import Issue, Page
from weekahead.model.letter import Letter
from weekahead.source.front_matter import split_text
from weekahead.source.text_edit import LetterEdit

_IN_KEYS = re.compile(
    r"""(?<=\]\()[^\s()<>]+|(?<=\]\(<)[^<>\n]+|(?<=\bhref=["'])[^"'\n]+|(?<=\bsrc=["'])[^"'\n]+|(?<=\bfile:[ ])[^\s,}\#"']+"""
)
"""Where the keys of a file may have an address: in a Markdown or HTML link of a text, and in the name of a file."""


class RenamedLinks:
    """The names and addresses of a letter that change, and the links to them."""

    def __init__(self, before: Letter, after: Letter, drafts: Sequence[CarriedDraft]) -> None:
        self._letter = before
        self._names = {old: new for old, new in (draft.renamed for draft in drafts) if old != new}
        self._paths: dict[str, str] = {}
        for draft in drafts:
            if before.known_day(draft.before) and after.known_day(draft.after):
                old, new = before.path(draft.before).rstrip("/"), after.path(draft.after).rstrip("/")
                self._paths |= {old: new} if old != new else {}
        words = sorted({posixpath.basename(name).encode() for name in (*self._names, *self._paths)})
        self._hint = re.compile(b"|".join(map(re.escape, words)))

    def change(self, edit: LetterEdit) -> None:
        """Change the links in all texts of the letter, and in its front matter and sign-off. Raise BuildError."""
        if not (self._names or self._paths):
            return
        texts: list[Issue | Page] = [*self._letter.issues, *self._letter.pages]
        for place in texts:
            name = place.source.file
            if self._may_link(edit, name):
                edit.change(name, self._changed(edit, place))
        if self._may_link(edit, "letter.yaml"):
            edit.change("letter.yaml", self._in_keys(edit.text("letter.yaml"), "issues", ""))

    def _may_link(self, edit: LetterEdit, name: str) -> bool:
        """Return whether a file has one of the names in it, with or without percent signs: few have."""
        return self._hint.search(unquote_to_bytes(edit.data(name))) is not None

    def _changed(self, edit: LetterEdit, place: Issue | Page) -> str:
        text = edit.text(place.source.file)
        parts = split_text(place.source.file, text)
        if parts is None:
            return text
        folder, path = place.source.folder, self._path(place)
        (start, end), body = parts.head, text[parts.body :]
        for (first, last), address in reversed([*self._links(body, place)]):
            body = body[:first] + self._new_address(address, folder, path) + body[last:]
        head = self._in_keys(text[start:end], folder, path)
        if isinstance(place, Issue) and place.recorded == place.body.digest:  # an address is not read aloud
            head = head.replace(place.recorded, digest_now(edit.root, place.body, body.rstrip()))
        return text[:start] + head + text[end : parts.body] + body

    def _path(self, place: Issue | Page) -> str:
        """Return the path of the page of a text before the edit, from which relative addresses of pages start."""
        is_issue = isinstance(place, Issue) and (place.is_undated or self._letter.known_day(place))
        return self._letter.path(place) if isinstance(place, Issue) and is_issue else f"{place.slug}/"

    def _links(self, body: str, place: Issue | Page) -> Iterator[tuple[tuple[int, int], str]]:
        """Yield where the addresses of a text are, in order, each once."""
        maths = TextOptions.of_letter(self._letter.config).maths if place.body.maths is None else place.body.maths
        for link in written_links(body, maths=maths):
            yield link.address_span, link.address

    def _in_keys(self, text: str, folder: str, path: str) -> str:
        lines = re.split(r"(?m)(?=^\w)", text)
        return "".join(
            line if line.startswith("aliases") else _IN_KEYS.sub(lambda m: self._new_address(m[0], folder, path), line)
            for line in lines
        )

    # -- one address

    def _new_address(self, address: str, folder: str, path: str) -> str:
        """Return an address in a text of a folder, whose page has a path, as it must be after the edit."""
        match = re.match(r"[^#?]*", address)
        words, rest = address[: match.end()] if match else "", address[match.end() if match else 0 :]
        config = self._letter.config
        for prefix in (config.url, config.base, "/"):
            if words.startswith(prefix):
                return prefix + self._new_path(words[len(prefix) :]) + rest
        if not words or re.match(r"(?i)[a-z][a-z0-9+.-]*:|//", words):
            return address
        name = posixpath.normpath(posixpath.join(folder, unquote(words)))
        for old, new in self._names.items():
            if name == old or name.startswith(old + "/"):
                return _replaced(words, posixpath.basename(old), posixpath.relpath(new, posixpath.dirname(old))) + rest
        page = posixpath.normpath(posixpath.join(path, unquote(words)))
        new = self._paths.get(page, page)
        if posixpath.dirname(new) == posixpath.dirname(page):
            return _replaced(words, posixpath.basename(page), posixpath.basename(new)) + rest
        return address

    def _new_path(self, words: str) -> str:
        """Return a path of the site with the new one of a draft in place of the old one that it begins with."""
        parts = words.split("/")
        for old, new in self._paths.items():
            names = old.split("/")
            if [unquote(part) for part in parts[: len(names)]] == names:
                pairs = zip(parts, names, new.split("/"), strict=False)
                return "/".join([_like(part, old, new) for part, old, new in pairs] + parts[len(names) :])
        return words


def _replaced(words: str, old: str, new: str) -> str:
    """Return an address with another name in place of the last part of that name; of none as it is."""
    parts = words.split("/")
    for index in reversed(range(len(parts))):
        if unquote(parts[index]) == old:
            parts[index] = _like(parts[index], old, new)
            break
    return "/".join(parts)


def _like(part: str, old: str, new: str) -> str:
    """Return a new name written as the old one was: as it is, or with percent signs."""
    return part if old == new else new if part == old else quote(new)
