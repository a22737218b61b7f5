//! The server that an organisation runs: HTTP routes around `kith_shared::sync::hub`, a store, a worker that
//! merges documents, and the commands of its operator.
//!
//! Layers, bottom up: [`clock`], [`entropy`], [`pokes`], [`web`], `files`, `schema`; [`keys`], [`line`], [`rate`]; [`places`],
//! [`store`]; [`config`], [`audit`], [`caller`], [`metrics`], [`organisation`]; [`admin`], [`open`], [`erase`], [`merge`],
//! [`metered`]; [`app`]; [`routes`]; [`sockets`]; [`serve`]; [`cli`]. `axum` is named in the routes, `sled` in one folder of
//! the store.

pub mod admin;
pub mod app;
pub mod audit;
pub mod caller;
pub mod cli;
pub mod clock;
pub mod config;
#[cfg(test)]
mod dropped_tests;
pub mod entropy;
pub mod erase;
mod files;
pub mod keys;
pub mod line;
pub mod merge;
pub mod metered;
pub mod metrics;
pub mod open;
pub mod organisation;
pub mod places;
pub mod pokes;
pub mod rate;
pub mod routes;
mod schema;
pub mod serve;
pub mod sockets;
pub mod store;
#[cfg(test)]
mod testing;
pub mod web;
