//! The words of the demo circle: people who stopped drinking or are trying to, in a small town and the villages
//! around it. Invented, all of it. `{a}` and `{b}` are people, the other braces are filled from [`SLOTS`].

use kith_shared::document::HelplineEdit;

mod kept;
mod notes;
mod own;
mod strategies;
mod talk;
mod together;

pub(super) use kept::{ASKED, TAKEN, TOLD_HER, Taken, Whose};
pub(super) use notes::{BULLETS, CHECK_INS, CLOSINGS, COMMITMENTS, DEEPER, OPENINGS, PLACES, THEMES, TODOS};
pub(super) use own::{NOTES, PAGES, PLAN, WITH_KOFI, WITH_NADIA};
pub(super) use strategies::WAYS;
pub(super) use talk::{REPLIES, SLOTS, THREADS, Talk};
pub(super) use together::{ADDED, AGREED_BEFORE, AGREEMENT, CLOSING, HIDDEN, NOT_AGREED, OPENING, ROLES, TOLD};

/// The facilitator first.
pub(super) const NAMES: [&str; 13] = [
    "Nadia", "Amina", "Joaquín", "Ruth", "Tomás", "Grace", "Kofi", "Lena", "Samir", "Beatriz", "Daniel", "Mei", "Isaac",
];

pub(super) const CIRCLE: &str = "Thursday Circle";

/// Who follows up on an answer that worries, and by when.
pub(super) const FOLLOW_UP: [&str; 2] =
    ["Mrs Ellis, nurse at the clinic on Mill Road", "by the evening of the next day"];

/// Examples: their numbers are reserved for fiction, and nobody answers there.
pub(super) const HELPLINES: [HelplineEdit<'static>; 2] = [
    HelplineEdit {
        name: Some("Example: night line"),
        phone: Some("+1 202 555 0142"),
        sms: Some("+1 202 555 0143"),
        region: Some("Everywhere"),
        hours: Some("Day and night"),
        language: Some("English, español"),
        checked: None,
    },
    HelplineEdit {
        name: Some("Example: the clinic on Mill Road"),
        phone: Some("+1 202 555 0150"),
        sms: Some(""),
        region: Some("Our town"),
        hours: Some("Monday to Friday, 8 to 17"),
        language: Some("English"),
        checked: None,
    },
];
