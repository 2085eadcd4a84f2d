"""The address and the title of a Substack publication: no file of the export says them, but its texts do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from html import unescape

from weekahead.importers.notes import Notes, Outcome
from weekahead.model.counts import counted

_OWN_ADDRESS = re.compile(r"https://([a-z0-9.-]+)/(?:(subscribe)\b|p/([\w-]+))")
_FORM = r'class="cta-caption"[^>]*>\s*'
_TITLES = {
    "thank for reading it": re.compile(_FORM + r"Thanks\s+for\s+reading\s+([^<!.]{2,80})!"),
    "ask to subscribe to it": re.compile(
        _FORM + r"([^<.!?]{2,80}?)\s+is\s+(?:free|a\s+reader-supported\s+publication)\."
    ),
    "say what is next for it": re.compile(
        r"(?i:what(?:’|'|&#(?:8217|x2019|39);|&rsquo;)s\s+next\s+for)\s+([^<.?!:]{2,80})\?"
    ),
}
"""Where texts name their letter, and what they do there; the surest comes first."""
_NO_TITLE = re.compile(r"(?i)(?:this|it|my|our|the)(?:\s+(?:sub)?\w*(?:letter|stack|publication|post|podcast))?")


def find_site(slugs: Collection[str], texts: Iterable[str], list_name: str, notes: Notes) -> tuple[str, str]:
    """Return the address and the title of a publication, as far as its texts and the name of its list tell."""
    hosts, titles = Counter[str](), {does: Counter[str]() for does in _TITLES}
    for html in texts:
        hosts.update({found[1] for found in _OWN_ADDRESS.finditer(html) if found[2] or found[3] in slugs})
        for does, pattern in _TITLES.items():
            titles[does].update(set(_named(pattern, html)))
    title, does = _title(titles, list_name or next((host.partition(".")[0] for host, _ in hosts.most_common(1)), ""))
    if title:
        notes.add(Outcome.INFERRED, "title", f'the letter is called "{title}": its texts {does}')
    if hosts:
        host, count = hosts.most_common(1)[0]
        evidence = f"{counted(count, 'text')} link to its posts or its form there"
    elif list_name:
        host, evidence = f"{list_name}.substack.com", "the list of readers is named after it"
    else:
        hint = "Old links and ids of feeds need it: write it in the report."
        notes.add(Outcome.ASK, "address", "no text says what the address of the publication was", hint=hint)
        return "", title
    notes.add(Outcome.INFERRED, "address", f"the address of the publication was https://{host}: {evidence}")
    return f"https://{host}", title


def _named(pattern: re.Pattern[str], html: str) -> Iterator[str]:
    for found in pattern.finditer(html):
        title = " ".join(unescape(found[1]).split())
        if not _NO_TITLE.fullmatch(title):
            yield title


def _title(titles: dict[str, Counter[str]], name: str) -> tuple[str, str]:
    """Return the title that texts name, and what they do there. A question may be about anything else: two texts, or the
    name of the publication, must agree with it."""
    for does, counts in titles.items():
        for title, count in counts.most_common(1):
            if does != "say what is next for it" or count > 1 or (name and _squeezed(title).endswith(name)):
                return title, does
    return "", ""


def _squeezed(title: str) -> str:
    return re.sub("[^a-z0-9]", "", title.casefold())
