//! What Kith is proven with: a phone without a screen, a server in memory, the real server as a process, and
//! what plays them against each other. `tests/README.md` says how to use each from the command line.

pub mod bench;
pub mod clock;
pub mod conformance;
pub mod contract;
pub mod crash;
pub mod fuzz;
pub mod hub;
pub mod load;
pub mod phone;
pub mod reader;
pub mod seed;
pub mod server;
pub mod sim;
pub mod steps;
mod tape;
