"""`python -m system_tests.load.searching`: what a search costs when there is much to search.

Bar A4 of docs/performance.md, the other half of which `large` measures. About two minutes.
"""

import tempfile
from pathlib import Path

from local_stack.postgres import running_postgres

from system_tests.heavy_load import api_search
from system_tests.heavy_load.corpora import synthetic
from system_tests.heavy_load.instance import indexed
from system_tests.heavy_load.report import HEADING, shown

POSTS = 500_000


def main() -> None:
    texts = synthetic(POSTS)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder)) as postgres,
        indexed(postgres, "searched", texts) as instance,
    ):
        print(HEADING)
        for line in api_search.measure(postgres, instance, texts):
            print(shown(line))


if __name__ == "__main__":
    main()
