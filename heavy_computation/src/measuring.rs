//! The engines by themselves, without Postgres and gRPC around them, for benchmarks and fuzzing. Nothing of the
//! service uses this, and the service is built without it.

use std::{
    error::Error,
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
    thread,
    time::Instant,
};

use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    cancellation::Cancellation,
    changes::{ChangePage, Position, Post},
    engines::{EngineReader, Engines},
    near_copies::{NearCopyQuery, Sketch, folded},
    related::{RelatedPosts, RelatedQuery},
    search::{Asked, IndexFolder, Indexer, Order, Publisher, SearchEngine, SearchQuery, View},
    suggest::{SuggestQuery, suggest},
};

type Measured<T> = Result<T, Box<dyn Error>>;

const AUTHORS: u64 = 1_000;
const THREADS: usize = 2;
const POSTS_IN_A_PORTION: usize = 1_000;
/// Ids as Postgres makes them: the first 48 bits are the time in milliseconds.
const FIRST_POST_MS: u64 = 1_760_000_000_000;
const MS_BETWEEN_POSTS: u64 = 997;
const VERSION_7: u64 = 0x7000;

/// Posts, numbered from 0.
pub struct Posts(Vec<Post>);

impl Posts {
    /// Of titles and contents.
    pub fn of<'text>(texts: impl Iterator<Item = (&'text str, &'text str)>) -> Self {
        let posts = texts.zip(0..).map(|((title, content), number)| Post {
            id: id_of(number),
            author_id: Uuid::from_u128((number % AUTHORS).into()),
            author_username: format!("member_{}", number % AUTHORS),
            title: title.to_owned(),
            content: content.to_owned(),
            tags: Vec::new(),
            language: None,
            created_at_ms: 0,
        });
        Self(posts.collect())
    }
}

/// The index on disk and the engines in memory over some posts.
pub struct Instance {
    search: SearchEngine,
    view: Arc<View>,
    engines: EngineReader,
}

/// What became of a search.
pub enum Searched {
    /// This field cannot be as it was.
    Wrong(&'static str),
    /// The token is empty if that was all.
    Found { next_page_token: String },
}

/// Builds the index in the folder with two threads, as after the loss of an index.
pub fn build_index(posts: &Posts, folder: &Path) -> Measured<()> {
    let folder = IndexFolder::lock(folder)?;
    let rebuild = folder.start_rebuild("measured", Position::default())?;
    let portions = Mutex::new(posts.0.chunks(POSTS_IN_A_PORTION));
    let next = || portions.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        while let Some(portion) = next() {
            rebuild.add(portion)?;
        }
        Ok::<_, tantivy::TantivyError>(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or(Ok(())))
    })?;
    Ok(folder.finish_rebuild(rebuild)?)
}

/// Of all files in the folder and those below it.
pub fn bytes_in(folder: &Path) -> Measured<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_folder = entry.file_type()?.is_dir();
        bytes += if is_folder { bytes_in(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

impl Instance {
    /// Over posts of which the folder has an index.
    pub fn open(posts: &Posts, folder: &Path) -> Measured<Self> {
        let (publisher, search) = Publisher::new();
        let stored = IndexFolder::lock(folder)?.open("measured").ok_or("there is no index")?;
        let mut indexer = Indexer::new(stored, publisher);
        let (position, complete_below) = (Position::default(), 0);
        let nothing = ChangePage {
            posts: Vec::new(),
            position,
            complete_below,
            is_last: true,
            positions_behind: 0,
            complete_until: Instant::now(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let view = runtime.block_on(async {
            indexer.apply(nothing).await?;
            Ok::<_, Box<dyn Error>>(search.view_at(0).await?)
        })?;
        let engines = Engines::of_posts(folder, &posts.0)?;
        let (_, position) = watch::channel(Some(0));
        let engines = EngineReader::new(Arc::new(RwLock::new(engines)), position);
        Ok(Self { search, view, engines })
    }

    /// Numbers of the best posts.
    pub fn search(&self, query: &str, limit: usize) -> Measured<Vec<u64>> {
        let query = parsed(query, limit)?;
        let ranked =
            self.search.ranked(&self.view, &query, &self.engines, &Cancellation::default())?;
        Ok(ranked.posts().map(number_of).collect())
    }

    /// As an answer is made of it: with highlights. Counts them.
    pub fn search_with_highlights(&self, query: &str, limit: usize) -> Measured<usize> {
        let query = parsed(query, limit)?;
        let found =
            self.search.search(&self.view, &query, &self.engines, &Cancellation::default())?;
        Ok(found.hits.iter().map(|hit| hit.content_highlights.len()).sum())
    }

    /// As the service does it, whatever is asked.
    pub fn search_as_asked(
        &self,
        query: &str,
        language: &str,
        limit: usize,
        is_newest_first: bool,
        page_token: &str,
    ) -> Measured<Searched> {
        let order = if is_newest_first { Order::Newest } else { Order::Relevance };
        let query = match SearchQuery::new(&Asked { query, language, limit, order, page_token }) {
            Ok(query) => query,
            Err(wrong) => return Ok(Searched::Wrong(wrong.field)),
        };
        let found =
            self.search.search(&self.view, &query, &self.engines, &Cancellation::default())?;
        Ok(Searched::Found { next_page_token: found.next_page_token })
    }

    /// Numbers and scores of the posts most like another.
    pub fn related(&self, number: u64, limit: usize) -> Measured<Vec<(u64, f32)>> {
        let related = RelatedPosts { search: self.search.clone(), engines: self.engines.clone() };
        let query = RelatedQuery::new(&id_of(number).to_string(), limit)?;
        let posts = related.find(&self.view, &query, &Cancellation::default())?;
        Ok(posts.iter().map(|post| (number_of(post.post.id), post.score)).collect())
    }

    pub fn suggestions(&self, typed: &str, limit: usize) -> Measured<Vec<String>> {
        let query = SuggestQuery::new(typed, limit)?;
        let found = suggest(&self.engines.engines().vocabulary, &query, &Cancellation::default());
        Ok(found.into_iter().map(|suggestion| suggestion.text).collect())
    }

    /// Numbers of the posts that are nearly the same.
    pub fn near_copies(
        &self,
        title: &str,
        content: &str,
        min_similarity: f32,
        limit: usize,
    ) -> Measured<Vec<u64>> {
        let query = NearCopyQuery::new(title, content, min_similarity, limit)?;
        let found = self.engines.engines().near_copies().find(&query, &Cancellation::default())?;
        Ok(found.iter().map(|copy| number_of(copy.post)).collect())
    }
}

/// How many numbers a text's sketch has.
pub fn sketch(title: &str, content: &str) -> usize {
    Sketch::of(&folded(title, content)).len()
}

fn parsed(query: &str, limit: usize) -> Measured<SearchQuery> {
    let order = Order::Relevance;
    Ok(SearchQuery::new(&Asked { query, language: "", limit, order, page_token: "" })?)
}

fn id_of(number: u64) -> Uuid {
    let random = (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let random = (random ^ random >> 31).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let time = FIRST_POST_MS + number * MS_BETWEEN_POSTS;
    Uuid::from_u64_pair(time << 16 | VERSION_7 | random & 0xFFF, 1 << 63 | random >> 2)
}

fn number_of(post: Uuid) -> u64 {
    ((post.as_u64_pair().0 >> 16) - FIRST_POST_MS) / MS_BETWEEN_POSTS
}
