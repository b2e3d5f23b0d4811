use std::{hash::BuildHasher, ops::Range};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::names::{Kind, Name};

/// New names that are searched one by one. From this many on they are sorted in among the others.
const MOST_UNSORTED: usize = 1_000;
/// Stands between a name's key and its text where these differ.
const TEXT: char = '\0';

/// Every name with the number of posts that have it.
///
/// Names stand one after another in one text, sorted by kind and key but for the newest: some 30 bytes a
/// name in all.
#[derive(Default)]
pub(crate) struct Vocabulary {
    text: String,
    /// Where each name ends.
    ends: Vec<u32>,
    posts: Vec<u32>,
    sorted: usize,
    places: HashTable<u32>,
}

/// A name as it stands in the vocabulary.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'vocabulary> {
    pub(super) kind: Kind,
    pub(super) key: &'vocabulary str,
    pub(super) text: &'vocabulary str,
    pub(super) posts: u32,
}

impl Vocabulary {
    pub(crate) fn add(&mut self, name: &Name) {
        let place = self.place_of(name).unwrap_or_else(|| self.append(name, 0));
        if let Some(posts) = self.posts.get_mut(place as usize) {
            *posts += 1;
        }
    }

    pub(crate) fn remove(&mut self, name: &Name) {
        if let Some(place) = self.place_of(name) {
            let posts = &mut self.posts[place as usize];
            *posts = posts.saturating_sub(1);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.text.capacity()
            + (self.ends.capacity() + self.posts.capacity()) * size_of::<u32>()
            + self.places.capacity() * (size_of::<u32>() + 1)
    }

    pub(crate) fn needs_sorting(&self) -> bool {
        self.len() - self.sorted > MOST_UNSORTED
    }

    /// The same, sorted, without the names that no post has any more.
    pub(crate) fn sorted(&self) -> Self {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.retain(|place| self.posts[*place as usize] > 0);
        order.sort_unstable_by_key(|place| {
            let entry = self.entry(*place as usize);
            (entry.kind, entry.key)
        });
        let mut sorted = Self::default();
        sorted.text.reserve_exact(self.text.len());
        sorted.ends.reserve_exact(order.len());
        sorted.posts.reserve_exact(order.len());
        for place in &order {
            sorted.append_record(self.record(*place as usize), self.posts[*place as usize]);
        }
        sorted.sorted = sorted.len();
        sorted
    }

    /// The sorted names of a kind that begin with `beginning`, as places.
    pub(super) fn beginning_with(&self, kind: Kind, beginning: &str) -> Range<usize> {
        let start = self.sorted_place(0..self.sorted, kind, |key| key < beginning);
        let end = self.sorted_place(start..self.sorted, kind, |key| key.starts_with(beginning));
        start..end
    }

    /// The first of some sorted names of a kind whose key is not `before`.
    pub(super) fn sorted_place(
        &self,
        range: Range<usize>,
        kind: Kind,
        is_before: impl Fn(&str) -> bool,
    ) -> usize {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low.midpoint(high);
            let entry = self.entry(middle);
            if entry.kind < kind || entry.kind == kind && is_before(entry.key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub(super) fn unsorted(&self) -> Range<usize> {
        self.sorted..self.len()
    }

    pub(super) fn entry(&self, place: usize) -> Entry<'_> {
        let record = self.record(place);
        let kind = match record.as_bytes().first() {
            Some(b'#') => Kind::Tag,
            Some(b'@') => Kind::Username,
            _ => Kind::Word,
        };
        let name = record.get(1..).unwrap_or_default();
        let (key, text) = name.split_once(TEXT).unwrap_or((name, name));
        Entry { kind, key, text, posts: self.posts[place] }
    }

    fn record(&self, place: usize) -> &str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start as usize..self.ends[place] as usize).unwrap_or_default()
    }

    fn place_of(&self, name: &Name) -> Option<u32> {
        let is_it = |place: &u32| {
            let entry = self.entry(*place as usize);
            entry.kind == name.kind && entry.key == name.key
        };
        self.places.find(hash(name.kind, &name.key), is_it).copied()
    }

    fn append(&mut self, name: &Name, posts: u32) -> u32 {
        let mut record = String::with_capacity(name.key.len() + name.text.len() + 2);
        record.push(sigil(name.kind));
        record.push_str(&name.key);
        if name.text != name.key {
            record.push(TEXT);
            record.push_str(&name.text);
        }
        self.append_record(&record, posts)
    }

    fn append_record(&mut self, record: &str, posts: u32) -> u32 {
        let place = self.ends.len() as u32;
        self.text.push_str(record);
        self.ends.push(self.text.len() as u32);
        self.posts.push(posts);
        let entry = self.entry(place as usize);
        let hash_of_new = hash(entry.kind, entry.key);
        // The table asks for the hashes of the others when it grows.
        let mut places = std::mem::take(&mut self.places);
        places.insert_unique(hash_of_new, place, |other| {
            let entry = self.entry(*other as usize);
            hash(entry.kind, entry.key)
        });
        self.places = places;
        place
    }
}

fn hash(kind: Kind, key: &str) -> u64 {
    FxBuildHasher.hash_one((kind, key))
}

fn sigil(kind: Kind) -> char {
    match kind {
        Kind::Word => ' ',
        Kind::Tag => '#',
        Kind::Username => '@',
    }
}
