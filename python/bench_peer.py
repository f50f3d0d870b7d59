"""Times unmodified rememory's own operations, driven by JSON lines on standard input.

One request a line, one reply a line. ``interop-check bench`` asks in turns with its
own measurements, so that both languages meet the same disturbances of the machine. A
request to ``time`` gives nanoseconds an operation: the median of some batches, each of
them one tight loop between two looks at the clock.

Keys, values and their order are the same on both sides: see ``BenchData.swift``.
"""

from __future__ import annotations

import json
import pickle
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle, islice
from time import perf_counter_ns
from typing import Any

from rememory import RememoryDict, RememoryInt, RememoryList

from codec_bench import OPERATIONS as CODEC_OPERATIONS
from sidebyside import workload

Request = dict[str, Any]

SMALL_SEGMENT = 65536
LARGEST_OF_SMALL = 1000
BATCH_NS = 4_000_000
LARGEST_BATCH = 4000
SAMPLES = 3
ADDITIONS_BETWEEN_LOOKS = 8


# ---------------------------------------------------------------- data


def pair(step: int) -> dict[str, int]:
    return {"x": workload.number(step), "y": step & 0xFF}


VALUES: dict[str, Callable[[int], Any]] = {"int": workload.number, "pair": pair}


def segment_size(n: int, data: object) -> int:
    if n <= LARGEST_OF_SMALL:
        return SMALL_SEGMENT
    size = SMALL_SEGMENT
    while size < 2 * len(pickle.dumps(data)):
        size *= 2
    return size


@dataclass
class Subject:
    """A block, what it holds at first, and the order in which it is asked."""

    name: str
    block: Any
    n: int
    value: Callable[[int], Any]
    data: Any
    keys: Iterator[Any]
    steps: Iterator[int]

    def write(self) -> None:
        """Makes everything in the block what Python wrote."""
        with self.block._lock:
            self.block._write_data(self.data)

    def next_keys(self, batch: int) -> list[Any]:
        return list(islice(self.keys, batch))

    def next_values(self, batch: int) -> list[Any]:
        return [self.value(step) for step in islice(self.steps, batch)]


SUBJECTS: dict[str, Subject] = {}


def create(request: Request) -> object:
    """Attaches to a block while it is empty, then fills it in one write."""
    name, kind, n = request["name"], request["kind"], request.get("n") or 0
    value = VALUES[request.get("values", "int")]
    data: Any = None
    keys: list[Any] = workload.order(n)
    block: Any
    if kind == "dict":
        data = {workload.key(index): value(index) for index in range(n)}
        keys = [workload.key(index) for index in keys]
        block = RememoryDict(name, size=segment_size(n, data))
    elif kind == "list":
        data = [value(index) for index in range(n)]
        block = RememoryList(name, size=segment_size(n, data))
    else:
        block = RememoryInt(name)
    subject = Subject(name, block, n, value, data, cycle(keys or [0]), count())
    if data is not None:
        subject.write()
    SUBJECTS[name] = subject
    return block._shm.size


# ---------------------------------------------------------------- batches


def int_get(subject: Subject, batch: int) -> int:
    block = subject.block
    start = perf_counter_ns()
    for _ in range(batch):
        block.value  # noqa: B018 - reading is what is measured
    return perf_counter_ns() - start


def int_set(subject: Subject, batch: int) -> int:
    block = subject.block
    start = perf_counter_ns()
    for value in range(batch):
        block.value = value
    return perf_counter_ns() - start


def int_add(subject: Subject, batch: int) -> int:
    """Additions that lose none: reading and writing under the block's own lock."""
    block = subject.block
    start = perf_counter_ns()
    for _ in range(batch):
        with block._lock:
            block._write_value(block._read_value() + 1)
    return perf_counter_ns() - start


def get(subject: Subject, batch: int) -> int:
    block, keys = subject.block, subject.next_keys(batch)
    start = perf_counter_ns()
    for key in keys:
        block[key]
    return perf_counter_ns() - start


def set_item(subject: Subject, batch: int) -> int:
    block, keys = subject.block, subject.next_keys(batch)
    items = list(zip(keys, subject.next_values(batch), strict=True))
    start = perf_counter_ns()
    for key, value in items:
        block[key] = value
    return perf_counter_ns() - start


def dict_delete(subject: Subject, batch: int) -> int:
    block, keys = subject.block, subject.next_keys(batch)
    start = perf_counter_ns()
    for key in keys:
        del block[key]
    elapsed = perf_counter_ns() - start
    subject.write()
    return elapsed


