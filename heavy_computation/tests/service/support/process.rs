use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::NamedTempFile;

use super::{Caller, Database, SERVICE_TOKEN};

/// The service as a process, to be killed.
pub(crate) struct Process {
    pub(crate) caller: Caller,
    pub(crate) port: u16,
    child: Child,
    log: NamedTempFile,
}

impl Process {
    pub(crate) async fn start(folder: &Path, database: &Database) -> Self {
        let port = free_port();
        let log = NamedTempFile::new().unwrap();
        let mut command = command(port, folder, database).await;
        let child = command.stdout(log.reopen().unwrap()).spawn().unwrap();
        Self { caller: Caller::of_port(port), port, child, log }
    }

    /// What it has said so far, a JSON object a line.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log.path()).unwrap()
    }

    /// What a process says that cannot start.
    pub(crate) async fn last_words(folder: &Path, database: &Database) -> String {
        let output = command(free_port(), folder, database).await.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and tells whether it ended well.
    pub(crate) fn terminate(&mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As a container without a shell asks.
pub(crate) fn health_check_passes(port: u16) -> bool {
    binary(port).arg("--healthcheck").output().unwrap().status.success()
}

fn binary(port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heavy_computation"));
    command.env_clear().env("HEAVY_COMPUTATION_BIND", format!("127.0.0.1:{port}"));
    command
}

async fn command(port: u16, folder: &Path, database: &Database) -> Command {
    let mut command = binary(port);
    command
        .env("PUBLISHED_DATABASE_URL", database.reader_url().await)
        .env("INDEX_FOLDER", folder)
        .env("SERVICE_TOKEN", SERVICE_TOKEN)
        .env("LOG_FORMAT", "json")
        .stdout(Stdio::null());
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
