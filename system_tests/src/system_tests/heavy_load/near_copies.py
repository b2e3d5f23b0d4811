"""Near-copies: short messages of which some words were changed, by how many of them are found."""

import random
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from local_stack.postgres import Postgres
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import CheckDuplicateRequest

from system_tests.heavy_load import peers
from system_tests.heavy_load.calls import milliseconds_at
from system_tests.heavy_load.corpora import short_messages
from system_tests.heavy_load.figures import times
from system_tests.heavy_load.in_process import engines
from system_tests.heavy_load.instance import METADATA, as_post, indexed, number_of
from system_tests.heavy_load.report import Line

SHORTEST_TEXT = 60
# Of the words of a copy, how many are changed, and the share of copies that is to be found.
LEAST_RECALL_OF_RATE = {0.1: 0.995, 0.2: 0.985}
MOST_MICROSECONDS = 40.0
LEAST_TIMES_DATASKETCH = 6.0
THRESHOLD = 0.5
MOST_NEAR_COPIES = 20
RATE = 100
SECONDS = 10.0


def measure(postgres: Postgres, data: Path) -> list[Line]:
    texts = [" ".join(as_post(text)) for text in short_messages(data, SHORTEST_TEXT)]
    lines = []
    with indexed(postgres, "near_copies", texts) as instance:
        stub = instance.stub()
        for rate, least in LEAST_RECALL_OF_RATE.items():
            copies = _copies(texts, rate)
            answers = [
                [
                    number_of(each.post_id)
                    for each in stub.CheckDuplicate(_request(text), metadata=METADATA).near_copies
                ]
                for _, text in copies
            ]
            other = peers.library("near_copies", texts, copies=copies)
            lines += [
                _recall_line(texts, copies, answers, other, least),
                *_speed_lines(texts, copies, other),
            ]
        asked = [text for _, text in copies]
        taken = milliseconds_at(RATE, SECONDS, instance, "CheckDuplicate", _request, asked)
    lines.append(
        Line("CheckDuplicate", "(for comparison) over gRPC", f"{times(taken)} ms", "", None)
    )
    return lines


def _speed_lines(
    texts: Sequence[str], copies: Sequence[tuple[int, str]], other: dict[str, Any]
) -> list[Line]:
    """Shingles, sketch, candidates and, ours alone, comparison of the texts.

    One thread each; in bulk, each takes two where it can. Python cuts rensa's shingles in one.
    """
    asked = [as_post(text) for _, text in copies]
    figures = engines(texts, MOST_NEAR_COPIES, copies=asked, min_similarity=THRESHOLD)
    ours = mean(figures["near_copies"]["milliseconds"]) * 1000
    ours_in_bulk = len(asked) / figures["near_copies_in_bulk_seconds"]
    datasketch, rensa = other["datasketch"]["microseconds"], other["rensa"]["microseconds"]
    rensa_in_bulk = 1e6 / other["rensa"]["bulk_microseconds"]
    return [
        Line(
            "CheckDuplicate",
            f"one post ≤ {MOST_MICROSECONDS:.0f} µs in process,"
            f" ≥ {LEAST_TIMES_DATASKETCH:.0f}x datasketch",
            f"{ours:.1f} µs, {datasketch / ours:.1f}x",
            f"datasketch {datasketch:.0f} µs, rensa {rensa:.0f} µs",
            ours <= MOST_MICROSECONDS and datasketch >= LEAST_TIMES_DATASKETCH * ours,
        ),
        Line(
            "CheckDuplicate",
            "in bulk ≥ 1x rensa",
            f"{ours_in_bulk:,.0f} posts/s, {ours_in_bulk / rensa_in_bulk:.2f}x",
            f"rensa {rensa_in_bulk:,.0f}, without its shingles"
            f" {1e6 / other['rensa']['bulk_microseconds_of_shingles']:,.0f}",
            ours_in_bulk >= rensa_in_bulk,
        ),
    ]


def _recall_line(
    texts: Sequence[str],
    copies: Sequence[tuple[int, str]],
    answers: Sequence[Sequence[int]],
    other: dict[str, Any],
    least: float,
) -> Line:
    # Of those that still are alike: what changed too much is no copy any more.
    alike = [jaccard(text, texts[number]) >= THRESHOLD for number, text in copies]

    def recall(found: Sequence[bool]) -> float:
        return sum(f for f, is_copy in zip(found, alike, strict=True) if is_copy) / sum(alike)

    ours = recall([number in row for (number, _), row in zip(copies, answers, strict=True)])
    wrong = sum(
        jaccard(text, texts[each]) < THRESHOLD
        for (_, text), row in zip(copies, answers, strict=True)
        for each in row
    )
    similarity = mean(jaccard(text, texts[number]) for number, text in copies)
    return Line(
        "CheckDuplicate",
        f"recall ≥ {least} at J {similarity:.2f}, precision 1",
        f"{ours:.3f}, {wrong} wrong",
        ", ".join(f"{name} {recall(each['found']):.3f}" for name, each in other.items()),
        ours >= least and wrong == 0,
    )


def _copies(texts: Sequence[str], rate: float) -> list[tuple[int, str]]:
    """Number of the original, and the text with words replaced, left out or swapped."""
    chance = random.Random(6)
    words = [word for text in texts for word in text.split()]
    return [(number, _edited(text, rate, words, chance)) for number, text in enumerate(texts)]


def _edited(text: str, rate: float, words: Sequence[str], chance: random.Random) -> str:
    edited = text.split()
    for _ in range(max(1, round(rate * len(edited)))):
        place = chance.randrange(len(edited) - 1)
        match chance.randrange(3):
            case 0:
                edited[place] = chance.choice(words)
            case 1 if len(edited) > 2:
                del edited[place]
            case _:
                edited[place : place + 2] = reversed(edited[place : place + 2])
    return " ".join(edited)


def jaccard(one: str, other: str) -> float:
    first, second = _grams(one), _grams(other)
    return len(first & second) / len(first | second)


def _grams(text: str) -> set[str]:
    folded = " ".join(text.casefold().split())
    return {folded[at : at + 4] for at in range(max(1, len(folded) - 3))}


def _request(text: str) -> CheckDuplicateRequest:
    title, content = as_post(text)
    return CheckDuplicateRequest(
        title=title, content=content, min_similarity=THRESHOLD, limit=MOST_NEAR_COPIES
    )
