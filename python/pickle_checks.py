"""Pickles for the tests of PickleCodec, written to standard output.

    random SEED COUNT    values of every kind, as protocol 4 writes them
    mutated SEED COUNT   damaged pickles, and whether CPython loads them
    suite                every pickle that CPython's own tests load, and whether it could; reads back what was made
                         of each and compares what both load as

Each record is one byte (what CPython did: 1 loaded, 0 refused, 2 can't tell), a length of four bytes, little-endian,
and the pickle.
"""

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import io
import os
import pathlib
import pickle
import random
import struct
import sys
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

LOADED, REFUSED, UNKNOWN = 1, 0, 2


class Colour(enum.Enum):
    RED = 1
    GREEN = "green"


class Flag(enum.IntFlag):
    A = 1
    B = 2


Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Player:
    name: str
    score: int


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a: object, b: object) -> None:
        self.a, self.b = a, b


class Plain:
    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)


class Words(list[Any]):
    name: str


class Table(dict[Any, Any]):
    pass


class Keywords:
    a: object

    def __new__(cls, *, a: object) -> Any:
        self = super().__new__(cls)
        self.a = a
        return self

    def __getnewargs_ex__(self) -> Any:
        return (), {"a": self.a}


class Call:
    def __init__(self, *arguments: object) -> None:
        self.arguments = arguments

    def __reduce__(self) -> Any:
        return Call, self.arguments


class FreshCall(Call):
    def __reduce__(self) -> Any:
        return FreshCall, tuple(list(self.arguments))  # noqa: C414 - a new tuple each time


