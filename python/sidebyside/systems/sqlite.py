"""SQLite in /dev/shm, with a write-ahead log and nothing synced to a disk."""

from __future__ import annotations

import shutil
import sqlite3

from sidebyside import workload
from sidebyside.memory import SHARED
from sidebyside.subject import Subject
from sidebyside.systems.base import System

STATEMENTS = {
    "get": 'execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()[0]',
    "set": 'execute("REPLACE INTO entries VALUES (?, ?)", (key, value))',
    "delete": 'execute("DELETE FROM entries WHERE key = ?", (key,))',
    "iterate": 'for _ in execute("SELECT key, value FROM entries"): pass',
    "append": 'execute("INSERT INTO entries (value) VALUES (?)", (value,))',
}
NUMBER = {
    "get": 'execute("SELECT value FROM entries WHERE key = 0").fetchone()[0]',
    "set": 'execute("UPDATE entries SET value = ? WHERE key = 0", (value,))',
    "add": 'execute("UPDATE entries SET value = value + 1 WHERE key = 0")',
}


class Sqlite(System):
    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        folder = SHARED / name
        folder.mkdir(exist_ok=True)
        database = sqlite3.connect(folder / "database", timeout=60, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = OFF", f"mmap_size = {1 << 30}"):
            database.execute(f"PRAGMA {pragma}")
        columns = "key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID"
        if kind != "dict":
            columns = "key INTEGER PRIMARY KEY, value INTEGER)"
        database.execute(f"CREATE TABLE IF NOT EXISTS entries ({columns}")

        def fill() -> None:
            pairs = workload.entries(n).items() if kind == "dict" else enumerate(workload.items(max(n, 1)))
            database.execute("BEGIN IMMEDIATE")
            database.execute("DELETE FROM entries")
            database.executemany("INSERT INTO entries VALUES (?, ?)", pairs)
            database.execute("COMMIT")

        return Subject(
            NUMBER if kind == "number" else STATEMENTS,
            {"execute": database.execute},
            fill,
            lambda: database.execute("SELECT sum(value) FROM entries").fetchone()[0],
            database.close,
            lambda: shutil.rmtree(folder, ignore_errors=True),
        )


SYSTEM = Sqlite
