"""A peer: unmodified rememory, driven by JSON lines on standard input.

One request a line, one reply a line, in order. Whatever a request says, it gets a
reply and the peer goes on; the end of the input ends it with status 0.

The package's own code does the work. What this file adds around it:

- ``TimedLock`` waits for the package's semaphore with a timeout, where the package
  waits for ever, and lets this process enter a lock that it holds already, where the
  package hangs. Other processes can't tell the difference.
- Operations that the package offers on a private copy only (``list.pop`` and
  ``list.extend``) or in several locked steps (``dict.update``) happen here as one
  step under the lock, through the package's own ``_read_data`` and ``_write_data``.
"""

from __future__ import annotations

import base64
import binascii
import importlib.metadata
import json
import os
import pickle
import platform
import struct
import sys
import time
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

import posix_ipc
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

Request = dict[str, Any]
T = TypeVar("T")
Format = TypeVar("Format", bound=Enum)
Kind = type[T] | tuple[type[T], ...]

DEFAULT_TIMEOUT = 10.0
DEFAULT_BLOCK_SIZE = 4096
PICKLE_PROTOCOL = 4
LONGEST_NAME = 238
ATTACH_PATIENCE = 2.0
LONGEST_TIMEOUT = 1e9


class Failure(Exception):
    """What goes into an error reply."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


# ---------------------------------------------------------------- locks


class HeldLocks:
    """The locks that this process holds, by block name, and how deep."""

    def __init__(self) -> None:
        self.timeout: float | None = DEFAULT_TIMEOUT
        self._depth: dict[str, int] = {}

    def enter(self, name: str, semaphore: posix_ipc.Semaphore) -> None:
        if name not in self._depth:
            try:
                semaphore.acquire(self.timeout)
            except posix_ipc.BusyError:
                message = f"the lock of {name!r} was not free within {self.timeout} s"
                raise Failure("lockTimeout", message) from None
        self._depth[name] = self._depth.get(name, 0) + 1

    def leave(self, name: str, semaphore: posix_ipc.Semaphore) -> None:
        if name not in self._depth:
            raise Failure("badRequest", f"the lock of {name!r} is not held here")
        self._depth[name] -= 1
        if self._depth[name] == 0:
            del self._depth[name]
            semaphore.release()


HELD = HeldLocks()


class TimedLock:
    """The package's lock with a timeout. Only the waiting differs."""

    def __init__(self, name: str, lock: RememoryLock) -> None:
        self._name = name
        self._semaphore = lock._sem

    def __enter__(self) -> None:
        HELD.enter(self._name, self._semaphore)

    def __exit__(self, *_: object) -> None:
        HELD.leave(self._name, self._semaphore)

    def unlink(self) -> None:
        self._semaphore.unlink()

    def close(self) -> None:
        self._semaphore.close()


class Timed:
    """Mixed into a block: the lock that its constructor sets becomes a timed one.

    So the writes that attaching to a Dict does are covered as well.
    """

    _name: str

    @property
    def _lock(self) -> TimedLock:
        return self._timed_lock

    @_lock.setter
    def _lock(self, lock: RememoryLock) -> None:
        self._timed_lock = TimedLock(self._name, lock)


class TimedDict(Timed, RememoryDict):
    pass


class TimedList(Timed, RememoryList):
    pass


class TimedInt(Timed, RememoryInt):
    pass


class TimedFloat(Timed, RememoryFloat):
    pass


class TimedBool(Timed, RememoryBool):
    pass


class TimedString(Timed, RememoryString):
    pass


class TimedBlock(Timed, RememoryBlock):
    pass


# ---------------------------------------------------------------- requests


def field(request: Request, key: str, kind: Kind[T]) -> T:
    """A field that must be there and be of a type. A bool is no number."""
    if key not in request:
        raise Failure("badRequest", f"the request has no {key!r}")
    found = request[key]
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
        raise Failure("badRequest", f"{key!r} is {found!r}, which has the wrong type")
    return found


def block_name(request: Request) -> str:
    """The name, refused where the package would crash or leave half a block."""
    name = field(request, "name", str)
    fits = name.isascii() and 1 <= len(name) <= LONGEST_NAME
    if not fits or "/" in name or "\0" in name or name in (".", ".."):
        expected = f"1 to {LONGEST_NAME} bytes of ASCII without '/' and NUL"
        message = f"the name {name!a} can't be used: expected {expected}"
        raise Failure("invalidName", message)
    return name


def size_option(request: Request, key: str) -> int | None:
    if request.get(key) is None:
        return None
    size = field(request, key, int)
    if size <= 0:
        raise Failure("badRequest", f"{key!r} is {size}, expected a positive number")
    return size


