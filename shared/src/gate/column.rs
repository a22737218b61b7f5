//! Readers of Automerge's columns: one value per row, nothing allocated, one encoding per sequence of values.
//!
//! Only the form that Automerge's own encoder writes is taken. Another form of the same values would be
//! accepted by `Change::from_bytes`, but a document that holds it saves and never loads again: Automerge
//! stores ops, not changes, and the change that it writes anew at loading has another hash.

use crate::codec::{DecodeError, Reader};

use super::Refusal;

/// Makes a gate's refusal of a decoder's error.
pub(super) fn well<T>(read: Result<T, DecodeError>) -> Result<T, Refusal> {
    read.map_err(|_| Refusal::Malformed)
}

/// Refuses unless `holds`.
pub(super) fn ensure(holds: bool) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal::Malformed) }
}

/// A signed LEB128 number in its shortest form.
pub(super) fn read_signed(reader: &mut Reader<'_>) -> Result<i64, DecodeError> {
    const WHAT: &str = "signed number";
    let mut value = 0_i64;
    let mut last = 0_u8;
    for shift in (0..70).step_by(7) {
        let byte = reader.byte(WHAT)?;
        value |= i64::from(byte & 0x7f) << shift;
        if byte & 0x80 != 0 {
            last = byte;
            continue;
        }
        let negative = byte & 0x40 != 0;
        let padding = if negative { 0x7f } else { 0 };
        let overlong = shift > 0 && byte == padding && (last & 0x40 != 0) == negative;
        if overlong || (shift == 63 && byte != padding) {
            return Err(DecodeError::Invalid { what: WHAT });
        }
        return Ok(if negative && shift < 57 { value | -1 << (shift + 7) } else { value });
    }
    Err(DecodeError::Invalid { what: WHAT })
}

/// What a run-length column holds.
pub(super) trait Cell<'a>: Copy + PartialEq {
    /// Reads one value.
    fn read(reader: &mut Reader<'a>) -> Result<Self, DecodeError>;
}

impl<'a> Cell<'a> for u64 {
    fn read(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        reader.number("column number")
    }
}

impl<'a> Cell<'a> for i64 {
    fn read(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        read_signed(reader)
    }
}

impl<'a> Cell<'a> for &'a str {
    fn read(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        reader.text(super::CHANGE_BYTES_MAX, "column text")
    }
}

/// How many rows a run-length column of numbers claims, without visiting the rows of a run. Reading stops
/// once the claim is above `max`.
pub(super) fn count_rows(column: &[u8], max: u64) -> Result<u64, Refusal> {
    let mut reader = Reader::new(column);
    let mut rows = 0_u64;
    while !reader.is_empty() {
        let run = well(read_signed(&mut reader))?;
        ensure(run != 0)?;
        rows = rows.saturating_add(run.unsigned_abs());
        if rows > max {
            return Err(Refusal::TooManyOps);
        }
        for _ in 0..if run > 0 { 1 } else { run.unsigned_abs() } {
            well(reader.number("column number"))?;
        }
    }
    Ok(rows)
}

#[derive(Clone, Copy, PartialEq)]
enum Run {
    None,
    Nulls,
    Repeat,
    Literal,
}

/// A run-length column of values or nulls.
#[derive(Clone)]
pub(super) struct Runs<'a, T> {
    reader: Reader<'a>,
    absent: bool,
    run: Run,
    left: u64,
    value: Option<T>,
    any: bool,
}

impl<'a, T: Cell<'a>> Runs<'a, T> {
    /// The rows of `column`; an empty one has a null in every row.
    pub(super) fn new(column: &'a [u8]) -> Self {
        let absent = column.is_empty();
        Self { reader: Reader::new(column), absent, run: Run::None, left: 0, value: None, any: absent }
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<T>, Refusal> {
        if self.absent {
            return Ok(None);
        }
        if self.left == 0 {
            self.begin()?;
        } else if self.run == Run::Literal {
            self.read_other()?;
        }
        self.left -= 1;
        Ok(self.value)
    }

    /// The next row, which is not null.
    pub(super) fn some(&mut self) -> Result<T, Refusal> {
        self.next()?.ok_or(Refusal::Malformed)
    }

    /// Demands that no row is left and that one was not null.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        ensure(self.left == 0 && self.reader.is_empty() && self.any)
    }

    fn begin(&mut self) -> Result<(), Refusal> {
        let count = well(read_signed(&mut self.reader))?;
        if count == 0 {
            self.left = well(self.reader.number("null run"))?;
            ensure(self.left > 0 && self.run != Run::Nulls)?;
            self.run = Run::Nulls;
            self.value = None;
            return Ok(());
        }
        self.left = count.unsigned_abs();
        self.any = true;
        ensure(count != 1 && !(count < 0 && self.run == Run::Literal))?;
        self.run = if count > 0 { Run::Repeat } else { Run::Literal };
        self.read_other()
    }

    fn read_other(&mut self) -> Result<(), Refusal> {
        let value = Some(well(T::read(&mut self.reader))?);
        ensure(value != self.value)?;
        self.value = value;
        Ok(())
    }
}

