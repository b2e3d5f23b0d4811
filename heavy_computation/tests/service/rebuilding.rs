use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{Database, Service};

/// A folder with an index of one post about a cat.
async fn index_of_a_cat(database: &Database) -> (Arc<TempDir>, Uuid) {
    let service = Service::start(database).await;
    let alice = database.register("alice").await;
    let post = database.write(alice, "Pets", "a cat").await;
    assert_eq!(service.caller.search("cat", database).await, [post]);
    (service.stop().await, post)
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("current")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.to_str().unwrap().ends_with(ending)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_index_is_used_again_and_catches_up() {
    let database = Database::new().await;
    let (folder, cat) = index_of_a_cat(&database).await;
    let stored = files(folder.path(), ".store");
    let bob = database.register("bob").await;
    let dog = database.write(bob, "Pets", "a dog").await;

    let service = Service::start_in(Arc::clone(&folder), &database).await;

    assert_eq!(service.caller.search("cat", &database).await, [cat]);
    assert_eq!(service.caller.search("dog", &database).await, [dog]);
    let now = files(folder.path(), ".store");
    assert!(stored.iter().all(|file| now.contains(file)), "nothing was built anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_gone_is_built_anew() {
    let database = Database::new().await;
    let (folder, cat) = index_of_a_cat(&database).await;
    fs::remove_dir_all(folder.path()).unwrap();

    let service = Service::start_in(folder, &database).await;

    assert_eq!(service.caller.search("cat", &database).await, [cat]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_with_a_damaged_file_is_built_anew() {
    let database = Database::new().await;
    for ending in [".term", ".idx", ".fast", ".store", "meta.json"] {
        let (folder, cat) = index_of_a_cat(&database).await;
        for file in files(folder.path(), ending) {
            let mut bytes = fs::read(&file).unwrap();
            bytes[0] ^= 0xFF;
            fs::write(file, bytes).unwrap();
        }

        let service = Service::start_in(folder, &database).await;

        assert_eq!(service.caller.search("cat", &database).await, [cat], "{ending}");
        service.stop().await;
        database.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_database_is_built_anew() {
    let (folder, _) = index_of_a_cat(&Database::new().await).await;
    let other = Database::new().await;
    let bob = other.register("bob").await;
    let dog = other.write(bob, "Pets", "a dog").await;

    let service = Service::start_in(folder, &other).await;

    assert!(service.caller.search("cat", &other).await.is_empty());
    assert_eq!(service.caller.search("dog", &other).await, [dog]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_was_interrupted_is_begun_again() {
    let database = Database::new().await;
    let (folder, cat) = index_of_a_cat(&database).await;
    fs::rename(folder.path().join("current"), folder.path().join("rebuilding")).unwrap();

    let service = Service::start_in(folder, &database).await;

    assert_eq!(service.caller.search("cat", &database).await, [cat]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_was_away_for_too_long_builds_its_index_anew_and_finds_everything() {
    let database = Database::new().await;
    let (folder, cat) = index_of_a_cat(&database).await;
    let bob = database.register("bob").await;
    let dog = database.write(bob, "Pets", "a dog").await;
    database.write(bob, "Pets", "a parrot").await;
    database.remove_old_changes().await;

    let service = Service::start_in(folder, &database).await;

    assert_eq!(service.caller.search("cat", &database).await, [cat]);
    assert_eq!(service.caller.search("dog", &database).await, [dog]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stopped_before_the_first_change_notices_what_was_removed() {
    let database = Database::new().await;
    let folder = Service::start(&database).await.stop().await;
    let bob = database.register("bob").await;
    let dog = database.write(bob, "Pets", "a dog").await;
    database.write(bob, "Pets", "a parrot").await;
    database.remove_old_changes().await;

    let service = Service::start_in(folder, &database).await;

    assert_eq!(service.caller.search("dog", &database).await, [dog]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_had_read_everything_stays_when_old_changes_are_removed() {
    let database = Database::new().await;
    let (folder, cat) = index_of_a_cat(&database).await;
    let stored = files(folder.path(), ".store");
    database.remove_old_changes().await;

    let service = Service::start_in(Arc::clone(&folder), &database).await;

    assert_eq!(service.caller.search("cat", &database).await, [cat]);
    let now = files(folder.path(), ".store");
    assert!(stored.iter().all(|file| now.contains(file)), "nothing was built anew");
}
