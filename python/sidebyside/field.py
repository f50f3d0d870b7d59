"""The systems in the field, in the order of the tables."""

from __future__ import annotations

from dataclasses import dataclass

OURS = "swift"


@dataclass(frozen=True)
class Entrant:
    """A system as the tables and plots name it."""

    name: str
    title: str
    #: Plots colour by it.
    family: str
    #: What a reader of the tables must know about it.
    note: str = ""


FIELD = [
    Entrant(OURS, "Rememory for Swift", "ours"),
    Entrant(
        "boost",
        "Boost.Interprocess (C++)",
        "native",
        "a process that dies with the mutex stops all",
    ),
    Entrant("rememory", "rememory 0.3.4 (Python)", "python"),
    Entrant("ultradict2", "UltraDict2", "python", "readers take no lock"),
    Entrant("shared_memory_dict", "shared-memory-dict", "python", "no lock between unrelated processes"),
    Entrant("manager", "multiprocessing.Manager", "standard"),
    Entrant("value", "multiprocessing.Value", "standard", "inherited by forked processes only"),
    Entrant("shareable_list", "ShareableList", "standard", "no lock, fixed length"),
    Entrant("lmdb", "LMDB", "database"),
    Entrant("sqlite", "SQLite in /dev/shm", "database"),
    Entrant("diskcache", "diskcache in /dev/shm", "database"),
    Entrant("redis", "Redis, unix socket", "server"),
    Entrant("memcached", "memcached, unix socket", "server"),
    Entrant("iceoryx2", "iceoryx2 blackboard", "native", "one writer, keys fixed"),
]

#: Swift and unmodified Python on one block: each after the other's writes.
PAIRS = [
    Entrant("swift+rememory", "Rememory for Swift, beside Python", "ours", "after a write by unmodified Python"),
    Entrant("rememory+swift", "rememory 0.3.4, beside Swift", "python", "after a write by Swift"),
]

#: For the codec.
CODECS = [
    Entrant("PickleEncoder", "PickleEncoder, PickleDecoder", "ours"),
    Entrant("PickleValue", "PickleValue", "ours", "dynamic: no Swift type"),
    Entrant("JSONEncoder", "JSONEncoder, JSONDecoder (Swift)", "native"),
    Entrant("pickle", "pickle, in C (CPython)", "python"),
    Entrant("msgpack", "msgpack (CPython)", "python"),
    Entrant("orjson", "orjson (CPython)", "python"),
]

ALL = {entrant.name: entrant for entrant in [*FIELD, *PAIRS, *CODECS]}


def title(name: str) -> str:
    return ALL[name].title if name in ALL else name
