//! What the service measures of itself, in the words of Prometheus.
//!
//! - `calls`: how often each operation is asked, how that ends and how long it takes
//! - `progress`: how far the changes of Postgres are followed
//! - `state`, `gauges`: what is looked up when somebody asks
//! - `http`: where all of it is read

mod calls;
mod gauges;
mod http;
mod progress;
mod state;

use std::sync::Arc;

use prometheus_client::registry::Registry;

pub(crate) use calls::{CallMetrics, name_of};
pub(crate) use http::serve;
pub(crate) use progress::{Progress, ProgressReport};
pub(crate) use state::State;

/// Everything there is to read. Complete once it is shared.
pub(crate) struct Metrics {
    pub(crate) calls: CallMetrics,
    pub(crate) registry: Arc<Registry>,
}

impl Metrics {
    pub(crate) fn of(state: State) -> Self {
        let mut registry = Registry::default();
        let calls = CallMetrics::registered(&mut registry);
        registry.register_collector(Box::new(state));
        Self { calls, registry: Arc::new(registry) }
    }
}
