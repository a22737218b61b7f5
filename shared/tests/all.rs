//! All integration tests of the crate, in one binary: to link 32 of them took longer than to run them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

mod document_contested;
mod document_converge;
mod document_dates;
mod document_day;
mod document_genesis;
mod document_lengths;
mod document_migrate;
mod document_note;
mod document_policy;
mod document_support;
mod document_thread;
mod document_toolkit;
mod engine;
mod engine_answers;
mod engine_attacks;
mod engine_attendance;
mod engine_drafts;
mod engine_forks;
mod engine_keys;
mod engine_limits;
mod engine_new_session;
mod engine_out;
mod engine_people;
mod engine_putback;
mod engine_qr_clock;
mod engine_restored;
mod engine_rollback;
mod engine_screens;
mod engine_settings;
mod engine_trust;
mod hub_signature;
mod p28_clock;
mod p28_server_clock;
mod shares;
mod support;
