"""Make one file of the preview in a process of its own: a book takes seconds, in which pages are to answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

from weekahead.build.pipeline import BuildOptions
from weekahead.model.findings import BuildError, Finding

_decode, _encode = msgspec.msgpack.decode, msgspec.msgpack.encode


def make_apart(options: BuildOptions, path: str) -> tuple[bytes, str | None]:
    """Return a file of a site, and the policy of a page, which it is without. Raise BuildError."""
    asked = _encode((str(options.root), options.as_of, options.base_url, options.drafts, path))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "weekahead.serve.apart"], input=asked, stdout=subprocess.PIPE, check=True
    )
    made, policy, findings = _decode(done.stdout, type=tuple[bytes, str | None, tuple[Finding, ...]])
    if findings:
        raise BuildError(findings)
    return made, policy


def _made(asked: bytes) -> tuple[bytes, str | None]:
    from weekahead.build.site_plan import plan_site
    from weekahead.build.snapshot import take_snapshot
    from weekahead.runtime.code_version import open_store
    from weekahead.site.output import Output
    from weekahead.site.page_output import made_with_policy
    from weekahead.source.loader import load_letter

    root, as_of, base_url, drafts, path = _decode(asked, type=tuple[str, str | None, str | None, bool, str])
    with open_store(Path(root)) as store:
        letter = load_letter(Path(root), store)
        snapshot = take_snapshot(letter, store.version, as_of=as_of, drafts=drafts, base_url=base_url)
        file = plan_site(snapshot, store, 1).files.get(path)
        return made_with_policy(file) if isinstance(file, Output) else (b"", None)


def main() -> None:
    """Write what is made, or what is wrong, for `make_apart`."""
    try:
        answer = _encode((*_made(sys.stdin.buffer.read()), ()))
    except BuildError as error:
        answer = _encode((b"", None, error.findings))
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
