//! The edge: the contract's messages come in and go out here, and nowhere else.
//!
//! An operation is one rpc method in `service` that parses, asks one engine, and converts the
//! answer; its conversions live in a file named after it, and `operation` says what it answers from.
//! What all of them have in common is in `calls`.

mod authentication;
mod calls;
mod check_duplicate;
mod deadline;
pub(crate) mod health;
mod operation;
mod related;
mod search;
mod service;
mod status;
mod suggest;

pub(crate) use authentication::Authentication;
pub(crate) use calls::Calls;
pub(crate) use health::Readiness;
pub(crate) use service::Service;

/// Generated from `proto/heavy_computation/v1`.
#[allow(unreachable_pub, reason = "generated code decides its own visibility")]
pub mod contract {
    tonic::include_proto!("heavy_computation.v1");
}
