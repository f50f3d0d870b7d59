"""The systems that Python programs can use. One file each; the name is what ``python/bench.py`` calls it."""

from __future__ import annotations

from importlib import import_module

from sidebyside.systems.base import System

__all__ = ["System", "system"]


def system(name: str) -> System:
    found: type[System] = import_module(f"sidebyside.systems.{name}").SYSTEM
    return found()
