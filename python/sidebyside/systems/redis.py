"""Redis over a unix socket, with hiredis as its parser and nothing saved to a disk."""

from __future__ import annotations

import hiredis  # noqa: F401 - the client uses it when it is there, and without it the figures would be others
import redis

from sidebyside import workload
from sidebyside.subject import Subject
from sidebyside.systems.base import System
from sidebyside.systems.server import Server

STATEMENTS = {
    "dict": {
        "get": "int(hget(name, key))",
        "set": "hset(name, key, value)",
        "delete": "hdel(name, key)",
        "iterate": "for field, found in hgetall(name).items(): (field, int(found))",
    },
    "list": {
        "get": "int(lindex(name, key))",
        "set": "lset(name, key, value)",
        "append": "rpush(name, value)",
    },
    "number": {"get": "int(get(name))", "set": "set(name, value)", "add": "incr(name)"},
}
CALLS = ["hget", "hset", "hdel", "hgetall", "lindex", "lset", "rpush", "get", "set", "incr"]


class Redis(System):
    def prepare(self) -> None:
        options = ["--port", "0", "--unixsocket", "{socket}", "--dir", "{folder}", "--save", "", "--appendonly", "no"]
        self.server = Server("redis-server", *options, "--loglevel", "warning")

    def servers(self) -> list[int]:
        return [self.server.process.pid]

    def tear_down(self) -> None:
        self.server.stop()

    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        client = redis.Redis(unix_socket_path=str(self.server.socket), decode_responses=True)

        def fill() -> None:
            pipe = client.pipeline()
            pipe.delete(name)
            if kind == "dict":
                pipe.hset(name, mapping=workload.entries(n))
            elif kind == "list":
                pipe.rpush(name, *workload.items(n))
            else:
                pipe.set(name, 0)
            pipe.execute()

        def total() -> int:
            if kind == "dict":
                return sum(map(int, client.hvals(name)))
            return sum(map(int, client.lrange(name, 0, -1))) if kind == "list" else int(client.get(name))

        names = {"name": name} | {call: getattr(client, call) for call in CALLS}
        return Subject(STATEMENTS[kind], names, fill, total, client.close, lambda: client.delete(name))


SYSTEM = Redis
