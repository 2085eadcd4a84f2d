"""Answers requests of the editor: its page, a text and its findings as data, and what it saves and attaches."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from msgspec.structs import asdict

from weekahead.build.attached_files import LARGEST_ATTACHED, attach_file
from weekahead.build.draft import write_draft
from weekahead.build.issue_text import TextChanged, read_issue_text
from weekahead.build.undo import undoable
from weekahead.serve.desk_requests import DeskRequests
from weekahead.serve.pages import editor_page
from weekahead.serve.writing import as_data, inserted, placed, save_form, snippets, text_or_none
from weekahead.source.folder import LARGEST
from weekahead.source.schedule_editor import EditError

WRITE, SOURCE, FINDINGS = "/_desk/write/", "/_desk/source/", "/_desk/findings/"


class WriteHandler(DeskRequests):
    """The editor's part of the desk."""

    form_limits = {"/_desk/save": 4 * LARGEST}  # a form has three signs for some bytes of a text
    file_limits = {"/_desk/attach": LARGEST_ATTACHED}

    def get_text(self, path: str, query: dict[str, str]) -> bool:
        """Answer a request for the editor or for its data; return whether this is one."""
        for start, answer in ((WRITE, self._get_editor), (SOURCE, self._get_source), (FINDINGS, self._get_findings)):
            if path.startswith(start):
                answer(path.removeprefix(start), "whole" in query)
                return True
        return False

    def _get_editor(self, name: str, whole: bool) -> None:
        version = self.state.version
        text, site = text_or_none(self.state.options.root, name, whole=whole), self.state.last_good
        if text is None or site is None:
            self.send_not_found("There is no such draft. It may have been renamed; look for it on the desk.")
            return
        page = editor_page(
            text, snippets(), self.state.issue_of(name), site, self.url_of(self.server.preview.site),
            self.server.preview.token, version,
        )  # fmt: skip
        self.send_html(HTTPStatus.OK, page)

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
        if path == "/_desk/save":
            self._save(form)
        elif path == "/_desk/new":
            self._write_draft(form)
        else:
            super().post(path, form)

    def _save(self, form: dict[str, str]) -> None:
        root, name = self.state.options.root, form.get("name", "")
        try:
            with undoable(root, f"Wrote in {name}", is_writing=True):
                text = save_form(root, form)
        except TextChanged as changed:
            message = f"{changed}. Go back, copy what you wrote, and open the text again"
            self.send_outcome(HTTPStatus.CONFLICT, f"{message}.", current=as_data(changed.current))
            return
        self.on_main_thread(self.state.refresh)
        self.send_outcome(HTTPStatus.OK, "Saved.", WRITE + quote(name), current=as_data(text))

    def _write_draft(self, form: dict[str, str]) -> None:
        number = form.get("number", "")
        if number and not (number.isascii() and number.isdigit() and len(number) < 7):
            raise EditError("`number` must be a number")
        root = self.state.options.root
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
