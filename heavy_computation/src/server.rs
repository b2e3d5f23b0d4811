//! Puts the parts together and serves until told to stop.

use std::{
    future::Future,
    io,
    sync::{Arc, RwLock},
    time::Duration,
};

use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinError, JoinHandle},
    time::timeout,
};
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};
use tonic::{
    service::interceptor::InterceptedService,
    transport::{Server, server::TcpIncoming},
};
use tonic_health::server::health_reporter;
use tracing::info;

use crate::{
    computation::Computation,
    config::Settings,
    engines::{EngineReader, Engines},
    follower::{FollowError, Follower},
    grpc::{
        Authentication, Calls, Readiness, Service,
        contract::heavy_computation_service_server::HeavyComputationServiceServer, health,
    },
    metrics::{self, Metrics, ProgressReport, State},
    search::{FolderError, IndexFolder, Publisher},
    telemetry::span_of,
};

/// A connection without traffic is probed after this, and given up when the answer takes longer
/// than the limit. (Callers may probe as often as they like.)
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(60);
const KEEPALIVE_LIMIT: Duration = Duration::from_secs(10);
/// How long calls under way may take once it is time to stop. No call takes longer.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);
/// How long connections may then take to deliver the answers. Those on which somebody watches the
/// health never end by themselves.
const CLOSE_LIMIT: Duration = Duration::from_millis(250);
/// In bytes. A query has at most 500 characters, a page token about as many.
const LARGEST_REQUEST: usize = 64 * 1024;
const MOST_CALLS_OF_A_CONNECTION: u32 = 256;

/// Why the service cannot run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The file of posts could not be made.
    #[error("INDEX_FOLDER: {0}")]
    Posts(#[from] io::Error),
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The socket failed.
    #[error("server: {0}")]
    Server(#[from] tonic::transport::Error),
    /// A part of the service panicked.
    #[error("server: {0}")]
    Panic(#[from] JoinError),
}

/// Where the service is reached.
pub struct Listeners {
    /// By callers, over gRPC.
    pub calls: TcpListener,
    /// By Prometheus, over HTTP; none if nobody measures.
    pub metrics: Option<TcpListener>,
}

/// Serves on the listeners until `shutdown` completes; then refuses new calls, finishes those under
/// way, commits the index, and returns.
pub async fn run(
    settings: Settings,
    listeners: Listeners,
    shutdown: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let folder = IndexFolder::lock(&settings.index_folder)?;
    let (publisher, search) = Publisher::new();
    let engines = Arc::new(RwLock::new(Engines::create(&settings.index_folder)?));
    let (engines_position, position) = watch::channel(None);
    let (ready, is_ready) = watch::channel(false);
    let stop = CancellationToken::new();

    let progress = ProgressReport::default();
    let follower = Follower::new(
        settings.published_database,
        folder,
        Arc::clone(&engines),
        engines_position,
        ready.clone(),
        progress.clone(),
    );
    let mut follower = tokio::spawn(follower.run(publisher, stop.clone()));
    let calls = TaskTracker::new();
    let readiness = Readiness { index: is_ready, engines: position.clone() };
    let metrics = Metrics::of(State {
        readiness: readiness.clone(),
        progress,
        engines: Arc::clone(&engines),
        index_folder: settings.index_folder,
    });
    let service = Service {
        calls: Calls::new(calls.clone(), metrics.calls),
        computation: Computation::new(),
        search,
        engines: EngineReader::new(engines, position),
    };
    let authentication = Authentication::new(settings.service_tokens);
    let mut server =
        tokio::spawn(serve(listeners.calls, service, authentication, readiness, stop.clone()));
    let _measuring = listeners.metrics.map(|listener| {
        let serving = metrics::serve(listener, metrics.registry, stop.clone());
        AbortOnDropHandle::new(tokio::spawn(serving))
    });

    let ended_early = tokio::select! {
        () = shutdown => None,
        followed = &mut follower => Some(followed),
    };
    info!("stopping");
    stop.cancel();
    ready.send_replace(false);
    let followed = match ended_early {
        Some(followed) => followed,
        None => follower.await,
    };
    drain(&calls, &mut server).await?;
    Ok(followed??)
}

async fn serve(
    listener: TcpListener,
    service: Service,
    authentication: Authentication,
    readiness: Readiness,
    stop: CancellationToken,
) -> Result<(), tonic::transport::Error> {
    let (reporter, health) = health_reporter();
    health::begin(&reporter).await;
    tokio::spawn(health::report(reporter, readiness));
    let operations =
        HeavyComputationServiceServer::new(service).max_decoding_message_size(LARGEST_REQUEST);
    Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEPALIVE_LIMIT))
        .max_concurrent_streams(MOST_CALLS_OF_A_CONNECTION)
        .trace_fn(span_of)
        .add_service(health)
        .add_service(InterceptedService::new(operations, authentication))
        .serve_with_incoming_shutdown(
            TcpIncoming::from(listener).with_nodelay(Some(true)),
            stop.cancelled_owned(),
        )
        .await
}

async fn drain(
    calls: &TaskTracker,
    server: &mut JoinHandle<Result<(), tonic::transport::Error>>,
) -> Result<(), RunError> {
    calls.close();
    // Calls that take too long are given up.
    let _ = timeout(DRAIN_LIMIT, calls.wait()).await;
    match timeout(CLOSE_LIMIT, &mut *server).await {
        Ok(served) => Ok(served??),
        Err(_) => {
            server.abort();
            Ok(())
        }
    }
}
