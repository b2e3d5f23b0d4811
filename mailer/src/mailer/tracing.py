"""Calls as parts of a trace; `OTEL_EXPORTER_OTLP_ENDPOINT` says who collects those, if anybody."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

ENDPOINT_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"
SERVICE = "mailer"
TRACEPARENT = "traceparent"


class _Tracing:
    """Of this process: set once, when it starts."""

    tracer: "Tracer | None" = None


def start() -> None:
    """Without the variable nothing of OpenTelemetry is even imported."""
    if not os.environ.get(ENDPOINT_VARIABLE):
        return
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _Tracing.tracer = provider.get_tracer(SERVICE)


@contextmanager
def span(method: str, metadata: Mapping[str, str]) -> Iterator[None]:
    """The call as a step of its caller's trace."""
    if _Tracing.tracer is None:
        yield
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract(metadata)
    with _Tracing.tracer.start_as_current_span(
        method,
        context=context,
        kind=SpanKind.SERVER,
        attributes={"rpc.system": "grpc", "request_id": metadata.get("x-request-id", "")},
    ):
        yield
