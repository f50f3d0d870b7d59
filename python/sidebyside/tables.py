"""Markdown tables of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sidebyside.book import Book
from sidebyside.field import ALL, CODECS, FIELD, OURS, PAIRS, title
from sidebyside.words import duration, memory, rate, size, times, with_spread
from sidebyside.workload import codec_values

#: Ours, alone and beside Python, is not compared with itself.
BOTH = {entrant.name for entrant in [*PAIRS, *FIELD] if OURS in entrant.name}
NOTHING = "–"  # noqa: RUF001 - a dash, as tables have it


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column to the left, the others to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def listed(book: Book, *cases: str) -> list[str]:
    """The systems that have figures for one of the cases, in the order of the field."""
    found = {system for case in cases for system in book.systems(case)}
    return [name for name in ALL if name in found] + sorted(found - ALL.keys())


def named(system: str) -> str:
    return f"**{title(system)}**" if system == OURS else title(system)


def over_size(book: Book, case: str) -> str:
    """A row for each system, a column for each size, and the exponent of the cost as n grows."""
    sizes = book.sizes(case)
    rows = []
    for system in listed(book, case):
        cells = [with_spread(figure) if (figure := book.figure(case, n, system)) else NOTHING for n in sizes]
        exponent = book.exponent(case, system)
        rows.append([named(system), *cells, NOTHING if exponent is None else f"{exponent:.2f}"])
    return markdown(["", *(f"n = {size(n)}" for n in sizes), "exponent"], rows)


def side_by_side(book: Book, columns: dict[str, tuple[str, int]], show: Callable[[float], str] | None = None) -> str:
    """A row for each system, a column for each case."""
    rows = []
    for system in listed(book, *(case for case, _ in columns.values())):
        figures = [book.figure(case, n, system) for case, n in columns.values()]
        cells = [(show(figure.median) if show else with_spread(figure)) if figure else NOTHING for figure in figures]
        rows.append([named(system), *cells])
    return markdown(["", *columns], rows)


def numbers(book: Book) -> str:
    cases = {
        "get": "number.get",
        "set": "number.set",
        "locked add": "number.add",
        "two processes add": "number.contended",
    }
    columns = {name: (case, 0) for name, case in cases.items()}
    return side_by_side(book, columns)


def losses(book: Book) -> str:
    """Who lost additions when two processes added at once."""
    lost = {system: book.median("number.lost", 0, system) or 0.0 for system in listed(book, "number.lost")}
    losers = [f"{title(system)} lost {part:.0%} of the additions" for system, part in lost.items() if part > 0]
    return "; ".join(losers) + "." if losers else "Nobody lost an addition."


def together(book: Book, load: str) -> str:
    case = f"together.{load}"
    n = next(iter(book.sizes(f"{case}.read")), 0)
    rows = []
    for system in listed(book, f"{case}.read"):
        found = [book.figure(f"{case}.{what}", n, system) for what in ("write", "write.p99", "read", "read.p99")]
        shows = (rate, duration, rate, duration)
        rows.append([named(system), *(show(f.median) if f else NOTHING for show, f in zip(shows, found, strict=True))])
    return markdown(["", "writes", "99% within", "reads of all three", "99% within"], rows)


def memories(book: Book) -> str:
    n = next(iter(book.sizes("memory.attached")), 0)
    columns = {
        "a process before": ("memory.before", n),
        "after reading all": ("memory.attached", n),
        "shared, or the server": ("memory.shared", n),
    }
    return side_by_side(book, columns, memory)


def codecs(book: Book, verb: str) -> str:
    values = [value for value in codec_values() if book.systems(f"codec.{value}.{verb}")]
    rows = []
    for codec in CODECS:
        figures = [book.figure(f"codec.{value}.{verb}", 0, codec.name) for value in values]
        cells = [with_spread(figure) if figure else NOTHING for figure in figures]
        rows.append([codec.title, *cells])
    return markdown(["", *values], rows)


def summary(book: Book) -> str:
    """The small table of the README."""
    columns = {
        "dict get, n = 10": ("dict.get", 10),
        "n = 10,000": ("dict.get", 10_000),
        "dict set, n = 10": ("dict.set", 10),
        "n = 10,000 ": ("dict.set", 10_000),
        "number get": ("number.get", 0),
        "number set": ("number.set", 0),
    }
    return side_by_side(book, columns)


def behind(book: Book, cases: Sequence[str], *, all_of_them: bool) -> list[str]:
    """Where other systems are faster than Swift, and by how much: all of them, or the fastest."""
    found = []
    for case in cases:
        for n in book.sizes(case):
            ours = book.median(case, n, OURS)
            if not ours:
                continue
            theirs = {system: book.median(case, n, system) for system in listed(book, case) if system not in BOTH}
            faster = sorted((time, system) for system, time in theirs.items() if time and time < ours)
            where = f"{case}, n = {size(n)}" if n else case
            for time, system in faster if all_of_them else faster[:1]:
                more = f", and {len(faster) - 1} more" if len(faster) > 1 and not all_of_them else ""
                found.append(
                    f"{where}: {title(system)} {duration(time)}, Swift {duration(ours)} ({times(ours / time)}){more}"
                )
    return found
