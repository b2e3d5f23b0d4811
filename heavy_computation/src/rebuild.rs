//! Makes the search index anew of all posts.

use std::time::Instant;

use futures_util::{TryStreamExt, pin_mut};
use tokio::{sync::mpsc, task::spawn_blocking};
use tracing::info;

use crate::{
    changes::{Connection, Post},
    follower::FollowError,
    search::{IndexError, IndexFolder, Rebuild},
};

/// Posts handed to the indexing thread at once, and such portions under way.
const POSTS_IN_A_PORTION: usize = 1_000;
const PORTIONS_UNDER_WAY: usize = 4;

/// Leaves an index of all posts in the folder. Its position is read first, the posts afterwards:
/// they may show more than the changes up to there, which does no harm, but never less.
pub(crate) async fn rebuild(
    folder: &IndexFolder,
    connection: &Connection,
    identity: &str,
) -> Result<(), FollowError> {
    let started = Instant::now();
    let position = connection.last_position().await?;
    let rebuild = folder.start_rebuild(identity, position)?;
    let (portions, received) = mpsc::channel(PORTIONS_UNDER_WAY);
    let adding = spawn_blocking(move || add_all(rebuild, received));
    let posts = read_all(connection, portions).await?;
    // Only an index of all posts gets this far: an error or a stop drops it.
    let rebuild = adding.await.map_err(|_| IndexError::Ended)??;
    folder.finish_rebuild(rebuild)?;
    info!(posts, seconds = started.elapsed().as_secs_f32(), "built the index anew");
    Ok(())
}

async fn read_all(
    connection: &Connection,
    portions: mpsc::Sender<Vec<Post>>,
) -> Result<usize, FollowError> {
    let posts = connection.all_posts().await?.try_chunks(POSTS_IN_A_PORTION);
    pin_mut!(posts);
    let mut count = 0;
    while let Some(portion) = posts.try_next().await.map_err(|interrupted| interrupted.1)? {
        count += portion.len();
        // The indexing thread hangs up only when it failed, and then tells why itself.
        if portions.send(portion).await.is_err() {
            break;
        }
    }
    Ok(count)
}

fn add_all(rebuild: Rebuild, mut portions: mpsc::Receiver<Vec<Post>>) -> tantivy::Result<Rebuild> {
    while let Some(portion) = portions.blocking_recv() {
        for post in &portion {
            rebuild.add(post)?;
        }
    }
    Ok(rebuild)
}
