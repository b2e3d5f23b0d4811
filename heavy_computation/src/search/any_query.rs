//! Any query whatever, on a real index: it gets an answer or names the field that is wrong, and the best
//! posts are the same however few of them are asked for at once.
//!
//! `PROPTEST_CASES=100000 cargo test --release any_query` searches for longer.

use std::{
    io,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use proptest::prelude::*;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Asked, IndexFolder, Indexer, Order, Publisher, SearchEngine, SearchQuery, View};
use crate::{
    cancellation::Cancellation,
    changes::{ChangePage, Position, Post, PostChange},
    error::Error,
    posts::{PostStore, StoredPost, Texts, record_of},
};

const POSTS: usize = 300;
const WORDS: [&str; 24] = [
    "owl",
    "owls",
    "night",
    "the",
    "of",
    "at",
    "snow",
    "snowy",
    "running",
    "runs",
    "canción",
    "cancion",
    "noche",
    "de",
    "Straße",
    "東京都",
    "京都",
    "한국어",
    "🎉",
    "it's",
    "l'amour",
    "2026",
    "Rust_lang",
    "élan",
];

struct Searchable {
    engine: SearchEngine,
    view: Arc<View>,
    texts: PostStore,
    _folder: TempDir,
}

static SEARCHABLE: LazyLock<Searchable> = LazyLock::new(searchable);

fn post(number: usize) -> Post {
    let word = |at: usize| WORDS[(number * 7 + at * at * (number % 5 + 1)) % WORDS.len()];
    let words = |range: std::ops::Range<usize>| range.map(word).collect::<Vec<_>>().join(" ");
    Post {
        id: Uuid::from_u128(((number as u128) << 80) | 0x7000_8000_0000_0000_0000 | 1),
        author_id: Uuid::from_u128(number as u128 % 7),
        author_username: ["alice", "bob", "night owl"][number % 3].to_owned(),
        title: words(0..number % 6),
        content: words(6..8 + number % 23),
        tags: vec![["snow", "birds"][number % 2].to_owned()],
        language: [None, Some("es"), Some("en")][number % 3].map(str::to_owned),
        created_at_ms: number as i64,
    }
}

/// Most posts in the index on disk, the newest among the fresh ones.
fn searchable() -> Searchable {
    let folder = tempfile::tempdir().unwrap();
    let index = IndexFolder::lock(folder.path()).unwrap();
    let rebuild = index.start_rebuild("tested", Position::default()).unwrap();
    let mut posts: Vec<Post> = (0..POSTS).map(post).collect();
    let newest = posts.split_off(POSTS - 9);
    rebuild.add(&posts).unwrap();
    index.finish_rebuild(rebuild).unwrap();
    let mut texts = PostStore::create(folder.path()).unwrap();
    for post in posts.iter().chain(&newest) {
        texts.add(post.id, &record_of(post)).unwrap();
    }
    let (publisher, engine) = Publisher::new();
    let mut indexer = Indexer::new(index.open("tested").unwrap(), publisher);
    let page = ChangePage {
        posts: newest.into_iter().map(PostChange::Written).collect(),
        position: Position::default(),
        complete_below: 1,
        is_last: true,
        positions_behind: 0,
        complete_until: Instant::now(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let view = runtime.block_on(async {
        indexer.apply(page).await.unwrap();
        engine.view_at(1).await.unwrap()
    });
    Searchable { engine, view, texts, _folder: folder }
}

/// The posts with their scores, a page after the other.
fn pages(query: &str, order: Order, limit: usize) -> Option<Vec<(Uuid, f32)>> {
    let Searchable { engine, view, texts, .. } = &*SEARCHABLE;
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let asked = Asked { query, language: "", limit, order, page_token: &page_token };
        let asked = SearchQuery::new(&asked).ok()?;
        let found = engine.search(view, &asked, texts, &Cancellation::default()).unwrap();
        all.extend(found.hits.iter().map(|hit| (hit.post, hit.score)));
        page_token = found.next_page_token;
        if page_token.is_empty() {
            return Some(all);
        }
    }
}

fn query() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned);
    let sign = "(from|tag|before|after|lang|FROM):|[-\"#@: ]|alice|birds|es|2026-01-0[1-3]";
    let part = prop_oneof![4 => word, 2 => sign, 1 => any::<String>()];
    let gap = prop_oneof![3 => Just(" "), 1 => Just("")];
    prop::collection::vec((part, gap), 0..9)
        .prop_map(|parts| parts.into_iter().map(|(part, gap)| part + gap).collect())
}

proptest! {
    #[test]
    fn a_query_finds_the_same_posts_on_one_page_or_on_many(query in query()) {
        for order in [Order::Relevance, Order::Newest] {
            if let Some(many) = pages(&query, order, 7) {
                prop_assert_eq!(&many, &pages(&query, order, 100).unwrap());
                let distinct: std::collections::HashSet<Uuid> = many.iter().map(|hit| hit.0).collect();
                prop_assert_eq!(distinct.len(), many.len());
            }
        }
    }
}

#[test]
fn a_phrase_is_found_in_its_order_only_and_may_be_unwanted() {
    let found = |query: &str| pages(query, Order::Newest, 100).unwrap().len();
    let (there, back) = (found("\"owl night\""), found("\"night owl\""));
    assert!(there + back > 0);
    assert!(there < found("owl night") && back < found("owl night"));
    assert_eq!(found("owl night -\"owl night\""), found("owl night") - there);
}

/// Whose caller goes when the first text is read.
struct LeftAtTheFirst<'texts> {
    texts: &'texts PostStore,
    nobody_waits: CancellationToken,
    read: AtomicUsize,
}

impl Texts for LeftAtTheFirst<'_> {
    fn text_of(&self, post: Uuid) -> io::Result<Option<StoredPost>> {
        self.nobody_waits.cancel();
        self.read.fetch_add(1, Ordering::Relaxed);
        self.texts.text_of(post)
    }
}

#[test]
fn a_search_that_nobody_waits_for_reads_no_further_text() {
    let Searchable { engine, view, texts, .. } = &*SEARCHABLE;
    let order = Order::Relevance;
    let asked = Asked { query: "owl", language: "", limit: 100, order, page_token: "" };
    let asked = SearchQuery::new(&asked).unwrap();
    let nobody_waits = CancellationToken::new();
    let cancellation = Cancellation::when(nobody_waits.clone());
    let texts = LeftAtTheFirst { texts, nobody_waits, read: AtomicUsize::new(0) };

    let found = engine.search(view, &asked, &texts, &cancellation);

    assert!(matches!(found, Err(Error::TooLate)));
    assert_eq!(texts.read.into_inner(), 1);
}