def dict_iterate(subject: Subject, batch: int) -> int:
    block, total = subject.block, 0
    start = perf_counter_ns()
    for _ in range(batch):
        for _, value in block.items():  # noqa: PERF102 - values() reads all for each
            total += value
    return perf_counter_ns() - start


def dict_iterate_pairs(subject: Subject, batch: int) -> int:
    block, total = subject.block, 0
    start = perf_counter_ns()
    for _ in range(batch):
        for _, value in block.items():  # noqa: PERF102 - values() reads all for each
            total += value["x"]
    return perf_counter_ns() - start


def list_append(subject: Subject, batch: int) -> int:
    block, values = subject.block, subject.next_values(batch)
    start = perf_counter_ns()
    for value in values:
        block.append(value)
    elapsed = perf_counter_ns() - start
    subject.write()
    return elapsed


def attach(subject: Subject, batch: int) -> int:
    """A new block object for the name, and one get."""
    elapsed = 0
    for key in subject.next_keys(batch):
        start = perf_counter_ns()
        block: RememoryDict[str, Any] = RememoryDict(subject.name)
        block[key]
        elapsed += perf_counter_ns() - start
        block.close()
    return elapsed


BATCHES: dict[str, Callable[[Subject, int], int]] = {
    "int.get": int_get,
    "int.set": int_set,
    "int.add": int_add,
    "dict.get": get,
    "dict.set": set_item,
    "dict.delete": dict_delete,
    "dict.iterate": dict_iterate,
    "dict.iterate.codable": dict_iterate_pairs,
    "list.append": list_append,
    "list.get": get,
    "list.set": set_item,
    "attach": attach,
}


def batch_size(subject: Subject, what: str, first: int) -> int:
    size = max(1, min(LARGEST_BATCH, BATCH_NS // max(first, 1)))
    if what == "list.append":
        return min(size, max(10, subject.n // 10))
    return size


def timed(request: Request) -> object:
    subject, what = SUBJECTS[request["name"]], request["what"]
    run = BATCHES[what]
    if request.get("once"):
        return run(subject, 1)
    batch = batch_size(subject, what, run(subject, 1))
    return statistics.median(run(subject, batch) / batch for _ in range(SAMPLES))


# ---------------------------------------------------------------- other requests


def write(request: Request) -> object:
    SUBJECTS[request["name"]].write()
    return None


def rewrite(request: Request) -> object:
    """Writes what is there, whoever wrote it, as Python does."""
    block = SUBJECTS[request["name"]].block
    with block._lock:
        block._write_data(block._read_data())
    return None


def set_one(request: Request) -> object:
    """One write of Python's own, at the next key in order."""
    subject = SUBJECTS[request["name"]]
    subject.block[next(subject.keys)] = subject.value(next(subject.steps))
    return None


def total(request: Request) -> object:
    """The sum of all numbers, to see that both sides hold the same."""
    subject = SUBJECTS[request["name"]]
    content = subject.block._read_data()
    values = content.values() if isinstance(content, dict) else content
    return sum(sum(v.values()) if isinstance(v, dict) else v for v in values)


def race(request: Request) -> object:
    """Adds from one moment of the monotonic clock to another; how often."""
    block, end = SUBJECTS[request["name"]].block, request["end"]
    additions = 0
    while time.monotonic_ns() < request["start"]:
        pass
    while time.monotonic_ns() < end:
        for _ in range(ADDITIONS_BETWEEN_LOOKS):
            with block._lock:
                block._write_value(block._read_value() + 1)
        additions += ADDITIONS_BETWEEN_LOOKS
    return additions


OPERATIONS: dict[str, Callable[[Request], object]] = {
    **CODEC_OPERATIONS,
    "create": create,
    "race": race,
    "rewrite": rewrite,
    "set": set_one,
    "time": timed,
    "total": total,
    "write": write,
}


def reply_to(line: str) -> dict[str, object]:
    request: Request = json.loads(line)
    try:
        return {"id": request["id"], "ok": OPERATIONS[request["op"]](request)}
    except Exception as error:  # noqa: BLE001 - whatever it is, it becomes a reply
        message = f"{type(error).__name__}: {error}"
        return {"id": request["id"], "error": {"code": "failed", "message": message}}


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(reply_to(line)), flush=True)


if __name__ == "__main__":
    main()
