use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};
use tracing::debug;

use super::{
    contract::{
        SearchRequest, SearchResponse, heavy_computation_service_server::HeavyComputationService,
    },
    deadline::time_left,
};
use crate::{
    computation::Computation,
    error::Error,
    search::{SearchEngine, SearchQuery},
};

/// The operations of the contract.
pub(crate) struct Service {
    /// Those under way, to wait for at the end.
    pub(crate) calls: TaskTracker,
    pub(crate) computation: Computation,
    pub(crate) search: SearchEngine,
}

#[tonic::async_trait]
impl HeavyComputationService for Service {
    async fn search(
        &self,
        request: Request<SearchRequest>,
    ) -> Result<Response<SearchResponse>, Status> {
        let _call = self.calls.token();
        let time_left = time_left(request.metadata());
        let request = request.into_inner();
        let min_position = request.min_position;
        let query = SearchQuery::try_from(request).map_err(Error::from)?;

        let view = self.search.view_at(min_position).await?;
        let engine = self.search.clone();
        let work = move |cancellation: &_| engine.search(&view, &query, cancellation);
        let found = self.computation.run(time_left, work).await?;

        debug!(hits = found.hits.len(), "searched");
        Ok(Response::new(found.into()))
    }
}
