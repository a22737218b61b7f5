//! What an operator does: circles, links, checks and copies.

pub mod circle;
pub mod demo;
pub mod invite;
pub mod rotate;
pub mod shred;
