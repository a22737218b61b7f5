use crate::codec::{DecodeError, Reader, Writer};
use crate::time::TimestampMs;

use super::{PROBLEM_DETAIL_BYTES_MAX, Problem, ProblemCode};

impl ProblemCode {
    /// All codes.
    pub const ALL: [Self; 13] = [
        Self::Malformed,
        Self::Version,
        Self::UnknownDevice,
        Self::Signature,
        Self::Clock,
        Self::TooLarge,
        Self::Busy,
        Self::Storage,
        Self::InviteUnknown,
        Self::InviteExpired,
        Self::InviteUsed,
        Self::Slow,
        Self::InviteWithdrawn,
    ];

    /// The stable number.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The code with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether the same request may succeed later, or with a corrected clock.
    #[must_use]
    pub fn can_retry(self) -> bool {
        matches!(self, Self::Clock | Self::Busy | Self::Storage | Self::Slow)
    }

    /// The name used in metrics and logs.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Version => "version",
            Self::UnknownDevice => "unknown_device",
            Self::Signature => "signature",
            Self::Clock => "clock",
            Self::TooLarge => "too_large",
            Self::Busy => "busy",
            Self::Storage => "storage",
            Self::InviteUnknown => "invite_unknown",
            Self::InviteExpired => "invite_expired",
            Self::InviteUsed => "invite_used",
            Self::Slow => "slow",
            Self::InviteWithdrawn => "invite_withdrawn",
        }
    }
}

impl Problem {
    pub(super) fn write(&self) -> Vec<u8> {
        let mut end = self.detail.len().min(PROBLEM_DETAIL_BYTES_MAX);
        while !self.detail.is_char_boundary(end) {
            end -= 1;
        }
        let mut writer = Writer::new();
        writer.byte(self.code.code()).number(self.time.0).text(&self.detail[..end]);
        writer.into_bytes()
    }

    pub(super) fn read(content: &[u8]) -> Result<Self, DecodeError> {
        const CODE: &str = "problem code";
        let mut reader = Reader::new(content);
        let problem = Self {
            code: ProblemCode::from_code(reader.byte(CODE)?).ok_or(DecodeError::Invalid { what: CODE })?,
            time: TimestampMs(reader.number("problem time")?),
            detail: reader.text(PROBLEM_DETAIL_BYTES_MAX, "problem detail")?.to_owned(),
        };
        reader.finish("problem")?;
        Ok(problem)
    }
}
