"""Draws segment.svg, for README and guides: what stands in a segment while Python and Swift take turns to write to it.

The bytes are those of a real segment, read from /dev/shm after each step of two real processes. What is drawn by lot
(the tag, the epoch, and the check word that depends on it) is shown as dots, so that the picture stays the same.

    python3 scripts/draw_segment.py            # draws it anew
    python3 scripts/draw_segment.py --check    # fails if the one that is there is not what comes out

It needs the two peers: `swift build`, and an environment of `interop-check` (any test run makes one).
"""

from __future__ import annotations

import base64
import json
import os
import pickle
import pickletools
import subprocess
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "Sources" / "Rememory" / "Rememory.docc" / "Resources" / "segment.svg"
SIZE = 96
STAMP = (SIZE - 1 - 48) & ~7

PER_LINE, CELL, LINE, LEFT, TOP, STEP = 48, 16, 19, 24, 60, 78
COLOURS = {
    "head": ("#cfe0f7", "head: who wrote last"),
    "python": ("#d4ecc9", "Python's program"),
    "swift": ("#ffdfb3", "Swift's"),
    "stop": ("#f5b5b0", "STOP"),
    "free": ("#ededed", "free"),
    "stamp": ("#dfd3f2", "stamp"),
    "fence": ("#b9a5dc", "fence"),
}


STYLE = """<style>
text { font-family: ui-monospace, Menlo, Consolas, monospace; fill: #222; }
.title { font-size: 15px; font-weight: bold; }
.code { font-size: 13px; font-weight: bold; }
.note { font-size: 12px; fill: #555; }
.byte { font-size: 10px; text-anchor: middle; }
</style>"""


class Peer:
    """A process that speaks the peer protocol."""

    def __init__(self, *command: str | Path) -> None:
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, op: str, **fields: object) -> object:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"id": 1, "op": op, **fields}) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        if "ok" not in reply:
            sys.exit(f"{op}: {reply['error']}")
        return reply["ok"]

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


@dataclass
class Step:
    language: str
    code: str
    remark: str
    content: bytes


def play() -> list[Step]:
    """What two processes do to one dict, and what its segment holds after each step."""
    environments = sorted(ROOT.glob(".build/interop-check/python-*/bin/python"))
    swift = ROOT / ".build" / "debug" / "interop-check"
    if not environments or not swift.exists():
        sys.exit("the peers are not there\n  to mend it: swift run interop-check --filter names")
    name = f"picture-{os.getpid()}"
    segment = Path("/dev/shm") / name
    python_peer = Peer(environments[0], ROOT / "python" / "peer.py")
    swift_peer = Peer(swift, "peer")
    steps: list[Step] = []

    def do(language: str, code: str, remark: str, op: str, key: str, value: int | None = None) -> None:
        peer = python_peer if language == "Python" else swift_peer
        fields = {} if value is None else {"value": {"json": value}}
        reply = peer.ask(op, name=name, capacity=SIZE, key={"json": key}, **fields)
        if isinstance(reply, dict):
            code += f" → {pickle.loads(base64.b64decode(reply['pickle']))}"
        steps.append(Step(language, code, remark, segment.read_bytes()))

    try:
        do("Python", 'game["ann"] = 10', "writes all of it, and NULs to the end", "dict.set", "ann", 10)
        do("Swift", 'try game["ann"]', "reads it once, and writes nothing", "dict.get", "ann")
        do(
            "Swift",
            'try game.set(5, for: "bob")',
            "marks the head, writes behind STOP, turns STOP into (",
            "dict.set",
            "bob",
            5,
        )
        do("Python", 'game["bob"]', "loads one valid pickle, as ever", "dict.get", "bob")
        do("Swift", 'try game.set(11, for: "ann")', "changes the one byte that differs", "dict.set", "ann", 11)
        do(
            "Python",
            'game["cy"] = 7',
            "writes all of it: no mark and no stamp, so Swift reads anew",
            "dict.set",
            "cy",
            7,
        )
    finally:
        python_peer.ask("unlink", name=name, type="dict")
        python_peer.end()
        swift_peer.end()
        segment.unlink(missing_ok=True)
        (segment.parent / f"sem.rememorydict_{name}").unlink(missing_ok=True)
    return steps


def end(content: bytes) -> int:
    """Where the pickle's STOP is."""
    return [position for _, _, position in pickletools.genops(content) if position is not None][-1]


