"""What a reader must know about the machine to judge the figures. No names of hosts or folders."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import TypedDict

from sidebyside import install

#: What was measured, and not what draws it.
PACKAGES = [
    requirement.partition("==")[0]
    for system, requirements in install.PACKAGES.items()
    if system != "plots"
    for requirement in requirements
]
PROGRAMS = {
    "Swift": ["swift", "--version"],
    "Redis": ["redis-server", "--version"],
    "memcached": ["memcached", "--version"],
    "Boost": ["sh", "-c", "sed -n 's/#define BOOST_LIB_VERSION//p' /usr/include/boost/version.hpp"],
}


class Machine(TypedDict):
    date: str
    cpu: str
    cores: int
    memory: str
    kernel: str
    versions: dict[str, str]


def describe() -> Machine:
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": cpu_model(),
        "cores": os.cpu_count() or 1,
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release().split('-')[0]}",
        "versions": versions(),
    }


def cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def versions() -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for program, command in PROGRAMS.items():
        try:
            output = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
        except FileNotFoundError:
            continue
        if number := re.search(r"\d+[._]\d+([._]\d+)*", output):
            found[program] = number[0].replace("_", ".")
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
