use std::sync::Arc;

use subtle::ConstantTimeEq;
use tonic::{Request, Status, service::Interceptor};

use crate::config::Secret;

const SCHEME: &[u8] = b"Bearer ";

/// Lets only those in who know the service token.
#[derive(Clone)]
pub(crate) struct Authentication {
    token: Arc<Secret>,
}

impl Authentication {
    pub(crate) fn new(token: Secret) -> Self {
        Self { token: Arc::new(token) }
    }

    /// Takes the same time wherever the token differs.
    fn accepts(&self, authorization: &[u8]) -> bool {
        authorization
            .strip_prefix(SCHEME)
            .is_some_and(|token| token.ct_eq(self.token.reveal().as_bytes()).into())
    }
}

impl Interceptor for Authentication {
    fn call(&mut self, request: Request<()>) -> Result<Request<()>, Status> {
        let authorization = request.metadata().get("authorization");
        if authorization.is_some_and(|value| self.accepts(value.as_bytes())) {
            Ok(request)
        } else {
            Err(Status::unauthenticated("the service token is missing or wrong"))
        }
    }
}
