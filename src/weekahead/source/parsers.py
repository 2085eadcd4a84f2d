"""One parser for each kind of file of a letter: from its bytes to a value, or None and findings.

Each imports what it needs when it is called: most runs parse no file, or one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from weekahead.model.book import KeptEdition
from weekahead.model.config import Config
from weekahead.model.decoding import decode_text
from weekahead.model.findings import Finding
from weekahead.model.issue import Issue, Page
from weekahead.model.schedule import Schedule

if TYPE_CHECKING:
    from weekahead.source.yaml_map import YamlMap

T = TypeVar("T")

Parser = Callable[[str, bytes, list[Finding]], T | None]
"""From the name and the bytes of a file to its value; None where findings were added in its place."""

MAX_BODIES = 100
"""Bodies that are kept in memory after reading: a megabyte or two."""


def config_file(name: str, data: bytes, findings: list[Finding]) -> Config | None:
    from weekahead.source.config_file import parse_config

    keys = _keys(name, data, findings)
    return parse_config(keys) if keys else None


def schedule_file(name: str, data: bytes, findings: list[Finding]) -> Schedule | None:
    from weekahead.source.schedule_file import parse_schedule

    keys = _keys(name, data, findings)
    return parse_schedule(keys) if keys else None


def editions_file(name: str, data: bytes, findings: list[Finding]) -> tuple[KeptEdition, ...] | None:
    from weekahead.source.edition_file import parse_editions

    keys = _keys(name, data, findings)
    return parse_editions(keys) if keys else None


def _keys(name: str, data: bytes, findings: list[Finding]) -> YamlMap | None:
    from weekahead.source.yaml_map import YamlSource, read_yaml_map

    text = decode_text(name, data, findings)
    return None if text is None else read_yaml_map(text, YamlSource(name, findings), name)


def page_file(name: str, data: bytes, findings: list[Finding]) -> Page | None:
    from weekahead.source.front_matter import parse_page

    return parse_page(name, data, findings)


def issue_file(bodies: dict[str, str], name: str, data: bytes, findings: list[Finding]) -> Issue | None:
    """Return an issue, and keep its body, so that rendering need not read it again."""
    from weekahead.source.front_matter import parse_issue

    return parse_issue(name, data, findings, bodies if len(bodies) < MAX_BODIES else None)
