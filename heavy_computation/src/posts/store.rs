use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use hashbrown::HashTable;
use uuid::Uuid;

use super::record::{StoredPost, read_record};

/// A post's number in memory. Never used again for another one, nor for another state of the post.
pub(crate) type Slot = u32;

const FILE: &str = "posts";
/// Records begin at multiples of this many bytes, so that four bytes tell a place in 64 GiB.
const ALIGNMENT: u64 = 16;
const LENGTH_BYTES: u64 = 4;
/// Read at once: the whole of nearly every record.
const FIRST_READ: usize = 1024;
/// Stands for a post that is gone. No record begins at the beginning of the file.
const GONE: u32 = 0;
/// A file with less than this lost is not worth being written anew.
const LEAST_BYTES_TO_REGAIN: u64 = 64 * 1024 * 1024;

/// Every post, for engines that need to see one again.
///
/// The texts are in a file and not in memory, because the system drops what nobody reads. The file has
/// no name: whatever ends the process removes it. It is filled from Postgres at each start.
pub(crate) struct PostStore {
    folder: PathBuf,
    file: File,
    /// In multiples of `ALIGNMENT`.
    end: u64,
    lost: u64,
    /// Where each slot's record begins, in multiples of `ALIGNMENT`.
    places: Vec<u32>,
    slots: HashTable<IdAndSlot>,
}

/// A part of the id is enough to find it in memory; the record has the whole.
struct IdAndSlot {
    part: u32,
    slot: Slot,
}

impl PostStore {
    pub(crate) fn create(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            folder: folder.to_owned(),
            file: file_without_a_name(folder)?,
            end: 1,
            lost: 0,
            places: Vec::new(),
            slots: HashTable::new(),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<u32>()
            + self.slots.capacity() * (size_of::<IdAndSlot>() + 1)
    }

    pub(crate) fn has(&self, slot: Slot) -> bool {
        self.places.get(slot as usize).is_some_and(|place| *place != GONE)
    }

    /// None when no such post is there. One read of the file for nearly every post: its record says which
    /// it is.
    pub(crate) fn find(&self, id: Uuid) -> io::Result<Option<(Slot, StoredPost)>> {
        let part = part_of(id);
        for entry in self.slots.iter_hash(hash_of(part)).filter(|entry| entry.part == part) {
            if let Some(post) = self.read(entry.slot)?.filter(|post| post.id == id) {
                return Ok(Some((entry.slot, post)));
            }
        }
        Ok(None)
    }

    /// None when the post is gone.
    pub(crate) fn read(&self, slot: Slot) -> io::Result<Option<StoredPost>> {
        let Some(start) = self.start_of(slot) else {
            return Ok(None);
        };
        let bytes = self.record_at(start)?;
        read_record(&bytes).map(Some).ok_or_else(|| damaged(start))
    }

    /// Stores a post that is not there.
    pub(crate) fn add(&mut self, id: Uuid, record: &[u8]) -> io::Result<Slot> {
        let slot = u32::try_from(self.places.len()).map_err(|_| full())?;
        let place = self.append(record)?;
        self.places.push(place);
        let entry = IdAndSlot { part: part_of(id), slot };
        self.slots.insert_unique(hash_of(entry.part), entry, |entry| hash_of(entry.part));
        Ok(slot)
    }

    pub(crate) fn remove(&mut self, id: Uuid, slot: Slot) -> io::Result<()> {
        if let Some(start) = self.start_of(slot) {
            self.lost += units_of(self.record_at(start)?.len());
        }
        if let Some(place) = self.places.get_mut(slot as usize) {
            *place = GONE;
        }
        let entry = self.slots.find_entry(hash_of(part_of(id)), |entry| entry.slot == slot);
        if let Ok(entry) = entry {
            entry.remove();
        }
        Ok(())
    }

    /// Writes the file anew when most of it is of posts that are gone.
    pub(crate) fn regain_space(&mut self) -> io::Result<()> {
        if self.lost * ALIGNMENT < LEAST_BYTES_TO_REGAIN || self.lost * 2 < self.end {
            return Ok(());
        }
        let old = std::mem::replace(&mut self.file, file_without_a_name(&self.folder)?);
        self.end = 1;
        self.lost = 0;
        for slot in 0..self.places.len() {
            let place = self.places[slot];
            if place != GONE {
                let record = record_in(&old, u64::from(place) * ALIGNMENT)?;
                self.places[slot] = self.append(&record)?;
            }
        }
        Ok(())
    }

