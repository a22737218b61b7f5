//! A device that asks a server for everything it has, page by page, without an engine.

use kith_shared::client::HttpFailure;
use kith_shared::document::decode_body;
use kith_shared::ids::{CircleId, InviteToken};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{DeviceSecret, EnrolRequest};
use kith_shared::wire::{CircleAsk, Frame, FrameDecoder, Page, Problem, RequestHeader, unpack_page};

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
    agent: Agent,
}

impl Reader {
    /// Enrols a device by a link.
    ///
    /// # Errors
    /// When the link is none, or the server does not take it.
    pub fn enrol(origin: &str, link: &str, seed: [u8; 32]) -> Result<Self, ReadError> {
        let malformed = || ReadError::Malformed(format!("{link} is no link"));
        let part = |name: &str| link.split(['?', '&']).find_map(|part| part.strip_prefix(name));
        let token: InviteToken = part("t=").and_then(|token| token.parse().ok()).ok_or_else(malformed)?;
        let circle = part("c=").and_then(|circle| circle.parse().ok()).ok_or_else(malformed)?;
        let device = DeviceSecret::from_seed(seed);
        let reader = Self { origin: origin.to_owned(), circle, device, agent: Agent::default() };
        let request = EnrolRequest::sign(token, &reader.device, [7; 16]).encode();
        reader.frames("/v1/enrol", &request)?;
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
            let (unsure, clocks, wanted) = (Vec::new(), Vec::new(), Vec::new());
            let ask = CircleAsk { circle: self.circle, cursor, roster_len: 0, unsure, clocks, wanted };
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
        let bodies = pages.iter().flat_map(|page| &page.entries).flat_map(|entry| &entry.bodies);
        let text = |bytes: &Vec<u8>| {
            decode_body(bytes).map(str::to_owned).map_err(|error| ReadError::Malformed(error.to_string()))
        };
        bodies.map(text).collect()
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
