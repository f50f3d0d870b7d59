"""The neutral third: decides what is equal, and what should have happened.

A process of its own that shares no block with anybody. It speaks JSON lines as the
peers do. ``same`` compares two values more strictly than ``==``: types, order, the
sign of zero and shared references count, and NaN equals NaN. ``model`` applies a
request of the peers' protocol to a plain dict or list and gives the reply that a peer
owes for it.
"""

from __future__ import annotations

import base64
import collections
import datetime
import decimal
import fractions
import functools
import importlib
import importlib.util
import json
import math
import pathlib
import pickle
import struct
import sys
import types
import uuid
from collections.abc import Callable
from typing import Any

import shapes
from catalogue import VALUES

Request = dict[str, Any]

NAMES: dict[str, Any] = {
    module.__name__: module
    for module in (
        collections,
        datetime,
        decimal,
        fractions,
        functools,
        math,
        pathlib,
        shapes,
        types,
        uuid,
    )
}
if importlib.util.find_spec("numpy") is not None:
    NAMES["numpy"] = importlib.import_module("numpy")


def evaluated(expression: str) -> Any:
    return eval(expression, dict(NAMES))


def loaded(wrapped: dict[str, Any]) -> Any:
    if "json" in wrapped:
        return wrapped["json"]
    return pickle.loads(base64.b64decode(wrapped["pickle"]))


def dumped(value: object) -> dict[str, str]:
    return {"pickle": base64.b64encode(pickle.dumps(value, protocol=4)).decode("ascii")}


# ---------------------------------------------------------------- equality

PLAIN = (bool, int, str, bytes, type(None), type(...), type(NotImplemented))
BY_NAME = (type, types.FunctionType, types.BuiltinFunctionType)


class Comparison:
    """Walks two values side by side and stops at the first difference."""

    def __init__(self) -> None:
        # What was met on the left, and its counterpart: both kept alive, by identity.
        self._met: dict[int, tuple[object, object]] = {}

    def difference(self, left: Any, right: Any, path: str = "value") -> str | None:
        if type(left) is not type(right):
            return f"{path}: {brief(left)} against {brief(right)}"
        if isinstance(left, BY_NAME):
            return None if left is right else f"{path}: {left} against {right}"
        if type(left) is float:
            equal = struct.pack("d", left) == struct.pack("d", right)
            equal = equal or (math.isnan(left) and math.isnan(right))
            return None if equal else f"{path}: {left!r} against {right!r}"
        if type(left) in PLAIN:
            equal = left == right
            return None if equal else f"{path}: {brief(left)} against {brief(right)}"
        if id(left) in self._met:
            counterpart = self._met[id(left)][1]
            shared = counterpart is right or isinstance(left, (tuple, frozenset))
            return None if shared else f"{path}: no longer the same object as before"
        self._met[id(left)] = (left, right)
        return self._inside(left, right, path)

    def _inside(self, left: Any, right: Any, path: str) -> str | None:
        if type(left) in (list, tuple):
            return self._items(list(left), list(right), path)
        if type(left) is dict:
            return self._pairs(left, right, path)
        if type(left) in (set, frozenset):
            return self._members(left, right, path)
        if type(left) is bytearray:
            return None if left == right else f"{path}: {left!r} against {right!r}"
        return self._parts(left, right, path)

    def _items(self, left: list[Any], right: list[Any], path: str) -> str | None:
        if len(left) != len(right):
            return f"{path}: {len(left)} items against {len(right)}"
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            found = self.difference(one, other, f"{path}[{index}]")
            if found:
                return found
        return None

    def _pairs(self, left: Any, right: Any, path: str) -> str | None:
        found = self._items(list(left), list(right), f"{path}, keys in order")
        if found:
            return found
        pairs = zip(left.items(), right.values(), strict=True)
        for (key, one), other in pairs:
            found = self.difference(one, other, f"{path}[{brief(key)}]")
            if found:
                return found
        return None

    def _members(self, left: Any, right: Any, path: str) -> str | None:
        rest = list(right)
        for one in left:
            for index, other in enumerate(rest):
                if Comparison().difference(one, other) is None:
                    del rest[index]
                    break
            else:
                return f"{path}: {brief(one)} is missing on the right"
        return f"{path}: {brief(rest[0])} is missing on the left" if rest else None

    def _parts(self, left: Any, right: Any, path: str) -> str | None:
        """Compares what a pickler would write: class, arguments, state and items."""
        ours, theirs = left.__reduce_ex__(4), right.__reduce_ex__(4)
        if isinstance(ours, str) or isinstance(theirs, str):
            return None if ours == theirs else f"{path}: {ours} against {theirs}"
        return self._items(unrolled(ours), unrolled(theirs), f"{path}, its parts")


