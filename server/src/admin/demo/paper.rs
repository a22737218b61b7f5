use std::collections::BTreeMap;

use kith_shared::document::{ApplyProblem, DocumentName, Handle};
use kith_shared::gate::parse_change;
use kith_shared::ids::{ActorId, CircleId, Incarnation};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{DeviceSecret, SignedHead};
use kith_shared::wire::{Entry, EntryContent};

use super::DemoError;

/// A document that several people write in, one after the other, each on a phone of their own that has seen
/// what was before.
pub(super) struct Paper<'a> {
    circle: CircleId,
    name: DocumentName,
    people: &'a [DeviceSecret],
    hands: BTreeMap<usize, (Handle, usize)>,
    changes: Vec<Vec<u8>>,
    entries: Vec<Entry>,
}

impl<'a> Paper<'a> {
    pub(super) fn new(circle: CircleId, name: DocumentName, people: &'a [DeviceSecret]) -> Self {
        Self { circle, name, people, hands: BTreeMap::new(), changes: Vec::new(), entries: Vec::new() }
    }

    /// Lets somebody write; what comes of it is committed and signed. `bodies` are those that it names.
    pub(super) fn write<T, E: Into<DemoError>>(
        &mut self,
        person: usize,
        now: TimestampMs,
        bodies: Vec<Vec<u8>>,
        edit: impl FnOnce(&mut Handle) -> Result<T, E>,
    ) -> Result<T, DemoError> {
        let (circle, name, secret) = (self.circle, self.name, &self.people[person]);
        let document = name.id(&circle);
        let actor = ActorId::derive(&secret.id(), &document, Incarnation(0));
        if let std::collections::btree_map::Entry::Vacant(place) = self.hands.entry(person) {
            place.insert((Handle::open::<Vec<u8>>(&circle, &name, actor, &[])?, 0));
        }
        let Some((handle, seen)) = self.hands.get_mut(&person) else { return Err(DemoError::Refused) };
        handle.apply(&self.changes[*seen..])?;
        let result = edit(handle).map_err(Into::into)?;
        let mut bodies = Some(bodies);
        for change in handle.commit(now) {
            let parsed = parse_change(&change).map_err(|_| DemoError::Refused)?;
            let head = SignedHead { circle, document, actor, seq: parsed.seq, entry: parsed.entry };
            self.entries.push(Entry {
                document: name,
                device: secret.id(),
                incarnation: Incarnation(0),
                content: EntryContent::Plain(change.clone()),
                signature: Some(head.sign(secret)),
                bodies: bodies.take().unwrap_or_default(),
            });
            self.changes.push(change);
        }
        *seen = self.changes.len();
        Ok(result)
    }

    /// Everything that was written, in causal order.
    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}

impl From<ApplyProblem> for DemoError {
    fn from(_: ApplyProblem) -> Self {
        Self::Refused
    }
}