class Values:
    """Random values; some of those made before come back, so that objects are shared and contain themselves."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.pool: list[Any] = []
        self.lists: list[list[Any]] = []

    def value(self) -> Any:
        self.pool, self.lists = [], []
        return self.any(self.random.choice((0, 1, 2, 3, 3, 4)))

    def any(self, depth: int) -> Any:
        r = self.random
        if self.pool and r.random() < 0.15:
            return r.choice(self.pool)
        if depth == 0 or r.random() < 0.3:
            made = self.scalar()
        elif r.random() < 0.7:
            made = self.container(depth)
        else:
            made = self.object(depth)
        self.pool.append(made)
        return made

    def hashable(self, depth: int = 1) -> Any:
        r = self.random
        if depth and r.random() < 0.2:
            return tuple(self.hashable(depth - 1) for _ in range(r.randrange(4)))
        while True:
            made = self.scalar()
            if not isinstance(made, bytearray):
                return made

    def integer(self) -> int:
        r = self.random
        if r.random() < 0.5:
            return r.randrange(-300, 70000)
        power = 1 << r.choice((7, 8, 15, 16, 30, 31, 32, 47, 62, 63, 64, 127, 200, 2039, 2040, 2047, 3000))
        return r.choice((1, -1)) * power + r.choice((-1, 0, 1, r.randrange(1000)))

    def text(self) -> str:
        r = self.random
        if r.random() < 0.05:
            return r.choice(("", "a", "b", "\xe9", "\xff", "\ud800"))
        alphabet = r.choice(("abcdefgh", "a\xe9\xff", "a\u65e5\u672c", "\U0001f600\U0010ffffe", "a\ud800\udfff\0"))
        count = r.choice((1, 2, 3, 5, 8, 13, 40, 84, 85, 127, 128, 254, 255, 256, 300))
        if r.random() < 0.002:
            count = r.choice((65535, 65536, 70000))
        return "".join(r.choices(alphabet, k=count))

    def scalar(self) -> Any:
        r = self.random
        choice = r.randrange(17)
        if choice < 4:
            return self.integer()
        if choice < 8:
            return self.text()
        if choice == 8:
            count = r.choice((0, 1, 2, 10, 255, 256)) if r.random() < 0.99 else r.choice((65535, 65536, 100000))
            return r.choice((bytes, bytearray))(r.choices(range(256), k=count))
        if choice == 9:
            return r.choice((0.0, -0.0, 1.5, float("inf"), float("-inf"), float("nan"), r.random(), r.gauss(0, 1e300)))
        if choice == 10:
            return r.choice((None, True, False, (), Ellipsis, NotImplemented, type(None)))
        if choice == 11:
            return r.choice((int, str, dict, len, collections.OrderedDict, datetime.datetime, Player, type(...)))
        if choice == 12:
            day = datetime.datetime(r.randrange(1, 9999), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), 3, 4)
            zone = datetime.timezone(datetime.timedelta(minutes=r.randrange(-700, 700)))
            return r.choice((day, day.date(), day.time(), day.replace(tzinfo=zone, fold=1), zone, day - day.min))
        if choice == 13:
            return r.choice((decimal.Decimal(r.randrange(10**9)) / 1000, fractions.Fraction(r.randrange(99), 7)))
        if choice == 14:
            return r.choice((complex(1, r.random()), range(r.randrange(9)), uuid.UUID(int=r.getrandbits(128))))
        if choice == 15:
            return r.choice((Colour.RED, Colour.GREEN, Flag.A, Flag.A | Flag.B, Flag(0)))
        return pathlib.PurePosixPath(r.choice(("/", "a/b", "/usr/lib/x.txt")))

    def count(self) -> int:
        if self.random.random() < 0.002:
            return self.random.choice((999, 1000, 1001, 1999, 2000, 2001))
        return self.random.choice((0, 1, 1, 2, 3, 4, 5, 7))

    def container(self, depth: int) -> Any:
        r = self.random
        kind = r.randrange(6)
        count = self.count()
        depth = depth - 1 if count < 100 else 0
        made: Any
        if kind == 0:
            made = []
            self.lists.append(made)
            self.pool.append(made)
            made.extend(self.any(depth) for _ in range(count))
            return made
        if kind == 1:
            made = tuple(self.any(depth) for _ in range(count))
            if self.lists and r.random() < 0.1:
                r.choice(self.lists).append(made)
            return made
        if kind == 2:
            made = {}
            self.pool.append(made)
            for _ in range(count):
                made[self.hashable() if count < 100 else len(made)] = self.any(depth)
            return made
        if kind == 3:
            return {self.hashable() for _ in range(count)} if count < 100 else set(range(count))
        if kind == 4:
            inner: list[Any] = []
            made = frozenset([self.hashable(), r.choice((Call, FreshCall))(inner), *range(count)])
            if r.random() < 0.3:
                inner.append(made)
            return made
        made = [self.any(depth) for _ in range(count)]
        made.append(r.choice([(made,), (1, made), (1, 2, made), (1, 2, 3, made)]))
        return r.choice((made, made[-1]))

    def object(self, depth: int) -> Any:
        r = self.random
        depth -= 1
        kind = r.randrange(13)
        count = self.count()
        if count > 100:
            depth = 0
        items = (self.any(depth) for _ in range(count))
        inner: list[Any]
        made: Any
        if kind == 0:
            return collections.OrderedDict(enumerate(items))
        if kind == 1:
            made = collections.defaultdict(r.choice((list, int, None)))
            made.update(enumerate(items))
            return made
        if kind == 2:
            return collections.deque(items, r.choice((None, 5, 5000)))
        if kind == 3:
            return collections.Counter(self.text())
        if kind == 4:
            return Point(self.any(depth), self.any(depth))
        if kind == 5:
            return Player(self.text(), self.integer())
        if kind == 6:
            return Slots(self.any(depth), self.any(depth))
        if kind == 7:
            made = Plain(a=self.any(depth), b=2)
            if r.random() < 0.5:
                made.myself = made
            return made
        if kind == 8:
            made = Words(items)
            made.name = "words"
            return made
        if kind == 9:
            return Table(enumerate(items))
        if kind == 10:
            return Keywords(a=self.any(depth))
        if kind == 11:
            inner = []
            made = r.choice((Call, FreshCall))(inner, self.any(depth))
            if r.random() < 0.5:
                inner.append(made)
            return made
        inner = [self.any(depth)]
        made = ValueError(inner, *items)
        if r.random() < 0.5:
            inner.append(r.choice((made, made.args)))
        return r.choice((made, [made.args, made], [made, made.args]))


def emit(outcome: int, data: bytes) -> None:
    sys.stdout.buffer.write(struct.pack("<BI", outcome, len(data)) + data)


def write_random(seed: int, count: int) -> None:
    values = Values(seed)
    while count:
        try:
            data = pickle.dumps(values.value(), 4)
        except (RecursionError, TypeError):  # too deep, or not for this protocol
            continue
        emit(LOADED, data)
        count -= 1


class Anything:
    """Stands for every class: can be called, filled and hashed, so that only the pickle's form decides."""

    def __new__(cls, *arguments: Any, **keywords: Any) -> Any:
        return object.__new__(cls)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        pass

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self

    def accept(self, *arguments: Any) -> Any:
        pass

    append = extend = add = __setitem__ = __setstate__ = accept


