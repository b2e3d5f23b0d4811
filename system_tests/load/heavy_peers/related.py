"""tf-idf cosine of scikit-learn, and bm25s asked with the 25 words of the highest tf-idf."""

import time
from typing import Any

import bm25s
import numpy as np
import Stemmer
from sklearn.feature_extraction.text import TfidfVectorizer

from heavy_peers import task

MOST_WORDS = 25


def measure(given: dict[str, Any]) -> dict[str, Any]:
    texts = task.lines(given["texts"])
    asked, depth = given["asked"], given["depth"]
    vectorizer = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    vectors = vectorizer.fit_transform(texts)
    if given["pairs"]:
        return {"similarities": (vectors @ vectors.T).toarray().tolist()}
    began = time.perf_counter()
    cosine = [_best(vectors @ vectors[number].T, number, depth) for number in asked]
    cosine_milliseconds = (time.perf_counter() - began) * 1000 / len(asked)
    figures = {"cosine": cosine, "cosine_milliseconds": cosine_milliseconds}
    return figures | _bm25(texts, vectorizer, vectors, asked, depth)


def _bm25(
    texts: list[str], vectorizer: TfidfVectorizer, vectors: Any, asked: list[int], depth: int
) -> dict[str, Any]:
    stemmer = Stemmer.Stemmer("english")

    def tokens(of: list[str]) -> Any:
        return bm25s.tokenize(of, stopwords="en", stemmer=stemmer, show_progress=False)

    retriever = bm25s.BM25(k1=0.9, b=0.4)
    retriever.index(tokens(texts), show_progress=False)
    names = vectorizer.get_feature_names_out()
    began = time.perf_counter()
    ranked = []
    for number in asked:
        row = vectors[number]
        words = " ".join(names[row.indices[np.argsort(-row.data)[:MOST_WORDS]]])
        found, _ = retriever.retrieve(tokens([words]), k=depth + 1, show_progress=False)
        ranked.append([int(each) for each in found[0] if each != number][:depth])
    taken = (time.perf_counter() - began) * 1000 / len(asked)
    return {"bm25": ranked, "bm25_milliseconds": taken}


def _best(column: Any, number: int, depth: int) -> list[int]:
    scores = column.toarray().ravel()
    scores[number] = -1
    best = np.argpartition(-scores, depth)[:depth]
    return [int(each) for each in best[np.argsort(-scores[best])]]


task.run(measure)
