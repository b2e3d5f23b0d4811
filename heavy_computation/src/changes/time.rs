use std::error::Error;

use tokio_postgres::types::{FromSql, Type, accepts};

/// Postgres counts from the year 2000 on.
const YEAR_2000: i64 = 946_684_800_000;
const MICROSECONDS: i64 = 1_000;

/// Unix time of a `timestamptz`, rounded down. Postgres itself would take longer to compute it than to send
/// all else of a post.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnixMilliseconds(pub(super) i64);

impl FromSql<'_> for UnixMilliseconds {
    fn from_sql(_: &Type, bytes: &[u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let microseconds = i64::from_be_bytes(bytes.try_into()?);
        Ok(Self(microseconds.div_euclid(MICROSECONDS) + YEAR_2000))
    }

    accepts!(TIMESTAMPTZ);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_counted_from_1970_on_and_rounded_down() {
        let read = |microseconds: i64| {
            UnixMilliseconds::from_sql(&Type::TIMESTAMPTZ, &microseconds.to_be_bytes()).unwrap().0
        };
        assert_eq!(read(0), YEAR_2000);
        assert_eq!(read(1_999), YEAR_2000 + 1);
        assert_eq!(read(-1), YEAR_2000 - 1);
    }
}
