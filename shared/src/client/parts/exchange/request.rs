//! A request on its way, and its answer as it comes in.

use crate::ids::CircleId;
use crate::sorted::SortedMap;
use crate::time::SteadyMs;
use crate::wire::{Cursor, Frame, FrameDecoder};

use super::super::super::HttpId;

/// A request without a byte of answer for so long is given up, plus a millisecond for each byte sent: 8 kbit/s.
pub(super) const STALL_MS: u64 = 45_000;

/// A request under way.
pub(in crate::client) struct Request {
    id: HttpId,
    decoder: FrameDecoder,
    /// It only asks what arrived; what is unsent follows in the next.
    asks_first: bool,
    /// It asks to come in.
    enrols: bool,
    cursors: SortedMap<CircleId, Cursor>,
    /// What the last page of its answer left for the next.
    before: Vec<u8>,
    /// The server said that its answer is whole; and that there is more to ask for.
    ended: Option<bool>,
    sent: SteadyMs,
    /// When a byte of its answer last came, or it went out.
    moved: SteadyMs,
    stale_after_ms: u64,
}

impl Request {
    /// What just went out: `bytes` of it, at `sent`.
    pub(in crate::client) fn new(id: HttpId, sent: SteadyMs, bytes: usize) -> Self {
        Self {
            id,
            decoder: FrameDecoder::default(),
            asks_first: false,
            enrols: false,
            cursors: SortedMap::new(),
            before: Vec::new(),
            ended: None,
            sent,
            moved: sent,
            stale_after_ms: STALL_MS + bytes as u64,
        }
    }

    /// It only asks what arrived.
    pub(in crate::client) fn asking_first(self, asks_first: bool) -> Self {
        Self { asks_first, ..self }
    }

    /// It asks to come in.
    pub(in crate::client) fn enrolling(self) -> Self {
        Self { enrols: true, ..self }
    }

    /// What the last page left for the next.
    pub(in crate::client) fn before(&self) -> &[u8] {
        &self.before
    }

    /// By what the shell knows it.
    pub(super) fn id(&self) -> HttpId {
        self.id
    }

    /// When it is given up, if no byte comes.
    pub(super) fn stale_at(&self) -> SteadyMs {
        self.moved.plus_ms(self.stale_after_ms)
    }

    /// How long ago it went out.
    pub(super) fn sent_ms_ago(&self, now: SteadyMs) -> u64 {
        now.since_ms(self.sent)
    }

    /// Takes bytes of its answer: the frames that are whole now, and whether what follows is none of ours.
    pub(super) fn feed(&mut self, bytes: &[u8], now: SteadyMs) -> (Vec<Frame>, bool) {
        self.moved = now;
        self.decoder.feed(bytes);
        let mut frames = Vec::new();
        loop {
            match self.decoder.next_frame() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => return (frames, false),
                Err(_) => return (frames, true),
            }
        }
    }

    /// The server said that its answer is whole; `more`: there is more to ask for.
    pub(super) fn note_end(&mut self, more: bool) {
        self.ended = Some(more);
    }

    /// Whether the server said so.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// Notes how far the answer leads.
    pub(super) fn lead_to(&mut self, cursors: SortedMap<CircleId, Cursor>) {
        self.cursors = cursors;
    }

    /// In this circle it leads nowhere.
    pub(super) fn lead_nowhere(&mut self, circle: &CircleId) {
        self.cursors.remove(circle);
    }

    /// Whether it only asked what arrived.
    pub(in crate::client) fn asks_first(&self) -> bool {
        self.asks_first
    }

    /// Whether it asks to come in.
    pub(in crate::client) fn enrols(&self) -> bool {
        self.enrols
    }

    /// A page of its answer was read.
    pub(super) fn note_page(&mut self, left: Vec<u8>) {
        self.before = left;
    }

    /// How far the answer leads in each circle.
    pub(in crate::client) fn cursors(&self) -> &SortedMap<CircleId, Cursor> {
        &self.cursors
    }

    /// Whether the server has more to say than it did.
    pub(in crate::client) fn has_more(&self) -> bool {
        self.ended.unwrap_or(false)
    }
}
