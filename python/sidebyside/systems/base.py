"""What a system must tell."""

from __future__ import annotations

from abc import ABC, abstractmethod

from sidebyside.subject import Subject


class System(ABC):
    """A way to share a dict, a list or a number between processes."""

    def prepare(self) -> None:  # noqa: B027 - most need nothing
        """Starts what the workers share. They are forked afterwards."""

    @abstractmethod
    def open(self, kind: str, name: str, n: int, size: int) -> Subject:
        """Attaches to what has that name, or creates it.

        ``size`` is the room that a pickle of all of it may need, with some to spare.
        """

    def servers(self) -> list[int]:
        """The processes that keep what is shared."""
        return []

    def tear_down(self) -> None:  # noqa: B027 - most need nothing
        """Ends what ``prepare`` started."""


class NotOfferedError(Exception):
    """The system has no such thing; the message says what it lacks."""
