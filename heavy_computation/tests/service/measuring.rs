use heavy_computation::contract::{
    SearchRequest, heavy_computation_service_client::HeavyComputationServiceClient,
};
use tempfile::TempDir;
use tonic::{Code, Request};

use crate::support::{Database, INSERT_POST, Process, Service, eventually, question};

#[tokio::test(flavor = "multi_thread")]
async fn each_call_is_counted_by_how_it_ended() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    service.caller.ask(question("cat")).await.unwrap();
    service.caller.ask(SearchRequest { limit: 0, ..question("cat") }).await.unwrap_err();

    let handled =
        |code| format!("grpc_server_handled_total{{grpc_method=\"Search\",grpc_code=\"{code}\"}}");
    assert_eq!(service.measured.value_of(&handled("OK")).await, Some(1.0));
    assert_eq!(service.measured.value_of(&handled("INVALID_ARGUMENT")).await, Some(1.0));
    let taken = "grpc_server_handling_seconds_count{grpc_method=\"Search\"}";
    assert_eq!(service.measured.value_of(taken).await, Some(2.0));
}

/// Waits for a change that never comes.
fn endless() -> SearchRequest {
    SearchRequest { min_position: u64::MAX, ..question("cat") }
}

const CANCELLED: &str = "grpc_server_handled_total{grpc_method=\"Search\",grpc_code=\"CANCELLED\"}";
const UNDER_WAY: &str = "grpc_server_under_way{grpc_method=\"Search\"}";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_caller_has_left_ends_at_once() {
    let database = Database::new().await;
    let service = Service::start(&database).await;

    eventually(|| async {
        tokio::select! {
            _ = service.caller.ask(endless()) => {}
            () = service.measured.until(UNDER_WAY, 1.0) => {}
        }
        service.measured.value_of(CANCELLED).await
    })
    .await;

    service.measured.until(UNDER_WAY, 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_with_the_callers_deadline() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let mut request = Request::new(endless());
    let authorization = service.caller.authorization.clone().unwrap();
    request.metadata_mut().insert("authorization", authorization.parse().unwrap());
    request.metadata_mut().insert("grpc-timeout", "20m".parse().unwrap());
    let mut client = HeavyComputationServiceClient::new(service.caller.channel.clone());

    let status = client.search(request).await.unwrap_err();

    // Either side may be the first to notice.
    assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), "{status}");
    service.measured.until(UNDER_WAY, 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_transaction_that_holds_changes_back_is_seen() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let alice = database.register("alice").await;
    let mut slow = database.connect().await;
    let transaction = slow.transaction().await.unwrap();
    transaction.query_one(INSERT_POST, &[&alice, &"Slow", &"tortoise"]).await.unwrap();
    database.write(alice, "Fast", "hare").await;

    let behind = "heavy_computation_lag_positions";
    service.measured.until_it(behind, |positions| positions > 0.0).await;
    transaction.commit().await.unwrap();
    service.measured.until(behind, 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_get_old_while_postgres_cannot_be_read() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let lag = "heavy_computation_lag_seconds";
    service.measured.until_it(lag, |seconds| seconds < 1.0).await;

    database.let_readers_in(false).await;
    service.measured.until_it(lag, |seconds| seconds > 1.5).await;

    database.let_readers_in(true).await;
    service.measured.until_it(lag, |seconds| seconds < 1.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_and_readiness_are_measured() {
    let database = Database::new().await;
    let alice = database.register("alice").await;
    database.write_many(alice, 10, "cat").await;
    let service = Service::start(&database).await;

    service.measured.until("heavy_computation_serving{operation=\"Suggest\"}", 1.0).await;
    assert_eq!(service.measured.value_of("heavy_computation_posts").await, Some(10.0));
    assert_eq!(service.measured.value_of("heavy_computation_rebuilds_total").await, Some(1.0));
    for bytes in [
        "heavy_computation_index_bytes",
        "heavy_computation_memory_bytes{engine=\"posts\"}",
        "heavy_computation_memory_bytes{engine=\"near_copies\"}",
        "heavy_computation_memory_bytes{engine=\"suggest\"}",
    ] {
        assert!(service.measured.value_of(bytes).await.unwrap() > 0.0, "{bytes}");
    }
    assert!(service.measured.get("/").await.contains(" 404 "));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_each_call_by_its_callers_id() {
    let database = Database::new().await;
    let folder = TempDir::new().unwrap();
    let process = Process::start(folder.path(), &database).await;
    process.caller.until_serving().await;
    let mut request = Request::new(question("cat"));
    let authorization = process.caller.authorization.clone().unwrap();
    request.metadata_mut().insert("authorization", authorization.parse().unwrap());
    request.metadata_mut().insert("x-request-id", "8d3fc2a1".parse().unwrap());
    let mut client = HeavyComputationServiceClient::new(process.caller.channel.clone());
    client.search(request).await.unwrap();

    let line = eventually(|| async {
        process.log().lines().find(|line| line.contains("8d3fc2a1")).map(str::to_owned)
    });
    let line: serde_json::Value = serde_json::from_str(&line.await).unwrap();
    assert_eq!(line["request_id"], "8d3fc2a1");
    assert_eq!(line["event"], "call");
    assert_eq!(line["level"], "info");
    assert_eq!(line["code"], "OK");
    assert_eq!(line["method"], "heavy_computation.v1.HeavyComputationService/Search");
}
