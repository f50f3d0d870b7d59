"""UltraDict2: a dict in each process, kept up to date by a stream of changes in shared memory."""

from __future__ import annotations

from UltraDict2 import UltraDict

from sidebyside import workload
from sidebyside.subject import Subject
from sidebyside.systems.base import NotOfferedError, System

# The default of 10,000 bytes makes it write the whole dict every few hundred changes.
STREAM = 1_000_000

ADD = """
with lock:
    shared["number"] += 1
"""


class UltraDict2(System):
    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        if kind == "list":
            raise NotOfferedError("it has dicts only")
        shared = UltraDict(name=name, shared_lock=True, buffer_size=STREAM, full_dump_size=2 * size, auto_unlink=False)
        if kind == "number":
            statements = {"get": 'shared["number"]', "set": 'shared["number"] = value', "add": ADD}
            content = {"number": 0}
        else:
            statements = {
                "get": "shared[key]",
                "set": "shared[key] = value",
                "delete": "del shared[key]",
                "iterate": "for _ in shared.items(): pass",
            }
            content = workload.entries(n)
        return Subject(
            statements,
            {"shared": shared, "lock": shared.lock},
            lambda: shared.update(content),
            lambda: sum(shared.values()),
            lambda: shared.close(unlink=False),
            lambda: shared.close(unlink=True),
        )


SYSTEM = UltraDict2