class Lenient(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        return Anything

    def persistent_load(self, pid: Any) -> Any:
        return Anything()


#: What pickle's unpickler in Python does for each opcode.
IN_PYTHON: dict[int, Callable[[Any], None]] = {**pickle._Unpickler.dispatch}


class LenientPython(pickle._Unpickler):
    stack: list[Any]
    find_class = Lenient.find_class
    persistent_load = Lenient.persistent_load

    def load_stack_global(self) -> None:
        """Gives up where a class or call that Anything stands for could have given a str."""
        if any(value is Anything or type(value) is Anything for value in self.stack[-2:]):
            raise TypeError("Anything is no str")
        IN_PYTHON[pickle.STACK_GLOBAL[0]](self)

    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = {**IN_PYTHON, pickle.STACK_GLOBAL[0]: load_stack_global}


def outcome_of(data: bytes) -> int:
    buffers = [bytearray(1) for _ in data]
    try:
        Lenient(io.BytesIO(data), buffers=buffers, encoding="latin-1").load()
    except (MemoryError, RecursionError):
        return UNKNOWN
    except Exception as error:
        # What Anything can't do and what no form of a pickle can tell.
        told = str(error)
        untold = (
            *("extension code", "Anything", "class argument", "attribute name", "keywords must be"),
            *("'type' object", "argument list must be a tuple", "tuple, not type", "deallocated bytearray"),
        )
        if "STACK_GLOBAL requires str" in told:
            try:
                LenientPython(io.BytesIO(data), buffers=buffers, encoding="latin-1").load()
            except Exception as error:
                told = str(error)
        return UNKNOWN if b"\x97" in data or any(words in told for words in untold) else REFUSED
    if b"\x95" in data:
        # Only the Python unpickler has always looked at the ends of frames.
        try:
            LenientPython(io.BytesIO(data), buffers=buffers, encoding="latin-1").load()
        except Exception as error:
            if "frame" in str(error):
                return REFUSED
    return LOADED


def write_mutated(seed: int, count: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    r = random.Random(seed)
    values = Values(seed)
    opcodes = [v[0] for k, v in vars(pickle).items() if k.isupper() and type(v) is bytes and len(v) == 1]
    while count:
        try:
            data = bytearray(pickle.dumps(values.value(), r.choice((0, 1, 2, 3, 4, 4, 5))))
        except (RecursionError, TypeError):  # too deep, or not for this protocol
            continue
        if len(data) > 5000:
            continue
        for _ in range(r.choice((1, 1, 1, 2, 3, 8))):
            place = r.randrange(len(data) or 1)
            kind = r.randrange(6)
            if not data:
                break
            if kind == 0:
                data[place] = r.choice(opcodes)
            elif kind == 1:
                data[place] = r.randrange(256)
            elif kind == 2:
                del data[place : place + r.choice((1, 1, 2, 4))]
            elif kind == 3:
                data[place:place] = bytes(r.choices(opcodes, k=r.choice((1, 1, 2, 3))))
            elif kind == 4:
                data[place:place] = data[place : place + r.randrange(1, 12)]
            else:
                other = r.randrange(len(data))
                data[place : place + 4], data[other : other + 4] = data[other : other + 4], data[place : place + 4]
        damaged = bytes(data)
        # CPython makes an array as long as the largest memo number.
        if any(damaged[i] == ord("r") and damaged[i + 3 : i + 5] > b"\x01" for i in range(len(damaged))):
            continue
        emit(outcome_of(damaged), damaged)
        count -= 1


def write_suite() -> None:
    import unittest

    try:
        from test import test_pickle
    except ImportError as error:
        print(f"this Python has no test.test_pickle: {error}", file=sys.stderr)
        sys.exit(3)
    seen = {}

    def hook(cls: Any) -> None:
        original = cls.loads

        def loads(self: Any, data: bytes, **options: Any) -> Any:
            key = bytes(data), repr(sorted(options)), options.get("encoding")
            try:
                result = original(self, data, **options)
            except BaseException:
                seen[key] = REFUSED, self, original, options
                raise
            seen[key] = LOADED, self, original, options
            return result

        cls.loads = loads

    suite = unittest.TestSuite()
    for _name, cls in list(vars(test_pickle).items()):
        if isinstance(cls, type) and issubclass(cls, unittest.TestCase) and "loads" in dir(cls):
            hook(cls)
            suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(cls))
    stdout, sys.stdout = sys.stdout, sys.stderr
    with open(os.devnull, "w") as nothing:
        unittest.TextTestRunner(stream=nothing).run(suite)
    sys.stdout = stdout

    def same(first: Any, second: Any) -> bool:
        """Whether both are the same objects, as the pickler or repr sees them."""
        try:
            return pickle.dumps(first, 4) == pickle.dumps(second, 4) or first == second or repr(first) == repr(second)
        except Exception:
            return type(first) is type(second)

    compared = wrong = 0
    for (data, *_), (outcome, test, loads, options) in list(seen.items()):
        emit(outcome, data)
        sys.stdout.buffer.flush()
        status, count = struct.unpack("<BI", sys.stdin.buffer.read(5))
        rewritten = sys.stdin.buffer.read(count)
        if outcome != LOADED or status != LOADED or "buffers" in options:
            continue
        try:
            first = loads(test, data, **options)
        except Exception:
            continue  # loads only within its test
        compared += 1
        try:
            second = loads(test, rewritten, **options)
            if same(first, second):
                continue
            told = f"{first!r:.100} became {second!r:.100}"
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
        wrong += 1
        print(f"differs: {data[:200]!r} -> {rewritten[:200]!r}: {told}", file=sys.stderr)
    emit(UNKNOWN, struct.pack("<III", len(seen), compared, wrong))


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    commands: dict[str, Callable[..., None]] = {"random": write_random, "mutated": write_mutated, "suite": write_suite}
    commands[command](*map(int, arguments))
