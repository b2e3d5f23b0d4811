"""datasketch and rensa: 128 permutations over folded 4-grams of characters, threshold 0.5."""

import time
from typing import Any

from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

from heavy_peers import task

PERMUTATIONS = 128
THRESHOLD = 0.5
BANDS = 32


def grams(text: str) -> list[str]:
    folded = " ".join(text.casefold().split())
    return list({folded[at : at + 4] for at in range(max(1, len(folded) - 3))})


def measure(given: dict[str, Any]) -> dict[str, Any]:
    texts = task.lines(given["texts"])
    copies = [(number, text) for number, text in given["copies"]]
    return {"datasketch": _datasketch(texts, copies), "rensa": _rensa(texts, copies)}


def _datasketch(texts: list[str], copies: list[tuple[int, str]]) -> dict[str, Any]:
    def signature(text: str) -> MinHash:
        made = MinHash(num_perm=PERMUTATIONS)
        made.update_batch([gram.encode() for gram in grams(text)])
        return made

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    for number, text in enumerate(texts):
        index.insert(number, signature(text))
    return _figures(lambda text: index.query(signature(text)), copies)


def _rensa(texts: list[str], copies: list[tuple[int, str]]) -> dict[str, Any]:
    def signature(text: str) -> RMinHash:
        made = RMinHash(num_perm=PERMUTATIONS, seed=1)
        made.update(grams(text))
        return made

    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)
    for number, text in enumerate(texts):
        index.insert(number, signature(text))
    figures = _figures(lambda text: index.query(signature(text)), copies)
    began = time.perf_counter()
    shingled = [grams(text) for _, text in copies]
    in_between = time.perf_counter()
    signatures = RMinHash.from_token_sets(shingled, num_perm=PERMUTATIONS, seed=1)
    index.query_all(signatures)
    ended = time.perf_counter()
    return figures | {
        "bulk_microseconds": (ended - began) / len(copies) * 1e6,
        "bulk_microseconds_of_shingles": (ended - in_between) / len(copies) * 1e6,
    }


def _figures(ask: Any, copies: list[tuple[int, str]]) -> dict[str, Any]:
    began = time.perf_counter()
    found = [number in ask(text) for number, text in copies]
    taken = (time.perf_counter() - began) / len(copies)
    return {"found": found, "microseconds": taken * 1e6}


task.run(measure)
