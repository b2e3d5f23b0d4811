use uuid::Uuid;

use crate::changes::Post;

const ID_BYTES: usize = 16;
const LENGTH_BYTES: usize = 4;
const TAG_SEPARATOR: char = '\n';

/// A post as it was when it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredPost {
    pub(crate) id: Uuid,
    pub(crate) author_id: Uuid,
    /// Unix time in milliseconds.
    pub(crate) created_at_ms: i64,
    pub(crate) author_username: String,
    pub(crate) title: String,
    pub(crate) content: String,
    pub(crate) tags: Vec<String>,
    /// BCP 47 tag; none until it is known.
    pub(crate) language: Option<String>,
}

/// The bytes of a post: two ids, the time, and five texts, each after its length.
pub(crate) fn record_of(post: &Post) -> Vec<u8> {
    let tags = post.tags.join(&TAG_SEPARATOR.to_string());
    let mut bytes = Vec::with_capacity(64 + post.title.len() + post.content.len() + tags.len());
    bytes.extend(post.id.as_bytes());
    bytes.extend(post.author_id.as_bytes());
    bytes.extend(post.created_at_ms.to_le_bytes());
    let language = post.language.as_deref().unwrap_or_default();
    for text in [&post.author_username, &post.title, &post.content, &tags, language] {
        bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes
}

/// None when the bytes are not those of a record.
pub(super) fn read_record(bytes: &[u8]) -> Option<StoredPost> {
    let mut rest = bytes;
    let id = Uuid::from_slice(take(&mut rest, ID_BYTES)?).ok()?;
    let author_id = Uuid::from_slice(take(&mut rest, ID_BYTES)?).ok()?;
    let created_at_ms = i64::from_le_bytes(take(&mut rest, size_of::<i64>())?.try_into().ok()?);
    let mut text = || {
        let length = u32::from_le_bytes(take(&mut rest, LENGTH_BYTES)?.try_into().ok()?);
        String::from_utf8(take(&mut rest, length as usize)?.to_vec()).ok()
    };
    let (author_username, title, content) = (text()?, text()?, text()?);
    let (tags, language) = (text()?, text()?);
    let tags = tags.split(TAG_SEPARATOR).filter(|tag| !tag.is_empty()).map(str::to_owned);
    Some(StoredPost {
        id,
        author_id,
        created_at_ms,
        author_username,
        title,
        content,
        tags: tags.collect(),
        language: Some(language).filter(|tag| !tag.is_empty()),
    })
}

fn take<'bytes>(rest: &mut &'bytes [u8], count: usize) -> Option<&'bytes [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_post_reads_as_it_was_written(
            numbers in any::<(u128, u128, i64)>(),
            texts in any::<(String, String, String)>(),
            tags in prop::collection::vec("\\w{1,9}", 0..4),
            language in prop::option::of("[a-z]{2}"),
        ) {
            let post = Post {
                id: Uuid::from_u128(numbers.0),
                author_id: Uuid::from_u128(numbers.1),
                created_at_ms: numbers.2,
                author_username: texts.0,
                title: texts.1,
                content: texts.2,
                tags,
                language,
            };
            let stored = read_record(&record_of(&post)).unwrap();
            prop_assert_eq!((stored.id, stored.author_id), (post.id, post.author_id));
            prop_assert_eq!(stored.created_at_ms, post.created_at_ms);
            prop_assert_eq!(stored.author_username, post.author_username);
            prop_assert_eq!((stored.title, stored.content), (post.title, post.content));
            prop_assert_eq!((stored.tags, stored.language), (post.tags, post.language));
        }

        #[test]
        fn no_bytes_whatever_cause_a_panic(bytes in any::<Vec<u8>>()) {
            let _ = read_record(&bytes);
        }
    }
}
