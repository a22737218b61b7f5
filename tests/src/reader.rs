//! A device that asks a server for everything it has, page by page, without an engine.

use kith_shared::client::HttpFailure;
use kith_shared::document::MessageRecord;
use kith_shared::gate::{Key, Scalar, parse_change};
use kith_shared::ids::CircleId;
use kith_shared::seal::{BodyPlace, EpochId, EpochKey, open_body, open_box};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    DeviceSecret, Draft, EnrolRequest, GrantLog, InviteSecret, Join, Signer, Statement, StatementBody,
};
use kith_shared::wire::{CircleAsk, Entry, Frame, FrameDecoder, Page, Problem, RequestHeader, unpack_page};

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

/// A device in one circle.
pub struct Reader {
    origin: String,
    circle: CircleId,
    device: DeviceSecret,
    keys: Vec<(EpochId, EpochKey)>,
    agent: Agent,
}

impl Reader {
    /// Enrols a device by a link that opens the past.
    ///
    /// # Errors
    /// When the link is none, or the server does not take it.
    pub fn enrol(origin: &str, link: &str, seed: [u8; 32]) -> Result<Self, ReadError> {
        let malformed = || ReadError::Malformed(format!("{link} is no link"));
        let part = |name: &str| link.split(['?', '&']).find_map(|part| part.strip_prefix(name));
        let secret: CircleId = part("t=").and_then(|secret| secret.parse().ok()).ok_or_else(malformed)?;
        let secret = InviteSecret(secret.0);
        let circle: CircleId = part("c=").and_then(|circle| circle.parse().ok()).ok_or_else(malformed)?;
        let device = DeviceSecret::from_seed(seed);
        let join = StatementBody::Join(Join::sign(&circle, &secret.public(), &device, [7; 16]));
        let draft = Draft { circle, parents: Vec::new(), time: TimestampMs(0), body: join };
        let request = EnrolRequest::Join(Box::new(draft.sign(Signer::Invite(&secret)))).encode();
        let agent = Agent::default();
        let mut reader = Self { origin: origin.to_owned(), circle, device, keys: Vec::new(), agent };
        for frame in reader.frames("/v1/enrol", &request)? {
            let Frame::Answer(answer) = frame else { continue };
            let mut log = GrantLog::new(circle);
            let statements = answer.circles.iter().flat_map(|answer| &answer.statements);
            for statement in statements.filter_map(|bytes| Statement::decode(bytes).ok()) {
                log.insert(statement).map_err(|problem| ReadError::Malformed(problem.to_string()))?;
            }
            let (_, invite) = log.invite(&secret.public()).ok_or_else(malformed)?;
            let keys = open_box(&secret.box_key(), &circle, &secret.public().0, &invite.sealed_box);
            reader.keys = keys.map_err(|error| ReadError::Malformed(error.to_string()))?;
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
            let ask = CircleAsk { cursor, ..CircleAsk::of(self.circle) };
            let header = RequestHeader::sign(&self.device, now, RESPONSE_BYTES, vec![ask], Vec::new());
            let mut ended = None;
            for frame in self.frames("/v1/sync", &Frame::Request(header).encode())? {
                match frame {
                    Frame::Page(bytes) => {
                        let page = unpack_page(&bytes);
                        pages.push(page.map_err(|error| ReadError::Malformed(error.to_string()))?);
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

    /// The texts of all messages.
    ///
    /// # Errors
    /// As [`Self::pages`].
    pub fn texts(&self, now: TimestampMs) -> Result<Vec<String>, ReadError> {
        let pages = self.pages(now)?;
        pages.iter().flat_map(|page| &page.entries).flat_map(|entry| self.texts_of(entry)).collect()
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
