"""A shared dict, list or number of one system, and the statements that use it.

As in the standard library's ``timeit``, each operation is a statement that is compiled
into the loop that times it: a method of a common interface would add a call to each
operation, which is more than some of them take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from textwrap import indent
from time import perf_counter_ns, sleep
from types import CodeType
from typing import Any

Loop = Callable[..., int]

TIMED = """
def loop(keys, values):
    steps = {steps}
    start = clock()
    for {variables} in steps:
{statement}
    return clock() - start
"""

DURING = """
def loop(keys, values, end, pause, note):
    for key, value in zip(keys, values):
        start = clock()
{statement}
        now = clock()
        note(now - start)
        if now >= end:
            return 0
        if pause:
            sleep(pause)
"""


@cache
def compiled(source: str) -> CodeType:
    return compile(source, "<benchmark>", "exec")


@dataclass
class Subject:
    """What a system opened. Statements may use ``key``, ``value`` and the names."""

    statements: dict[str, str]
    names: dict[str, Any]
    fill: Callable[[], object]
    total: Callable[[], int]
    close: Callable[[], object]
    destroy: Callable[[], object] = lambda: None
    loops: dict[str, Loop] = field(default_factory=dict)

    def time(self, operation: str, keys: list[Any], values: list[Any]) -> int:
        """Nanoseconds for the operation on each key."""
        statement = self.statement(operation)
        both = "key" in statement and "value" in statement
        source = TIMED.format(
            variables="key, value" if both else "value" if "value" in statement else "key",
            steps="list(zip(keys, values))" if both else "values" if "value" in statement else "keys",
            statement=indent(statement, " " * 8),
        )
        return self.loop(f"time {operation}", source)(keys, values)

    def once(self, operation: str, key: Any) -> None:
        """Does the operation, without a loop that would have to be compiled for it."""
        exec(compiled(self.statement(operation)), {**self.names, "key": key})  # noqa: S102 - see above

    def during(self, operation: str, keys: Iterable[Any], values: Iterable[Any], end: int, pause: float) -> list[int]:
        """The nanoseconds of each single operation until a moment of the monotonic clock."""
        source = DURING.format(statement=indent(self.statement(operation), " " * 8))
        times: list[int] = []
        self.loop(f"during {operation}", source)(cycle(keys), cycle(values), end, pause, times.append)
        return times

    def statement(self, operation: str) -> str:
        if operation not in self.statements:
            raise NotImplementedError(f"it has no operation {operation}")
        return self.statements[operation]

    def loop(self, name: str, source: str) -> Loop:
        if name not in self.loops:
            scope = {**self.names, "clock": perf_counter_ns, "sleep": sleep}
            exec(compiled(source), scope)  # noqa: S102 - see above
            self.loops[name] = scope["loop"]
        return self.loops[name]
