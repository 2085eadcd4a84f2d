"""The day of a text, where it stands: in its front matter, in its name, in its address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from posixpath import basename, splitext
from typing import Any

from weekahead.importers.platforms.moments import NO_MOMENT, Moment, instant_and_day

_DATE_IN_NAME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_ ]+(.*)|$)")


def when_of(values: Mapping[str, Any], keys: Sequence[str], name: str = "") -> tuple[Moment, frozenset[str]]:
    """Return the date of a text, by the first of some keys that has one, else by its name, and the keys that were read."""
    lowered = {re.sub(r"[-_ ]", "", key).lower(): key for key in reversed(list(values))}
    for key in keys:
        if (own := lowered.get(key)) is not None:
            found = instant_and_day(values[own])
            if found != NO_MOMENT:
                return found, frozenset({own})
    return dated_name(basename(name))[0], frozenset()


def dated_name(name: str) -> tuple[Moment, str]:
    """Return the date that a file's name begins with, and the rest of the name without its ending."""
    stem = splitext(name)[0] if "." in name else name
    match = _DATE_IN_NAME.match(stem)
    found = instant_and_day("-".join(match.groups()[:3])) if match else NO_MOMENT
    return (found, match[4] or "") if match and found != NO_MOMENT else (NO_MOMENT, stem)


def dated_path(path: str) -> Moment:
    """Return the day that a path has in its folders, as /2024/03/08/ has."""
    found = re.search(r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)", path)
    return instant_and_day("-".join(found.groups())) if found else NO_MOMENT
