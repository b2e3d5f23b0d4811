//! The standard health service, as a server and, for containers without a shell, as a client.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::watch;
use tonic::transport::Endpoint;
use tonic_health::{
    ServingStatus,
    pb::{HealthCheckRequest, health_check_response, health_client::HealthClient},
    server::HealthReporter,
};

use super::contract::heavy_computation_service_server::SERVICE_NAME;

const CHECK_LIMIT: Duration = Duration::from_secs(2);

/// What answers from the index on disk, and what from the engines in memory, which are filled later.
const OF_THE_INDEX: [&str; 1] = ["Search"];
const OF_THE_ENGINES: [&str; 3] = ["Suggest", "Related", "CheckDuplicate"];

/// Whether each part has caught up with Postgres.
pub(crate) struct Readiness {
    pub(crate) index: watch::Receiver<bool>,
    /// A position once the engines have all posts.
    pub(crate) engines: watch::Receiver<Option<u64>>,
}

/// Reports what is ready, now and whenever that changes. The service as a whole is serving as soon as it
/// answers searches; whether an operation is, is asked by its path, such as
/// `heavy_computation.v1.HeavyComputationService/Suggest`.
pub(crate) async fn report(reporter: HealthReporter, mut readiness: Readiness) {
    let mut reported = Some((false, false));
    loop {
        let index = *readiness.index.borrow_and_update();
        let engines = index && readiness.engines.borrow_and_update().is_some();
        if reported != Some((index, engines)) {
            tell(&reporter, index, engines).await;
            reported = Some((index, engines));
        }
        let changed = tokio::select! {
            changed = readiness.index.changed() => changed,
            changed = readiness.engines.changed(), if !engines => changed,
        };
        if changed.is_err() {
            return;
        }
    }
}

/// Says that nothing is ready. To be called before anybody can ask: a new reporter says otherwise.
pub(crate) async fn begin(reporter: &HealthReporter) {
    tell(reporter, false, false).await;
}

/// The whole comes last: who waits for it then finds its parts as they are.
async fn tell(reporter: &HealthReporter, index: bool, engines: bool) {
    for operation in OF_THE_INDEX {
        reporter.set_service_status(path_of(operation), status(index)).await;
    }
    for operation in OF_THE_ENGINES {
        reporter.set_service_status(path_of(operation), status(engines)).await;
    }
    for service in [SERVICE_NAME, ""] {
        reporter.set_service_status(service, status(index)).await;
    }
}

fn path_of(operation: &str) -> String {
    format!("{SERVICE_NAME}/{operation}")
}

fn status(is_ready: bool) -> ServingStatus {
    if is_ready { ServingStatus::Serving } else { ServingStatus::NotServing }
}

/// Whether the service at `address` says that it is serving.
pub async fn check(address: SocketAddr) -> bool {
    let check = async {
        let channel =
            Endpoint::from_shared(format!("http://{address}")).ok()?.connect().await.ok()?;
        let request = HealthCheckRequest { service: SERVICE_NAME.to_owned() };
        HealthClient::new(channel).check(request).await.ok()
    };
    let answer = tokio::time::timeout(CHECK_LIMIT, check).await.ok().flatten();
    let serving = health_check_response::ServingStatus::Serving;
    answer.is_some_and(|answer| answer.get_ref().status() == serving)
}
