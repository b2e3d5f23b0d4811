//! The standard health service, as a server and, for containers without a shell, as a client.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::watch;
use tonic::transport::Endpoint;
use tonic_health::{
    ServingStatus,
    pb::{HealthCheckRequest, health_check_response, health_client::HealthClient},
    server::HealthReporter,
};

use super::{
    contract::heavy_computation_service_server::SERVICE_NAME,
    operation::{Operation, Source},
};

const CHECK_LIMIT: Duration = Duration::from_secs(2);

/// Whether each part has caught up with Postgres.
#[derive(Clone)]
pub(crate) struct Readiness {
    pub(crate) index: watch::Receiver<bool>,
    /// A position once the engines have all posts.
    pub(crate) engines: watch::Receiver<Option<u64>>,
}

impl Readiness {
    /// Each operation by its name, and whether it is ready.
    pub(crate) fn of_each(&self) -> [(&'static str, bool); Operation::ALL.len()] {
        let ready = Ready { index: *self.index.borrow(), engines: self.engines.borrow().is_some() };
        Operation::ALL.map(|operation| (operation.name(), ready.answers(operation)))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ready {
    index: bool,
    engines: bool,
}

impl Ready {
    const NOTHING: Self = Self { index: false, engines: false };

    fn answers(self, operation: Operation) -> bool {
        match operation.source() {
            Source::Index => self.index,
            Source::Engines => self.index && self.engines,
        }
    }
}

/// Reports what is ready, now and whenever that changes. The service as a whole is serving as soon as it
/// answers searches; whether an operation is, is asked by its path, such as
/// `heavy_computation.v1.HeavyComputationService/Suggest`.
pub(crate) async fn report(reporter: HealthReporter, mut readiness: Readiness) {
    let mut reported = Ready::NOTHING;
    loop {
        let index = *readiness.index.borrow_and_update();
        let engines = readiness.engines.borrow_and_update().is_some();
        let ready = Ready { index, engines };
        if reported != ready {
            tell(&reporter, ready).await;
            reported = ready;
        }
        let changed = tokio::select! {
            changed = readiness.index.changed() => changed,
            // Once they are ready, their position changes with every change.
            changed = readiness.engines.changed(), if !engines => changed,
        };
        if changed.is_err() {
            return;
        }
    }
}

/// Says that nothing is ready. To be called before anybody can ask: a new reporter says otherwise.
pub(crate) async fn begin(reporter: &HealthReporter) {
    tell(reporter, Ready::NOTHING).await;
}

/// The whole comes last: who waits for it then finds its parts as they are.
async fn tell(reporter: &HealthReporter, ready: Ready) {
    for operation in Operation::ALL {
        let status = status(ready.answers(operation));
        reporter.set_service_status(operation.path(), status).await;
    }
    for service in [SERVICE_NAME, ""] {
        reporter.set_service_status(service, status(ready.index)).await;
    }
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
