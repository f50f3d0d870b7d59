"""What ``rememory_guard`` promises, each with processes that are cured and processes that are not.

``python -m unittest test_rememory_guard`` in an environment with rememory 0.3.4.
"""

from __future__ import annotations

import contextlib
import glob
import importlib.metadata
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import unittest
from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from unittest import mock

from rememory import (
    BlockSize,
    FloatTypes,
    IntTypes,
    RememoryBlock,
    RememoryBool,
    RememoryDict,
    RememoryFloat,
    RememoryInt,
    RememoryList,
    RememoryLock,
    RememoryString,
)

import rememory_guard

HERE = os.path.dirname(os.path.abspath(__file__))
CURED = "import rememory_guard\n"


class Process:
    """Another Python that runs a program, and says ``ready`` where the program calls ``wait()``."""

    PRELUDE = (
        "import sys\nfrom rememory import *\ndef wait():\n    print('ready', flush=True)\n    sys.stdin.readline()\n"
    )

    started: ClassVar[list[Process]] = []

    def __init__(self, program: str, *, cured: bool = False) -> None:
        self._cured = cured
        text = (CURED if cured else "") + self.PRELUDE + program
        environment = {**os.environ, "PYTHONPATH": HERE, "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", text],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        Process.started.append(self)

    def until_ready(self) -> Process:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line != "ready\n":
            raise AssertionError(f"{line}{self._process.communicate()[1]}")
        return self

    def go_on(self) -> str:
        """Lets it run to its end, and its resource tracker as well; what it printed."""
        output, errors = self._process.communicate("\n", timeout=60)
        if self._process.returncode != 0 or (errors and self._cured):  # an uncured one has leaks to report
            raise AssertionError(f"status {self._process.returncode}\n{errors}")
        return output

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.communicate()


def run(program: str, *, cured: bool = False) -> str:
    return Process(program, cured=cured).go_on()


def result(step: Callable[[Any], object], target: object) -> object:
    """What a method gives; ``self`` is the same of a block and of its model."""
    found = step(target)
    return "self" if found is target else found


