use crate::codec::Reader;

use super::column::{ensure, read_signed, well};
use super::{Refusal, Scalar};

/// Reads the value that `meta` announces off the raw column.
pub(super) fn read_value<'a>(meta: u64, raw: &mut Reader<'a>) -> Result<Scalar<'a>, Refusal> {
    let len = usize::try_from(meta >> 4).map_err(|_| Refusal::Malformed)?;
    let bytes = well(raw.take(len, "value"))?;
    let mut reader = Reader::new(bytes);
    let value = match meta & 15 {
        kind @ 0..=2 => {
            ensure(len == 0)?;
            return Ok(match kind {
                0 => Scalar::Null,
                1 => Scalar::Boolean(false),
                _ => Scalar::Boolean(true),
            });
        }
        3 => Scalar::Uint(well(reader.number("value"))?),
        4 => Scalar::Int(well(read_signed(&mut reader))?),
        5 => Scalar::Float(f64::from_le_bytes(well(reader.array("value"))?)),
        8 => Scalar::Counter(well(read_signed(&mut reader))?),
        9 => Scalar::Timestamp(well(read_signed(&mut reader))?),
        6 => return core::str::from_utf8(bytes).map(Scalar::Text).map_err(|_| Refusal::Malformed),
        7 => return Ok(Scalar::Bytes(bytes)),
        kind => return Ok(Scalar::Unknown { kind: kind as u8, bytes }),
    };
    well(reader.finish("value"))?;
    Ok(value)
}
