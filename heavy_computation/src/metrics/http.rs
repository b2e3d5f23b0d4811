use std::{fmt, io, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{encoding::prometheus_text, registry::Registry};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::error;

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Answers `GET /metrics` until `stop`. For Prometheus alone: it asks nobody who they are.
pub(crate) async fn serve(
    listener: TcpListener,
    registry: Arc<Registry>,
    stop: CancellationToken,
) -> io::Result<()> {
    let routes = Router::new().route("/metrics", get(read)).with_state(registry);
    axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned()).await
}

async fn read(State(registry): State<Arc<Registry>>) -> Response {
    match written(&registry) {
        Ok(text) => ([(CONTENT_TYPE, TEXT_FORMAT)], text).into_response(),
        Err(error) => {
            error!(%error, "the metrics cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn written(registry: &Registry) -> Result<String, fmt::Error> {
    let mut written = String::new();
    prometheus_text::encode(&mut written, registry)?;
    Ok(written)
}
