use std::io::Write;

/// Brotli's largest window that every browser takes.
const WINDOW_BITS: i32 = 22;
/// Small files are worth the slowest; large ones must not hold up the start.
const BEST_BELOW_BYTES: usize = 64 * 1024;
/// What a compressed version must save to be worth keeping.
const SAVES_BYTES_MIN: usize = 32;

/// The brotli form, when it is smaller.
pub(super) fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let quality = if bytes.len() < BEST_BELOW_BYTES { 11 } else { 9 };
    let params =
        brotli::enc::BrotliEncoderParams { quality, lgwin: WINDOW_BITS, size_hint: bytes.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params).ok()?;
    worth(packed, bytes)
}

/// The gzip form, when it is smaller.
pub(super) fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).ok()?;
    worth(encoder.finish().ok()?, bytes)
}

fn worth(packed: Vec<u8>, bytes: &[u8]) -> Option<Vec<u8>> {
    (packed.len() + SAVES_BYTES_MIN < bytes.len()).then_some(packed)
}
