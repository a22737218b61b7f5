//! A phone as the server sees it: signed requests from one address, each on a new connection, as a phone sends them that
//! comes back to its link.

use std::time::Duration;

use kith_shared::ids::CircleId;
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    DeviceSecret, Draft, EnrolRequest, InviteSecret, Join, Knows, Purpose, RequestStamp, Signer, StatementBody,
};
use kith_shared::wire::{ChainCursor, CircleAsk, Frame, FrameDecoder, RequestHeader, unpack_page_behind};
use tokio::time::timeout;

use crate::clock::{PhoneClock, Stopwatch};

use super::wire::Place;

/// How long a sync may take; a phone gives up later, but nobody shall wait as long as this.
const SYNC_TIME_MAX: Duration = Duration::from_secs(30);
/// About how many bytes of pages one response may bring.
const RESPONSE_BYTES: u32 = 1024 * 1024;
/// Most responses of one sync.
const RESPONSES_MAX: usize = 64;

/// One phone.
pub(super) struct Honest {
    pub(super) place: Place,
    pub(super) circle: CircleId,
    pub(super) device: DeviceSecret,
    cursor: Vec<u8>,
    chain: ChainCursor,
}

impl Honest {
    /// Comes in by a link.
    pub(super) async fn enrol(place: Place, link: &str, seed: [u8; 32]) -> Result<Self, String> {
        let part = |name: &str| link.split(['?', '&']).find_map(|part| part.strip_prefix(name)?.parse().ok());
        let wrong = || format!("{link} is no link");
        let secret: CircleId = part("t=").ok_or_else(wrong)?;
        let (secret, circle) = (InviteSecret(secret.0), part("c=").ok_or_else(wrong)?);
        let device = DeviceSecret::from_seed(seed);
        let body = StatementBody::Join(Join::sign(&circle, &secret.public(), &device, [7; 16]));
        let draft = Draft { circle, number: 0, knows: Knows::NOTHING, time: TimestampMs(0), body };
        let now = PhoneClock::default().now();
        let request = EnrolRequest::join(draft.sign(Signer::Invite(&secret)), &device, now).encode();
        let phone = Self::member(place, circle, seed);
        phone.ask("/v1/enrol", &request).await?;
        Ok(phone)
    }

    /// A phone that came in before and holds nothing yet.
    pub(super) fn member(place: Place, circle: CircleId, seed: [u8; 32]) -> Self {
        let device = DeviceSecret::from_seed(seed);
        Self { place, circle, device, cursor: Vec::new(), chain: ChainCursor::default() }
    }

    /// The bytes of a request for what is new; `anew`: for all that there is.
    pub(super) fn request(&self, anew: bool) -> Vec<u8> {
        let cursor = if anew { Vec::new() } else { self.cursor.clone() };
        let ask = CircleAsk { cursor, chain: self.chain, ..CircleAsk::of(self.circle) };
        let now = PhoneClock::default().now();
        Frame::Request(RequestHeader::sign(&self.device, now, RESPONSE_BYTES, vec![ask], Vec::new())).encode()
    }

    /// The address of a live stream.
    pub(super) fn live_path(&self) -> String {
        let stamp = RequestStamp { device: self.device.id(), time: PhoneClock::default().now() };
        let signature = stamp.sign(&self.device, Purpose::Live, &[]).0;
        let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("/v1/live?device={}&time={}&signature={signature}", stamp.device, stamp.time.0)
    }

    /// Takes all that is new, and says how long that took.
    pub(super) async fn sync(&mut self) -> Result<Duration, String> {
        let watch = Stopwatch::start();
        timeout(SYNC_TIME_MAX, self.take_all()).await.map_err(|_| "no answer in time".to_owned())??;
        Ok(watch.elapsed())
    }

    async fn take_all(&mut self) -> Result<(), String> {
        for _ in 0..RESPONSES_MAX {
            let (mut ended, mut before) = (None, Vec::new());
            for frame in self.ask("/v1/sync", &self.request(false)).await? {
                match frame {
                    Frame::Answer(answer) => {
                        let circle = answer.circles.into_iter().next().ok_or("an answer without the circle")?;
                        if !circle.cursor.is_empty() {
                            self.cursor = circle.cursor;
                        }
                        if let Some(head) = circle.head {
                            self.chain = ChainCursor::of(head.claimed_end());
                        }
                    }
                    Frame::Page(page) => {
                        let read = unpack_page_behind(&page, &before);
                        let (page, left) = read.map_err(|error| error.to_string())?;
                        (self.cursor, before) = (page.cursor, left);
                    }
                    Frame::End { more } => ended = Some(more),
                    other => return Err(format!("{other:?}")),
                }
            }
            match ended {
                Some(true) => {}
                Some(false) => return Ok(()),
                None => return Err("the answer has no end".to_owned()),
            }
        }
        Err("there is always more".to_owned())
    }

    async fn ask(&self, path: &str, body: &[u8]) -> Result<Vec<Frame>, String> {
        let (status, bytes) = self.place.post(path, body).await.map_err(|error| error.to_string())?;
        let mut decoder = FrameDecoder::default();
        decoder.feed(&bytes);
        let mut frames = Vec::new();
        while let Some(frame) = decoder.next_frame().map_err(|error| error.to_string())? {
            frames.push(frame);
        }
        match frames.first() {
            Some(Frame::Problem(problem)) => Err(format!("{status}: {}", problem.detail)),
            Some(_) if status == 200 => Ok(frames),
            _ => Err(format!("{status} and no frame of ours")),
        }
    }
}
