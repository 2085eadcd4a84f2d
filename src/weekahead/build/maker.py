"""Makes the files of a site: from the store where they were made before, else by rendering, on every core."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import msgspec

from weekahead.build.explain import Explainer
from weekahead.build.pipeline import Notice
from weekahead.build.traces import TraceLog
from weekahead.build.writer import MadeFile, Maker
from weekahead.model.findings import BuildError
from weekahead.runtime.parallel import available_cores, map_in_workers
from weekahead.runtime.store import Store
from weekahead.site.context import RenderContext
from weekahead.site.output import CopiedFile, SiteFile


class SiteMaker(Maker):
    """Makes files in up to `jobs` processes, 0 for as many as there are cores.

    What is made is remembered, for a folder that has the store and not the site.
    """

    def __init__(self, context: RenderContext, traces: TraceLog, store: Store, jobs: int, notice: Notice) -> None:
        self._context, self._traces, self._store = context, traces, store
        self._jobs, self._notice = jobs or available_cores(), notice
        self._explainer = Explainer(traces, context)

    def fingerprint(self, file: SiteFile) -> str | None:
        return file.digest if isinstance(file, CopiedFile) else self._traces.find(file)

    def make(self, files: Sequence[SiteFile], expected: Sequence[str]) -> Iterator[MadeFile | BuildError]:
        work = map_in_workers(lambda n: self._work(files[n], expected[n]), len(files), self._jobs, self._store.reopen)
        for n, (file, made) in enumerate(zip(files, work, strict=True), 1):
            self._notice("pages", n, len(files))
            yield made if isinstance(made, BuildError) else self._received(file, made)

    def reason(self, file: SiteFile) -> str:
        return self._explainer.reason(file)

    def _work(self, file: SiteFile, expected: str) -> bytes:
        """Return a file as bytes for another process: made, and compressed if it is not remembered yet."""
        if isinstance(file, CopiedFile):
            return _encode((file.digest, None, [], b""))
        known = self._traces.find(file)
        if known is not None and (found := self._remembered(known, file)):
            return _encode((known, found, [], b""))
        with self._context.recording() as recorded:
            shown = file.context()
        inputs = list(recorded)
        fingerprint = self._traces.fingerprint(file, inputs)
        if fingerprint == expected:
            return _encode((fingerprint, None, inputs, b""))
        if found := self._remembered(fingerprint, file):
            return _encode((fingerprint, found, inputs, b""))
        if file.render_pages:
            data = file.render_pages(shown, lambda page: self._notice(f"{file.path}: page", page, 0))
        else:
            data = file.render(shown)
        return _encode((fingerprint, data, inputs, zlib.compress(data, 1)))

    def _received(self, file: SiteFile, made: bytes) -> MadeFile:
        fingerprint, data, inputs, compressed = msgspec.msgpack.decode(made, type=_Parts)
        if compressed:
            self._store.save_bytes("made", f"{fingerprint} {file.path}", compressed)
        if inputs and not isinstance(file, CopiedFile):
            self._traces.put(file, fingerprint, inputs)
        return MadeFile(fingerprint, data)

    def _remembered(self, fingerprint: str, file: SiteFile) -> bytes | None:
        found = self._store.load_bytes("made", f"{fingerprint} {file.path}")
        return zlib.decompress(found) if found else None


_Parts = tuple[str, bytes | None, list[tuple[str, str]], bytes]
_encode = msgspec.msgpack.encode
