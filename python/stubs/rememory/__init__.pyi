"""What is used of rememory 0.3.4 here. A block of which nobody says what it holds, holds anything."""

from collections import UserDict, UserList
from contextlib import AbstractContextManager
from enum import Enum
from multiprocessing.shared_memory import SharedMemory
from typing import Any, Generic

from typing_extensions import TypeVar

from .namedLock import NamedLock as RMLock
from .namedLock import NamedLock as RememoryLock

__all__ = [
    "BlockSize",
    "FloatTypes",
    "IntTypes",
    "RMLock",
    "RememoryBlock",
    "RememoryBool",
    "RememoryDict",
    "RememoryFloat",
    "RememoryInt",
    "RememoryList",
    "RememoryLock",
    "RememoryString",
]

_K = TypeVar("_K", default=Any)
_V = TypeVar("_V", default=Any)

class BlockSize(Enum):
    s64 = 64
    s128 = 128
    s256 = 256
    s512 = 512
    s1024 = 1024
    s2048 = 2048
    s4096 = 4096
    s8192 = 8192
    s16384 = 16384
    s32768 = 32768

class IntTypes(Enum):
    INT8 = "b"
    UINT8 = "B"
    INT16 = "h"
    UINT16 = "H"
    INT32 = "i"
    UINT32 = "I"
    INT64 = "q"
    UINT64 = "Q"

class FloatTypes(Enum):
    FLOAT32 = "f"
    FLOAT64 = "d"

class _Shared:
    """What all blocks have; the package writes it down once for each."""

    _name: str
    _size: int
    _shm: SharedMemory
    @property
    def _lock(self) -> AbstractContextManager[None]: ...
    def close(self) -> None: ...
    def unlink(self) -> None: ...

class RememoryDict(_Shared, UserDict[_K, _V]):
    def __init__(self, name: str, size: int = 65536) -> None: ...
    def _read_data(self) -> dict[_K, _V]: ...
    def _write_data(self, data: dict[_K, _V]) -> None: ...

class RememoryList(_Shared, UserList[_V]):
    def __init__(self, name: str, size: int = 65536) -> None: ...
    def _read_data(self) -> list[_V]: ...
    def _write_data(self, data: list[_V]) -> None: ...

class _Single(_Shared, Generic[_V]):
    """A block of one value."""

    value: _V
    def get(self) -> _V: ...
    def set(self, new_value: _V) -> None: ...
    def _read_value(self) -> _V: ...
    def _write_value(self, value: _V) -> None: ...

class RememoryInt(_Single[int]):
    def __init__(self, name: str, i_type: IntTypes = ...) -> None: ...
    def __int__(self) -> int: ...

class RememoryFloat(_Single[float]):
    def __init__(self, name: str, fType: FloatTypes = ...) -> None: ...  # noqa: N803 - the package's name for it
    def __float__(self) -> float: ...

class RememoryBool(_Single[bool]):
    def __init__(self, name: str) -> None: ...
    def __bool__(self) -> bool: ...

class RememoryBlock(_Single[_V]):
    bytes: bytes
    def __init__(self, name: str, size: int | BlockSize) -> None: ...

class RememoryString(RememoryBlock[str]):
    def __init__(self, name: str, size: BlockSize = ...) -> None: ...
