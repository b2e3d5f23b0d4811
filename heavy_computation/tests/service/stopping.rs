use tempfile::TempDir;

use crate::support::{Database, Process, Service};

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
async fn the_health_check_passes_while_the_service_is_serving() {
    let database = Database::new().await;
    let folder = TempDir::new().unwrap();
    let mut process = Process::start(folder.path(), &database).await;
    process.caller.until_serving().await;
    assert!(process.passes_health_check());
    let name = "heavy_computation.v1.HeavyComputationService";
    assert!(process.caller.is_serving(name).await);

    process.kill();

    assert!(!process.passes_health_check());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_serves_one_process_only() {
    let database = Database::new().await;
    let service = Service::start(&database).await;

    let words = Process::last_words(service.folder(), &database).await;

    assert!(words.contains("INDEX_FOLDER"), "{words}");
    assert!(words.contains("in use by another process"), "{words}");
}