/// A column of numbers, each as the difference from the last that was not null.
#[derive(Clone)]
pub(super) struct Deltas<'a> {
    pub(super) runs: Runs<'a, i64>,
    sum: i64,
}

impl<'a> Deltas<'a> {
    /// The rows of `column`.
    pub(super) fn new(column: &'a [u8]) -> Self {
        Self { runs: Runs::new(column), sum: 0 }
    }

    /// The next row; an op counter or 0.
    pub(super) fn next(&mut self) -> Result<Option<u64>, Refusal> {
        let Some(delta) = self.runs.next()? else { return Ok(None) };
        self.sum = self.sum.checked_add(delta).ok_or(Refusal::Malformed)?;
        u64::try_from(self.sum).map(Some).map_err(|_| Refusal::Malformed)
    }
}

/// A column of truth values: lengths of runs, false first.
#[derive(Clone)]
pub(super) struct Flags<'a> {
    reader: Reader<'a>,
    absent: bool,
    first: bool,
    value: bool,
    left: u64,
    any: bool,
}

impl<'a> Flags<'a> {
    /// The rows of `column`; an empty one is false in every row.
    pub(super) fn new(column: &'a [u8]) -> Self {
        let absent = column.is_empty();
        Self { reader: Reader::new(column), absent, first: true, value: true, left: 0, any: absent }
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<bool, Refusal> {
        if self.absent {
            return Ok(false);
        }
        while self.left == 0 {
            self.left = well(self.reader.number("flag run"))?;
            ensure(self.left > 0 || self.first)?;
            self.first = false;
            self.value = !self.value;
        }
        self.any |= self.value;
        self.left -= 1;
        Ok(self.value)
    }

    /// Demands that no row is left.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        ensure(self.left == 0 && self.reader.is_empty())
    }

    /// Whether a row was true, or the column is absent.
    pub(super) fn any(&self) -> bool {
        self.any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_number_has_one_form() {
        for value in [0, 1, -1, 63, 64, -64, -65, 300, i64::MAX, i64::MIN, i64::MIN + 1, 1 << 62, -(1 << 62)] {
            let mut bytes = Vec::new();
            let mut rest = value;
            loop {
                let byte = (rest & 0x7f) as u8;
                rest >>= 7;
                let done = (rest == 0 && byte & 0x40 == 0) || (rest == -1 && byte & 0x40 != 0);
                bytes.push(if done { byte } else { byte | 0x80 });
                if done {
                    break;
                }
            }
            assert_eq!(read_signed(&mut Reader::new(&bytes)), Ok(value));
        }
        for padded in [&[0x80, 0][..], &[0xff, 0x7f], &[0xbf, 0], &[0x81, 0xff, 0x7f], &[0x80; 11]] {
            assert!(read_signed(&mut Reader::new(padded)).is_err(), "{padded:?}");
        }
    }

    #[test]
    fn rows_in_another_form_than_automerges_are_refused() {
        let read = |column: &'static [u8], rows: usize| {
            let mut runs = Runs::<u64>::new(column);
            (0..rows).try_for_each(|_| runs.next().map(drop)).and_then(|()| runs.finish())
        };
        assert_eq!(read(&[3, 7], 3), Ok(()));
        assert_eq!(read(&[0x7e, 7, 8], 2), Ok(()), "a literal run of two");
        assert_eq!(read(&[0, 2, 0x7f, 8], 3), Ok(()), "nulls, then a value");
        let bad: [(&[u8], usize); 9] = [
            (&[3, 7], 2),
            (&[3, 7], 4),
            (&[1, 7], 1),
            (&[2, 7, 2, 7], 4),
            (&[0x7e, 7, 7], 2),
            (&[0x7f, 7, 0x7f, 8], 2),
            (&[0x7f, 7, 2, 7], 3),
            (&[0, 2], 2),
            (&[0, 1, 0, 1, 0x7f, 3], 3),
        ];
        for (column, rows) in bad {
            assert_eq!(read(column, rows), Err(Refusal::Malformed), "{column:?}");
        }
    }
}
