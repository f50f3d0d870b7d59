"""The keys, values and their order that every system is given. ``Workload.swift`` has the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


def key(index: int) -> str:
    return f"player{index}"


def number(step: int) -> int:
    """Integers of which some take two bytes in a pickle and some four."""
    return step * 40503 & 0x1FFFF


def order(n: int) -> list[int]:
    """``range(n)`` in the order in which entries are asked for: not the one in which they lie."""
    return [index * 7919 % n for index in range(n)]


def entries(n: int) -> dict[str, int]:
    return {key(index): number(index) for index in range(n)}


def items(n: int) -> list[int]:
    return [number(index) for index in range(n)]


@dataclass
class Player:
    name: str
    score: int
    ratio: float
    active: bool
    levels: list[int]


def player(index: int) -> Player:
    step = number(index)
    return Player(key(index), step, step / 1024, index % 3 == 0, [index & 7, index & 0xFFF])


def codec_values() -> dict[str, Any]:
    """What the codecs write and read."""
    return {
        "players": [asdict(player(index)) for index in range(1000)],
        "numbers": [number(index) for index in range(10_000)],
        "fractions": [number(index) / 1024 for index in range(10_000)],
        "texts": [f"Spieler №{index}" if index % 3 == 0 else key(index) for index in range(10_000)],
        "scores": {key(index): number(index) for index in range(1000)},
    }
