"""Figures as people read them."""

from __future__ import annotations

from sidebyside.book import Figure

TIMES = [("ns", 1.0), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)]
BYTES = [("B", 1.0), ("KiB", 2.0**10), ("MiB", 2.0**20), ("GiB", 2.0**30)]
TIMES_SIGN = "×"  # noqa: RUF001 - not the letter
RATES = [("/s", 1.0), ("k/s", 1e3), ("M/s", 1e6)]


def scaled(amount: float, units: list[tuple[str, float]]) -> str:
    """Three digits, and the unit that suits."""
    name, size = next((unit for unit in reversed(units) if amount >= unit[1]), units[0])
    number = amount / size
    digits = 2 if number < 10 else 1 if number < 100 else 0
    return f"{number:.{digits}f} {name}"


def duration(nanoseconds: float) -> str:
    return scaled(nanoseconds, TIMES)


def memory(count: float) -> str:
    return scaled(count, BYTES)


def rate(count: float) -> str:
    return scaled(count, RATES)


def with_spread(figure: Figure) -> str:
    """A median time and its spread, as ``127 ns ±3%``."""
    return f"{duration(figure.median)} ±{figure.spread:.0%}"


def times(ratio: float) -> str:
    return f"{ratio:.2g}{TIMES_SIGN}" if ratio < 10 else f"{ratio:,.0f}{TIMES_SIGN}"


def size(n: int) -> str:
    return f"{n:,}"
