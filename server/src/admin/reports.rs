//! What members reported to the organisation: opened with its sealing secret, which no store holds, and held against
//! what was signed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use kith_shared::client::view::{ReportProof, ReportedKind};
use kith_shared::client::{SignedText, report_proof, reported_kind, reported_text, signed_by_page};
use kith_shared::codec::DecodeError;
use kith_shared::document::{DocumentName, Handle, Message, Report, Reporting, Shape, Subject};
use kith_shared::ids::{ActorId, BodyId, CircleId, MemberId};
use kith_shared::seal::{
    BodyPlace, EpochId, EpochKey, SealingSecret, WRAP_BYTES, epoch_hint, open_body, unwrap_for_organisation,
};
use kith_shared::storage::{Read, ReadResult, Tree};
use kith_shared::sync::statements::CircleChain;
use kith_shared::sync::{DocumentState, StoredEntry, key};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{KeyGroup, StatementBody};

use crate::store::{Store, StoreError};

use super::AdminError;
use super::chain::existing;

/// Rows that are read at once.
const ROWS: usize = 1_024;

/// A report to the organisation, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReport {
    /// When it was made, by its reporter's clock.
    pub made: TimestampMs,
    /// Who reports.
    pub reporter: MemberId,
    /// What they are called; empty when nobody said.
    pub reporter_name: String,
    /// Who wrote what is reported, as the reporter says.
    pub about: MemberId,
    /// What they are called; empty when nobody said.
    pub about_name: String,
    /// What is reported.
    pub kind: ReportedKind,
    /// In the reporter's words; may be empty.
    pub words: String,
    /// What is reported, as people read it; none while not all of it came.
    pub text: Option<String>,
    /// Whether it was written by whom the report says.
    pub proof: ReportProof,
    /// Its author took it back since.
    pub gone: bool,
}

/// What is there for a sealing secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The reports that it opens, the oldest first.
    pub reports: Vec<OpenReport>,
    /// Records that it does not open, or whose text has not come.
    pub closed: u64,
    /// Reports that were taken back since, or erased as their person left.
    pub taken_back: u64,
    /// Whether reports are sealed to it now.
    pub is_present: bool,
    /// Whether the circle was ever told a key.
    pub is_told: bool,
}

/// A document with what the server knows of its entries.
struct Stored {
    name: DocumentName,
    state: DocumentState,
    entries: Vec<StoredEntry>,
    handle: Handle,
}

/// An epoch of what is for the organisation, and its key; none where the wrap is for another secret.
type Held = (KeyGroup, EpochId, Option<EpochKey>);

/// Opens what members of a circle reported to the organisation.
///
/// # Errors
/// [`AdminError::NoCircle`]; what the store says.
pub async fn open(store: &dyn Store, circle: CircleId, secret: &SealingSecret) -> Result<Opened, AdminError> {
    let chain = existing(store, circle).await?;
    let keys = keys(store, &chain, secret).await?;
    let is_present = chain.standing().report_key() == Some(secret.public());
    let mut opened = Opened { is_present, is_told: is_told(&chain), ..Opened::default() };
    let all = names(store, &circle).await?;
    let called = called(store, &circle).await?;
    let mut reported = BTreeMap::new();
    for name in all.into_iter().filter(DocumentName::is_for_organisation) {
        let (Some(reporter), Some(stored)) = (name.owner(), stored(store, &circle, &name).await?) else { continue };
        let Records { open: records, closed, taken_back } = records(store, &circle, &stored, &keys).await?;
        opened.closed += closed;
        opened.taken_back += taken_back;
        for (message, reporting) in &records {
            let Reporting::Report(report) = reporting else { continue };
            let parts = records.iter().filter(|(part, _)| part.reply_to.as_deref() == Some(message.key.as_str()));
            let carried = report.carried(parts.map(|(_, part)| part));
            if let Some(shown) = shown(store, &chain, &mut reported, (report, carried)).await? {
                let name = |member: &MemberId| called.get(member).map(|(_, name)| name.clone()).unwrap_or_default();
                let (reporter_name, about_name) = (name(&reporter), name(&report.about));
                opened.reports.push(OpenReport { made: message.sent, reporter, reporter_name, about_name, ..shown });
            }
        }
    }
    opened.reports.sort_by_key(|report| report.made);
    Ok(opened)
}

