"""What is measured together, system by system in turns, so that all meet the same disturbances of the machine."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from os import getpid

from sidebyside.book import Book
from sidebyside.measuring import Budget, Measuring
from sidebyside.memory import SHARED, private_bytes, shared_bytes
from sidebyside.workers import Team, Worker, WorkerError, ask_all

DICT_SIZES = [10, 1000, 10_000, 100_000]
LIST_SIZES = [10, 1000, 10_000]
DICT_VERBS = ("get", "set", "iterate", "delete")
#: Entries while several processes use a dict, and while memory is looked at.
TOGETHER = 1000
REMEMBERED = 10_000
#: Nanoseconds between two sets of a writer that does not write all the time.
PACE = 1_000_000
#: How many times as long an addition may take while another process adds, before that is known.
CONTENTION = 20
#: Nanoseconds until all processes wait for the start.
DELAY = 50_000_000

PREFIX = f"rmbench-{getpid()}-"
_names = count()


def unique_name() -> str:
    return f"{PREFIX}{next(_names)}"


def remove_leftovers() -> None:
    """Removes what this run's blocks left in shared memory: ``rememory`` never removes its locks."""
    for path in SHARED.glob(f"*{PREFIX}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def room(n: int) -> int:
    """Bytes for the pickle of n entries, twice: what it takes, and as much for changes."""
    size = 65536
    while n > TOGETHER and size < 44 * n:
        size *= 2
    return size


class Block:
    """A shared thing and the workers that have it open."""

    def __init__(self, label: str, kind: str, n: int, workers: list[Worker]) -> None:
        self.label, self.kind, self.n, self.workers = label, kind, n, workers
        self.name = unique_name()
        for worker in workers:
            worker.ask("open", kind, self.name, n, room(n))
        self.owner.ask("fill")

    @property
    def owner(self) -> Worker:
        return self.workers[0]

    def remove(self) -> None:
        for worker in self.workers[1:]:
            worker.ask("close")
        self.owner.ask("destroy")


class Stages:
    def __init__(self, teams: Mapping[str, Team], book: Book, budget: Budget) -> None:
        self.teams = teams
        self.book = book
        self.budget = budget
        self.measuring = Measuring(book, budget)

    @contextmanager
    def blocks(self, kind: str, n: int, case: str) -> Iterator[list[Block]]:
        """A block of each system that has such a kind; the others are named with their reason."""
        blocks = []
        for name, team in self.teams.items():
            try:
                blocks.append(Block(name, kind, n, team.workers[:2]))
            except WorkerError as error:
                self.book.miss(case, 0, name, str(error))
        try:
            yield blocks
        finally:
            for block in blocks:
                self.remove(block)

    def remove(self, block: Block) -> None:
        try:
            block.remove()
        except WorkerError as error:
            self.book.miss("removing", block.n, block.label, str(error))

    def turns(self, blocks: list[Block]) -> Iterator[Block]:
        """Every block in every round, each round beginning with another one."""
        for turn in range(self.budget.rounds):
            start = turn * len(blocks) // self.budget.rounds
            yield from blocks[start:] + blocks[:start]

    # ---------------------------------------------------------------- alone and after others

    def numbers(self) -> None:
        with self.blocks("number", 1, "number.get") as blocks:
            for block in self.turns(blocks):
                for verb in ("get", "set", "add"):
                    self.measuring.operation(block.owner, f"number.{verb}", 0, block.label)
                self.contend(block)

    def contend(self, block: Block) -> None:
        """Two processes that add at once; what is missing from the sum was lost."""
        alone = self.book.median("number.add", 0, block.label)
        if alone is None or ("number.contended", 0, block.label) in self.book.gaps:
            return
        expected = self.book.median("number.contended", 0, block.label) or CONTENTION * alone
        each = int(max(10, min(2_000_000, self.budget.contest // (2 * expected))))
        try:
            before = block.owner.ask("sum")[0]
            times = [reply[0] for reply in ask_all(block.workers[:2], "time", "add", each)]
            added = block.owner.ask("sum")[0] - before
        except WorkerError as error:
            self.book.miss("number.contended", 0, block.label, str(error))
            return
        self.book.add("number.contended", 0, block.label, max(times) / (2 * each))
        self.book.add("number.lost", 0, block.label, 1 - added / (2 * each))

    def dicts(self, sizes: list[int], verbs: Sequence[str] = DICT_VERBS, *, after_others: bool = True) -> None:
        for n in sizes:
            with self.blocks("dict", n, "dict.get") as blocks, self.mixed(n) as pair:
                for block in self.turns(blocks):
                    for verb in verbs:
                        self.measuring.operation(block.owner, f"dict.{verb}", n, block.label)
                    if after_others:
                        self.follow(block.owner, block.workers[1], verbs, n, block.label)
                        self.measuring.attach(block.workers[1], n, block.label)
                    if pair and after_others and block.label == "swift":
                        swift, python = pair.workers
                        self.follow(swift, python, verbs, n, "swift+rememory")
                        self.follow(python, swift, verbs, n, "rememory+swift")

    def follow(self, worker: Worker, other: Worker, verbs: Sequence[str], n: int, system: str) -> None:
        for verb in verbs:
            self.measuring.after_another(worker, other, f"dict.{verb}.after", n, system)

    @contextmanager
    def mixed(self, n: int) -> Iterator[Block | None]:
        """One block that Swift and Python have open."""
        if not {"swift", "rememory"} <= self.teams.keys():
            yield None
            return
        block = Block("swift+rememory", "dict", n, [self.teams[name].workers[2] for name in ("swift", "rememory")])
        try:
            yield block
        finally:
            self.remove(block)

    def lists(self, sizes: list[int]) -> None:
        for n in sizes:
            with self.blocks("list", n, "list.get") as blocks:
                for block in self.turns(blocks):
                    for verb in ("get", "set", "append"):
                        self.measuring.operation(block.owner, f"list.{verb}", n, block.label)

    # ---------------------------------------------------------------- several at once

    def together(self) -> None:
        """One writer and three readers of one dict: as fast as they can, and with a writer that pauses."""
        casts: dict[str, list[Worker]] = {name: team.workers for name, team in self.teams.items()}
        if {"swift", "rememory"} <= self.teams.keys():
            swift, python = self.teams["swift"].workers, self.teams["rememory"].workers
            casts |= {"swift+rememory": [swift[0], *python[1:]], "rememory+swift": [python[0], *swift[1:]]}
        for _ in range(max(1, self.budget.rounds // 2)):
            for label, workers in casts.items():
                try:
                    block = Block(label, "dict", TOGETHER, workers)
                except WorkerError as error:
                    self.book.miss("together.read", 0, label, str(error))
                    continue
                for load, pause in (("full", 0), ("paced", PACE)):
                    self.race(block, load, pause)
                self.remove(block)

    def race(self, block: Block, load: str, pause: int) -> None:
        case = f"together.{load}"
        start = time.perf_counter_ns() + DELAY
        end = start + self.budget.contest
        try:
            block.owner.send("during", "set", start, end, pause)
            for reader in block.workers[1:]:
                reader.send("during", "get", start, end, 0)
            writer, *readers = [worker.reply() for worker in block.workers]
        except WorkerError as error:
            self.book.miss(f"{case}.read", TOGETHER, block.label, str(error))
            return
        seconds = self.budget.contest / 1e9
        self.book.add(f"{case}.write", TOGETHER, block.label, writer[0] / seconds)
        self.book.add(f"{case}.read", TOGETHER, block.label, sum(reader[0] for reader in readers) / seconds)
        self.book.add(f"{case}.write.p99", TOGETHER, block.label, writer[2])
        self.book.add(f"{case}.read.p99", TOGETHER, block.label, max(reader[2] for reader in readers))

    # ---------------------------------------------------------------- memory

    def memory(self, fresh: Team) -> None:
        """What a process has for itself before and after it attached and read all, and what all share."""
        owner, reader = fresh.workers[:2]
        try:
            before = self.private(fresh, 1)[0]
            block = Block(fresh.name, "dict", REMEMBERED, [owner, reader])
            for verb in ("get", "iterate"):
                self.try_once(reader, verb)
            after, server = self.private(fresh, 1)
            self.book.add("memory.before", REMEMBERED, fresh.name, before)
            self.book.add("memory.attached", REMEMBERED, fresh.name, after)
            self.book.add("memory.shared", REMEMBERED, fresh.name, shared_bytes(block.name) + server)
            block.remove()
        except WorkerError as error:
            self.book.miss("memory.attached", 0, fresh.name, str(error))

    @staticmethod
    def try_once(worker: Worker, verb: str) -> None:
        try:
            worker.ask("time", verb, 1)
        except WorkerError:
            # A system without that operation still has its memory to show.
            return

    @staticmethod
    def private(team: Team, place: int) -> tuple[int, int]:
        if len(team.processes) > 1:
            return private_bytes(team.processes[place].pid), 0
        private, server = team.workers[place].ask("memory")
        return private, server
