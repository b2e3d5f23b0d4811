use std::env;

use opentelemetry_otlp::{ExporterBuildError, SpanExporter};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::warn;

/// Where traces are collected, over OTLP and gRPC. The name is OpenTelemetry's own, and so are those of
/// all further settings.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// Why no traces can be sent.
#[derive(Debug, thiserror::Error)]
#[error("{ENDPOINT}: {0}")]
pub struct TraceError(#[from] ExporterBuildError);

/// Traces on their way to whoever collects them, if anybody does.
pub struct Traces {
    pub(super) provider: Option<SdkTracerProvider>,
}

impl Traces {
    pub(super) fn from_environment() -> Result<Self, TraceError> {
        if env::var(ENDPOINT).is_ok_and(|endpoint| !endpoint.is_empty()) {
            let exporter = SpanExporter::builder().with_tonic().build()?;
            let service = Resource::builder().with_service_name(env!("CARGO_CRATE_NAME")).build();
            let provider = SdkTracerProvider::builder()
                .with_resource(service)
                .with_batch_exporter(exporter)
                .build();
            Ok(Self { provider: Some(provider) })
        } else {
            Ok(Self { provider: None })
        }
    }

    /// Sends what is left. Blocks for as long as the exporter's own limit at most.
    pub fn end(self) {
        if let Some(provider) = self.provider
            && let Err(error) = provider.shutdown()
        {
            warn!(%error, "the last traces are lost");
        }
    }
}
