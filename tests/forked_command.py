"""`weekahead` in a shell without its start: a fork of the tests' own process, which has imported everything, runs the command."""

from __future__ import annotations

import marshal
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from weekahead.commands.main import run_and_exit

CLIENT = """\
#!{python} -IS
import _socket, marshal, os, sys
asked = _socket.socket(_socket.AF_UNIX)
asked.connect({address!r})
streams = b"".join(number.to_bytes(4, sys.byteorder) for number in range(3))
asked.sendmsg([b"."], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
asked.sendall(marshal.dumps((os.getcwd(), sys.argv[1:], dict(os.environ))))
asked.shutdown(_socket.SHUT_WR)
os._exit(asked.recv(1)[0])
"""
"""The program that a shell starts: it hands over its streams, folder, arguments and environment, and waits for the status."""


class ForkedCommand:
    """A program `weekahead` in a folder. Close it after use."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / "socket"))
        self._listening.listen()
        program = folder / "weekahead"
        program.write_text(CLIENT.format(python=sys.executable, address=str(folder / "socket")))
        program.chmod(0o755)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        """Run one command after the other: two at once, in a pipe, would be no shell's transcript."""
        with suppress(OSError):  # it was closed
            while True:
                asking, _ = self._listening.accept()
                with asking:
                    _, streams, _, _ = socket.recv_fds(asking, 1, 3)
                    child = os.fork()
                    if not child:
                        _run(asking, streams)
                    for each in streams:
                        os.close(each)
                    asking.sendall(bytes([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])]))


def _run(asking: socket.socket, streams: list[int]) -> NoReturn:
    """Run a command in this process as if it had been started with these streams."""
    try:
        folder, arguments, environment = marshal.loads(b"".join(iter(lambda: asking.recv(65536), b"")))
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        asking.close()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        run_and_exit(arguments)
    finally:
        os._exit(70)
