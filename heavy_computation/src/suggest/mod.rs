//! Completes what is being typed.
//!
//! - `names`: the words, tags and usernames of a post
//! - `vocabulary`: all of them, each with the number of its posts
//! - `spelling`: how far what was typed is from the beginning of each
//! - `query`: what may be asked
//! - `engine`: asks the vocabulary, and puts the likeliest first
//!
//! Nothing here knows of gRPC or of how changes are read.

mod engine;
mod names;
mod query;
mod spelling;
mod vocabulary;

pub(crate) use engine::{Suggestion, suggest};
pub(crate) use names::{Kind, Name, names_of};
pub(crate) use query::SuggestQuery;
pub(crate) use vocabulary::Vocabulary;
