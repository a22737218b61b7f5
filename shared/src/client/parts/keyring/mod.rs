//! Who is in a circle and which keys this phone holds, as it is kept and as it follows from the chain.

mod answer;
mod fork;
#[cfg(test)]
mod golden_tests;
mod history;
mod keys;
mod pending;
#[cfg(test)]
mod promise_tests;
mod returned;
mod rows;
mod stored;

use std::sync::Arc;

use crate::codec::Reader;
use crate::ids::{CircleId, DeviceId, EpochId, MemberId, StatementId};
use crate::sorted::SortedMap;
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::time::TimestampMs;
use crate::trust::{
    At, ChainHead, DevicePublic, KeyGroup, Knows, MemberState, Role, Roster, RosterEntry, Signed, Standing, Statement,
    StatementProblem, Verified, Warrant,
};

pub(in crate::client) use fork::{Fork, Trouble};
pub(in crate::client) use history::{History, decode_lost, decode_row};
pub(in crate::client) use keys::HeldKey;
pub(in crate::client) use pending::Pending;
pub(in crate::client) use returned::{RETURNED_MAX, Returned};

/// A circle's chain on this phone with all that follows, and the keys.
#[derive(Clone, Debug)]
pub(in crate::client) struct Keyring {
    /// What the server admitted.
    history: Arc<History>,
    /// What it has not admitted yet, in the order in which it was said.
    pending: Vec<Pending>,
    /// The admitted, with what is pending on top.
    shown: Arc<Standing>,
    keys: SortedMap<EpochId, HeldKey>,
    /// How the server last said that this device stands.
    state: MemberState,
    /// Who let this phone in with no network.
    pin: Option<Pin>,
    /// Whom this phone was let in as: kept for good.
    let_in_as: Option<MemberId>,
    /// The server's leave to let people in with no network, and how often this phone used it.
    warrant: Option<(Verified<Warrant>, u32)>,
    /// The epoch that this device told the server it seals with.
    sealing: Option<EpochId>,
    /// The newest end of the chain that the server signed, or that a code says it did: checked wherever it is used.
    head: Option<Signed<ChainHead>>,
    fork: Option<Fork>,
    returned: Vec<Returned>,
    /// What the last answer was wrong in.
    trouble: Option<Trouble>,
    /// The end of the server's chain, when it lacks what this phone holds.
    server_end: Option<u64>,
    /// What the server said that it lacks of records.
    lacking: Vec<crate::wire::Lacking>,
    /// Members whose wraps for this phone opened to nothing, and when it last began an epoch for that.
    rubbish: SortedMap<MemberId, TimestampMs>,
    /// Epochs that were refused, each with the position at which this phone said it.
    tried: SortedMap<EpochId, u64>,
    /// What of keys could not be said, each with how the circle stood then.
    held_up: SortedMap<Upkept, Extent>,
}

/// What a phone tries to say of a group's keys: an epoch that it begins, or a key that it has.
pub(in crate::client) type Upkept = (KeyGroup, Option<EpochId>);

/// The chain's last record, how many statements are pending, and the last of them.
pub(in crate::client) type Extent = (Knows, usize, Option<StatementId>);

/// What a phone that was enrolled with no network knows of its circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct Pin {
    /// The facilitator's phone.
    pub device: DevicePublic,
    pub leader: MemberId,
    /// Who came in.
    pub member: MemberId,
    pub role: Role,
    /// The epoch that the answer brought a key of.
    pub epoch: EpochId,
    /// What the facilitator's phone calls the circle.
    pub name: String,
}

impl Default for Keyring {
    fn default() -> Self {
        Self::new(CircleId([0; 16]))
    }
}

impl Keyring {
    pub(in crate::client) fn new(circle: CircleId) -> Self {
        Self {
            history: Arc::new(History::new(circle)),
            pending: Vec::new(),
            shown: Arc::new(Standing::default()),
            keys: SortedMap::new(),
            state: MemberState::Active,
            pin: None,
            let_in_as: None,
            warrant: None,
            sealing: None,
            head: None,
            fork: None,
            returned: Vec::new(),
            trouble: None,
            server_end: None,
            lacking: Vec::new(),
            rubbish: SortedMap::new(),
            tried: SortedMap::new(),
            held_up: SortedMap::new(),
        }
    }

    /// The circle's chain, with the texts of its records.
    pub(in crate::client) fn history(&self) -> &History {
        &self.history
    }

    /// What was said and the server has not admitted yet, in the order in which it was said.
    pub(in crate::client) fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// What the admitted and the pending come to together: what is shown.
    pub(in crate::client) fn shown(&self) -> &Standing {
        &self.shown
    }

