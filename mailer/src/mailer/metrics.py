"""What the mailer counts and times, and where Prometheus reads it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from prometheus_client import Counter, Histogram, start_http_server

from mailer.environment import SettingError

# Upper bounds, in seconds: a call may wait for its turn at the provider.
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0)

# Under the names that gRPC servers in other languages use, too.
CALLS = Counter("grpc_server_handled", "Calls, by how they ended", ["grpc_method", "grpc_code"])
CALL_SECONDS = Histogram(
    "grpc_server_handling_seconds", "How long calls took", ["grpc_method"], buckets=_SECONDS
)
MAILS = Counter("mailer_mails", "Mails handed to the provider, by its answer", ["outcome"])


def serve(bind: str) -> None:
    """On a thread. Raises SettingError when the address, host:port, cannot be listened on."""
    host, _, port = bind.rpartition(":")
    try:
        start_http_server(int(port), host)
    except OSError as error:
        raise SettingError("MAILER_METRICS_BIND", f"cannot be listened on: {bind}") from error


class CallMeasure:
    """How one call ends."""

    code = grpc.StatusCode.OK


@contextmanager
def measured(method: str) -> Iterator[CallMeasure]:
    measure = CallMeasure()
    started_at = time.monotonic()
    try:
        yield measure
    finally:
        CALLS.labels(method, measure.code.name).inc()
        CALL_SECONDS.labels(method).observe(time.monotonic() - started_at)
