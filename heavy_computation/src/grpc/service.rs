use tonic::{Request, Response, Status};

use super::{
    calls::Calls,
    contract::{
        CheckDuplicateRequest, CheckDuplicateResponse, RelatedRequest, RelatedResponse,
        SearchRequest, SearchResponse, SuggestRequest, SuggestResponse,
        heavy_computation_service_server::HeavyComputationService,
    },
    operation::Operation,
};
use crate::{
    computation::Computation,
    engines::EngineReader,
    near_copies::NearCopyQuery,
    related::{RelatedPosts, RelatedQuery},
    search::{SearchEngine, SearchQuery},
    suggest::{SuggestQuery, suggest},
};

/// The operations of the contract.
pub(crate) struct Service {
    pub(crate) calls: Calls,
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
        let answer = async |request: SearchRequest| {
            let min_position = request.min_position;
            let query = SearchQuery::try_from(request)?;

            let view = self.search.view_at(min_position).await?;
            self.engines.catch_up(view.complete_below).await;
            let (engine, engines) = (self.search.clone(), self.engines.clone());
            let work = move |cancellation: &_| engine.search(&view, &query, &engines, cancellation);
            Ok(self.computation.run_short(work).await?.into())
        };
        self.calls.answer(Operation::Search, request, answer).await
    }

    async fn suggest(
        &self,
        request: Request<SuggestRequest>,
    ) -> Result<Response<SuggestResponse>, Status> {
        let answer = async |request: SuggestRequest| {
            let min_position = request.min_position;
            let query = SuggestQuery::try_from(request)?;

            let position = self.engines.reach(min_position).await?;
            let engines = self.engines.clone();
            let work = move |cancellation: &_| {
                Ok(suggest(&engines.engines().vocabulary, &query, cancellation))
            };
            let found = self.computation.run_short(work).await?;

            let suggestions = found.into_iter().map(Into::into).collect();
            Ok(SuggestResponse { suggestions, position })
        };
        self.calls.answer(Operation::Suggest, request, answer).await
    }

    async fn check_duplicate(
        &self,
        request: Request<CheckDuplicateRequest>,
    ) -> Result<Response<CheckDuplicateResponse>, Status> {
        let answer = async |request: CheckDuplicateRequest| {
            let min_position = request.min_position;
            let query = NearCopyQuery::try_from(request)?;

            let position = self.engines.reach(min_position).await?;
            let engines = self.engines.clone();
            let work = move |cancellation: &_| {
                Ok(engines.engines().near_copies().find(&query, cancellation)?)
            };
            let found = self.computation.run_short(work).await?;

            let near_copies = found.into_iter().map(Into::into).collect();
            Ok(CheckDuplicateResponse { near_copies, position })
        };
        self.calls.answer(Operation::CheckDuplicate, request, answer).await
    }

    async fn related(
        &self,
        request: Request<RelatedRequest>,
    ) -> Result<Response<RelatedResponse>, Status> {
        let answer = async |request: RelatedRequest| {
            let min_position = request.min_position;
            let query = RelatedQuery::try_from(request)?;

            let reached = self.engines.reach(min_position).await?;
            let view = self.search.view_at(min_position).await?;
            let position = reached.min(view.complete_below);
            let related =
                RelatedPosts { search: self.search.clone(), engines: self.engines.clone() };
            let work = move |cancellation: &_| related.find(&view, &query, cancellation);
            let found = self.computation.run(work).await?;

            let posts = found.into_iter().map(Into::into).collect();
            Ok(RelatedResponse { posts, position })
        };
        self.calls.answer(Operation::Related, request, answer).await
    }
}
