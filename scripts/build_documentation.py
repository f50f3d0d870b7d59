"""Builds the documentation of both libraries into .build/documentation, as `docc` finds it: warnings are errors.

A public symbol without a comment is an error too. Symbols that the compiler makes up, as `init(rawValue:)` of an enum,
have no place in a file and need none.

    python3 scripts/build_documentation.py
    python3 -m http.server --directory .build/documentation/Rememory   # http://localhost:8000/documentation/rememory

It needs nothing but the toolchain, so that the package has no plugin for this among its dependencies.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / ".build" / "documentation"
LIBRARIES = ("PickleCodec", "Rememory")


def run(*command: str | Path) -> str:
    result = subprocess.run([str(part) for part in command], cwd=ROOT, text=True, stdout=subprocess.PIPE, check=False)
    if result.returncode != 0:
        sys.stdout.write(result.stdout)
        sys.exit(f"failed with status {result.returncode}: {' '.join(str(part) for part in command)}")
    return result.stdout


def write_symbol_graph(library: str, products: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    target = json.loads(run("swiftc", "-print-target-info"))["target"]["unversionedTriple"]
    # fmt: off
    run(
        "swift-symbolgraph-extract", "-module-name", library, "-target", target, "-I", products / "Modules",
        "-Xcc", f"-fmodule-map-file={products / 'CRememoryPlatform.build' / 'module.modulemap'}",
        "-minimum-access-level", "public", "-skip-synthesized-members", "-skip-inherited-docs",
        "-emit-extension-block-symbols", "-output-dir", folder,
    )
    # fmt: on


def undocumented(folder: Path) -> list[str]:
    """The symbols without a comment, each as `file:line: name`."""
    found = []
    for graph in sorted(folder.glob("*.symbols.json")):
        for symbol in json.loads(graph.read_text())["symbols"]:
            place = symbol.get("location")
            if place is None or "docComment" in symbol:
                continue
            file = Path(unquote(urlparse(place["uri"]).path))
            name = ".".join(symbol["pathComponents"])
            found.append(f"{file}:{place['position']['line'] + 1}: {name} is public and has no comment")
    return found


def convert(library: str, graph: Path) -> None:
    catalog = ROOT / "Sources" / library / f"{library}.docc"
    # fmt: off
    run(
        "docc", "convert", catalog, "--additional-symbol-graph-dir", graph, "--output-path", OUTPUT / library,
        "--fallback-display-name", library, "--fallback-bundle-identifier", f"rememory.{library}",
        "--default-code-listing-language", "swift", "--warnings-as-errors",
    )
    # fmt: on


def main() -> None:
    run("swift", "build", "--target", "Rememory")
    products = Path(run("swift", "build", "--show-bin-path").strip())
    OUTPUT.mkdir(parents=True, exist_ok=True)
    missing = []
    for library in LIBRARIES:
        graph = OUTPUT / f"{library}.symbols"
        write_symbol_graph(library, products, graph)
        missing += undocumented(graph)
    if missing:
        sys.exit("\n".join(missing))
    for library in LIBRARIES:
        convert(library, OUTPUT / f"{library}.symbols")
        print(f"{library}: {OUTPUT / library}")


if __name__ == "__main__":
    main()
