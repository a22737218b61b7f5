use crate::codec::{DecodeError, Reader, Writer};
use crate::gate::BODY_BYTES_MAX;
use crate::trust::Signed;

use super::squeeze::{squeeze, unsqueeze};
use super::{
    AnswerHeader, BODIES_BYTES_MAX, FRAME_BYTES_MAX, HEADER_INFLATED_BYTES_MAX, HEADER_STORED_BYTES_MAX,
    PAGE_BYTES_MAX, PROBLEM_DETAIL_BYTES_MAX, PROTOCOL_VERSION, Problem, ProblemCode, RequestHeader, WANTED_BODIES_MAX,
};

/// One frame: kind (1 byte), length (LEB128), content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Kind 1: first in a request.
    Request(Signed<RequestHeader>),
    /// Kind 2: a packed page, see [`super::unpack_page`].
    Page(Vec<u8>),
    /// Kind 3: first in a response.
    Answer(AnswerHeader),
    /// Kind 4: bodies that were asked for, as stored: at most [`WANTED_BODIES_MAX`].
    Bodies(Vec<Vec<u8>>),
    /// Kind 5: last in a response: all of it arrived. True when there is more: ask again.
    End {
        /// Whether the server has more than fitted this response.
        more: bool,
    },
    /// Kind 6: in place of a response: what was wrong with the request.
    Problem(Problem),
}

/// What is wrong with a stream of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A kind that this version does not know.
    #[error("frame kind {kind} is unknown")]
    UnknownKind {
        /// The kind.
        kind: u8,
    },
    /// A frame larger than its kind may be.
    #[error("a frame of kind {kind} claims more bytes than is allowed")]
    TooLarge {
        /// The kind.
        kind: u8,
    },
    /// The content does not decode.
    #[error("a frame of kind {kind} is malformed: {cause}")]
    Malformed {
        /// The kind.
        kind: u8,
        /// What is wrong.
        cause: DecodeError,
    },
    /// A header of another protocol version.
    #[error("protocol version {version} is not known here: update")]
    Version {
        /// The version that the other side speaks.
        version: u8,
    },
}

impl FrameError {
    /// What to answer.
    #[must_use]
    pub fn code(&self) -> ProblemCode {
        match self {
            Self::UnknownKind { .. } | Self::Malformed { .. } => ProblemCode::Malformed,
            Self::TooLarge { .. } => ProblemCode::TooLarge,
            Self::Version { .. } => ProblemCode::Version,
        }
    }
}

const REQUEST: u8 = 1;
const PAGE: u8 = 2;
const ANSWER: u8 = 3;
const BODIES: u8 = 4;
const END: u8 = 5;
const PROBLEM: u8 = 6;

/// A kind's largest content, in bytes.
fn content_max(kind: u8) -> Option<usize> {
    match kind {
        REQUEST | ANSWER => Some(FRAME_BYTES_MAX),
        PAGE => Some(PAGE_BYTES_MAX),
        BODIES => Some(BODIES_BYTES_MAX),
        END => Some(1),
        PROBLEM => Some(PROBLEM_DETAIL_BYTES_MAX + 32),
        _ => None,
    }
}

impl Frame {
    /// The frame's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (kind, content) = match self {
            Self::Request(header) => (REQUEST, header_content(&header.write())),
            Self::Page(page) => (PAGE, page.clone()),
            Self::Answer(header) => (ANSWER, header_content(&header.write())),
            Self::Bodies(bodies) => {
                let mut writer = Writer::new();
                writer.count(bodies.len());
                for body in bodies {
                    writer.bytes(body);
                }
                (BODIES, writer.into_bytes())
            }
            Self::End { more } => (END, vec![u8::from(*more)]),
            Self::Problem(problem) => (PROBLEM, header_content(&problem.write())),
        };
        let mut writer = Writer::new();
        writer.byte(kind).bytes(&content);
        writer.into_bytes()
    }

    fn decode(kind: u8, content: &[u8]) -> Result<Self, FrameError> {
        let malformed = |cause| FrameError::Malformed { kind, cause };
        if kind == PAGE {
            return Ok(Self::Page(content.to_vec()));
        }
        if kind == BODIES || kind == END {
            return if kind == END { read_end(content) } else { read_bodies(content) }.map_err(malformed);
        }
        let (version, rest) = content.split_first().ok_or(malformed(DecodeError::Short { what: "version" }))?;
        if *version != PROTOCOL_VERSION {
            return Err(FrameError::Version { version: *version });
        }
        let inflated = unsqueeze(rest, HEADER_INFLATED_BYTES_MAX, &[], "header").map_err(malformed)?;
        match kind {
            REQUEST => RequestHeader::read(&inflated).map(Self::Request),
            ANSWER => AnswerHeader::read(&inflated).map(Self::Answer),
            _ => Problem::read(&inflated).map(Self::Problem),
        }
        .map_err(malformed)
    }
}

