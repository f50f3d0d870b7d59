"""Runs every command that README, guides, examples and the tutorial show.

    python3 scripts/run_documented_commands.py                  # in this checkout, as CI does in its fresh clone
    python3 scripts/run_documented_commands.py --fresh-clone    # in a new clone of what is committed
    python3 scripts/run_documented_commands.py --list

A command is a fenced block of `sh` in a Markdown file. It runs at the package's root, and once, however often it is
shown. A comment of its own right before the block says what CI does instead, or why it does nothing:

    <!-- in CI: swift run interop-check soak --minutes 0.2 -->
    <!-- not in CI: takes half an hour -->

The tutorial is followed to the letter in a folder of its own: its files are put where it says, and its commands run in
between.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = ROOT / "Sources" / "Rememory" / "Rememory.docc" / "ShareADict.tutorial"
INSTRUCTION = re.compile(r"<!-- (in CI|not in CI): (.*) -->")
CODE = re.compile(r'@Code\(name: "([^"]+)", file: "([^"]+)"\)')
SECONDS = 1800


@dataclass
class Command:
    place: str
    shown: str
    run: str | None
    reason: str = ""


def documents() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, text=True, stdout=subprocess.PIPE, check=True
    ).stdout.split()
    first = ["README.md", "CONTRIBUTING.md"]
    paths = [path for path in first if path in listed] + [path for path in listed if path not in first]
    return [ROOT / path for path in paths if not path.startswith(".github/")]


def commands(document: Path) -> Iterator[Command]:
    instruction: tuple[str, str] | None = None
    block: list[str] | None = None
    start = 0
    for number, line in enumerate(document.read_text().splitlines(), start=1):
        if block is not None:
            if line.strip() != "```":
                block.append(line)
                continue
            shown = "\n".join(block)
            kind, text = instruction or ("", "")
            run = {"in CI": text, "not in CI": None}.get(kind, shown)
            place = f"{document.relative_to(ROOT)}:{start}"
            yield Command(place, shown, run, reason=text if run is None else "")
            block = instruction = None
        elif line.strip() == "```sh":
            block, start = [], number + 1
        elif match := INSTRUCTION.fullmatch(line.strip()):
            instruction = (match[1], match[2])
        elif line.strip():
            instruction = None


def run(text: str, folder: Path) -> bool:
    process = subprocess.Popen(["bash", "-euo", "pipefail", "-c", text], cwd=folder, start_new_session=True)
    try:
        return process.wait(timeout=SECONDS) == 0
    except subprocess.TimeoutExpired:
        print(f"still running after {SECONDS} seconds", flush=True)
        return False
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # whatever it left running


def follow_tutorial() -> bool:
    resources = TUTORIAL.parent / "Resources"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "rememory-swift").symlink_to(ROOT)
        for name, file in CODE.findall(TUTORIAL.read_text()):
            code = (resources / file).read_text()
            if name != "Terminal":
                (folder / "game" / name).write_text(code)
            else:
                where = folder / "game"
                if not run(code, where if where.exists() else folder):
                    return False
    return True


def in_fresh_clone(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        clone = Path(temporary) / "rememory-swift"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        script = clone / "scripts" / Path(__file__).name
        return subprocess.run([sys.executable, str(script), *arguments], cwd=clone, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs every command that README, guides, examples and tutorial show.")
    parser.add_argument("--fresh-clone", action="store_true", help="in a new clone of what is committed")
    parser.add_argument("--list", action="store_true", help="say what would run, and what not and why")
    parser.add_argument("--only", metavar="TEXT", default="", help="what stands in files whose path has this in it")
    arguments = parser.parse_args()
    if arguments.fresh_clone:
        return in_fresh_clone([argument for argument in sys.argv[1:] if argument != "--fresh-clone"])

    seen: set[str] = set()
    failed: list[str] = []
    for command in (command for document in documents() for command in commands(document)):
        if arguments.only not in command.place:
            continue
        if command.run is None:
            print(f"-- {command.place}: not in CI: {command.reason}")
            continue
        if command.run in seen:
            continue
        seen.add(command.run)
        print(f"\n-- {command.place}\n{command.run}", flush=True)
        began = time.monotonic()
        if not arguments.list and not run(command.run, ROOT):
            failed.append(command.place)
        print(f"-- {time.monotonic() - began:.0f} s", flush=True)

    tutorial = str(TUTORIAL.relative_to(ROOT))
    if arguments.only in tutorial:
        print(f"\n-- {tutorial}", flush=True)
        began = time.monotonic()
        if not arguments.list and not follow_tutorial():
            failed.append(tutorial)
        print(f"-- {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        print("\nfailed: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
