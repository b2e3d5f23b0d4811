"""Search quality on Vaswani: 11,429 abstracts as long as posts, 93 queries, judged by people."""

from pathlib import Path

from local_stack.postgres import Postgres
from service_contracts.heavy_computation.v1.heavy_computation_pb2 import (
    SEARCH_ORDER_RELEVANCE,
    SearchRequest,
)

from system_tests.heavy_load import peers
from system_tests.heavy_load.corpora import vaswani
from system_tests.heavy_load.figures import Ranked, judge
from system_tests.heavy_load.instance import METADATA, Instance, as_post, indexed, number_of
from system_tests.heavy_load.report import Line

# As deep as mean average precision is computed everywhere.
DEPTH = 1_000
PAGE = 100

LEAST_NDCG = 0.45
LEAST_MAP = 0.297
LEAST_TIMES_POSTGRES = 1.24


def measure(postgres: Postgres, data: Path) -> list[Line]:
    judged = vaswani(data / "vaswani")
    # What a post keeps of a text is what every peer gets.
    texts = [" ".join(as_post(text)) for text in judged.texts]
    with indexed(postgres, "vaswani", texts) as instance:
        ours = judge([_search(instance, query) for query in judged.queries], judged.right)
        database = peers.PostgresSearch(instance.database_url)
        any_word = judge([database.search(each, DEPTH) for each in judged.queries], judged.right)
        all_words = judge(
            [database.search(each, DEPTH, all_words=True) for each in judged.queries], judged.right
        )
        database.close()
    asked = {"queries": judged.queries, "depth": DEPTH, "ranks": True}
    others = {
        name: judge(peers.library(program, texts, **asked)["ranked"], judged.right)
        for name, program in (("bm25s", "ranked_search"), ("tantivy-py", "search"))
    }
    others |= {"Postgres OR": any_word, "Postgres AND": all_words}
    return [
        _line("nDCG@10", "ndcg", LEAST_NDCG, ours, others),
        _line("MAP", "mean_average_precision", LEAST_MAP, ours, others),
        Line(
            "Search quality",
            f"nDCG@10 ≥ {LEAST_TIMES_POSTGRES}x Postgres OR",
            f"{ours.ndcg / any_word.ndcg:.2f}x",
            "",
            ours.ndcg >= LEAST_TIMES_POSTGRES * any_word.ndcg,
        ),
    ]


def _line(name: str, figure: str, least: float, ours: Ranked, others: dict[str, Ranked]) -> Line:
    value = getattr(ours, figure)
    shown = ", ".join(f"{peer} {getattr(each, figure):.3f}" for peer, each in others.items())
    return Line("Search quality", f"{name} ≥ {least}", f"{value:.3f}", shown, value >= least)


def _search(instance: Instance, query: str) -> list[int]:
    stub, found, token = instance.stub(), list[int](), ""
    while len(found) < DEPTH:
        request = SearchRequest(
            query=query, limit=PAGE, order=SEARCH_ORDER_RELEVANCE, page_token=token
        )
        answer = stub.Search(request, metadata=METADATA)
        found += [number_of(hit.post_id) for hit in answer.hits]
        token = answer.next_page_token
        if not token:
            break
    return found
