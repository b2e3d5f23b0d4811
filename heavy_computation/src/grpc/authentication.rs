use std::sync::Arc;

use subtle::{Choice, ConstantTimeEq};
use tonic::{Request, Status, service::Interceptor};

use crate::config::Secret;

const SCHEME: &[u8] = b"Bearer ";

/// Lets only those in who know a service token.
#[derive(Clone)]
pub(crate) struct Authentication {
    tokens: Arc<[Secret]>,
}

impl Authentication {
    pub(crate) fn new(tokens: Vec<Secret>) -> Self {
        Self { tokens: tokens.into() }
    }

    /// Takes the same time wherever the token differs, and whichever it is.
    fn accepts(&self, authorization: &[u8]) -> bool {
        let equals = |given: &[u8]| {
            let each = self.tokens.iter().map(|token| given.ct_eq(token.reveal().as_bytes()));
            each.fold(Choice::from(0), |any, this| any | this).into()
        };
        authorization.strip_prefix(SCHEME).is_some_and(equals)
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