/// What there is to say of a report by itself.
async fn shown(
    store: &dyn Store,
    chain: &CircleChain,
    reported: &mut BTreeMap<DocumentName, Option<Stored>>,
    (report, carried): (&Report, Option<(String, Vec<u8>)>),
) -> Result<Option<OpenReport>, AdminError> {
    let (circle, standing) = (chain.circle(), chain.standing());
    let Some(kind) = reported_kind(&report.of.name) else { return Ok(None) };
    let name = report.of.name;
    if let Entry::Vacant(place) = reported.entry(name) {
        place.insert(stored(store, circle, &name).await?);
    }
    let kept = reported.get(&name).and_then(Option::as_ref).map(|stored| kept(stored, report)).transpose()?.flatten();
    let gone = kept.as_ref().is_some_and(|(_, _, gone)| *gone);
    let proof = match (&carried, &kept) {
        (None, _) => ReportProof::Unchecked,
        (Some((text, _)), Some((author, signed, _))) => report_proof(circle, report, text, Some((*author, signed))),
        (Some((text, page)), None) => {
            let signed = signed_by_page(circle, &standing.roster(), chain.chain(), &report.of, page);
            report_proof(circle, report, text, signed.as_ref().map(|(by, signed)| (Some(*by), signed)))
        }
    };
    Ok(Some(OpenReport {
        made: TimestampMs(0),
        reporter: report.about,
        reporter_name: String::new(),
        about: report.about,
        about_name: String::new(),
        kind,
        words: report.words.clone(),
        text: carried.and_then(|(text, _)| reported_text(kind, &text)),
        proof,
        gone,
    }))
}

/// Who wrote what is reported, what they signed of it, and whether they took it back, by what the server keeps.
fn kept(stored: &Stored, report: &Report) -> Result<Option<(Option<MemberId>, SignedText, bool)>, AdminError> {
    let member = |author: &ActorId| stored.state.chains.get(author).map(|chain| chain.member);
    Ok(match stored.name.shape() {
        Shape::Thread => {
            let messages = stored.handle.thread().map_err(|_| damaged("a thread"))?.messages;
            let found = messages.into_iter().find(|message| message.key == report.of.key);
            found.map(|it| (member(&it.author), SignedText::Commitment(it.commitment), it.taken_back))
        }
        Shape::Toolkit => {
            let strategies = stored.handle.toolkit().map_err(|_| damaged("a toolkit"))?.strategies;
            let found = strategies.into_iter().find(|strategy| strategy.key == report.of.key);
            found.map(|it| (member(&it.author), SignedText::Body(it.body), it.taken_back))
        }
        Shape::Note | Shape::Profile => None,
    })
}

/// The records of a document: those that stand and that a key opens, and how many others there are.
struct Records {
    open: Vec<(Message, Reporting)>,
    closed: u64,
    taken_back: u64,
}

async fn records(store: &dyn Store, circle: &CircleId, stored: &Stored, keys: &[Held]) -> Result<Records, AdminError> {
    let mut records = Records { open: Vec::new(), closed: 0, taken_back: 0 };
    for message in stored.handle.thread().map_err(|_| damaged("reports"))?.messages {
        if message.taken_back {
            // Its parts answer it.
            records.taken_back += u64::from(message.reply_to.is_none());
            continue;
        }
        let mut found = None;
        for body in message.bodies() {
            if found.is_none() {
                found = text(store, circle, stored, &message, &body, keys).await?;
            }
        }
        match found.map(|text| Reporting::decode(&text)) {
            None => records.closed += 1,
            // What a later version writes, or none of a report's forms.
            Some(Err(_)) => {}
            Some(Ok(reporting)) => records.open.push((message, reporting)),
        }
    }
    Ok(records)
}

async fn text(
    store: &dyn Store,
    circle: &CircleId,
    stored: &Stored,
    message: &Message,
    id: &BodyId,
    keys: &[Held],
) -> Result<Option<String>, AdminError> {
    let Some(entry) = stored.entries.iter().find(|entry| entry.bodies.contains(id)) else { return Ok(None) };
    let read = Read::Get { tree: Tree::Bodies, key: key::body(circle, id) };
    let body = store.read(vec![read]).await?.pop().and_then(ReadResult::value).unwrap_or_default();
    let hint = epoch_hint(&body);
    let group = stored.name.owner().map(KeyGroup::Reports);
    let of = keys.iter().filter(|(of, epoch, _)| Some(*of) == group && Some(epoch.hint()) == hint);
    let opened = of.filter_map(|(_, epoch, held)| {
        let (document, message_key) = (stored.name.id(circle), message.key.as_str());
        let (device, incarnation) = (entry.device, entry.incarnation);
        let place = BodyPlace { circle: *circle, document, device, incarnation, epoch: *epoch, message_key };
        open_body(held.as_ref()?, &place, &message.commitment, &body).ok()
    });
    let mut opened = opened.map(|salted| salted.text);
    Ok(opened.next())
}

