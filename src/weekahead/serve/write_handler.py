"""Answers requests of the editor: its page, a text and its findings as data, and what it saves, does and attaches.

A form that is sent without the page's script is refused only on the editor's page, with what was written in it: no words are lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from msgspec.structs import asdict

from weekahead.build.attached_files import LARGEST_ATTACHED, attach_file
from weekahead.build.draft import write_draft
from weekahead.build.issue_text import IssueText, TextChanged, read_issue_text
from weekahead.build.undo import undoable
from weekahead.model.findings import BuildError
from weekahead.serve.desk_requests import EARLIER_RUN, DeskRequests
from weekahead.serve.doing import ACTS, change_status
from weekahead.serve.pages import editor_page
from weekahead.serve.writing import (
    Notice,
    as_data,
    inserted,
    is_saved,
    placed,
    save_form,
    snippets,
    text_or_none,
    typed_text,
)
from weekahead.source.schedule_editor import EditError

WRITE, SOURCE, FINDINGS, SAVE = "/_desk/write/", "/_desk/source/", "/_desk/findings/", "/_desk/save"
THEN = {"publish": "/_desk/publish", "whole": "?whole", "fields": ""}
"""Where one goes after a save, by the button: to a page of the desk, or to the same text in another form."""
NOTHING_DONE = "Nothing else was done"


def _address_after(form: Mapping[str, str]) -> str:
    """Return where one goes after a save."""
    to = THEN.get(form.get("then", ""), "?whole" if "whole" in form else "")
    return to if to.startswith("/") else WRITE + quote(form.get("name", "")) + to


class WriteHandler(DeskRequests):
    """The editor's part of the desk."""

    file_limits = {"/_desk/attach": LARGEST_ATTACHED}

    def get_text(self, path: str, query: dict[str, str]) -> bool:
        """Answer a request for the editor or for its data; return whether this is one."""
        for start, answer in ((WRITE, self._get_editor), (SOURCE, self._get_source), (FINDINGS, self._get_findings)):
            if path.startswith(start):
                answer(path.removeprefix(start), "whole" in query)
                return True
        return False

    def _get_editor(self, name: str, whole: bool) -> None:
        version = self.state.version  # before the work: a change during it is news to this page
        text = text_or_none(self.state.options.root, name, whole=whole)
        if text is None:
            self.send_not_found("There is no such draft. It may have been renamed; look for it on the desk.")
        else:
            self._send_editor(text, Notice(), version=version)

    def _send_editor(
        self, text: IssueText, notice: Notice, status: HTTPStatus = HTTPStatus.OK, *, version: int | None = None
    ) -> None:
        page = editor_page(
            text, notice, snippets(), self.state.issue_of(text.name), self.state.last_good,
            self.url_of(self.server.preview.site), self.server.preview.token,
            self.state.version if version is None else version,
        )  # fmt: skip
        self.send_html(status, page)

    def _get_source(self, name: str, whole: bool) -> None:
        text = text_or_none(self.state.options.root, name, whole=whole)
        if text is None:
            self.send_json(HTTPStatus.NOT_FOUND, {"message": f"there is no file {name} any more"})
        else:
            self.send_json(HTTPStatus.OK, as_data(text))

    def _get_findings(self, name: str, whole: bool) -> None:
        text = text_or_none(self.state.options.root, name, whole=whole)
        if text is None:
            self.send_json(HTTPStatus.NOT_FOUND, {"message": f"there is no file {name} any more"})
            return
        findings, facts = self.on_main_thread(lambda: (self.state.findings(), self.state.length_of(name)))
        found = [asdict(each) for each in placed(text, findings)]
        self.send_json(HTTPStatus.OK, {"digest": text.digest, "line": text.line, "findings": found, **facts})

    # -- what it changes

    def post(self, path: str, form: dict[str, str]) -> None:
        if path == SAVE:
            self._save(form)
        elif path == "/_desk/new":
            self._write_draft(form)
        else:
            super().post(path, form)

    def refuse_token(self, path: str, form: dict[str, str]) -> None:
        if path == SAVE and not self.wants_json:
            said = f"Not saved yet: {EARLIER_RUN} Look at it and save it again."
            self._keep_words(form, said, HTTPStatus.FORBIDDEN)
        else:
            super().refuse_token(path, form)

    def _save(self, form: dict[str, str]) -> None:
        """Save a text, and then do with it what its button says."""
        root, name = self.state.options.root, form.get("name", "")
        try:
            with undoable(root, f"Wrote in {name}", is_writing=True):
                text = save_form(root, form)
        except TextChanged as changed:
            if not is_saved(form, changed.current):
                self._refuse_save(form, changed)
                return
            text = changed.current
        except (EditError, BuildError) as error:
            if self.wants_json:
                raise
            self._keep_words(form, f"Not saved: {error}.")
            return
        self.on_main_thread(self.state.refresh)
        if form.get("do") in ACTS:
            self._act(form)
        else:
            self.send_outcome(HTTPStatus.OK, "Saved.", _address_after(form), current=as_data(text))

    def _act(self, form: dict[str, str]) -> None:
        """Mark an issue ready or take it back, now that its text is saved, and say what came of it."""
        root, name = self.state.options.root, form.get("name", "")
        try:
            done = change_status(root, form)
        except (EditError, BuildError) as error:
            refused = error.findings if isinstance(error, BuildError) else ()
            said = "It is saved, and not ready yet:" if refused else f"It is saved. {NOTHING_DONE}: {error}."
            notice = Notice(said=said, is_fine=False, findings=tuple(map(str, refused)))
        else:
            self.on_main_thread(self.state.refresh)
            notice = Notice(said=done.words, findings=tuple(map(str, done.findings)))
        text = read_issue_text(root, name)
        if self.wants_json:
            more = {"is_done": notice.is_fine, "findings": notice.findings, "current": as_data(text)}
            self.send_outcome(HTTPStatus.OK, notice.said, WRITE + quote(name), **more)
        else:
            self._send_editor(text, notice, HTTPStatus.OK if notice.is_fine else HTTPStatus.CONFLICT)

    def _refuse_save(self, form: dict[str, str], changed: TextChanged) -> None:
        """Show both versions of a text that was changed elsewhere as well."""
        if self.wants_json:
            self.send_outcome(HTTPStatus.CONFLICT, f"{changed}.", current=as_data(changed.current))
            return
        text = typed_text(form, changed.current)
        notice = Notice(is_fine=False, is_unsaved=True, theirs=changed.current)
        self._send_editor(text, notice, HTTPStatus.CONFLICT)

    def _keep_words(self, form: dict[str, str], said: str, status: HTTPStatus = HTTPStatus.CONFLICT) -> None:
        """Show the editor with what a form has that was not saved, and why not."""
        there = text_or_none(self.state.options.root, form.get("name", ""), whole="whole" in form)
        text = typed_text(form, there, digest=form.get("digest", ""))
        self._send_editor(text, Notice(said=said, is_fine=False, is_unsaved=True), status)

    def _write_draft(self, form: dict[str, str]) -> None:
        number = form.get("number", "")
        if number and not (number.isascii() and number.isdigit() and len(number) < 7):
            raise EditError("`number` must be a number")
        root, site = self.state.options.root, self.state.last_good
        there = site.snapshot.letter.by_number.get(int(number)) if site and number else None
        if there:  # as after a double click
            self.send_outcome(HTTPStatus.OK, f"It is in {there.source.file}.", WRITE + quote(there.source.file))
            return
        words = f"weekahead new {number}".strip()
        with undoable(root, words):
            draft = write_draft(root, int(number) if number else None, form.get("title") or None)
        self.on_main_thread(self.state.refresh)
        name = draft.path.relative_to(root).as_posix()
        self.send_outcome(HTTPStatus.OK, f"Made {name}.", WRITE + quote(name))

    def post_file(self, path: str, query: dict[str, str], data: bytes) -> None:
        root, name = self.state.options.root, query.get("text", "")
        with undoable(root, f"Added {query.get('name', '')} to {name}"):
            attached = attach_file(root, name, query.get("name", ""), data)
        self.on_main_thread(self.state.refresh)
        more = {
            "text": inserted(attached.kind, attached.name),
            "kind": attached.kind,
            "file": attached.name,
            "current": as_data(read_issue_text(root, attached.issue)),
        }
        self.send_outcome(HTTPStatus.OK, f"{attached.name} is beside the issue.", WRITE + quote(attached.issue), **more)
