//! Who is in a circle and which keys this phone holds, as it is kept and as it follows from the chain.

mod history;
mod pending;
mod returned;
mod stored;

use std::sync::Arc;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DeviceId, EpochId, MemberId, StatementId};
use crate::seal::EpochKey;
use crate::sorted::SortedMap;
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::time::TimestampMs;
use crate::trust::{
    At, ChainHead, DevicePublic, DeviceSecret, KeyGroup, Knows, MemberState, Proof, Role, Roster, RosterEntry,
    Standing, Statement, Warrant,
};

pub(super) use history::{History, decode_lost, decode_row, hashes, keys_beside};
#[cfg(test)]
pub(super) use history::{encode_lost, encode_row};
pub(super) use pending::Pending;
pub(super) use returned::{RETURNED_MAX, Returned};

/// How often a phone begins an epoch in the place of one whose wrap for it, by the same member, opened to nothing.
const RUBBISH_ANSWERED_EVERY_MS: u64 = 24 * 60 * 60 * 1_000;

/// The form of a stored key.
const KEY_VERSION: u8 = 1;

/// A circle's chain on this phone with all that follows, and the keys.
#[derive(Clone, Debug)]
pub(super) struct Keyring {
    /// What the server admitted.
    pub history: Arc<History>,
    /// What it has not admitted yet, in the order in which it was said.
    pub pending: Vec<Pending>,
    /// The admitted, with what is pending on top.
    pub shown: Arc<Standing>,
    pub keys: SortedMap<EpochId, HeldKey>,
    /// How the server last said that this device stands.
    pub state: MemberState,
    /// Who let this phone in with no network.
    pub pin: Option<Pin>,
    /// Whom this phone was let in as: kept for good.
    pub let_in_as: Option<MemberId>,
    /// The server's leave to let people in with no network, and how often this phone used it.
    pub warrant: Option<(Warrant, u32)>,
    /// The epoch that this device told the server it seals with.
    pub sealing: Option<EpochId>,
    /// The newest end of the chain that the server signed.
    pub head: Option<ChainHead>,
    pub fork: Option<Fork>,
    pub returned: Vec<Returned>,
    /// What the last answer was wrong in.
    pub trouble: Option<Trouble>,
    /// The end of the server's chain, when it lacks what this phone holds.
    pub server_end: Option<u64>,
    /// What the server said that it lacks of records.
    pub lacking: Vec<crate::wire::Lacking>,
    /// Members whose wraps for this phone opened to nothing, and when it last began an epoch for that.
    pub rubbish: SortedMap<MemberId, TimestampMs>,
    /// Epochs that were refused, each with the position at which this phone said it.
    pub tried: SortedMap<EpochId, u64>,
    /// What of keys could not be said, each with how the circle stood then.
    pub held_up: SortedMap<super::upkeep::Upkept, Extent>,
}

/// The chain's last record, how many statements are pending, and the last of them.
pub(super) type Extent = (Knows, usize, Option<StatementId>);

/// A key of an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HeldKey {
    pub group: KeyGroup,
    pub key: EpochKey,
    /// Made here, and not on the chain yet: nobody else has it.
    pub is_own: bool,
}

/// What a phone that was enrolled with no network knows of its circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pin {
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

/// Two ends of a chain that the server signed, and that can't both be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fork {
    pub since: TimestampMs,
    pub ours: ChainHead,
    pub theirs: ChainHead,
    /// A facilitator saw both, and goes on with ours.
    pub is_left: bool,
}

/// What is wrong with a server's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It ends before what this phone holds.
    Behind,
    /// A record is of a later version of the fold.
    Newer,
    /// A record is unlawful or came without its text, or a statement gets no answer.
    Withheld,
}

impl Default for Keyring {
    fn default() -> Self {
        Self::new(CircleId([0; 16]))
    }
}

