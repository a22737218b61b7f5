use kith_shared::document::{DocumentName, Handle, Subject, genesis};
use kith_shared::gate::parse_change;
use kith_shared::ids::{ActorId, BodyId, CircleId, Incarnation, PageMark, ThreadId};
use kith_shared::seal::{
    BodyPlace, EntryPlace, EpochId, EpochKey, SaltedText, TextSalt, seal_body, seal_entry, sealed_entry_id,
};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    DeviceSecret, Draft, EnrolRequest, InviteSecret, Join, Knows, Signed, SignedHead, Signer, Statement, StatementBody,
};
use kith_shared::wire::{
    ChainCursor, CircleAnswer, CircleAsk, Entry, EntryContent, Frame, FrameDecoder, GivenText, Page, RequestHeader,
    Stated, pack_page, unpack_page_behind,
};

use super::COMMITMENT;

/// What is in a page's frame.
fn content(frame: &[u8]) -> Vec<u8> {
    let mut decoder = FrameDecoder::default();
    decoder.feed(frame);
    let Some(Frame::Page(page)) = decoder.next_frame().unwrap() else { panic!("{frame:?} is no page") };
    page
}

/// As much of a phone as a request needs: one thread, one chain, one epoch's key.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) secret: DeviceSecret,
    pub(crate) circle: CircleId,
    pub(crate) now: TimestampMs,
    pub(crate) name: DocumentName,
    pub(crate) changes: Vec<Vec<u8>>,
    pub(crate) cursor: Vec<u8>,
    /// The chain as it knows it: what it signs entries with, and asks from.
    pub(crate) knows: Knows,
    pub(crate) epoch: EpochId,
}

impl Phone {
    pub(crate) fn new(seed: u8, circle: CircleId, now: TimestampMs) -> Self {
        let subject = Subject::Thread { thread: ThreadId::CIRCLE, month: now.day().month(), part: 0 };
        let name = DocumentName::new(subject);
        let secret = DeviceSecret::from_seed([seed; 32]);
        let (changes, epoch) = (Vec::new(), EpochId([7; 32]));
        Self { secret, circle, now, name, changes, cursor: Vec::new(), knows: Knows::NOTHING, epoch }
    }

    /// An enrolment by a link.
    pub(crate) fn join(&self, invite: &InviteSecret) -> Vec<u8> {
        EnrolRequest::join(self.join_statement(invite), &self.secret, self.now).encode()
    }

    pub(crate) fn join_statement(&self, invite: &InviteSecret) -> Signed<Statement> {
        let join = Join::sign(&self.circle, &invite.public(), &self.secret, [1; 16]);
        let (circle, time, knows) = (self.circle, TimestampMs(0), Knows::NOTHING);
        Draft { circle, number: 0, knows, time, body: StatementBody::Join(join) }.sign(Signer::Invite(invite))
    }

    /// The frame of a page with one new message.
    pub(crate) fn message(&mut self, text: &str) -> Vec<u8> {
        let (entry, _) = self.post(text);
        self.page(&[entry])
    }

    /// A new message, and its key.
    pub(crate) fn post(&mut self, text: &str) -> (Entry, String) {
        let key = self.handle().next_message_key(self.now).unwrap();
        let body = self.sealed(&key, text);
        (self.post_sealed(body), key)
    }

    /// A new message with this body.
    pub(crate) fn post_sealed(&mut self, body: Vec<u8>) -> Entry {
        let (now, id) = (self.now, BodyId::of(&body));
        self.edit(vec![body], |handle| {
            handle.post(now, &id, &COMMITMENT, None).unwrap();
        })
    }

    /// A text, sealed for the place of the message that comes next.
    pub(crate) fn sealed(&self, message_key: &str, text: &str) -> Vec<u8> {
        let place = BodyPlace {
            circle: self.circle,
            document: self.name.id(&self.circle),
            device: self.secret.id(),
            incarnation: Incarnation(0),
            epoch: self.epoch,
            message_key,
        };
        let salted = SaltedText { salt: TextSalt([8; 16]), text: text.to_owned() };
        seal_body(&EpochKey([7; 32]), &place, &salted).unwrap()
    }

    fn handle(&self) -> Handle {
        let document = self.name.id(&self.circle);
        let actor = ActorId::derive(&self.secret.id(), &document, Incarnation(0));
        Handle::open(&self.circle, &self.name, actor, &self.changes).unwrap()
    }

    /// Whatever a change may be, as an entry.
    pub(crate) fn edit(&mut self, bodies: Vec<Vec<u8>>, edit: impl FnOnce(&mut Handle)) -> Entry {
        let mut handle = self.handle();
        edit(&mut handle);
        let change = handle.commit(self.now).remove(0);
        let parsed = parse_change(&change).unwrap();
        let (document, actor) = (*handle.id(), *handle.actor());
        let head = SignedHead {
            circle: self.circle,
            document,
            actor,
            seq: parsed.seq,
            entry: parsed.entry,
            knows: self.knows,
        };
        self.changes.push(change.clone());
        Entry {
            document: self.name,
            device: self.secret.id(),
            incarnation: Incarnation(0),
            content: EntryContent::Plain(change),
            signature: Some(head.sign(&self.secret)),
            bodies,
            admitted: None,
        }
    }

