"""Gets everything that is measured onto this machine. What can't be had is named, with the reason."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BENCHMARKS = ROOT / "Benchmarks"
BUILD = BENCHMARKS / ".build"

#: What each system needs from PyPI.
PACKAGES = {
    "rememory": ["rememory==0.3.4"],
    "ultradict2": ["UltraDict2"],
    "shared_memory_dict": ["shared-memory-dict"],
    "lmdb": ["lmdb"],
    "diskcache": ["diskcache"],
    "redis": ["redis", "hiredis"],
    "memcached": ["pylibmc"],
    "iceoryx2": ["iceoryx2"],
    "codecs": ["msgpack", "orjson"],
    "plots": ["matplotlib"],
}
#: What each system needs from Debian: the package, and a file that shows it is there.
DEBIAN = {
    "redis": ("redis-server", None),
    "memcached": ("memcached", None),
    "boost": ("libboost-dev", Path("/usr/include/boost/interprocess/managed_shared_memory.hpp")),
}


@dataclass
class Installed:
    """Programs that speak the lines of the workers, and what is missing, with the reason."""

    programs: dict[str, Path] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


class InstallError(Exception):
    """Without this there is nothing to measure; says what to do."""


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def install(wanted: set[str]) -> Installed:
    found = Installed()
    for system, requirements in PACKAGES.items():
        if system in wanted:
            reasons = [reason for requirement in requirements if (reason := pip(requirement))]
            if reasons:
                found.missing[system] = "; ".join(reasons)
    for system, (package, file) in DEBIAN.items():
        if system in wanted and (reason := debian(package, file)):
            found.missing[system] = reason
    importlib.invalidate_caches()
    found.programs["swift"] = build_swift()
    if "boost" in wanted and "boost" not in found.missing:
        try:
            found.programs["boost"] = build_boost()
        except InstallError as error:
            found.missing["boost"] = str(error)
    return found


def pip(requirement: str) -> str | None:
    """Why it can't be installed, or nothing."""
    name, _, version = requirement.partition("==")
    try:
        if metadata.version(name) == version or not version:
            return None
    except metadata.PackageNotFoundError:
        pass
    note(f"installing {requirement}")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
    return failure(command, f"pip can't install {requirement}")


def debian(package: str, file: Path | None) -> str | None:
    if file.exists() if file else shutil.which(package):
        return None
    if not shutil.which("apt-get"):
        return f"{package} is not installed, and there is no apt-get"
    if os.geteuid() != 0:
        return f"{package} is not installed: sudo apt-get install {package}"
    note(f"installing {package}")
    # RUNLEVEL: a server that is installed to be measured is not to be started for the whole machine.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    command = ["apt-get", "install", "--yes", "--no-install-recommends", package]
    if failure(command, "", environment) is None:
        return None
    failure(["apt-get", "update"], "", environment)
    return failure(command, f"apt-get can't install {package}", environment)


def build_swift() -> Path:
    note("building bench-peer (Swift, release)")
    command = ["swift", "build", "-c", "release", "--product", "bench-peer", "--package-path", str(BENCHMARKS)]
    if reason := failure(command, "swift can't build bench-peer"):
        raise InstallError(reason)
    return BUILD / "release" / "bench-peer"


def build_boost() -> Path:
    source, program = BENCHMARKS / "Boost" / "main.cpp", BUILD / "boost-peer"
    if program.exists() and program.stat().st_mtime > source.stat().st_mtime:
        return program
    note("building boost-peer (C++)")
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if not compiler:
        raise InstallError("there is no C++ compiler")
    command = [compiler, "-O2", "-std=c++17", "-o", str(program), str(source), "-pthread", "-lrt"]
    if reason := failure(command, "the compiler refuses boost-peer"):
        raise InstallError(reason)
    return program


def failure(command: list[str], what: str, environment: dict[str, str] | None = None) -> str | None:
    """The last words of a command that fails, or nothing."""
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode == 0:
        return None
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return f"{what}: {' '.join(lines[-3:])}"
