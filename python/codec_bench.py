"""Times CPython's own ``pickle`` on the data of ``interop-check bench --codec``; part of ``bench_peer.py``.

The garbage collector is off while it is timed, as in ``timeit``: it would only make Python slower. Both sides count
what their thread takes of the processor, not what others on the machine do meanwhile.
"""

from __future__ import annotations

import base64
import gc
import pickle
import statistics
from collections.abc import Callable
from time import thread_time_ns
from typing import Any

from sidebyside.workload import items

Request = dict[str, Any]

SAMPLES = 7
PROTOCOL = 4


def mixed(step: int) -> list[Any]:
    return [
        *(step, step * 0.5, f"item{step}", None, step % 2 == 0, (step, -step), b"\x00\x01\x02", 2**40 + step),
        {"id": step, "tags": ["new", "old"], "name": f"item{step}"},
    ]


DATA: dict[str, Callable[[], Any]] = {
    "players": lambda: {f"player{step}": {"score": step, "level": step % 100} for step in range(10_000)},
    "integers": lambda: items(100_000),
    "strings": lambda: [f"name{step}" for step in range(100_000)],
    "mixed": lambda: [item for step in range(10_000) for item in mixed(step)],
}

MADE: dict[str, tuple[Any, bytes]] = {}


def made(name: str) -> tuple[Any, bytes]:
    """The data of a name and its pickle."""
    if name not in MADE:
        data = DATA[name]()
        MADE[name] = data, pickle.dumps(data, PROTOCOL)
    return MADE[name]


def pickled(request: Request) -> object:
    return base64.b64encode(made(request["name"])[1]).decode()


def timed(request: Request) -> object:
    """Nanoseconds that ``loads`` or ``dumps`` takes, freeing what it gives included."""
    data, text = made(request["name"])
    runs: dict[str, Callable[[], object]] = {
        "loads": lambda: pickle.loads(text),
        "dumps": lambda: pickle.dumps(data, PROTOCOL),
    }
    run = runs[request["what"]]
    times = []
    gc.disable()
    for _ in range(SAMPLES):
        start = thread_time_ns()
        run()
        times.append(thread_time_ns() - start)
    gc.enable()
    return statistics.median(times)


OPERATIONS: dict[str, Callable[[Request], object]] = {"codec.pickle": pickled, "codec.time": timed}
