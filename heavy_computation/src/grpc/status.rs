use tonic::Status;
use tracing::error;

use crate::error::Error;

/// What a caller is told. What only an operator can understand goes to the log instead.
impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match &error {
            Error::Invalid(_) | Error::InvalidField(_) => Self::invalid_argument(error.to_string()),
            Error::NotFound => Self::not_found(error.to_string()),
            Error::NotReady | Error::Behind => Self::unavailable(error.to_string()),
            Error::Overloaded => Self::resource_exhausted(error.to_string()),
            Error::TooLate => Self::deadline_exceeded(error.to_string()),
            Error::Index(_) | Error::Posts(_) | Error::Computation(_) => {
                error!(%error, "a call failed");
                Self::internal("something went wrong here")
            }
        }
    }
}
