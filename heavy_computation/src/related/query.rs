use uuid::Uuid;

use crate::error::InvalidField;

const MOST_RELATED: usize = 50;

/// The post asked about. A value of this type is valid.
#[derive(Debug)]
pub(crate) struct RelatedQuery {
    pub(super) post: Uuid,
    pub(super) limit: usize,
}

impl RelatedQuery {
    pub(crate) fn new(post_id: &str, limit: usize) -> Result<Self, InvalidField> {
        let post = post_id
            .parse()
            .map_err(|_| InvalidField { field: "post_id", reason: "must be a UUID" })?;
        if !(1..=MOST_RELATED).contains(&limit) {
            return Err(InvalidField { field: "limit", reason: "must be from 1 to 50" });
        }
        Ok(Self { post, limit })
    }
}
