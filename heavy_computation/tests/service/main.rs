//! The service as its callers meet it: over gRPC, on a real Postgres with the real migrations.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that meets the unexpected has failed"
)]

mod crashing;
mod following;
mod keeping_callers_out;
mod measuring;
mod near_copies;
mod paging;
mod rebuilding;
mod relating;
mod searching;
mod stopping;
mod suggesting;
mod support;
