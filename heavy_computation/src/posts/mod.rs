//! The posts as the engines in memory need them, in a file of their own.
//!
//! - `record`: a post as bytes
//! - `store`: the file, and where each post stands in it

mod record;
mod store;

pub(crate) use record::record_of;
pub(crate) use store::{PostStore, Slot};
