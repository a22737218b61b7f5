//! What a circle's chain comes to, by theme.

mod attacks;
mod bounds;
mod clock;
mod coming_in;
mod facilitators;
mod going_out;
mod helplines;
mod invites;
mod keys;
mod report_key;
mod restored;
mod settings;
