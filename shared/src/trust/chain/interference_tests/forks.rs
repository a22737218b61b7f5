//! A server that shows people two chains: it can prove itself a liar, and state nothing.

use crate::gate::testing::Dice;
use crate::trust::testing::*;
use crate::trust::*;

use super::attacker;
use super::play;
use super::script::{Step, script};
use super::world::World;

/// Histories that fork: each costs two worlds and all pairs of their phones.
const HISTORIES: u64 = 300;
const HISTORIES_FULL: u64 = 6_000;

/// Which of two chains whoever acts is shown; none: both.
fn side_of(step: &Step) -> Option<usize> {
    match *step {
        Step::Sync(n) | Step::Join { n, .. } | Step::Say { by: n, .. } => Some(usize::from(n % 2)),
        Step::OutAttacker => Some(0),
        Step::Day | Step::Restore(_) => None,
    }
}

/// Brings over what was said on one chain: each statement that the other takes.
fn bring_over(dice: &mut Dice, from: &World, to: &mut World, first: usize) {
    for statement in from.statements.iter().skip(first) {
        if dice.below(3) > 0 || to.admit(statement).is_err() {
            continue;
        }
        if let StatementBody::Epoch(Epoch { group, epoch, .. }) = &statement.body {
            to.groups.insert(*group);
            let given = from.keys.get(epoch).cloned().unwrap_or_default();
            to.keys.entry(*epoch).or_default().extend(given);
        }
    }
}

/// Two chains of one server, which went apart after some records.
fn forked(seed: u64) -> ([World; 2], u64) {
    let mut dice = Dice(seed);
    let role = attacker::Role::Member;
    let steps: Vec<Step> =
        script(&mut dice, role).into_iter().filter(|step| !matches!(step, Step::Restore(_))).collect();
    let at = dice.below(steps.len());
    let one = play(&steps[..at], World::new(seed, role, false), None);
    let fork = one.chain.len();
    let mut two = one.clone();
    two.salt += 1 << 32;
    let mut worlds = [one, two];
    for (at, step) in steps.iter().enumerate().skip(at) {
        let side = side_of(step);
        for (this, world) in worlds.iter_mut().enumerate() {
            match side {
                Some(side) if side != this => world.pass_by(),
                _ => world.take(at, step),
            }
        }
        let [one, two] = &mut worlds;
        if dice.below(2) == 0 {
            bring_over(&mut dice, one, two, fork as usize);
        } else {
            bring_over(&mut dice, two, one, fork as usize);
        }
    }
    for (side, world) in worlds.iter_mut().enumerate() {
        world.settle_those(|n| usize::from(n % 2) == side);
    }
    (worlds, fork)
}

/// Whether two phones' chains prove that the server lied: from where they first differ on at every position that both
/// have; a chain that is the beginning of another is none.
fn is_proof(seed: u64, one: &Chain, two: &Chain) -> bool {
    let both = one.len().min(two.len());
    let head = |chain: &Chain, position: u64| {
        let last = Knows { generation: 0, position, hash: chain.hash(position).unwrap() };
        Verified::from_own_store(ChainHead::sign(&server(), *chain.circle(), last, NOW))
    };
    let first = (1..=both).find(|at| one.hash(*at) != two.hash(*at));
    let contradicts = |at: u64| head(one, at).contradicts(&head(two, at));
    match first {
        Some(first) => {
            assert!(!contradicts(first - 1) && contradicts(first) && contradicts(both), "seed {seed}: from {first}");
            let meet_again = (first..=both).find(|at| one.hash(*at) == two.hash(*at));
            assert_eq!(meet_again, None, "seed {seed}: what went apart stays apart");
        }
        None => assert!(!contradicts(both), "seed {seed}: lag is no lie"),
    }
    first.is_some()
}

/// Whoever is in was let in, whoever is out was taken out, and whoever leads was made to, by a statement on that chain.
fn assert_stated(seed: u64, world: &World, chain: &Chain) {
    let said = |is_it: &dyn Fn(&StatementBody) -> bool| world.statements.iter().any(|it| is_it(&it.body));
    let standing = chain.standing();
    for device in standing.devices() {
        let introduces = |body: &StatementBody| body.introduces().is_some_and(|keys| keys.id() == device.id);
        assert!(said(&introduces), "seed {seed}: nobody let {:?} in", device.id);
    }
    for member in standing.members() {
        let takes_out =
            |body: &StatementBody| matches!(body, StatementBody::Remove(Remove::Member(id)) if *id == member.id);
        assert!(
            member.state != MemberState::Removed || said(&takes_out),
            "seed {seed}: nobody took {:?} out",
            member.id
        );
        let makes_lead = |body: &StatementBody| match body {
            StatementBody::Promote(promote) => promote.member == member.id,
            StatementBody::Grant(grant) => grant.member == member.id && grant.role == Role::Facilitator,
            StatementBody::Invite(invitation) => invitation.to == InviteFor::Role(Role::Facilitator),
            StatementBody::Found(found) => found.founder.is_some(),
            _ => false,
        };
        assert!(member.role != Role::Facilitator || said(&makes_lead), "seed {seed}: nobody had {:?} lead", member.id);
    }
}

#[test]
fn a_server_that_shows_two_chains_is_proven_to_and_makes_nobody_what_nobody_stated() {
    let histories = if std::env::var_os("KITH_FULL").is_some() { HISTORIES_FULL } else { HISTORIES };
    let mut proofs = 0_u32;
    for seed in 0..histories {
        let (mut worlds, fork) = forked(seed);
        let chains = |side: usize| (1..50_u8).filter(move |n| usize::from(n % 2) == side);
        let [one, two] = &worlds;
        for (n, other) in chains(0).flat_map(|n| chains(1).map(move |other| (n, other))) {
            let Some((ours, theirs)) = one.chain_of(n).zip(two.chain_of(other)) else { continue };
            let is_proof = is_proof(seed, ours, theirs);
            assert!(!is_proof || ours.len().min(theirs.len()) > fork, "seed {seed}");
            proofs += u32::from(is_proof);
        }
        for (side, world) in worlds.iter().enumerate() {
            let shown = chains(side).filter_map(|n| world.chain_of(n));
            shown.for_each(|chain| assert_stated(seed, world, chain));
        }
        worlds.iter_mut().for_each(World::assert_phones_stand_where_the_server_does);
    }
    assert!(u64::from(proofs) > histories, "{proofs}: the chains did go apart");
}
