//! Settings, read once from the environment.

mod environment;

use std::{net::SocketAddr, path::PathBuf};

use tracing::level_filters::LevelFilter;

use environment::Environment;
pub use environment::InvalidSetting;

const DEFAULT_BIND: &str = "127.0.0.1:50051";

/// All that can be set, but for the log.
#[derive(Clone)]
pub struct Settings {
    /// `PUBLISHED_DATABASE_URL`: a role that may read the schema `published`. Secret.
    pub published_database: tokio_postgres::Config,
    /// `INDEX_FOLDER`: made when missing, and for this process alone.
    pub index_folder: PathBuf,
    /// `SERVICE_TOKEN`: callers must know one of them. Secret.
    pub service_tokens: Vec<Secret>,
}

/// `LOG_FORMAT` and `LOG_LEVEL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogSettings {
    pub format: LogFormat,
    pub level: LevelFilter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// A text that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// The address to serve at, `HEAVY_COMPUTATION_BIND`.
pub fn bind_address() -> Result<SocketAddr, InvalidSetting> {
    read_bind_address(&Environment::PROCESS)
}

/// The address to be measured at, `HEAVY_COMPUTATION_METRICS_BIND`; none is the default.
pub fn metrics_bind_address() -> Result<Option<SocketAddr>, InvalidSetting> {
    read_metrics_bind_address(&Environment::PROCESS)
}

impl Settings {
    pub fn from_environment() -> Result<Self, InvalidSetting> {
        Self::read(&Environment::PROCESS)
    }

    fn read(environment: &Environment<'_>) -> Result<Self, InvalidSetting> {
        Ok(Self {
            published_database: read_published_database(environment)?,
            index_folder: environment.required("INDEX_FOLDER")?.into(),
            service_tokens: read_service_tokens(environment)?,
        })
    }
}

impl LogSettings {
    pub fn from_environment() -> Result<Self, InvalidSetting> {
        Self::read(&Environment::PROCESS)
    }

    fn read(environment: &Environment<'_>) -> Result<Self, InvalidSetting> {
        Ok(Self { format: read_log_format(environment)?, level: read_log_level(environment)? })
    }
}

fn read_bind_address(environment: &Environment<'_>) -> Result<SocketAddr, InvalidSetting> {
    let name = "HEAVY_COMPUTATION_BIND";
    parse_address(name, &environment.get(name).unwrap_or_else(|| DEFAULT_BIND.to_owned()))
}

fn read_metrics_bind_address(
    environment: &Environment<'_>,
) -> Result<Option<SocketAddr>, InvalidSetting> {
    let name = "HEAVY_COMPUTATION_METRICS_BIND";
    environment.get(name).map(|address| parse_address(name, &address)).transpose()
}

fn parse_address(name: &str, address: &str) -> Result<SocketAddr, InvalidSetting> {
    address.parse().map_err(|_| InvalidSetting::new(name, "must be an IP address and a port"))
}

/// The URL is not repeated in the error: it holds a password.
fn read_published_database(
    environment: &Environment<'_>,
) -> Result<tokio_postgres::Config, InvalidSetting> {
    let name = "PUBLISHED_DATABASE_URL";
    let url = environment.secret(name)?;
    url.parse().map_err(|_| InvalidSetting::new(name, "must be a postgresql:// URL"))
}

/// One a line, the newest first: while it is changed, callers show the old or the new one.
fn read_service_tokens(environment: &Environment<'_>) -> Result<Vec<Secret>, InvalidSetting> {
    let name = "SERVICE_TOKEN";
    let tokens = environment.secret(name)?;
    // They travel in a header.
    if tokens.lines().all(|token| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()))
    {
        Ok(tokens.lines().map(Secret::new).collect())
    } else {
        Err(InvalidSetting::new(name, "must be visible ASCII characters"))
    }
}

fn read_log_format(environment: &Environment<'_>) -> Result<LogFormat, InvalidSetting> {
    match environment.get("LOG_FORMAT").as_deref() {
        None | Some("text") => Ok(LogFormat::Text),
        Some("json") => Ok(LogFormat::Json),
        Some(_) => Err(InvalidSetting::new("LOG_FORMAT", "must be text or json")),
    }
}

fn read_log_level(environment: &Environment<'_>) -> Result<LevelFilter, InvalidSetting> {
    let level = environment.get("LOG_LEVEL").map(|level| level.to_ascii_lowercase());
    match level.as_deref() {
        Some("debug") => Ok(LevelFilter::DEBUG),
        None | Some("info") => Ok(LevelFilter::INFO),
        Some("warning") => Ok(LevelFilter::WARN),
        Some("error") => Ok(LevelFilter::ERROR),
        Some(_) => Err(InvalidSetting::new("LOG_LEVEL", "must be debug, info, warning or error")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: [(&str, &str); 3] = [
        ("PUBLISHED_DATABASE_URL", "postgresql://reader:secret@127.0.0.1/decoupled"),
        ("INDEX_FOLDER", "/var/lib/index"),
        ("SERVICE_TOKEN", "token"),
    ];

    /// The complete settings but for the given ones.
    fn variable(name: &str, changed: &[(&str, &str)]) -> Option<String> {
        let all = changed.iter().chain(&COMPLETE);
        all.clone().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    fn refused(changed: &[(&str, &str)]) -> String {
        let variables = |name: &str| variable(name, changed);
        let environment = Environment::of(&variables);
        let settings = Settings::read(&environment).err();
        let log = LogSettings::read(&environment).err();
        let bind = read_bind_address(&environment).err();
        let metrics = read_metrics_bind_address(&environment).err();
        settings.or(log).or(bind).or(metrics).map(|error| error.variable).unwrap_or_default()
    }

    #[test]
    fn a_missing_or_senseless_setting_is_named() {
        assert_eq!(refused(&[]), "");
        assert_eq!(refused(&[("INDEX_FOLDER", "")]), "INDEX_FOLDER");
        assert_eq!(refused(&[("SERVICE_TOKEN", "")]), "SERVICE_TOKEN");
        assert_eq!(refused(&[("SERVICE_TOKEN", "to ken")]), "SERVICE_TOKEN");
        assert_eq!(refused(&[("SERVICE_TOKEN_FILE", "/token")]), "SERVICE_TOKEN");
        assert_eq!(refused(&[("PUBLISHED_DATABASE_URL", "mysql")]), "PUBLISHED_DATABASE_URL");
        assert_eq!(refused(&[("LOG_FORMAT", "xml")]), "LOG_FORMAT");
        assert_eq!(refused(&[("LOG_LEVEL", "loud")]), "LOG_LEVEL");
        assert_eq!(refused(&[("HEAVY_COMPUTATION_BIND", "localhost")]), "HEAVY_COMPUTATION_BIND");
        let metrics = "HEAVY_COMPUTATION_METRICS_BIND";
        assert_eq!(refused(&[(metrics, "9090")]), metrics);
    }

    #[test]
    fn a_secret_may_stand_in_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "from a file\n").unwrap();
        let path = file.path().to_str().unwrap();
        let variables = |name: &str| (name == "KEY_FILE").then(|| path.to_owned());
        assert_eq!(Environment::of(&variables).secret("KEY").unwrap(), "from a file");
    }

    #[test]
    fn a_password_is_not_repeated_in_an_error() {
        let variables = |name: &str| {
            variable(name, &[("PUBLISHED_DATABASE_URL", "postgresql://u:hunter2@h:port/d")])
        };
        let error = Settings::read(&Environment::of(&variables)).err().unwrap();
        assert!(!error.to_string().contains("hunter2"));
    }
}
