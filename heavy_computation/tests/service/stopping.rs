use std::net::TcpListener;

use tempfile::TempDir;
use tonic_health::pb::health_check_response::ServingStatus;

use crate::support::{Database, Process, Service, eventually, health_check_passes};

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_told_to_stop_ends_well_and_keeps_what_it_had() {
    let database = Database::new().await;
    let folder = TempDir::new().unwrap();
    let mut process = Process::start(folder.path(), &database).await;
    process.caller.until_serving().await;
    let alice = database.register("alice").await;
    let post = database.write(alice, "Pets", "a cat").await;
    assert_eq!(process.caller.search("cat", &database).await, [post]);

    assert!(process.terminate());

    let process = Process::start(folder.path(), &database).await;
    process.caller.until_serving().await;
    assert_eq!(process.caller.search("cat", &database).await, [post]);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_watches_the_health_sees_the_end_and_does_not_hold_it_up() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    let mut watched = service.caller.watch_health().await;
    // The service's two names learn of it one after the other.
    while watched.message().await.unwrap().unwrap().status() != ServingStatus::Serving {}

    service.stop().await;

    assert_eq!(watched.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_health_check_passes_while_the_service_is_serving() {
    let database = Database::new().await;
    let folder = TempDir::new().unwrap();
    let process = Process::start(folder.path(), &database).await;
    process.caller.until_serving().await;
    let name = "heavy_computation.v1.HeavyComputationService";
    assert!(process.caller.is_serving(name).await);

    assert!(health_check_passes(process.port));
}

#[test]
fn the_health_check_fails_where_nobody_answers() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();

    assert!(!health_check_passes(silent.local_addr().unwrap().port()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_serves_one_process_only() {
    let database = Database::new().await;
    let service = Service::start(&database).await;

    let words = Process::last_words(service.folder(), &database).await;

    assert!(words.contains("INDEX_FOLDER"), "{words}");
    assert!(words.contains("in use by another process"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_says_by_itself_whether_it_is_serving() {
    let database = Database::new().await;
    let service = Service::start(&database).await;
    for operation in ["Search", "Suggest", "Related", "CheckDuplicate"] {
        let path = format!("heavy_computation.v1.HeavyComputationService/{operation}");
        eventually(|| async { service.caller.is_serving(&path).await.then_some(()) }).await;
    }
    assert!(!service.caller.is_serving("heavy_computation.v1.HeavyComputationService/Dance").await);
}
