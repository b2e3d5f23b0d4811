use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tonic::codegen::http::{HeaderMap, Request};
use tracing::{Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

const LONGEST_REQUEST_ID: usize = 128;

/// Everything logged during a call names the call and the caller's own id for it; in a trace, the call
/// is a part of what the caller does.
pub(crate) fn span_of(request: &Request<()>) -> Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or("-");
    let id = id.get(..LONGEST_REQUEST_ID).unwrap_or(id);
    let method = request.uri().path().trim_start_matches('/');
    let span =
        info_span!("call", otel.name = method, otel.kind = "server", method, request_id = id);
    let parent = TraceContextPropagator::new().extract(&Headers(request.headers()));
    // Refused when nobody collects traces.
    let _ = span.set_parent(parent);
    span
}

struct Headers<'request>(&'request HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}
