"""iceoryx2's blackboard: one writer process, any number of readers, and keys that are fixed from the beginning."""

from __future__ import annotations

import ctypes

import iceoryx2 as iox2

from sidebyside.subject import Subject
from sidebyside.systems.base import NotOfferedError, System

KEY = ctypes.c_uint64(0)


class Iceoryx2(System):
    def prepare(self) -> None:
        iox2.set_log_level(iox2.LogLevel.Error)

    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        if kind != "number":
            raise NotOfferedError("its keys are fixed when the service is made")
        node = iox2.NodeBuilder.new().create(iox2.ServiceType.Ipc)
        services = node.service_builder(iox2.ServiceName.new(name))
        names = {"number": ctypes.c_int64}
        statements = {"get": "read().decode_as(number).value"}
        try:
            service = services.blackboard_opener(ctypes.c_uint64).open()
        except iox2.BlackboardOpenError:
            service = services.blackboard_creator(ctypes.c_uint64).add(KEY, ctypes.c_int64(0)).create()
            writer = service.writer_builder().create().entry(KEY, ctypes.c_int64)
            names["write"] = writer.update_with_copy
            statements["set"] = "write(number(value))"
        reader = service.reader_builder().create().entry(KEY, ctypes.c_int64)
        names["read"] = reader.get
        # Whoever holds these keeps the service.
        kept = [node, service, reader]
        return Subject(
            statements, names, lambda: None, lambda: reader.get().decode_as(ctypes.c_int64).value, kept.clear
        )


SYSTEM = Iceoryx2