def timeout_option(request: Request) -> float:
    if request.get("timeout") is None:
        return DEFAULT_TIMEOUT
    timeout = field(request, "timeout", (int, float))
    if not 0 <= timeout <= sys.float_info.max:
        raise Failure("badRequest", "'timeout' is no number of seconds, 0 or more")
    return float(min(timeout, LONGEST_TIMEOUT))


def pickle_bytes(text: object) -> bytes:
    if not isinstance(text, str):
        raise Failure("badRequest", "'pickle' is not a base64 string")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Failure("badRequest", f"'pickle' is not base64: {error}") from None


def unpickled(data: bytes) -> Any:
    try:
        return pickle.loads(data)
    except (RecursionError, MemoryError) as error:
        raise Failure("pickleLimit", described(error)) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, it becomes a reply
        raise Failure("pickleMalformed", described(error)) from None


def value_of(request: Request, key: str = "value") -> Any:
    """What ``{"json": …}`` or ``{"pickle": "<base64>"}`` stands for."""
    wrapped = field(request, key, dict)
    if wrapped.keys() == {"json"}:
        return wrapped["json"]
    if wrapped.keys() == {"pickle"}:
        return unpickled(pickle_bytes(wrapped["pickle"]))
    message = f'{key!r} is neither {{"json": …}} nor {{"pickle": …}}'
    raise Failure("badRequest", message)


def typed_value(request: Request, kind: Kind[T], wanted: str) -> T:
    value = value_of(request)
    if not isinstance(value, kind):
        found = type(value).__name__
        raise Failure("typeMismatch", f"the value is of type {found}, not {wanted}")
    return value


def as_value(value: object) -> dict[str, str]:
    """A value as it goes out."""
    try:
        data = pickle.dumps(value, protocol=PICKLE_PROTOCOL)
    except (RecursionError, MemoryError) as error:
        raise Failure("pickleLimit", described(error)) from None
    return {"pickle": base64.b64encode(data).decode("ascii")}


