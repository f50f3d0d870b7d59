"""``multiprocessing.Manager``: everything lives in a server process, which is asked over a socket."""

from __future__ import annotations

from multiprocessing import Manager, active_children
from typing import Any

from sidebyside import workload
from sidebyside.subject import Subject
from sidebyside.systems.base import System

ADD = """
with lock:
    shared.value += 1
"""


class Managed(System):
    def prepare(self) -> None:
        self.manager = Manager()
        self.server = [child.pid for child in active_children() if child.pid]
        # Proxies of three kinds, whose methods are those of what they stand for.
        self.shared: dict[str, Any] = {
            "dict": self.manager.dict(),
            "list": self.manager.list(),
            "number": self.manager.Value("q", 0),
        }
        self.lock = self.manager.Lock()

    def servers(self) -> list[int]:
        return self.server

    def tear_down(self) -> None:
        self.manager.shutdown()

    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        shared = self.shared[kind]
        names = {"shared": shared, "lock": self.lock}
        if kind == "number":
            statements = {"get": "shared.value", "set": "shared.value = value", "add": ADD}
            return Subject(statements, names, lambda: setattr(shared, "value", 0), lambda: shared.value, lambda: None)
        statements = {"get": "shared[key]", "set": "shared[key] = value"}
        if kind == "list":
            statements |= {"append": "shared.append(value)"}
            content = workload.items(n)
            return Subject(
                statements,
                names,
                lambda: shared.__setitem__(slice(None), content),
                lambda: sum(shared[:]),
                lambda: None,
            )
        statements |= {"delete": "del shared[key]", "iterate": "for _ in shared.items(): pass"}

        def fill() -> None:
            shared.clear()
            shared.update(workload.entries(n))

        return Subject(statements, names, fill, lambda: sum(shared.values()), lambda: None)


SYSTEM = Managed
