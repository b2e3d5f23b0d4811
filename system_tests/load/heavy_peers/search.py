"""tantivy-py: builds an index of all texts with two threads, then asks it each query."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import tantivy

from heavy_peers import task

THREADS = 2
HEAP_BYTES = 256 << 20


def measure(given: dict[str, Any]) -> dict[str, Any]:
    schema = tantivy.SchemaBuilder()
    schema.add_integer_field("number", stored=True, fast=True)
    schema.add_text_field("text", tokenizer_name="en_stem", index_option="position")
    folder = Path(tempfile.mkdtemp())
    try:
        return _measure(given, schema.build(), folder)
    finally:
        shutil.rmtree(folder)


def _measure(given: dict[str, Any], schema: tantivy.Schema, folder: Path) -> dict[str, Any]:
    texts = task.lines(given["texts"])
    index = tantivy.Index(schema, path=str(folder))
    began = time.perf_counter()
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=THREADS)
    for number, text in enumerate(texts):
        writer.add_document(tantivy.Document(number=number, text=text))
    writer.commit()
    writer.wait_merging_threads()
    built_in = time.perf_counter() - began
    index.reload()
    searcher = index.searcher()
    parsed = [index.parse_query(_words(query), ["text"]) for query in given["queries"]]
    depth = given["depth"]
    for query in parsed[:50]:
        searcher.search(query, depth)
    taken = task.milliseconds_of_each(lambda query: searcher.search(query, depth), parsed)
    ranked = [
        [searcher.doc(address)["number"][0] for _, address in searcher.search(query, depth).hits]
        for query in (parsed if given["ranks"] else [])
    ]
    size = sum(file.stat().st_size for file in folder.iterdir())
    return {
        "posts_per_second": len(texts) / built_in,
        "bytes_per_post": size / len(texts),
        "milliseconds": taken,
        "ranked": ranked,
    }


def _words(query: str) -> str:
    return " ".join(word for word in query.split() if word.isalnum())


task.run(measure)