    /// How the server last said that this device stands.
    pub(in crate::client) fn state(&self) -> MemberState {
        self.state
    }

    /// Who let this phone in with no network.
    pub(in crate::client) fn pin(&self) -> Option<&Pin> {
        self.pin.as_ref()
    }

    /// The server's leave to let people in with no network, and how often this phone used it.
    pub(in crate::client) fn warrant(&self) -> Option<&(Verified<Warrant>, u32)> {
        self.warrant.as_ref()
    }

    /// Uses it once more.
    pub(in crate::client) fn use_warrant(&mut self) {
        if let Some((_, used)) = &mut self.warrant {
            *used += 1;
        }
    }

    /// The epoch that this device told the server it seals with.
    pub(in crate::client) fn sealing(&self) -> Option<EpochId> {
        self.sealing
    }

    /// The newest end of the chain that the server signed.
    pub(in crate::client) fn head(&self) -> Option<Signed<ChainHead>> {
        self.head
    }

    /// Proof that the server told two different things.
    pub(in crate::client) fn fork(&self) -> Option<&Fork> {
        self.fork.as_ref()
    }

    /// A facilitator saw both, and goes on with ours.
    pub(in crate::client) fn leave_fork(&mut self) {
        if let Some(fork) = &mut self.fork {
            fork.is_left = true;
        }
    }

    /// Statements that were not taken.
    pub(in crate::client) fn returned(&self) -> &[Returned] {
        &self.returned
    }

    /// Its person read that one was not.
    pub(in crate::client) fn dismiss(&mut self, statement: &StatementId) {
        self.returned.retain(|returned| returned.statement != *statement);
    }

    /// What the last answer was wrong in.
    pub(in crate::client) fn trouble(&self) -> Option<Trouble> {
        self.trouble
    }

    /// The end of the server's chain, when it lacks what this phone holds.
    pub(in crate::client) fn server_end(&self) -> Option<u64> {
        self.server_end
    }

    /// What the server said that it lacks of records.
    pub(in crate::client) fn lacking(&self) -> &[crate::wire::Lacking] {
        &self.lacking
    }

    /// This phone was let in as this member.
    pub(in crate::client) fn let_in(&mut self, member: MemberId) {
        self.let_in_as = Some(member);
    }

    /// A code let this phone in, with no network: by whom, and the end of the chain that they knew.
    pub(in crate::client) fn let_in_by_code(&mut self, pin: Pin, head: Option<Signed<ChainHead>>) {
        self.let_in_as = Some(pin.member);
        (self.pin, self.head) = (Some(pin), head);
    }

    /// The keyring with nothing but the keys of another.
    pub(in crate::client) fn with_keys_of(circle: CircleId, other: &Self) -> Self {
        Self { keys: other.keys.clone(), ..Self::new(circle) }
    }

    /// Takes a chain that was checked from its first record to the end that the server signed.
    pub(in crate::client) fn take_checked(&mut self, history: History, head: Option<Verified<ChainHead>>) {
        self.head = head.map(|head| head.to_signed());
        self.set_history(history);
    }

    /// Takes what an earlier run kept in rows of their own: the records, and what was pending.
    pub(in crate::client) fn load(&mut self, history: History, mut pending: Vec<Pending>) {
        pending.sort_by_key(|pending| pending.order);
        self.pending = pending;
        self.set_history(history);
    }

    /// Says a statement: it is pending until the server admits it.
    pub(in crate::client) fn say(
        &mut self,
        circle: &CircleId,
        batch: &mut Batch,
        statement: Verified<Statement>,
        beside: Vec<u8>,
    ) -> Result<(), StatementProblem> {
        let shown = Arc::make_mut(&mut self.shown);
        let at = At { position: shown.position() + 1, time: shown.next_time(statement.time), late: None };
        shown.admit(at, statement.id(), &statement)?;
        self.push_pending(circle, batch, statement, beside);
        Ok(())
    }

    /// Whether a phone reads what a group reads: by the chain, or before there is one, by who let it in.
    pub(in crate::client) fn reads(&self, own: &DeviceId, group: &KeyGroup) -> bool {
        match &self.pin {
            Some(pin) if self.shown.is_empty() => group.holds(&pin.member, pin.role == Role::Facilitator),
            _ => self.shown.reads(own, group),
        }
    }

    /// What the server admitted comes to.
    pub(in crate::client) fn admitted(&self) -> &Standing {
        self.history.chain().standing()
    }

    /// What was admitted and what is pending: whatever changes what may be said changes one of both.
    pub(in crate::client) fn extent(&self) -> Extent {
        (self.history.chain().head(), self.pending.len(), self.pending.last().map(|pending| pending.id))
    }

