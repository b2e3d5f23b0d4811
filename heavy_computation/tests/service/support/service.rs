use std::{path::Path, sync::Arc};

use heavy_computation::{
    Listeners, RunError,
    config::{Secret, Settings},
    contract::{
        SearchOrder, SearchRequest, SearchResponse,
        heavy_computation_service_client::HeavyComputationServiceClient,
    },
    run,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{Code, Request, Status, Streaming, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus,
    health_client::HealthClient,
};
use uuid::Uuid;

use super::{Database, Measured, eventually};

pub(crate) const SERVICE_TOKEN: &str = "a-token-only-these-tests-know";
pub(crate) const OLDER_SERVICE_TOKEN: &str = "the-token-before-it";

/// The service in this process, with an index folder that may outlive it.
pub(crate) struct Service {
    pub(crate) caller: Caller,
    pub(crate) measured: Measured,
    folder: Arc<TempDir>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), RunError>>,
}

pub(crate) async fn settings(database: &Database, folder: &Path) -> Settings {
    Settings {
        published_database: database.reader_url().await.parse().unwrap(),
        index_folder: folder.to_owned(),
        service_tokens: vec![Secret::new(SERVICE_TOKEN), Secret::new(OLDER_SERVICE_TOKEN)],
    }
}

impl Service {
    pub(crate) async fn start(database: &Database) -> Self {
        Self::start_in(Arc::new(TempDir::new().unwrap()), database).await
    }

    /// Returns when the service is serving.
    pub(crate) async fn start_in(folder: Arc<TempDir>, database: &Database) -> Self {
        let calls = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = calls.local_addr().unwrap().port();
        let metrics = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let measured = Measured::at_port(metrics.local_addr().unwrap().port());
        let listeners = Listeners { calls, metrics: Some(metrics) };
        let settings = settings(database, folder.path()).await;
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { stopped.await.unwrap_or_default() };
        let running = tokio::spawn(run(settings, listeners, shutdown));
        let caller = Caller::of_port(port);
        caller.until_serving().await;
        Self { caller, measured, folder, stop, running }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the index folder back.
    pub(crate) async fn stop(self) -> Arc<TempDir> {
        self.stop.send(()).unwrap();
        self.running.await.unwrap().unwrap();
        self.folder
    }
}

/// Somebody who knows the token, or does not.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) channel: Channel,
    pub(crate) authorization: Option<String>,
}

impl Caller {
    pub(crate) fn of_port(port: u16) -> Self {
        let endpoint = Channel::from_shared(format!("http://127.0.0.1:{port}")).unwrap();
        Self {
            channel: endpoint.connect_lazy(),
            authorization: Some(format!("Bearer {SERVICE_TOKEN}")),
        }
    }

    pub(crate) fn with_authorization(&self, authorization: Option<&str>) -> Self {
        Self { authorization: authorization.map(str::to_owned), ..self.clone() }
    }

    pub(crate) async fn is_serving(&self, service: &str) -> bool {
        let request = HealthCheckRequest { service: service.to_owned() };
        let answer = HealthClient::new(self.channel.clone()).check(request).await;
        answer.is_ok_and(|answer| answer.get_ref().status() == ServingStatus::Serving)
    }

    pub(crate) async fn watch_health(&self) -> Streaming<HealthCheckResponse> {
        let request = HealthCheckRequest::default();
        HealthClient::new(self.channel.clone()).watch(request).await.unwrap().into_inner()
    }

    pub(crate) async fn until_serving(&self) {
        eventually(|| async { self.is_serving("").await.then_some(()) }).await;
    }

    pub(crate) async fn ask(&self, question: SearchRequest) -> Result<SearchResponse, Status> {
        let mut request = Request::new(question);
        if let Some(authorization) = &self.authorization {
            request.metadata_mut().insert("authorization", authorization.parse().unwrap());
        }
        let mut client = HeavyComputationServiceClient::new(self.channel.clone());
        Ok(client.search(request).await?.into_inner())
    }

    /// The answer once everything committed to the database by now is in it.
    pub(crate) async fn ask_up_to_date(
        &self,
        question: SearchRequest,
        database: &Database,
    ) -> SearchResponse {
        let question = SearchRequest { min_position: database.position().await, ..question };
        eventually(|| async {
            match self.ask(question.clone()).await {
                Ok(answer) => Some(answer),
                Err(status) if status.code() == Code::Unavailable => None,
                Err(status) => panic!("{status}"),
            }
        })
        .await
    }

    /// The posts that match, best first, once the index is up to date.
    pub(crate) async fn search(&self, query: &str, database: &Database) -> Vec<Uuid> {
        ids(&self.ask_up_to_date(question(query), database).await)
    }

    /// Every post that matches, newest first, page by page.
    pub(crate) async fn search_all(&self, query: &str, database: &Database) -> Vec<Uuid> {
        let mut found = Vec::new();
        let mut page_token = String::new();
        loop {
            let order = SearchOrder::Newest.into();
            let question = SearchRequest { order, page_token, limit: 100, ..question(query) };
            let page = self.ask_up_to_date(question, database).await;
            found.extend(ids(&page));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return found;
            }
        }
    }
}

pub(crate) fn question(query: &str) -> SearchRequest {
    SearchRequest { query: query.to_owned(), limit: 10, ..SearchRequest::default() }
}

pub(crate) fn ids(answer: &SearchResponse) -> Vec<Uuid> {
    answer.hits.iter().map(|hit| hit.post_id.parse().unwrap()).collect()
}
