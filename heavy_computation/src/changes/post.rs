use uuid::Uuid;

/// A post as `published.posts` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    pub(crate) id: Uuid,
    pub(crate) author_id: Uuid,
    pub(crate) author_username: String,
    pub(crate) title: String,
    pub(crate) content: String,
    /// Casefolded, without `#`.
    pub(crate) tags: Vec<String>,
    /// BCP 47 tag; none until it is known.
    pub(crate) language: Option<String>,
    /// Unix time in milliseconds.
    pub(crate) created_at_ms: i64,
}

/// What a change left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PostChange {
    Written(Post),
    Deleted(Uuid),
}

impl PostChange {
    pub(crate) fn id(&self) -> Uuid {
        match self {
            Self::Written(post) => post.id,
            Self::Deleted(id) => *id,
        }
    }
}
