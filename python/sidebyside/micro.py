"""The micro-benchmarks of the package ``Benchmarks``, run by its own plugin, with all their percentiles."""

from __future__ import annotations

import json
import statistics

from sidebyside.book import Book
from sidebyside.install import BENCHMARKS, BUILD, failure

FOLDER = BUILD / "micro"
#: The system that the figures belong to.
SYSTEM = "micro"
UNITS = {"ns": 1.0, "μs": 1e3, "ms": 1e6, "s": 1e9}
PREFIX = "package.benchmark.MicroBenchmarks."


def measure(book: Book) -> None:
    """Adds the deciles of each as its rounds; a failure becomes a gap."""
    command = ["swift", "package", "--package-path", str(BENCHMARKS), "--allow-writing-to-package-directory"]
    command += ["benchmark", "--format", "jmh", "--path", str(FOLDER), "--no-progress"]
    for old in FOLDER.glob("*.json"):
        old.unlink()
    if reason := failure(command, "the micro-benchmarks did not run"):
        book.miss("micro", 0, SYSTEM, reason)
        return
    for file in FOLDER.glob("*.json"):
        for entry in json.loads(file.read_text()):
            wall = entry["secondaryMetrics"]["Time (wall clock)"]
            name = entry["benchmark"].removeprefix(PREFIX).replace("_", " ")
            times = [time * UNITS[wall["scoreUnit"]] for time in sorted(wall["rawData"][0])]
            deciles = statistics.quantiles(times, n=10, method="inclusive") if len(times) > 1 else times
            for time in deciles:
                book.add(f"micro.{name}", 0, SYSTEM, time)
