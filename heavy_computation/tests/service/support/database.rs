use tokio_postgres::{Client, types::ToSql};
use uuid::Uuid;

use super::postgres::{Postgres, TEMPLATE};

/// A database of one test's own, and what people do in it.
pub(crate) struct Database {
    name: String,
    owner: Client,
}

impl Database {
    pub(crate) async fn new() -> Self {
        let postgres = Postgres::shared().await;
        let name = format!("test_{}", Uuid::new_v4().simple());
        postgres.create_database(&name, TEMPLATE).await;
        Self { owner: postgres.connect_as_owner(&name).await, name }
    }

    /// As the role that may read what is published.
    pub(crate) async fn reader_url(&self) -> String {
        Postgres::shared().await.reader_url(&self.name)
    }

    /// Another connection, for a transaction that stays open.
    pub(crate) async fn connect(&self) -> Client {
        Postgres::shared().await.connect_as_owner(&self.name).await
    }

    /// Cuts the service's connections, as a restart of Postgres would.
    pub(crate) async fn disconnect_readers(&self) {
        let superuser = Postgres::shared().await.connect_as_superuser(&self.name).await;
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and usename = 'heavy_computation'";
        superuser.execute(cut, &[]).await.unwrap();
    }

    /// Whether the service gets a connection; those it has are cut when it does not.
    pub(crate) async fn let_readers_in(&self, may: bool) {
        let verb = if may { "grant connect on database" } else { "revoke connect on database" };
        let whom = if may { "to" } else { "from" };
        let superuser = Postgres::shared().await.connect_as_superuser(&self.name).await;
        let statement = format!("{verb} {} {whom} public", self.name);
        superuser.batch_execute(&statement).await.unwrap();
        if !may {
            self.disconnect_readers().await;
        }
    }

    /// Every transaction that has ended by now lies below this.
    pub(crate) async fn position(&self) -> u64 {
        let now = "select pg_snapshot_xmax(pg_current_snapshot())::text";
        let row = self.owner.query_one(now, &[]).await.unwrap();
        row.get::<_, &str>(0).parse().unwrap()
    }

    pub(crate) async fn register(&self, username: &str) -> Uuid {
        self.id_of(
            "insert into users (username, username_key, email, email_key, password_hash)
             values ($1, lower($1), $1 || '@example.org', lower($1) || '@example.org', '-')
             returning id",
            &[&username],
        )
        .await
    }

    pub(crate) async fn rename(&self, member: Uuid, username: &str) {
        let renamed = "update users set username = $2, username_key = lower($2) where id = $1";
        self.owner.execute(renamed, &[&member, &username]).await.unwrap();
    }

    pub(crate) async fn unregister(&self, member: Uuid) {
        self.owner.execute("delete from users where id = $1", &[&member]).await.unwrap();
    }

    pub(crate) async fn write(&self, author: Uuid, title: &str, content: &str) -> Uuid {
        self.id_of(INSERT_POST, &[&author, &title, &content]).await
    }

    pub(crate) async fn write_tagged(&self, author: Uuid, title: &str, tags: &[&str]) -> Uuid {
        let insert = "insert into posts (author_id, title, content, tags)
                      values ($1, $2, '.', $3) returning id";
        self.id_of(insert, &[&author, &title, &tags]).await
    }

    pub(crate) async fn write_many(&self, author: Uuid, count: i32, content: &str) {
        let insert = "insert into posts (author_id, title, content)
                      select $1, 'Number ' || number, $3 from generate_series(1, $2) as number";
        self.owner.execute(insert, &[&author, &count, &content]).await.unwrap();
    }

    pub(crate) async fn edit(&self, post: Uuid, content: &str) {
        let edited = "update posts set content = $2 where id = $1";
        self.owner.execute(edited, &[&post, &content]).await.unwrap();
    }

    pub(crate) async fn delete(&self, post: Uuid) {
        self.owner.execute("delete from posts where id = $1", &[&post]).await.unwrap();
    }

    /// Nobody and nothing is left.
    pub(crate) async fn clear(&self) {
        self.owner.execute("delete from users", &[]).await.unwrap();
    }

    /// As the backend's worker does once all changes are old: the last one stays.
    pub(crate) async fn remove_old_changes(&self) {
        let remove = "
            with removed as (
                delete from changes
                where number < (select max(number) from changes)
                returning transaction_id, number
            )
            insert into removed_changes (transaction_id, number)
            select transaction_id, number from removed
            order by transaction_id desc, number desc limit 1";
        self.owner.execute(remove, &[]).await.unwrap();
    }

    /// Newest first.
    pub(crate) async fn posts(&self) -> Vec<Uuid> {
        let rows = self.owner.query("select id from posts order by id desc", &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    async fn id_of(&self, statement: &str, parameters: &[&(dyn ToSql + Sync)]) -> Uuid {
        self.owner.query_one(statement, parameters).await.unwrap().get(0)
    }
}

pub(crate) const INSERT_POST: &str =
    "insert into posts (author_id, title, content) values ($1, $2, $3) returning id";
