"""Related posts: texts of one topic (Reuters, newsgroups), and how alike people find them (Lee)."""

import itertools
import random
from collections.abc import Sequence
from statistics import mean

from local_stack.postgres import Postgres
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import RelatedRequest

from system_tests.heavy_load import peers
from system_tests.heavy_load.calls import milliseconds_at
from system_tests.heavy_load.corpora import lee, newsgroups, reuters
from system_tests.heavy_load.figures import pearson, percentile, times
from system_tests.heavy_load.in_process import engines
from system_tests.heavy_load.instance import METADATA, Instance, as_post, id_of, indexed, number_of
from system_tests.heavy_load.report import Line

ASKED = 1_000
DEPTH = 10
MOST_RELATED = 50
RATE = 50
SECONDS = 10.0

LEAST_PRECISION = 0.825
LEAST_CORRELATION = 0.60
MOST_P95_MILLISECONDS = 5.0


def measure_quality(postgres: Postgres) -> list[Line]:
    return [
        _topics_line(postgres, "reuters", *reuters(), LEAST_PRECISION),
        # Nothing is asked of this one: it shows whether the figures above are tuned to a file.
        _topics_line(postgres, "newsgroups", *newsgroups(), None),
        _lee_line(postgres),
    ]


def measure_speed(instance: Instance) -> list[Line]:
    asked = random.Random(4).sample(range(instance.posts), ASKED)
    taken = milliseconds_at(RATE, SECONDS, instance, "Related", _request, asked)
    return [
        Line(
            "Related",
            f"p95 ≤ {MOST_P95_MILLISECONDS:.0f} ms at {instance.posts:,} posts",
            f"{times(taken)} ms over gRPC, {RATE}/s",
            "",
            percentile(taken, 0.95) <= MOST_P95_MILLISECONDS,
        )
    ]


def _topics_line(
    postgres: Postgres, name: str, texts: list[str], topics: list[str], least: float | None
) -> Line:
    texts = [" ".join(as_post(text)) for text in texts]
    asked = random.Random(5).sample(range(len(texts)), ASKED)
    with indexed(postgres, name, texts) as instance:
        stub = instance.stub()
        found = [
            [
                number_of(post.post_id)
                for post in stub.Related(_request(each), metadata=METADATA).posts
            ]
            for each in asked
        ]
    others = peers.library("related", texts, asked=asked, depth=DEPTH, pairs=False)
    taken = mean(engines(texts, DEPTH, asked=asked)["related"]["milliseconds"])

    def precision(ranked: Sequence[Sequence[int]]) -> float:
        right = sum(
            topics[each] == topics[number]
            for number, row in zip(asked, ranked, strict=True)
            for each in row
        )
        return right / (DEPTH * len(asked))

    ours = precision(found)
    return Line(
        "Related",
        f"P@10 ≥ {least} on {name}" if least else f"(for comparison) P@10 on {name}",
        f"{ours:.3f} ({taken:.1f} ms)",
        f"bm25s {precision(others['bm25']):.3f} ({others['bm25_milliseconds']:.1f} ms), "
        f"tf-idf {precision(others['cosine']):.3f} ({others['cosine_milliseconds']:.1f} ms)",
        ours >= least if least else None,
    )


def _lee_line(postgres: Postgres) -> Line:
    """Among the texts published with them to count words in: 50 alone tell little of any."""
    compared = lee()
    texts = [" ".join(as_post(text)) for text in compared.texts + compared.background]
    numbers = range(len(compared.texts))
    with indexed(postgres, "lee", texts) as instance:
        stub = instance.stub()
        scores = []
        for number in numbers:
            request = RelatedRequest(post_id=str(id_of(number)), limit=MOST_RELATED)
            posts = stub.Related(request, metadata=METADATA).posts
            scores.append({number_of(post.post_id): post.score for post in posts})
    cosine = peers.library("related", texts, asked=[], depth=DEPTH, pairs=True)["similarities"]
    pairs = list(itertools.combinations(numbers, 2))
    people = [compared.similarities[one][other] for one, other in pairs]
    # A score is of one post's question; a pair's similarity is the mean of both questions.
    ours = pearson([scores[a].get(b, 0) + scores[b].get(a, 0) for a, b in pairs], people)
    return Line(
        "Related",
        f"r ≥ {LEAST_CORRELATION:.2f} with people on Lee",
        f"{ours:.3f}",
        f"tf-idf {pearson([cosine[a][b] for a, b in pairs], people):.3f}",
        ours >= LEAST_CORRELATION,
    )


def _request(number: int) -> RelatedRequest:
    return RelatedRequest(post_id=str(id_of(number)), limit=DEPTH)
