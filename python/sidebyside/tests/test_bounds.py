"""Whether the check sees what it is there for."""

from __future__ import annotations

import json
import tempfile
import unittest
from math import isclose
from pathlib import Path

from sidebyside import bounds
from sidebyside.book import Book, fitted_exponent
from sidebyside.install import BENCHMARKS
from sidebyside.words import duration, times


def measured(slowdown: float = 1.0) -> Book:
    """A run in which everything of ours takes 100 ns and everything else 1 µs."""
    book = Book()
    for case, n, system, over in bounds.rows():
        place = (over, 0, "C") if over.startswith("floor.") else (case, n, over)
        if place not in book.samples:
            book.samples[place] = [1000.0, 1100.0, 900.0]
        if (case, n, system) not in book.samples:
            book.samples[case, n, system] = [100.0 * slowdown] * 3
    return book


class BoundsTests(unittest.TestCase):
    def recorded(self, *slowdowns: float) -> list[bounds.Bound]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bounds.json"
            for slowdown in slowdowns or (1.0,):
                bounds.write(path, measured(slowdown))
            return [bounds.Bound(**entry) for entry in json.loads(path.read_text())]

    def test_holds_on_a_noisy_machine(self) -> None:
        findings = bounds.compare(measured(1.4), self.recorded())
        assert [str(finding) for finding in findings if not finding.holds] == []

    def test_sees_half_the_speed(self) -> None:
        findings = bounds.compare(measured(2.0), self.recorded())
        assert [str(finding) for finding in findings if finding.holds] == []

    def test_says_when_the_bounds_are_too_low_to_see_it(self) -> None:
        findings = bounds.compare(measured(0.5), self.recorded())
        assert all("half of it would pass" in str(finding) for finding in findings)

    def test_recorded_on_two_machines_the_lower_bounds_stay(self) -> None:
        assert self.recorded(1.0, 2.0, 0.5) == self.recorded(2.0) != self.recorded(1.0)

    def test_committed_bounds_name_what_is_measured(self) -> None:
        committed = json.loads((BENCHMARKS / "bounds.json").read_text())
        named = {(entry["case"], entry["n"], entry["system"], entry["over"]) for entry in committed}
        assert named == set(bounds.rows())


class BookTests(unittest.TestCase):
    def test_fits_the_exponent(self) -> None:
        assert isclose(fitted_exponent([(10, 5.0), (100, 500.0), (1000, 50_000.0)]), 2.0)

    def test_predicts_from_smaller_sizes(self) -> None:
        book = Book()
        for n in (10, 1000):
            book.add("attach", n, "rememory", float(n * n))
        assert isclose(book.prediction("attach", 10_000, "rememory"), 1e8)

    def test_gives_the_same_figures_from_its_json(self) -> None:
        book = measured()
        again = Book.from_json(json.loads(json.dumps(book.as_json())))
        assert again.figures() == book.figures()


class WordsTests(unittest.TestCase):
    def test_units(self) -> None:
        assert [duration(time) for time in (12.34, 1234, 50000000.0)] == ["12.3 ns", "1.23 µs", "50.0 ms"]
        assert [times(ratio) for ratio in (0.382, 2.0, 1587.3)] == ["0.38×", "2×", "1,587×"]  # noqa: RUF001


if __name__ == "__main__":
    unittest.main()
