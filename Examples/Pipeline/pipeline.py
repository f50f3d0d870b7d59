"""For each misspelled word, finds the nearest one of a vocabulary: the hot stage in Python, then in Swift."""

import random
import sys
import time

from rememory import RememoryBool, RememoryDict, RememoryList

Answers = dict[int, dict[str, object]]


def make_words(random_: random.Random) -> tuple[list[str], list[str]]:
    """A vocabulary, and words of it with some letters changed."""
    vocabulary = sorted({"".join(random_.choices("abcdefghijklmnop", k=random_.randint(6, 12))) for _ in range(400)})
    misspelled = []
    for _ in range(150):
        letters = list(random_.choice(vocabulary))
        for _ in range(random_.randint(0, 2)):
            letters[random_.randrange(len(letters))] = random_.choice("abcdefghijklmnop")
        misspelled.append("".join(letters))
    return vocabulary, misspelled


def distance(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left):
        diagonal, row[0] = row[0], i + 1
        for j, other in enumerate(right):
            substituted = diagonal + (letter != other)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
    return row[-1]


def stage_in_python(vocabulary: list[str], words: list[str]) -> Answers:
    answers: Answers = {}
    for number, word in enumerate(words):
        nearest = min(vocabulary, key=lambda candidate: distance(word, candidate))
        answers[number] = {"word": nearest, "distance": distance(word, nearest)}
    return answers


def stage_in_swift(vocabulary: list[str], words: list[str]) -> Answers:
    shared_words = RememoryList("example_vocabulary", size=1 << 20)
    jobs = RememoryList("example_jobs", size=1 << 20)
    answers = RememoryDict("example_answers", size=1 << 20)
    ready = RememoryBool("example_ready")
    shared_words[:] = vocabulary
    for number, word in enumerate(words):
        jobs.append({"id": number, "word": word})
    jobs.append(None)
    while len(answers) < len(words):
        time.sleep(0.005)
    found = dict(answers)
    ready.value = False
    return found


def main() -> None:
    vocabulary, words = make_words(random.Random(7))
    seconds = {}
    results = {}
    for name, stage in (("Python", stage_in_python), ("Swift", stage_in_swift)):
        began = time.perf_counter()
        results[name] = stage(vocabulary, words)
        seconds[name] = time.perf_counter() - began
        print(f"{len(words)} words against {len(vocabulary)}, stage in {name}: {seconds[name]:.2f} s", flush=True)
    for number in range(3):
        print(f"  {words[number]} -> {results['Swift'][number]['word']}")
    if results["Swift"] != results["Python"]:
        sys.exit("the answers differ")
    print("the same answers")


if __name__ == "__main__":
    main()
