//! The log: one line an event, on standard output.

use std::io::{IsTerminal, stdout};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{LogFormat, LogSettings};

/// To be called once, first of all. Libraries are heard from only when something is wrong.
pub fn start_log(settings: LogSettings) {
    let heard = Targets::new()
        .with_default(settings.level.min(LevelFilter::WARN))
        .with_target(env!("CARGO_CRATE_NAME"), settings.level);
    let registry = tracing_subscriber::registry().with(heard);
    match settings.format {
        LogFormat::Text => {
            registry.with(fmt::layer().with_target(false).with_ansi(stdout().is_terminal())).init();
        }
        LogFormat::Json => registry.with(fmt::layer().json().flatten_event(true)).init(),
    }
}