def described(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


# ---------------------------------------------------------------- open blocks


def format_option(request: Request, formats: type[Format], default: Format) -> Format:
    if request.get("format") is None:
        return default
    name = field(request, "format", str)
    if name not in formats.__members__:
        known = ", ".join(formats.__members__)
        raise Failure("badRequest", f"'format' is {name!r}, expected one of {known}")
    return formats[name]


def int_type(request: Request) -> IntTypes:
    return format_option(request, IntTypes, IntTypes.INT64)


def float_type(request: Request) -> FloatTypes:
    return format_option(request, FloatTypes, FloatTypes.FLOAT64)


def string_size(request: Request) -> BlockSize:
    size = size_option(request, "size") or BlockSize.s256.value
    try:
        return BlockSize(size)
    except ValueError:
        known = ", ".join(str(known.value) for known in BlockSize)
        message = f"'size' of a String is {size}, expected one of {known}"
        raise Failure("badRequest", message) from None


def block_size(request: Request, name: str) -> int:
    size = size_option(request, "size")
    if size is not None:
        return size
    try:
        return os.stat(f"/dev/shm/{name}").st_size or DEFAULT_BLOCK_SIZE
    except FileNotFoundError:
        return DEFAULT_BLOCK_SIZE


def capacity(request: Request) -> int:
    return size_option(request, "capacity") or 65536


OPENERS: dict[str, Callable[[str, Request], Any]] = {
    "dict": lambda name, request: TimedDict(name, size=capacity(request)),
    "list": lambda name, request: TimedList(name, size=capacity(request)),
    "int": lambda name, request: TimedInt(name, int_type(request)),
    "float": lambda name, request: TimedFloat(name, float_type(request)),
    "bool": lambda name, request: TimedBool(name),
    "string": lambda name, request: TimedString(name, string_size(request)),
    "block": lambda name, request: TimedBlock(name, block_size(request, name)),
    "lock": lambda name, request: TimedLock(name, RememoryLock(name)),
}

OPEN: dict[tuple[str, str], Any] = {}


def opened(kind: str, request: Request) -> Any:
    """The block that a request is about, opened if it is not yet."""
    name = block_name(request)
    if (kind, name) not in OPEN:
        OPEN[kind, name] = attached(kind, name, request)
    return OPEN[kind, name]


def attached(kind: str, name: str, request: Request) -> Any:
    """Opens a block, waiting out the moment in which another process creates it."""
    give_up = time.monotonic() + ATTACH_PATIENCE
    while True:
        try:
            return OPENERS[kind](name, request)
        except FileExistsError:
            failure = "it appeared and vanished while it was opened"
        except ValueError as error:
            if "mmap an empty file" not in str(error):
                raise
            failure = "its segment stays empty"
        if time.monotonic() > give_up:
            raise Failure("corruptContent", f"{name!r} can't be opened: {failure}")
        time.sleep(0.002)


# ---------------------------------------------------------------- dict and list


def replacer(kind: str, types: Kind[Any], wanted: str) -> Operation:
    def operation(request: Request) -> object:
        content = typed_value(request, types, wanted)
        block = opened(kind, request)
        with block._lock:
            block._write_data(content)
        return None

    return operation


# ---------------------------------------------------------------- dict


def dict_get(request: Request) -> object:
    return as_value(opened("dict", request)[value_of(request, "key")])


def dict_set(request: Request) -> object:
    opened("dict", request)[value_of(request, "key")] = value_of(request)
    return None


def dict_delete(request: Request) -> object:
    del opened("dict", request)[value_of(request, "key")]
    return None


def dict_contains(request: Request) -> object:
    return value_of(request, "key") in opened("dict", request)


def dict_len(request: Request) -> object:
    return len(opened("dict", request))


def dict_keys(request: Request) -> object:
    return as_value(list(opened("dict", request)))


def dict_items(request: Request) -> object:
    return as_value(list(opened("dict", request).items()))


def dict_update(request: Request) -> object:
    changes = typed_value(request, dict, "a dict")
    block = opened("dict", request)
    with block._lock:
        block._write_data({**block._read_data(), **changes})
    return None


def dict_add(request: Request) -> object:
    key, by = value_of(request, "key"), field(request, "by", (int, float))
    block = opened("dict", request)
    with block._lock:
        data = block._read_data()
        total = data.get(key, 0) + by
        block._write_data({**data, key: total})
    return as_value(total)


def dict_pop(request: Request) -> object:
    key = value_of(request, "key")
    default = (value_of(request),) if "value" in request else ()
    return as_value(opened("dict", request).pop(key, *default))


def dict_setdefault(request: Request) -> object:
    key = value_of(request, "key")
    value = value_of(request) if "value" in request else None
    return as_value(opened("dict", request).setdefault(key, value))


def dict_clear(request: Request) -> object:
    opened("dict", request).clear()
    return None


# ---------------------------------------------------------------- list


def list_append(request: Request) -> object:
    opened("list", request).append(value_of(request))
    return None


def list_insert(request: Request) -> object:
    opened("list", request).insert(field(request, "index", int), value_of(request))
    return None


def list_set(request: Request) -> object:
    opened("list", request)[field(request, "index", int)] = value_of(request)
    return None


def list_delete(request: Request) -> object:
    del opened("list", request)[field(request, "index", int)]
    return None


def list_get(request: Request) -> object:
    return as_value(opened("list", request)[field(request, "index", int)])


def list_len(request: Request) -> object:
    return len(opened("list", request))


def list_items(request: Request) -> object:
    return as_value(list(opened("list", request)))


def list_extend(request: Request) -> object:
    added = typed_value(request, (list, tuple), "a list")
    block = opened("list", request)
    with block._lock:
        block._write_data([*block._read_data(), *added])
    return None


def list_pop(request: Request) -> object:
    index = field(request, "index", int) if "index" in request else -1
    block = opened("list", request)
    with block._lock:
        data = block._read_data()
        value = data.pop(index)
        block._write_data(data)
    return as_value(value)


def list_clear(request: Request) -> object:
    block = opened("list", request)
    with block._lock:
        block._write_data([])
    return None


# ---------------------------------------------------------------- single values

Stored = Callable[[Any], object] | None


def getter(kind: str) -> Callable[[Request], object]:
    return lambda request: as_value(opened(kind, request).value)


def setter(kind: str, types: Kind[Any], wanted: str, stored: Stored = None) -> Operation:
    """:param stored: what a value becomes, where the block stores less than it takes."""

    def operation(request: Request) -> object:
        value = typed_value(request, types, wanted)
        opened(kind, request).value = value
        return as_value(stored(value) if stored else value)

    return operation


def adder(kind: str, types: Kind[Any], wanted: str) -> Operation:
    def operation(request: Request) -> object:
        by = typed_value(request, types, wanted)
        block = opened(kind, request)
        with block._lock:
            block._write_value(block._read_value() + by)
            return as_value(block._read_value())

    return operation


# ---------------------------------------------------------------- the rest


def lock_acquire(request: Request) -> object:
    opened("lock", request).__enter__()
    return None


def lock_release(request: Request) -> object:
    opened("lock", request).__exit__()
    return None


def block_type(request: Request) -> str:
    kind = field(request, "type", str)
    if kind not in OPENERS:
        known = ", ".join(OPENERS)
        raise Failure("badRequest", f"'type' is {kind!r}, expected one of {known}")
    return kind


def unlink(request: Request) -> object:
    opened(block_type(request), request).unlink()
    return None


def close(request: Request) -> object:
    block = OPEN.pop((block_type(request), block_name(request)), None)
    if block is not None:
        block.close()
    return None


def pickle_transcode(request: Request) -> object:
    return as_value(unpickled(pickle_bytes(request.get("pickle"))))


def pickle_describe(request: Request) -> object:
    return repr(unpickled(pickle_bytes(request.get("pickle"))))


def ping(request: Request) -> object:
    package = importlib.metadata.version("rememory")
    version = f"{platform.python_version()}, rememory {package}"
    return {"pid": os.getpid(), "language": "python", "version": version}


Operation = Callable[[Request], object]

OPERATIONS: dict[str, Operation] = {
    "dict.get": dict_get,
    "dict.set": dict_set,
    "dict.delete": dict_delete,
    "dict.contains": dict_contains,
    "dict.len": dict_len,
    "dict.keys": dict_keys,
    "dict.items": dict_items,
    "dict.update": dict_update,
    "dict.add": dict_add,
    "dict.pop": dict_pop,
    "dict.setdefault": dict_setdefault,
    "dict.clear": dict_clear,
    "dict.replace": replacer("dict", dict, "a dict"),
    "list.append": list_append,
    "list.insert": list_insert,
    "list.set": list_set,
    "list.delete": list_delete,
    "list.get": list_get,
    "list.len": list_len,
    "list.items": list_items,
    "list.extend": list_extend,
    "list.pop": list_pop,
    "list.clear": list_clear,
    "list.replace": replacer("list", list, "a list"),
    "int.get": getter("int"),
    "int.set": setter("int", int, "an int", int),
    "int.add": adder("int", int, "an int"),
    "float.get": getter("float"),
    "float.set": setter("float", (int, float), "a number", float),
    "float.add": adder("float", (int, float), "a number"),
    "bool.get": getter("bool"),
    "bool.set": setter("bool", bool, "a bool"),
    "string.get": getter("string"),
    "string.set": setter("string", str, "a str"),
    "block.get": getter("block"),
    "block.set": setter("block", object, "anything"),
    "lock.acquire": lock_acquire,
    "lock.release": lock_release,
    "unlink": unlink,
    "close": close,
    "pickle.transcode": pickle_transcode,
    "pickle.describe": pickle_describe,
    "ping": ping,
}


# ---------------------------------------------------------------- the loop


def answer(line: bytes) -> dict[str, object]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        return error_reply(None, "badRequest", f"not a line of JSON: {error}")
    if not isinstance(request, dict):
        return error_reply(None, "badRequest", "the line is no JSON object")
    identifier = request.get("id")
    try:
        operation = OPERATIONS.get(field(request, "op", str))
        if operation is None:
            raise Failure("badRequest", f"there is no operation {request['op']!r}")
        HELD.timeout = timeout_option(request)
        return {"id": identifier, "ok": operation(request)}
    except Exception as error:  # noqa: BLE001 - whatever it is, it becomes a reply
        return error_reply(identifier, error_code(error), error_message(error))


def error_reply(identifier: object, code: str, message: str) -> dict[str, object]:
    return {"id": identifier, "error": {"code": code, "message": message}}


def error_message(error: Exception) -> str:
    return str(error) if isinstance(error, Failure) else described(error)


def error_code(error: Exception) -> str:
    """The code for what the package, or Python beneath it, raised."""
    text = str(error)
    match error:
        case Failure():
            return error.code
        case KeyError():
            return "keyNotFound"
        case IndexError():
            return "indexOutOfRange"
        case struct.error() if "unpack" in text:
            return "typeMismatch"  # the segment is narrower than the type asked for
        case struct.error() | OverflowError():
            return "overflow"
        case UnicodeDecodeError() | pickle.UnpicklingError() | EOFError():
            return "corruptContent"
        case ValueError() if "memoryview assignment" in text:
            return "valueTooLarge"  # the opener's size exceeds the segment's
        case FileNotFoundError() | posix_ipc.ExistentialError():
            return "vanished"
        case TypeError() | ValueError():
            return "typeMismatch"
        case RecursionError() | MemoryError():
            return "pickleLimit"
        case _:
            return "unsupported"


def main() -> None:
    # Whatever else prints must not end up among the replies.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin.buffer:
        replies.write(json.dumps(answer(line)).encode("ascii") + b"\n")
        replies.flush()


if __name__ == "__main__":
    main()
