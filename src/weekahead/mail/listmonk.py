"""listmonk: a campaign is looked for by our name, made as a draft, and started (its API for campaigns, versions 3 to 5)."""

from __future__ import annotations

from weekahead.mail.rest import Rest, basic, reads_answers, without_templates
from weekahead.mail.transport import Mailing, Outcome, TransportError

TAG = "weekahead"
TEMPLATE = {"name": "weekahead", "type": "campaign", "body": '{{ template "content" . }}'}
"""A template that adds nothing: no frame, no pixel."""
WAY_OUT = "{{ UnsubscribeURL }}"


class Listmonk:
    """A list of listmonk's, by its name or number."""

    name = "listmonk"
    keeps_no_drafts = False

    def __init__(self, url: str, list: str, key: str, sender: str) -> None:
        self.place = f"listmonk at {url}"
        self._list, self._sender = list, sender
        self._rest = Rest(self.name, f"{url.rstrip('/')}/api", basic(key), key)

    @reads_answers
    def find(self, name: str) -> str | None:
        """Return the id of the campaign that has our name. Raise TransportError."""
        answer = self._rest.ask("GET", "campaigns", tags=TAG, per_page="all", no_body="true")
        ids = [campaign["id"] for campaign in answer["data"]["results"] or () if campaign["name"] == name]
        return str(ids[0]) if ids else None

    @reads_answers
    def create_draft(self, name: str, mailing: Mailing) -> str:
        """Make a campaign, which listmonk keeps as a draft, and return its id. Raise TransportError."""
        campaign = {
            "name": name,
            "subject": without_templates_in_text(mailing.subject),
            "lists": [self._list_id()],
            "from_email": self._sender,
            "type": "regular",
            "content_type": "html",
            "body": without_templates(mailing.html).replace(mailing.way_out, WAY_OUT),
            "altbody": without_templates_in_text(mailing.text).replace(mailing.way_out, WAY_OUT),
            "messenger": "email",
            "template_id": self._template_id(),
            "tags": [TAG],
        }
        return str(self._rest.ask("POST", "campaigns", body=campaign)["data"]["id"])

    def start(self, draft: str) -> Outcome:
        return self._rest.start("PUT", f"campaigns/{draft}/status", body={"status": "running"})

    @reads_answers
    def status(self, draft: str) -> bool:
        """Return whether a campaign was started: only one that is a draft was not. Raise TransportError."""
        return bool(self._rest.ask("GET", f"campaigns/{draft}")["data"]["status"] != "draft")

    def close(self) -> None:
        """Nothing is open."""

    def _list_id(self) -> int:
        if self._list.isdecimal():
            return int(self._list)
        lists = self._rest.ask("GET", "lists", per_page="all")["data"]["results"] or ()
        for found in lists:
            if found["name"] == self._list:
                return int(found["id"])
        names = ", ".join(str(found["name"]) for found in lists)
        raise TransportError(f'{self.place} has no list "{self._list}"', f"It has: {names}.")

    def _template_id(self) -> int:
        for template in self._rest.ask("GET", "templates", no_body="true")["data"] or ():
            if template["name"] == TEMPLATE["name"]:
                return int(template["id"])
        return int(self._rest.ask("POST", "templates", body=TEMPLATE)["data"]["id"])


def without_templates_in_text(text: str) -> str:
    """Return text in which Go's templates find nothing but the text."""
    return text.replace("{{", '{{ "{{" }}')
