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

/// Reports what `is_ready` says, now and whenever that changes.
pub(crate) async fn report(reporter: HealthReporter, mut is_ready: watch::Receiver<bool>) {
    loop {
        let status = match *is_ready.borrow_and_update() {
            true => ServingStatus::Serving,
            false => ServingStatus::NotServing,
        };
        for service in ["", SERVICE_NAME] {
            reporter.set_service_status(service, status).await;
        }
        if is_ready.changed().await.is_err() {
            return;
        }
    }
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
