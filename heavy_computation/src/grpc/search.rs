use super::contract::{SearchHit, SearchOrder, SearchRequest, SearchResponse, TextRange};
use crate::search::{self, Asked, Found, Hit, InvalidQuery, Order, SearchQuery};

impl TryFrom<SearchRequest> for SearchQuery {
    type Error = InvalidQuery;

    fn try_from(request: SearchRequest) -> Result<Self, InvalidQuery> {
        let order = match SearchOrder::try_from(request.order) {
            Ok(SearchOrder::Unspecified | SearchOrder::Relevance) => Order::Relevance,
            Ok(SearchOrder::Newest) => Order::Newest,
            Err(_) => {
                return Err(InvalidQuery { field: "order", reason: "unknown" });
            }
        };
        // More than fits is too much as well.
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        Self::new(&Asked {
            query: &request.query,
            language: &request.language,
            limit,
            order,
            page_token: &request.page_token,
        })
    }
}

impl From<Found> for SearchResponse {
    fn from(found: Found) -> Self {
        Self {
            hits: found.hits.into_iter().map(SearchHit::from).collect(),
            next_page_token: found.next_page_token,
            position: found.position,
        }
    }
}

impl From<Hit> for SearchHit {
    fn from(hit: Hit) -> Self {
        Self {
            post_id: hit.post.to_string(),
            score: hit.score,
            title_highlights: hit.title_highlights.into_iter().map(TextRange::from).collect(),
            content_highlights: hit.content_highlights.into_iter().map(TextRange::from).collect(),
        }
    }
}

impl From<search::TextRange> for TextRange {
    fn from(range: search::TextRange) -> Self {
        Self { start: range.start, end: range.end }
    }
}
