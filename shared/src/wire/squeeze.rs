//! DEFLATE (RFC 1951), bounded: what Automerge brings into the client anyway, where zstd would not build.

use std::borrow::Cow;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use crate::codec::DecodeError;

const STORED: u8 = 0;
const DEFLATED: u8 = 1;

/// Appends `content` to `out` behind a byte that says whether it is deflated: it is when that is smaller and
/// it is longer than `stored_max`.
pub(super) fn squeeze(content: &[u8], stored_max: usize, out: &mut Vec<u8>) {
    let start = out.len();
    if content.len() > stored_max {
        out.push(DEFLATED);
        // No more than `content` may take: a longer result is of no use.
        out.reserve_exact(content.len());
        let mut deflate = Compress::new(Compression::best(), false);
        let done = deflate.compress_vec(content, out, FlushCompress::Finish);
        if matches!(done, Ok(Status::StreamEnd)) && out.len() - start <= content.len() {
            return;
        }
        out.truncate(start);
    }
    out.push(STORED);
    out.extend_from_slice(content);
}

/// Reverses [`squeeze`]; refuses what is longer than `max`.
pub(super) fn unsqueeze<'a>(bytes: &'a [u8], max: usize, what: &'static str) -> Result<Cow<'a, [u8]>, DecodeError> {
    let (form, content) = bytes.split_first().ok_or(DecodeError::Short { what })?;
    match *form {
        STORED if content.len() <= max => Ok(Cow::Borrowed(content)),
        STORED => Err(DecodeError::TooLarge { what, max }),
        DEFLATED => inflate(content, max, what).map(Cow::Owned),
        _ => Err(DecodeError::Invalid { what }),
    }
}

fn inflate(content: &[u8], max: usize, what: &'static str) -> Result<Vec<u8>, DecodeError> {
    let mut inflate = Decompress::new(false);
    let mut out = Vec::with_capacity(content.len().saturating_mul(4).min(max) + 1);
    loop {
        let taken = inflate.total_in() as usize;
        let rest = content.get(taken..).unwrap_or_default();
        let status = inflate.decompress_vec(rest, &mut out, FlushDecompress::Finish);
        if out.len() > max {
            return Err(DecodeError::TooLarge { what, max });
        }
        match status {
            Ok(Status::StreamEnd) if inflate.total_in() == content.len() as u64 => return Ok(out),
            Ok(Status::Ok | Status::BufError) if out.len() == out.capacity() => {
                out.reserve_exact(out.len().min(max + 1 - out.len()));
            }
            _ => return Err(DecodeError::Invalid { what }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::testing::Dice;

    #[test]
    fn content_survives_and_is_never_a_byte_longer_than_its_form() {
        let mut dice = Dice(1);
        for len in [0, 1, 50, 1_000, 60_000] {
            for content in [vec![7; len], dice.bytes(len)] {
                let mut out = vec![];
                squeeze(&content, 16, &mut out);
                assert!(out.len() <= len + 1);
                assert_eq!(unsqueeze(&out, len, "c").as_deref(), Ok(&content[..]));
                let over = unsqueeze(&out, len.saturating_sub(1), "c").is_err();
                assert!(over || len == 0);
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_the_bound_and_damage_is_an_error() {
        let mut bomb = vec![];
        squeeze(&vec![0; 10 << 20], 0, &mut bomb);
        assert_eq!(unsqueeze(&bomb, 4096, "c"), Err(DecodeError::TooLarge { what: "c", max: 4096 }));
        let mut bytes = vec![];
        squeeze(b"once more, once more, once more", 0, &mut bytes);
        assert!(unsqueeze(&bytes[..bytes.len() - 1], 4096, "c").is_err());
        bytes.push(0);
        assert!(unsqueeze(&bytes, 4096, "c").is_err());
        assert!(unsqueeze(&[], 4096, "c").is_err());
        assert!(unsqueeze(&[2, 1], 4096, "c").is_err());
    }
}
