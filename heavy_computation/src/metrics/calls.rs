use std::time::Instant;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use tonic::Code;

/// Upper bounds of how long calls take, in seconds. None takes longer than the last.
const SECONDS: [f64; 12] =
    [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Method {
    grpc_method: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Handled {
    grpc_method: &'static str,
    grpc_code: &'static str,
}

/// The calls, under the names that gRPC servers in other languages use, too. Cheap to clone.
#[derive(Clone)]
pub(crate) struct CallMetrics {
    handled: Family<Handled, Counter>,
    seconds: Family<Method, Histogram, fn() -> Histogram>,
    under_way: Family<Method, Gauge>,
}

impl CallMetrics {
    pub(super) fn registered(registry: &mut Registry) -> Self {
        let metrics = Self {
            handled: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            under_way: Family::default(),
        };
        let (handled, seconds) = (metrics.handled.clone(), metrics.seconds.clone());
        registry.register("grpc_server_handled", "Calls, by how they ended", handled);
        registry.register("grpc_server_handling_seconds", "How long calls took", seconds);
        let under_way = metrics.under_way.clone();
        registry.register("grpc_server_under_way", "Calls that have not ended yet", under_way);
        metrics
    }

    pub(crate) fn begin(&self, method: &'static str) -> MeasuredCall {
        let under_way = self.under_way.get_or_create_owned(&Method { grpc_method: method });
        under_way.inc();
        MeasuredCall {
            metrics: self.clone(),
            method,
            under_way,
            started: Instant::now(),
            code: Code::Cancelled,
        }
    }
}

/// A call that counts as cancelled by its caller if it is dropped before it has ended.
pub(crate) struct MeasuredCall {
    metrics: CallMetrics,
    method: &'static str,
    under_way: Gauge,
    started: Instant,
    code: Code,
}

impl MeasuredCall {
    pub(crate) fn end(&mut self, code: Code) {
        self.code = code;
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

impl Drop for MeasuredCall {
    fn drop(&mut self) {
        let (grpc_method, grpc_code) = (self.method, name_of(self.code));
        self.metrics.handled.get_or_create(&Handled { grpc_method, grpc_code }).inc();
        self.metrics.seconds.get_or_create(&Method { grpc_method }).observe(self.seconds());
        self.under_way.dec();
    }
}

/// As the contract and the other services call it.
pub(crate) fn name_of(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
