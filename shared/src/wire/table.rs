//! Values that are named by number: each is written once, numbered in the order of first use.

use crate::codec::{DecodeError, Reader, Writer};

/// Numbers values as they are used.
#[derive(Clone, Debug)]
pub(super) struct TableWriter<T>(Vec<T>);

impl<T: Copy + PartialEq> TableWriter<T> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// The number of `value`.
    pub(super) fn number_of(&mut self, value: T) -> usize {
        self.0.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.0.push(value);
            self.0.len() - 1
        })
    }

    /// Writes the table: count, then each value.
    pub(super) fn write(&self, writer: &mut Writer, mut write: impl FnMut(&T, &mut Writer)) {
        writer.count(self.0.len());
        for value in &self.0 {
            write(value, writer);
        }
    }
}

/// Looks up numbers, and refuses any order of the table but that of first use.
#[derive(Clone, Debug)]
pub(super) struct TableReader<T> {
    values: Vec<T>,
    used: usize,
}

impl<T: Copy + Ord> TableReader<T> {
    /// Reads a table of at most `max` values, no two alike.
    pub(super) fn read<'a>(
        reader: &mut Reader<'a>,
        max: usize,
        mut read: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
    ) -> Result<Self, DecodeError> {
        let mut values = Vec::new();
        for _ in 0..reader.count(max, "table")? {
            values.push(read(reader)?);
        }
        let mut sorted = values.clone();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(DecodeError::Invalid { what: "table" });
        }
        Ok(Self { values, used: 0 })
    }

    /// The value with `number`.
    pub(super) fn get(&mut self, number: usize) -> Result<T, DecodeError> {
        if number > self.used {
            return Err(DecodeError::Invalid { what: "table order" });
        }
        self.used = self.used.max(number + 1);
        self.values.get(number).copied().ok_or(DecodeError::Invalid { what: "table number" })
    }

    /// Demands that every value was used.
    pub(super) fn finish(&self) -> Result<(), DecodeError> {
        if self.used == self.values.len() { Ok(()) } else { Err(DecodeError::Trailing { what: "table" }) }
    }
}
