"""A peer like ``peer.py``, in a process that ``rememory_guard`` cures.

The same requests, answered by the package's own classes with nothing around them: what
``peer.py`` has to add, a timeout, re-entrance and single steps, the cure brings along.
"""

from __future__ import annotations

from typing import Any

import rememory

import peer
import rememory_guard
from peer import OPENERS, OPERATIONS, Request, opened, typed_value


class GuardTimeout(peer.HeldLocks):
    """In the place of the peer's own locks: each request's timeout is the guard's."""

    @property
    def timeout(self) -> float | None:
        return rememory_guard.timeout

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        rememory_guard.timeout = seconds


class Lock(rememory.RememoryLock):
    """With the ends that a request can ask for."""

    def unlink(self) -> None:
        self._sem.unlink()

    def close(self) -> None:
        pass


def dict_update(request: Request) -> object:
    changes = typed_value(request, dict, "a dict")
    opened("dict", request).update(changes)
    return None


def list_extend(request: Request) -> object:
    added = typed_value(request, (list, tuple), "a list")
    opened("list", request).extend(added)
    return None


def list_pop(request: Request) -> object:
    index = peer.field(request, "index", int) if "index" in request else -1
    return peer.as_value(opened("list", request).pop(index))


def list_clear(request: Request) -> object:
    opened("list", request).clear()
    return None


def error_code(error: Exception) -> str:
    match error:
        case rememory_guard.LockTimeoutError():
            return "lockTimeout"
        case rememory_guard.ContentError():
            return "corruptContent"
        case rememory_guard.BlockRemovedError() | rememory_guard.BlockConflictError():
            return "vanished"
        case rememory_guard.RememoryGuardError():
            return "badRequest"
        case _:
            return uncured_error_code(error)


uncured_error_code = peer.error_code


def main() -> None:
    openers: dict[str, Any] = {
        "dict": lambda name, request: rememory.RememoryDict(name, size=peer.capacity(request)),
        "list": lambda name, request: rememory.RememoryList(name, size=peer.capacity(request)),
        "int": lambda name, request: rememory.RememoryInt(name, peer.int_type(request)),
        "float": lambda name, request: rememory.RememoryFloat(name, peer.float_type(request)),
        "bool": lambda name, request: rememory.RememoryBool(name),
        "string": lambda name, request: rememory.RememoryString(name, peer.string_size(request)),
        "block": lambda name, request: rememory.RememoryBlock(name, peer.block_size(request, name)),
        "lock": lambda name, request: Lock(name),
    }
    OPENERS.update(openers)
    OPERATIONS.update(
        {"dict.update": dict_update, "list.extend": list_extend, "list.pop": list_pop, "list.clear": list_clear}
    )
    peer.HELD = GuardTimeout()
    peer.error_code = error_code
    peer.main()


if __name__ == "__main__":
    main()
