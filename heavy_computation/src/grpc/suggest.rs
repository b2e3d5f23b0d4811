use super::contract::{self, SuggestRequest, SuggestionKind};
use crate::{
    error::InvalidField,
    suggest::{Kind, SuggestQuery, Suggestion},
};

impl TryFrom<SuggestRequest> for SuggestQuery {
    type Error = InvalidField;

    fn try_from(request: SuggestRequest) -> Result<Self, InvalidField> {
        // More than fits is too much as well.
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        Self::new(&request.typed, limit)
    }
}

impl From<Suggestion> for contract::Suggestion {
    fn from(suggestion: Suggestion) -> Self {
        Self {
            kind: SuggestionKind::from(suggestion.kind).into(),
            text: suggestion.text,
            posts: suggestion.posts,
            distance: suggestion.distance,
        }
    }
}

impl From<Kind> for SuggestionKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Word => Self::Word,
            Kind::Tag => Self::Tag,
            Kind::Username => Self::Username,
        }
    }
}
