//! What an operator does: circles, links, who is in them.

pub mod chain;
pub mod circle;
pub mod invite;
pub mod people;
pub mod reports;
pub mod restored;
pub mod rotate;
pub mod shred;

pub use chain::AdminError;
