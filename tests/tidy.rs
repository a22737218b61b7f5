//! The rules that the compiler does not hold: who may know whom, sizes, names. Each failure says where and what to
//! do. `docs/ARCHITECTURE.md` has the reasons.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod tidy {
    mod circles;
    mod contracts;
    mod dead;
    mod documents;
    mod figures;
    mod files;
    mod kinds;
    mod layers;
    mod modules;
    mod parts;
    mod places;
    mod promises;
    mod sample;
    mod source;
    mod unused;
    mod verified;
}
