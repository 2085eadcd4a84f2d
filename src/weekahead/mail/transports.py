"""The transport that `mail: {via: ...}` names. Each is imported when it is used; secrets come from the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from weekahead.mail.transport import ListTransport, PersonTransport, TransportError
from weekahead.model.config import MailConfig

Transport = PersonTransport | ListTransport

API_KEY = "WEEKAHEAD_API_KEY"
KEY_HINTS = {
    "listmonk": "listmonk makes one under Admin, Users, for an API user: write NAME:TOKEN.",
    "buttondown": "Buttondown shows it under Settings, API.",
    "mailman": "It is the user and password of Mailman's REST API: write restadmin:PASSWORD.",
}


ReturnPath = Callable[[str], str]
"""Returns the envelope sender of a letter by the id of its reader."""


def open_mail_server(
    mail: MailConfig, environ: Mapping[str, str], return_path: ReturnPath | None = None
) -> PersonTransport:
    """Return the mail server that the environment names. Raise TransportError if it names none.

    Letters that fail come back to the sender, unless there is a return path for each.
    """
    from weekahead.mail.smtp import EXAMPLE, VARIABLE, Smtp, parse_server

    given = environ.get(VARIABLE, "").strip()
    if not given:
        raise TransportError(f"{VARIABLE} is not set", f"{EXAMPLE} in the environment, never in letter.yaml.")
    return Smtp(parse_server(given), mail.sender_address, return_path)


def open_transport(mail: MailConfig, environ: Mapping[str, str], return_path: ReturnPath | None = None) -> Transport:
    """Return the transport of a letter; an engine has return paths of its own. Raise TransportError if a secret is missing."""
    if mail.via == "smtp":
        return open_mail_server(mail, environ, return_path)
    key = environ.get(API_KEY, "").strip()
    if not key:
        raise TransportError(f"{API_KEY} is not set", f"{KEY_HINTS[mail.via]} Set it in the environment.")
    match mail.via:
        case "listmonk":
            from weekahead.mail.listmonk import Listmonk

            return Listmonk(mail.url or "", mail.list or "", key, mail.sender)
        case "buttondown":
            from weekahead.mail.buttondown import Buttondown

            return Buttondown(key, mail.url)
        case _:
            from weekahead.mail.mailman import Mailman

            return Mailman(mail.url or "", mail.list or "", key)
