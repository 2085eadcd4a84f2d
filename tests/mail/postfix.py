"""A Postfix of its own, on a port of this machine alone: for the tests, and for benchmarks/mail.py."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

POSTFIX = shutil.which("postfix", path=f"{os.environ['PATH']}:/usr/sbin")

SETTINGS = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.letter.example
mydestination =
mynetworks = 127.0.0.0/8
recipient_delimiter = +
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
"""

PROCESSES = """\
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def running_postfix(more: str) -> Iterator[tuple[int, Path]]:
    """Run a Postfix with more settings; yield its port and its folder, with `etc` and `queue` in it."""
    assert POSTFIX
    folder = Path(tempfile.mkdtemp(prefix="postfix-", dir="/tmp"))
    folder.chmod(0o755)
    for name, owner in {"etc": "root", "queue": "root", "data": "postfix"}.items():
        (folder / name).mkdir()
        shutil.chown(folder / name, owner)
    port = free_port()
    (folder / "etc/main.cf").write_text(SETTINGS.format(folder=folder) + more)
    (folder / "etc/master.cf").write_text(PROCESSES.format(smtp=port))
    command = [POSTFIX, "-c", str(folder / "etc")]
    subprocess.run([*command, "start"], check=True, capture_output=True)
    try:
        wait(lambda: answers(port))
        yield port, folder
    finally:
        subprocess.run([*command, "stop"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def wait(until: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as one:
        return bool(one.recv(1))
    return False
