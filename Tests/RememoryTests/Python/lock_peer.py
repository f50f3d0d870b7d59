"""Takes and keeps the lock of a block as rememory 0.3.4 does, without the package: one JSON line in, one out.

posix_ipc calls sem_open, sem_wait and sem_post of the C library, and so does this.
"""

import base64
import ctypes
import ctypes.util
import json
import mmap
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.sem_open.restype = ctypes.c_void_p
libc.sem_wait.argtypes = [ctypes.c_void_p]
libc.sem_post.argtypes = [ctypes.c_void_p]

semaphores: dict = {}


def semaphore(name: str) -> ctypes.c_void_p:
    if name not in semaphores:
        opened = libc.sem_open(f"/rememorydict_{name}".encode(), os.O_CREAT, 0o600, 1)
        if not opened:
            raise OSError(ctypes.get_errno(), "sem_open")
        semaphores[name] = ctypes.c_void_p(opened)
    return semaphores[name]


def answer(request: dict) -> object:
    operation = request["op"]
    if operation == "open":
        semaphore(request["name"])
    elif operation == "lock.acquire":
        libc.sem_wait(semaphore(request["name"]))
    elif operation == "lock.release":
        libc.sem_post(semaphore(request["name"]))
    elif operation == "lock.replace":
        # What a program does that takes the lock for stuck. So that no operation is cut in two, it has the old one.
        old = semaphore(request["name"])
        libc.sem_wait(old)
        os.unlink(f"/dev/shm/sem.rememorydict_{request['name']}")
        del semaphores[request["name"]]
        semaphore(request["name"])
        libc.sem_post(old)
    elif operation == "add":
        with open(request["path"], "r+b") as file, mmap.mmap(file.fileno(), 0) as segment:
            for _ in range(request["count"]):
                libc.sem_wait(semaphore(request["name"]))
                number = int.from_bytes(segment[8:16], "little") + 1
                segment[8:16] = number.to_bytes(8, "little")
                libc.sem_post(semaphore(request["name"]))
    elif operation == "fork":
        # The child has all that the parent has, and outlives it.
        child = os.fork()
        if child == 0:
            os.closerange(0, 1024)  # whoever waits for the parent's end waits for these
            while True:
                libc.pause()
        return child
    elif operation == "store":
        with open(request["path"], "r+b") as file, mmap.mmap(file.fileno(), 0) as segment:
            content = base64.b64decode(request["bytes"])
            segment[request["at"] : request["at"] + len(content)] = content
    elif operation != "ping":
        raise ValueError(operation)
    return os.getpid()


for line in sys.stdin:
    try:
        reply = {"ok": answer(json.loads(line))}
    except Exception as error:
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
