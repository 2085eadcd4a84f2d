"""How the letter looks: templates and assets, the letter's own before the packaged ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from weekahead.model.hashing import hash_bytes, hash_value

PACKAGED = "weekahead"
"""Where a letter's own template finds the packaged one of its name: `{% extends "weekahead/issue.html" %}`."""


SAMPLE_COVER = "cover.png"
"""The asset that is the podcast cover of the sample letter, and of no other."""


class Template(Struct, frozen=True):
    """The text of one template, and the file it was read from."""

    text: str
    file: str


class Asset(Struct, frozen=True):
    """A file that is published as it is, under assets/."""

    data: bytes
    file: str

    @property
    def digest(self) -> str:
        return hash_bytes(self.data)


class Theme(Struct, frozen=True, dict=True):
    """All templates and assets by name."""

    templates: Mapping[str, Template]
    assets: Mapping[str, Asset]

    def is_sample_cover(self, name: str | None) -> bool:
        """Return whether an asset is the packaged cover of the sample letter, and not a file of the letter's own."""
        return name == SAMPLE_COVER and name in self.assets and self.is_packaged(self.assets[name])

    def is_packaged(self, file: Template | Asset) -> bool:
        """Return whether a template or asset is ours, and not the letter's own."""
        return file.file.startswith(f"{PACKAGED}/")

    @cached_property
    def digest(self) -> str:
        """Names every template and asset."""
        texts = {name: template.text for name, template in self.templates.items()}
        return hash_value([texts, {name: [asset.digest, asset.file] for name, asset in self.assets.items()}])

    def digests(self, name: str) -> dict[str, str]:
        """Return the digests of a template and of every template it extends, includes or imports, by name."""
        return {found: hash_bytes(self.templates[found].text.encode()) for found in sorted(self._closure(name))}

    def _closure(self, name: str) -> set[str]:
        found: set[str] = set()
        wanted = [name]
        while wanted:
            name = wanted.pop()
            if name in found or name not in self.templates:
                continue
            found.add(name)
            text = self.templates[name].text
            named = re.findall(r"\{%[-+]?\s*(?:extends|include|import|from)\s+(\S+)", text)
            plain = [word.strip("\"'") for word in named if word[0] in "\"'"]
            wanted += plain if len(plain) == len(named) else list(self.templates)
        return found


def starter() -> Path:
    """Return the letter that the package carries: in a checkout the checkout itself, else what the wheel packed."""
    package = Path(__file__).parents[1]
    packed = package / "starter"
    return packed if packed.is_dir() else package.parents[1]
