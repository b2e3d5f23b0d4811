use std::{
    env,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tokio::sync::OnceCell;
use tokio_postgres::{Client, Config, NoTls};

pub(crate) const TEMPLATE: &str = "migrated";
const OWNER: &str = "decoupled";
const READER: &str = "heavy_computation";
const SUPERUSER: &str = "postgres";
const ERRORS: &str = "errors.log";

/// The one server of this test run. It ends when its standard input does, which is with this
/// process.
pub(crate) struct Postgres {
    folder: PathBuf,
    port: u16,
    _server: Child,
}

impl Postgres {
    pub(crate) async fn shared() -> &'static Self {
        static SHARED: OnceCell<Postgres> = OnceCell::const_new();
        SHARED.get_or_init(Self::start).await
    }

    async fn start() -> Self {
        let (folder, errors) = free_folder();
        let mut server = python()
            .args(["-m", "local_stack.postgres", "--folder"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("a Python with the project's packages; see DECOUPLED_PYTHON");
        let mut url = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let errors = || fs::read_to_string(folder.join(ERRORS)).unwrap_or_default();
        assert!(!url.is_empty(), "Postgres does not start: {}", errors());
        let owner: Config = url.trim().parse().unwrap();
        let postgres = Self { folder, port: owner.get_ports()[0], _server: server };
        postgres.prepare_template().await;
        postgres
    }

    /// Leaves only one database of ours: that in which all migrations have run.
    async fn prepare_template(&self) {
        let superuser = self.connect(SUPERUSER, "postgres").await;
        let leftovers = "select datname from pg_database where datname ~ '^(test_|migrated)'";
        for row in superuser.query(leftovers, &[]).await.unwrap() {
            let name: &str = row.get(0);
            superuser.batch_execute(&format!("drop database {name} with (force)")).await.unwrap();
        }
        self.create_database(TEMPLATE, "template0").await;
        let migrated = python()
            .args(["-m", "backend_server", "migrate"])
            .env("DATABASE_URL", self.url(OWNER, TEMPLATE))
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(migrated.success(), "the migrations run");
    }

    pub(crate) async fn create_database(&self, name: &str, template: &str) {
        let superuser = self.connect(SUPERUSER, "postgres").await;
        let statement = format!("create database {name} owner {OWNER} template {template}");
        superuser.batch_execute(&statement).await.unwrap();
    }

    pub(crate) async fn connect_as_owner(&self, database: &str) -> Client {
        self.connect(OWNER, database).await
    }

    pub(crate) async fn connect_as_superuser(&self, database: &str) -> Client {
        self.connect(SUPERUSER, database).await
    }

    pub(crate) fn reader_url(&self, database: &str) -> String {
        self.url(READER, database)
    }

    async fn connect(&self, role: &str, database: &str) -> Client {
        let url = self.url(role, database);
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    fn url(&self, role: &str, database: &str) -> String {
        let name = format!("POSTGRES_PASSWORD_OF_{}", role.to_uppercase());
        let password = fs::read_to_string(self.folder.join("secrets").join(name)).unwrap();
        format!("postgresql://{role}:{}@127.0.0.1:{}/{database}", password.trim(), self.port)
    }
}

/// A folder that no other test run uses, and the file in it for what goes wrong. That file is locked
/// until the server has ended, too, because the server holds it open.
fn free_folder() -> (PathBuf, File) {
    (1..)
        .find_map(|number| {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("postgres-{number}"));
            fs::create_dir_all(&folder).unwrap();
            let errors = File::create(folder.join(ERRORS)).unwrap();
            errors.try_lock().is_ok().then_some((folder, errors))
        })
        .unwrap()
}

fn python() -> Command {
    let clone = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let python = env::var_os("DECOUPLED_PYTHON")
        .map_or_else(|| clone.join(".venv/bin/python"), PathBuf::from);
    let mut command = Command::new(python);
    command.current_dir(clone);
    command
}
