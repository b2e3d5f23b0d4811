//! Makes the search index anew of all posts.

use std::{sync::Arc, time::Instant};

use futures_util::{StreamExt, TryStreamExt};
use tokio::task::spawn_blocking;
use tracing::info;

use crate::{
    changes::Connection,
    follower::FollowError,
    search::{IndexError, IndexFolder, Rebuild},
};

/// Posts handed to an indexing thread at once, and such portions under way.
const POSTS_IN_A_PORTION: usize = 1_000;
const PORTIONS_UNDER_WAY: usize = 2;

/// Leaves an index of all posts in the folder. Its position is read first, the posts afterwards:
/// they may show more than the changes up to there, which does no harm, but never less.
pub(crate) async fn rebuild(
    folder: &IndexFolder,
    connection: &Connection,
    identity: &str,
) -> Result<(), FollowError> {
    let started = Instant::now();
    let position = connection.last_position().await?;
    let rebuild = Arc::new(folder.start_rebuild(identity, position)?);
    let posts = add_all(connection, &rebuild).await?;
    // Only an index of all posts gets this far: an error or a stop drops it.
    let rebuild = Arc::into_inner(rebuild).ok_or(IndexError::Ended)?;
    folder.finish_rebuild(rebuild)?;
    info!(posts, seconds = started.elapsed().as_secs_f32(), "built the index anew");
    Ok(())
}

async fn add_all(connection: &Connection, rebuild: &Arc<Rebuild>) -> Result<usize, FollowError> {
    let portions = connection.all_posts().await?.try_chunks(POSTS_IN_A_PORTION);
    let added = portions.map(|portion| {
        let rebuild = Arc::clone(rebuild);
        async move {
            let posts = portion.map_err(|interrupted| interrupted.1)?;
            let adding = spawn_blocking(move || rebuild.add(&posts).map(|()| posts.len()));
            Ok(adding.await.map_err(|_| IndexError::Ended)??)
        }
    });
    added.buffer_unordered(PORTIONS_UNDER_WAY).try_fold(0, async |sum, count| Ok(sum + count)).await
}
