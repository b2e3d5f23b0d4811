use std::time::Duration;

use tonic::metadata::MetadataMap;

/// For a caller that names no deadline, and the most that any caller gets.
const LONGEST_TIME: Duration = Duration::from_secs(5);
/// The protocol allows a number of at most this many digits.
const MOST_DIGITS: usize = 8;

/// How long the caller waits, from `grpc-timeout`.
pub(super) fn time_left(metadata: &MetadataMap) -> Duration {
    metadata
        .get("grpc-timeout")
        .and_then(|value| parse(value.to_str().ok()?))
        .map_or(LONGEST_TIME, |time| time.min(LONGEST_TIME))
}

/// A `TimeoutValue` and its unit, as in the gRPC over HTTP/2 protocol.
fn parse(timeout: &str) -> Option<Duration> {
    let (digits, unit) = timeout.split_at_checked(timeout.len().checked_sub(1)?)?;
    if digits.len() > MOST_DIGITS {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(number * 3600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_a_number_and_a_unit() {
        assert_eq!(parse("250m"), Some(Duration::from_millis(250)));
        assert_eq!(parse("99999999H"), Some(Duration::from_secs(99_999_999 * 3600)));
        for nonsense in ["", "m", "1", "1x", "-1S", "100000000S", "1é"] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn no_caller_gets_more_than_the_longest_time() {
        let mut metadata = MetadataMap::new();
        assert_eq!(time_left(&metadata), LONGEST_TIME);
        metadata.insert("grpc-timeout", "1H".parse().unwrap());
        assert_eq!(time_left(&metadata), LONGEST_TIME);
    }
}
