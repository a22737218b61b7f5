//! Who is in a circle: shown, invited, taken out, confirmed, recovered; and the printed code.

mod once;
mod shown;

use crate::ids::{CircleId, DeviceId, InviteKey, MemberId, StatementId};
use crate::seal::{BOX_KEYS_MAX, EpochKey, encode_code, seal_box, seal_keys};
use crate::storage::Batch;
use crate::time::TimestampMs;
use crate::trust::{
    AddDevice, Attached, Beginners, Confirm, Demote, DeviceSecret, Invitation, InviteFor, KeyGroup, MemberState,
    Promote, Remove, Role, Setting, StatementBody, StatementProblem, Withdraw,
};

use super::engine::{Attempt, Engine, Step};
use super::link::{CODE_BYTES, PAPER_BYTES, link_text, secret_of, shown_code};
use super::say::{SaidBatch, Saying};
use super::view::{self, Reply};
use super::{Command, CommandId, ForkSide, Problem, ProblemCode, Why};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// How long an invitation may be good for.
const DAYS_MAX: u32 = 60;
/// How many may come in by one invitation.
const USES_MAX: u32 = 100;

/// How an invitation is to be.
pub(super) struct Terms<'a> {
    pub past: bool,
    pub uses: u32,
    pub days: u32,
    /// The ask's name.
    pub once: &'a str,
}

impl Engine {
    pub(super) fn people_command(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let people = self.people(&circle)?;
        self.reply(id, Ok(Reply::People(people)));
        Ok(Step::Done)
    }

    /// Says a statement, stores it, and answers with who is in the circle then.
    fn say_and_show(&mut self, id: CommandId, circle: CircleId, body: StatementBody) -> Attempt {
        let said = self.say(&circle, vec![body.into()])?;
        self.store_and_show(id, said)
    }

