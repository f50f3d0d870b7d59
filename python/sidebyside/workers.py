"""The processes that use a system, as the one that measures sees them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PYTHON_FILES = Path(__file__).resolve().parent.parent
#: Seconds until a process that does not answer is given up.
PATIENCE = 120.0
#: One that writes, and three that read.
WORKERS = 4


class WorkerError(Exception):
    """What a worker could not do, in its own words."""


class Worker:
    """One process, asked by lines."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        self.connection = connection
        self.replies = connection.makefile("r")

    def send(self, *words: object) -> None:
        try:
            self.connection.sendall((" ".join(map(str, words)) + "\n").encode())
        except OSError as error:
            raise WorkerError(f"the process has ended: {error}") from error

    def reply(self) -> list[int]:
        try:
            line = self.replies.readline()
        except TimeoutError as error:
            raise WorkerError(f"no answer within {PATIENCE:.0f} s") from error
        except OSError as error:
            raise WorkerError(f"the process has ended: {error}") from error
        verdict, _, rest = line.strip().partition(" ")
        if verdict != "ok":
            raise WorkerError(rest or "the process has ended")
        return [int(word) for word in rest.split()]

    def ask(self, *words: object) -> list[int]:
        self.send(*words)
        return self.reply()


class Team:
    """The processes of one system: the first creates and writes, the others attach."""

    def __init__(self, name: str, program: Path | None, log: Path, size: int = WORKERS) -> None:
        """``program`` speaks the lines itself; without one it is a system of Python's."""
        self.name = name
        self.log = log
        pairs = [socket.socketpair() for _ in range(size)]
        ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        descriptors = [end.fileno() for end in theirs]
        with log.open("ab") as notes:
            if program:
                self.processes = [
                    subprocess.Popen([program], stdin=descriptor, stdout=descriptor, stderr=notes)
                    for descriptor in descriptors
                ]
            else:
                command = [sys.executable, "-m", "sidebyside.worker", name, *map(str, descriptors)]
                environment = os.environ | {"PYTHONPATH": str(PYTHON_FILES), "PYTHONDONTWRITEBYTECODE": "1"}
                self.processes = [
                    subprocess.Popen(command, pass_fds=descriptors, stdout=notes, stderr=notes, env=environment)
                ]
        for end in theirs:
            end.close()
        self.workers = [Worker(end) for end in ours]

    def close(self) -> None:
        """Closes the sockets, at which the processes end by themselves."""
        for worker in self.workers:
            worker.replies.close()
            worker.connection.close()
        for process in self.processes:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def complaint(self) -> str:
        """The last thing that its processes wrote where nobody looks."""
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        return lines[-1] if lines else "its processes ended without a word"


def ask_all(workers: Sequence[Worker], *words: object) -> list[list[int]]:
    """Asks all at once, so that they work at the same time."""
    for worker in workers:
        worker.send(*words)
    return [worker.reply() for worker in workers]
