"""Classes that Swift has never heard of, importable by every Python of a check."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass
class Player:
    name: str
    score: int = 0
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Coordinate:
    """Frozen and so a key."""

    x: int
    y: int


class Slotted:
    """State in slots: pickled as the pair (None, {"left": …, "right": …})."""

    __slots__ = ("left", "right")

    def __init__(self, left: object, right: object) -> None:
        self.left = left
        self.right = right


class Point(NamedTuple):
    x: float
    y: float


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Access(enum.Flag):
    READ = 1
    WRITE = 2


class Temperature:
    """Pickles itself by a state that is no dict."""

    def __init__(self, degrees: float) -> None:
        self.degrees = degrees

    def __getstate__(self) -> tuple[str, float]:
        return ("celsius", self.degrees)

    def __setstate__(self, state: tuple[str, float]) -> None:
        self.degrees = state[1]


class Tag:
    """Pickles itself as a call of its class, with keyword arguments."""

    label: str

    def __new__(cls, *, label: str) -> Tag:  # noqa: PYI034 - Self came with 3.11
        self = super().__new__(cls)
        self.label = label
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]:
        return ((), {"label": self.label})


class Basket(list[Any]):
    """A list with an attribute: items and state in one object."""

    owner: str = ""


class Ledger(dict[Any, Any]):
    """A dict with an attribute."""

    owner: str = ""


def basket() -> Basket:
    made = Basket(["apple", "pear"])
    made.owner = "Ada"
    return made


def ledger() -> Ledger:
    made = Ledger(open=1, closed=2)
    made.owner = "Grace"
    return made


def cycle() -> list[Any]:
    """A list that holds itself."""
    made: list[Any] = [1]
    made.append(made)
    return made


def tuple_cycle() -> tuple[Any, ...]:
    """A tuple that holds itself by way of a list."""
    inner: list[Any] = []
    made = (1, inner)
    inner.append(made)
    return made


def shared() -> list[Any]:
    """One list in three places."""
    one = [1, 2]
    return [one, one, {"again": one}]
