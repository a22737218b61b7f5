use super::{ReadResult, Row};

/// The answer to a range: takes rows, in the order asked for, until a limit is reached. For stores to use,
/// so that all of them cut at the same row.
///
/// A limit of 0 rows counts as 1, and the row that reaches `bytes_max` bytes of values is still given.
///
/// # Errors
/// The first error that `rows` gives.
pub fn take_rows<E>(
    rows: impl IntoIterator<Item = Result<Row, E>>,
    rows_max: usize,
    bytes_max: usize,
) -> Result<ReadResult, E> {
    let mut taken = Vec::new();
    let mut bytes = 0_usize;
    for row in rows {
        let row = row?;
        if !taken.is_empty() && (taken.len() >= rows_max || bytes >= bytes_max) {
            return Ok(ReadResult::Rows { rows: taken, more: true });
        }
        bytes = bytes.saturating_add(row.1.len());
        taken.push(row);
    }
    Ok(ReadResult::Rows { rows: taken, more: false })
}
