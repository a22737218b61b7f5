//! What honest phones do, at random.

use crate::gate::testing::Dice;
use crate::ids::{EpochId, tagged_hash};
use crate::trust::{Role, StatementProblem};

use super::attacker;

/// Phones that are there from the start: three facilitators, then five members.
pub(super) const FACILITATORS: u8 = 3;
pub(super) const PEOPLE: u8 = 8;
/// Phones that may come, each once.
pub(super) const NEWCOMERS: core::ops::Range<u8> = 20..40;
/// The member whose phone is lost, and the phone.
pub(super) const LOSER: u8 = 4;
pub(super) const LOST: u8 = 61;
/// The attacker's member.
pub(super) const ATTACKER: u8 = 60;
/// A link that nobody was given.
pub(super) const UNUSED_LINK: u8 = 99;

/// What an honest phone does: it says something at once, or when it next has a network.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Say {
        by: u8,
        what: What,
        is_offline: bool,
    },
    Sync(u8),
    Join {
        link: u8,
        n: u8,
    },
    /// The root takes the attacker out.
    OutAttacker,
    /// The store is put back to what it was before so many steps.
    Restore(usize),
    Day,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    Invite { link: u8, role: Role },
    InviteOwn { link: u8 },
    Withdraw { link: u8 },
    Grant { n: u8, role: Role },
    Recover { n: u8, of: u8 },
    Add { n: u8, paper: bool },
    Remove(u8),
    RemoveDevice(u8),
    Confirm(u8),
    Promote(u8),
    Demote(u8),
    Epoch(Readership, usize),
}

/// Whose key: members by their phones.
#[derive(Clone, Copy, Debug)]
pub(super) enum Readership {
    Circle,
    Facilitators,
    PairWith(u8),
    SliceOf(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nobody said it: its phone knew of no such person, or has it pending.
    Unsaid,
    Taken,
    Refused(StatementProblem),
}

/// Whether a phone's standing is nobody's business but its person's and the facilitators'.
pub(super) fn is_honest(n: u8, role: attacker::Role) -> bool {
    let is_theirs = (50..=99).contains(&n) || (role == attacker::Role::LostDevice && n == LOSER);
    (1..=PEOPLE).contains(&n) && !is_theirs || NEWCOMERS.contains(&n)
}

/// A random honest history.
pub(super) fn script(dice: &mut Dice, role: attacker::Role) -> Vec<Step> {
    let (mut next_new, mut next_link) = (NEWCOMERS.start, 100_u8);
    let mut steps = Vec::new();
    let out_at = dice.below(20);
    let restores_at = if dice.below(4) == 0 { 10 + dice.below(25) } else { usize::MAX };
    for at in 0..40 {
        let person = |dice: &mut Dice| loop {
            let n = match dice.below(4) {
                0 if next_new > NEWCOMERS.start => {
                    NEWCOMERS.start + dice.below((next_new - NEWCOMERS.start).into()) as u8
                }
                1 => 1 + dice.below(FACILITATORS.into()) as u8,
                _ => 1 + dice.below(PEOPLE.into()) as u8,
            };
            if is_honest(n, role) {
                break n;
            }
        };
        let (by, n) = (person(dice), person(dice));
        let new = next_new.min(NEWCOMERS.end - 1);
        let given = if dice.below(4) == 0 { Role::Facilitator } else { Role::Member };
        let link = 100 + dice.below((next_link - 99).into()) as u8;
        let what = match dice.below(16) {
            0 | 1 => What::Invite { link: next_link, role: given },
            2 => What::InviteOwn { link: next_link },
            3 => What::Withdraw { link },
            4 | 5 => What::Grant { n: new, role: given },
            6 => What::Recover { n: new, of: n },
            7 => What::Add { n: new, paper: dice.below(2) == 0 },
            8 | 9 => What::Remove(n),
            10 => What::RemoveDevice(n),
            11 => What::Confirm(n),
            12 => What::Promote(n),
            13 => What::Demote(n),
            _ => {
                let of =
                    [Readership::Circle, Readership::Facilitators, Readership::PairWith(n), Readership::SliceOf(n)];
                What::Epoch(of[dice.below(4)], at)
            }
        };
        next_new = (next_new + u8::from(matches!(what, What::Grant { .. } | What::Recover { .. } | What::Add { .. })))
            .min(NEWCOMERS.end - 1);
        next_link += u8::from(matches!(what, What::Invite { .. } | What::InviteOwn { .. }));
        steps.push(match dice.below(10) {
            _ if at == out_at && role.is_out() => Step::OutAttacker,
            _ if at == restores_at => Step::Restore(1 + dice.below(6)),
            0 => Step::Day,
            1 => Step::Sync(by),
            2 => {
                next_new = (next_new + 1).min(NEWCOMERS.end - 1);
                Step::Join { link, n: new }
            }
            _ => Step::Say { by, what, is_offline: dice.below(3) == 0 },
        });
    }
    steps
}

/// The key that a step of a script begins: anyone can know its id.
pub(super) fn script_epoch(at: usize) -> EpochId {
    EpochId(tagged_hash("script", &[&at.to_le_bytes()]))
}
