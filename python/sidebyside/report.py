"""The pages and plots of a run: everything in the folder of the results, the shortest of it in the README."""

from __future__ import annotations

from pathlib import Path

from sidebyside import plots, tables
from sidebyside.book import Book, Gap, Results
from sidebyside.field import ALL, title
from sidebyside.install import BENCHMARKS, ROOT
from sidebyside.micro import SYSTEM as MICRO
from sidebyside.words import duration, with_spread
from sidebyside.workload import codec_values

BEGIN, END = "<!-- benchmarks:begin -->", "<!-- benchmarks:end -->"
DICT_PANELS = {
    "dict.get": "dict: get",
    "dict.set": "dict: set",
    "dict.iterate": "dict: read all",
    "dict.delete": "dict: delete",
}
AFTER_PANELS = {
    "dict.get.after": "dict: get, after another process's set",
    "dict.set.after": "dict: set, after another process's set",
    "dict.iterate.after": "dict: read all, after another process's set",
    "dict.delete.after": "dict: delete, after another process's set",
}
LIST_PANELS = {
    "list.get": "list: get",
    "list.set": "list: set",
    "list.append": "list: append",
    "attach": "attach to a dict, and get",
}
RATIO_PANELS = {
    "dict get, n = 1,000": ("dict.get", 1000),
    "dict set, n = 1,000": ("dict.set", 1000),
    "number get": ("number.get", 0),
    "number set": ("number.set", 0),
    "number, locked add": ("number.add", 0),
    "number, two processes add": ("number.contended", 0),
}
#: A system that lacks a kind lacks all of its cases; the first one stands for them.
FIRST_OF_KIND = {
    "dict.get": "all of dicts",
    "list.get": "all of lists",
    "number.get": "all of numbers",
    "together.read": "one writer and three readers",
    "memory.attached": "memory",
}
HOW_TO_READ = (
    "Medians of interleaved rounds; ± is half the distance of the quartiles, as a part of the median. The exponent "
    "is the k of the best fit of time = c · n^k. [How it is measured](../README.md)."
)
PROMISED = ["dict.get", "dict.set", "number.get", "number.set", "number.add", "number.contended"]

ELSEWHERE = [*AFTER_PANELS, "dict.iterate", "dict.delete", *LIST_PANELS]


def write(results: Results, folder: Path) -> None:
    book = Book.from_json(results)
    folder.mkdir(parents=True, exist_ok=True)
    draw(book, folder)
    (folder / "README.md").write_text(page(results, book))
    if folder.resolve() == (BENCHMARKS / "Results").resolve():
        insert(ROOT / "README.md", excerpt(results, book))


def draw(book: Book, folder: Path) -> None:
    plots.prepare()
    plots.over_size(book, {case: DICT_PANELS[case] for case in ("dict.get", "dict.set")}, 2, folder / "get-and-set.svg")
    plots.over_size(book, DICT_PANELS, 2, folder / "dict.svg")
    plots.over_size(book, AFTER_PANELS, 2, folder / "dict-after-others.svg")
    plots.over_size(book, LIST_PANELS, 2, folder / "list-and-attach.svg")
    plots.ratios(book, RATIO_PANELS, folder / "ratios.svg")
    plots.codecs(book, list(codec_values()), folder / "codec.svg")


# ---------------------------------------------------------------- pages


def about(results: Results) -> str:
    machine = results["machine"]
    return (
        f"{machine['date']}, {machine['cpu']}, {machine['cores']} cores, {machine['memory']}, {machine['kernel']}. "
        f"Swift {machine['versions'].get('Swift', '?')}, Python {machine['versions']['Python']}."
    )


def excerpt(results: Results, book: Book) -> str:
    return f"""![Time of a dict's get and set over the number of entries](Benchmarks/Results/get-and-set.svg)

{tables.summary(book)}

Measured by `Benchmarks/run` in one run: {about(results)} Medians of interleaved rounds; ± is half the distance of the
quartiles. [All tables and plots](Benchmarks/Results/README.md), [how it is measured](Benchmarks/README.md).
"""


def insert(readme: Path, text: str) -> None:
    """Replaces what lies between the markers."""
    before, begin, rest = readme.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{readme.name} lacks the markers between which the benchmark's table goes: {BEGIN} and {END}")
    readme.write_text(f"{before}{begin}\n{text}{end}{after}")


