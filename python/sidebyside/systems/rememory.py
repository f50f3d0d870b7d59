"""Unmodified ``rememory``."""

from __future__ import annotations

from typing import Any

from rememory import RememoryDict, RememoryInt, RememoryList

from sidebyside import workload
from sidebyside.subject import Subject
from sidebyside.systems.base import System

ADD = """
with lock:
    write(read() + 1)
"""


class Rememory(System):
    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        if kind == "number":
            block = RememoryInt(name)
            statements = {"get": "block.value", "set": "block.value = value", "add": ADD}
            names = {"block": block, "lock": block._lock, "read": block._read_value, "write": block._write_value}
            return Subject(
                statements, names, lambda: setattr(block, "value", 0), lambda: block.value, block.close, block.unlink
            )
        statements = {"get": "block[key]", "set": "block[key] = value"}
        shared: RememoryDict | RememoryList
        content: Any
        if kind == "dict":
            shared, content = RememoryDict(name, size=size), workload.entries(n)
            statements |= {"delete": "del block[key]", "iterate": "for _ in block.items(): pass"}
        else:
            shared, content = RememoryList(name, size=size), workload.items(n)
            statements |= {"append": "block.append(value)"}

        def fill() -> None:
            with shared._lock:
                shared._write_data(content)

        def total() -> int:
            found = shared._read_data()
            return sum(found.values() if isinstance(found, dict) else found)

        return Subject(statements, {"block": shared}, fill, total, shared.close, shared.unlink)


SYSTEM = Rememory
