"""Reads and writes segments as rememory 0.3.4 does, without the package: one JSON line in, one out.

Every read is done by both unpicklers, C and Python, which have to agree.
"""

import base64
import io
import json
import mmap
import os
import pickle
import sys


GLOBALS: dict = {}
"""What the model of a test is made of; statements of the test change it."""


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def load(content: bytes) -> object:
    raw = content.rstrip(b"\0")
    fast = pickle.loads(raw)
    slow = pickle._Unpickler(io.BytesIO(raw)).load()
    if repr(fast) != repr(slow):
        raise AssertionError(f"the unpicklers disagree: {fast!r} and {slow!r}")
    return fast


def write(path: str, value: object) -> None:
    encoded = pickle.dumps(value, protocol=4)
    size = os.stat(path).st_size
    if len(encoded) > size:
        os.unlink(path)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        os.ftruncate(descriptor, max(len(encoded), 2 * size))
        os.close(descriptor)
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as segment:
        segment[: len(encoded)] = encoded
        segment[len(encoded) :] = b"\0" * (len(segment) - len(encoded))


def answer(request: dict) -> object:
    path = request.get("path", "")
    if request["op"] == "read":
        return repr(load(read(path)))
    if request["op"] == "write":
        write(path, eval(request["value"]))
        return None
    if request["op"] == "change":
        value = load(read(path))
        exec(request["code"], GLOBALS | {"value": value})
        write(path, value)
        return repr(value)
    if request["op"] == "expect":
        found = GLOBALS["found"] = load(read(path))
        exec(request["code"], GLOBALS)
        if repr(found) != repr(GLOBALS["model"]):
            raise AssertionError(f"expected {GLOBALS['model']!r}, found {found!r}")
        return None
    if request["op"] == "pickle":
        return base64.b64encode(pickle.dumps(eval(request["value"], GLOBALS), protocol=4)).decode()
    raise ValueError(request["op"])


for line in sys.stdin:
    try:
        reply = {"ok": answer(json.loads(line))}
    except Exception as error:
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
