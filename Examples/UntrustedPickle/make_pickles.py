"""Writes four pickles into a folder: a command, a bomb, half a file and an honest one."""

import os
import pickle
import sys
from pathlib import Path


class Command:
    """What an attacker pickles. Whoever loads it with Python runs the command."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.marker}",)


def main() -> None:
    folder = Path(sys.argv[1])
    honest = {"name": "night run", "limits": [10, 20, 30]}
    bomb: list[object] = ["boom" * 10]
    for _ in range(40):
        bomb = [bomb, bomb]  # two references each: 2 to the power of 40 strings, in a hundred bytes
    files = {
        "command.pkl": pickle.dumps({"name": "night run", "limits": Command(folder / "owned")}),
        "bomb.pkl": pickle.dumps(bomb),
        "half.pkl": pickle.dumps(honest)[:-20],
        "honest.pkl": pickle.dumps(honest),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
