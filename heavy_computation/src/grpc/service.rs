use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};
use tracing::debug;

use super::{
    contract::{
        CheckDuplicateRequest, CheckDuplicateResponse, RelatedRequest, RelatedResponse,
        SearchRequest, SearchResponse, SuggestRequest, SuggestResponse,
        heavy_computation_service_server::HeavyComputationService,
    },
    deadline::time_left,
};
use crate::{
    computation::Computation,
    engines::EngineReader,
    error::Error,
    near_copies::NearCopyQuery,
    related::{RelatedPosts, RelatedQuery},
    search::{SearchEngine, SearchQuery},
    suggest::{SuggestQuery, suggest},
};

/// The operations of the contract.
pub(crate) struct Service {
    /// Those under way, to wait for at the end.
    pub(crate) calls: TaskTracker,
    pub(crate) computation: Computation,
    pub(crate) search: SearchEngine,
    pub(crate) engines: EngineReader,
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
        self.engines.catch_up(view.complete_below).await;
        let (engine, engines) = (self.search.clone(), self.engines.clone());
        let work = move |cancellation: &_| engine.search(&view, &query, &engines, cancellation);
        let found = self.computation.run(time_left, work).await?;

        debug!(hits = found.hits.len(), "searched");
        Ok(Response::new(found.into()))
    }

    async fn suggest(
        &self,
        request: Request<SuggestRequest>,
    ) -> Result<Response<SuggestResponse>, Status> {
        let _call = self.calls.token();
        let time_left = time_left(request.metadata());
        let request = request.into_inner();
        let min_position = request.min_position;
        let query = SuggestQuery::try_from(request).map_err(Error::from)?;

        let position = self.engines.reach(min_position).await?;
        let engines = self.engines.clone();
        let work = move |cancellation: &_| {
            Ok(suggest(&engines.engines().vocabulary, &query, cancellation))
        };
        let found = self.computation.run(time_left, work).await?;

        let suggestions = found.into_iter().map(Into::into).collect();
        Ok(Response::new(SuggestResponse { suggestions, position }))
    }

    async fn check_duplicate(
        &self,
        request: Request<CheckDuplicateRequest>,
    ) -> Result<Response<CheckDuplicateResponse>, Status> {
        let _call = self.calls.token();
        let time_left = time_left(request.metadata());
        let request = request.into_inner();
        let min_position = request.min_position;
        let query = NearCopyQuery::try_from(request).map_err(Error::from)?;

        let position = self.engines.reach(min_position).await?;
        let engines = self.engines.clone();
        let work = move |cancellation: &_| {
            Ok(engines.engines().near_copies().find(&query, cancellation)?)
        };
        let found = self.computation.run(time_left, work).await?;

        let near_copies = found.into_iter().map(Into::into).collect();
        Ok(Response::new(CheckDuplicateResponse { near_copies, position }))
    }

    async fn related(
        &self,
        request: Request<RelatedRequest>,
    ) -> Result<Response<RelatedResponse>, Status> {
        let _call = self.calls.token();
        let time_left = time_left(request.metadata());
        let request = request.into_inner();
        let min_position = request.min_position;
        let query = RelatedQuery::try_from(request).map_err(Error::from)?;

        let reached = self.engines.reach(min_position).await?;
        let view = self.search.view_at(min_position).await?;
        let position = reached.min(view.complete_below);
        let related = RelatedPosts { search: self.search.clone(), engines: self.engines.clone() };
        let work = move |cancellation: &_| related.find(&view, &query, cancellation);
        let found = self.computation.run(time_left, work).await?;

        let posts = found.into_iter().map(Into::into).collect();
        Ok(Response::new(RelatedResponse { posts, position }))
    }
}
