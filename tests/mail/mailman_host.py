"""A Mailman 3 of the tests, in the environment that `make mailman` makes, with the settings that leave a letter as it is.

docs/sending.md tells authors the same settings.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.mail.postfix import free_port, wait

from weekahead.mail.rest import basic

PROGRAMS = Path(__file__).parents[2] / ".mailman/bin"
KEY = "restadmin:secret"
LIST = "five@lists.example"

SETTINGS: dict[str, str | int | bool] = {
    "subject_prefix": "",
    "include_rfc2369_headers": False,
    "administrivia": False,
    "max_message_size": 0,
    "archive_policy": "never",
    "unsubscription_policy": "open",
}
"""Settings of the list, beside an empty footer."""

CONFIGURATION = """\
[mailman]
site_owner: nora@letter.example
layout: tests
[paths.tests]
var_dir: {folder}
[runner.master]
sleep_time: 200ms
[webservice]
hostname: 127.0.0.1
port: {rest}
admin_user: restadmin
admin_pass: secret
workers: 1
[mta]
incoming: mailman.mta.null.NullMTA
smtp_host: 127.0.0.1
smtp_port: {smtp}
lmtp_host: 127.0.0.1
lmtp_port: {lmtp}
[archiver.prototype]
enable: no
"""


class MailmanHost:
    """A Mailman that sends through a mail server on this machine. Use it in a `with` statement."""

    def __init__(self, folder: Path, smtp: int) -> None:
        self.rest, self.lmtp = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.rest}/3.1"
        self._folder = folder
        folder.mkdir()
        (folder / "mailman.cfg").write_text(
            CONFIGURATION.format(folder=folder, rest=self.rest, lmtp=self.lmtp, smtp=smtp)
        )

    def __enter__(self) -> MailmanHost:
        command = [str(PROGRAMS / "master"), "-C", str(self._folder / "mailman.cfg")]
        environ = {**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
        with (self._folder / "said").open("wb") as said:
            self._master = subprocess.Popen(command, env=environ, stdout=said, stderr=said, start_new_session=True)
        try:
            wait(self._answers, 120)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._master.terminate()
        try:
            self._master.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._master.pid, signal.SIGKILL)
            self._master.wait()

    def _answers(self) -> bool:
        assert self._master.poll() is None, (self._folder / "said").read_text()
        try:
            return bool(self.call("GET", "system/versions"))
        except URLError:
            return False

    def call(self, method: str, path: str, **body: Any) -> Any:
        """Return the answer of Mailman's REST API."""
        headers, data = {"Authorization": basic(KEY)}, None
        if body:
            headers["Content-Type"], data = "application/json", json.dumps(body).encode()
        with urlopen(Request(f"{self.url}/{path}", data, headers, method=method), timeout=60) as answer:
            found = answer.read()
        return json.loads(found) if found else None

    def make_list(self, members: Iterable[str], sender: str) -> None:
        """Make a list to which `sender` may write, and which leaves what is written as it is."""
        name, _, host = LIST.partition("@")
        self.call("POST", "domains", mail_host=host)
        self.call("POST", "lists", fqdn_listname=LIST, style_name="legacy-announce")
        self.call("PATCH", f"lists/{LIST}/config", **SETTINGS)
        footer = self._folder / f"templates/lists/{name}.{host}/en/list:member:regular:footer.txt"
        footer.parent.mkdir(parents=True)
        footer.write_text("")
        subscribed = {"pre_verified": True, "pre_confirmed": True, "pre_approved": True, "send_welcome_message": False}
        for member in members:
            self.call("POST", "members", list_id=f"{name}.{host}", subscriber=member, **subscribed)
        self.call("POST", "members", list_id=f"{name}.{host}", subscriber=sender, role="nonmember", **subscribed)
        (found,) = self.call("POST", "members/find", list_id=f"{name}.{host}", role="nonmember")["entries"]
        self.call("PATCH", f"members/{found['member_id']}", moderation_action="accept")

    def members(self) -> set[str]:
        """Return who gets the letter."""
        return {entry["email"] for entry in self.call("GET", f"lists/{LIST}/roster/member").get("entries", ())}
