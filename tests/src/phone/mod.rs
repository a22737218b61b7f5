//! A phone without a screen: the real engine over a store on disk or in memory, and a link to a server.

pub(crate) mod export;
mod fault;
mod file_store;
mod http;
mod invite;
mod jsonl;
mod link;
mod log;
mod lone;
mod shell;
mod store;

pub use export::{canonical, digest_of, export};
pub use fault::{Boundaries, Faulty};
pub use file_store::{FileStore, FileStoreError};
pub use http::{Agent, CONTENT_TYPE};
pub use invite::{invite, invite_members};
pub use jsonl::{Terminal, TerminalOptions};
pub use link::{HttpLink, HubLink, Link, NoLink};
pub use lone::{Options, Phone, PhoneError};
pub use shell::{Did, Outgoing, Shell};
pub use store::PhoneStore;
