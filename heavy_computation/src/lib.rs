//! Answers questions over all posts from an index of its own.
//!
//! # Layout
//!
//! - `config`, `telemetry`: settings and the log
//! - `server`: puts the parts together; [`run`] is all of the service but its process
//! - `grpc`: the contract's edge
//! - `computation`: cores for the work of calls, with a limit
//! - `changes`: reads what happened in Postgres
//! - `search`: an engine; further operations get a folder of their own beside it
//! - `follower`, `rebuild`: bring the changes to the engines

pub mod config;
pub mod telemetry;

mod changes;
mod computation;
mod error;
mod follower;
mod grpc;
mod rebuild;
mod search;
mod server;

pub use changes::ChangesError;
pub use follower::FollowError;
pub use grpc::{contract, health::check as check_health};
pub use search::{FolderError, IndexError};
pub use server::{RunError, run};
