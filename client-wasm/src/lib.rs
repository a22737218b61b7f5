//! The engine on the phone, as the web's worker sees it: a thin export of [`kith_shared::client::Engine`].
//!
//! Events go in by the `handle*` methods, each with the time; then `nextEffect` is called until it gives nothing.
//! Commands, replies and notices are the plain objects of `web/src/bridge/contract.ts`; what the store is asked
//! and given are arrays of numbers and bytes. Everything random comes from the entropy given at the start.
//!
//! WASM can't catch a panic: after a trap the module must not be called again, and a new worker is started.

mod effect;
mod engine;
mod entropy;
mod marshal;
mod page;
mod panic;
mod pin;
mod second;
mod types;

pub use engine::WasmEngine;
pub use pin::pin_bytes;
pub use second::need_second;
