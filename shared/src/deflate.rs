//! DEFLATE (RFC 1951), bounded, with or without a dictionary: what Automerge brings into the client anyway, where
//! zstd would not build.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use crate::codec::DecodeError;

/// `content`, deflated, when that takes at most `max` bytes. `dictionary`, possibly empty, is what the reader has too.
#[must_use]
pub fn deflate(content: &[u8], dictionary: &[u8], max: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(max);
    let mut deflate = Compress::new(Compression::best(), false);
    if !dictionary.is_empty() {
        deflate.set_dictionary(dictionary).ok()?;
    }
    let done = deflate.compress_vec(content, &mut out, FlushCompress::Finish);
    (matches!(done, Ok(Status::StreamEnd)) && out.len() <= max).then_some(out)
}

/// Reverses [`deflate`].
///
/// # Errors
/// `TooLarge` for what is longer than `max`, as soon as that is seen; `Invalid` for what is damaged, cut short or has
/// bytes left over.
pub fn inflate(content: &[u8], dictionary: &[u8], max: usize, what: &'static str) -> Result<Vec<u8>, DecodeError> {
    let mut inflate = Decompress::new(false);
    if !dictionary.is_empty() {
        inflate.set_dictionary(dictionary).map_err(|_| DecodeError::Invalid { what })?;
    }
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

    #[test]
    fn a_dictionary_helps_and_must_be_the_same() {
        let content = b"how are you today? how are you";
        let plain = deflate(content, b"", 100).unwrap();
        let with = deflate(content, b"how are you today? ", 100).unwrap();
        assert!(with.len() < plain.len());
        assert_eq!(inflate(&with, b"how are you today? ", 100, "c").as_deref(), Ok(&content[..]));
        assert_eq!(inflate(&with, b"", 100, "c"), Err(DecodeError::Invalid { what: "c" }));
        assert_ne!(inflate(&with, b"who are you today? ", 100, "c").as_deref(), Ok(&content[..]));
        assert_eq!(deflate(content, b"", plain.len() - 1), None);
    }
}
