//! What users can count on, P01 to P29: each promise's number stands in the names of its tests.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "these are tests")]

mod bad_input;
mod crash;
mod live;
mod p01_safe_means_safe;
mod p02_exactly_once;
mod p03_any_order;
mod p04_both_texts_survive;
mod p04_every_value;
mod p05_a_stale_phone;
mod p06_a_full_phone;
mod p08_the_server_dies_well;
mod p09_one_round_trip;
mod p10_a_cut_costs_a_little;
mod p12_today_first;
mod p13_pennies;
mod p14_never_frozen;
mod p16_the_disk_tells_nothing;
mod p17_a_text_sealed_again;
mod p17_nobody_speaks_for_another;
mod p25_one_cannot_shut_out_all;
mod p25_strangers;
mod p27_put_back;
mod p29_nothing_by_halves;
mod simulation;
mod support;
