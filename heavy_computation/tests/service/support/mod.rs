mod database;
mod measured;
mod operations;
mod postgres;
mod process;
mod service;

pub(crate) use database::{Database, INSERT_POST};
pub(crate) use measured::Measured;
pub(crate) use operations::near_copies_of;
pub(crate) use process::{Process, health_check_passes};
pub(crate) use service::{Caller, OLDER_SERVICE_TOKEN, SERVICE_TOKEN, Service, ids, question};

use std::{future::Future, time::Duration};

use tokio::time::{sleep, timeout};

/// Far more than anything here takes; the end of a test that hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until `question` has an answer.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(question: impl Fn() -> F) -> T {
    let asking = async {
        loop {
            match question().await {
                Some(answer) => return answer,
                None => sleep(Duration::from_millis(10)).await,
            }
        }
    };
    timeout(PATIENCE, asking).await.expect("an answer in time")
}
