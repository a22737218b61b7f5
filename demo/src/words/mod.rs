//! The words of the demo circle: people who stopped drinking or are trying to, in a small town and the villages
//! around it. Invented, all of it. `{a}` and `{b}` are people, the other braces are filled from [`SLOTS`].

use kith_shared::document::HelplineEdit;

mod notes;
mod own;
mod strategies;
mod talk;

pub(super) use notes::{BULLETS, CHECK_INS, CLOSINGS, COMMITMENTS, DEEPER, OPENINGS, PLACES, THEMES, TODOS};
pub(super) use own::{NOTES, PAGES, PLAN, WITH_KOFI, WITH_NADIA};
pub(super) use strategies::WAYS;
pub(super) use talk::{REPLIES, SLOTS, THREADS, Talk};

/// The facilitator first.
pub(super) const NAMES: [&str; 13] = [
    "Nadia", "Amina", "Joaquín", "Ruth", "Tomás", "Grace", "Kofi", "Lena", "Samir", "Beatriz", "Daniel", "Mei", "Isaac",
];

pub(super) const CIRCLE: &str = "Thursday Circle";

pub(super) const AGREEMENT: &str = "What is said here stays here.\n\
    We speak for ourselves and from our own lives.\n\
    Nobody has to speak. Nobody is interrupted.\n\
    We do not give advice unless we are asked for it.\n\
    Come as you are, and come sober. If you could not stay sober, come anyway and say so.\n\
    If you are in danger, tell one of us tonight. Do not wait for Thursday.";

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
