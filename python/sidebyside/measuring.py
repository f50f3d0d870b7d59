"""How one operation of one system is measured within its budget of time."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from sidebyside.book import Book
from sidebyside.workers import Worker, WorkerError


@dataclass(frozen=True)
class Budget:
    """How long to look."""

    rounds: int = 9
    #: Nanoseconds for the operations of one round.
    batch: int = 15_000_000
    #: Operations of one round that follow another process's write each.
    turns: int = 8
    #: Nanoseconds; what would take longer for one operation is named instead of waited for.
    longest: int = 3_000_000_000
    #: Nanoseconds of a contest of several processes.
    contest: int = 400_000_000


QUICK = Budget(rounds=3, batch=4_000_000, turns=4, longest=500_000_000, contest=150_000_000)
#: For the check of ratios: of many short rounds some are left alone, also on a busy machine.
CHECK = Budget(rounds=25, batch=2_000_000, turns=4, longest=200_000_000, contest=20_000_000)

LARGEST_BATCH = 100_000
#: A writer that tidies up now and then must be watched until it has: so many sets for each entry.
SETS_AN_ENTRY = 2
LONGEST_SETTING = 40
#: Slow operations are not done in every round.
SLOW = 400_000_000
UNDONE = ("delete", "append")


class Measuring:
    def __init__(self, book: Book, budget: Budget) -> None:
        self.book = book
        self.budget = budget

    def operation(self, worker: Worker, case: str, n: int, system: str, *, most: int = LARGEST_BATCH) -> None:
        """One round of an operation: its last word is the operation's name. Errors become gaps."""
        verb = case.rsplit(".", 1)[-1]
        if not self.is_due(case, n, system):
            return
        try:
            estimate = self.book.median(case, n, system)
            if estimate is None:
                estimate = self.time(worker, verb, 1)
            if estimate < self.budget.batch:
                estimate = self.time(worker, verb, self.count(verb, n, estimate, most))
            elif self.book.median(case, n, system) is not None:
                estimate = self.time(worker, verb, 1)
            self.book.add(case, n, system, estimate)
        except WorkerError as error:
            self.book.miss(case, n, system, str(error))

    def after_another(self, worker: Worker, other: Worker, case: str, n: int, system: str) -> None:
        """One round of an operation, each one after a set by another process."""
        verb = case.split(".")[1]
        if not self.is_due(case, n, system):
            return
        try:
            times: list[float] = []
            while len(times) < self.budget.turns and sum(times) < self.budget.batch:
                other.ask("time", "set", 1)
                times.append(self.time(worker, verb, 1))
            self.book.add(case, n, system, statistics.median(times))
        except WorkerError as error:
            self.book.miss(case, n, system, str(error))

    def attach(self, worker: Worker, n: int, system: str) -> None:
        """One round of opening what is there, and the first get."""
        if not self.is_due("attach", n, system):
            return
        try:
            estimate = self.book.median("attach", n, system) or worker.ask("attach", 1)[0]
            times = int(max(1, min(20, self.budget.batch // max(estimate, 1))))
            self.book.add("attach", n, system, worker.ask("attach", times)[0] / times)
        except WorkerError as error:
            self.book.miss("attach", n, system, str(error))

    def is_due(self, case: str, n: int, system: str) -> bool:
        if (case, n, system) in self.book.gaps:
            return False
        taken = self.book.samples.get((case, n, system), [])
        if not taken:
            expected = self.book.prediction(case, n, system)
            if expected > self.budget.longest:
                self.book.miss(case, n, system, f"one would take about {expected / 1e9:.0f} s")
                return False
        return not taken or taken[-1] < SLOW or len(taken) < (self.budget.rounds + 1) // 2

    def time(self, worker: Worker, verb: str, count: int) -> float:
        """Nanoseconds an operation."""
        elapsed = worker.ask("time", verb, count)[0] / count
        if verb in UNDONE:
            worker.ask("restore")
        return elapsed

    def count(self, verb: str, n: int, estimate: float, most: int) -> int:
        """How many operations the budget allows."""
        count = int(max(1, min(most, self.budget.batch // max(estimate, 1))))
        if verb == "delete":
            return max(1, min(count, n // 4))
        if verb == "append":
            return max(1, min(count, n // 10 or 1))
        if verb == "set" and n * SETS_AN_ENTRY * estimate < LONGEST_SETTING * self.budget.batch:
            return max(count, n * SETS_AN_ENTRY)
        return count
