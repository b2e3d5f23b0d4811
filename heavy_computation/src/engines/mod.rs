//! The engines that are kept in memory, and how changes reach them.
//!
//! - `state`: the engines; what a change does to each of them stands there
//! - `thread`: applies changes, one after the other, on a thread of its own
//! - `filling`: reads every post once at the start
//! - `reader`: what an operation asks

mod filling;
mod reader;
mod state;
mod thread;

pub(crate) use filling::fill;
pub(crate) use reader::EngineReader;
pub(crate) use state::Engines;
pub(crate) use thread::EngineThread;
