"""A short run that compares ratios with committed lower bounds, so that a regression by 2x is seen.

Ratios, not times: both sides of one are measured in turns on the same machine, so that a
slower or busier one changes them little. A bound is 0.62 of what was measured when it
was recorded, on the machine where that was least: half the speed is below it there, a
noisy machine is not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sidebyside import solos
from sidebyside.book import Book
from sidebyside.field import title
from sidebyside.measuring import Budget
from sidebyside.stages import Stages
from sidebyside.workers import Team

SYSTEMS = ["swift", "rememory"]
DICT_SIZES = [10, 1000]
LIST_SIZES = [1000]
#: What part of a measured ratio its bound is.
SLACK = 0.62
ATTEMPTS = 2

#: Cases, the system that is ours there, and the one it is compared with.
RATIOS = [
    *((f"number.{verb}", 0, "swift", "rememory") for verb in ("get", "set", "add")),
    *((f"dict.{verb}", n, "swift", "rememory") for verb in ("get", "set", "iterate") for n in DICT_SIZES),
    # Of ten entries too few can be deleted in a row.
    ("dict.delete", 1000, "swift", "rememory"),
    *((f"list.{verb}", n, "swift", "rememory") for verb in ("get", "set", "append") for n in LIST_SIZES),
    *(
        (f"codec.{value}.{verb}", 0, codec, "pickle")
        for value in ("players", "numbers")
        for verb in ("write", "read")
        for codec in ("PickleEncoder", "PickleValue")
    ),
]
#: Cases of Swift's, and the same steps in C.
OVER_FLOOR = [
    ("lock.lock", 0, "floor.semaphore"),
    ("number.get", 0, "floor.semaphore"),
    ("dict.get", 10, "floor.semaphore"),
    ("dict.set", 10, "floor.semaphore"),
]


@dataclass(frozen=True)
class Bound:
    """The other one's time over ours must be at least so much."""

    case: str
    n: int
    system: str
    over: str
    at_least: float

    def __str__(self) -> str:
        size = f", n = {self.n}" if self.n else ""
        return f"{self.case}{size}: {title(self.system)} over {title(self.over)}"


@dataclass(frozen=True)
class Finding:
    bound: Bound
    ratio: float

    @property
    def holds(self) -> bool:
        return self.ratio >= self.bound.at_least

    @property
    def sees_half(self) -> bool:
        """Whether half the speed would have been below the bound."""
        return self.ratio / 2 < self.bound.at_least

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "TOO SLOW"
        if self.holds and not self.sees_half:
            verdict = "ok, and so much faster than where the bound was recorded that half of it would pass"
        return f"{self.bound}: {self.ratio:.4g} (at least {self.bound.at_least:g}) {verdict}"


def check(teams: Mapping[str, Team], budget: Budget, path: Path, *, record: bool) -> int:
    """Prints what holds. 0 if all does, 1 if a ratio is below its bound, 2 if one could not be measured.

    What is too slow once is measured once more: a disturbance goes, a regression stays.
    """
    for attempt in range(ATTEMPTS):
        book = Book()
        measure(teams, book, budget)
        for gap in book.gaps.values():
            print(f"NOT MEASURED {gap.case} of {gap.system}: {gap.reason}")
        if book.gaps:
            return 2
        if record:
            write(path, book)
        findings = compare(book, [Bound(**entry) for entry in json.loads(path.read_text())])
        for finding in findings:
            print(finding)
        if all(finding.holds for finding in findings):
            return 0
        if attempt + 1 < ATTEMPTS:
            print("\nmeasuring once more\n")
    return 1


def write(path: Path, book: Book) -> None:
    """Records what holds on this machine and on those where the bounds that are there were recorded."""
    bounds = [Bound(*row, float(f"{SLACK * ratio_of(book, *row):.3g}")) for row in rows()]
    known = [Bound(**entry) for entry in json.loads(path.read_text())] if path.exists() else []
    path.write_text(json.dumps([asdict(bound) for bound in least(bounds, known)], indent=1) + "\n")


def least(bounds: list[Bound], known: list[Bound]) -> list[Bound]:
    """Of each bound and the one that is known for the same ratio, the lower one."""
    at_least = {replace(bound, at_least=0): bound.at_least for bound in known}
    return [
        replace(bound, at_least=min(bound.at_least, at_least.get(replace(bound, at_least=0), bound.at_least)))
        for bound in bounds
    ]


def compare(book: Book, bounds: list[Bound]) -> list[Finding]:
    return [Finding(bound, ratio_of(book, bound.case, bound.n, bound.system, bound.over)) for bound in bounds]


def measure(teams: Mapping[str, Team], book: Book, budget: Budget) -> None:
    work = Stages({name: teams[name] for name in SYSTEMS}, book, budget)
    solos.measure_floors(teams["swift"], book, budget)
    work.numbers()
    work.dicts(DICT_SIZES, after_others=False)
    work.lists(LIST_SIZES)
    solos.measure_codecs(teams, book, budget)


def rows() -> list[tuple[str, int, str, str]]:
    return [*RATIOS, *((case, n, "swift", floor) for case, n, floor in OVER_FLOOR)]


def ratio_of(book: Book, case: str, n: int, system: str, over: str) -> float:
    """The ratio of the least disturbed rounds: nothing makes a round faster than it is, much makes it slower."""
    theirs = book.samples[over, 0, "C"] if over.startswith("floor.") else book.samples[case, n, over]
    return min(theirs) / min(book.samples[case, n, system])
