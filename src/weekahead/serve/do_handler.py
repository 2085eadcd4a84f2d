"""Answers requests of the desk to do something: edit the plan, mark ready, take back, undo, build, deploy and send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from msgspec import to_builtins

from weekahead.build.as_of import instant
from weekahead.build.merging import Choice, Meeting, MergeConflict
from weekahead.build.repository import commit_all, join, leave_merge, meeting_of, pull, push, repository_state
from weekahead.build.sent_issues import sent_issues
from weekahead.build.undo import Step, read_record, redo, undo
from weekahead.model.findings import BuildError
from weekahead.serve.desk_requests import NOTHING_CHANGED, DeskRequests
from weekahead.serve.doing import change_plan, mailable, start_command
from weekahead.serve.meeting import choices_of, shown_meeting
from weekahead.serve.pages import desk_page
from weekahead.source.schedule_editor import EditError

GIT = "/_desk/git"


def _shown(step: Step) -> dict[str, object]:
    at = datetime.fromtimestamp(step.at).astimezone()
    return {"words": step.words, "at": at, "names": step.names, "key": step.key}


class DoHandler(DeskRequests):
    """The part of the desk that does what commands do."""

    def get_doing(self, path: str) -> bool:
        """Answer a request for what can be done; return whether this is one."""
        if path == "/_desk/publish":
            self._get_publish()
        elif path == "/_desk/changes":
            self._get_changes()
        elif path == GIT:  # the address of an answer to a form, loaded anew
            self.redirect("/_desk/changes")
        elif path == "/_desk/job":
            self.send_json(HTTPStatus.OK, to_builtins(self.server.preview.jobs.last))
        else:
            return False
        return True

    def _get_publish(self) -> None:
        self.on_main_thread(self.state.follow_clock)
        site, job = self.state.last_good, self.server.preview.jobs.last
        if site is None:
            self.redirect("/_desk/")
            return
        letter, root = site.snapshot.letter, self.state.options.root
        to = letter.config.deploy
        now = instant(None, letter.schedule)  # the commands go by it, whatever day the desk shows
        issues = mailable(letter, now)
        sent = job.arguments[1] if job and job.arguments[0] == "send" else ""
        is_dry = job and job.is_fine and job.arguments in (("send", sent), ("send", sent, "--offline"))
        is_new = job and not any("Nothing is left to send" in line for line in job.lines)
        page: dict[str, object] = {
            "shown_day": site.snapshot.as_of if self.state.options.as_of else None,
            "now": now,
            "deploy": (to.folder or f"branch {to.branch} of {to.remote}") if to else "",
            "has_mail": letter.config.mail is not None,
            "issues": issues,
            "chosen": sent or (issues[0].key if issues else ""),
            "author": letter.config.author_email or "",
            "offline": bool(job and "--offline" in job.arguments),
            "confirm": job.number if job and is_dry and is_new else 0,
            "sent": sent_issues(root, letter),
            "job": job,
        }
        self._send_page("publish.html", page)

    def _get_changes(
        self,
        said: str = "",
        status: HTTPStatus = HTTPStatus.OK,
        meeting: Meeting | None = None,
        choices: Mapping[str, Choice] | None = None,
    ) -> None:
        """Show what was changed, and the conflict that was met, or that is there still, with what was chosen in it so far."""
        root = self.state.options.root
        record, git = read_record(root), repository_state(root)
        try:
            meeting = meeting or (meeting_of(root, git) if git else None)
        except EditError as error:
            said = said or f"{error}."
        page: dict[str, object] = {
            "done": [_shown(step) for step in record.done[::-1]],
            "undone": [_shown(step) for step in record.undone[::-1]],
            "git": git,
            "said": said,
            "is_fine": status is HTTPStatus.OK,
            **shown_meeting(meeting, choices or {}, self.state.issue_of),
        }
        self._send_page("changes.html", page, status)

    def _send_page(self, template: str, page: dict[str, object], status: HTTPStatus = HTTPStatus.OK) -> None:
        site = self.state.last_good
        letter = site.snapshot.letter.config.title if site else "Desk"
        token, address = self.server.preview.token, self.url_of(self.server.preview.site)
        self.send_html(status, desk_page(template, {"letter": letter, "token": token, "site": address, **page}))

    # -- what it does

    def post(self, path: str, form: dict[str, str]) -> None:
        root = self.state.options.root
        if path == "/_desk/plan":
            done = change_plan(root, form)
            self.on_main_thread(self.state.refresh)
            self.send_outcome(HTTPStatus.OK, done.words, command=done.command)
        elif path in ("/_desk/undo", "/_desk/redo"):
            self._reverse(undo if path == "/_desk/undo" else redo, form)
        elif path == "/_desk/run":
            self._run(form)
        elif path == GIT:
            self._use_git(form)
        else:
            super().post(path, form)

    def _reverse(self, work: Callable[[Path, str], Step], form: dict[str, str]) -> None:
        """Take the last change back, or do it again, and show the list anew."""
        try:
            work(self.state.options.root, form.get("step", ""))
        except (EditError, BuildError) as error:
            self._get_changes(f"{NOTHING_CHANGED}: {error}.", status=HTTPStatus.CONFLICT)
            return
        self.on_main_thread(self.state.refresh)
        self.redirect("/_desk/changes")

    def _use_git(self, form: dict[str, str]) -> None:
        """Commit, pull, push or join, and show the page anew: with what was done, why not, or both versions of a conflict."""
        root, choices = self.state.options.root, choices_of(form)
        works: dict[str, Callable[[], str]] = {
            "commit": lambda: f"Committed as {commit_all(root, form.get('words', ''))}.",
            "push": lambda: push(root),
            "pull": lambda: pull(root),
            "join": lambda: join(root, form.get("key", ""), choices),
            "leave": lambda: leave_merge(root),
        }
        try:
            if form.get("do") not in works:
                raise EditError("unknown form; reload the page")
            said = works[form["do"]]()
        except MergeConflict as conflict:
            said = f"{NOTHING_CHANGED}: {conflict.why}." if conflict.why else ""
            self._get_changes(said, HTTPStatus.CONFLICT, conflict.meeting, choices)
        except (EditError, BuildError) as error:
            self._get_changes(f"{NOTHING_CHANGED}: {error}.", HTTPStatus.CONFLICT, choices=choices)
        else:
            self.on_main_thread(self.state.refresh)
            self._get_changes(said)

    def _run(self, form: dict[str, str]) -> None:
        site = self.state.last_good
        if site is None:
            raise EditError("the letter cannot be read; fix its errors first")
        job = start_command(self.server.preview.jobs, site.snapshot.letter, form)
        self.send_outcome(HTTPStatus.OK, f"Running {job.command}.", "/_desk/publish")
