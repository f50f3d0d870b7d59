"""shared-memory-dict: a pickle of the whole dict for each operation, and no lock across processes."""

from __future__ import annotations

from shared_memory_dict import SharedMemoryDict

from sidebyside import workload
from sidebyside.subject import Subject
from sidebyside.systems.base import NotOfferedError, System


class SharedMemoryDicts(System):
    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        if kind == "list":
            raise NotOfferedError("it has dicts only")
        shared = SharedMemoryDict(name=name, size=size)
        if kind == "number":
            content = {"number": 0}
            statements = {
                "get": 'shared["number"]',
                "set": 'shared["number"] = value',
                "add": 'shared["number"] += 1',
            }
        else:
            content = workload.entries(n)
            statements = {
                "get": "shared[key]",
                "set": "shared[key] = value",
                "delete": "del shared[key]",
                "iterate": "for _ in shared.items(): pass",
            }
        return Subject(
            statements,
            {"shared": shared},
            lambda: shared._save_memory(content),
            lambda: sum(shared.values()),
            shared.cleanup,
            shared.shm.unlink,
        )


SYSTEM = SharedMemoryDicts
