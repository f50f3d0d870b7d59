"""``multiprocessing.shared_memory.ShareableList``: a list of fixed length in shared memory, with no lock."""

from __future__ import annotations

from multiprocessing.shared_memory import ShareableList

from sidebyside import workload
from sidebyside.subject import Subject
from sidebyside.systems.base import NotOfferedError, System


class ShareableLists(System):
    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        if kind == "dict":
            raise NotOfferedError("it has lists only")
        content = workload.items(n) if kind == "list" else [0]
        try:
            shared: ShareableList[int] = ShareableList(name=name)
        except FileNotFoundError:
            shared = ShareableList(content, name=name)
        statements = {"get": "shared[key]", "set": "shared[key] = value"}
        if kind == "number":
            statements = {"get": "shared[0]", "set": "shared[0] = value", "add": "shared[0] += 1"}

        def fill() -> None:
            for place, value in enumerate(content):
                shared[place] = value

        def total() -> int:
            return sum(shared[place] for place in range(len(shared)))

        return Subject(statements, {"shared": shared}, fill, total, shared.shm.close, shared.shm.unlink)


SYSTEM = ShareableLists
