"""Speed and size of search over synthetic posts: index, memory, latency, visibility."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Sequence
from statistics import mean
from typing import Any

import psycopg
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    SEARCH_ORDER_RELEVANCE,
    SearchRequest,
)

from system_tests.heavy_load import peers
from system_tests.heavy_load.calls import (
    milliseconds_at,
    milliseconds_in_turn,
    share_of_the_caller,
)
from system_tests.heavy_load.figures import percentile, times
from system_tests.heavy_load.in_process import engines
from system_tests.heavy_load.instance import METADATA, Instance
from system_tests.heavy_load.report import Line

QUERIES = 600
# The most frequent words are in no query: Postgres and tantivy-py's peers would drop some of them.
WORDS_LEFT_OUT = 50
DEPTH = 10
RATE = 100
SECONDS = 10.0
NEW_POSTS = 100
POLL_SECONDS = 0.001

MEMORY_BASE_BYTES = 150 * 1024**2
MEMORY_BYTES_OF_POST = 400
MOST_INDEX_BYTES_OF_POST = 130
MOST_REBUILD_SECONDS = 30.0
MOST_VISIBLE_MILLISECONDS = 20.0
MOST_GRPC_MILLISECONDS = 5.0
LEAST_TIMES_TANTIVY = 1.5
LEAST_TIMES_POSTGRES = 100
LEAST_TIMES_POSTGRES_BUILD = 3.0


def queries(texts: Sequence[str]) -> list[str]:
    """One to three words each, as frequent as in the texts."""
    chance = random.Random(2)
    sample = chance.sample(texts, min(len(texts), 20_000))
    counted = Counter(word for text in sample for word in text.lower().split())
    common = {word for word, _ in counted.most_common(WORDS_LEFT_OUT)}
    words = [
        word
        for text in sample
        for word in text.lower().split()
        if word.isalpha() and len(word) > 2 and word not in common
    ]
    return [" ".join(chance.choices(words, k=chance.choice((1, 2, 2, 3)))) for _ in range(QUERIES)]


def measure(instance: Instance, texts: Sequence[str]) -> list[Line]:
    asked = queries(texts)
    grpc = milliseconds_at(RATE, SECONDS, instance, "Search", _request, asked)
    # As a search that was sent off, not one that is being typed: the peers complete no words.
    sent_off = [f"{query} " for query in asked]
    in_turn = milliseconds_in_turn(instance, "Search", _request, sent_off)
    # Before Postgres gets an index of its own, which slows its writes down.
    visible = _until_visible(instance)
    memory = instance.resident_bytes
    index_alone = peers.seconds_of_index_alone(instance.database_url)
    database = peers.PostgresSearch(instance.database_url)
    began = [time.perf_counter()]
    for query in asked:
        database.search(query, DEPTH)
        began.append(time.perf_counter())
    postgres = [(after - before) * 1000 for before, after in itertools.pairwise(began)]
    database.close()
    tantivy = peers.library("search", texts, queries=asked, depth=DEPTH, ranks=False)
    ours = engines(texts, DEPTH, queries=sent_off)
    return [
        *_build_lines(instance, ours, tantivy, database, index_alone),
        *_size_lines(instance, memory, tantivy, database),
        _visible_line(visible),
        share_of_the_caller(RATE, SECONDS, instance),
        *_speed_lines(grpc, in_turn, postgres),
        *_in_process_lines(ours, tantivy["milliseconds"]),
    ]


def _build_lines(
    instance: Instance,
    ours: dict[str, float],
    tantivy: dict[str, float],
    database: peers.PostgresSearch,
    index_alone: float,
) -> list[Line]:
    rate, by_tantivy = ours["posts_per_second"], tantivy["posts_per_second"]
    by_postgres = instance.posts / database.built_in_seconds
    from_postgres = instance.posts / instance.built_in_seconds
    return [
        Line(
            "Index",
            "build ≥ 1x tantivy-py's",
            f"{rate:,.0f} posts/s in process",
            f"tantivy-py {by_tantivy:,.0f}",
            rate >= by_tantivy,
        ),
        Line(
            "Index",
            f"build ≥ {LEAST_TIMES_POSTGRES_BUILD:.0f}x Postgres's",
            f"{from_postgres:,.0f} posts/s read from Postgres",
            f"Postgres {by_postgres:,.0f}"
            f" ({instance.posts / index_alone:,.0f} without what it ranks by)",
            from_postgres >= LEAST_TIMES_POSTGRES_BUILD * by_postgres,
        ),
        Line(
            "Index",
            f"1 M posts rebuilt from Postgres in < {MOST_REBUILD_SECONDS:.0f} s",
            f"{instance.posts:,} in {instance.built_in_seconds:.1f} s,"
            f" {from_postgres:,.0f} posts/s",
            "",
            1e6 / from_postgres < MOST_REBUILD_SECONDS,
        ),
    ]


def _size_lines(
    instance: Instance, memory: int, tantivy: dict[str, float], database: peers.PostgresSearch
) -> list[Line]:
    limit = MEMORY_BASE_BYTES + MEMORY_BYTES_OF_POST * instance.posts
    return [
        Line(
            "Index",
            f"≤ {MOST_INDEX_BYTES_OF_POST} B/post",
            f"{instance.bytes_per_post:.0f}",
            f"tantivy-py {tantivy['bytes_per_post']:.0f}, "
            f"Postgres {database.bytes / instance.posts:.0f}",
            instance.bytes_per_post <= MOST_INDEX_BYTES_OF_POST,
        ),
        Line(
            "Memory (A6)",
            "≤ 150 MB + 400 B/post",
            f"{memory / 1024**2:.0f} MB resident",
            f"limit {limit / 1024**2:.0f} MB",
            memory <= limit,
        ),
    ]


def _speed_lines(
    grpc: Sequence[float], in_turn: Sequence[float], postgres: Sequence[float]
) -> list[Line]:
    of_postgres = percentile(postgres, 0.5)
    p50_ratio = of_postgres / percentile(in_turn, 0.5)
    return [
        Line(
            "Search speed",
            f"gRPC p99 ≤ {MOST_GRPC_MILLISECONDS:.0f} ms at {RATE}/s, open loop",
            f"{times(grpc)} ms",
            "",
            percentile(grpc, 0.99) <= MOST_GRPC_MILLISECONDS,
        ),
        Line(
            "Search speed",
            f"p50 ≥ {LEAST_TIMES_POSTGRES}x Postgres OR, one after another",
            f"{times(in_turn)} ms over gRPC, {p50_ratio:.0f}x"
            f" (at {RATE}/s {of_postgres / percentile(grpc, 0.5):.0f}x)",
            f"Postgres {times(postgres)} ms",
            p50_ratio >= LEAST_TIMES_POSTGRES,
        ),
    ]


def _in_process_lines(ours: dict[str, Any], tantivy: Sequence[float]) -> list[Line]:
    ranked = ours["search"]["milliseconds"]
    highlighted = ours["search_with_highlights"]["milliseconds"]
    ratio = mean(tantivy) / mean(ranked)
    return [
        Line(
            "Search speed",
            "in process, OR: p99 ≤ tantivy-py's",
            f"{times(ranked)} ms, with highlights {times(highlighted)} ms",
            f"tantivy-py {times(tantivy)} ms",
            percentile(ranked, 0.99) <= percentile(tantivy, 0.99),
        ),
        Line(
            "Search speed",
            f"in process, OR: throughput ≥ {LEAST_TIMES_TANTIVY}x tantivy-py's",
            f"{1000 / mean(ranked):,.0f} a second, {ratio:.2f}x",
            f"tantivy-py {1000 / mean(tantivy):,.0f}",
            ratio >= LEAST_TIMES_TANTIVY,
        ),
    ]


def _visible_line(visible: Sequence[float]) -> Line:
    return Line(
        "Index",
        f"visible p99 ≤ {MOST_VISIBLE_MILLISECONDS:.0f} ms after the commit",
        f"{times(visible)} ms",
        "",
        percentile(visible, 0.99) <= MOST_VISIBLE_MILLISECONDS,
    )


def _until_visible(instance: Instance) -> list[float]:
    """Milliseconds from the commit of a post until a search finds it."""
    stub, taken = instance.stub(), []
    with psycopg.connect(instance.database_url, autocommit=True) as connection:
        for number in range(NEW_POSTS):
            word = f"visible{number}q"
            connection.execute(
                "insert into posts (author_id, title, content)"
                " select id, %s, 'seen at once' from users limit 1",
                [word],
            )
            began = time.perf_counter()
            connection.execute("select pg_notify('changes', '')")
            while not stub.Search(_request(word), metadata=METADATA).hits:
                time.sleep(POLL_SECONDS)
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def _request(query: str) -> SearchRequest:
    return SearchRequest(query=query, limit=DEPTH, order=SEARCH_ORDER_RELEVANCE)
