"""Draws the world that the Swift program simulates, and lets it rain where the grass gets low."""

import sys
import time

from rememory import RememoryBool, RememoryDict, RememoryInt, RMLock

COLOURS = {"grass": 32, "rabbits": 33, "foxes": 31}
WIDTH = 50


def draw(tick: int, world: dict[str, dict[str, int]], rain: int) -> None:
    lines = [f"tick {tick:3}   rain {rain}"]
    for name, species in world.items():
        bar = "█" * min(WIDTH, species["count"] * WIDTH // 1000)
        lines.append(f"{name:8} \033[{COLOURS[name]}m{bar:{WIDTH}}\033[0m {species['count']:4}  born {species['born']}")
    if sys.stdout.isatty():
        print("\033[H\033[J" + "\n".join(lines), flush=True)
    elif tick % 20 == 0:
        print("  ".join([lines[0], *(f"{name} {species['count']}" for name, species in world.items())]), flush=True)


def main() -> None:
    world = RememoryDict("example_world")
    tick = RememoryInt("example_tick")
    present = RememoryBool("example_dashboard")
    present.value = True
    rain = 0
    while (now := tick.value) >= 0:
        species = {name: world[name] for name in ("grass", "rabbits", "foxes") if name in world}
        if species:
            draw(now, species, rain)
            if species["grass"]["count"] < 250:
                rain += 1
                with RMLock("example_world"):  # read, change and write as one step: by the parts that take no lock
                    content = world._read_data()
                    content["grass"]["count"] += 300
                    world._write_data(content)
        time.sleep(0.03)
    print(f"it rained {rain} times")
    present.value = False
    if rain == 0:
        sys.exit("the grass never got low: nothing was written by Python")


if __name__ == "__main__":
    main()
