"""The processes that use a system of Python's, told by lines what to do and to time.

    python -m sidebyside.worker SYSTEM FD FD …

One process sets the system up and forks one worker for each socket, so that systems that
share by inheritance (``multiprocessing.Value``) can be measured too. ``BenchPeer.swift``
describes the requests.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Callable, Iterator
from itertools import count, cycle, islice
from time import perf_counter_ns
from typing import Any, TextIO

from sidebyside import workload
from sidebyside.memory import private_bytes
from sidebyside.subject import Subject
from sidebyside.systems import System, system


def nothing() -> Subject:
    raise LookupError("nothing is open")


class Session:
    """The subject in use, and the requests about it."""

    def __init__(self, used: System) -> None:
        self.system = used
        self.subject: Subject | None = None
        self.reopen: Callable[[], Subject] = nothing
        self.keys: Iterator[Any] = iter(())
        self.steps = count()
        self.undo: tuple[str, list[Any]] = ("", [])

    def answer(self, line: str) -> list[object]:
        verb, *words = line.split()
        return getattr(self, f"do_{verb}")(*words) or []

    @property
    def current(self) -> Subject:
        return self.subject or nothing()

    def next_keys(self, count: int) -> list[Any]:
        return list(islice(self.keys, count))

    def next_values(self, count: int) -> list[int]:
        return [workload.number(step) for step in islice(self.steps, count)]

    def do_open(self, kind: str, name: str, n: str, size: str) -> None:
        places = workload.order(int(n)) or [0]
        self.keys = cycle([workload.key(place) for place in places] if kind == "dict" else places)
        if self.subject:
            self.do_close()
        self.reopen = lambda: self.system.open(kind, name, int(n), int(size))
        self.subject = self.reopen()

    def do_fill(self) -> None:
        self.current.fill()

    def do_time(self, operation: str, count: str) -> list[object]:
        keys, values = self.next_keys(int(count)), self.next_values(int(count))
        self.undo = (operation, keys)
        return [self.current.time(operation, keys, values)]

    def do_restore(self) -> None:
        operation, keys = self.undo
        if operation == "delete":
            self.current.time("set", keys, [1] * len(keys))
        else:
            self.current.fill()

    def do_during(self, operation: str, start: str, end: str, pause: str) -> list[object]:
        keys, values = self.next_keys(1000), self.next_values(1000)
        while perf_counter_ns() < int(start):
            pass
        times = sorted(self.current.during(operation, keys, values, int(end), int(pause) / 1e9))
        return [len(times), times[len(times) // 2], times[len(times) * 99 // 100], times[-1]]

    def do_attach(self, times: str) -> list[object]:
        total = 0
        for _ in range(int(times)):
            self.current.close()
            key = next(self.keys)
            start = perf_counter_ns()
            self.subject = self.reopen()
            self.subject.once("get", key)
            total += perf_counter_ns() - start
        return [total]

    def do_sum(self) -> list[object]:
        return [self.current.total()]

    def do_close(self) -> None:
        self.current.close()
        self.subject = None

    def do_destroy(self) -> None:
        self.current.destroy()
        self.do_close()

    def do_memory(self) -> list[object]:
        """Bytes that only this process has, and those of the system's server."""
        return [private_bytes(os.getpid()), sum(map(private_bytes, self.system.servers()))]


def serve(used: System, connection: socket.socket) -> None:
    session = Session(used)
    lines: TextIO = connection.makefile("rw")
    for line in lines:
        try:
            reply = " ".join(["ok", *map(str, session.answer(line))])
        except Exception as error:  # noqa: BLE001 - whatever it is, it becomes a reply
            reply = " ".join(f"error {type(error).__name__}: {error}".split())
        lines.write(reply + "\n")
        lines.flush()


def main() -> None:
    name, *descriptors = sys.argv[1:]
    used = system(name)
    used.prepare()
    connections = [socket.socket(fileno=int(descriptor)) for descriptor in descriptors]
    children = []
    for connection in connections:
        child = os.fork()
        if child == 0:
            for other in connections:
                if other is not connection:
                    other.close()
            serve(used, connection)
            # What is still in cycles has files to remove when it goes.
            gc.collect()
            os._exit(0)
        children.append(child)
    for connection in connections:
        connection.close()
    for child in children:
        os.waitpid(child, 0)
    used.tear_down()


if __name__ == "__main__":
    main()
