//! Full-text search over all posts.
//!
//! - `analysis`: from text to terms
//! - `query_language`, `query`, `page_token`: what may be asked; a value of these types is valid
//! - `schema`, `weighted_terms`: what the index holds of a post
//! - `base`, `folder`: the index on disk, in its folder; `replacing`: what takes posts out of it
//! - `fresh`: the changes of the last seconds, in memory
//! - `view`: base and fresh as one unchanging whole, on which a search works
//! - `terms`, `statistics`, `matching`, `ranking`, `highlights`: the steps of a search
//! - `cursor`, `phrases`, `filtering`, `scoring`: what matching is made of
//! - `feedback`: what the best posts add to a query; `meaning`: the terms of a post that say something
//! - `similar`: the posts most like a post; `topic`: what it and the best of them are about
//! - `engine`: asks; `indexer`: applies changes and publishes views
//!
//! Nothing here knows of gRPC or of how changes are read.

mod analysis;
#[cfg(test)]
mod any_query;
mod base;
mod cursor;
mod engine;
mod feedback;
mod filtering;
mod folder;
mod fresh;
mod highlights;
mod indexer;
mod matching;
mod meaning;
mod page_token;
mod phrases;
mod query;
mod query_language;
mod ranking;
mod replacing;
mod schema;
mod scoring;
mod similar;
mod statistics;
mod terms;
mod topic;
mod view;
mod weighted_terms;

pub(crate) use analysis::{exact_term, words};
pub(crate) use engine::{Found, Hit, SearchEngine};
pub use folder::FolderError;
pub(crate) use folder::{IndexFolder, Rebuild, StoredIndex};
pub(crate) use highlights::TextRange;
pub use indexer::IndexError;
pub(crate) use indexer::{Indexer, Publisher};
pub(crate) use query::{Asked, InvalidQuery, Order, SearchQuery};
pub(crate) use similar::SimilarPost;
pub(crate) use view::View;
