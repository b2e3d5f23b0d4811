//! Answers questions over all posts from an index of its own.
//!
//! # Layout
//!
//! - `config`, `telemetry`: settings, the log and the traces
//! - `metrics`: what is measured, for Prometheus
//! - `server`: puts the parts together; [`run`] is all of the service but its process
//! - `grpc`: the contract's edge
//! - `computation`, `cancellation`: cores for the work of calls, with a limit, and its early end
//! - `changes`: reads what happened in Postgres
//! - `search`: an engine on disk
//! - `near_copies`, `suggest`: engines in memory; further operations get a folder of their own beside them
//! - `related`: asks both
//! - `posts`: the posts as these need them
//! - `engines`: the engines in memory together, and the thread that applies changes to them
//! - `follower`, `rebuild`: bring the changes to all of them
//! - `measuring`: the engines by themselves, for benchmarks

pub mod config;
pub mod telemetry;

mod cancellation;
mod changes;
mod computation;
mod engines;
mod error;
mod follower;
mod grpc;
#[cfg(feature = "measuring")]
pub mod measuring;
mod metrics;
mod near_copies;
mod posts;
mod rebuild;
mod related;
mod search;
mod server;
mod suggest;

pub use changes::ChangesError;
pub use follower::FollowError;
pub use grpc::{contract, health::check as check_health};
pub use search::{FolderError, IndexError};
pub use server::{Listeners, RunError, run};
