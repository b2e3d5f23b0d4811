//! The posts that have most in common with a post. Its words of the highest weight are a query ("more like
//! this"); the posts it finds are then ranked by all of its words, and by those of its neighbours: the best of
//! them, which say in other words what it is about (RM3, as in `feedback`).

use rustc_hash::FxHashSet;
use tantivy::{DocAddress, schema::IndexRecordOption};
use uuid::Uuid;

use super::{
    analysis::Stems,
    cursor::Cursor,
    engine::SearchEngine,
    meaning::Meaning,
    ranking::{Candidate, Rank, TopCandidates},
    scoring::{Lengths, Points, ScoredPosts, offer_best, points_of, score_of},
    terms::QueryTerms,
    topic::{Dictionary, Topic},
    view::{Ids, View},
};
use crate::{
    cancellation::Cancellation,
    posts::{StoredPost, Texts},
};

/// Words of a post that find others. All of them rank what is found.
const WORDS_THAT_FIND: usize = 25;
/// Posts next to a post, and how much each of them counts that says the very same.
const NEIGHBOURS: usize = 5;
const WEIGHT_OF_NEIGHBOUR: f32 = 0.5;
/// A topic's weights are shares of one; the points of the index are whole numbers.
const UNIT: f32 = 100.0;
/// What a word is expected to be worth to a post, as a share of what it would be worth if repeated without
/// end; standing once in a post of mean length is half of it. Posts that cannot be among the best if no word
/// is worth more are passed over. Of the ten best of 1,000 posts among 100,000 this changed 4 in 100, and
/// neither the share of posts of the right topic nor what people find alike; among 500,000 it takes a
/// quarter of the time.
const EXPECTED_WORTH: f32 = 0.3;
/// Matches looked at between two looks at whether anybody still waits for the answer.
const MATCHES_BETWEEN_CHECKS: u32 = 1024;

/// A post, and how much it has in common with the one asked about and its neighbours: a share of what that
/// one has.
pub(crate) struct SimilarPost {
    pub(crate) post: StoredPost,
    pub(crate) score: f32,
}

struct FoundPost {
    post: StoredPost,
    meaning: Meaning,
    score: f32,
}

impl SearchEngine {
    /// Best first, at most `limit`, without the post itself. Takes milliseconds of computing; with too
    /// few when cancelled.
    pub(crate) fn similar_posts(
        &self,
        view: &View,
        post: &StoredPost,
        limit: usize,
        texts: &dyn Texts,
        cancellation: &Cancellation,
    ) -> tantivy::Result<Vec<SimilarPost>> {
        let segments = QueryTerms::look_up(view, self.fields(), &[], None)?.segments;
        let mut dictionary = Dictionary::new(segments);
        let mut stems = Stems::take();
        let meaning = Meaning::of(post, &mut stems);
        let mut topic = dictionary.topic_of(&meaning, |_| true)?;
        // The post itself is one of them.
        let mut top = TopCandidates::new(limit + 1, None);
        let words = topic.heaviest(WORDS_THAT_FIND);
        for number in 0..dictionary.segments.len() {
            self.offer_posts(number, &words, &mut dictionary, &mut top, cancellation)?;
        }
        let others = top.into_ranked().into_iter().map(|candidate| candidate.rank.post);
        let others = others.filter(|id| *id != post.id).take(limit);
        let mut found = read(others, texts, &mut stems, cancellation)?;
        rank(&mut found, &topic);
        let shared = words_of_several(&found);
        for neighbour in found.iter().take(NEIGHBOURS) {
            let share = neighbour.score * WEIGHT_OF_NEIGHBOUR;
            let counts = |word: &str| shared.contains(word);
            topic.add(dictionary.topic_of(&neighbour.meaning, counts)?, share);
        }
        rank(&mut found, &topic.divided_by_score_of(&meaning));
        Ok(found
            .into_iter()
            .map(|FoundPost { post, score, .. }| SimilarPost { post, score })
            .collect())
    }

    fn offer_posts(
        &self,
        number: usize,
        words: &[(&str, f32)],
        dictionary: &mut Dictionary<'_>,
        top: &mut TopCandidates,
        cancellation: &Cancellation,
    ) -> tantivy::Result<()> {
        let mut infos = Vec::with_capacity(words.len());
        for (word, weight) in words {
            infos.extend(dictionary.info(word, number)?.map(|info| (info, weight)));
        }
        let segment = &dictionary.segments[number];
        let lengths = segment.reader.get_fieldnorms_reader(self.fields().text)?;
        let lengths = Lengths::new(lengths, dictionary.mean_length());
        let mut lists = Vec::new();
        for (info, weight) in infos {
            let cursor = Cursor::open(&segment.text, &info, IndexRecordOption::WithFreqs)?;
            let list = ScoredPosts::in_text(cursor, weight * UNIT, &lengths);
            lists.push(list.with_best(EXPECTED_WORTH));
        }
        let ids = Ids::open(segment.reader)?;
        let mut matches: u32 = 0;
        offer_best(lists, &lengths, points_of(top.threshold()), |document, points| {
            let post = ids.get(document);
            if !segment.reader.is_deleted(document) && !segment.layer.replaced.contains(&post) {
                let rank = Rank { score: score_of(points), post };
                let address = DocAddress::new(segment.ordinal, document);
                top.offer(Candidate { rank, layer: segment.layer_number, address });
            }
            matches = matches.wrapping_add(1);
            let is_due = matches.is_multiple_of(MATCHES_BETWEEN_CHECKS);
            let is_over = is_due && cancellation.is_cancelled();
            if is_over { Points::MAX } else { points_of(top.threshold()) }
        });
        Ok(())
    }
}

/// Those that are still there. Fewer when nobody waits for the answer any more: there may be a thousand.
fn read(
    posts: impl Iterator<Item = Uuid>,
    texts: &dyn Texts,
    stems: &mut Stems,
    cancellation: &Cancellation,
) -> tantivy::Result<Vec<FoundPost>> {
    let mut found = Vec::new();
    for id in posts.take_while(|_| !cancellation.is_cancelled()) {
        if let Some(post) = texts.text_of(id)? {
            let meaning = Meaning::of(&post, stems);
            found.push(FoundPost { post, meaning, score: 0.0 });
        }
    }
    Ok(found)
}

/// What only one of the posts says cannot tell which of the others is nearer.
fn words_of_several(found: &[FoundPost]) -> FxHashSet<&str> {
    let (mut seen, mut several) = (FxHashSet::default(), FxHashSet::default());
    for word in found.iter().flat_map(|post| post.meaning.frequencies.keys()) {
        if !seen.insert(word.as_str()) {
            several.insert(word.as_str());
        }
    }
    several
}

/// By what they have of the topic, best first.
fn rank(found: &mut [FoundPost], topic: &Topic) {
    for each in &mut *found {
        each.score = topic.score(&each.meaning);
    }
    let rank_of = |each: &FoundPost| Rank { score: each.score, post: each.post.id };
    found.sort_by_key(|each| std::cmp::Reverse(rank_of(each)));
}
