use std::time::Duration;

use tempfile::TempDir;
use tokio::time::sleep;

use crate::support::{Database, Process};

const KILLS: u64 = 6;
/// Kills fall before, during and after the first commits to disk.
const STEP_BETWEEN_KILLS: Duration = Duration::from_millis(450);

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_loses_nothing_and_doubles_nothing() {
    let database = Database::new().await;
    let folder = TempDir::new().unwrap();
    let alice = database.register("alice").await;

    for kill in 1..=KILLS {
        let mut process = Process::start(folder.path(), &database).await;
        let writing = async {
            for number in 0.. {
                let post = database.write(alice, "Common", &format!("round {kill}")).await;
                match number % 5 {
                    3 => database.edit(post, "common again").await,
                    4 => database.delete(post).await,
                    _ => {}
                }
            }
        };
        tokio::select! {
            () = writing => {}
            () = sleep(STEP_BETWEEN_KILLS * u32::try_from(kill).unwrap()) => {}
        }
        process.kill();
    }

    let process = Process::start(folder.path(), &database).await;
    process.caller.until_serving().await;
    assert_eq!(process.caller.search_all("common", &database).await, database.posts().await);
}
