"""Pickles to begin fuzzing with: fuzz_corpus.py DIRECTORY [SEED]

One file each: random values in every protocol, damaged ones among them, every opcode by itself, and what
PickleCodec's own fixtures hold. Beside the directory, DIRECTORY.dict: words for libFuzzer to put in; and
DIRECTORY-json: texts, with DIRECTORY-json.dict.
"""

import argparse
import contextlib
import json
import pathlib
import pickle
import pickletools
import random
import shutil
from collections.abc import Iterable, Iterator

import pickle_checks

ROOT = pathlib.Path(__file__).resolve().parent.parent
LONGEST = 1000
NAMES = (
    *("builtins", "__builtin__", "collections", "copyreg", "_codecs", "datetime", "decimal", "fractions", "uuid"),
    *("bytearray", "set", "frozenset", "complex", "range", "slice", "list", "dict", "OrderedDict", "defaultdict"),
    *("Counter", "deque", "timedelta", "timezone", "date", "time", "Decimal", "Fraction", "UUID", "encode", "latin1"),
    *("_reconstructor", "object", "__main__", "Player", "Ellipsis", "NotImplemented", "pathlib", "PurePosixPath"),
)
TAGS = ("$tuple", "$set", "$frozenset", "$dict", "$bytes", "$bytearray", "$pickle", "$nothing")


def values(seed: int, count: int) -> Iterator[bytes]:
    """Pickles of random values in every protocol, the short ones."""
    made = pickle_checks.Values(seed)
    while count:
        value = made.value()
        with contextlib.suppress(RecursionError, TypeError, pickle.PicklingError):
            pickles = [pickle.dumps(value, protocol) for protocol in range(6)]
            pickles.append(pickletools.optimize(pickles[4]))
            yield from (data for data in pickles if len(data) <= LONGEST)
            count -= 1


def damaged(pickles: Iterable[bytes], seed: int) -> Iterator[bytes]:
    """Each with a few bytes changed."""
    chance = random.Random(seed)
    for data in pickles:
        changed = bytearray(data)
        for _ in range(chance.choice((1, 2, 4))):
            changed[chance.randrange(len(changed))] = chance.choice(pickletools.opcodes).code.encode("latin-1")[0]
        yield bytes(changed)


def single_opcodes() -> Iterator[bytes]:
    """Each opcode with operands of zero bytes, after something to work on."""
    for opcode in pickletools.opcodes:
        code = opcode.code.encode("latin-1")
        for before in (b"", b"N", b"(NN", b"]", b"}", b"cbuiltins\nset\n)"):
            yield before + code + bytes(8) + b"."
            yield before + code + b"1\n1\n."


def texts(seed: int, count: int) -> Iterator[bytes]:
    """JSON of random values, those that it has, and of the tags that PickleCodec adds."""
    made = pickle_checks.Values(seed)
    for tag in TAGS:
        yield json.dumps({tag: [[1, "a"], [None, 2.5]]}).encode()
        yield json.dumps([{tag: "YWI="}, {tag: []}]).encode()
    while count:
        with contextlib.suppress(RecursionError, TypeError, ValueError):
            yield json.dumps(made.value(), skipkeys=True, ensure_ascii=count % 2 == 0).encode(errors="surrogatepass")
            count -= 1


def write(directory: pathlib.Path, inputs: Iterable[bytes], words: Iterable[bytes]) -> None:
    """Writes a corpus, a file for each input, and the dictionary beside it."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    for number, data in enumerate(sorted(set(inputs))):
        (directory / f"{number:05}").write_bytes(data)
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in words)
    pathlib.Path(f"{directory}.dict").write_text("".join(lines))
    print(f"{len(list(directory.iterdir()))} inputs in {directory}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    arguments = parser.parse_args()
    directory, seed = arguments.directory, arguments.seed
    made = list(values(seed, 600))
    fixtures = [path.read_bytes() for path in sorted((ROOT / "Tests/PickleCodecTests/Fixtures").glob("*.pickle"))]
    pickles = [*made, *damaged(made[::5], seed), *single_opcodes(), *fixtures]
    words = [name.encode() for name in NAMES] + [b"\x80\x04\x95", b"\xff" * 8, b"\x00" * 8, b"\x85R", b")\x81", b"0h"]
    write(directory, pickles, words)
    tokens = (
        b"null",
        b"true",
        b"false",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"\\ud800",
        b"\\udc00",
        b"1e999",
        b"\xef\xbb\xbf",
    )
    short = (text for text in texts(seed, 600) if len(text) <= LONGEST)
    write(directory.with_name(directory.name + "-json"), short, [tag.encode() for tag in TAGS] + [*tokens])


if __name__ == "__main__":
    main()
