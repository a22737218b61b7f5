//! A device that asks a server for everything it has, page by page, without an engine.

use kith_shared::client::HttpFailure;
use kith_shared::document::{DocumentName, Handle, MessageRecord, StrategyText, Subject};
use kith_shared::gate::{Key, Scalar, parse_change};
use kith_shared::ids::{ActorId, CircleId};
use kith_shared::seal::{BodyPlace, EpochId, EpochKey, open_body, open_box};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    DeviceSecret, Draft, EnrolRequest, InviteSecret, Join, Knows, Signer, Statement, StatementBody,
};
use kith_shared::wire::{
    ChainCursor, CircleAsk, Entry, Frame, FrameDecoder, GivenText, Page, Problem, RequestHeader, unpack_page_behind,
};

use crate::phone::Agent;

/// About how many bytes of pages one response may bring.
const RESPONSE_BYTES: u32 = 4 * 1024 * 1024;
/// Most responses that one reading takes.
const RESPONSES_MAX: usize = 10_000;

/// Why there is nothing to read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// No response.
    #[error("the server gave no response: {0:?}")]
    Http(HttpFailure),
    /// A problem.
    #[error("the server named a problem: {0:?}")]
    Problem(Problem),
    /// Something else.
    #[error("the response is none: {0}")]
    Malformed(String),
}

/// How it is written that the strategy of a key helped somebody.
#[must_use]
pub fn helped_line(key: &str) -> String {
    format!("{key} helped")
}

/// A device in one circle.
pub struct Reader {
    origin: String,
    circle: CircleId,
    device: DeviceSecret,
    keys: Vec<(EpochId, EpochKey)>,
    /// The chain as it was when the device came in.
    knows: Knows,
    agent: Agent,
}

impl Reader {
    /// Enrols a device by a link that opens the past; `now` by the server's clock.
    ///
    /// # Errors
    /// When the link is none, or the server does not take it.
    pub fn enrol(origin: &str, link: &str, seed: [u8; 32], now: TimestampMs) -> Result<Self, ReadError> {
        let malformed = || ReadError::Malformed(format!("{link} is no link"));
        let part = |name: &str| link.split(['?', '&']).find_map(|part| part.strip_prefix(name));
        let secret: CircleId = part("t=").and_then(|secret| secret.parse().ok()).ok_or_else(malformed)?;
        let secret = InviteSecret(secret.0);
        let circle: CircleId = part("c=").and_then(|circle| circle.parse().ok()).ok_or_else(malformed)?;
        let device = DeviceSecret::from_seed(seed);
        let join = StatementBody::Join(Join::sign(&circle, &secret.public(), &device, [7; 16]));
        let draft = Draft { circle, number: 0, knows: Knows::NOTHING, time: TimestampMs(0), body: join };
        let request = EnrolRequest::join(draft.sign(Signer::Invite(&secret)), &device, now).encode();
        let agent = Agent::default();
        let (keys, knows) = (Vec::new(), Knows::NOTHING);
        let mut reader = Self { origin: origin.to_owned(), circle, device, keys, knows, agent };
        for frame in reader.frames("/v1/enrol", &request)? {
            let Frame::Answer(answer) = frame else { continue };
            for answer in answer.circles {
                reader.knows = answer.head.map_or(reader.knows, |head| *head.claimed_end());
                for record in answer.records {
                    let GivenText::Given(stated) = record.text else { continue };
                    let statement = Statement::decode(&stated.statement);
                    let statement = statement.map_err(|error| ReadError::Malformed(error.to_string()))?;
                    if statement.claimed_invite() == Some(secret.public()) {
                        let keys = open_box(&secret.box_key(), &circle, &secret.public().0, &stated.attachment);
                        let keys = keys.map_err(|error| ReadError::Malformed(error.to_string()))?;
                        reader.keys = keys.into_iter().map(|(group, key)| (key.id(&circle, &group), key)).collect();
                    }
                }
            }
        }
        if reader.knows == Knows::NOTHING {
            return Err(malformed());
        }
        Ok(reader)
    }

