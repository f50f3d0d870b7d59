"""How much memory processes and files in /dev/shm take."""

from __future__ import annotations

from pathlib import Path

SHARED = Path("/dev/shm")


def private_bytes(process: int) -> int:
    """The bytes of a process that no other process has."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Private_"))


def shared_bytes(name: str) -> int:
    """The bytes of all that has a name in /dev/shm, which may be a folder. A hard link counts once."""
    files = {found.stat().st_ino: found.stat() for top in SHARED.glob(f"*{name}*") for found in [top, *top.rglob("*")]}
    return sum(found.st_blocks * 512 for found in files.values())
