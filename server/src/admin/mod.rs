//! What an operator does: circles, links, who is in them, the demo circle.

pub mod circle;
pub mod demo;
pub mod invite;
pub mod log;
pub mod people;
pub mod rotate;
pub mod shred;

pub use log::AdminError;
