//! The server that an organisation runs: HTTP routes around `kith_shared::sync::hub`, a store, a worker that
//! merges documents, and the commands of its operator.

pub mod clock;
pub mod entropy;
pub mod metrics;
pub mod store;
