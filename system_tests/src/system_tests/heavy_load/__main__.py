"""`python -m system_tests.heavy_load`, from the root of the repository."""

import argparse
import gc
import tempfile
from collections.abc import Callable
from pathlib import Path

import grpc
from local_stack.postgres import Postgres, running_postgres

from system_tests.heavy_load import (
    api_search,
    near_copies,
    related,
    search_quality,
    search_speed,
    suggestions,
)
from system_tests.heavy_load.corpora import synthetic
from system_tests.heavy_load.instance import indexed
from system_tests.heavy_load.paths import data_folder
from system_tests.heavy_load.report import HEADING, Line, keep, shown
from system_tests.load.report import machine

DEFAULT_POSTS = 500_000
Measure = Callable[[], list[Line]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=DEFAULT_POSTS, help="synthetic ones")
    parser.add_argument("--only", choices=["quality", "speed"], help="half of it")
    options = parser.parse_args()
    conditions = machine() | vars(options)
    lines: list[Line] = []
    print(HEADING, flush=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder), fast=True) as postgres,
    ):
        if options.only != "speed":
            lines += measure_quality(postgres, data_folder())
        if options.only != "quality":
            lines += measure_speed(postgres, options.posts)
    print(", ".join(f"{name} {value}" for name, value in conditions.items()))
    print("Times are p50 / p95 / p99.")
    print(f"Kept in {keep(lines, conditions)}")


def measure_quality(postgres: Postgres, data: Path) -> list[Line]:
    return [
        *_printed("Search quality", lambda: search_quality.measure(postgres, data)),
        *_printed("Related", lambda: related.measure_quality(postgres)),
        *_printed("CheckDuplicate", lambda: near_copies.measure(postgres, data)),
    ]


def measure_speed(postgres: Postgres, posts: int) -> list[Line]:
    texts = synthetic(posts)
    # To look through all of them for garbage takes Python a tenth of a second, which would count as
    # the answer's.
    gc.freeze()
    with indexed(postgres, "synthetic", texts) as instance:
        return [
            *_printed("Search over the API", lambda: api_search.measure(postgres, instance, texts)),
            *_printed("Search speed", lambda: search_speed.measure(instance, texts)),
            *_printed("Suggest", lambda: suggestions.measure(postgres, instance, texts)),
            *_printed("Related", lambda: related.measure_speed(instance)),
        ]


def _printed(operation: str, measure: Measure) -> list[Line]:
    """Prints what was measured, or that the service does not have the operation."""
    try:
        lines = measure()
    except grpc.RpcError as error:
        # Two classes, of calls that wait and of those that do not, have it without a common base.
        code = getattr(error, "code", lambda: None)()
        if code != grpc.StatusCode.UNIMPLEMENTED:
            raise
        lines = [Line(operation, "", "the service does not have it", "", None)]
    for line in lines:
        print(shown(line), flush=True)
    return lines


if __name__ == "__main__":
    main()
