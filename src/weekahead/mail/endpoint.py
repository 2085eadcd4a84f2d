"""The folder of an endpoint for unsubscribing with one click: the program of endpoint_app.py, and how to host it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from weekahead.mail import endpoint_app
from weekahead.mail.tickets import Signer
from weekahead.model.config import Config

PROGRAM, README = "app.py", "README.md"


def endpoint_files(config: Config, signer: Signer) -> dict[str, str]:
    """Return the files of a letter's endpoint by name. There is no secret in them."""
    settings = {
        "TITLE": config.title,
        "LANGUAGE": config.language,
        "TOKEN_SHA256": hashlib.sha256(signer.events_token().encode()).hexdigest(),
    }
    program = Path(endpoint_app.__file__).read_text("utf-8")
    for name, value in settings.items():
        program = program.replace(f'\n{name} = ""\n', f"\n{name} = {value!r}\n", 1)
    address = config.mail.unsubscribe if config.mail and config.mail.unsubscribe else "https://letter.example/u/"
    return {PROGRAM: program, README: HOW_TO.format(title=config.title, address=address.rstrip("/"))}


HOW_TO = """\
# Unsubscribing with one click: {title}

`app.py` answers one kind of request: a mail program, or a person at a page with one button, says that a reader leaves. It
appends that to a file. `weekahead mailbox` fetches the file and takes these readers off your list.

There is no address of a reader in it, and no secret: links are signed with a key that stays with you.

## Host it

Any host that runs Python 3.9 or newer as WSGI will do: a hosting account with "Python App" (Passenger), PythonAnywhere, or
a server of your own. It has to be reached by https.

- **Passenger**: upload both files, and name `app.py` as the startup file and `application` as the entry point.
- **PythonAnywhere**: put `app.py` into a folder of yours; in the WSGI file of the web app add that folder to `sys.path` and
  write `from app import application`.
- **Your own server**: `gunicorn --bind 127.0.0.1:8001 app:application`, and let nginx or Caddy pass on {address}/.

The program writes `events.jsonl` beside itself; set the environment variable `WEEKAHEAD_EVENTS` to another path if that
folder is served as files, or is emptied when you deploy. The file takes {{size}} MB, which is more than 100,000 events. When
it is full, run `weekahead mailbox` and delete it.

## Use it

In letter.yaml, under `mail:`

    unsubscribe: {address}/

`weekahead mailbox` then fetches {address}/events by itself. Another place, or a copy of the file:

    weekahead mailbox --events {address}/events
    weekahead mailbox --events events.jsonl

See that it works, with any ticket; the first line shows a page, the second answers 200:

    curl {address}/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    curl -d List-Unsubscribe=One-Click {address}/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa

`weekahead mailbox` then says once that a ticket is not ours: that was this one.

The password for /events comes from WEEKAHEAD_TOKEN_KEY. With a new key, run `weekahead endpoint` again.
""".replace("{{size}}", str(endpoint_app.LARGEST_FILE // 1_000_000))