    fn append(&mut self, record: &[u8]) -> io::Result<u32> {
        let place = u32::try_from(self.end).map_err(|_| full())?;
        let mut bytes = Vec::with_capacity(record.len() + LENGTH_BYTES as usize);
        bytes.extend(u32::try_from(record.len()).map_err(|_| full())?.to_le_bytes());
        bytes.extend(record);
        self.file.write_all_at(&bytes, self.end * ALIGNMENT)?;
        self.end += units_of(record.len());
        Ok(place)
    }

    fn start_of(&self, slot: Slot) -> Option<u64> {
        let place = *self.places.get(slot as usize)?;
        (place != GONE).then(|| u64::from(place) * ALIGNMENT)
    }

    fn record_at(&self, start: u64) -> io::Result<Vec<u8>> {
        record_in(&self.file, start)
    }
}

fn record_in(file: &File, start: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; FIRST_READ];
    let read = read_at_most(file, &mut bytes, start)?;
    let header = bytes.get(..LENGTH_BYTES as usize).filter(|_| read >= LENGTH_BYTES as usize);
    let length = header.and_then(|header| header.try_into().ok()).map(u32::from_le_bytes);
    let end = LENGTH_BYTES as usize + length.ok_or_else(|| damaged(start))? as usize;
    bytes.resize(end, 0);
    if end > read {
        file.read_exact_at(&mut bytes[read..], start + read as u64)?;
    }
    bytes.drain(..LENGTH_BYTES as usize);
    Ok(bytes)
}

/// Less only at the end of the file.
fn read_at_most(file: &File, bytes: &mut [u8], start: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < bytes.len() {
        match file.read_at(&mut bytes[read..], start + read as u64) {
            Ok(0) => break,
            Ok(count) => read += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

fn file_without_a_name(folder: &Path) -> io::Result<File> {
    let path = folder.join(FILE);
    let file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
    fs::remove_file(path)?;
    Ok(file)
}

fn units_of(record_bytes: usize) -> u64 {
    (record_bytes as u64 + LENGTH_BYTES).div_ceil(ALIGNMENT)
}

/// The end of an id is its random part, but ids made up for tests and measurements count upwards.
fn part_of(id: Uuid) -> u32 {
    let (high, low) = id.as_u64_pair();
    let mixed = (high.rotate_left(32) ^ low).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as u32
}

/// The table looks at the highest bits of a hash as well.
fn hash_of(part: u32) -> u64 {
    u64::from(part).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn damaged(start: u64) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("no post at {start} in the file of posts"))
}

fn full() -> io::Error {
    io::Error::new(io::ErrorKind::StorageFull, "the file of posts holds no more")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{changes::Post, posts::record_of};

    fn post(number: u128, content: &str) -> Post {
        Post {
            id: Uuid::from_u128(number),
            author_id: Uuid::from_u128(7),
            author_username: "alice".to_owned(),
            title: "A title".to_owned(),
            content: content.to_owned(),
            tags: Vec::new(),
            language: None,
            created_at_ms: 0,
        }
    }

    #[test]
    fn a_post_is_found_by_its_id_until_it_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = PostStore::create(folder.path()).unwrap();
        let long = "x".repeat(3 * FIRST_READ);
        let slots: Vec<Slot> = (0..1_000)
            .map(|number| post(number, if number % 2 == 0 { "short" } else { &long }))
            .map(|post| store.add(post.id, &record_of(&post)).unwrap())
            .collect();
        store.remove(Uuid::from_u128(8), slots[8]).unwrap();

        let found = |number| store.find(Uuid::from_u128(number)).unwrap();
        assert_eq!(found(8), None);
        assert_eq!(store.read(slots[8]).unwrap(), None);
        let (slot, post) = found(9).unwrap();
        assert_eq!((slot, post.content), (slots[9], long));
        assert_eq!(found(10).unwrap().1.content, "short");
        assert_eq!(found(5_000), None);
        assert_eq!(store.len(), 999);
    }

    #[test]
    fn space_is_regained_without_losing_a_post() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = PostStore::create(folder.path()).unwrap();
        let long = "x".repeat(1 << 20);
        for number in 0..100 {
            let post = post(number, &format!("{number} {long}"));
            let slot = store.add(post.id, &record_of(&post)).unwrap();
            if number % 4 > 0 {
                store.remove(post.id, slot).unwrap();
            }
        }
        let before = store.end;

        store.regain_space().unwrap();

        assert!(store.end < before / 3);
        for number in (0..100).step_by(4) {
            let (_, StoredPost { content, .. }) =
                store.find(Uuid::from_u128(number)).unwrap().unwrap();
            assert!(content.starts_with(&format!("{number} ")));
        }
    }

    #[test]
    fn nothing_is_left_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let _store = PostStore::create(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
