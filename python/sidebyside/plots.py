"""Plots of a run, as SVG.

They have a background of their own, so that they can be read on dark pages and in print,
and lines differ by marker and label, not by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sidebyside.book import Book
from sidebyside.field import ALL, CODECS, OURS, title
from sidebyside.tables import listed
from sidebyside.words import duration, size, times

COLOURS = {
    "ours": "#d03a00",
    "native": "#1a1a1a",
    "python": "#1f63b5",
    "standard": "#2b8a3e",
    "database": "#7b3fa0",
    "server": "#a8650a",
}
MARKERS = "osD^vPXd<>ph*8"
INK, PAPER, GRID = "#1a1a1a", "#fbfbf8", "#d9d9d4"
#: The least distance of two labels, as a part of the axis's height.
LABEL_DISTANCE = 0.052


def prepare() -> None:
    mpl.use("svg")
    mpl.rcParams.update(
        {
            "svg.hashsalt": "rememory",
            "svg.fonttype": "none",
            "figure.facecolor": PAPER,
            "axes.facecolor": PAPER,
            "axes.edgecolor": INK,
            "axes.labelcolor": INK,
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": GRID,
            "grid.linewidth": 0.6,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "font.size": 10,
            "font.family": "DejaVu Sans",
        }
    )


def sheet(panels: int, columns: int, height: float) -> tuple[Drawing, list[Axes]]:
    """A drawing with room for so many panels, row by row."""
    rows = -(-panels // columns)
    drawing, axes = plt.subplots(
        rows, columns, figsize=(7.2 * columns, height * rows), squeeze=False, layout="constrained"
    )
    return drawing, list(axes.flat)[:panels]


def save(drawing: Drawing, path: Path) -> None:
    drawing.savefig(path, format="svg", metadata={"Date": None})
    plt.close(drawing)


def tick(time: float) -> str:
    return duration(time).replace(".00", "").replace(".0", "")


def colour(system: str) -> str:
    return COLOURS[ALL[system].family] if system in ALL else INK


def marker(system: str) -> str:
    return MARKERS[list(ALL).index(system) % len(MARKERS)]


# ---------------------------------------------------------------- cost over n


def over_size(book: Book, panels: dict[str, str], columns: int, path: Path) -> None:
    """A panel for each case: a line for each system, both axes logarithmic, with the quartiles as bars."""
    drawing, places = sheet(len(panels), columns, height=5.4)
    for place, (case, heading) in zip(places, panels.items(), strict=True):
        lines(place, book, case, heading)
    save(drawing, path)


def lines(axes: Axes, book: Book, case: str, heading: str) -> None:
    ends = []
    for system in listed(book, case):
        figures = [figure for n in book.sizes(case) if (figure := book.figure(case, n, system))]
        ours = system == OURS
        axes.errorbar(
            [figure.n for figure in figures],
            [figure.median for figure in figures],
            yerr=[
                [figure.median - figure.low for figure in figures],
                [figure.high - figure.median for figure in figures],
            ],
            color=colour(system),
            marker=marker(system),
            markersize=6 if ours else 4,
            linewidth=3 if ours else 1.2,
            elinewidth=1,
            zorder=3 if ours else 2,
        )
        ends.append((figures[-1].n, figures[-1].median, system))
    axes.set(xscale="log", yscale="log", title=heading, xlabel="entries")
    axes.set_ylabel("time of one operation")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda n, _: size(round(n))))
    axes.yaxis.set_major_locator(LogLocator(numticks=12))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda time, _: tick(time)))
    axes.yaxis.set_minor_formatter(NullFormatter())
    label(axes, ends)


def label(axes: Axes, ends: Sequence[tuple[float, float, str]]) -> None:
    """Names at the ends of the lines, moved apart where they would lie on each other."""
    low, high = axes.get_ylim()
    right = max((n for n, _, _ in ends), default=1)
    axes.set_xlim(right=right * 1.15)
    to_part = axes.transData.transform
    frame = axes.get_window_extent()
    places = sorted((((to_part((n, time))[1] - frame.y0) / frame.height, n, time, system) for n, time, system in ends))
    heights = spaced([place[0] for place in places], LABEL_DISTANCE)
    for height, (_, n, time, system) in zip(heights, places, strict=True):
        axes.annotate(
            title(system),
            xy=(n, time),
            xytext=(1.03, height),
            textcoords="axes fraction",
            va="center",
            fontsize=9,
            fontweight="bold" if system == OURS else "normal",
            color=colour(system),
            arrowprops={"arrowstyle": "-", "color": colour(system), "linewidth": 0.5, "alpha": 0.6},
            annotation_clip=False,
        )
    axes.set_ylim(low, high)


def spaced(heights: Sequence[float], distance: float) -> list[float]:
    """Moves ascending heights apart, first upwards, then the upper ones back into the frame."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + distance) if placed else max(height, 0.0))
    limit = 1.0
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - distance
    return placed


