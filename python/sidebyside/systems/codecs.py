"""What Python programs turn values into bytes with; not a way to share them."""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Callable
from typing import Any

from sidebyside import workload
from sidebyside.subject import Subject
from sidebyside.systems.base import System


class Codecs(System):
    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        format_name, value_name = name.split("-")
        value = workload.codec_values()[value_name]
        write: Callable[[Any], bytes]
        read: Callable[[bytes], Any]
        if format_name == "pickle":
            write, read = (lambda value: pickle.dumps(value, protocol=4)), pickle.loads
            statements = {"write": "dumps(content, 4)", "read": "loads(written)"}
            names = {"dumps": pickle.dumps, "loads": pickle.loads}
        else:
            module = importlib.import_module(format_name)
            write, read = (module.packb, module.unpackb) if format_name == "msgpack" else (module.dumps, module.loads)
            statements = {"write": "write(content)", "read": "read(written)"}
            names = {"write": write, "read": read}
        written = write(value)
        if read(written) != value:
            raise ValueError(f"{format_name} gives another value back")
        return Subject(
            statements, names | {"content": value, "written": written}, lambda: None, lambda: len(written), lambda: None
        )


SYSTEM = Codecs
