"""A program in a terminal of its own, driven from outside, for tests of what it shows and how it leaves the terminal.

    python3 terminal.py COLUMNSxROWS PROGRAM ARGUMENT...

Lines of JSON in, a line of JSON out for each:

    {"expect": "NAME", "timeout": 10}    waits until the program has written that since the last expectation;
                                         {"found": true}, or false and what was written instead
    {"send": "q"}                        types
    {"signal": "TERM"}                   sends the program a signal
    {"end": 10}                          waits for its end: its status, all that it wrote, and whether the settings of
                                         the terminal are what they were before it began
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


class Terminal:
    """A program and the terminal that it runs in."""

    def __init__(self, size: str, command: list[str]) -> None:
        columns, rows = (int(number) for number in size.split("x"))
        self.written = b""
        self.expected_up_to = 0
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.settings = termios.tcgetattr(self.slave)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for number in (0, 1, 2):
                os.dup2(self.slave, number)
            os.environ["TERM"] = "xterm-256color"
            os.environ.pop("NO_COLOR", None)
            os.execv(command[0], command)

    def read(self, seconds: float) -> bool:
        """Takes in what is written within that time; whether there was anything."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.written += os.read(self.master, 65536)
        return True

    def expect(self, text: str, timeout: float) -> dict[str, object]:
        """Waits until the text is written behind what the last expectation found."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            place = self.written.find(text.encode(), self.expected_up_to)
            if place >= 0:
                self.expected_up_to = place + len(text.encode())
                return {"found": True}
            self.read(0.1)
        tail = self.written[self.expected_up_to :][-4000:]
        return {"found": False, "instead": tail.decode(errors="replace")}

    def end(self, timeout: float) -> dict[str, object]:
        """Waits for the program's end."""
        deadline = time.monotonic() + timeout
        status = None
        while status is None and time.monotonic() < deadline:
            self.read(0.05)
            pid, code = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                status = os.waitstatus_to_exitcode(code)
        if status is None:
            os.kill(self.pid, signal.SIGKILL)
        while self.read(0.1):
            pass
        return {
            "status": status,
            "written": self.written.decode(errors="replace"),
            "restored": termios.tcgetattr(self.slave) == self.settings,
        }


def main() -> None:
    """Does what the lines say."""
    terminal = Terminal(sys.argv[1], sys.argv[2:])
    for line in sys.stdin:
        request = json.loads(line)
        if "expect" in request:
            reply = terminal.expect(request["expect"], request.get("timeout", 30))
        elif "send" in request:
            os.write(terminal.master, request["send"].encode())
            reply = {}
        elif "signal" in request:
            os.kill(terminal.pid, getattr(signal, "SIG" + request["signal"]))
            reply = {}
        else:
            reply = terminal.end(request["end"])
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