    /// Puts other records in the place of those that are there.
    pub(in crate::client) fn set_history(&mut self, history: History) {
        self.history = Arc::new(history);
        self.fold_pending();
    }

    /// Says anew what the admitted and the pending come to together. What does not fit stays pending: the server says
    /// what is wrong with it.
    pub(in crate::client) fn fold_pending(&mut self) {
        let mut shown = self.admitted().clone();
        for pending in &self.pending {
            let at = At { position: shown.position() + 1, time: shown.time().max(pending.statement.time), late: None };
            let _ = shown.admit(at, pending.id, &pending.statement);
        }
        self.shown = Arc::new(shown);
    }

    /// The number of this author's next statement.
    pub(in crate::client) fn next_number(&self, author: &DeviceId) -> u64 {
        let own = self.pending.iter().filter(|pending| pending.is_by(author));
        let said = own.map(|pending| pending.statement.number + 1).max().unwrap_or(0);
        said.max(self.admitted().next_number(Some(author)))
    }

    /// The place of the next pending statement.
    pub(in crate::client) fn next_order(&self) -> u64 {
        self.pending.iter().map(|pending| pending.order + 1).max().unwrap_or(0)
    }

    /// Keeps a statement until the server has admitted it.
    pub(in crate::client) fn push_pending(
        &mut self,
        circle: &CircleId,
        batch: &mut Batch,
        statement: Verified<Statement>,
        beside: Vec<u8>,
    ) {
        let pending = Pending::new(self.next_order(), statement, beside);
        batch.put(Tree::Statements, key::pending(circle, &pending.id), pending.row());
        self.pending.push(pending);
    }

    /// Forgets a pending statement.
    pub(in crate::client) fn drop_pending(
        &mut self,
        circle: &CircleId,
        batch: &mut Batch,
        id: &StatementId,
    ) -> Option<Pending> {
        let at = self.pending.iter().position(|pending| pending.id == *id)?;
        batch.delete(Tree::Statements, key::pending(circle, id));
        Some(self.pending.remove(at))
    }

    /// Who is in the circle, for the gate, with what is pending on top.
    pub(in crate::client) fn roster(&self, own: &DevicePublic) -> Roster {
        match &self.pin {
            Some(pin) if self.shown.is_empty() => Roster::new([
                RosterEntry::new(pin.device, pin.leader, Role::Facilitator),
                RosterEntry::new(*own, pin.member, pin.role),
            ]),
            _ => self.shown.roster(),
        }
    }

    /// Whether the server has not yet admitted that this device is in.
    pub(in crate::client) fn is_pending(&self, own: &DeviceId) -> bool {
        self.admitted().device(own).is_none()
    }

    /// Whether this device is in, as far as the chain here says.
    pub(in crate::client) fn is_in(&self, own: &DeviceId) -> bool {
        self.admitted().device(own).is_some_and(|record| record.state == MemberState::Active)
    }

    /// Whether the chain makes this phone somebody else than it was let in as.
    pub(in crate::client) fn is_other_person(&self, own: &DeviceId) -> bool {
        let made = self.admitted().device(own).map(|record| record.member);
        made.zip(self.let_in_as).is_some_and(|(made, let_in)| made != let_in)
    }

    /// Whether the server is proven to tell people different things, and nobody decided yet.
    pub(in crate::client) fn is_forked(&self) -> bool {
        self.fork.as_ref().is_some_and(|fork| !fork.is_left)
    }

    /// Gives a statement back to its person.
    pub(in crate::client) fn give_back(&mut self, returned: Returned) {
        self.returned.retain(|other| other.statement != returned.statement);
        if self.returned.len() >= RETURNED_MAX {
            self.returned.remove(0);
        }
        self.returned.push(returned);
    }

    /// Takes a warrant that the server signed for this device; one that is known goes on where it was.
    pub(in crate::client) fn take_warrant(&mut self, bytes: &[u8]) {
        let mut reader = Reader::new(bytes);
        let (Ok(warrant), Some((_, server))) = (Warrant::read(&mut reader), self.admitted().keys()) else { return };
        let Ok(warrant) = warrant.verify(&server) else { return };
        let used = self.warrant.as_ref().filter(|(kept, _)| kept.id == warrant.id).map_or(0, |(_, used)| *used);
        self.warrant = Some((warrant, used));
    }

    /// How many the warrant still lets in: a phone that was put back to an older state has used more than it knows, and
    /// the chain counts them.
    pub(in crate::client) fn warrant_left(&self) -> u32 {
        self.warrant
            .as_ref()
            .map_or(0, |(warrant, used)| warrant.count.saturating_sub((*used).max(self.shown.used_of(&warrant.id))))
    }
}
