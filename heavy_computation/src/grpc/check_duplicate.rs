use super::contract::{self, CheckDuplicateRequest};
use crate::{
    error::InvalidField,
    near_copies::{NearCopy, NearCopyQuery},
};

impl TryFrom<CheckDuplicateRequest> for NearCopyQuery {
    type Error = InvalidField;

    fn try_from(request: CheckDuplicateRequest) -> Result<Self, InvalidField> {
        // More than fits is too much as well.
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        Self::new(&request.title, &request.content, request.min_similarity, limit)
    }
}

impl From<NearCopy> for contract::NearCopy {
    fn from(copy: NearCopy) -> Self {
        Self {
            post_id: copy.post.to_string(),
            author_id: copy.author.to_string(),
            similarity: copy.similarity,
            created_at_ms: copy.created_at_ms,
        }
    }
}
