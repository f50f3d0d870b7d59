"""The figures of a run, while they come in and afterwards."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

from sidebyside.machine import Machine

#: What a figure belongs to: the case, how many entries (0 where that means nothing), and the system.
Key = tuple[str, int, str]


@dataclass(frozen=True)
class Figure:
    """The median of all rounds of one case, and its quartiles."""

    case: str
    n: int
    system: str
    median: float
    low: float
    high: float
    rounds: int

    @property
    def spread(self) -> float:
        """Half the distance of the quartiles, as a part of the median."""
        return (self.high - self.low) / 2 / self.median if self.median else 0.0


@dataclass(frozen=True)
class Gap:
    """What could not be measured, and why."""

    case: str
    n: int
    system: str
    reason: str


class Entries(TypedDict):
    """A book as JSON: the fields of its figures and gaps."""

    figures: list[dict[str, Any]]
    gaps: list[dict[str, Any]]


class Results(Entries):
    """All that ``results.json`` says of a run."""

    machine: Machine
    seconds: int
    missing: dict[str, str]


class Book:
    def __init__(self) -> None:
        self.samples: dict[Key, list[float]] = defaultdict(list)
        self.gaps: dict[Key, Gap] = {}
        #: Of an earlier run, whose samples are gone.
        self.earlier: dict[Key, Figure] = {}

    def add(self, case: str, n: int, system: str, sample: float) -> None:
        self.samples[case, n, system].append(sample)

    def miss(self, case: str, n: int, system: str, reason: str) -> None:
        self.gaps.setdefault((case, n, system), Gap(case, n, system, reason))

    def median(self, case: str, n: int, system: str) -> float | None:
        figure = self.figure(case, n, system)
        return figure.median if figure else None

    def figure(self, case: str, n: int, system: str) -> Figure | None:
        samples = self.samples.get((case, n, system))
        if not samples:
            return self.earlier.get((case, n, system))
        low, median, high = quartiles(samples)
        return Figure(case, n, system, median, low, high, len(samples))

    def figures(self) -> list[Figure]:
        return [figure for key in self.places() if (figure := self.figure(*key))]

    def places(self) -> list[Key]:
        return [*self.samples, *self.earlier]

    def sizes(self, case: str) -> list[int]:
        return sorted({n for name, n, _ in self.places() if name == case})

    def systems(self, case: str) -> list[str]:
        return list(dict.fromkeys(system for name, _, system in self.places() if name == case))

    def exponent(self, case: str, system: str) -> float | None:
        """The k of the best fit of time = c · n^k; none with fewer than three sizes."""
        points = [(n, time) for n in self.sizes(case) if n > 0 and (time := self.median(case, n, system))]
        return fitted_exponent(points) if len(points) >= 3 else None

    def prediction(self, case: str, n: int, system: str) -> float:
        """What an operation will take at least, from what it took at smaller sizes."""
        points = [(size, time) for size in self.sizes(case) if size < n and (time := self.median(case, size, system))]
        if len(points) < 2:
            return points[-1][1] if points else 0.0
        return points[-1][1] * math.pow(n / points[-1][0], max(0.0, fitted_exponent(points[-2:])))

    def as_json(self) -> Entries:
        return {
            "figures": [asdict(figure) for figure in self.figures()],
            "gaps": [asdict(gap) for gap in self.gaps.values()],
        }

    @classmethod
    def from_json(cls, found: Entries) -> Book:
        """A book that gives the same figures, for drawing them once more."""
        book = cls()
        for entry in found["figures"]:
            book.earlier[entry["case"], entry["n"], entry["system"]] = Figure(**entry)
        for entry in found["gaps"]:
            book.miss(**entry)
        return book


def quartiles(samples: list[float]) -> tuple[float, float, float]:
    if len(samples) < 2:
        return samples[0], samples[0], samples[0]
    low, median, high = statistics.quantiles(samples, n=4, method="inclusive")
    return low, median, high


def fitted_exponent(points: Iterable[tuple[float, float]]) -> float:
    """The slope of the straight line through the logarithms."""
    logs = [(math.log(n), math.log(time)) for n, time in points]
    slope, _ = statistics.linear_regression([x for x, _ in logs], [y for _, y in logs])
    return slope
