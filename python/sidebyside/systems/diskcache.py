"""diskcache in /dev/shm, with nothing synced to a disk and nothing evicted."""

from __future__ import annotations

import shutil

from diskcache import Cache, Deque

from sidebyside import workload
from sidebyside.memory import SHARED
from sidebyside.subject import Subject
from sidebyside.systems.base import System


class DiskCache(System):
    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        folder = SHARED / name
        cache = Cache(str(folder), timeout=60, sqlite_synchronous=0, eviction_policy="none", size_limit=1 << 40)
        if kind == "list":
            return self.deque(cache, n)
        statements = {
            "get": "cache[key]",
            "set": "cache[key] = value",
            "delete": "del cache[key]",
            "iterate": "for name in cache: (name, cache[name])",
        }
        content = workload.entries(n)
        if kind == "number":
            content = {"number": 0}
            statements = {"get": 'cache["number"]', "set": 'cache["number"] = value', "add": 'cache.incr("number")'}

        def fill() -> None:
            with cache.transact():
                cache.clear()
                for key, value in content.items():
                    cache[key] = value

        return Subject(
            statements,
            {"cache": cache},
            fill,
            lambda: sum(cache[key] for key in cache),
            cache.close,
            lambda: shutil.rmtree(folder, ignore_errors=True),
        )

    def deque(self, cache: Cache, n: int) -> Subject:
        deque = Deque.fromcache(cache)

        def fill() -> None:
            with deque.transact():
                deque.clear()
                deque.extend(workload.items(n))

        return Subject(
            {"get": "deque[key]", "set": "deque[key] = value", "append": "deque.append(value)"},
            {"deque": deque},
            fill,
            lambda: sum(deque),
            cache.close,
            lambda: shutil.rmtree(cache.directory, ignore_errors=True),
        )


SYSTEM = DiskCache
