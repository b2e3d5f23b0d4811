"""Measures of rankings and of times."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

DEPTH = 10


@dataclass(frozen=True)
class Ranked:
    ndcg: float
    mean_average_precision: float


def judge(ranked: Sequence[Sequence[int]], right: Sequence[set[int]]) -> Ranked:
    """nDCG at 10 and mean average precision, over queries that have an answer."""
    pairs = [(found, good) for found, good in zip(ranked, right, strict=True) if good]
    return Ranked(mean(_ndcg(*pair) for pair in pairs), mean(_precision(*pair) for pair in pairs))


def _ndcg(found: Sequence[int], good: set[int]) -> float:
    gained = sum(1 / math.log2(at + 2) for at, each in enumerate(found[:DEPTH]) if each in good)
    return gained / sum(1 / math.log2(at + 2) for at in range(min(DEPTH, len(good))))


def _precision(found: Sequence[int], good: set[int]) -> float:
    places = [at for at, each in enumerate(found, 1) if each in good]
    return sum(number / at for number, at in enumerate(places, 1)) / len(good)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def times(milliseconds: Sequence[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    return " / ".join(f"{percentile(milliseconds, share):.2f}" for share in (0.5, 0.95, 0.99))


def pearson(first: Sequence[float], second: Sequence[float]) -> float:
    from statistics import correlation

    return correlation(first, second)
