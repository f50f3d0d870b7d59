"""What one process does alone: the codecs, the lock, and the least that each can cost, in C."""

from __future__ import annotations

from collections.abc import Mapping

from sidebyside.book import Book
from sidebyside.measuring import Budget, Measuring
from sidebyside.workers import Team, WorkerError
from sidebyside.workload import codec_values

FLOORS = ["semaphore", "fstat", "memcpy", "memcmp", "opcodes"]
#: Which process has which codec, and by what name.
CODECS = {
    "PickleEncoder": ("swift", "pickle"),
    "PickleValue": ("swift", "value"),
    "JSONEncoder": ("swift", "json"),
    "pickle": ("codecs", "pickle"),
    "msgpack": ("codecs", "msgpack"),
    "orjson": ("codecs", "orjson"),
}


def measure_floors(swift: Team, book: Book, budget: Budget) -> None:
    measuring = Measuring(book, budget)
    floor, lock = swift.workers[:2]
    floor.ask("open", "floor", "-", 0, 0)
    lock.ask("open", "lock", "rmbench-lock", 0, 0)
    for _ in range(budget.rounds):
        for name in FLOORS:
            measuring.operation(floor, f"floor.{name}", 0, "C")
        measuring.operation(lock, "lock.lock", 0, "swift")
    lock.ask("destroy")


def measure_codecs(teams: Mapping[str, Team], book: Book, budget: Budget) -> None:
    """All codecs on one value in turns. Swift's pickles must have the length that CPython's have."""
    measuring = Measuring(book, budget)
    for value in codec_values():
        workers = {}
        for codec, (team, form) in CODECS.items():
            if team not in teams:
                continue
            # Each form has a process of its own, so that none warms up another's memory.
            forms = [name for owner, name in CODECS.values() if owner == team]
            worker = teams[team].workers[forms.index(form)]
            try:
                worker.ask("open", "codec", f"{form}-{value}", 0, 0)
                workers[codec] = worker
                book.add(f"codec.{value}.size", 0, codec, worker.ask("sum")[0])
            except WorkerError as error:
                book.miss(f"codec.{value}.write", 0, codec, str(error))
        sizes = {
            book.median(f"codec.{value}.size", 0, codec) for codec in ("PickleEncoder", "pickle") if codec in workers
        }
        if len(sizes) > 1:
            raise ValueError(f"{value}: Swift writes another pickle than CPython: {sizes} bytes")
        for _ in range(budget.rounds):
            for codec, worker in workers.items():
                for verb in ("write", "read"):
                    measuring.operation(worker, f"codec.{value}.{verb}", 0, codec)