/// The keys that lie beside the circle's statements for this secret.
async fn keys(store: &dyn Store, chain: &CircleChain, secret: &SealingSecret) -> Result<Vec<Held>, AdminError> {
    let mut keys = Vec::new();
    for row in chain.rows() {
        let Ok(Some(statement)) = row.statement() else { continue };
        let StatementBody::Epoch(epoch) = &statement.body else { continue };
        if !epoch.group.is_for_organisation() {
            continue;
        }
        let read = Read::Get { tree: Tree::Attachments, key: key::record(chain.circle(), row.record.position) };
        let beside = store.read(vec![read]).await?.pop().and_then(ReadResult::value).unwrap_or_default();
        // Its readers' wraps come first.
        let wrap = beside.last_chunk::<WRAP_BYTES>();
        let held = wrap
            .and_then(|wrap| unwrap_for_organisation(secret, chain.circle(), wrap, &epoch.group, &epoch.epoch).ok());
        keys.push((epoch.group, epoch.epoch, held));
    }
    Ok(keys)
}

fn is_told(chain: &CircleChain) -> bool {
    let is_of_key = |body: &StatementBody| matches!(body, StatementBody::ReportKey(_));
    chain.rows().iter().any(|row| matches!(row.statement(), Ok(Some(statement)) if is_of_key(&statement.body)))
}

/// What members are called, each by the name that was chosen last, with when that was.
async fn called(store: &dyn Store, circle: &CircleId) -> Result<BTreeMap<MemberId, (TimestampMs, String)>, AdminError> {
    let mut called: BTreeMap<MemberId, (TimestampMs, String)> = BTreeMap::new();
    let Some(stored) = stored(store, circle, &DocumentName::new(Subject::Profile)).await? else { return Ok(called) };
    for said in stored.handle.profile().map_err(|_| damaged("the profile"))?.members {
        let Some(chain) = stored.state.chains.get(&said.author) else { continue };
        let last = called.entry(chain.member).or_default();
        if last.1.is_empty() || last.0 <= said.set {
            *last = (said.set, said.name);
        }
    }
    Ok(called)
}

/// The names of a circle's documents.
async fn names(store: &dyn Store, circle: &CircleId) -> Result<Vec<DocumentName>, AdminError> {
    let rows = all(store, Tree::Documents, circle.as_bytes()).await?;
    let name = |(_, value): (Vec<u8>, Vec<u8>)| DocumentState::decode(&value).map(|state| state.name);
    rows.into_iter().map(name).collect::<Result<_, _>>().map_err(undecoded)
}

/// A document as it is stored; none when there is none, or it is sealed.
async fn stored(store: &dyn Store, circle: &CircleId, name: &DocumentName) -> Result<Option<Stored>, AdminError> {
    let document = name.id(circle);
    let read = Read::Get { tree: Tree::Documents, key: key::document(circle, &document) };
    let found = store.read(vec![read]).await?.pop().and_then(ReadResult::value);
    let Some(found) = found.filter(|_| !name.is_sealed()) else { return Ok(None) };
    let state = DocumentState::decode(&found).map_err(undecoded)?;
    let places = all(store, Tree::DocumentLog, &key::document(circle, &document)).await?;
    let positions = places.iter().filter_map(|(row, _)| key::position_of(row));
    let reads: Vec<Read> = positions.map(|at| Read::Get { tree: Tree::Log, key: key::log(circle, at) }).collect();
    let mut entries = Vec::new();
    for some in reads.chunks(ROWS) {
        for found in store.read(some.to_vec()).await? {
            let bytes = found.value().ok_or_else(|| damaged("a document's entry"))?;
            entries.push(StoredEntry::decode(&bytes).map_err(undecoded)?);
        }
    }
    let changes: Vec<&[u8]> = entries.iter().filter_map(|entry| entry.content.plain()).collect();
    let handle = Handle::open(circle, name, ActorId([0; 16]), &changes).map_err(|_| damaged("a document"))?;
    Ok(Some(Stored { name: *name, state, entries, handle }))
}

/// All rows of a tree whose keys begin so.
async fn all(store: &dyn Store, tree: Tree, prefix: &[u8]) -> Result<Vec<(Vec<u8>, Vec<u8>)>, AdminError> {
    let (mut all, mut from) = (Vec::new(), prefix.to_vec());
    loop {
        let (to, rows_max, bytes_max) = (key::after_prefix(prefix), ROWS, usize::MAX);
        let read = Read::Range { tree, from, to, rows_max, bytes_max, reverse: false };
        let rows = store.read(vec![read]).await?.pop().map(ReadResult::rows).unwrap_or_default();
        let Some((last, _)) = rows.last() else { return Ok(all) };
        from = [last.as_slice(), &[0]].concat();
        all.extend(rows);
    }
}

