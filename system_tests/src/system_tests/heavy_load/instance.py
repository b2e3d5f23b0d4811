"""heavy_computation over posts of ours: real Postgres, real service, real change table."""

import hashlib
import os
import re
import secrets
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import psycopg
from grpc_health.v1 import health_pb2, health_pb2_grpc
from local_stack.child_processes import ChildProcess
from local_stack.ports import LOOPBACK, free_port
from local_stack.postgres import Postgres
from service_contracts.heavy_computation.v1.heavy_computation_pb2_grpc import (
    HeavyComputationServiceStub,
)

from system_tests.heavy_load.paths import HEAVY_COMPUTATION
from system_tests.load.servers import migrate_database

START_SECONDS = 300.0
# The service builds its index meanwhile, on the cores that a question takes, too.
SECONDS_BETWEEN_QUESTIONS = 0.25
TOKEN = secrets.token_hex(16)
METADATA = (("authorization", f"Bearer {TOKEN}"),)
AUTHORS = 1_000
LONGEST_TITLE = 60
FIRST_POST_MILLISECONDS = 1_760_000_000_000
MILLISECONDS_BETWEEN_POSTS = 997

_AUTHORS = f"""
    insert into users (username, username_key, email, email_key, password_hash)
    select 'member_' || n, 'member_' || n, n || '@decoupled.dev', n || '@decoupled.dev', 'none'
    from generate_series(1, {AUTHORS}) n returning id"""
_POSTS = "copy posts (id, author_id, title, content) from stdin"
# Serves last of all operations: it needs the index and every post in memory.
_LAST_TO_SERVE = "heavy_computation.v1.HeavyComputationService/Related"
# What the service logs goes to a file: to read it takes a quarter of a search, on the same cores.
_LOGGING_TO = 'exec "$0" > "$1"'
_BUILT = re.compile(r"built the index anew posts=(\d+) seconds=([\d.]+)")


@dataclass
class Instance:
    """One index over one set of texts; a post's id holds the number of its text."""

    database_url: str
    address: str
    program: ChildProcess
    folder: Path
    posts: int
    built_in_seconds: float

    def stub(self) -> HeavyComputationServiceStub:
        return HeavyComputationServiceStub(grpc.insecure_channel(self.address))

    @property
    def bytes_per_post(self) -> float:
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return sum(file.stat().st_size for file in files) / self.posts

    @property
    def resident_bytes(self) -> int:
        status = Path(f"/proc/{self.program.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def id_of(number: int) -> uuid.UUID:
    """A UUIDv7, as Postgres makes them: what is random in one takes its place in an index."""
    random = int.from_bytes(hashlib.blake2b(number.to_bytes(8), digest_size=10).digest())
    milliseconds = FIRST_POST_MILLISECONDS + number * MILLISECONDS_BETWEEN_POSTS
    high = milliseconds << 16 | 0x7000 | random >> 68
    return uuid.UUID(int=high << 64 | 1 << 63 | random & (1 << 62) - 1)


def number_of(post_id: str | uuid.UUID) -> int:
    milliseconds = uuid.UUID(str(post_id)).int >> 80
    return (milliseconds - FIRST_POST_MILLISECONDS) // MILLISECONDS_BETWEEN_POSTS


@contextmanager
def indexed(postgres: Postgres, name: str, texts: Sequence[str]) -> Iterator[Instance]:
    """Writes the texts as posts, and yields the service once it has built its index of them."""
    url = postgres.create_database(name)
    migrate_database(url)
    _fill(url, texts)
    _let_the_disk_catch_up()
    with tempfile.TemporaryDirectory(prefix="bench-heavy-") as folder:
        yield from _serving(postgres, name, url, Path(folder), len(texts))


def _serving(
    postgres: Postgres, name: str, url: str, folder: Path, posts: int
) -> Iterator[Instance]:
    index, log = folder / "index", folder / "log"
    index.mkdir()
    address = f"{LOOPBACK}:{free_port()}"
    environment = {
        "HEAVY_COMPUTATION_BIND": address,
        "PUBLISHED_DATABASE_URL": postgres.published_url_of(name),
        "INDEX_FOLDER": str(index),
        "SERVICE_TOKEN": TOKEN,
    }
    command = ["sh", "-c", _LOGGING_TO, str(HEAVY_COMPUTATION), str(log)]
    program = ChildProcess("heavy_computation", command, environment=environment)
    began = time.perf_counter()
    program.start()
    try:
        program.wait_until(lambda: _is_serving(address), START_SECONDS)
        built = _BUILT.search(log.read_text())
        seconds = float(built[2]) if built else time.perf_counter() - began
        _let_the_disk_catch_up()
        yield Instance(url, address, program, index, posts, seconds)
    finally:
        program.stop()


def _let_the_disk_catch_up() -> None:
    """What was just written is not to be carried to the disk while something is timed."""
    os.sync()


def _fill(url: str, texts: Sequence[str]) -> None:
    with psycopg.connect(url) as connection:
        authors = [row[0] for row in connection.execute(_AUTHORS)]
        # Nobody follows the changes yet: the index is built from the posts.
        connection.execute("alter table posts disable trigger user")
        with connection.cursor().copy(_POSTS) as copy:
            copy.set_types(["uuid", "uuid", "text", "text"])
            for number, text in enumerate(texts):
                title, content = as_post(text)
                copy.write_row((id_of(number), authors[number % AUTHORS], title, content))
        connection.execute("alter table posts enable trigger user")
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze posts")


def as_post(text: str) -> tuple[str, str]:
    """The first words as the title, the others as the content."""
    title = text[: LONGEST_TITLE + 1].rpartition(" ")[0] or text[:LONGEST_TITLE]
    return title, text[len(title) :].strip()[:500] or "."


def _is_serving(address: str) -> bool:
    time.sleep(SECONDS_BETWEEN_QUESTIONS)
    with grpc.insecure_channel(address) as channel:
        # Its type stubs leave the methods of the stub out.
        check = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
        try:
            answer = check(health_pb2.HealthCheckRequest(service=_LAST_TO_SERVE), timeout=1)
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
