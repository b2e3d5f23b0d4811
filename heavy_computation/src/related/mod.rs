//! Posts about the same thing as a post.
//!
//! - `query`: what may be asked
//! - `engine`: asks the index for similar posts, and leaves out what a reader would see twice
//!
//! Nothing here knows of gRPC or of how changes are read.

mod engine;
mod query;

pub(crate) use engine::RelatedPosts;
pub(crate) use query::RelatedQuery;