fn header_content(header: &[u8]) -> Vec<u8> {
    let mut content = vec![PROTOCOL_VERSION];
    squeeze(header, HEADER_STORED_BYTES_MAX, &[], &mut content);
    content
}

fn read_end(content: &[u8]) -> Result<Frame, DecodeError> {
    let mut reader = Reader::new(content);
    let more = reader.flag("end")?;
    reader.finish("end")?;
    Ok(Frame::End { more })
}

fn read_bodies(content: &[u8]) -> Result<Frame, DecodeError> {
    let mut reader = Reader::new(content);
    let count = reader.count(WANTED_BODIES_MAX, "bodies")?;
    let bodies =
        (0..count).map(|_| reader.bytes(BODY_BYTES_MAX, "body").map(<[u8]>::to_vec)).collect::<Result<_, _>>()?;
    reader.finish("bodies")?;
    Ok(Frame::Bodies(bodies))
}

/// Cuts a stream of bytes into frames as they arrive. After an error it takes nothing more.
#[derive(Clone, Debug, Default)]
pub struct FrameDecoder {
    buffer: Vec<u8>,
    start: usize,
    broken: Option<FrameError>,
}

impl FrameDecoder {
    /// Takes bytes in; give whole frames out with [`Self::next_frame`]. A frame that claims too much is
    /// noticed here, before more of it is kept.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.broken.is_some() {
            return;
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
        self.broken = self.head().err();
    }

    /// The next whole frame, or `None` until more bytes come.
    ///
    /// # Errors
    /// When the stream cannot be read on; the same error from then on.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        let frame = self.take_frame();
        if let Err(error) = frame {
            self.broken = Some(error);
            self.buffer = Vec::new();
            self.start = 0;
        }
        frame
    }

    /// Whether [`Self::next_frame`] has something to give: a frame that came whole and is not decoded yet, or an
    /// error.
    #[must_use]
    pub fn has_frame(&self) -> bool {
        let waiting = self.buffer.len() - self.start;
        self.broken.is_some() || matches!(self.head(), Ok(Some((_, head, len))) if head + len <= waiting)
    }

    /// Whether bytes of an unfinished frame are waiting.
    #[must_use]
    pub fn is_mid_frame(&self) -> bool {
        self.start < self.buffer.len()
    }

    fn take_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        let Some((kind, head, len)) = self.head()? else { return Ok(None) };
        let content = self.start + head;
        let Some(bytes) = self.buffer.get(content..content + len) else { return Ok(None) };
        let frame = Frame::decode(kind, bytes)?;
        self.start = content + len;
        Ok(Some(frame))
    }

    /// The next frame's kind, and the lengths of its head and content, once they are there.
    fn head(&self) -> Result<Option<(u8, usize, usize)>, FrameError> {
        let waiting = self.buffer.get(self.start..).unwrap_or_default();
        let Some((&kind, rest)) = waiting.split_first() else { return Ok(None) };
        let max = content_max(kind).ok_or(FrameError::UnknownKind { kind })?;
        let mut reader = Reader::new(rest);
        match reader.count(max, "frame") {
            Ok(len) => Ok(Some((kind, waiting.len() - reader.rest().len(), len))),
            Err(DecodeError::Short { .. }) => Ok(None),
            Err(DecodeError::TooLarge { .. }) => Err(FrameError::TooLarge { kind }),
            Err(cause) => Err(FrameError::Malformed { kind, cause }),
        }
    }
}
