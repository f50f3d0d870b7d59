"""A cure for rememory 0.3.4 in one line: ``import rememory_guard``.

The package loses data and hangs in ways that a process can only mend for itself. This
module does that for the process that imports it, before or after rememory, and nothing
else has to change: the package's own classes get the missing parts, so that blocks that
are open already are cured as well.

- An exit removes nothing: ``multiprocessing.resource_tracker`` never hears of the blocks.
- Every operation is on the segment that has the name. Growth by others is followed, and
  a name that was taken away comes back, with the same segment behind it.
- Attaching writes nothing. The package writes every entry once more.
- Every method of List acts on the shared list, and every one of Dict is a single step.
- Whoever waits for the lock gives up after ``rememory_guard.timeout`` seconds. A thread
  that has the lock may take it again.
- Content that can't be read is an error. The package reads it as empty, and the next
  write makes the loss final.

How a name comes back: a file that has lost all its names can't get one again. So there
is a second, hidden one, the guard link, for as long as a cured process, or one of
Rememory for Swift, has the block open. It belongs to those who hold a shared ``flock``
on the segment; the last one removes it.

    /dev/shm/NAME                     the segment
    /dev/shm/.rememory§NAME           its guard link
    /dev/shm/.rememory§NAME§          a segment on its way to the name
    /dev/shm/sem.rememorydict_NAME    the lock

Everything that touches these names happens with the block's lock held. Linux only.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import importlib.metadata
import mmap
import os
import pickle
import stat
import struct
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from typing_extensions import Self

SUPPORTED_VERSION = "0.3.4"


def _check_version() -> None:
    if sys.platform != "linux":
        raise ImportError(f"rememory_guard works on Linux, and this is {sys.platform}")
    remedy = f"pip install rememory=={SUPPORTED_VERSION}"
    try:
        found = importlib.metadata.version("rememory")
    except importlib.metadata.PackageNotFoundError:
        raise ImportError(f"rememory_guard finds no rememory to cure: {remedy}") from None
    if found != SUPPORTED_VERSION:
        known = f"rememory_guard knows rememory {SUPPORTED_VERSION} and found {found}"
        raise ImportError(f"{known}. It changes nothing that it does not know: {remedy}, or a newer guard")


_check_version()

import posix_ipc  # noqa: E402 - what the package brings along
import rememory  # noqa: E402 - only in the version that is known
from rememory.namedLock import NamedLock  # noqa: E402

__all__ = [
    "BlockConflictError",
    "BlockRemovedError",
    "ContentError",
    "LockTimeoutError",
    "RememoryGuardError",
    "timeout",
]

#: How many seconds to wait for a lock before LockTimeoutError; None waits for ever. May
#: be assigned at any time, and holds for what waits afterwards.
timeout: float | None = 10.0


class RememoryGuardError(RuntimeError):
    """What only a cured process reports."""


class LockTimeoutError(RememoryGuardError, TimeoutError):
    """The lock was not free in time: it is held for long, or its holder was killed."""


class ContentError(RememoryGuardError, ValueError):
    """The content can't be read, and has been left as it is."""


class BlockRemovedError(RememoryGuardError, FileNotFoundError):
    """Somebody removed the block on purpose while it was open here."""


class BlockConflictError(RememoryGuardError):
    """Another segment with content of its own has the name."""


# ---------------------------------------------------------------- files

_FOLDER = b"/dev/shm"
_LONGEST_NAME = 238
_PICKLE_PROTOCOL = 4
#: A Swift or a cured process that removes a block on purpose leaves this mark on the
#: segment for those who still have it open. The sticky bit means nothing on a file.
_REMOVED_MARK = stat.S_ISVTX
#: Uncured processes make a segment visible up to 12 ms before its first value is there.
_YOUTH = 0.05
_PATIENCE = 2.0
_ATTEMPTS = 100

Identity = tuple[int, int]


