"""Buttondown: an e-mail is looked for by our name in its metadata, made as a draft, and sent (its API, version 1)."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from weekahead.mail.rest import Rest, reads_answers, without_templates
from weekahead.mail.transport import Mailing, Outcome

URL = "https://api.buttondown.com/v1"
KEY = "weekahead"
"""The key of our name in an e-mail's metadata."""
AS_IT_IS = "<!-- buttondown-editor-mode: fancy -->"
"""Says that the text is HTML, and no Markdown."""


class Buttondown:
    """The list of a newsletter at Buttondown."""

    name = "Buttondown"
    keeps_no_drafts = False

    def __init__(self, key: str, url: str | None = None) -> None:
        self.place = "Buttondown"
        self._rest = Rest(self.name, url or URL, f"Token {key}", key)

    @reads_answers
    def find(self, name: str) -> str | None:
        """Return the id of the e-mail that has our name. Raise TransportError."""
        page = 1
        while True:
            answer = self._rest.ask("GET", "emails", ordering="-creation_date", page=str(page))
            for found in answer["results"]:
                if (found.get("metadata") or {}).get(KEY) == name:
                    return str(found["id"])
            if not answer.get("next"):
                return None
            page += 1

    @reads_answers
    def create_draft(self, name: str, mailing: Mailing) -> str:
        """Make a draft and return its id; asked twice, Buttondown makes one. Raise TransportError."""
        body = without_templates(mailing.html).replace(mailing.way_out, "{{ unsubscribe_url }}")
        email = {"subject": mailing.subject, "body": AS_IT_IS + body, "status": "draft", "metadata": {KEY: name}}
        return str(self._rest.ask("POST", "emails", body=email, key=str(uuid5(NAMESPACE_URL, name)))["id"])

    def start(self, draft: str) -> Outcome:
        return self._rest.start("PATCH", f"emails/{draft}", body={"status": "about_to_send"})

    @reads_answers
    def status(self, draft: str) -> bool:
        """Return whether an e-mail was sent, or is about to be: only a draft was not. Raise TransportError."""
        return bool(self._rest.ask("GET", f"emails/{draft}")["status"] != "draft")

    def close(self) -> None:
        """Nothing is open."""
