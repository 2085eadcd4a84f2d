"""The keys of `mail:` in letter.yaml. A secret among them is an error that does not repeat it: logs are read by others."""

from __future__ import annotations

import re
from datetime import timedelta

from weekahead.model.addresses import is_web_address
from weekahead.model.config import MailConfig
from weekahead.model.mail_address import ascii_address
from weekahead.source import value_types as types
from weekahead.source.key_table import Table, optional, required
from weekahead.source.value_types import BadValue, Scalar, fold, matching
from weekahead.source.yaml_map import YamlMap
from weekahead.source.yaml_tree import Node, ScalarNode

VIAS = ("smtp", "listmonk", "buttondown", "mailman")
SUBJECT_WORDS = ("{title}", "{number}", "{letter}")
ENGINE_KEYS = {"listmonk": ("url", "list"), "mailman": ("url", "list")}
"""What an engine cannot do without."""

LONGEST_SENDER = 26
"""Characters before the @ to which `+bounce-` and a ticket of 30 can be added (RFC 5321, 4.5.3.1.1: 64 in all)."""

_SECRET_KEY = re.compile(
    r"(?i)(weekahead[_-])?(smtp([_-](url|server|user|login))?|(smtp|mail)?[_-]?pass(word|wd|phrase)?|secret|credentials?|"
    r"(api|token|access|auth)?[_-]?(key|token))"
)
_CREDENTIALS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^/\s?#]*@|:[^/\s@]*@[\w.-]+:\d")
"""A user, with or without a password, before the host of an address."""


def is_secret(key: str) -> bool:
    """Return whether a key is a name for a password, a token or an account."""
    return bool(_SECRET_KEY.fullmatch(key))


def report_secret(yaml: YamlMap, node: Node) -> bool:
    """Add an error about a secret, without its words, and return True."""
    message = "letter.yaml is no place for a password, a token or an account: git keeps it for ever"
    hint = (
        "Remove it, change it if it was ever committed, and set the environment: "
        "WEEKAHEAD_SMTP=smtp://user:password@host:587?tls=starttls, or WEEKAHEAD_API_KEY for an engine."
    )
    yaml.source.find(node, "mail-secret", message, hint)
    return True


def _subject(words: str) -> str:
    subject = fold(words)
    if not {*re.findall(r"\{[^{}]*\}?|\}", subject)} <= {*SUBJECT_WORDS}:
        raise BadValue
    return subject


def _duration(words: str) -> timedelta:
    match = re.fullmatch(r"([0-9]{1,4}) ?(hour|day|week)s?", fold(words))
    if match is None or not int(match[1]):
        raise BadValue
    return int(match[1]) * timedelta(**{f"{match[2]}s": 1})


def _https(words: str) -> str:
    if not is_web_address(words):
        raise BadValue
    return words


def _mail_address(words: str) -> str:
    """Return an address that every mail server takes, with its host in ASCII."""
    try:
        address = ascii_address(words)
    except ValueError:
        raise BadValue from None
    if not address.isascii():
        raise BadValue
    return address


def _sender(words: str) -> str:
    name, angle, address = words.rpartition("<")
    return f"{name}{angle}{_mail_address(address.rstrip('>'))}{'>' * bool(angle)}"


_EMAIL, _WANTED = r"[^@\s()<>,;]+@[^@\s()<>,;]+", "an address such as ida@letter.example"
EMAIL = matching(_EMAIL, _WANTED)
REPLY_TO = matching(_EMAIL, _WANTED, "", _mail_address)
SENDER = matching(
    r'([^<>@"]+|"[^<>"]*")?\s*<[^@\s()<>,;:"]+@[^@\s()<>,;:"]+>|[^@\s()<>,;:"]+@[^@\s()<>,;:"]+',
    "an address, or a name and an address in angle brackets",
    "Write KEY: Nora Fenwick <nora@letter.example>",
    _sender,
    schema=types.ANY_TEXT,
)
SUBJECT = Scalar(
    f"text in which {', '.join(SUBJECT_WORDS)} may stand",
    _subject,
    hint="Other braces are not replaced: leave them out.",
)
DURATION = Scalar(
    "a time such as 2 days", _duration, {**types.STRING, "pattern": r"^\s*[0-9]{1,4} *(hour|day|week)s?\s*$"},
    "Write hours, days or weeks: KEY: 36 hours.",
)  # fmt: skip
HTTPS = matching(
    "[Hh][Tt][Tt][Pp][Ss]://[^?#]+",
    "an https address without ? and #",
    "Mail programs send one-click requests only to https.",
    _https,
)


class MailKeys(Table[MailConfig]):
    sender = required(SENDER, "Who the letter comes from.", name="from")
    reply_to = optional(REPLY_TO, "Where answers go, if not to the sender.")
    subject = optional(SUBJECT, "The subject of every letter.", "{title}")
    footer = optional(types.Markdown(), "The end of every letter: why readers get it, and a postal address.")
    via = optional(types.choice(VIAS), "What delivers it: a mail account, or an engine with its own list.", "smtp")
    subscribers = optional(
        types.LINE,
        "For `smtp`: the file of readers, relative to the letter's folder, outside anything that git tracks.",
    )
    unsubscribe = optional(HTTPS, "The address that unsubscribes with one click, where you have one.")
    bounce_addresses = optional(
        types.BOOLEAN,
        "For `smtp`: a letter that fails comes [back to an address of its reader's own](mailing.md#failed-letters).",
        False,
    )
    per_minute = optional(types.integer(1, 100_000), "Letters a minute, at most.", 60)
    late = optional(DURATION, "An issue older than this is not sent any more.", timedelta(days=2))
    url = optional(types.WEB_ADDRESS, "The address of listmonk, or of Mailman's REST API.")
    list = optional(types.LINE, "The list at the engine: its name or number, or its posting address.")

    def refuses(self, name: ScalarNode, node: Node) -> bool:
        is_told = isinstance(node, ScalarNode) and name.value != "footer" and _CREDENTIALS.search(node.value)
        has_bad_name = name.value not in self.keys and is_secret(name.value)
        return report_secret(self.yaml, node) if is_told or has_bad_name else False

    def build(self) -> MailConfig:
        lacking = [key for key in ENGINE_KEYS.get(self.via, ()) if not self.yaml.has(key)]
        if lacking:
            message = f"mail via {self.via} needs {' and '.join(lacking)}"
            self.yaml.find("via", "mail", message, f"Add to mail: {', '.join(f'{key}: ...' for key in lacking)}")
        if self.bounce_addresses and len(self.sender.rpartition("<")[2].partition("@")[0]) > LONGEST_SENDER:
            message = "bounce_addresses would make addresses that are longer than mail servers take"
            hint = f"Use an address with at most {LONGEST_SENDER} characters before its @, or remove bounce_addresses."
            self.yaml.find("bounce_addresses", "mail", message, hint)
        return MailConfig(
            sender=self.sender, reply_to=self.reply_to, subject=self.subject or "{title}", footer=self.footer,
            via=self.via, subscribers=self.subscribers or None, unsubscribe=self.unsubscribe,
            bounce_addresses=self.bounce_addresses, per_minute=self.per_minute, late=self.late, url=self.url, list=self.list or None, line=self.yaml.where.line,
        )  # fmt: skip
