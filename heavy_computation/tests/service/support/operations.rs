use std::future::Future;

use heavy_computation::contract::{
    CheckDuplicateRequest, CheckDuplicateResponse, NearCopy, RelatedRequest, RelatedResponse,
    SuggestRequest, SuggestResponse,
    heavy_computation_service_client::HeavyComputationServiceClient,
};
use tonic::{Code, Request, Status, transport::Channel};

use uuid::Uuid;

use super::{Caller, Database, eventually};

pub(crate) fn near_copies_of(text: &str) -> CheckDuplicateRequest {
    CheckDuplicateRequest {
        title: "Title".to_owned(),
        content: text.to_owned(),
        min_similarity: 0.5,
        limit: 10,
        min_position: 0,
    }
}

impl Caller {
    pub(crate) async fn check_duplicate(
        &self,
        request: CheckDuplicateRequest,
    ) -> Result<CheckDuplicateResponse, Status> {
        let (mut client, request) = self.prepared(request);
        Ok(client.check_duplicate(request).await?.into_inner())
    }

    pub(crate) async fn complete(
        &self,
        request: SuggestRequest,
    ) -> Result<SuggestResponse, Status> {
        let (mut client, request) = self.prepared(request);
        Ok(client.suggest(request).await?.into_inner())
    }

    pub(crate) async fn related(&self, request: RelatedRequest) -> Result<RelatedResponse, Status> {
        let (mut client, request) = self.prepared(request);
        Ok(client.related(request).await?.into_inner())
    }

    /// Ten related posts once everything committed to the database by now is in the answer.
    pub(crate) async fn posts_related_to(&self, post: Uuid, database: &Database) -> Vec<Uuid> {
        let min_position = database.position().await;
        let request = RelatedRequest { post_id: post.to_string(), limit: 10, min_position };
        let answer = up_to_date(|| self.related(request.clone())).await;
        answer.posts.iter().map(|post| post.post_id.parse().unwrap()).collect()
    }

    /// Once everything committed to the database by now is in the answer.
    pub(crate) async fn near_copies(&self, text: &str, database: &Database) -> Vec<NearCopy> {
        let min_position = database.position().await;
        let request = CheckDuplicateRequest { min_position, ..near_copies_of(text) };
        up_to_date(|| self.check_duplicate(request.clone())).await.near_copies
    }

    /// The texts of the suggestions, likewise.
    pub(crate) async fn suggestions(&self, typed: &str, database: &Database) -> Vec<String> {
        let min_position = database.position().await;
        let request = SuggestRequest { typed: typed.to_owned(), limit: 10, min_position };
        let answer = up_to_date(|| self.complete(request.clone())).await;
        answer.suggestions.into_iter().map(|suggestion| suggestion.text).collect()
    }

    fn prepared<T>(&self, request: T) -> (HeavyComputationServiceClient<Channel>, Request<T>) {
        let mut request = Request::new(request);
        if let Some(authorization) = &self.authorization {
            request.metadata_mut().insert("authorization", authorization.parse().unwrap());
        }
        (HeavyComputationServiceClient::new(self.channel.clone()), request)
    }
}

/// Asks until the service is not behind any more.
async fn up_to_date<T, F: Future<Output = Result<T, Status>>>(ask: impl Fn() -> F) -> T {
    eventually(|| async {
        match ask().await {
            Ok(answer) => Some(answer),
            Err(status) if status.code() == Code::Unavailable => None,
            Err(status) => panic!("{status}"),
        }
    })
    .await
}
