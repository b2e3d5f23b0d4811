use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::timeout};
use uuid::Uuid;

use super::{
    analysis::Stems,
    feedback::feedback,
    highlights::{Highlighter, TextRange},
    matching::find_matches,
    page_token::PageToken,
    query::SearchQuery,
    ranking::{Rank, TopCandidates},
    schema::Fields,
    statistics::Statistics,
    terms::QueryTerms,
    view::View,
};
use crate::{cancellation::Cancellation, error::Error, posts::Texts};

/// How long a caller waits for a change that the index does not have yet.
const LONGEST_WAIT_FOR_POSITION: Duration = Duration::from_secs(1);

/// Answers searches on the newest view. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SearchEngine {
    fields: Fields,
    views: watch::Receiver<Option<Arc<View>>>,
}

/// The posts of a page.
pub(crate) struct Ranked {
    /// Best first.
    posts: Vec<Rank>,
    next_page_token: String,
    position: u64,
}

/// A page of hits.
#[derive(Debug)]
pub(crate) struct Found {
    /// Best first.
    pub(crate) hits: Vec<Hit>,
    /// Empty when there are no more.
    pub(crate) next_page_token: String,
    /// Every change of the transactions below this is visible.
    pub(crate) position: u64,
}

#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) post: Uuid,
    pub(crate) score: f32,
    pub(crate) title_highlights: Vec<TextRange>,
    pub(crate) content_highlights: Vec<TextRange>,
}

impl SearchEngine {
    pub(super) fn new(fields: Fields, views: watch::Receiver<Option<Arc<View>>>) -> Self {
        Self { fields, views }
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The newest view, as soon as it has every change before `min_position`.
    pub(crate) async fn view_at(&self, min_position: u64) -> Result<Arc<View>, Error> {
        let mut views = self.views.clone();
        if views.borrow().is_none() {
            return Err(Error::NotReady);
        }
        let reaches = |view: &Option<Arc<View>>| {
            view.as_ref().is_some_and(|view| view.complete_below >= min_position)
        };
        match timeout(LONGEST_WAIT_FOR_POSITION, views.wait_for(reaches)).await {
            Ok(Ok(view)) => view.clone().ok_or(Error::NotReady),
            Ok(Err(_)) => Err(Error::NotReady),
            Err(_) => Err(Error::Behind),
        }
    }

    /// Takes milliseconds of computing. Fails when cancelled.
    pub(crate) fn search(
        &self,
        view: &View,
        query: &SearchQuery,
        texts: &dyn Texts,
        cancellation: &Cancellation,
    ) -> Result<Found, Error> {
        let ranked = self.ranked(view, query, texts, cancellation)?;
        ranked.with_highlights(query, texts, cancellation)
    }

    pub(crate) fn ranked(
        &self,
        view: &View,
        query: &SearchQuery,
        texts: &dyn Texts,
        cancellation: &Cancellation,
    ) -> Result<Ranked, Error> {
        let terms =
            QueryTerms::look_up(view, &self.fields, &query.words, query.beginning.as_deref())?;
        let statistics = match &query.after {
            Some(token) => token.statistics.clone(),
            None => self.statistics(&terms, query, texts, cancellation)?,
        };
        let after = query.after.as_ref().map(|token| token.last);
        // One more than asked for tells whether there is another page.
        let mut top = TopCandidates::new(query.limit + 1, after);
        find_matches(&terms, &self.fields, query, &statistics, texts, &mut top, cancellation)?;
        if cancellation.is_cancelled() {
            return Err(Error::TooLate);
        }
        let mut candidates = top.into_ranked();
        let has_more = candidates.len() > query.limit;
        candidates.truncate(query.limit);
        let next_page_token = match candidates.last().filter(|_| has_more) {
            Some(last) => PageToken { last: last.rank, statistics }.encode(query.fingerprint),
            None => String::new(),
        };
        let posts = candidates.iter().map(|candidate| candidate.rank).collect();
        Ok(Ranked { posts, next_page_token, position: view.complete_below })
    }

    fn statistics(
        &self,
        terms: &QueryTerms<'_>,
        query: &SearchQuery,
        texts: &dyn Texts,
        cancellation: &Cancellation,
    ) -> tantivy::Result<Statistics> {
        let statistics = Statistics::of(terms);
        let feedback = feedback(terms, &self.fields, query, &statistics, texts, cancellation)?;
        Ok(Statistics { feedback, ..statistics })
    }
}

impl Ranked {
    #[cfg(feature = "measuring")]
    pub(crate) fn posts(&self) -> impl Iterator<Item = Uuid> {
        self.posts.iter().map(|rank| rank.post)
    }

    /// Finds what matches in the posts' texts; nothing in one that is not there yet.
    fn with_highlights(
        self,
        query: &SearchQuery,
        texts: &dyn Texts,
        cancellation: &Cancellation,
    ) -> Result<Found, Error> {
        let highlighter = Highlighter::new(query);
        let mut stems = Stems::take();
        let hits = self.posts.iter().map(|rank| {
            if cancellation.is_cancelled() {
                return Err(Error::TooLate);
            }
            let text = texts.text_of(rank.post)?;
            let [title_highlights, content_highlights] = match &text {
                Some(text) => highlighter.ranges_in(text, &mut stems),
                None => Default::default(),
            };
            Ok(Hit { post: rank.post, score: rank.score, title_highlights, content_highlights })
        });
        let hits = hits.collect::<Result<_, Error>>()?;
        Ok(Found { hits, next_page_token: self.next_page_token, position: self.position })
    }
}
