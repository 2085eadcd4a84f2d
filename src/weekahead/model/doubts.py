"""What cannot be told of a letter while some of its files have errors."""

from __future__ import annotations

import re
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.findings import Finding
from weekahead.model.issue import slugify

FIXED_PARTS = frozenset({"", "authors", "index", "issues", "series", "tags"})
"""Parts of addresses that say nothing of the page."""


ABSENT = {"audio-missing": "audio", "series-gap": "series", "missed-slot": "number"}
"""The rules that something is missing, with the key of front matter that would say that it is not."""


class Doubts(Struct, frozen=True, kw_only=True, dict=True):
    """What files with errors may say, so that nothing is called missing that may be theirs."""

    words: tuple[str, ...] = ()
    """The name of each file with an error and its front matter, and all other words that addresses may be made of."""
    keys: frozenset[str] = frozenset()
    """The keys of front matter that cannot be read in one of the issues."""

    def may_have(self, address: str) -> bool:
        """Return whether an address may exist because of one of the files: a part of it stands in the words."""
        path = address.partition("#")[0].partition("?")[0]
        parts = [_words(re.sub(r"\.\w{1,5}$", "", part)) for part in path.split("/")]
        names = [re.sub(r"^\d+-(?=.)", "", part) for part in parts if part not in FIXED_PARTS]
        telling = [name for name in names if not name.isdecimal()] or names
        return any(f"-{name}-" in self._all for name in telling)

    def with_words(self, words: tuple[str, ...]) -> Doubts:
        """Return these doubts and those about more words."""
        return replace(self, words=(*self.words, *words))

    def explain(self, finding: Finding) -> bool:
        """Return whether a finding that something is missing may be due to a key that cannot be read."""
        return ABSENT.get(finding.rule) in self.keys

    @cached_property
    def _all(self) -> str:
        return f"-{'-'.join(map(_words, self.words))}-"


def _words(text: str) -> str:
    return re.sub(r"\b0+(?=\d)", "", slugify(text))


NO_DOUBTS = Doubts()
"""Those of a letter without errors."""
