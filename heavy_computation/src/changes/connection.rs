use std::{future::Future, sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt, TryStreamExt};
use tokio::{sync::Notify, task::AbortHandle, time::timeout};
use tokio_postgres::{
    AsyncMessage, Client, Config, NoTls, Row, Socket, Statement, tls::NoTlsStream, types::ToSql,
};
use tracing::debug;

use super::{ChangesError, Position, Post, QUERY_LIMIT, queries, time::UnixMilliseconds};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// A connection without traffic is probed after this, so that a vanished database is noticed.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// A connection to Postgres as the read-only role.
pub(crate) struct Connection {
    client: Client,
    announced: Arc<Notify>,
    driver: AbortHandle,
}

impl Connection {
    pub(crate) async fn open(config: &Config) -> Result<Self, ChangesError> {
        let mut config = config.clone();
        config
            .application_name("heavy_computation")
            .connect_timeout(CONNECT_LIMIT)
            .keepalives_idle(KEEPALIVE_IDLE)
            .tcp_user_timeout(QUERY_LIMIT);
        let (client, connection) = timeout(CONNECT_LIMIT, config.connect(NoTls)).await??;
        let announced = Arc::new(Notify::new());
        let driver = tokio::spawn(drive(connection, Arc::clone(&announced))).abort_handle();
        Ok(Self { client, announced, driver })
    }

    pub(crate) async fn listen(&self) -> Result<(), ChangesError> {
        in_time(self.client.batch_execute(queries::LISTEN)).await
    }

    /// Returns after a change was announced, at once when that happened since the last call.
    pub(crate) async fn announced(&self) {
        self.announced.notified().await;
    }

    /// Which database this is, in a form to compare.
    pub(crate) async fn database_identity(&self) -> Result<String, ChangesError> {
        let row = in_time(self.client.query_one(queries::DATABASE_IDENTITY, &[])).await?;
        Ok(row.try_get(0)?)
    }

    /// Whatever is read from now on shows every change up to this position.
    pub(crate) async fn last_position(&self) -> Result<Position, ChangesError> {
        match in_time(self.client.query_opt(queries::LAST_CHANGE, &[])).await? {
            Some(row) => position(&row),
            None => Ok(Position::default()),
        }
    }

    /// Whether the changes after `position` are all there: not so in a database that was restored
    /// to a state before it, or that does not keep changes for that long.
    pub(crate) async fn continues(&self, position: Position) -> Result<bool, ChangesError> {
        let transaction_id = position.transaction_id.to_string();
        let parameters: [&(dyn ToSql + Sync); 2] = [&transaction_id, &position.number];
        let row = in_time(self.client.query_one(queries::HAS_CHANGE, &parameters)).await?;
        Ok(row.try_get(0)?)
    }

    pub(super) async fn prepare(&self, query: &str) -> Result<Statement, ChangesError> {
        in_time(self.client.prepare(query)).await
    }

    pub(super) async fn rows(
        &self,
        statement: &Statement,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, ChangesError> {
        in_time(self.client.query(statement, parameters)).await
    }

    /// Every post there is, in no order, as one snapshot.
    pub(crate) async fn all_posts(
        &self,
    ) -> Result<impl Stream<Item = Result<Post, ChangesError>>, ChangesError> {
        let nothing: [&str; 0] = [];
        let rows = in_time(self.client.query_raw(queries::ALL_POSTS, nothing)).await?;
        Ok(rows.map(|row| post(&row?)).map_err(ChangesError::from))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

pub(super) fn transaction_id(text: &str) -> Result<u64, ChangesError> {
    text.parse().map_err(|_| ChangesError::NotATransactionId(text.to_owned()))
}

pub(super) fn position(row: &Row) -> Result<Position, ChangesError> {
    Ok(Position {
        transaction_id: transaction_id(row.try_get("transaction_id")?)?,
        number: row.try_get("number")?,
    })
}

/// Moves the connection's bytes, and passes announcements on, until the connection ends.
async fn drive(
    mut connection: tokio_postgres::Connection<Socket, NoTlsStream>,
    announced: Arc<Notify>,
) {
    let mut messages =
        futures_util::stream::poll_fn(move |context| connection.poll_message(context));
    while let Some(message) = messages.next().await {
        match message {
            Ok(AsyncMessage::Notification(_)) => announced.notify_one(),
            Ok(other) => debug!(?other, "postgres remarked"),
            Err(error) => {
                debug!(%error, "postgres connection ended");
                return;
            }
        }
    }
}

async fn in_time<T>(
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, ChangesError> {
    Ok(timeout(QUERY_LIMIT, answer).await??)
}

/// Of a row of one of the queries for posts: by place, since looking for a name takes longer than reading it.
pub(super) fn post(row: &Row) -> Result<Post, tokio_postgres::Error> {
    Ok(Post {
        id: row.try_get(0)?,
        author_id: row.try_get(1)?,
        author_username: row.try_get(2)?,
        title: row.try_get(3)?,
        content: row.try_get(4)?,
        tags: row.try_get(5)?,
        language: row.try_get(6)?,
        created_at_ms: row.try_get::<_, UnixMilliseconds>(7)?.0,
    })
}
