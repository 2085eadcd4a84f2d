"""Small marks of MkDocs' extensions: keys `++ctrl+c++`, changes `{--old--}`, icons, snippets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.dialects.unknown import cut
from weekahead.importers.notes import Outcome, PostNotes

_KEYS = re.compile(r"(?<!\+)\+\+([a-z0-9-]+(?:\+[a-z0-9-]+)*)\+\+(?!\+)")
_CHANGES = re.compile(r"\{(--|\+\+|==|>>|~~)(.*?)(--|\+\+|==|<<|~~)\}")
_ICON = re.compile(r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:(?:\{[^}\n]*\})?")
_SNIPPET = re.compile(r"(?m)^[ \t]*-{1,}8<-{1,}[ \t]*(?:\"([^\"\n]*)\")?[ \t]*$")
_ANNOTATE = re.compile(r"\{[ \t]*\.(?:annotate|grid|card|cards|md-button)[^}\n]*\}")


def mkdocs_marks(text: str, notes: PostNotes) -> str:
    """Convert the small marks of MkDocs' extensions, or leave them out."""
    if not re.search(r"\+\+|\{|:[a-z]+-|8<", text):
        return text
    view = View(text)
    return view.edited(_edits(view, notes))


def _edits(view: View, notes: PostNotes) -> Iterator[Edit]:
    source = view.without_code
    for match in _KEYS.finditer(source):
        keys = "+".join(f"<kbd>{key}</kbd>" for key in match[1].split("+"))
        yield Edit(*match.span(), keys, keys)
    for match in _CHANGES.finditer(source):
        tag = {"--": "del", "++": "ins", "==": "mark"}.get(match[1])
        if match[1] == ">>":
            notes.add(Outcome.DROPPED, "comment", f'a comment: "{cut(match[2])}"', line=view.line(match.start()))
            yield Edit(*match.span(), "", "")
        elif tag:
            yield Edit(match.start(), match.start(2), f"<{tag}>", f"<{tag}>")
            yield Edit(match.end(2), match.end(), f"</{tag}>", f"</{tag}>")
    for pattern, what in ((_ICON, "an icon"), (_SNIPPET, "a file that was shown here"), (_ANNOTATE, "attributes")):
        for match in pattern.finditer(source):
            outcome = Outcome.ASK if pattern is _SNIPPET else Outcome.DROPPED
            notes.add(outcome, "mkdocs", f"{what} is left out: {cut(match[0])}", line=view.line(match.start()))
            yield Edit(*match.span(), "", "")
