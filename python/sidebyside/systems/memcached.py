"""memcached over a unix socket, with libmemcached as its client."""

from __future__ import annotations

import os
import pwd

import pylibmc

from sidebyside import workload
from sidebyside.subject import Subject
from sidebyside.systems.base import NotOfferedError, System
from sidebyside.systems.server import Server


class Memcached(System):
    def prepare(self) -> None:
        user = pwd.getpwuid(os.geteuid()).pw_name
        self.server = Server("memcached", "-s", "{socket}", "-m", "1024", "-t", "2", "-u", user)

    def servers(self) -> list[int]:
        return [self.server.process.pid]

    def tear_down(self) -> None:
        self.server.stop()

    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        if kind == "list":
            raise NotOfferedError("it has keys and values only")
        client = pylibmc.Client([str(self.server.socket)], binary=True)
        content = workload.entries(n) if kind == "dict" else {"number": 0}
        statements = {"get": "get(key)", "set": "set(key, value)", "delete": "delete(key)"}
        if kind == "number":
            statements = {"get": 'get("number")', "set": 'set("number", value)', "add": 'incr("number")'}
        return Subject(
            statements,
            {"get": client.get, "set": client.set, "delete": client.delete, "incr": client.incr},
            lambda: client.set_multi(content),
            lambda: sum(client.get_multi(list(content)).values()),
            client.disconnect_all,
            client.flush_all,
        )


SYSTEM = Memcached