def roles(content: bytes, by_python: int) -> list[str]:
    """What each byte is for. Swift's instructions stand from `by_python` on."""
    stop = end(content)
    stamped = any(content[STAMP : STAMP + 48])
    found = []
    for position in range(SIZE):
        if position < 11:
            role = "head"
        elif position < stop:
            role = "swift" if position >= by_python else "python"
        elif position == stop:
            role = "stop"
        elif stamped and position == SIZE - 1:
            role = "fence"
        elif stamped and STAMP <= position < STAMP + 48:
            role = "stamp"
        else:
            role = "free"
        found.append(role)
    return found


def drawn_by_lot(content: bytes) -> list[range]:
    parts = [range(STAMP + 8, STAMP + 16), range(STAMP + 40, STAMP + 48)] if any(content[STAMP:]) else []
    return [*parts, range(4, 10)] if content[2] == 0x43 else parts


def cells(content: bytes) -> list[str]:
    """What is shown of each byte. A field that is drawn by lot is the same dots in all of its bytes."""
    stop = end(content)
    stamp = range(STAMP, STAMP + 48 if any(content[STAMP:]) else STAMP)
    shown = [f"{byte:02x}" if byte or at <= stop or at in stamp else "" for at, byte in enumerate(content)]
    for part in drawn_by_lot(content):
        for position in part:
            shown[position] = "··"
    return shown


def changes(content: bytes, before: bytes | None) -> list[bool]:
    """Which bytes a step changed; a field that is drawn by lot, as a whole."""
    if before is None:
        return [cell != "" for cell in cells(content)]
    changed = [new != old for new, old in zip(cells(content), cells(before), strict=True)]
    for part in drawn_by_lot(content):
        if part in drawn_by_lot(before) and content[part.start : part.stop] != before[part.start : part.stop]:
            for position in part:
                changed[position] = True
    return changed


def draw(steps: list[Step]) -> str:
    width = LEFT * 2 + PER_LINE * CELL
    height = TOP + STEP * len(steps) + 46
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        STYLE,
        f'<rect width="{width}" height="{height}" rx="8" fill="#fcfcfa" stroke="#d0d0d0"/>',
        f'<text class="title" x="{LEFT}" y="30">One dict, {SIZE} bytes of shared memory, two languages</text>',
        f'<text class="note" x="{LEFT}" y="48">Outlined: the bytes that the step changed.</text>',
    ]
    before: bytes | None = None
    by_python = SIZE
    for number, step in enumerate(steps):
        y = TOP + STEP * number
        if step.content[2] == 0x95:
            by_python = SIZE  # all of it is Python's
        elif before is not None and before[2] == 0x95:
            by_python = before.index(b".", 11)  # Swift's begins where STOP was
        parts.append(
            f'<text class="code" x="{LEFT}" y="{y + 20}">{number + 1}. {step.language}:  {escape(step.code)}'
            f'<tspan class="note" font-weight="normal" dx="12">{escape(step.remark)}</tspan></text>'
        )
        what = zip(roles(step.content, by_python), cells(step.content), changes(step.content, before), strict=True)
        for position, (role, text, changed) in enumerate(what):
            x = LEFT + position % PER_LINE * CELL
            top = y + 28 + position // PER_LINE * LINE
            outline = ' stroke="#222" stroke-width="1.4"' if changed else ""
            parts.append(
                f'<rect x="{x + 0.7:g}" y="{top}" width="{CELL - 1.4:g}" height="{LINE - 3}" rx="2"'
                f' fill="{COLOURS[role][0]}"{outline}/>'
            )
            if text:
                parts.append(f'<text class="byte" x="{x + CELL / 2:g}" y="{top + 11.5:g}">{text}</text>')
        before = step.content
    x, y = LEFT, TOP + STEP * len(steps) + 12
    for colour, meaning in COLOURS.values():
        parts.append(f'<rect x="{x}" y="{y}" width="12" height="12" rx="2" fill="{colour}" stroke="#bbb"/>')
        parts.append(f'<text class="note" x="{x + 16}" y="{y + 10}" style="font-size:10px">{escape(meaning)}</text>')
        x += 28 + 6 * len(meaning)
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    picture = draw(play())
    if sys.argv[1:] == ["--check"]:
        if not PICTURE.exists() or PICTURE.read_text() != picture:
            sys.exit(f"{PICTURE.name} is not what the bytes are now\n  to mend it: python3 scripts/draw_segment.py")
    else:
        PICTURE.write_text(picture)


if __name__ == "__main__":
    main()
