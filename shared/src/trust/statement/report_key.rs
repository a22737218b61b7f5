//! The key that an organisation takes a circle's reports by.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::SealingKey;
use crate::trust::device::is_low_order;

const WHAT: &str = "report key";

/// What reports are sealed to that nobody in the circle is left to get. What was said before holds no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportKey {
    /// The organisation's; none when it takes no reports any more.
    pub key: Option<SealingKey>,
}

impl ReportKey {
    pub(super) fn write(self, writer: &mut Writer) {
        writer.flag(self.key.is_some());
        if let Some(key) = self.key {
            writer.raw(key.as_bytes());
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_there = reader.flag(WHAT)?;
        let key = if is_there { Some(SealingKey(reader.array(WHAT)?)) } else { None };
        Ok(Self { key })
    }

    /// Whether anything can be sealed to it.
    ///
    /// # Errors
    /// `Invalid` for a key of small order.
    pub fn check_form(self) -> Result<(), DecodeError> {
        let is_weak = self.key.is_some_and(|key| is_low_order(&key.0));
        if is_weak { Err(DecodeError::Invalid { what: WHAT }) } else { Ok(()) }
    }
}
