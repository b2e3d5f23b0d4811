"""Traces, for whoever collects them: one from a request to the calls and jobs that follow from it.

`OTEL_EXPORTER_OTLP_ENDPOINT` says where they go, over OTLP and gRPC, and OpenTelemetry's other
variables what else there is to say. Without it nothing of this is even imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

ENDPOINT_VARIABLE: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACEPARENT: Final = "traceparent"

Kind = Literal["SERVER", "CLIENT", "CONSUMER"]


class _Tracing:
    """Of this process: set once, when it starts."""

    tracer: Tracer | None = None


def start(service: str) -> None:
    """To be called in each process that is to be traced, after it was forked."""
    if not os.environ.get(ENDPOINT_VARIABLE):
        return
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _Tracing.tracer = provider.get_tracer(service)


@contextmanager
def span(
    name: str, kind: Kind, *, parent: str = "", attributes: Mapping[str, str | int] | None = None
) -> Iterator[Span | None]:
    """A step of a trace, as long as the block; None when nobody collects.

    Args:
        parent: a `traceparent` (W3C) that came from outside; default: the step it happens in.
    """
    if _Tracing.tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract({TRACEPARENT: parent}) if parent else None
    with _Tracing.tracer.start_as_current_span(
        name, context=context, kind=SpanKind[kind], attributes=attributes
    ) as step:
        yield step


def traceparent() -> str:
    """Of the current step, for what follows from it; empty when there is none."""
    if _Tracing.tracer is None:
        return ""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get(TRACEPARENT, "")