fn undecoded(error: DecodeError) -> AdminError {
    StoreError::Damaged { cause: error.to_string() }.into()
}

fn damaged(what: &str) -> AdminError {
    StoreError::Damaged { cause: format!("{what} can't be read") }.into()
}

#[cfg(test)]
mod tests {
    use kith_shared::document::Reported;
    use kith_shared::ids::Incarnation;
    use kith_shared::seal::{SaltedText, TextSalt, wrap, wrap_for_organisation};
    use kith_shared::trust::{Attached, Epoch, Readers, Role, Signer};
    use kith_shared::wire::Entry;

    use super::*;
    use crate::routes::testing::{Phone, Server};

    /// What server tests seal with.
    const KEY: EpochKey = EpochKey([7; 32]);

    fn office(n: u8) -> SealingSecret {
        SealingSecret([n; 32])
    }

    /// A record whose text fits its commitment, and its key.
    fn said(phone: &mut Phone, text: &str, other: Option<&str>) -> (Entry, String) {
        let document = phone.name.id(&phone.circle);
        let actor = ActorId::derive(&phone.secret.id(), &document, Incarnation(0));
        let mut handle = Handle::open(&phone.circle, &phone.name, actor, &phone.changes).unwrap();
        let key = handle.next_message_key(phone.now).unwrap();
        let body = phone.sealed(&key, text);
        let salted = SaltedText { salt: TextSalt([8; 16]), text: text.to_owned() };
        let commitment = salted.commitment(&phone.circle, &document, &key);
        let (now, id) = (phone.now, BodyId::of(&body));
        let entry = phone.edit(vec![body], |handle| {
            handle.post(now, &id, &commitment, other).unwrap();
        });
        (entry, key)
    }

    async fn send(server: &Server, phone: &Phone, entries: &[Entry]) {
        let (_, frames) = server.sync(phone.request(&[phone.page(entries)])).await;
        assert_eq!(Phone::refused(&frames), 0, "{frames:?}");
    }

    fn member(chain: &CircleChain, phone: &Phone) -> MemberId {
        chain.standing().device(&phone.secret.id()).unwrap().member
    }

    /// A phone that reports to an organisation, with the key for it on the chain.
    async fn reporter(server: &Server, ana: &Phone, to: &SealingSecret) -> Phone {
        server.by_root().report_key(Some(to.public())).await.unwrap();
        let chain = server.chain().await;
        let hers = member(&chain, ana);
        let group = KeyGroup::Reports(hers);
        let readers = Readers::of(chain.standing(), &[ana.secret.id()]);
        let own = wrap(&KEY, &server.circle, ana.secret.public(), [5; 32]).unwrap();
        let theirs = wrap_for_organisation(&KEY, &server.circle, &to.public(), [6; 32]).unwrap();
        let (wraps, epoch) = ([own, theirs].concat(), KEY.id(&server.circle, &group));
        let body = StatementBody::Epoch(Epoch { group, epoch, readers, wraps: Attached::of(&wraps) });
        let statement = chain.draft(Some(&ana.secret.id()), body, server.now()).sign(Signer::Device(&ana.secret));
        let (_, frames) = server.sync(ana.stating_with(&[(&statement, own.to_vec())])).await;
        let refused = &Phone::answer(&frames).refused_statements[0];
        assert_eq!(refused.problem.to_string(), "what lies beside the statement is not what it states");
        let (_, frames) = server.sync(ana.stating_with(&[(&statement, wraps)])).await;
        assert!(Phone::answer(&frames).refused_statements.is_empty(), "{frames:?}");
        let name = DocumentName::new(Subject::Reports { member: hers, part: 0 });
        Phone { name, epoch, changes: Vec::new(), knows: server.end().await, ..ana.clone() }
    }

    /// A report of what stands at a key, with the text that its reporter says.
    fn report(phone: &mut Phone, of: &Reported, about: MemberId, text: &str) -> (Vec<Entry>, String) {
        let parts = Reporting::parts(text, &[]).unwrap();
        let (salt, words) = (TextSalt([8; 16]), "It hurt.".to_owned());
        let report = Report { of: of.clone(), about, salt, parts: parts.len(), to: Vec::new(), words };
        let (first, key) = said(phone, &Reporting::Report(report).encode(), None);
        let parts: Vec<Entry> = parts.iter().map(|part| said(phone, &part.encode(), Some(&key)).0).collect();
        ([first].into_iter().chain(parts).collect(), key)
    }