def unrolled(parts: tuple[Any, ...]) -> list[Any]:
    """A reduction with its iterators turned into lists."""
    return [*parts[:3], *(None if part is None else list(part) for part in parts[3:5])]


def brief(value: object) -> str:
    text = f"{type(value).__name__} {value!a}"
    return text if len(text) <= 120 else f"{text[:117]}..."


# ---------------------------------------------------------------- the model

MODEL: dict[str, Any] = {}


def model(request: Request) -> dict[str, Any]:
    kind, _, operation = request["op"].partition(".")
    container = MODEL.setdefault(request["name"], {} if kind == "dict" else [])
    try:
        found = MODEL_OPERATIONS[f"{kind}.{operation}"](container, request)
    except KeyError:
        return {"error": {"code": "keyNotFound"}}
    except IndexError:
        return {"error": {"code": "indexOutOfRange"}}
    return {"ok": found}


def key(request: Request) -> Any:
    return loaded(request["key"])


def value(request: Request) -> Any:
    return loaded(request["value"])


def dict_add(data: dict[Any, Any], request: Request) -> dict[str, str]:
    place = key(request)
    data[place] = data.get(place, 0) + request["by"]
    return dumped(data[place])


def dict_replace(data: dict[Any, Any], request: Request) -> None:
    data.clear()
    data.update(value(request))


def list_replace(data: list[Any], request: Request) -> None:
    data[:] = value(request)


MODEL_OPERATIONS: dict[str, Callable[[Any, Request], Any]] = {
    "dict.get": lambda data, request: dumped(data[key(request)]),
    "dict.set": lambda data, request: data.__setitem__(key(request), value(request)),
    "dict.delete": lambda data, request: data.__delitem__(key(request)),
    "dict.contains": lambda data, request: key(request) in data,
    "dict.len": lambda data, request: len(data),
    "dict.keys": lambda data, request: dumped(list(data)),
    "dict.items": lambda data, request: dumped(list(data.items())),
    "dict.update": lambda data, request: data.update(value(request)),
    "dict.add": dict_add,
    "dict.pop": lambda data, request: dumped(data.pop(key(request))),
    "dict.setdefault": lambda data, request: dumped(data.setdefault(key(request), value(request))),
    "dict.clear": lambda data, request: data.clear(),
    "dict.replace": dict_replace,
    "list.append": lambda data, request: data.append(value(request)),
    "list.insert": lambda data, request: data.insert(request["index"], value(request)),
    "list.set": lambda data, request: data.__setitem__(request["index"], value(request)),
    "list.delete": lambda data, request: data.__delitem__(request["index"]),
    "list.get": lambda data, request: dumped(data[request["index"]]),
    "list.len": lambda data, request: len(data),
    "list.items": lambda data, request: dumped(list(data)),
    "list.extend": lambda data, request: data.extend(value(request)),
    "list.pop": lambda data, request: dumped(data.pop(request.get("index", -1))),
    "list.clear": lambda data, request: data.clear(),
    "list.replace": list_replace,
}


# ---------------------------------------------------------------- the loop


def make(request: Request) -> object:
    return dumped(evaluated(request["expression"]))


def same(request: Request) -> object:
    left, right = loaded(request["left"]), loaded(request["right"])
    return Comparison().difference(left, right)


def sorted_pairs(request: Request) -> object:
    return dumped(dict(sorted(loaded(request["value"]))))


def firsts(request: Request) -> object:
    return dumped([item[0] for item in loaded(request["value"])])


def integers(request: Request) -> object:
    return [int(item) for item in loaded(request["value"])]


def catalogue(request: Request) -> object:
    return [
        {"name": name, "expression": expression, **dumped(evaluated(expression))} for name, expression in VALUES.items()
    ]


OPERATIONS: dict[str, Callable[[Request], object]] = {
    "make": make,
    "same": same,
    "sorted": sorted_pairs,
    "firsts": firsts,
    "integers": integers,
    "catalogue": catalogue,
    "model": lambda request: model(request["request"]),
}


def main() -> None:
    for line in sys.stdin.buffer:
        request = json.loads(line)
        reply: dict[str, object] = {"id": request["id"]}
        try:
            reply["ok"] = OPERATIONS[request["op"]](request)
        except Exception as error:  # noqa: BLE001 - whatever it is, it becomes a reply
            message = f"{type(error).__name__}: {error}"
            reply["error"] = {"code": "judge", "message": message}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
