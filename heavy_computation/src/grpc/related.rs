use super::contract::{RelatedPost, RelatedRequest};
use crate::{error::InvalidField, related::RelatedQuery, search::SimilarPost};

impl TryFrom<RelatedRequest> for RelatedQuery {
    type Error = InvalidField;

    fn try_from(request: RelatedRequest) -> Result<Self, InvalidField> {
        // More than fits is too much as well.
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        Self::new(&request.post_id, limit)
    }
}

impl From<SimilarPost> for RelatedPost {
    fn from(similar: SimilarPost) -> Self {
        Self { post_id: similar.post.id.to_string(), score: similar.score }
    }
}