    /// The first entry of a sealed document.
    pub(crate) fn sealed_entry(&self, name: DocumentName) -> Entry {
        let (document, device, incarnation) = (name.id(&self.circle), self.secret.id(), Incarnation(0));
        let first = [genesis(&self.circle, &name).unwrap().entry];
        let (circle, epoch, dependencies) = (self.circle, self.epoch, first.as_slice());
        let place = EntryPlace { circle, document, device, incarnation, epoch, seq: 1, dependencies };
        let bytes = seal_entry(&EpochKey([7; 32]), &place, &[b"a change that only phones read".to_vec()]).unwrap();
        let actor = ActorId::derive(&device, &document, incarnation);
        let entry = sealed_entry_id(&document, &actor, &bytes);
        let signature =
            Some(SignedHead { circle, document, actor, seq: 1, entry, knows: self.knows }.sign(&self.secret));
        let content = EntryContent::Sealed(bytes);
        Entry { document: name, device, incarnation, content, signature, bodies: Vec::new(), admitted: None }
    }

    /// The frame of a page of entries, whoever made them.
    pub(crate) fn page(&self, entries: &[Entry]) -> Vec<u8> {
        let (page, taken) = pack_page(&self.circle, &[], entries);
        assert_eq!(taken, entries.len());
        Frame::Page(page).encode()
    }

    /// What it asks of its circle.
    pub(crate) fn ask(&self) -> CircleAsk {
        let chain = ChainCursor::of(&self.knows);
        CircleAsk { cursor: self.cursor.clone(), chain, ..CircleAsk::of(self.circle) }
    }

    /// A request's bytes, with these frames after its first.
    pub(crate) fn request(&self, pages: &[Vec<u8>]) -> Vec<u8> {
        self.asking(self.ask(), pages)
    }

    pub(crate) fn asking(&self, ask: CircleAsk, pages: &[Vec<u8>]) -> Vec<u8> {
        [self.header_of(ask, pages), pages.concat()].concat()
    }

    /// The first frame of a request, for the pages in these frames.
    pub(crate) fn header(&self, pages: &[Vec<u8>]) -> Vec<u8> {
        self.header_of(self.ask(), pages)
    }

    fn header_of(&self, ask: CircleAsk, pages: &[Vec<u8>]) -> Vec<u8> {
        let marks = pages.iter().map(|frame| PageMark::of(&content(frame))).collect();
        Frame::Request(RequestHeader::sign(&self.secret, self.now, 1 << 20, vec![ask], marks)).encode()
    }

    /// A request that brings statements.
    pub(crate) fn stating(&self, statements: &[&Signed<Statement>]) -> Vec<u8> {
        let beside = statements.iter().map(|statement| (*statement, Vec::new()));
        self.stating_with(&beside.collect::<Vec<_>>())
    }

    /// The same, with what lies beside each.
    pub(crate) fn stating_with(&self, statements: &[(&Signed<Statement>, Vec<u8>)]) -> Vec<u8> {
        let stated = |(statement, attachment): &(&Signed<Statement>, Vec<u8>)| Stated {
            statement: statement.encode(),
            attachment: attachment.clone(),
        };
        self.asking(CircleAsk { statements: statements.iter().map(stated).collect(), ..self.ask() }, &[])
    }

    /// Remembers the cursor of a response.
    pub(crate) fn take(&mut self, frames: &[Frame]) {
        for frame in frames {
            if let Frame::Answer(answer) = frame {
                self.cursor.clone_from(&answer.circles[0].cursor);
                if let Some(head) = &answer.circles[0].head {
                    self.knows = *head.claimed_end();
                }
            }
        }
        if let Some(page) = Self::pages(frames).pop() {
            self.cursor = page.cursor;
        }
    }

    /// The pages of a response.
    pub(crate) fn pages(frames: &[Frame]) -> Vec<Page> {
        let mut before = Vec::new();
        let pages = frames.iter().filter_map(|frame| match frame {
            Frame::Page(page) => {
                let (page, left) = unpack_page_behind(page, &before).unwrap();
                before = left;
                Some(page)
            }
            _ => None,
        });
        pages.collect()
    }

    /// How many entries a response brings.
    pub(crate) fn entries(frames: &[Frame]) -> usize {
        Self::pages(frames).iter().map(|page| page.entries.len()).sum()
    }

    /// How many entries a response refuses.
    pub(crate) fn refused(frames: &[Frame]) -> usize {
        let answers = frames.iter().filter_map(|frame| match frame {
            Frame::Answer(answer) => Some(answer.circles[0].refused.len()),
            _ => None,
        });
        answers.sum()
    }

    /// The statements that a response gives, all frames together.
    pub(crate) fn texts(frames: &[Frame]) -> Vec<Vec<u8>> {
        let answers =
            frames.iter().filter_map(|frame| if let Frame::Answer(answer) = frame { Some(answer) } else { None });
        let records = answers.flat_map(|answer| &answer.circles[0].records);
        let texts = records.filter_map(|record| match &record.text {
            GivenText::Given(stated) => Some(stated.statement.clone()),
            GivenText::Named(_) => None,
        });
        texts.collect()
    }

    /// What a response says of the circle.
    pub(crate) fn answer(frames: &[Frame]) -> &CircleAnswer {
        let Some(Frame::Answer(answer)) = frames.first() else { panic!("{frames:?}") };
        &answer.circles[0]
    }
}
