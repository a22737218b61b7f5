use crate::ids::tagged_hash;

/// Words to compare.
pub const WORDS: usize = 6;

/// Six indices into a list of 256 words, for two people to compare what their phones saw: 48 bits of a hash over the
/// parts of the transcript. Whoever stands between them has one try at it, since each side committed to its part
/// before it saw the other's; the transcript must make that so.
#[must_use]
pub fn words(transcript: &[&[u8]]) -> [u8; WORDS] {
    let [a, b, c, d, e, f, ..] = tagged_hash("kith/words/1", transcript);
    [a, b, c, d, e, f]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_transcript_has_other_words() {
        let first = words(&[b"ana", b"ben"]);
        assert_eq!(first, words(&[b"ana", b"ben"]));
        assert_ne!(first, words(&[b"anab", b"en"]));
        assert_ne!(first, words(&[b"ben", b"ana"]));
    }
}