impl Keyring {
    pub(super) fn new(circle: CircleId) -> Self {
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

    /// What the server admitted comes to.
    pub(super) fn admitted(&self) -> &Standing {
        self.history.chain().standing()
    }

    /// What was admitted and what is pending: whatever changes what may be said changes one of both.
    pub(super) fn extent(&self) -> Extent {
        (self.history.chain().head(), self.pending.len(), self.pending.last().map(|pending| pending.id))
    }

    /// Puts other records in the place of those that are there.
    pub(super) fn set_history(&mut self, history: History) {
        self.history = Arc::new(history);
        self.fold_pending();
    }

    /// Says anew what the admitted and the pending come to together. What does not fit stays pending: the server says
    /// what is wrong with it.
    pub(super) fn fold_pending(&mut self) {
        let mut shown = self.admitted().clone();
        for pending in &self.pending {
            let at = At { position: shown.position() + 1, time: shown.time().max(pending.statement.time), late: None };
            let _ = shown.admit(at, pending.id, &pending.statement, Proof::Trusted);
        }
        self.shown = Arc::new(shown);
    }

    /// The number of this author's next statement.
    pub(super) fn next_number(&self, author: &DeviceId) -> u64 {
        let own = self.pending.iter().filter(|pending| pending.is_by(author));
        let said = own.map(|pending| pending.statement.number + 1).max().unwrap_or(0);
        said.max(self.admitted().next_number(Some(author)))
    }

    /// The place of the next pending statement.
    pub(super) fn next_order(&self) -> u64 {
        self.pending.iter().map(|pending| pending.order + 1).max().unwrap_or(0)
    }

    /// Keeps a statement until the server has admitted it.
    pub(super) fn push_pending(&mut self, circle: &CircleId, batch: &mut Batch, statement: Statement, beside: Vec<u8>) {
        let pending = Pending::new(self.next_order(), statement, beside);
        batch.put(Tree::Statements, key::pending(circle, &pending.id), pending.row());
        self.pending.push(pending);
    }

    /// Forgets a pending statement.
    pub(super) fn drop_pending(&mut self, circle: &CircleId, batch: &mut Batch, id: &StatementId) -> Option<Pending> {
        let at = self.pending.iter().position(|pending| pending.id == *id)?;
        batch.delete(Tree::Statements, key::pending(circle, id));
        Some(self.pending.remove(at))
    }

    /// Who is in the circle, for the gate, with what is pending on top.
    pub(super) fn roster(&self, own: &DevicePublic) -> Roster {
        match &self.pin {
            Some(pin) if self.shown.is_empty() => Roster::new([
                RosterEntry::new(pin.device, pin.leader, Role::Facilitator),
                RosterEntry::new(*own, pin.member, pin.role),
            ]),
            _ => self.shown.roster(),
        }
    }

    /// Whether the server has not yet admitted that this device is in.
    pub(super) fn is_pending(&self, own: &DeviceId) -> bool {
        self.admitted().device(own).is_none()
    }

    /// Whether this device is in, as far as the chain here says.
    pub(super) fn is_in(&self, own: &DeviceId) -> bool {
        self.admitted().device(own).is_some_and(|record| record.state == MemberState::Active)
    }

    /// Whether the chain makes this phone somebody else than it was let in as.
    pub(super) fn is_other_person(&self, own: &DeviceId) -> bool {
        let made = self.admitted().device(own).map(|record| record.member);
        made.zip(self.let_in_as).is_some_and(|(made, let_in)| made != let_in)
    }

    /// Whether the server is proven to tell people different things, and nobody decided yet.
    pub(super) fn is_forked(&self) -> bool {
        self.fork.as_ref().is_some_and(|fork| !fork.is_left)
    }

    /// The key to seal with for a group, and its epoch: by the chain, else one that this phone made and could not say
    /// yet, or was let in with.
    pub(super) fn sealing_key(&self, group: &KeyGroup) -> Option<(EpochId, EpochKey)> {
        let known = self.shown.sealing_epoch(group, |epoch| self.keys.contains_key(epoch)).map(|epoch| epoch.id);
        let own = || {
            let own = self.keys.iter().filter(|(_, held)| held.is_own && held.group == *group);
            own.map(|(epoch, _)| *epoch).next_back()
        };
        let pinned = || {
            let pin = self.pin.as_ref().filter(|_| *group == KeyGroup::Circle && self.shown.is_empty())?;
            Some(pin.epoch)
        };
        let epoch = known.or_else(own).or_else(pinned)?;
        Some((epoch, self.keys.get(&epoch)?.key.clone()))
    }

    /// Keys that may open what begins with this hint.
    pub(super) fn keys_of(&self, hint: [u8; 4]) -> impl Iterator<Item = (&EpochId, &EpochKey)> {
        self.keys.iter().filter(move |(epoch, _)| epoch.hint() == hint).map(|(epoch, held)| (epoch, &held.key))
    }

    /// All keys of a group that are held, those first that the chain had first; what it does not know of comes last.
    pub(super) fn keys_of_group(&self, group: &KeyGroup) -> Vec<(KeyGroup, EpochKey)> {
        let position = |epoch: &EpochId| {
            let seen = self.history.epochs().find(|(seen, _)| *seen == epoch).map(|(_, seen)| seen.position);
            match self.keys.get(epoch) {
                Some(held) if held.is_own => u64::MAX,
                _ => seen.unwrap_or(0),
            }
        };
        let held = self.keys.iter().filter(|(_, held)| held.group == *group);
        let mut keys: Vec<_> = held.map(|(epoch, held)| (position(epoch), held.group, held.key.clone())).collect();
        keys.sort_by_key(|(position, _, _)| *position);
        keys.into_iter().map(|(_, group, epoch_key)| (group, epoch_key)).collect()
    }

    /// Whose wrap of a group's current key for a device opens to nothing here.
    pub(super) fn rubbish_by(&self, group: &KeyGroup, own: &DeviceId) -> Option<MemberId> {
        let current = self.admitted().current_epoch(group)?;
        let is_rubbish = self.admitted().is_holder(group, &current.id, own) && !self.keys.contains_key(&current.id);
        is_rubbish.then(|| self.admitted().device(&current.author).map(|record| record.member)).flatten()
    }

    /// Whether a new epoch may follow on a member's rubbish: once a day for each, so that no one drains this member's
    /// share of epochs.
    pub(super) fn may_answer(&self, member: &MemberId, now: TimestampMs) -> bool {
        self.rubbish.get(member).is_none_or(|at| now.since_ms(*at) >= RUBBISH_ANSWERED_EVERY_MS)
    }

    /// The newest key of a group that is here and that nobody who is out was given: for when there is no better.
    pub(super) fn earlier_key(&self, group: &KeyGroup) -> Option<(EpochId, EpochKey)> {
        let is_good = |seen: &history::SeenEpoch| seen.group == Some(*group) && seen.is_among(&self.shown, group);
        let held = self.history.epochs().filter(|(epoch, seen)| self.keys.contains_key(*epoch) && is_good(seen));
        let (epoch, _) = held.max_by_key(|(_, seen)| seen.position)?;
        Some((*epoch, self.keys.get(epoch)?.key.clone()))
    }

    /// Keeps a key; whether it is new.
    pub(super) fn hold(
        &mut self,
        circle: &CircleId,
        batch: &mut Batch,
        group: KeyGroup,
        epoch_key: EpochKey,
        is_own: bool,
    ) -> bool {
        let epoch = epoch_key.id(circle, &group);
        if self.keys.contains_key(&epoch) {
            return false;
        }
        let held = HeldKey { group, key: epoch_key, is_own };
        batch.put(Tree::Epochs, key::epoch(circle, &epoch), held.encode());
        self.keys.insert(epoch, held);
        true
    }

    /// Notes whether a key that this phone made is still to be said.
    pub(super) fn set_own(&mut self, circle: &CircleId, batch: &mut Batch, epoch: &EpochId, is_own: bool) {
        if let Some(held) = self.keys.get_mut(epoch).filter(|held| held.is_own != is_own) {
            held.is_own = is_own;
            batch.put(Tree::Epochs, key::epoch(circle, epoch), held.encode());
        }
    }

    /// Takes what a new record means for the keys: what lies beside it for this device, and that an epoch of its own is
    /// on the chain.
    pub(super) fn take_keys(
        &mut self,
        circle: &CircleId,
        device: &DeviceSecret,
        batch: &mut Batch,
        statement: &Statement,
        attachment: &[u8],
    ) {
        for (group, epoch_key) in keys_beside(circle, device, statement, attachment) {
            self.hold(circle, batch, group, epoch_key, false);
        }
        if let crate::trust::StatementBody::Epoch(epoch) = &statement.body {
            self.set_own(circle, batch, &epoch.epoch, false);
        }
    }

    /// Gives a statement back to its person.
    pub(super) fn give_back(&mut self, returned: Returned) {
        self.returned.retain(|other| other.statement != returned.statement);
        if self.returned.len() >= RETURNED_MAX {
            self.returned.remove(0);
        }
        self.returned.push(returned);
    }

    /// Takes a warrant that the server signed for this device; one that is known goes on where it was.
    pub(super) fn take_warrant(&mut self, bytes: &[u8]) {
        let mut reader = Reader::new(bytes);
        let (Ok(warrant), Some((_, server))) = (Warrant::read(&mut reader), self.admitted().keys()) else { return };
        if warrant.verify(&server).is_err() {
            return;
        }
        let used = self.warrant.as_ref().filter(|(kept, _)| kept.id == warrant.id).map_or(0, |(_, used)| *used);
        self.warrant = Some((warrant, used));
    }

    /// How many the warrant still lets in: a phone that was put back to an older state has used more than it knows, and
    /// the chain counts them.
    pub(super) fn warrant_left(&self) -> u32 {
        self.warrant
            .as_ref()
            .map_or(0, |(warrant, used)| warrant.count.saturating_sub((*used).max(self.shown.used_of(&warrant.id))))
    }

    /// Keeps which hashes a restored server lost, so that entries signed there can say them for good.
    pub(super) fn put_lost(&self, circle: &CircleId, batch: &mut Batch) {
        for ((generation, position), hash) in self.history.chain().lost() {
            batch.put(Tree::Statements, key::lost(circle, *generation, *position), history::encode_lost(hash));
        }
    }

    /// Writes all records from a position on.
    pub(super) fn put_records(&self, circle: &CircleId, batch: &mut Batch, from: u64) {
        self.put_rows(circle, batch, from.max(1)..=self.history.chain().len());
    }

    /// Writes the records at these positions.
    pub(super) fn put_rows(&self, circle: &CircleId, batch: &mut Batch, positions: impl IntoIterator<Item = u64>) {
        for position in positions {
            if let Some(row) = self.history.row(position) {
                batch.put(Tree::Statements, key::record(circle, position), row);
            }
        }
    }
}

impl HeldKey {
    /// Version, whether it is still to be said, the group, the key.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(KEY_VERSION).flag(self.is_own);
        self.group.write(&mut writer);
        writer.raw(&self.key.0);
        writer.into_bytes()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("stored key's version")? != KEY_VERSION {
            return Err(DecodeError::Invalid { what: "stored key's version" });
        }
        let is_own = reader.flag("stored key's author")?;
        let group = KeyGroup::read(&mut reader)?;
        let held = Self { group, key: EpochKey(reader.array("stored key")?), is_own };
        reader.finish("stored key")?;
        Ok(held)
    }
}
