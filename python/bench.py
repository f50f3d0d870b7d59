"""Measures Rememory for Swift beside what else a user could pick, and draws it.

Started by ``Benchmarks/run``, which gives it a Python environment of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

from sidebyside import bounds, machine, micro, solos
from sidebyside.book import Book, Results
from sidebyside.field import FIELD, OURS
from sidebyside.install import BENCHMARKS, BUILD, Installed, InstallError, install, note
from sidebyside.measuring import CHECK, QUICK, Budget
from sidebyside.stages import DICT_SIZES, LIST_SIZES, Stages, remove_leftovers
from sidebyside.workers import Team, WorkerError

STAGES = ["floors", "numbers", "dicts", "lists", "together", "memory", "codecs", "micro"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Benchmarks/run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short and rough: to see that everything works")
    parser.add_argument("--check", action="store_true", help="measure a few ratios only, and compare with bounds.json")
    parser.add_argument("--record", action="store_true", help="with --check: lower bounds to what holds here")
    parser.add_argument("--draw", action="store_true", help="measure nothing: tables and plots from results.json")
    parser.add_argument("--only", action="append", choices=STAGES, help="this stage; may be repeated")
    parser.add_argument("--systems", action="append", help="beside Swift only this system; may be repeated")
    parser.add_argument("--results", type=Path, default=BENCHMARKS / "Results", help="where the results go")
    return parser.parse_args()


class Run:
    """The processes of all systems, and what is measured with them."""

    def __init__(self, installed: Installed, wanted: list[str], budget: Budget, stack: ExitStack) -> None:
        self.installed, self.budget, self.stack = installed, budget, stack
        self.missing = dict(installed.missing)
        self.book = Book()
        self.teams: dict[str, Team] = {}
        for name in wanted:
            self.enter(name)

    def enter(self, name: str) -> None:
        if name in self.missing:
            note(f"MISSING {name}: {self.missing[name]}")
            return
        team = self.stack.enter_context(closing(self.team(name)))
        try:
            team.workers[0].ask("sum")
        except WorkerError as error:
            # A worker that lives has nothing open yet.
            if "nothing is open" not in str(error):
                self.missing[name] = team.complaint()
                note(f"MISSING {name}: {self.missing[name]}")
                return
        self.teams[name] = team

    def team(self, name: str) -> Team:
        log = BUILD / "logs" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        return Team(name, self.installed.programs.get(name), log)

    def measure(self, stages: list[str]) -> None:
        sharing = {name: team for name, team in self.teams.items() if name != "codecs"}
        work = Stages(sharing, self.book, self.budget)
        for stage in stages:
            start = time.monotonic()
            note(f"measuring {stage}")
            match stage:
                case "floors":
                    solos.measure_floors(self.teams[OURS], self.book, self.budget)
                case "numbers":
                    work.numbers()
                case "dicts":
                    work.dicts(DICT_SIZES)
                case "lists":
                    work.lists(LIST_SIZES)
                case "together":
                    work.together()
                case "memory":
                    for name in sharing:
                        with closing(self.team(name)) as fresh:
                            work.memory(fresh)
                case "codecs":
                    solos.measure_codecs(self.teams, self.book, self.budget)
                case "micro":
                    micro.measure(self.book)
            note(f"  {time.monotonic() - start:.0f} s")


def main() -> int:
    options = arguments()
    if options.draw:
        return write(json.loads((options.results / "results.json").read_text()), options.results)
    wanted = [entrant.name for entrant in FIELD]
    if options.check:
        wanted = bounds.SYSTEMS
    elif options.systems:
        wanted = [OURS, *options.systems]
    budget = CHECK if options.check else QUICK if options.quick else Budget()
    stages = options.only or [stage for stage in STAGES if stage != "micro" or not options.quick]
    start = time.monotonic()
    try:
        installed = install({*wanted, "codecs"} | (set() if options.check else {"plots"}))
    except InstallError as error:
        print(error, file=sys.stderr)
        return 2
    with ExitStack() as stack:
        # Some systems leave semaphores and folders behind.
        stack.callback(remove_leftovers)
        run = Run(installed, [*wanted, "codecs"], budget, stack)
        if options.check:
            return bounds.check(run.teams, budget, BENCHMARKS / "bounds.json", record=options.record)
        run.measure(stages)
    results: Results = {
        "machine": machine.describe(),
        "seconds": round(time.monotonic() - start),
        "missing": run.missing,
        **run.book.as_json(),
    }
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    return write(results, options.results)


def write(results: Results, folder: Path) -> int:
    # Only here: a check draws nothing, and has no matplotlib.
    from sidebyside import report

    report.write(results, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
