"""Addresses of an old site: paths, and files of the export that they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from weekahead.importers.post import MediaFile
from weekahead.importers.source_files import SourceFiles
from weekahead.model.addresses import host_of, split_address

_SCHEME = re.compile("[a-z][a-z0-9+.-]*:", re.I)


def path_of(address: str) -> str:
    """Return the path of an address, beginning with "/"; nothing for the top of a site, or an address without a path."""
    path = split_address(address.strip()).path
    return path if path.startswith("/") and path != "/" else ""


def site_of(address: str) -> str:
    """Return the address of a site as `Publication.url` has it: without a "/" at its end; nothing for what is no address."""
    return address.strip().rstrip("/") if re.match("https?://.", address.strip()) else ""


def common_site(addresses: Iterable[str]) -> str:
    """Return the scheme and host that most of these addresses have, or nothing."""
    counts: dict[str, int] = {}
    for address in addresses:
        if host_of(address):
            parts = split_address(address.strip())
            site = f"{parts.scheme}://{parts.netloc}"
            counts[site] = counts.get(site, 0) + 1
    return max(counts, key=lambda site: counts[site], default="")


def media_folders(files: SourceFiles, *paths: str) -> tuple[str, ...]:
    """Return the folders of an export in which one of these paths of the old site lies, such as "content/images/"; "" at least."""
    folders = {"": None}
    for name in files.names:
        for path in paths:
            before, found, _ = f"/{name}".partition(f"/{path}")
            if found:
                folders.setdefault(before.strip("/"))
    return tuple(folders)


def media_at(address: str, files: SourceFiles, folders: Iterable[str], alt: str = "") -> MediaFile:
    """Return what an address leads to: a file of the export, or a place elsewhere."""
    path = unquote(path_of(address)).lstrip("/")
    for folder in folders if path else ():
        if files.has(name := f"{folder}/{path}".lstrip("/")):
            return MediaFile(file=name, alt=alt)
    return MediaFile(url=address, alt=alt)


def is_absolute(address: str) -> bool:
    """Return whether an address begins with a scheme or names a machine."""
    return bool(_SCHEME.match(address)) or address.startswith("//")
