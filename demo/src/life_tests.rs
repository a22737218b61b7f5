use std::collections::BTreeMap;
use std::sync::Arc;

use kith_shared::document::{DocumentName, Handle, Kept, Message, Subject, Told};
use kith_shared::ids::{ActorId, AgreementDigest, CircleId, MemberId, ThreadId};
use kith_shared::seal::{BodyPlace, EpochKey, open_body};
use kith_shared::storage::{Read, Tree};
use kith_shared::sync::{StoredEntry, key as at};
use kith_shared::trust::{DeviceSecret, KeyGroup};

use kith_server::store::{MemoryStore, Store};

use super::people::{HER_PEOPLE, WHO_CAME_BACK, given};
use super::tests::{FIRST, NOW, entries, keys};
use super::words::{AGREED_BEFORE, AGREEMENT, HIDDEN, NAMES, NOT_AGREED, ROLES, TOLD, TOLD_HER};
use super::*;

/// What Amina's printed code opens.
struct Hers {
    store: Arc<dyn Store>,
    circle: CircleId,
    keys: Vec<(KeyGroup, EpochKey)>,
    members: Vec<MemberId>,
}

impl Hers {
    async fn begin() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (hub, root) = keys();
        let circle = seed(&store, &hub, &root, NOW, FIRST, &mut |_| {}).await.unwrap();
        let chain = kith_server::admin::chain::load(store.as_ref(), circle).await.unwrap();
        let paper = DeviceSecret::from_paper(&printed_code(FIRST.seed));
        let mut random = Random::new(FIRST.seed);
        let member = |device: DeviceSecret| chain.standing().device(&device.id()).unwrap().member;
        let members = NAMES.iter().map(|_| member(DeviceSecret::from_seed(random.bytes()))).collect();
        let keys = given(store.as_ref(), &chain, &paper).await.unwrap();
        Self { store, circle, keys, members }
    }

    async fn handle(&self, name: &DocumentName) -> (Handle, Vec<StoredEntry>) {
        let entries = entries(self.store.as_ref(), &self.circle, name).await;
        let changes: Vec<&[u8]> = entries.iter().map(|entry| entry.content.plain().unwrap()).collect();
        (Handle::open(&self.circle, name, ActorId([9; 16]), &changes).unwrap(), entries)
    }

    /// The messages of a document, each with its words.
    async fn said(&self, subject: Subject, group: KeyGroup) -> Vec<(Message, String)> {
        let name = DocumentName::new(subject);
        let (handle, entries) = self.handle(&name).await;
        let (_, key) = self.keys.iter().find(|(of, _)| *of == group).unwrap();
        let mut said = Vec::new();
        for message in handle.thread().unwrap().messages {
            let entry = entries.iter().find(|entry| entry.bodies.contains(&message.body)).unwrap();
            let read = Read::Get { tree: Tree::Bodies, key: at::body(&self.circle, &message.body) };
            let body = self.store.read(vec![read]).await.unwrap().remove(0).value().unwrap();
            let place = BodyPlace {
                circle: self.circle,
                document: name.id(&self.circle),
                device: entry.device,
                incarnation: entry.incarnation,
                epoch: key.id(&self.circle, &group),
                message_key: &message.key,
            };
            let text = open_body(key, &place, &message.commitment, &body).unwrap().text;
            said.push((message, text));
        }
        said
    }
}

#[tokio::test]
async fn its_agreement_has_lines_that_members_agreed_to_with_roles_and_rituals() {
    let hers = Hers::begin().await;
    let (handle, _) = hers.handle(&DocumentName::new(Subject::Profile)).await;
    let profile = handle.profile().unwrap();
    assert_eq!(profile.lines.len(), AGREEMENT.len() + 1);
    let digest = profile.agreement_digest();
    let newest = profile.agreed.iter().filter(|said| said.to == digest).count();
    let before = profile.agreed.iter().filter(|said| said.to != digest && said.to != AgreementDigest::NONE).count();
    assert_eq!(newest, NAMES.len() - NOT_AGREED.len() - AGREED_BEFORE.len());
    assert_eq!(before, AGREED_BEFORE.len(), "some have not met the line that was added");
    assert_eq!(profile.roles.len(), ROLES.len());
    assert!(!profile.opening.value.is_empty() && !profile.closing.value.is_empty());
}

#[tokio::test]
async fn its_people_told_stories_and_milestones_and_others_answered() {
    let hers = Hers::begin().await;
    let said = hers.said(Subject::Stories, KeyGroup::Circle).await;
    assert_eq!(said.len(), TOLD.len());
    let (mut stories, mut ends) = (0, 0);
    for (message, text) in &said {
        let told = Told::decode(text).unwrap();
        assert!(!told.is_over(NOW) && !message.reactions.is_empty(), "{text}");
        if let Told::Story { ends_ms, .. } = told {
            stories += 1;
            ends += u32::from(ends_ms.is_some());
        }
    }
    assert_eq!((stories, ends), (TOLD.iter().filter(|told| told.title.is_some()).count(), 1));
}

#[tokio::test]
async fn she_takes_things_on_alone_and_with_a_partner_and_they_went_in_all_three_ways() {
    let hers = Hers::begin().await;
    let member = hers.members[WHO_CAME_BACK];
    let [kofi, nadia] = HER_PEOPLE.map(|person| hers.members[person]);
    let between = |other| (Subject::between(member, other, 0).unwrap(), KeyGroup::pair(member, other).unwrap());
    let alone = (Subject::Commitments { member, part: 0 }, KeyGroup::Alone(member));
    for (with_kofi, (subject, group)) in [(false, alone), (true, between(kofi))] {
        let mut outcomes = BTreeMap::new();
        let said = hers.said(subject, group).await;
        for (message, text) in &said {
            if let Ok(Told::Story { title, .. }) = Told::decode(text) {
                assert_eq!((title.as_str(), with_kofi), (TOLD_HER[0], true));
            } else if let Kept::Attempt { day, outcome, note } = Kept::decode(text).unwrap() {
                assert!(message.reply_to.is_some() && day < NOW.day());
                let (count, noted) = outcomes.entry(outcome as u8).or_insert((0, 0));
                *count += 1;
                *noted += u32::from(!note.is_empty());
            }
        }
        assert_eq!(outcomes.len(), 3, "{subject:?}");
        assert!(outcomes.values().all(|(count, noted)| noted > &0 && count > noted), "{outcomes:?}");
    }
    let (subject, group) = between(nadia);
    let asked: Vec<Kept> =
        hers.said(subject, group).await.iter().map(|(_, text)| Kept::decode(text).unwrap()).collect();
    assert!(matches!(asked.as_slice(), [Kept::Commitment(taken)] if taken.due.is_some_and(|due| due >= NOW.day())));
}

#[tokio::test]
async fn one_message_is_hidden_and_its_facilitator_says_why() {
    let hers = Hers::begin().await;
    let subject = Subject::Thread { thread: ThreadId::CIRCLE, month: NOW.day().month(), part: 0 };
    let said = hers.said(subject, KeyGroup::Circle).await;
    let hidden: Vec<&String> = said.iter().filter(|(it, _)| it.hidden.is_some()).map(|(_, text)| text).collect();
    assert_eq!(hidden, [HIDDEN.1]);
    assert_eq!(said.iter().filter(|(it, text)| it.hidden.is_none() && text == HIDDEN.2).count(), 1);
}
