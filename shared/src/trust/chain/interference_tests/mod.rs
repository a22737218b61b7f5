//! Non-interference: random honest histories, played without and with an attacker who states anything that the encoding
//! allows. Two servers over one store admit by turns, and each phone folds what of the chain it is given: it refuses no
//! record, and stands where the server does. Removals that a restored backup lost are brought again after every step, and
//! by the attacker between them. `docs/TRUST.md`, "What each role can do to others", has the table;
//! [`attacker::Role`] is the same one.

mod attacker;
mod forks;
mod keys;
mod refrain;
mod saying;
mod script;
mod view;
mod world;

use crate::gate::testing::Dice;
use crate::trust::testing::phone;

use attacker::{Attacker, Role};
use script::{Outcome, Step, script};
use world::World;

/// Histories in each run, and under `KITH_FULL`.
const HISTORIES: u64 = 5_000;
const HISTORIES_FULL: u64 = 100_000;
/// Every so many histories the signatures are real.
const SIGNED_EVERY: u64 = 100;
/// Seeds of histories that once failed.
const KEPT: [u64; 2] = [112, 4_263];

/// Plays a script, with what the attacker does between its steps.
fn play(steps: &[Step], mut world: World, mut attacker: Option<Attacker>) -> World {
    for (at, step) in steps.iter().enumerate() {
        if let Some(attacker) = &mut attacker {
            attacker.act(&mut world, at);
        }
        world.take(at, step);
        world.bring_lost_removals();
    }
    world.settle();
    world
}

fn check(seed: u64) {
    let mut dice = Dice(seed);
    let role = Role::ALL[dice.below(Role::ALL.len())];
    let steps = script(&mut dice, role);
    let is_signed = seed.is_multiple_of(SIGNED_EVERY);
    let world = || World::new(seed, role, is_signed);
    let mut alone = play(&steps, world(), None);
    let mut attacked = play(&steps, world(), Some(Attacker::new(role, dice.next())));
    for (at, (before, after)) in alone.outcomes().iter().zip(attacked.outcomes()).enumerate() {
        let is_kept = !matches!(before, Outcome::Taken) || matches!(after, Outcome::Taken);
        assert!(is_kept, "seed {seed}, {role:?}: step {at}, {:?}, was taken and is {after:?}", steps[at]);
    }
    for n in (0..=255_u8).filter(|n| script::is_honest(*n, role)) {
        let (before, after) = (alone.standing_of(n), attacked.standing_of(n));
        assert_eq!(before, after, "seed {seed}, {role:?}: phone {n} ({:?})", phone(n).id());
    }
    for world in [&mut alone, &mut attacked] {
        world.assert_sealed_for_those_who_were_meant(seed);
        world.assert_settled(seed);
        world.assert_phones_stand_where_the_server_does();
    }
}

#[test]
fn nobody_changes_what_they_have_no_power_over() {
    let histories = if std::env::var_os("KITH_FULL").is_some() { HISTORIES_FULL } else { HISTORIES };
    KEPT.into_iter().chain(0..histories).for_each(check);
}
