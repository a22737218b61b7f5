use kith_shared::client::{HttpFailure, HttpId};

use kith_shared::wire::{CircleAnswer, Frame, FrameDecoder, unpack_page};

use crate::seed::Seed;

/// What will become of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It arrives, and so does the answer.
    Good,
    /// It never arrives.
    Lost,
    /// Its beginning arrives, so many bytes.
    CutUp(usize),
    /// It arrives; of the answer, so many thousandths come back.
    CutDown(u32),
    /// As good, and its bytes arrive once more, later.
    Twice,
    /// Something else answers.
    LoginPage,
}

/// A request on its way.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) phone: usize,
    /// The phone's engine, counted from its first: answers to a killed one go nowhere.
    pub(super) life: u32,
    pub(super) id: HttpId,
    pub(super) url: String,
    pub(super) body: Vec<u8>,
    pub(super) fate: Fate,
    pub(super) answer: Option<Answer>,
}

/// What is left of an answer on its way down.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) end: Result<(), HttpFailure>,
}

impl Fate {
    pub(super) fn draw(seed: &mut Seed, bad_percent: usize, body_bytes: usize) -> Self {
        if !seed.percent(bad_percent) {
            return Self::Good;
        }
        match seed.below(6) {
            0 => Self::Lost,
            1 | 2 => Self::CutUp(seed.below(body_bytes)),
            3 => Self::CutDown(u32::try_from(seed.below(1_000)).unwrap_or(0)),
            4 => Self::Twice,
            _ => Self::LoginPage,
        }
    }
}

impl Answer {
    pub(super) fn whole(bytes: Vec<u8>) -> Self {
        Self { bytes, end: Ok(()) }
    }

    pub(super) fn cut(mut bytes: Vec<u8>, thousandths: u32) -> Self {
        bytes.truncate(bytes.len() * thousandths as usize / 1_000);
        Self { bytes, end: Err(HttpFailure::Unreachable) }
    }

    /// For the trace.
    pub(super) fn summary(&self) -> String {
        let mut decoder = FrameDecoder::default();
        decoder.feed(&self.bytes);
        let mut frames = Vec::new();
        while let Ok(Some(frame)) = decoder.next_frame() {
            frames.push(match frame {
                Frame::Answer(answer) => answer.circles.iter().map(circle).collect::<Vec<_>>().join(" "),
                Frame::Page(bytes) => match unpack_page(&bytes) {
                    Ok(page) => format!("page of {} to {:02x?}", page.entries.len(), page.cursor),
                    Err(error) => format!("page: {error}"),
                },
                Frame::Problem(problem) => format!("{:?}: {}", problem.code, problem.detail),
                other => format!("{other:?}"),
            });
        }
        format!("{}; {:?}", frames.join(", "), self.end)
    }

    pub(super) fn failed(failure: HttpFailure) -> Self {
        Self { bytes: Vec::new(), end: Err(failure) }
    }
}

fn circle(answer: &CircleAnswer) -> String {
    format!(
        "resync {}, standing {:?}, chain {:?}, records {} from {}, acks {}, refused {:?}, missing {}, cursor {:02x?}",
        answer.resync,
        answer.state,
        answer.chain,
        answer.records.len(),
        answer.from,
        answer.acks.len(),
        answer.refused.iter().map(|refused| refused.refusal).collect::<Vec<_>>(),
        answer.missing.len(),
        answer.cursor
    )
}
