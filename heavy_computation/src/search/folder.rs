use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use tantivy::Index;
use tracing::info;

use super::{
    analysis::Stems,
    base::{Base, Origin, WritingLimits},
    schema::{Fields, SCHEMA_VERSION},
};
use crate::changes::{Position, Post};

const LOCK: &str = "lock";
const CURRENT: &str = "current";
const REBUILDING: &str = "rebuilding";
/// Following changes is little work; a rebuild is a lot, and the larger its segments are, the fewer of
/// them are merged.
const TO_FOLLOW: WritingLimits = WritingLimits { threads: 1, bytes_of_a_thread: 50_000_000 };
const TO_REBUILD: WritingLimits = WritingLimits { threads: 2, bytes_of_a_thread: 128_000_000 };

/// Why the folder of the index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Two processes must not write one index.
    #[error("INDEX_FOLDER {} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// The folder could not be made, read or written.
    #[error("INDEX_FOLDER {path}: {error}", path = .0.display(), error = .1)]
    Unusable(PathBuf, #[source] io::Error),
}

/// The folder that holds the index, for this process alone as long as the value lives.
///
/// `current` is the index in use; `rebuilding` one that is being made, which takes its place when
/// it is complete.
pub(crate) struct IndexFolder {
    path: PathBuf,
    _lock: File,
}

/// An index ready to follow the changes after its position.
pub(crate) struct StoredIndex {
    pub(super) base: Base,
    pub(crate) position: Position,
}

/// An index that is being made of all posts.
pub(crate) struct Rebuild {
    base: Base,
    position: Position,
}

impl IndexFolder {
    pub(crate) fn lock(path: &Path) -> Result<Self, FolderError> {
        let unusable = |error| FolderError::Unusable(path.to_owned(), error);
        fs::create_dir_all(path).map_err(unusable)?;
        let lock = File::create(path.join(LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// The index in the folder, unless it is missing, damaged, of another schema or of another
    /// database.
    pub(crate) fn open(&self, database: &str) -> Option<StoredIndex> {
        match self.open_current(database) {
            Ok(stored) => Some(stored),
            Err(reason) => {
                info!(reason, "the index must be built anew");
                None
            }
        }
    }

    fn open_current(&self, database: &str) -> Result<StoredIndex, String> {
        let current = self.path.join(CURRENT);
        if !current.exists() {
            return Err("there is none".to_owned());
        }
        let text = |error: tantivy::TantivyError| error.to_string();
        let fields = Fields::new();
        let index = Index::open_in_dir(current).map_err(text)?;
        let payload = index.load_metas().map_err(text)?.payload.unwrap_or_default();
        let origin: Origin = serde_json::from_str(&payload).map_err(|error| error.to_string())?;
        if origin.schema_version != SCHEMA_VERSION || index.schema() != fields.schema {
            return Err("it is of another version".to_owned());
        }
        if origin.database != database {
            return Err("it is of another database".to_owned());
        }
        let damaged = index.validate_checksum().map_err(text)?;
        if !damaged.is_empty() {
            return Err(format!("it is damaged: {damaged:?}"));
        }
        let position = origin.position;
        let base = Base::new(index, fields, origin, TO_FOLLOW).map_err(text)?;
        Ok(StoredIndex { base, position })
    }

    /// Begins an index that will hold every change up to `position`.
    pub(crate) fn start_rebuild(
        &self,
        database: &str,
        position: Position,
    ) -> tantivy::Result<Rebuild> {
        let folder = self.path.join(REBUILDING);
        remove_folder(&folder)?;
        fs::create_dir(&folder)?;
        let origin =
            Origin { schema_version: SCHEMA_VERSION, database: database.to_owned(), position };
        let base = Base::create(&folder, Fields::new(), origin, TO_REBUILD)?;
        Ok(Rebuild { base, position })
    }

    /// Puts a complete index in the place of the current one.
    pub(crate) fn finish_rebuild(&self, rebuild: Rebuild) -> tantivy::Result<()> {
        let Rebuild { mut base, position } = rebuild;
        base.commit(position)?;
        base.close()?;
        let current = self.path.join(CURRENT);
        remove_folder(&current)?;
        fs::rename(self.path.join(REBUILDING), current)?;
        File::open(&self.path)?.sync_all()?;
        Ok(())
    }
}

impl Rebuild {
    /// Several threads may add posts.
    pub(crate) fn add(&self, posts: &[Post]) -> tantivy::Result<()> {
        let mut stems = Stems::take();
        posts.iter().try_for_each(|post| self.base.add(post, &mut stems))
    }
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
