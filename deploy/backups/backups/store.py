"""A store that speaks S3. Keys, region and address come from the usual variables (AWS_…)."""

from collections.abc import Iterator
from typing import IO

import obstore
from obstore.store import S3Store

CHUNK_BYTES = 8 * 1024 * 1024


def put(url: str, content: IO[bytes]) -> None:
    """The object is there when it is whole, or not at all."""
    store, path = _place(url)
    obstore.put(store, path, _chunks(content), chunk_size=CHUNK_BYTES)


def get(url: str, output: IO[bytes]) -> None:
    store, path = _place(url)
    for chunk in obstore.get(store, path).stream(min_chunk_size=CHUNK_BYTES):
        output.write(chunk)
    output.flush()


def names(url: str) -> list[str]:
    """Of the objects below, without the URL before them."""
    store, prefix = _place(url)
    paths = [entry["path"] for page in obstore.list(store, prefix) for entry in page]
    return sorted(path.removeprefix(prefix).lstrip("/") for path in paths)


def delete(url: str) -> None:
    store, path = _place(url)
    obstore.delete(store, path)


def _place(url: str) -> tuple[S3Store, str]:
    """Settings in the environment say all but the bucket."""
    bucket, _, path = url.removeprefix("s3://").partition("/")
    return S3Store(bucket, client_options={"allow_http": True}), path


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK_BYTES):
        yield chunk