# ---------------------------------------------------------------- ratios


def ratios(book: Book, panels: dict[str, tuple[str, int]], path: Path) -> None:
    """How many times as long as Swift each system takes, as bars."""
    drawing, places = sheet(len(panels), min(2, len(panels)), height=4.2)
    for place, (heading, (case, n)) in zip(places, panels.items(), strict=True):
        ours = book.median(case, n, OURS)
        theirs = [(system, time) for system in listed(book, case) if (time := book.median(case, n, system))]
        if ours:
            bars(place, heading, [(system, time / ours) for system, time in theirs])
    save(drawing, path)


def bars(axes: Axes, heading: str, ratios: Sequence[tuple[str, float]]) -> None:
    ordered = sorted(ratios, key=lambda ratio: -ratio[1])
    names = [title(system) for system, _ in ordered]
    colours = [colour(system) for system, _ in ordered]
    drawn = axes.barh(names, [ratio for _, ratio in ordered], color=colours, height=0.7)
    axes.bar_label(drawn, labels=[" " + times(ratio) for _, ratio in ordered], fontsize=9)
    axes.axvline(1, color=INK, linewidth=1)
    axes.set(xscale="log", title=heading, xlabel="times as long as Rememory for Swift")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda ratio, _: f"{ratio:,g}"))
    axes.margins(x=0.18)
    axes.grid(visible=False, axis="y")


def codecs(book: Book, values: Sequence[str], path: Path) -> None:
    """Writing and reading of each value: a group of bars for each, shorter is faster."""
    drawing, places = sheet(2, 2, height=6.4)
    for place, verb in zip(places, ("write", "read"), strict=True):
        width = 0.8 / len(CODECS)
        for index, codec in enumerate(CODECS):
            points = [(spot, book.median(f"codec.{value}.{verb}", 0, codec.name)) for spot, value in enumerate(values)]
            place.barh(
                [spot + index * width for spot, time in points if time],
                [time for _, time in points if time],
                height=width * 0.92,
                label=codec.title,
                color=CODEC_COLOURS[index],
                edgecolor=INK,
                linewidth=0.4,
                hatch=CODEC_HATCHES[index],
            )
        place.set(xscale="log", title=f"{verb}, time for the whole value")
        place.set_yticks([spot + 0.4 - width / 2 for spot in range(len(values))], values)
        place.xaxis.set_major_formatter(FuncFormatter(lambda time, _: tick(time)))
        place.invert_yaxis()
        place.grid(visible=False, axis="y")
    handles, labels = places[0].get_legend_handles_labels()
    drawing.legend(handles, labels, fontsize=10, loc="outside lower center", ncols=3, frameon=False)
    save(drawing, path)


CODEC_COLOURS = ["#d03a00", "#f2a07f", "#8a8a8a", "#1f63b5", "#7b3fa0", "#2b8a3e"]
CODEC_HATCHES = ["", "", "", "///", "\\\\\\", "..."]
