"""Read what `weekahead export folder` wrote: the files of the letter as they were, as far as their values go."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from weekahead.model.decoding import decode_text
from weekahead.model.findings import Finding, Location, build_error, warning
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.files import read_bytes
from weekahead.source.front_matter import split_text
from weekahead.source.plain_folder import FILES, OWN, OWN_KEY, SETTINGS, SHARED, Change, put_back
from weekahead.source.yaml_flow import flow
from weekahead.source.yaml_map import YamlMap
from weekahead.source.yaml_tree import MappingNode, Node, ScalarNode, SequenceNode


class ReadLetter(Struct, frozen=True):
    """The files of a letter by their paths from its root, and what the author should know of them."""

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]


def is_export_folder(folder: Path) -> bool:
    """Return whether a folder was written by `weekahead export folder`."""
    return all((folder / path).is_file() for path in (*SETTINGS.values(), FILES))


def read_export_folder(folder: Path) -> ReadLetter:
    """Return the letter in an export. Raise BuildError if a file of it cannot be read or would lie outside the letter.

    A text that was changed since it was exported is taken as it is now: its blocks are plain Markdown then, and a
    warning says so.
    """
    findings: list[Finding] = []
    files = {name: _bytes(folder, path) for name, path in SETTINGS.items()}
    for name, path in _files(folder).items():
        files[_inside(name, FILES)] = _bytes(folder, path)
    for path in _texts(folder):
        if found := _text(folder, path, findings):
            files[found[0]] = found[1]
    return ReadLetter(files, tuple(findings))


def _files(folder: Path) -> dict[str, str]:
    """Return where each file of the letter that is no text lies in the export."""
    try:
        return msgspec.json.decode(_bytes(folder, FILES), type=dict[str, str])
    except msgspec.MsgspecError:
        message = "this file is not one that weekahead export wrote"
        raise build_error(FILES, "not-an-export", message, "Export the letter again.") from None


def _texts(folder: Path) -> Iterator[str]:
    """Yield the Markdown files of an export, in the order of their names."""
    for at, folders, names in os.walk(folder):
        inside = os.path.relpath(at, folder)
        folders[:] = sorted(name for name in folders if not name.startswith((".", OWN)))
        for name in sorted(names):
            if name.endswith(".md"):
                yield posixpath.normpath(posixpath.join(inside, name))


def _bytes(folder: Path, name: str) -> bytes:
    """Return the bytes of a file of an export. Raise BuildError."""
    try:
        return read_bytes(folder, name)
    except OSError as error:
        raise build_error(name, "unreadable", f"cannot read this file: {error.strerror}") from None


def _inside(name: str, where: str) -> str:
    """Return the path of a file of the letter. Raise BuildError if it is none under issues/ or pages/."""
    is_safe = posixpath.normpath(name) == name and "\\" not in name and "\0" not in name
    if is_safe and name.startswith(("issues/", "pages/")):
        return name
    message = f'"{name[:100]}" is not a file under issues/ or pages/'
    raise build_error(where, "outside", message, "Export the letter again.")


# -- one text


def _text(folder: Path, path: str, findings: list[Finding]) -> tuple[str, bytes] | None:
    """Return the path in the letter and the bytes of an exported text; None for a file that is none. Raise BuildError."""
    faults: list[Finding] = []
    text = decode_text(path, _bytes(folder, path), faults)
    parts = split_text(path, text) if text is not None else None
    own = parts.keys.map(OWN_KEY) if parts else None
    if text is None or parts is None or own is None:
        return None
    kept = {name.value: node for name, node in own.pairs}
    file, keys = kept.get("file"), kept.get("keys")
    if not isinstance(file, ScalarNode) or not isinstance(keys, MappingNode):
        message = "the key weekahead: of this file is not as weekahead export wrote it"
        raise build_error(path, "not-an-export", message, "Export the letter again, or remove the key.")
    body = _restored(text[parts.body :].rstrip(), own, path, findings)
    lines = [f"{key}: {flow(node)}" for key, node in _shared(parts.keys)]
    lines += [f"{key.value}: {flow(value)}" for key, value in keys.value]
    return _inside(file.value, path), ("---\n" + "\n".join(lines) + f"\n---\n\n{body}\n").encode()


def _shared(keys: YamlMap) -> Iterator[tuple[str, Node]]:
    return ((name.value, node) for name, node in keys.pairs if name.value in SHARED)


def _restored(body: str, own: YamlMap, path: str, findings: list[Finding]) -> str:
    """Return the body of a text as its author wrote it, or as it is where it was changed since."""
    kept = own.map("text")
    if kept is None:
        return body
    nodes = {name.value: node for name, node in kept.pairs}
    digest, changes = nodes.get("digest"), nodes.get("changes")
    if isinstance(digest, ScalarNode) and digest.value == hash_bytes(body.encode()):
        return _put_back(body, changes, path)
    message = "this text was changed since it was exported"
    findings.append(
        warning(Location(path), "export-changed", message, "Its blocks are plain Markdown now; look at it.")
    )
    return body


def _put_back(body: str, changes: Node | None, path: str) -> str:
    try:
        listed = changes.value if isinstance(changes, SequenceNode) else []
        parts = [[part.value for part in change.value] for change in listed]
        return put_back(body, [Change(int(start), int(length), original) for start, length, original in parts])
    except (ValueError, TypeError, AttributeError):
        message = "the key weekahead: of this file is not as weekahead export wrote it"
        raise build_error(path, "not-an-export", message, "Export the letter again, or remove the key.") from None
