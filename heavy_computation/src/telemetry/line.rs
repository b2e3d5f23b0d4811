use std::fmt::{self, Debug, Write};

use serde_json::{Map, Value};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormattedFields,
        format::{JsonFields, Writer},
        time::{FormatTime, SystemTime},
    },
    registry::LookupSpan,
};

use crate::config::LogFormat;

/// Fields that are meant for traces.
const OF_TRACES: &str = "otel.";

/// Writes an event with the same keys, in the same two forms, as the other services of the system.
pub(super) struct Line {
    pub(super) format: LogFormat,
}

impl<S> FormatEvent<S, JsonFields> for Line
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut timestamp = String::new();
        SystemTime.format_time(&mut Writer::new(&mut timestamp))?;
        let level = name_of(*event.metadata().level());
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut rest = fields.rest;
        rest.extend(fields_of_span(context));
        match self.format {
            LogFormat::Json => {
                rest.insert("timestamp".to_owned(), timestamp.into());
                rest.insert("level".to_owned(), level.into());
                rest.insert("event".to_owned(), fields.event.into());
                writeln!(writer, "{}", Value::Object(rest))
            }
            LogFormat::Text => {
                write!(writer, "{timestamp} {level:<7} {}", fields.event)?;
                for (key, value) in rest {
                    write!(writer, " {key}={}", on_one_line(&value))?;
                }
                writeln!(writer)
            }
        }
    }
}

fn fields_of_span<S>(context: &FmtContext<'_, S, JsonFields>) -> Map<String, Value>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let Some(span) = context.lookup_current() else {
        return Map::new();
    };
    let extensions = span.extensions();
    let formatted = extensions.get::<FormattedFields<JsonFields>>();
    let fields: Option<Map<String, Value>> =
        formatted.and_then(|formatted| serde_json::from_str(&formatted.fields).ok());
    let all = fields.unwrap_or_default().into_iter();
    all.filter(|(key, _)| !key.starts_with(OF_TRACES)).collect()
}

/// Quoted where it would not be one word, so that nobody writes log lines through a request.
fn on_one_line(value: &Value) -> String {
    match value {
        Value::String(text) if is_one_word(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_one_word(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|each| !each.is_whitespace() && !each.is_control() && each != '"')
}

fn name_of(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warning",
        Level::INFO => "info",
        Level::DEBUG | Level::TRACE => "debug",
    }
}

#[derive(Default)]
struct Fields {
    event: String,
    rest: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.rest.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            // Writing to a string does not fail.
            let _ = write!(self.event, "{value:?}");
        } else {
            self.put(field, format!("{value:?}"));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_never_takes_more_than_its_place_on_a_line() {
        assert_eq!(on_one_line(&"OK".into()), "OK");
        assert_eq!(on_one_line(&"two words".into()), "\"two words\"");
        assert_eq!(on_one_line(&"one\nlevel=error".into()), "\"one\\nlevel=error\"");
        assert_eq!(on_one_line(&"".into()), "\"\"");
        assert_eq!(on_one_line(&1.5.into()), "1.5");
    }
}
