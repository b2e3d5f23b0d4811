"""Suggestions: misspellings of words of the corpus, typed as they are."""

import random
import re
from collections import Counter
from collections.abc import Sequence

from local_stack.postgres import Postgres
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import SuggestRequest

from system_tests.heavy_load import peers
from system_tests.heavy_load.calls import milliseconds_at
from system_tests.heavy_load.corpora import misspellings
from system_tests.heavy_load.figures import percentile, times
from system_tests.heavy_load.in_process import engines
from system_tests.heavy_load.instance import METADATA, Instance
from system_tests.heavy_load.report import Line

PAIRS = 1_000
TRIGRAM_PAIRS = 200
MOST_EDITS = 2
# A word that stands in fewer texts may be a misspelling itself.
LEAST_COUNT = 5
SHOWN = 5
RATE = 100
SECONDS = 10.0

LEAST_RIGHT = 0.90
MOST_P95_MILLISECONDS = 2.0


def measure(postgres: Postgres, instance: Instance, texts: Sequence[str]) -> list[Line]:
    counted = Counter(word for text in texts for word in set(re.findall(r"\w+", text.lower())))
    vocabulary = {word: count for word, count in counted.items() if count >= LEAST_COUNT}
    pairs = _pairs(vocabulary)
    stub = instance.stub()

    def five(typed: str) -> list[str]:
        answer = stub.Suggest(_request(typed), metadata=METADATA)
        return [each.text.lower() for each in answer.suggestions]

    right = sum(word in five(typed) for typed, word in pairs) / len(pairs)
    typed = [each for each, _ in pairs]
    taken = milliseconds_at(RATE, SECONDS, instance, "Suggest", _request, typed)
    ours = engines(texts, SHOWN, typed=typed)["suggestions"]["milliseconds"]
    symspell = peers.library("suggestions", [], vocabulary=vocabulary, pairs=pairs)
    postgres.create_database("trigrams")
    trigrams = peers.PostgresTrigrams(postgres.superuser_url_of("trigrams"), list(vocabulary))
    some = pairs[:TRIGRAM_PAIRS]
    by_trigrams = sum(word in trigrams.five(typed) for typed, word in some) / len(some)
    trigrams.close()
    return [
        Line(
            "Suggest",
            f"right word in the top {SHOWN} for ≥ {LEAST_RIGHT:.0%} of {len(pairs)} pairs",
            f"{right:.1%}",
            f"symspellpy {symspell['right']:.1%}, pg_trgm {by_trigrams:.1%}",
            right >= LEAST_RIGHT,
        ),
        Line(
            "Suggest",
            f"p95 ≤ {MOST_P95_MILLISECONDS:.0f} ms",
            f"{times(taken)} ms over gRPC, {times(ours)} ms in process",
            f"symspellpy in process {times(symspell['milliseconds'])} ms",
            percentile(taken, 0.95) <= MOST_P95_MILLISECONDS,
        ),
    ]


def _pairs(vocabulary: dict[str, int]) -> list[tuple[str, str]]:
    possible = [
        (typed, word)
        for typed, word in misspellings()
        if word in vocabulary and typed not in vocabulary and edits(typed, word) <= MOST_EDITS
    ]
    return random.Random(3).sample(possible, min(PAIRS, len(possible)))


def edits(one: str, other: str) -> int:
    """Damerau-Levenshtein distance of adjacent transpositions."""
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 < column and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]


def _request(typed: str) -> SuggestRequest:
    return SuggestRequest(typed=typed, limit=SHOWN)
