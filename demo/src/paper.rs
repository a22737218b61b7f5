use std::collections::BTreeMap;

use kith_shared::document::{ApplyProblem, DocumentName, Handle, Moment, StrategyText};
use kith_shared::gate::parse_change;
use kith_shared::ids::{ActorId, BodyId, Incarnation};
use kith_shared::seal::{BodyPlace, SaltedText, TextSalt, seal_body};
use kith_shared::time::TimestampMs;
use kith_shared::trust::SignedHead;
use kith_shared::wire::{Entry, EntryContent};

use super::DemoError;
use super::people::Group;
use super::random::Random;

/// A document that several people write in, one after the other, each on a phone of their own that has seen
/// what was before.
pub(super) struct Paper<'a> {
    group: &'a Group,
    name: DocumentName,
    hands: BTreeMap<usize, (Handle, usize)>,
    changes: Vec<Vec<u8>>,
    entries: Vec<Entry>,
    salts: Random,
}

impl<'a> Paper<'a> {
    pub(super) fn new(group: &'a Group, name: DocumentName) -> Self {
        let seed = name.id(&group.circle).0.first_chunk().copied().unwrap_or_default();
        let salts = Random::new(u64::from_le_bytes(seed));
        Self { group, name, hands: BTreeMap::new(), changes: Vec::new(), entries: Vec::new(), salts }
    }

    /// The document's name.
    pub(super) fn name(&self) -> &DocumentName {
        &self.name
    }

    /// Lets somebody write; what comes of it is committed and signed.
    pub(super) fn write<T, E: Into<DemoError>>(
        &mut self,
        person: usize,
        now: TimestampMs,
        edit: impl FnOnce(&mut Handle) -> Result<T, E>,
    ) -> Result<T, DemoError> {
        self.write_with(person, now, |handle, _| edit(handle).map_err(Into::into))
    }

    /// Lets somebody say something: the text is sealed for its place. Gives the message's key.
    pub(super) fn say(
        &mut self,
        person: usize,
        sent: TimestampMs,
        text: &str,
        answers: Option<&str>,
    ) -> Result<String, DemoError> {
        let Group { circle, devices, .. } = self.group;
        let (epoch, key) = self.group.key_of(&self.name).ok_or(DemoError::Refused)?;
        let (document, device) = (self.name.id(circle), devices[person].id());
        let salted = SaltedText { salt: TextSalt(self.salts.bytes()), text: text.to_owned() };
        self.write_with(person, sent, |handle, bodies| {
            let message_key = handle.next_message_key(sent)?;
            let (incarnation, message_key) = (Incarnation(0), message_key.as_str());
            let place = BodyPlace { circle: *circle, document, device, incarnation, epoch: *epoch, message_key };
            let body = seal_body(key, &place, &salted).map_err(|_| DemoError::Refused)?;
            let commitment = salted.commitment(circle, &document, message_key);
            let posted = handle.post(sent, &BodyId::of(&body), &commitment, answers)?;
            bodies.push(body);
            Ok(posted)
        })
    }

    /// Lets somebody write a strategy down: title, what to do, and when. Gives its key.
    pub(super) fn share(
        &mut self,
        person: usize,
        made: TimestampMs,
        (title, text): (&str, &str),
        moments: Vec<Moment>,
        adapted_from: Option<&str>,
    ) -> Result<String, DemoError> {
        let salt = TextSalt(self.salts.bytes());
        let said = StrategyText { salt, title: title.to_owned(), text: text.to_owned(), moments };
        self.write_with(person, made, |handle, bodies| {
            let (key, body) = handle.add_strategy(made, &said, adapted_from)?;
            bodies.push(body);
            Ok(key)
        })
    }

    fn write_with<T>(
        &mut self,
        person: usize,
        now: TimestampMs,
        edit: impl FnOnce(&mut Handle, &mut Vec<Vec<u8>>) -> Result<T, DemoError>,
    ) -> Result<T, DemoError> {
        let (circle, name, secret) = (self.group.circle, self.name, &self.group.devices[person]);
        let document = name.id(&circle);
        let actor = ActorId::derive(&secret.id(), &document, Incarnation(0));
        if let std::collections::btree_map::Entry::Vacant(place) = self.hands.entry(person) {
            place.insert((Handle::open::<Vec<u8>>(&circle, &name, actor, &[])?, 0));
        }
        let Some((handle, seen)) = self.hands.get_mut(&person) else { return Err(DemoError::Refused) };
        handle.apply(&self.changes[*seen..])?;
        let mut bodies = Vec::new();
        let result = edit(handle, &mut bodies)?;
        for change in handle.commit(now) {
            let parsed = parse_change(&change).map_err(|_| DemoError::Refused)?;
            let head =
                SignedHead { circle, document, actor, seq: parsed.seq, entry: parsed.entry, knows: self.group.knows };
            self.entries.push(Entry {
                document: name,
                device: secret.id(),
                incarnation: Incarnation(0),
                content: EntryContent::Plain(change.clone()),
                signature: Some(head.sign(secret)),
                bodies: core::mem::take(&mut bodies),
                admitted: None,
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
