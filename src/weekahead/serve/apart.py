"""Make one file of the preview in a process of its own: a PDF takes seconds, in which pages are to answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

from weekahead.build.pipeline import BuildOptions
from weekahead.model.findings import BuildError, Finding

_decode, _encode = msgspec.msgpack.decode, msgspec.msgpack.encode


def make_apart(options: BuildOptions, path: str) -> bytes:
    """Return the bytes of a file of a site. Raise BuildError."""
    asked = _encode((str(options.root), options.as_of, options.base_url, options.drafts, path))
    done = subprocess.run(
        [sys.executable, "-m", "weekahead.serve.apart"], input=asked, stdout=subprocess.PIPE, check=True
    )
    made, findings = _decode(done.stdout, type=tuple[bytes, tuple[Finding, ...]])
    if findings:
        raise BuildError(findings)
    return made


def _made(asked: bytes) -> bytes:
    from weekahead.build.site_plan import plan_site
    from weekahead.build.snapshot import take_snapshot
    from weekahead.runtime.code_version import open_store
    from weekahead.source.loader import load_letter

    root, as_of, base_url, drafts, path = _decode(asked, type=tuple[str, str | None, str | None, bool, str])
    with open_store(Path(root)) as store:
        letter = load_letter(Path(root), store)
        snapshot = take_snapshot(letter, store.version, as_of=as_of, drafts=drafts, base_url=base_url)
        return plan_site(snapshot, store, 1).files[path].make()


def main() -> None:
    """Write what is made, or what is wrong, for `make_apart`."""
    try:
        answer = _encode((_made(sys.stdin.buffer.read()), ()))
    except BuildError as error:
        answer = _encode((b"", error.findings))
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