    #[tokio::test]
    async fn a_report_is_opened_with_its_key_alone_and_proven_by_what_the_server_keeps() {
        let server = Server::new().await;
        let (ana, mut ben) = (server.joined(1, Role::Member).await, server.joined(2, Role::Facilitator).await);
        let (entry, key) = said(&mut ben, "Do as I say.", None);
        send(&server, &ben, &[entry]).await;
        let of = Reported { name: ben.name, key };
        let store = server.app.store.as_ref();
        let nothing = open(store, server.circle, &office(1)).await.unwrap();
        assert_eq!(nothing, Opened::default());
        let mut hers = reporter(&server, &ana, &office(1)).await;
        let chain = server.chain().await;
        let (anas, bens) = (member(&chain, &ana), member(&chain, &ben));
        let (honest, _) = report(&mut hers, &of, bens, "Do as I say.");
        let (lie, _) = report(&mut hers, &of, bens, "I hate you.");
        let (about_another, _) = report(&mut hers, &of, anas, "Do as I say.");
        send(&server, &hers, &[honest, lie, about_another].concat()).await;
        let opened = open(store, server.circle, &office(1)).await.unwrap();
        assert_eq!((opened.closed, opened.is_present, opened.is_told), (0, true, true));
        let shown = |it: &OpenReport| (it.text.clone().unwrap(), it.proof);
        let (own, other) = ("Do as I say.".to_owned(), "I hate you.".to_owned());
        let mut all: Vec<_> = opened.reports.iter().map(shown).collect();
        all.sort_by_key(|(text, proof)| (text.clone(), format!("{proof:?}")));
        let wanted = [(own.clone(), ReportProof::Proven), (own, ReportProof::Unproven), (other, ReportProof::Unproven)];
        assert_eq!(all, wanted);
        let first = &opened.reports[0];
        assert_eq!((first.reporter, first.kind, first.words.as_str()), (anas, ReportedKind::Message, "It hurt."));
        let wrong = open(store, server.circle, &office(2)).await.unwrap();
        assert_eq!((wrong.reports.len(), wrong.closed, wrong.is_present), (0, 6, false));
    }

    #[tokio::test]
    async fn what_is_taken_back_is_not_opened_and_a_later_key_leaves_the_old_ones_to_theirs() {
        let server = Server::new().await;
        let (ana, mut ben) = (server.joined(1, Role::Member).await, server.joined(2, Role::Facilitator).await);
        let (entry, key) = said(&mut ben, "Do as I say.", None);
        send(&server, &ben, &[entry]).await;
        let of = Reported { name: ben.name, key };
        let mut hers = reporter(&server, &ana, &office(1)).await;
        let bens = member(&server.chain().await, &ben);
        let (one, key) = report(&mut hers, &of, bens, "Do as I say.");
        let (two, _) = report(&mut hers, &of, bens, "Do as I say.");
        send(&server, &hers, &[one, two].concat()).await;
        let now = hers.now;
        let back = hers.edit(Vec::new(), |handle| {
            handle.take_back(&key, now).unwrap();
        });
        send(&server, &hers, &[back]).await;
        server.by_root().report_key(Some(office(2).public())).await.unwrap();
        let store = server.app.store.as_ref();
        let old = open(store, server.circle, &office(1)).await.unwrap();
        assert_eq!((old.reports.len(), old.taken_back, old.is_present), (1, 1, false));
        let new = open(store, server.circle, &office(2)).await.unwrap();
        assert_eq!(
            (new.reports.len(), new.closed, new.is_present),
            (0, 3, true),
            "a text of the first, and the second"
        );
    }

    #[tokio::test]
    async fn a_part_that_has_not_come_leaves_a_report_unchecked() {
        let server = Server::new().await;
        let (ana, mut ben) = (server.joined(1, Role::Member).await, server.joined(2, Role::Facilitator).await);
        let (entry, key) = said(&mut ben, "Do as I say.", None);
        send(&server, &ben, &[entry]).await;
        let of = Reported { name: ben.name, key };
        let mut hers = reporter(&server, &ana, &office(1)).await;
        let bens = member(&server.chain().await, &ben);
        let (entries, _) = report(&mut hers, &of, bens, "Do as I say.");
        send(&server, &hers, &entries[..1]).await;
        let opened = open(server.app.store.as_ref(), server.circle, &office(1)).await.unwrap();
        assert_eq!((&opened.reports[0].text, opened.reports[0].proof), (&None, ReportProof::Unchecked));
    }
}
