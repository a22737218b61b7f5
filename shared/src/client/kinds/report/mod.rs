//! Reports to facilitators. Each lies as a record in what its reporter has with each facilitator but the one it is about,
//! the text that is reported in records that answer it; where there is none, in what its reporter says to the organisation. It opens the commitment of what was signed, so that whoever gets
//! it need not believe it.

mod edit;
mod list;
mod original;
pub(in crate::client) mod proof;
mod signed;

use crate::client::Problem;

/// No report of this key stands here.
fn unknown() -> Problem {
    crate::client::problems::gone("the report")
}
