use std::{env, fs};

/// A variable that keeps the service from starting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {reason}")]
pub struct InvalidSetting {
    pub variable: String,
    pub reason: String,
}

impl InvalidSetting {
    pub(super) fn new(variable: &str, reason: impl Into<String>) -> Self {
        Self { variable: variable.to_owned(), reason: reason.into() }
    }
}

/// Where settings come from: the process's variables, or a test's.
pub(super) struct Environment<'variables>(&'variables dyn Fn(&str) -> Option<String>);

impl<'variables> Environment<'variables> {
    pub(super) const PROCESS: Environment<'static> = Environment(&|name| env::var(name).ok());

    #[cfg(test)]
    pub(super) fn of(variables: &'variables dyn Fn(&str) -> Option<String>) -> Self {
        Self(variables)
    }

    /// A variable that is empty counts as missing: Compose passes those on.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &str) -> Result<String, InvalidSetting> {
        self.get(name).ok_or_else(|| InvalidSetting::new(name, "must be set"))
    }

    /// `NAME`, or the content of the file that `NAME_FILE` names, without the line end.
    pub(super) fn secret(&self, name: &str) -> Result<String, InvalidSetting> {
        let file_variable = format!("{name}_FILE");
        let value = match (self.get(name), self.get(&file_variable)) {
            (Some(value), None) => value,
            (None, Some(file)) => fs::read_to_string(file)
                .map_err(|error| InvalidSetting::new(&file_variable, error.to_string()))?
                .trim_end_matches(['\r', '\n'])
                .to_owned(),
            (None, None) => return Err(InvalidSetting::new(name, "must be set, or its _FILE")),
            (Some(_), Some(_)) => {
                return Err(InvalidSetting::new(name, "must not be set together with its _FILE"));
            }
        };
        if value.is_empty() {
            return Err(InvalidSetting::new(&file_variable, "names an empty file"));
        }
        Ok(value)
    }
}
