use std::{io, path::Path};

use uuid::Uuid;

use crate::{
    changes::{Post, PostChange},
    near_copies::{NearCopies, Sketch, SketchIndex, folded},
    posts::{PostStore, record_of},
    suggest::{Name, Vocabulary, names_of},
};

/// Everything kept in memory about the posts.
pub(crate) struct Engines {
    pub(crate) store: PostStore,
    sketches: SketchIndex,
    pub(crate) vocabulary: Vocabulary,
}

/// A change with all that can be computed of it before anybody has to wait.
pub(super) struct PreparedChange {
    id: Uuid,
    /// None when the post is deleted.
    post: Option<PreparedPost>,
}

struct PreparedPost {
    record: Vec<u8>,
    sketch: Sketch,
    names: Vec<Name>,
}

impl PreparedChange {
    pub(super) fn of(change: &PostChange) -> Self {
        match change {
            PostChange::Written(post) => Self::of_post(post),
            PostChange::Deleted(id) => Self { id: *id, post: None },
        }
    }

    pub(super) fn of_post(post: &Post) -> Self {
        let names = names_of(&post.title, &post.content, &post.author_username, &post.tags);
        let sketch = Sketch::of(&folded(&post.title, &post.content));
        let prepared = PreparedPost { record: record_of(post), sketch, names };
        Self { id: post.id, post: Some(prepared) }
    }
}

impl Engines {
    /// Keeps a file in `folder`.
    pub(crate) fn create(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            store: PostStore::create(folder)?,
            sketches: SketchIndex::default(),
            vocabulary: Vocabulary::default(),
        })
    }

    #[cfg(feature = "measuring")]
    pub(crate) fn of_posts(folder: &Path, posts: &[Post]) -> io::Result<Self> {
        let mut engines = Self::create(folder)?;
        for post in posts {
            engines.apply(PreparedChange::of_post(post))?;
            if engines.sketches.needs_merging() {
                let merged = engines.sketches.merged(|slot| engines.store.has(slot), false);
                engines.sketches.adopt(merged);
            }
        }
        let merged = engines.sketches.merged(|slot| engines.store.has(slot), true);
        engines.sketches.adopt(merged);
        engines.vocabulary = engines.vocabulary.sorted();
        Ok(engines)
    }

    pub(crate) fn near_copies(&self) -> NearCopies<'_> {
        NearCopies { index: &self.sketches, store: &self.store }
    }

    /// Applying a change again changes nothing.
    pub(super) fn apply(&mut self, change: PreparedChange) -> io::Result<()> {
        self.forget(change.id)?;
        if let Some(post) = change.post {
            let slot = self.store.add(change.id, &post.record)?;
            self.sketches.add(slot, &post.sketch);
            post.names.iter().for_each(|name| self.vocabulary.add(name));
        }
        Ok(())
    }

    fn forget(&mut self, id: Uuid) -> io::Result<()> {
        let Some((slot, old)) = self.store.find(id)? else {
            return Ok(());
        };
        let names = names_of(&old.title, &old.content, &old.author_username, &old.tags);
        names.iter().for_each(|name| self.vocabulary.remove(name));
        self.store.remove(id, slot)
    }

    /// Bytes of memory that each engine takes, by its name.
    pub(crate) fn bytes(&self) -> [(&'static str, usize); 3] {
        [
            ("posts", self.store.bytes()),
            ("near_copies", self.sketches.bytes()),
            ("suggest", self.vocabulary.bytes()),
        ]
    }

    pub(super) fn sketches(&self) -> &SketchIndex {
        &self.sketches
    }

    pub(super) fn sketches_mut(&mut self) -> &mut SketchIndex {
        &mut self.sketches
    }
}
