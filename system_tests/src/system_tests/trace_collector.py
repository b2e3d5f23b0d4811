"""Takes traces as OpenTelemetry's collector does, and keeps them for a test to look at."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

import grpc
from local_stack.ports import LOOPBACK
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)


class Step(NamedTuple):
    """A span, as far as tests look at it."""

    service: str
    name: str
    trace_id: str
    id: str
    parent_id: str


class TraceCollector(TraceServiceServicer):
    def __init__(self) -> None:
        self._lock = Lock()
        self._steps: list[Step] = []
        self.endpoint = ""

    # The rpc's name comes from OpenTelemetry's contract.
    def Export(  # noqa: N802
        self,
        request: ExportTraceServiceRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - as the contract has it
    ) -> ExportTraceServiceResponse:
        steps = [
            Step(
                _service_of(resource.resource.attributes),
                span.name,
                span.trace_id.hex(),
                span.span_id.hex(),
                span.parent_span_id.hex(),
            )
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        with self._lock:
            self._steps += steps
        return ExportTraceServiceResponse()

    def of_trace(self, trace_id: str) -> list[Step]:
        with self._lock:
            return [step for step in self._steps if step.trace_id == trace_id]


@contextmanager
def running_trace_collector() -> Iterator[TraceCollector]:
    collector = TraceCollector()
    server = grpc.server(ThreadPoolExecutor(4))
    add_TraceServiceServicer_to_server(collector, server)  # type: ignore[no-untyped-call]  # not typed
    port = server.add_insecure_port(f"{LOOPBACK}:0")
    collector.endpoint = f"http://{LOOPBACK}:{port}"
    server.start()
    try:
        yield collector
    finally:
        server.stop(grace=None).wait()


def _service_of(attributes: object) -> str:
    named = {each.key: each.value.string_value for each in attributes}  # type: ignore[attr-defined]
    return str(named.get("service.name", ""))