    /// Every page that the server has of the circle.
    ///
    /// # Errors
    /// When a response fails or is none of ours.
    pub fn pages(&self, now: TimestampMs) -> Result<Vec<Page>, ReadError> {
        let mut pages: Vec<Page> = Vec::new();
        for _ in 0..RESPONSES_MAX {
            let cursor = pages.last().map(|page| page.cursor.clone()).unwrap_or_default();
            let ask = CircleAsk { cursor, chain: ChainCursor::of(&self.knows), ..CircleAsk::of(self.circle) };
            let header = RequestHeader::sign(&self.device, now, RESPONSE_BYTES, vec![ask], Vec::new());
            let (mut ended, mut before) = (None, Vec::new());
            for frame in self.frames("/v1/sync", &Frame::Request(header).encode())? {
                match frame {
                    Frame::Page(bytes) => {
                        let read = unpack_page_behind(&bytes, &before);
                        let (page, left) = read.map_err(|error| ReadError::Malformed(error.to_string()))?;
                        pages.push(page);
                        before = left;
                    }
                    Frame::End { more } => ended = Some(more),
                    _ => {}
                }
            }
            match ended {
                Some(true) => {}
                Some(false) => return Ok(pages),
                None => return Err(ReadError::Malformed("it has no end".to_owned())),
            }
        }
        Err(ReadError::Malformed(format!("it goes on after {RESPONSES_MAX} responses")))
    }

    /// The texts of all messages, the titles of all strategies, and [`helped_line`] of each that helped somebody.
    ///
    /// # Errors
    /// As [`Self::pages`].
    pub fn texts(&self, now: TimestampMs) -> Result<Vec<String>, ReadError> {
        let pages = self.pages(now)?;
        let entries: Vec<&Entry> = pages.iter().flat_map(|page| &page.entries).collect();
        let name = DocumentName::new(Subject::Toolkit);
        let (shared, said): (Vec<&Entry>, Vec<&Entry>) = entries.into_iter().partition(|it| it.document == name);
        let malformed = |error: &dyn std::error::Error| ReadError::Malformed(error.to_string());
        let changes: Vec<&[u8]> = shared.iter().map(|entry| entry.content.bytes()).collect();
        let toolkit =
            Handle::open(&self.circle, &name, ActorId([0; 16]), &changes).map_err(|error| malformed(&error))?;
        let strategies = toolkit.toolkit().map_err(|error| malformed(&error))?.strategies;
        let helped = strategies.iter().filter(|it| it.has_helped(|_| true)).map(|it| Ok(helped_line(&it.key)));
        let bodies = shared.iter().flat_map(|entry| &entry.bodies);
        let titles =
            bodies.map(|body| StrategyText::decode(body).map(|said| said.title).map_err(|error| malformed(&error)));
        said.into_iter().flat_map(|entry| self.texts_of(entry)).chain(titles).chain(helped).collect()
    }

    fn texts_of(&self, entry: &Entry) -> Vec<Result<String, ReadError>> {
        let change = parse_change(entry.content.bytes()).ok();
        let said = change.and_then(|change| {
            let op = change.ops().next()?.ok()?;
            match (op.key, op.value) {
                (Key::Map(key), Scalar::Bytes(record)) => {
                    Some((key.to_owned(), MessageRecord::decode(record).ok()?.commitment))
                }
                _ => None,
            }
        });
        let open = |bytes: &Vec<u8>| {
            let not_said = || ReadError::Malformed("a text beside what is no message".to_owned());
            let (key, commitment) = said.as_ref().ok_or_else(not_said)?;
            let mut problem = ReadError::Malformed("no key fits".to_owned());
            for (epoch, sealed_with) in &self.keys {
                let place = BodyPlace {
                    circle: self.circle,
                    document: entry.document.id(&self.circle),
                    device: entry.device,
                    incarnation: entry.incarnation,
                    epoch: *epoch,
                    message_key: key,
                };
                match open_body(sealed_with, &place, commitment, bytes) {
                    Ok(salted) => return Ok(salted.text),
                    Err(error) => problem = ReadError::Malformed(error.to_string()),
                }
            }
            Err(problem)
        };
        entry.bodies.iter().map(open).collect()
    }

    fn frames(&self, path: &str, body: &[u8]) -> Result<Vec<Frame>, ReadError> {
        let mut decoder = FrameDecoder::default();
        let url = format!("{}{path}", self.origin);
        let sent = self.agent.post(&url, body, &mut |bytes| {
            decoder.feed(&bytes);
            true
        });
        sent.map_err(ReadError::Http)?;
        let mut frames = Vec::new();
        while let Some(frame) = decoder.next_frame().map_err(|error| ReadError::Malformed(error.to_string()))? {
            match frame {
                Frame::Problem(problem) => return Err(ReadError::Problem(problem)),
                frame => frames.push(frame),
            }
        }
        Ok(frames)
    }
}
