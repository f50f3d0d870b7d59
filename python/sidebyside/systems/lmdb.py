"""LMDB in /dev/shm, with nothing synced to a disk."""

from __future__ import annotations

import shutil

import lmdb

from sidebyside import workload
from sidebyside.memory import SHARED
from sidebyside.subject import Subject
from sidebyside.systems.base import System

GET = """
with begin() as txn:
    number(txn.get({key}), "little")
"""
SET = """
with begin(write=True) as txn:
    txn.put({key}, value.to_bytes(8, "little"))
"""
DELETE = """
with begin(write=True) as txn:
    txn.delete({key})
"""
ITERATE = """
with begin() as txn:
    for name, found in txn.cursor():
        name.decode(), number(found, "little")
"""
ADD = """
with begin(write=True) as txn:
    txn.put(b"number", (number(txn.get(b"number"), "little") + 1).to_bytes(8, "little"))
"""
APPEND = """
with begin(write=True) as txn:
    txn.put((txn.stat()["entries"]).to_bytes(8, "big"), value.to_bytes(8, "little"))
"""
# How a key is spelled, by what it is the key of.
KEYS = {"dict": "key.encode()", "list": 'key.to_bytes(8, "big")', "number": 'b"number"'}


class Lmdb(System):
    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        path = SHARED / name
        env = lmdb.open(str(path), map_size=(64 << 20) + 32 * size, sync=False, metasync=False, writemap=True)
        statements = {
            operation: text.format(key=KEYS[kind])
            for operation, text in {"get": GET, "set": SET, "delete": DELETE}.items()
        }
        statements |= {"iterate": ITERATE, "add": ADD, "append": APPEND}

        def fill() -> None:
            with env.begin(write=True) as txn:
                txn.drop(env.open_db(txn=txn), delete=False)
                if kind == "dict":
                    pairs = {key.encode(): value for key, value in workload.entries(n).items()}
                elif kind == "list":
                    pairs = {place.to_bytes(8, "big"): value for place, value in enumerate(workload.items(n))}
                else:
                    pairs = {b"number": 0}
                for key, value in pairs.items():
                    txn.put(key, value.to_bytes(8, "little"))

        def total() -> int:
            with env.begin() as txn:
                return sum(int.from_bytes(found, "little") for _, found in txn.cursor())

        names = {"begin": env.begin, "number": int.from_bytes}
        return Subject(statements, names, fill, total, env.close, lambda: shutil.rmtree(path))


SYSTEM = Lmdb