class BlockTestCase(unittest.TestCase):
    _count = 0

    def setUp(self) -> None:
        BlockTestCase._count += 1
        self.name = f"rg{os.getpid()}_{BlockTestCase._count}_"
        self.addCleanup(self._remove, self.name)
        self.addCleanup(setattr, rememory_guard, "timeout", rememory_guard.timeout)

    def _remove(self, prefix: str) -> None:
        for process in Process.started:
            process.kill()
        Process.started.clear()
        for path in glob.glob(f"/dev/shm/*{prefix}*") + glob.glob(f"/dev/shm/.*{prefix}*"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    @property
    def path(self) -> str:
        return f"/dev/shm/{self.name}"

    def content(self) -> bytes:
        with open(self.path, "rb") as segment:
            return segment.read()

    def plant(self, content: bytes, size: int = 65536) -> bytes:
        data = content + bytes(size - len(content))
        with open(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as segment:
            segment.write(data)
        return data


class ExitTests(BlockTestCase):
    def test_a_cured_process_takes_nothing_with_it(self) -> None:
        for kind, value in [("RememoryDict", "d['a'] = 1"), ("RememoryList", "d.append(1)")]:
            self.name += "x"
            run(f"d = {kind}({self.name!r}); {value}", cured=True)
            self.assertEqual(pickle.loads(self.content()), {"a": 1} if "Dict" in kind else [1])
        for kind, value in [("RememoryInt", "5"), ("RememoryFloat", "0.5"), ("RememoryBool", "True")]:
            self.name += "x"
            run(f"b = {kind}({self.name!r}); b.value = {value}", cured=True)
            self.assertTrue(os.path.exists(self.path), kind)
        self.assertEqual(RememoryBool(self.name).value, True)

    def test_an_uncured_process_takes_nothing_from_one_that_stays(self) -> None:
        block = RememoryDict(self.name)
        inode = os.stat(self.path).st_ino
        run(f"d = RememoryDict({self.name!r}); d['a'] = 1")
        self.assertFalse(os.path.exists(self.path), "the tracker removes the name")
        self.assertEqual(block["a"], 1)
        self.assertEqual(os.stat(self.path).st_ino, inode, "the same segment, so that those who are attached stay in")

    def test_a_newcomer_in_the_gap_gets_the_content(self) -> None:
        block = RememoryDict(self.name)
        block["a"] = 1
        os.unlink(self.path)
        newcomer = Process(f"d = RememoryDict({self.name!r}); wait(); print(dict(d.items()))").until_ready()
        time.sleep(0.1)
        block["b"] = 2
        self.assertEqual(newcomer.go_on(), "{'a': 1, 'b': 2}\n")

    def test_guards_go_with_the_last_one(self) -> None:
        block = RememoryList(self.name)
        guards = glob.glob(f"/dev/shm/.*{self.name}")
        self.assertEqual(len(guards), 1)
        run(f"l = RememoryList({self.name!r}); l.append(1)", cured=True)
        self.assertEqual(glob.glob(f"/dev/shm/.*{self.name}"), guards)
        block.close()
        self.assertEqual(glob.glob(f"/dev/shm/.*{self.name}*"), [])
        self.assertTrue(os.path.exists(self.path))

    def test_a_guard_brings_the_block_back_for_who_comes_next(self) -> None:
        block = RememoryList(self.name)
        block.append(1)
        os.unlink(self.path)
        self.assertEqual(run(f"print(list(RememoryList({self.name!r})))", cured=True), "[1]\n")

    def test_a_guard_of_the_dead_is_not_used(self) -> None:
        other = Process(f"l = RememoryList({self.name!r}); l.append(1); wait()", cured=True).until_ready()
        other.kill()
        os.unlink(self.path)
        self.assertEqual(list(RememoryList(self.name)), [])

    def test_unlink_is_deliberate(self) -> None:
        block, other = (
            RememoryDict(self.name),
            Process(
                f"d = RememoryDict({self.name!r}); wait()\ntry: d['a']\nexcept FileNotFoundError: print('removed')",
                cured=True,
            ),
        )
        other.until_ready()
        block.unlink()
        self.assertEqual(
            glob.glob(f"/dev/shm/*{self.name}") + glob.glob(f"/dev/shm/.*{self.name}"),
            [f"/dev/shm/sem.rememorydict_{self.name}"],
        )
        self.assertEqual(other.go_on(), "removed\n")
        with self.assertRaises(rememory_guard.BlockRemovedError):
            len(block)
        self.assertEqual(len(RememoryDict(self.name)), 0)

    def test_blocks_that_were_open_before_are_cured(self) -> None:
        program = f"""
d = RememoryDict({self.name!r}); d['a'] = 1
l = RememoryLock({self.name!r})
import rememory_guard
d.update(b=2)
with l: d['c'] = 3
print(dict(d.items()))
"""
        self.assertEqual(run(program), "{'a': 1, 'b': 2, 'c': 3}\n")
        self.assertEqual(pickle.loads(self.content()), {"a": 1, "b": 2, "c": 3})


class GrowthTests(BlockTestCase):
    def test_growth_by_an_uncured_process_is_followed(self) -> None:
        entries, items = RememoryDict(self.name, size=128), RememoryList(self.name + "l", size=128)
        block = RememoryBlock(self.name + "b", 64)
        others = [
            Process(f"d = RememoryDict({self.name!r}); d['big'] = 'x' * 1000; wait(); print(d['big'])"),
            Process(f"l = RememoryList({self.name + 'l'!r}); l.append('x' * 1000); wait(); print(l[-1])"),
            Process(f"b = RememoryBlock({self.name + 'b'!r}, 64); b.value = 'x' * 1000; wait(); print(b.value)"),
        ]
        for other in others:
            other.until_ready()
        self.assertEqual(entries["big"], "x" * 1000)
        self.assertEqual(items[0], "x" * 1000)
        self.assertEqual(block.value, "x" * 1000)
        entries["big"] = items[0] = "here"  # it fits: an uncured process would not follow
        block.value = "here"
        self.assertEqual([other.go_on() for other in others], ["here\n"] * 3)

    def test_growth_by_cured_processes_is_followed_by_all_of_them(self) -> None:
        block = RememoryDict(self.name, size=128)
        other = Process(
            f"d = RememoryDict({self.name!r})\nfor i in range(40): d[i] = 'o' * 100\nwait(); print(len(d))", cured=True
        )
        for key in "abcdefghij":
            block[key] = "x" * 100
        other.until_ready()
        block["last"] = 1
        self.assertEqual(other.go_on(), "51\n")
        self.assertEqual(len(block), 51)
        self.assertGreater(os.stat(self.path).st_size, 5000)
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o600)

    def test_another_segment_with_content_is_a_conflict(self) -> None:
        block = RememoryDict(self.name)
        block["a"] = 1
        os.unlink(self.path)
        planted = self.plant(pickle.dumps({"other": 1}))
        with self.assertRaises(rememory_guard.BlockConflictError):
            block["b"] = 2
        self.assertEqual(self.content(), planted)


class AttachTests(BlockTestCase):
    def test_attaching_writes_nothing(self) -> None:
        content = self.plant(pickle.dumps({key: [key] for key in range(100)}, protocol=2))
        block = RememoryDict(self.name)
        self.assertEqual(block[7], [7])
        self.assertEqual(self.content(), content)

    def test_attaching_waits_for_the_first_value(self) -> None:
        with open(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as segment:

            def finish() -> None:
                time.sleep(0.02)
                segment.truncate(64)
                time.sleep(0.01)
                segment.write(pickle.dumps({"a": 1}))
                segment.flush()

            thread = threading.Thread(target=finish)
            thread.start()
            self.assertEqual(RememoryDict(self.name)["a"], 1)
            thread.join()

    def test_bad_names_and_sizes_leave_nothing(self) -> None:
        for name in ["", ".", "..", "a/b", "nul\0", "ä", "x" * 239]:
            with self.assertRaises(ValueError, msg=name):
                RememoryDict(name)
            with self.assertRaises(ValueError, msg=name):
                RememoryLock(name)
        with self.assertRaises(ValueError):
            RememoryBlock(self.name, 0)
        self.assertFalse(os.path.exists(self.path))

    def test_the_longest_name_works(self) -> None:
        self.name = self.name.ljust(238, "n")
        block = RememoryInt(self.name)
        os.unlink(self.path)
        block.value = 7
        self.assertEqual(RememoryInt(self.name).value, 7)

    def test_typed_blocks_are_cured(self) -> None:
        block = RememoryList[int](self.name)
        block.extend([1, 2])
        self.assertEqual(RememoryList[str](self.name).pop(), 2)
        self.assertEqual(list(block), [1])


class ListTests(BlockTestCase):
    def test_every_method_acts_on_the_shared_list(self) -> None:
        block, other = RememoryList(self.name), RememoryList(self.name)
        model: list[Any] = []
        steps: list[Callable[[Any], object]] = [
            lambda it: it.extend([5, 3, 9]),
            lambda it: it.append(1),
            lambda it: it.insert(1, 7),
            lambda it: it.sort(),
            lambda it: it.sort(key=lambda n: -n, reverse=True),
            lambda it: it.reverse(),
            lambda it: it.remove(3),
            lambda it: it.pop(),
            lambda it: it.pop(0),
            lambda it: it.__iadd__((4, 4)),
            lambda it: it.__imul__(2),
            lambda it: it.__setitem__(slice(1, 3), "ab"),
            lambda it: it.__delitem__(-1),
            lambda it: it.extend(it),
        ]
        for step in steps:
            self.assertEqual(result(step, block), result(step, model))
            self.assertEqual(list(other), model)
            self.assertEqual(pickle.loads(self.content()), model)
        self.assertTrue(other == model and other == block)
        self.assertFalse(other != model)
        self.assertEqual([other.index(4), other.count(4)], [model.index(4), model.count(4)])
        self.assertTrue("b" in other and 99 not in other)
        self.assertEqual(
            [other + [1], [1] + other, other * 2, other.copy()],  # noqa: RUF005 - these are what is tested
            [[*model, 1], [1, *model], model * 2, model],
        )
        self.assertEqual([*reversed(other)], model[::-1])
        other.clear()
        self.assertEqual(list(block), [])
        wrongs: list[Callable[[], object]] = [block.pop, lambda: block.remove(1), lambda: block.index(1)]
        for wrong in wrongs:
            with self.assertRaises((IndexError, ValueError)):
                wrong()

    def test_four_cured_processes_lose_nothing(self) -> None:
        block = RememoryList(self.name)
        program = f"l = RememoryList({self.name!r}); wait()\nfor i in range(200): l.extend([i]); l += [i]; l.remove(i)"
        others = [Process(program, cured=True).until_ready() for _ in range(3)]
        threads = [threading.Thread(target=other.go_on) for other in others]
        for thread in threads:
            thread.start()
        for number in range(200):
            block.insert(0, -1 - number)
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(block), sorted([*range(200)] * 3 + [-1 - n for n in range(200)]))


class DictTests(BlockTestCase):
    def test_every_method_does_what_the_package_means(self) -> None:
        block = RememoryDict(self.name)
        model: dict[Any, Any] = {}
        steps: list[Callable[[Any], object]] = [
            lambda it: it.update({"a": 1}, b=2),
            lambda it: it.update([("c", 3)]),
            lambda it: it.setdefault("a", 9),
            lambda it: it.setdefault("d"),
            lambda it: it.pop("a"),
            lambda it: it.pop("nobody", 5),
            lambda it: it.__ior__({"e": 5}),
            lambda it: it.get("b"),
            lambda it: it.get("nobody", 1),
        ]
        for step in steps:
            self.assertEqual(result(step, block), result(step, model))
            self.assertEqual(list(block.items()), list(model.items()))
        self.assertEqual([*block.keys()], [*model])
        self.assertEqual([*block.values()], [*model.values()])
        self.assertEqual([block | {"z": 1}, {"z": 1} | block], [model | {"z": 1}, {"z": 1} | model])
        self.assertEqual(block.copy(), model)
        self.assertEqual(block.popitem(), ("b", 2))
        with self.assertRaises(KeyError):
            block.pop("nobody")
        block.clear()
        self.assertEqual(len(block), 0)
        with self.assertRaises(KeyError):
            block.popitem()

    def test_update_is_one_step_and_all_or_nothing(self) -> None:
        block = RememoryDict(self.name)
        block["a"] = 1
        before = self.content()
        with self.assertRaises((pickle.PicklingError, AttributeError)):
            block.update(b=2, c=lambda: None)
        self.assertEqual(self.content(), before)


class ScalarTests(BlockTestCase):
    def test_every_type_works(self) -> None:
        number = RememoryInt(self.name + "i", IntTypes.INT16)
        number.value = -5
        self.assertEqual([int(number), os.stat(f"{self.path}i").st_size], [-5, 2])
        fraction = RememoryFloat(self.name + "f", FloatTypes.FLOAT32)
        fraction.set(0.5)
        self.assertEqual(float(fraction), 0.5)
        flag = RememoryBool(self.name + "b")
        flag.value = True
        self.assertTrue(flag)
        text = RememoryString(self.name + "s", BlockSize.s64)
        text.value = "é" * 10
        self.assertEqual([str(text), repr(text)], ["é" * 10, f"<RememoryString {self.name}s: '{'é' * 10}'>"])
        block = RememoryBlock(self.name + "o", BlockSize.s128)
        block.value = {"a": (1, 2)}
        self.assertEqual(RememoryBlock(self.name + "o", 16).value, {"a": (1, 2)})
        run(f"RememoryInt({self.name + 'i'!r}, IntTypes.INT16).value += 1")
        self.assertEqual(number.value, -4)


class LockTests(BlockTestCase):
    def test_waiting_ends(self) -> None:
        block = RememoryDict(self.name)
        other = Process(f"l = RememoryLock({self.name!r}); l.__enter__(); wait()").until_ready()
        rememory_guard.timeout = 0.3
        started = time.monotonic()
        with self.assertRaises(rememory_guard.LockTimeoutError) as caught:
            block["a"] = 1
        self.assertLess(time.monotonic() - started, 5)
        self.assertIn(str(other._process.pid), str(caught.exception))
        with self.assertRaises(TimeoutError):
            RememoryDict(self.name)
        other.kill()
        # Who lists all blocks just now has it open for a moment, too.
        for _ in range(10):
            with self.assertRaises(rememory_guard.LockTimeoutError) as caught:
                repr(block)
            if "No other process has it open" in str(caught.exception):
                break
        else:
            self.fail(str(caught.exception))

    def test_a_thread_may_take_it_again_and_others_wait(self) -> None:
        block, lock = RememoryDict(self.name), RememoryLock(self.name)
        seen: list[object] = []

        def look() -> None:
            with contextlib.suppress(TimeoutError):
                seen.append(block.get("a"))

        with lock, lock:
            block["a"] = 1
            rememory_guard.timeout = 0.1
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
        self.assertEqual(seen, [])
        look()
        self.assertEqual(seen, [1])
        with self.assertRaises(rememory_guard.RememoryGuardError):
            lock.__exit__(None, None, None)

    def test_it_stays_held_when_the_last_block_goes(self) -> None:
        RememoryLock(self.name).__enter__()
        RememoryLock(self.name).__enter__()
        RememoryLock(self.name).__exit__(None, None, None)
        RememoryLock(self.name).__exit__(None, None, None)
        with self.assertRaises(rememory_guard.RememoryGuardError):
            RememoryLock(self.name).__exit__(None, None, None)

    def test_a_forked_child_does_not_have_it(self) -> None:
        block, lock = RememoryDict(self.name), RememoryLock(self.name)
        rememory_guard.timeout = 0.2
        with lock:
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    block["a"] = 1
                except TimeoutError:
                    status = 0
                finally:
                    os._exit(status)
            self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_a_semaphore_that_was_removed_by_hand_is_noticed(self) -> None:
        block = RememoryInt(self.name)
        program = f"i = RememoryInt({self.name!r}); wait()\nfor _ in range(3000):\n with i._lock: i.value = i.value + 1"
        others = [Process(program, cured=True).until_ready()]
        os.unlink(f"/dev/shm/sem.rememorydict_{self.name}")
        others += [Process(program, cured=True).until_ready()]
        threads = [threading.Thread(target=other.go_on) for other in others]
        for thread in threads:
            thread.start()
        for _ in range(3000):
            with block._lock:
                block.value = block.value + 1
        for thread in threads:
            thread.join()
        self.assertEqual(block.value, 9000)


class ContentTests(BlockTestCase):
    def refused(self, content: bytes, reason: str) -> None:
        planted = self.plant(content)
        kinds: list[tuple[Callable[[str], object], list[Callable[[Any], object]]]] = [
            (RememoryDict, [lambda it: it["a"], lambda it: it.update(a=1), len, lambda it: it.pop("a"), repr]),
            (RememoryList, [lambda it: it[0], lambda it: it.append(1), len, lambda it: it.pop(), lambda it: 1 in it]),
        ]
        for kind, uses in kinds:
            for use in uses:
                with self.assertRaises(rememory_guard.ContentError) as caught:
                    use(kind(self.name))
                self.assertIn(reason, str(caught.exception))
                self.assertEqual(self.content(), planted)
        os.unlink(self.path)

    def test_what_cannot_be_read_is_an_error_and_stays(self) -> None:
        whole = pickle.dumps({"a": list(range(100))})
        self.refused(whole[:50], "can't be read")
        self.refused(b"\0" + whole, "can't be read")
        self.refused(b'{"a": 1}', "JSON")
        self.refused(pickle.dumps("text"), "found a str")
        self.refused(b"\x80\x04cno_such_module\nThing\n.", "can't be imported")

    def test_the_other_container_is_refused(self) -> None:
        planted = self.plant(pickle.dumps([1]))
        with self.assertRaises(rememory_guard.ContentError):
            RememoryDict(self.name)["a"] = 1
        self.assertEqual(self.content(), planted)


class ImportTests(unittest.TestCase):
    @contextlib.contextmanager
    def version(self, found: str | None) -> Iterator[None]:
        def version(package: str) -> str:
            if found is None:
                raise importlib.metadata.PackageNotFoundError(package)
            return found

        with mock.patch("importlib.metadata.version", version):
            yield

    def test_unknown_versions_are_refused(self) -> None:
        for found in ["0.2.0", "0.3.3", "0.3.5", "1.0", None]:
            with self.version(found), self.assertRaises(ImportError) as caught:
                rememory_guard._check_version()
            self.assertIn("0.3.4", str(caught.exception))
        with self.version("0.3.4"):
            rememory_guard._check_version()


if __name__ == "__main__":
    unittest.main()
