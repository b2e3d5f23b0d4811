use std::time::Instant;

use futures_util::{TryStreamExt, pin_mut};
use tokio_postgres::Config;
use tracing::info;

use super::thread::{Command, Filling};
use crate::{
    changes::{ChangesError, Connection},
    follower::Pause,
};

const POSTS_IN_A_PORTION: usize = 1_000;

/// Brings every post to the engines, on a connection of its own, so that changes are followed
/// meanwhile. To be begun after the position from which on these are followed is known: each post then is
/// as new as that. Begins again when Postgres fails.
pub(crate) async fn fill(database: Config, filling: Filling) {
    let mut pause = Pause::default();
    while let Err(error) = try_to_fill(&database, &filling).await {
        pause.after(&error).await;
    }
}

async fn try_to_fill(database: &Config, filling: &Filling) -> Result<(), ChangesError> {
    let started = Instant::now();
    let connection = Connection::open(database).await?;
    let posts = connection.all_posts().await?.try_chunks(POSTS_IN_A_PORTION);
    pin_mut!(posts);
    while let Some(portion) = posts.try_next().await.map_err(|interrupted| interrupted.1)? {
        // The thread has ended: the follower finds out why.
        if filling.0.send(Command::Fill(portion)).await.is_err() {
            return Ok(());
        }
    }
    let _ = filling.0.send(Command::Filled).await;
    info!(seconds = started.elapsed().as_secs_f32(), "read all posts");
    Ok(())
}
