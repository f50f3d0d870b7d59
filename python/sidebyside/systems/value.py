"""``multiprocessing.Value``: a number in memory that forked processes share, with a lock."""

from __future__ import annotations

from multiprocessing import Value

from sidebyside.subject import Subject
from sidebyside.systems.base import NotOfferedError, System

ADD = """
with lock:
    shared.value += 1
"""


class Values(System):
    def prepare(self) -> None:
        self.shared = Value("q", 0)

    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        if kind != "number":
            raise NotOfferedError("it has single numbers only")
        shared = self.shared
        return Subject(
            {"get": "shared.value", "set": "shared.value = value", "add": ADD},
            {"shared": shared, "lock": shared.get_lock()},
            lambda: setattr(shared, "value", 0),
            lambda: shared.value,
            lambda: None,
        )


SYSTEM = Values
