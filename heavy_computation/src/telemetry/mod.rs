//! What the service tells of itself while it works.
//!
//! - `line`: the log, one line an event, on standard output
//! - `span`: what everything during a call has in common, the caller's id for it above all
//! - `traces`: calls as parts of a trace, for whoever collects those

mod line;
mod span;
mod traces;

use std::io::stdout;

use opentelemetry::trace::TracerProvider;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer, filter::Targets, fmt, fmt::format::JsonFields, layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::config::LogSettings;
use line::Line;
pub(crate) use span::span_of;
pub use traces::{TraceError, Traces};

/// To be called once, first of all, inside the async runtime. Libraries are heard from only when
/// something is wrong. Whoever holds the result ends it last.
pub fn start_telemetry(settings: LogSettings) -> Result<Traces, TraceError> {
    let heard = Targets::new()
        .with_default(settings.level.min(LevelFilter::WARN))
        .with_target(env!("CARGO_CRATE_NAME"), settings.level);
    let log = fmt::layer()
        .with_writer(stdout)
        .fmt_fields(JsonFields::new())
        .event_format(Line { format: settings.format });
    let traces = Traces::from_environment()?;
    let tracer = traces.provider.as_ref().map(|provider| {
        let tracer = provider.tracer(env!("CARGO_CRATE_NAME"));
        let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), LevelFilter::INFO);
        tracing_opentelemetry::layer().with_tracer(tracer).with_filter(ours)
    });
    tracing_subscriber::registry().with(log.with_filter(heard)).with(tracer).init();
    Ok(traces)
}
