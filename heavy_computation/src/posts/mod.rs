//! The posts as the engines in memory need them, in a file of their own.
//!
//! - `record`: a post as bytes
//! - `store`: the file, and where each post stands in it

mod record;
mod store;

use std::io;

use uuid::Uuid;

pub(crate) use record::{StoredPost, record_of};
pub(crate) use store::{PostStore, Slot};

/// Where the text of a post is read.
pub(crate) trait Texts {
    /// None when the post is gone, or not there yet.
    fn text_of(&self, post: Uuid) -> io::Result<Option<StoredPost>>;
}

impl Texts for PostStore {
    fn text_of(&self, post: Uuid) -> io::Result<Option<StoredPost>> {
        Ok(self.find(post)?.map(|(_, post)| post))
    }
}
