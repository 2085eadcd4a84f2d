"""Why a file is made again, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from weekahead.build.traces import TraceLog
from weekahead.runtime.store import to_plain
from weekahead.site.aspects import Aspect
from weekahead.site.context import RenderContext
from weekahead.site.output import CopiedFile, SiteFile

FIELDS = {
    "author_email": "author",
    "author_name": "author",
    "day": "date",
    "extra": "extra keys",
    "has_cover": "cover",
    "mark": "status",
    "note": "research note",
    "path": "address",
    "rows": "coming slots",
    "stamped": "stamped list (next:)",
}
"""What fields are called, where that is not their name."""

SENTENCES = {
    "written_by": "the list of issues by {key} changed",
    "author_names": "the list of authors changed",
    "cadence": "the cadence changed",
    "count": "the number of issues changed",
    "feed_id": "the feed id of {issue} changed",
    "files": "the list of issues changed",
    "translator": "the words of the language changed",
    "links": "a link in {issue} leads elsewhere",
    "moves": "the declared exceptions for {issue} changed",
    "neighbours": "the issue before or after {issue} changed",
    "newest": "the newest issues changed",
    "newest_public": "the newest issues changed",
    "number": "the plan for number {key} changed",
    "path": "the address of {issue} changed",
    "page_paths": "the pages beside the issues changed",
    "series": "the parts of the series {key} changed",
    "series_names": "the list of series changed",
    "tagged": "the list of issues tagged {key} changed",
    "tag_slugs": "the list of tags changed",
    "template": "the template {key} changed",
    "body": "the text of {issue} changed",
    "all_texts": "the text of {issue} changed",
    "number_titled": 'the number of the issue titled "{key}" changed',
}
"""What is said of an aspect that changed. Those with fields are described by them."""

OF_FIELDS = {
    "card": "the {fields} of {issue} changed",
    "config": "{fields} in letter.yaml changed",
    "details": "the {fields} of {issue} changed",
    "page": "the {fields} of {issue} changed",
    "plan": "the plan changed ({fields})",
    "site": "what every page shows changed ({fields})",
}


class Explainer:
    """Says why files are made again."""

    def __init__(self, traces: TraceLog, context: RenderContext) -> None:
        self._traces, self._context = traces, context
        self._sentences: dict[Aspect, str] = {}

    def reason(self, file: SiteFile) -> str:
        """Return in a sentence what changed of that which a file was made from."""
        if isinstance(file, CopiedFile):
            return f"{file.source.file} changed"
        changed = self._traces.changed_inputs(file)
        if not changed:
            return "weekahead, a library or the kind of page changed"
        sentences = list(dict.fromkeys(map(self._sentence, changed)))
        more = len(sentences) - 3
        return "; ".join(sentences[:3]) + (f"; and {more} more" if more > 0 else "")

    def _sentence(self, aspect: Aspect) -> str:
        if aspect not in self._sentences:
            self._sentences[aspect] = self._described(*aspect)
        return self._sentences[aspect]

    def _described(self, kind: str, key: str) -> str:
        before, now = self._traces.value_before((kind, key)), _plain(self._context.value((kind, key)))
        issue = self._name(key)
        if kind in OF_FIELDS and isinstance(before, Mapping) and isinstance(now, Mapping):
            fields = [FIELDS.get(name, name.replace("_", " ")) for name in now if now[name] != before.get(name)]
            if fields:
                return OF_FIELDS[kind].format(fields=_listed(list(dict.fromkeys(fields))), issue=issue)
        sentence = SENTENCES.get(kind, "{issue} changed" if "/" in key else f"the {kind} changed")
        return sentence.format(key=key, issue=issue)

    def _name(self, file: str) -> str:
        """Return what an issue is called: "issue 12"; a page, a special edition or one that is gone by its file."""
        card = self._context.value(("card", file))
        return f"issue {card.number}" if card and card.number is not None else file


def _plain(value: object) -> object:
    """Return a value as the store gives it back."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(value, enc_hook=to_plain))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
