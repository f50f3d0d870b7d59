"""A server of one benchmark run: on a private socket, and gone with its folder afterwards."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE = 20.0


class Server:
    """A process that listens on a socket in a folder of its own."""

    def __init__(self, program: str, *arguments: str) -> None:
        """``{socket}`` and ``{folder}`` in the arguments stand for the two paths."""
        path = shutil.which(program)
        if path is None:
            raise FileNotFoundError(f"{program} is not installed (Debian: apt-get install {program})")
        self.folder = Path(tempfile.mkdtemp(prefix="rmbench-"))
        self.socket = self.folder / "socket"
        places = {"socket": str(self.socket), "folder": str(self.folder)}
        self.process = subprocess.Popen([path, *(argument.format(**places) for argument in arguments)])
        deadline = time.monotonic() + PATIENCE
        while not self.socket.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise TimeoutError(f"{program} does not listen on its socket after {PATIENCE:.0f} s")
            time.sleep(0.01)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