    fn store_and_show(&mut self, id: CommandId, said: SaidBatch) -> Attempt {
        let circle = said.circle;
        self.store_said(said, move |engine, done| match done {
            Ok(()) => {
                engine.take_command(id, Command::People { circle });
                engine.sync_soon(0);
            }
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }

    /// Stores statements, then makes them known.
    pub(super) fn store_said(
        &mut self,
        mut said: SaidBatch,
        then: impl FnOnce(&mut Self, Result<(), Problem>) + 'static,
    ) -> Attempt {
        let batch = core::mem::take(&mut said.batch);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                if done.is_ok() {
                    engine.settle_said(said);
                }
                then(engine, done);
            }),
        ))
    }

    pub(super) fn invite(&mut self, id: CommandId, circle: CircleId, role: Role, terms: &Terms<'_>) -> Attempt {
        if !(1..=USES_MAX).contains(&terms.uses) || !(1..=DAYS_MAX).contains(&terms.days) {
            return Err(Problem::of(ProblemCode::BadInput, Why::InviteBounds).into());
        }
        let keyring = self.local(&circle)?.keyring();
        let keys = if terms.past { keyring.keys_of_group(&KeyGroup::Circle) } else { Vec::new() };
        self.make_invite(id, circle, InviteFor::Role(role), terms, &keys)
    }

    pub(super) fn invite_device(
        &mut self,
        id: CommandId,
        circle: CircleId,
        member: MemberId,
        recovers: bool,
        once: &str,
    ) -> Attempt {
        let (me, _) = self.me(&circle)?;
        let keyring = self.local(&circle)?.keyring();
        let leads = keyring.shown().role(&member) == Role::Facilitator;
        // What the member could read: keys that were ever given to one of their phones.
        let theirs: Vec<_> = keyring.shown().devices().filter(|it| it.member == member).map(|it| it.id).collect();
        let opened = keyring.shown().devices().any(|it| it.member == member && it.open_from == 0);
        let could = |group: &KeyGroup, epoch_key: &EpochKey| {
            let epoch = epoch_key.id(&circle, group);
            let given = theirs.iter().any(|device| keyring.history().has_key(&epoch, device));
            member == me || (group.holds(&member, leads) && (given || opened))
        };
        let groups = keyring.held_groups();
        let keys = groups.iter().flat_map(|group| keyring.keys_of_group(group));
        let keys: Vec<_> = keys.filter(|(group, epoch_key)| could(group, epoch_key)).collect();
        let to = InviteFor::Member { member, recovers };
        self.make_invite(id, circle, to, &Terms { past: true, uses: 1, days: 1, once }, &keys)
    }

    fn make_invite(
        &mut self,
        id: CommandId,
        circle: CircleId,
        to: InviteFor,
        terms: &Terms<'_>,
        keys: &[(KeyGroup, EpochKey)],
    ) -> Attempt {
        let (_, profile) = self.names(&circle)?;
        let code: [u8; CODE_BYTES] = self.once("kith/invite-once/1", &circle, terms.once)?;
        let secret = secret_of(&code);
        let key = secret.public();
        let link = link_text(self.phone.origin(), &secret, &circle, &profile.name.value, None);
        let shown = |expires: TimestampMs, uses: u32| {
            let code = shown_code(&code);
            Reply::Invitation(view::Invitation { link, code, expires_ms: expires.0, uses, many: uses > 1 })
        };
        if let Some(made) = self.local(&circle)?.keyring().shown().invite(&key) {
            let shown = shown(made.invitation.expires, made.invitation.uses);
            return Ok(self.give_again(id, shown));
        }
        let attachment = match keys.is_empty() {
            true => Vec::new(),
            false => seal_box(&secret.box_key(), &circle, &key.0, newest(keys))
                .map_err(|error| Problem::new(ProblemCode::Refused, error))?,
        };
        let expires = self.request_time().plus_ms(u64::from(terms.days) * DAY_MS);
        let keys = Attached::of(&attachment);
        let possession =
            Invitation::prove(&secret, &circle, &crate::trust::StatementAuthor::Device(self.device()?.id()));
        let (uses, past) = (terms.uses, terms.past);
        let body = StatementBody::Invite(Invitation { key, to, uses, expires, past, keys, possession });
        let said = self.say(&circle, vec![Saying { body, attachment }])?;
        let shown = shown(expires, uses);
        self.store_said(said, move |engine, done| {
            engine.reply(id, done.map(|()| shown));
            engine.sync_soon(0);
        })
    }

    pub(super) fn withdraw(&mut self, id: CommandId, circle: CircleId, invite: InviteKey) -> Attempt {
        self.say_and_show(id, circle, StatementBody::Withdraw(Withdraw { invite }))
    }

    pub(super) fn remove_member(
        &mut self,
        id: CommandId,
        circle: CircleId,
        member: MemberId,
        also: &[MemberId],
    ) -> Attempt {
        let command = Command::Remove { circle, member, also: also.to_vec() };
        if !self.has_looked(id, &command) {
            return Ok(Step::Done);
        }
        let removes: Vec<Remove> = [member].iter().chain(also).map(|member| Remove::Member(*member)).collect();
        self.remove(id, circle, &removes)
    }

    pub(super) fn remove_device(&mut self, id: CommandId, circle: CircleId, device: DeviceId) -> Attempt {
        let command = Command::RemoveDevice { circle, device };
        if !self.has_looked(id, &command) {
            return Ok(Step::Done);
        }
        // The chain takes it: it bars a device that is to come. A person means one that they see.
        if self.local(&circle)?.keyring().shown().device(&device).is_none() {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::Said(StatementProblem::UnknownTarget)).into());
        }
        self.remove(id, circle, &[Remove::Device(device)])
    }

    /// Takes out, and begins new epochs without them in the same breath.
    fn remove(&mut self, id: CommandId, circle: CircleId, removes: &[Remove]) -> Attempt {
        let own = self.device()?.id();
        let removes = removes.iter().map(|remove| StatementBody::Remove(*remove).into()).collect();
        let mut said = self.say(&circle, removes)?;
        let standing = said.keyring.shown().clone();
        let mut due = standing.groups();
        due.retain(|group| standing.reads(&own, group) && standing.lacking(group).new_epoch);
        for group in due {
            // Out is out, also where a key that should follow can't be said.
            if let Ok(again) = self.begin_epoch_on(circle, said.keyring.clone(), group) {
                said.batch.puts.extend(again.batch.puts);
                said.keyring = again.keyring;
            }
        }
        self.store_and_show(id, said)
    }

    pub(super) fn confirm(&mut self, id: CommandId, circle: CircleId, member: MemberId) -> Attempt {
        let record = self.local(&circle)?.keyring().shown().member(&member);
        let undoes = record
            .and_then(|record| record.undone_by_confirm)
            .ok_or_else(|| Problem::of(ProblemCode::NotAllowed, Why::Said(StatementProblem::NoChange)))?;
        self.say_and_show(id, circle, StatementBody::Confirm(Confirm { member, undoes }))
    }

    pub(super) fn promote(&mut self, id: CommandId, circle: CircleId, member: MemberId) -> Attempt {
        self.say_and_show(id, circle, StatementBody::Promote(Promote { member }))
    }

    pub(super) fn demote(&mut self, id: CommandId, circle: CircleId, member: MemberId) -> Attempt {
        self.say_and_show(id, circle, StatementBody::Demote(Demote { member }))
    }

    pub(super) fn set_conversations(&mut self, id: CommandId, circle: CircleId, everyone: bool) -> Attempt {
        let beginners = if everyone { Beginners::Everyone } else { Beginners::Facilitators };
        self.say_and_show(id, circle, StatementBody::Setting(Setting::Conversations(beginners)))
    }

    /// Somebody read that a statement was not taken.
    pub(super) fn dismiss(&mut self, id: CommandId, circle: CircleId, statement: StatementId) -> Attempt {
        let mut keyring = self.local(&circle)?.keyring().clone();
        keyring.dismiss(&statement);
        let mut batch = Batch::default();
        self.put_keyring(&circle, &keyring, &mut batch);
        self.store_and_show(id, SaidBatch { batch, circle, keyring })
    }

    /// A facilitator, shown both of what the server said, goes on with one.
    pub(super) fn go_on(&mut self, id: CommandId, circle: CircleId, with: ForkSide) -> Attempt {
        let (_, role) = self.me(&circle)?;
        if role != Role::Facilitator {
            return Err(Problem::new(ProblemCode::NotAllowed, "only facilitators decide this").into());
        }
        let mut keyring = self.local(&circle)?.keyring().clone();
        let mut batch = Batch::default();
        match (with, keyring.fork()) {
            (_, None) => {}
            (ForkSide::Ours, Some(_)) => keyring.leave_fork(),
            (ForkSide::Theirs, Some(_)) => keyring.forget_chain(&circle, &mut batch),
        }
        self.put_keyring(&circle, &keyring, &mut batch);
        self.store_said(SaidBatch { batch, circle, keyring }, move |engine, done| match done {
            // The other chain comes first: until then nobody is known here.
            Ok(()) => {
                engine.exchange.look_first(id, Command::People { circle });
                engine.sync_soon(0);
            }
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }

    /// A printed code: a device of the member that lies in a drawer, with the keys that the member holds.
    pub(super) fn paper(&mut self, id: CommandId, circle: CircleId, once: &str) -> Attempt {
        let (me, _) = self.me(&circle)?;
        let code: [u8; PAPER_BYTES] = self.once("kith/paper-once/1", &circle, once)?;
        let paper = DeviceSecret::from_paper(&code);
        let entropy = self.random.bytes();
        let keyring = self.local(&circle)?.keyring();
        let shown = Reply::PaperCode(view::PaperCode { code: encode_code(&code) });
        if keyring.shown().device(&paper.id()).is_some() {
            return Ok(self.give_again(id, shown));
        }
        let groups = keyring.held_groups();
        let keys: Vec<_> = groups.iter().flat_map(|group| keyring.keys_of_group(group)).collect();
        let attachment = seal_keys(newest(&keys), &circle, paper.public(), entropy)
            .map_err(|error| Problem::new(ProblemCode::Refused, error))?;
        let add = AddDevice::sign(&circle, &me, &paper, true, Attached::of(&attachment));
        let earlier =
            keyring.shown().devices().filter(|it| it.member == me && it.paper && it.state != MemberState::Removed);
        let mut sayings: Vec<Saying> = earlier.map(|it| StatementBody::Remove(Remove::Device(it.id)).into()).collect();
        sayings.push(Saying { body: StatementBody::AddDevice(add), attachment });
        let said = self.say(&circle, sayings)?;
        self.store_said(said, move |engine, done| {
            engine.reply(id, done.map(|()| shown));
            engine.sync_soon(0);
        })
    }
}

/// As many keys as a box holds: the newest.
fn newest(keys: &[(KeyGroup, EpochKey)]) -> &[(KeyGroup, EpochKey)] {
    &keys[keys.len().saturating_sub(BOX_KEYS_MAX)..]
}
