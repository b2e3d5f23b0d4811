use std::{future::Future, time::Duration};

use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tonic::{Code, Request, Response, Status};
use tracing::info;

use super::{deadline::time_left, operation::Operation};
use crate::{
    error::Error,
    metrics::{CallMetrics, name_of},
};

const MILLISECONDS_IN_A_SECOND: f64 = 1_000.0;
/// At its deadline the transport cuts a call off without saying why. We do so a little before.
const MARGIN: Duration = Duration::from_millis(2);

/// What all calls have in common: a deadline, a measure, a line in the log, and that the end of the
/// service waits for them.
pub(crate) struct Calls {
    under_way: TaskTracker,
    metrics: CallMetrics,
}

impl Calls {
    pub(crate) fn new(under_way: TaskTracker, metrics: CallMetrics) -> Self {
        Self { under_way, metrics }
    }

    /// Answers one call. `answer` is dropped, and with it what it computes, when the caller's time is
    /// up or the caller is gone.
    pub(super) async fn answer<Question, Answer, Answering>(
        &self,
        operation: Operation,
        request: Request<Question>,
        answer: impl FnOnce(Question) -> Answering,
    ) -> Result<Response<Answer>, Status>
    where
        Answering: Future<Output = Result<Answer, Error>>,
    {
        let _under_way = self.under_way.token();
        let mut measured = self.metrics.begin(operation.name());
        let time_left = time_left(request.metadata()).saturating_sub(MARGIN);
        let answering = timeout(time_left, answer(request.into_inner()));
        let answered = answering.await.unwrap_or(Err(Error::TooLate)).map_err(Status::from);
        let code = answered.as_ref().map_or_else(Status::code, |_| Code::Ok);
        measured.end(code);
        info!(
            code = name_of(code),
            milliseconds = measured.seconds() * MILLISECONDS_IN_A_SECOND,
            "call"
        );
        answered.map(Response::new)
    }
}
