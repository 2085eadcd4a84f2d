"""Why a file is made again, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import msgspec

from weekahead.build.traces import TraceLog, fields_of
from weekahead.runtime.store import to_plain
from weekahead.site.aspects import Aspect
from weekahead.site.context import RenderContext
from weekahead.site.output import CopiedFile, SiteFile

FIELDS = {
    "author_about": "author",
    "author_email": "author",
    "author_line": "author",
    "author_name": "author",
    "author_picture": "author",
    "body": "text",
    "day": "date",
    "extra": "extra keys",
    "feed_archive": "feed",
    "feed_items": "feed",
    "feed_max_kb": "feed",
    "has_audio": "podcast",
    "has_authors": "pages of authors",
    "hub": "feed",
    "is_draft": "status",
    "last": "last planned slot",
    "mark": "status",
    "note": "research note",
    "own_styles": "own.css",
    "pages": "pages in the menu",
    "path": "address",
    "promised": "promised slots",
    "rows": "coming slots",
    "series_feeds": "feed",
    "skipped": "skipped days",
    "stamped": "stamped list (next:)",
    "tag_feeds": "feed",
}
"""What fields are called, where that is not their name."""
UNSAID = frozenset({"head", "source"})
"""Fields that change with others."""

SENTENCES = {
    "written_by": "the list of issues by {key} changed",
    "asset": "templates/assets/{key} changed",
    "author_names": "the list of authors changed",
    "book": "what letter.yaml says of the book {key} changed",
    "book_files": "the issues of the book {key} changed",
    "book_fonts": "the fonts of books changed",
    "book_forms": "the formats of the book {key} changed",
    "book_limits": "what a book may take changed",
    "book_names": "the list of books changed",
    "books_of_series": "the books of the series {key} changed",
    "cadence": "the cadence changed",
    "card": "{issue} changed",
    "config": "letter.yaml changed",
    "corrections": "the corrections of {issue} changed",
    "count": "the number of issues changed",
    "feed_id": "the feed id of {issue} changed",
    "details": "the front matter of {issue} changed",
    "file_digest": "{key} changed",
    "kept_editions": "the editions of the book {key} that are kept changed",
    "files": "the list of issues changed",
    "translator": "the translations changed",
    "links": "a link in {issue} leads elsewhere",
    "from_root": "the address {key} of letter.yaml leads elsewhere",
    "moves": "the declared exceptions for {issue} changed",
    "neighbours": "the issue before or after {issue} changed",
    "newest": "the newest issues changed",
    "newest_public": "the newest issues changed",
    "number": "the plan for number {key} changed",
    "page": "{key} changed",
    "picture": "the size of {key} changed",
    "path": "the address of {issue} changed",
    "page_paths": "the pages beside the issues changed",
    "plan": "the plan changed",
    "planned_parts": "the plan of the series {key} changed",
    "series_note": "what letter.yaml says of the series {key} changed",
    "series": "the parts of the series {key} changed",
    "series_names": "the list of series changed",
    "site": "what every page shows changed",
    "tags": "the list of tags changed",
    "tagged": "the list of issues tagged {key} changed",
    "tag_slugs": "the list of tags changed",
    "template": "the template {key} or one that it uses changed",
    "body": "the text of {issue} changed",
    "all_texts": "the text of {issue} changed",
    "waived": "what {issue} allows changed",
    "number_titled": 'the number of the issue titled "{key}" changed',
}
"""What is said of an aspect that changed, if its fields are not known."""

MAY_BE_NOTHING = frozenset({"asset", "number_titled", "series_note"})
"""Aspects of which None is a value like others."""

OF_FIELDS = {
    "card": "the {fields} of {issue} changed",
    "config": "{fields} in letter.yaml changed",
    "details": "the {fields} of {issue} changed",
    "page": "the {fields} of {key} changed",
    "plan": "the plan changed ({fields})",
    "site": "what every page shows changed ({fields})",
    "template": "the template {fields} changed",
}
"""What is said of the fields of an aspect that changed."""

ANOTHER_RECIPE = "it is made from other issues or another file now"
ANOTHER_BUILD = "the last build had another version or other options, or is forgotten"
OLDER_SITE = "the letter has changed since this site was built"


class Explainer:
    """Says why files are made again."""

    def __init__(self, traces: TraceLog, context: RenderContext) -> None:
        self._traces, self._context = traces, context
        self._sentence: Callable[[Aspect], str] = cache(self._described)

    def reason(self, file: SiteFile) -> str:
        """Return in a sentence what changed of that which a file was made from."""
        if isinstance(file, CopiedFile):
            return f"{file.source.file} changed"
        before = self._traces.recipe_before(file)
        if before != file.recipe:
            return ANOTHER_BUILD if before is None else ANOTHER_RECIPE
        changed = self._traces.changed_inputs(file)
        sentences = list(dict.fromkeys(filter(None, map(self._sentence, changed))))
        if not sentences:
            return self._general(*changed[0]) if changed else OLDER_SITE
        more = len(sentences) - 3
        return "; ".join(sentences[:3]) + (f"; and {more} more" if more > 0 else "")

    def _described(self, aspect: Aspect) -> str:
        """Return a sentence about a change; empty if nothing of it can be seen."""
        kind, key = aspect
        now, before = self._context.value(aspect), self._traces.fields_before(aspect)
        if now is None and kind not in MAY_BE_NOTHING:
            return f"{key} is no longer published"
        if kind == "number" and isinstance(now, str):
            return f"number {key} is published"
        if kind not in OF_FIELDS or before is None:
            return self._general(kind, key)
        fields = _changed(before, _plain(fields_of(now)))
        return OF_FIELDS[kind].format(fields=_listed(fields), key=key, issue=self._name(key)) if fields else ""

    def _general(self, kind: str, key: str) -> str:
        return SENTENCES[kind].format(key=key, issue=self._name(key))

    def _name(self, file: str) -> str:
        """Return what an issue is called: "issue 12"; a page, a special edition or one that is gone by its file."""
        card = self._context.value(("card", file))
        return f"issue {card.number}" if card and card.number is not None else file


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what the fields are called that differ; those that are gone only if nothing else does."""
    names = [name for name in now if now[name] != before.get(name) and name not in UNSAID]
    names = names or sorted(before.keys() - now.keys())
    return list(dict.fromkeys(name if "." in name else FIELDS.get(name, name.replace("_", " ")) for name in names))


def _plain(fields: object) -> dict[str, Any]:
    """Return fields as the store gives them back."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(fields, enc_hook=to_plain), type=dict[str, Any])


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
