"""bm25s with a Snowball stemmer, k1 = 0.9 and b = 0.4: the best of the published settings."""

from typing import Any

import bm25s
import Stemmer

from heavy_peers import task


def measure(given: dict[str, Any]) -> dict[str, Any]:
    texts = task.lines(given["texts"])
    stemmer = Stemmer.Stemmer("english")

    def tokens(of: list[str]) -> Any:
        return bm25s.tokenize(of, stopwords="en", stemmer=stemmer, show_progress=False)

    retriever = bm25s.BM25(k1=0.9, b=0.4)
    retriever.index(tokens(texts), show_progress=False)
    depth = min(given["depth"], len(texts))

    def ranked(query: str) -> list[int]:
        found, scores = retriever.retrieve(tokens([query]), k=depth, show_progress=False)
        pairs = zip(found[0], scores[0], strict=True)
        return [int(number) for number, score in pairs if score > 0]

    return {
        "ranked": [ranked(query) for query in given["queries"]],
        "milliseconds": task.milliseconds_of_each(ranked, given["queries"]),
    }


task.run(measure)
