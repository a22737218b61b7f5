use crate::codec::DecodeError;

use super::{AnswerHeader, Problem, RequestHeader};

/// One frame: kind (1 byte), length (LEB128), content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Kind 1: first in a request.
    Request(RequestHeader),
    /// Kind 2: a packed page, see [`super::unpack_page`].
    Page(Vec<u8>),
    /// Kind 3: first in a response.
    Answer(AnswerHeader),
    /// Kind 4: bodies that were asked for, as stored.
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
}

/// Cuts a stream of bytes into frames as they arrive.
#[derive(Clone, Debug, Default)]
pub struct FrameDecoder {
    buffer: Vec<u8>,
}

impl Frame {
    /// The frame's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Vec::new()
    }
}

impl FrameDecoder {
    /// Takes bytes in; give whole frames out with [`Self::next_frame`].
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame, or `None` until more bytes come.
    ///
    /// # Errors
    /// When the stream cannot be read on; bytes are bounded before they are kept.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        Ok(None)
    }

    /// Whether bytes of an unfinished frame are waiting.
    #[must_use]
    pub fn is_mid_frame(&self) -> bool {
        !self.buffer.is_empty()
    }
}