def _checked(name: object) -> str:
    """The name, refused where the package would crash or leave half a block."""
    fits = isinstance(name, str) and name.isascii() and 1 <= len(name) <= _LONGEST_NAME
    if not fits or "/" in str(name) or "\0" in str(name) or name in (".", ".."):
        expected = f"1 to {_LONGEST_NAME} characters of ASCII without '/' and NUL"
        raise ValueError(f"the name {name!a} can't be used: expected {expected}")
    return str(name)


def _identity(path: bytes) -> Identity | None:
    """Which file has the path now, if any."""
    try:
        facts = os.stat(path, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino


def _opened(path: bytes) -> int:
    return os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


class _Paths:
    """Where a block's files are."""

    def __init__(self, name: str) -> None:
        plain = name.encode("ascii")
        self.segment = b"%s/%s" % (_FOLDER, plain)
        self.lock = b"%s/sem.rememorydict_%s" % (_FOLDER, plain)
        self.guard = b"%s/.rememory\xc2\xa7%s" % (_FOLDER, plain)
        self.incoming = self.guard + b"\xc2\xa7"


# ---------------------------------------------------------------- the lock


class _Lock:
    """The lock of a name in this process: the semaphore, re-entrant within a thread."""

    _known: ClassVar[weakref.WeakValueDictionary[str, _Lock]] = weakref.WeakValueDictionary()
    _registry: ClassVar[threading.Lock] = threading.Lock()
    #: What a thread has stays known, also when the last block of the name goes.
    _held: ClassVar[set[_Lock]] = set()

    @classmethod
    def of(cls, name: str) -> _Lock:
        with cls._registry:
            lock = cls._known.get(name)
            if lock is None:
                lock = cls._known[name] = cls(name)
            return lock

    def __init__(self, name: str) -> None:
        self._name = _checked(name)
        self._path = _Paths(name).lock
        self._owner: int | None = None
        self._depth = 0
        self._taken: list[posix_ipc.Semaphore] = []
        self._current = self._open()

    @property
    def semaphore(self) -> posix_ipc.Semaphore:
        return self._current[0]

    def _open(self) -> tuple[posix_ipc.Semaphore, Identity]:
        """The semaphore that has the name, created free if there is none, and its file."""
        while True:
            before = _identity(self._path)
            semaphore = posix_ipc.Semaphore(f"/rememorydict_{self._name}", flags=posix_ipc.O_CREAT, initial_value=1)
            if before is not None and before == _identity(self._path):
                return semaphore, before
            semaphore.close()

    def acquire(self, patience: float | None) -> None:
        me = threading.get_ident()
        if self._owner != me:
            self._take(None if patience is None else time.monotonic() + patience, patience)
            self._owner = me
            self._held.add(self)
        self._depth += 1

    def _take(self, deadline: float | None, patience: float | None) -> None:
        """Takes the semaphore. If somebody has removed its name by hand, the new one as
        well: those who still wait for the old one follow one after another."""
        taken: list[posix_ipc.Semaphore] = []
        try:
            while True:
                semaphore, file = self._current
                self._wait(semaphore, deadline, patience)
                taken.append(semaphore)
                if _identity(self._path) == file:
                    break
                self._current = self._open()
        except BaseException:
            for semaphore in taken:
                semaphore.release()
            raise
        self._taken = taken

    def _wait(self, semaphore: posix_ipc.Semaphore, deadline: float | None, patience: float | None) -> None:
        try:
            semaphore.acquire(0)
        except (posix_ipc.BusyError, posix_ipc.SignalError):
            self._wait_long(semaphore, deadline, patience)

    def _wait_long(self, semaphore: posix_ipc.Semaphore, deadline: float | None, patience: float | None) -> None:
        while True:
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            try:
                semaphore.acquire(left)
            except posix_ipc.SignalError:
                continue
            except posix_ipc.BusyError:
                message = f"the lock of {self._name!r} was not free within {patience} s. {_who_has(self._current[1])}"
                raise LockTimeoutError(message) from None
            return

    def release(self) -> None:
        if self._owner != threading.get_ident():
            raise RememoryGuardError(f"this thread does not have the lock of {self._name!r}")
        self._depth -= 1
        if self._depth == 0:
            self._owner = None
            self._held.discard(self)
            taken, self._taken = self._taken, []
            for semaphore in taken:
                semaphore.release()

    @classmethod
    def forget_all(cls) -> None:
        """In a forked child: what the parent has, the child does not have."""
        cls._registry = threading.Lock()
        cls._held.clear()
        for lock in cls._known.values():
            lock._owner, lock._depth, lock._taken = None, 0, []


os.register_at_fork(after_in_child=_Lock.forget_all)


def _who_has(file: Identity) -> str:
    """The other processes that have a semaphore mapped: one of them has the lock, or had it."""
    wanted = f"{os.major(file[0]):02x}:{os.minor(file[0]):02x} {file[1]} "
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as maps:
                has_it = any(wanted in line for line in maps)
            if has_it and int(pid) != os.getpid():
                with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as command:
                    found.append(f"{pid} ({command.read().strip()})")
    if not found:
        return "No other process has it open: its holder was killed, or is another thread of this one"
    return f"These processes have it open, and one of them has it, or had it when it was killed: {', '.join(found)}"


# ---------------------------------------------------------------- segments


class _Segment:
    """A mapped segment, in place of the package's SharedMemory."""

    _open: ClassVar[weakref.WeakSet[_Segment]] = weakref.WeakSet()

    def __init__(self, name: str, descriptor: int) -> None:
        self.name = name
        self._paths = _Paths(name)
        self._descriptor = descriptor
        facts = os.fstat(descriptor)
        self.identity: Identity = (facts.st_dev, facts.st_ino)
        self.size = facts.st_size
        self._mapping = mmap.mmap(descriptor, self.size)
        self.buf = memoryview(self._mapping)
        self._has_pages = False
        self._process = os.getpid()
        # Who lives by a guard link holds this. Others have it alone for microseconds only.
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _Segment._open.add(self)

    # ---- content

    def write(self, data: bytes) -> None:
        """Puts the bytes and NULs behind them. No exception can come in between."""
        if not self._has_pages:
            os.posix_fallocate(self._descriptor, 0, self.size)  # a full /dev/shm is an error now, not a SIGBUS later
            self._has_pages = True
        self.buf[:] = data + bytes(self.size - len(data))

    def is_pristine(self) -> bool:
        """Whether nobody has used it since it was made: NULs, or an empty dict or list."""
        start = bytes(self.buf[:5])
        is_empty = start[:1] == b"\x80" and start[2:] in (b"}\x94.", b"]\x94.")
        return (not any(start) or is_empty) and not any(self.buf[5:])

    # ---- making and attaching, with the lock held

    @classmethod
    def attached(cls, name: str, size: int, first: bytes) -> _Segment:
        """The segment of a name: found, given its name again, or made with its first value."""
        paths = _Paths(name)
        for _ in range(_ATTEMPTS):
            try:
                return cls._settled(name, _opened(paths.segment))
            except FileNotFoundError:
                pass
            guard = cls._living_guard(name)
            if guard is not None:
                os.close(guard)
                with contextlib.suppress(FileExistsError, FileNotFoundError):
                    os.link(paths.guard, paths.segment)
                continue
            made = cls.nameless(name, size if len(first) <= size else max(len(first), 2 * size))
            made.write(first)
            with contextlib.suppress(FileExistsError):
                made._link(paths.segment)
                made.keep_guard()
                return made
            made.close()
        raise BlockConflictError(f"others make and remove {name!r} faster than it can be opened")

    @classmethod
    def nameless(cls, name: str, size: int) -> _Segment:
        descriptor = os.open(_FOLDER, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(descriptor, 0o600)  # whatever the umask
            os.ftruncate(descriptor, size)
            return cls(name, descriptor)
        except BaseException:
            os.close(descriptor)
            raise

    @classmethod
    def _settled(cls, name: str, descriptor: int) -> _Segment:
        """Waits until the first value is there, where another process is making the segment."""
        try:
            give_up = time.monotonic() + _PATIENCE
            while os.fstat(descriptor).st_size == 0:
                if time.monotonic() > give_up:
                    raise ContentError(f"the segment of {name!r} is empty, expected one with room for a value")
                time.sleep(0.002)
            segment = cls(name, descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        while segment.is_pristine() and 0 <= time.time() - os.fstat(descriptor).st_ctime < _YOUTH:
            time.sleep(0.005)
        return segment

    @staticmethod
    def _living_guard(name: str) -> int | None:
        """The guard of a name, opened, if a process lives by it. One that was left behind goes."""
        path = _Paths(name).guard
        try:
            descriptor = _opened(path)
        except OSError:
            return None
        try:
            if not os.fstat(descriptor).st_mode & _REMOVED_MARK:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(path)
        except BlockingIOError:
            return descriptor
        os.close(descriptor)
        return None

    # ---- staying on the segment that has the name, with the lock held

    def followed(self) -> _Segment:
        """The segment that has the name: this one, as a rule.

        Another one that is the guard's, or twice as large, is a growth, and gone on with.
        An untouched one was made by a process that came while the name was lost: it gets
        the content. Anything else is a conflict, and nothing is dropped in silence.
        """
        for _ in range(_ATTEMPTS):
            found = _identity(self._paths.segment)
            if found == self.identity:
                return self
            if os.fstat(self._descriptor).st_mode & _REMOVED_MARK:
                raise BlockRemovedError(f"{self.name!r} was removed on purpose while it was open here. Open it anew")
            guard = _identity(self._paths.guard)
            if found is None:
                self._restore(guard)
                continue
            with contextlib.suppress(FileNotFoundError):
                newcomer = _Segment._settled(self.name, _opened(self._paths.segment))
                if newcomer.identity == guard or newcomer._takes_over_from(self):
                    newcomer.keep_guard()
                    return newcomer
        raise BlockConflictError(f"others make and remove {self.name!r} faster than it can be followed")

    def _restore(self, guard: Identity | None) -> None:
        """Gives the name back: to the guard's segment, to this one, or to a copy of it."""
        with contextlib.suppress(FileExistsError):
            if guard not in (None, self.identity):
                with contextlib.suppress(FileNotFoundError):
                    os.link(self._paths.guard, self._paths.segment)
                return
            try:
                self._link(self._paths.segment)
            except FileNotFoundError:  # it has no name left at all
                copy = _Segment.nameless(self.name, self.size)
                copy.write(bytes(self.buf))
                copy._link(self._paths.segment)
                copy.keep_guard()

    def _takes_over_from(self, ours: _Segment) -> bool:
        """Whether this newcomer is the one to go on with; an untouched one gets the content."""
        if not self.is_pristine():
            if self.size >= 2 * ours.size or ours.is_pristine():
                return True
            sizes = f"ours has {ours.size} bytes, the other {self.size}"
            raise BlockConflictError(f"another segment with content of its own has the name {self.name!r}: {sizes}")
        if self.size >= ours.size:
            self.write(bytes(ours.buf))
            return True
        ours._take(ours._paths.segment)
        return False

    def grown(self, size: int, data: bytes) -> _Segment:
        """A larger segment with that content, in place of this one, in one step."""
        larger = _Segment.nameless(self.name, size)
        larger.write(data)
        larger._take(self._paths.segment)
        larger.keep_guard()
        return larger

    def keep_guard(self) -> None:
        """Lets the guard link stand for this segment."""
        with contextlib.suppress(FileNotFoundError, PermissionError):
            if _identity(self._paths.guard) != self.identity:
                self._take(self._paths.guard)

    def _take(self, path: bytes) -> None:
        """Puts this segment under a path, whatever is there."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._paths.incoming)
        self._link(self._paths.incoming)
        os.rename(self._paths.incoming, path)

    def _link(self, path: bytes) -> None:
        # Naming a folder makes it a linkat, which follows the link in /proc to the file.
        os.link(b"/proc/self/fd/%d" % self._descriptor, path, src_dir_fd=self._descriptor, follow_symlinks=True)

    # ---- ends

    def unlink(self) -> None:
        """Removes the block on purpose: nobody brings it back."""
        os.fchmod(self._descriptor, 0o600 | _REMOVED_MARK)
        for path in (self._paths.guard, self._paths.segment):
            if _identity(path) == self.identity:
                os.unlink(path)

    def drop_guard(self) -> None:
        """Removes the guard if nobody else lives by it. A process that is in a hurry leaves it
        to the next."""
        if self._process != os.getpid() or _identity(self._paths.guard) != self.identity:
            return
        lock = _Lock.of(self.name)
        with contextlib.suppress(LockTimeoutError, BlockingIOError):
            lock.acquire(0)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _identity(self._paths.segment) == self.identity == _identity(self._paths.guard):
                    os.unlink(self._paths.guard)
            finally:
                lock.release()

    def close(self) -> None:
        if self._descriptor < 0:
            return
        self.buf.release()
        self._mapping.close()
        with contextlib.suppress(OSError):
            self.drop_guard()
        descriptor, self._descriptor = self._descriptor, -1
        os.close(descriptor)

    @property
    def is_closed(self) -> bool:
        return self._descriptor < 0

    def __del__(self) -> None:
        if getattr(self, "_descriptor", -1) >= 0 and not sys.is_finalizing():
            with contextlib.suppress(BufferError):
                self.close()

    @classmethod
    def drop_all_guards(cls) -> None:
        for segment in list(cls._open):
            with contextlib.suppress(OSError):
                if not segment.is_closed:
                    segment.drop_guard()


atexit.register(_Segment.drop_all_guards)


# ---------------------------------------------------------------- what the package's classes get


class _Entry:
    """What ``with block._lock`` enters: the lock, and then the segment that has the name."""

    __slots__ = ("_block", "_lock")

    def __init__(self, block: _Block) -> None:
        self._block = block
        self._lock = block._own

    def __enter__(self) -> None:
        self._lock.acquire(timeout)
        try:
            self._block._follow()
        except BaseException:
            self._lock.release()
            raise

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class _NamedLockCure:
    _name: str

    def __init__(self, name: str) -> None:
        self._name = f"rememorydict_{_checked(name)}"
        self._sem = self._own.semaphore

    @property
    def _own(self) -> _Lock:
        lock = self.__dict__.get("_lock")
        if lock is None:
            lock = self.__dict__["_lock"] = _Lock.of(self._name.removeprefix("rememorydict_"))
        return lock

    def __enter__(self) -> None:
        self._own.acquire(timeout)

    def __exit__(self, *_: object) -> None:
        self._own.release()


class _Block:
    """What every block gets."""

    _name: str
    _size: int
    _shm: _Segment | None
    _own: _Lock

    @property
    def _lock(self) -> _Entry:
        return _Entry(self)

    def _attach(self, name: str, size: int, first: bytes) -> None:
        self._name, self._size, self._shm = _checked(name), size, None
        if size <= 0:
            raise ValueError(f"'size' is {size}, expected a positive number")
        self._own = _Lock.of(name)
        self._own.acquire(timeout)
        try:
            self._shm = _Segment.attached(name, size, first)
        finally:
            self._own.release()
        self._on_segment_changed()

    def _follow(self) -> None:
        segment = self._segment()
        current = segment.followed()
        if current is not segment:
            self._shm = current
            self._on_segment_changed()
            segment.close()

    def _segment(self) -> _Segment:
        if self._shm is None or self._shm.is_closed:
            raise ValueError(f"{self._name!r} is closed")
        return self._shm

    def _on_segment_changed(self) -> None:
        pass

    def _replace(self, data: bytes, size: int) -> None:
        """Writes the content, into a larger segment if it has to be, as the package sizes them."""
        segment = self._segment()
        if len(data) > size:
            self._shm = segment.grown(max(len(data), 2 * size), data)
            self._on_segment_changed()
            segment.close()
        else:
            segment.write(data)

    def close(self) -> None:
        if self._shm is not None:
            self._shm.close()

    def unlink(self) -> None:
        with self._lock:
            self._segment().unlink()


class _Container(_Block):
    """Dict and List: a pickle that can't be read is an error."""

    _kind: type

    def _load(self) -> Any:
        buffer = self._segment().buf
        if buffer[0] == 0 and not any(buffer):
            return self._kind()
        try:
            data = pickle.loads(buffer)
        except Exception as error:
            raise self._unreadable(error, bytes(buffer[:1])) from error
        if not isinstance(data, self._kind):
            found = f"found a {type(data).__name__}, expected a {self._kind.__name__}"
            raise ContentError(f"{self._name!r}: {found}. Nothing was changed")
        return data

    def _unreadable(self, error: Exception, start: bytes) -> ContentError:
        if start in (b"{", b"["):
            cause = "it is JSON text, as versions 0.1 and 0.2 wrote it"
        elif isinstance(error, (ImportError, AttributeError)):
            cause = f"a class can't be imported here ({error})"
        else:
            cause = f"{type(error).__name__}: {error}"
        return ContentError(f"the content of {self._name!r} can't be read: {cause}. Nothing was changed")

    def _read_data(self) -> Any:
        with self._lock:
            return self._load()

    def _write_data(self, data: Any) -> None:
        encoded = pickle.dumps(data, protocol=_PICKLE_PROTOCOL)
        with self._lock:
            self._replace(encoded, self._segment().size)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Any]:
        """The content, written back as it is at the end, all in one step."""
        with self._lock:
            data = self._load()
            yield data
            self._write_data(data)

    @property
    def data(self) -> Any:
        """A snapshot, for all that the standard library's base class does by reading."""
        return self._read_data()

    def copy(self) -> Any:
        return self._read_data()

    __copy__ = copy


class _DictCure(_Container):
    _kind = dict

    def __init__(self, name: str, size: int = 65536) -> None:
        self._attach(name, size, pickle.dumps({}, protocol=_PICKLE_PROTOCOL))

    def get(self, key: Any, default: Any = None) -> Any:
        return self._read_data().get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._read_data()

    def values(self) -> Any:
        return self._read_data().values()

    def update(self, other: Any = (), /, **more: Any) -> None:
        changes = dict(other, **more)
        with self._changing() as data:
            data.update(changes)

    def pop(self, key: Any, *default: Any) -> Any:
        with self._changing() as data:
            return data.pop(key, *default)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        with self._lock:
            data = self._load()
            if key not in data:
                data[key] = default
                self._write_data(data)
            return data[key]

    def clear(self) -> None:
        self._write_data({})

    def popitem(self) -> tuple[Any, Any]:
        """The first entry, as the package's has it; a plain dict's is the last."""
        with self._changing() as data:
            if not data:
                raise KeyError("popitem(): dictionary is empty")
            key = next(iter(data))
            return key, data.pop(key)

    def __ior__(self, other: Any) -> Self:
        self.update(other)
        return self

    def __or__(self, other: Any) -> dict[Any, Any]:
        return {**self._read_data(), **dict(other)}

    def __ror__(self, other: Any) -> dict[Any, Any]:
        return {**dict(other), **self._read_data()}


class _ListCure(_Container):
    _kind = list

    def __init__(self, name: str, size: int = 65536) -> None:
        self._attach(name, size, pickle.dumps([], protocol=_PICKLE_PROTOCOL))

    def pop(self, i: int = -1) -> Any:
        with self._changing() as data:
            return data.pop(i)

    def remove(self, item: Any) -> None:
        with self._changing() as data:
            data.remove(item)

    def clear(self) -> None:
        self._write_data([])

    def reverse(self) -> None:
        with self._changing() as data:
            data.reverse()

    def sort(self, *, key: Callable[[Any], Any] | None = None, reverse: bool = False) -> None:
        with self._changing() as data:
            data.sort(key=key, reverse=reverse)

    def extend(self, other: Iterable[Any]) -> None:
        added = list(other)
        with self._changing() as data:
            data.extend(added)

    def __iadd__(self, other: Iterable[Any]) -> Self:
        self.extend(other)
        return self

    def __imul__(self, n: int) -> Self:
        with self._changing() as data:
            data *= n
        return self

    def __add__(self, other: Iterable[Any]) -> list[Any]:
        return [*self._read_data(), *other]

    def __radd__(self, other: Iterable[Any]) -> list[Any]:
        return [*other, *self._read_data()]

    def __mul__(self, n: int) -> list[Any]:
        data: list[Any] = self._read_data()
        return data * n

    __rmul__ = __mul__

    def __reversed__(self) -> Iterator[Any]:
        backwards: Iterator[Any] = reversed(self._read_data())
        return backwards


class _BlockCure(_Block):
    """Block and String. Both have the whole segment, whatever size they were opened with."""

    def __init__(self, name: str, size: int | rememory.BlockSize) -> None:
        self._attach(name, size.value if isinstance(size, rememory.BlockSize) else size, b"")

    def _on_segment_changed(self) -> None:
        self._size = self._segment().size

    def _write_bytes(self, data: bytes) -> None:
        with self._lock:
            self._replace(data, self._size)


class _IntCure(_Block):
    def __init__(self, name: str, i_type: rememory.IntTypes = rememory.IntTypes.INT64) -> None:
        self._iType = i_type
        self._attach(name, struct.calcsize(i_type.value), b"")


class _FloatCure(_Block):
    def __init__(self, name: str, fType: rememory.FloatTypes = rememory.FloatTypes.FLOAT64) -> None:  # noqa: N803
        self._fType = fType
        self._attach(name, struct.calcsize(fType.value), b"")


class _BoolCure(_Block):
    def __init__(self, name: str) -> None:
        self._attach(name, 1, b"")


# ---------------------------------------------------------------- installing

_CURES: dict[type[object], type[_Block]] = {
    rememory.RememoryDict: _DictCure,
    rememory.RememoryList: _ListCure,
    rememory.RememoryBlock: _BlockCure,
    rememory.RememoryInt: _IntCure,
    rememory.RememoryFloat: _FloatCure,
    rememory.RememoryBool: _BoolCure,
}
_SKIPPED = {"__module__", "__dict__", "__weakref__", "__doc__", "__qualname__", "__firstlineno__"}
_SKIPPED |= {"__static_attributes__", "__annotations__", "__annotate__", "__annotate_func__"}


def _install() -> None:
    _graft(NamedLock, vars(_NamedLockCure))
    for patient, cure in _CURES.items():
        for part in reversed(cure.__mro__[:-1]):
            _graft(patient, vars(part))
        _read_under_lock(patient)
    _read_under_lock(rememory.RememoryString)
    for found in gc.get_objects():
        # By type(): isinstance would ask proxies of others what they stand for.
        if issubclass(type(found), tuple(_CURES)):
            _cure_open_block(found)


def _graft(patient: type[object], members: Mapping[str, object]) -> None:
    for name, member in members.items():
        if name not in _SKIPPED:
            setattr(patient, name, member)


def _read_under_lock(patient: type[object]) -> None:
    """Lets ``repr`` read with the lock held: half a write is no content."""
    original = patient.__repr__

    def locked_repr(self: Any) -> str:
        with self._lock:
            return original(self)

    _graft(patient, {"__repr__": locked_repr})


def _cure_open_block(block: Any) -> None:
    """A block that was opened before: the tracker forgets it, and it stays on its segment."""
    shared = block.__dict__.get("_shm")
    descriptor = getattr(shared, "_fd", -1) if isinstance(shared, SharedMemory) else -1
    if descriptor < 0:
        return
    resource_tracker.unregister(shared._name, "shared_memory")
    block._own = _Lock.of(block._name)
    block._shm = _Segment(block._name, os.dup(descriptor))
    block._on_segment_changed()
    shared.close()
    with contextlib.suppress(LockTimeoutError), block._lock:
        block._shm.keep_guard()


_install()