def page(results: Results, book: Book) -> str:
    sections = [
        "# Side by side: the results",
        f"Made by `Benchmarks/run`, in {duration(results['seconds'] * 1e9)}: {about(results)}",
        HOW_TO_READ,
        versions(results),
        "## Where another system is ahead",
        ahead(book),
        "## Numbers",
        tables.numbers(book),
        "Two processes that add at once: the time for one addition of either. " + tables.losses(book),
        "![How many times as long as Swift each system takes](ratios.svg)",
        "## Dicts, after own writes",
        "![Time over the number of entries](dict.svg)",
        *sized(book, DICT_PANELS),
        "## Dicts, each operation after a set by another process",
        "Single operations, in a process that was idle before: caches are cold, for all systems alike.",
        "![Time over the number of entries](dict-after-others.svg)",
        *sized(book, AFTER_PANELS),
        "## Lists, and attaching",
        "![Time over the number of entries](list-and-attach.svg)",
        *sized(book, LIST_PANELS),
        "## One writer and three readers",
        "Of one dict of 1,000 entries, four processes at once. The writer pauses for a millisecond after each set:",
        tables.together(book, "paced"),
        "All as fast as they can:",
        tables.together(book, "full"),
        "## Memory",
        "What a process has for itself before and after it attached to a dict of 10,000 entries and read all of it.",
        tables.memories(book),
        "## Codecs",
        "![Time to write and read](codec.svg)",
        "Writing:",
        tables.codecs(book, "write"),
        "Reading:",
        tables.codecs(book, "read"),
        "## The least that it can cost",
        floors(book),
        "## Micro-benchmarks of the Swift package",
        micro(book),
        "## What is missing",
        missing(results, book),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def sized(book: Book, panels: dict[str, str]) -> list[str]:
    return [part for case, heading in panels.items() for part in (f"**{heading}**", tables.over_size(book, case))]


def versions(results: Results) -> str:
    return (
        "Versions: " + ", ".join(f"{name} {version}" for name, version in results["machine"]["versions"].items()) + "."
    )


def ahead(book: Book) -> str:
    """Where others are faster: all of them where the promise is to be the fastest, the fastest of them elsewhere."""
    promised = tables.behind(book, PROMISED, all_of_them=True)
    elsewhere = tables.behind(book, ELSEWHERE, all_of_them=False)
    parts = ["On dict get and set after own writes, and on numbers" + (":" if promised else ": nowhere.")]
    parts += ["\n".join(f"- {line}" for line in promised)] if promised else []
    parts += ["Elsewhere, the fastest:", "\n".join(f"- {line}" for line in elsewhere)] if elsewhere else []
    parts.append("[Why, and what it would take](../README.md#where-others-are-ahead-and-why).")
    return "\n\n".join(parts)


def floors(book: Book) -> str:
    names = {
        "floor.semaphore": "C: wait for a free semaphore and post",
        "lock.lock": "Swift: take a block's lock and give it back",
        "floor.fstat": "C: `fstat`",
        "floor.memcpy": "C: copy 64 KiB",
        "floor.memcmp": "C: compare 64 KiB",
        "floor.opcodes": "C: walk over the instructions of the pickle of 1,000 records",
    }
    rows = [
        [text, with_spread(figure)]
        for case, text in names.items()
        for system in book.systems(case)
        if (figure := book.figure(case, 0, system))
    ]
    return tables.markdown(["", "time"], rows)


def micro(book: Book) -> str:
    cases = sorted(case for case, _, system in book.places() if system == MICRO)
    figures = [(case, book.figure(case, 0, MICRO)) for case in cases]
    rows = [[case.removeprefix("micro."), with_spread(figure)] for case, figure in figures if figure]
    return tables.markdown(["", "time"], rows) if rows else "Not run."


def missing(results: Results, book: Book) -> str:
    """What is not there, once for each system and reason, with all the cases that it concerns."""
    lines = [f"- {title(system)}: {reason}" for system, reason in results["missing"].items()]
    places: dict[tuple[str, str], list[str]] = {}
    for gap in sorted(book.gaps.values(), key=lambda gap: list(ALL).index(gap.system) if gap.system in ALL else 99):
        case = FIRST_OF_KIND.get(gap.case, gap.case)
        places.setdefault((gap.system, reason(gap)), []).append(f"{case}, n = {gap.n:,}" if gap.n else case)
    lines += [f"- {title(system)}: {why} ({'; '.join(cases)})" for (system, why), cases in places.items()]
    return "\n".join(lines) or "Nothing."


def reason(gap: Gap) -> str:
    """Why, without the name of the exception where that says no more than that it is not there."""
    return gap.reason.removeprefix("NotOfferedError: ").removeprefix("NotImplementedError: ")
