//! Texts that are nearly the same as another.
//!
//! - `grams`: a text as a set of what stands in it, and how alike two such sets are
//! - `sketch`: a few numbers that nearly equal texts share
//! - `index`: which posts have a number in their sketch
//! - `query`: what may be asked
//! - `engine`: finds posts that share a number, and compares their texts
//!
//! Nothing here knows of gRPC or of how changes are read.

mod engine;
mod grams;
mod index;
mod query;
mod sketch;

pub(crate) use engine::{NearCopies, NearCopy};
pub(crate) use grams::{GramFilter, GramSet, folded};
pub(crate) use index::SketchIndex;
pub(crate) use query::NearCopyQuery;
pub(crate) use sketch::Sketch;
