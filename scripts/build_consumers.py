"""Builds the packages under Tests/Consumers, cold, and says how many seconds each took.

They use what users use, and nothing else of this package may be built for them: no benchmark, no test harness, no
command-line tool and nothing that those depend on.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONSUMERS = Path(__file__).resolve().parent.parent / "Tests" / "Consumers"

# What may be compiled for each consumer beside itself, and which packages may be fetched for it at most.
EXPECTED = {
    "PickleCodecConsumer": ({"PickleCodec"}, {"swift-log", "swift-argument-parser"}),
    "RememoryConsumer": ({"PickleCodec", "Rememory", "CRememoryPlatform", "Logging"}, {"swift-log"}),
}


def compiled(products: Path) -> set[str]:
    """The targets of which an object file or a module was made."""
    objects = {file.relative_to(products).parts[0].removesuffix(".build") for file in products.glob("*.build/**/*.o")}
    return objects | {file.stem for file in (products / "Modules").glob("*.swiftmodule")}


def problems(name: str) -> list[str]:
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        command = ["swift", "build", "--package-path", str(CONSUMERS / name), "--scratch-path", str(scratch)]
        began = time.monotonic()
        build = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        seconds = time.monotonic() - began
        if build.returncode != 0:
            return [f"{name} does not build:\n{build.stdout}"]
        print(f"{name}: cold build in {seconds:.0f} s", flush=True)

        found = [f"{name}: {line}" for line in build.stdout.splitlines() if "warning:" in line]
        targets, packages = EXPECTED[name]
        unexpected = compiled(scratch / "debug") - targets - {name}
        if unexpected:
            found.append(f"{name} builds what its users don't need: {', '.join(sorted(unexpected))}")
        fetched = {folder.name for folder in (scratch / "checkouts").iterdir()} - packages
        if fetched:
            found.append(f"{name} fetches what its users don't need: {', '.join(sorted(fetched))}")
        if subprocess.run([str(scratch / "debug" / name)], check=False).returncode != 0:
            found.append(f"{name} fails")
        return found


def main() -> None:
    found = [problem for name in EXPECTED for problem in problems(name)]
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
