"""What all calls of other services have in common."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypedDict

import grpc

from backend_server import metrics, request_id, tracing
from backend_server.grpc_errors import call_errors

OK: Final = grpc.StatusCode.OK.name


class CallOptions(TypedDict):
    # In seconds.
    timeout: float
    metadata: tuple[tuple[str, str], ...]


@contextmanager
def calling(method: str, service_token: str, deadline_seconds: float) -> Iterator[CallOptions]:
    """Around one call, measured and traced, with what it is to carry.

    Raises a `CallError` for each error of gRPC.
    """
    with (
        call_errors(),
        tracing.span(method, "CLIENT", attributes={"rpc.system": "grpc"}),
        _measured(method),
    ):
        yield {"timeout": deadline_seconds, "metadata": _metadata(service_token)}


@contextmanager
def _measured(method: str) -> Iterator[None]:
    started_at = time.perf_counter()
    code = OK
    try:
        yield
    except grpc.RpcError as error:
        code = _code_of(error)
        raise
    finally:
        metrics.CALLS.labels(method, code).inc()
        metrics.CALL_SECONDS.labels(method).observe(time.perf_counter() - started_at)


def _code_of(error: grpc.RpcError) -> str:
    status = error.code() if isinstance(error, grpc.Call) else grpc.StatusCode.UNKNOWN
    return str(status.name)


def _metadata(service_token: str) -> tuple[tuple[str, str], ...]:
    metadata = (
        ("authorization", f"Bearer {service_token}"),
        ("x-request-id", request_id.current()),
    )
    traceparent = tracing.traceparent()
    return (*metadata, (tracing.TRACEPARENT, traceparent)) if traceparent else metadata
