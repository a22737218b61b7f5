use core::fmt;

use zeroize::Zeroize;

use crate::ids::tagged_hash;

use super::SealProblem;
use super::aead::{nonce_of, open, seal_behind};

const VERSION: u8 = 1;
const VALUE_LABEL: &[u8] = b"kith/at-rest/1";
const KEY_LABEL: &[u8] = b"kith/at-rest-key/1";
const NONCE_TAG: &str = "kith/at-rest-nonce/1";

/// A key that seals what a store holds, or other such keys. 32 bytes of the system's randomness, or what
/// [`super::pin_key`] made of a PIN. Erased from memory when dropped.
///
/// Sealing is deterministic: the nonce is a hash of the place, so a value put twice at one place gives the same
/// bytes. With AES-256-GCM-SIV (RFC 8452) this tells who sees both no more than that the two are equal, which a
/// store shows anyway by not being written to; keys and texts stay hidden. In return no nonce is stored, none can
/// be used twice by a bad source of randomness, and the core needs no entropy for it.
#[derive(Clone)]
pub struct AtRestKey([u8; 32]);

impl AtRestKey {
    /// Bytes that a sealed value is longer than the value: version and tag.
    pub const OVERHEAD_BYTES: usize = 17;
    /// Bytes of [`Self::key_id`].
    pub const ID_BYTES: usize = 8;

    /// The key with these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A public fingerprint: which key a store was sealed with, said without saying anything else of it.
    #[must_use]
    pub fn key_id(&self) -> [u8; Self::ID_BYTES] {
        let hash = tagged_hash("kith/at-rest-id/1", &[&self.0]);
        let mut id = [0; Self::ID_BYTES];
        id.copy_from_slice(&hash[..Self::ID_BYTES]);
        id
    }

    /// `value` as it is stored under `key` of `tree`: version (1 byte, 1), ciphertext, tag (16 bytes). It opens
    /// at that place only.
    #[must_use]
    pub fn seal(&self, tree: u8, key: &[u8], value: &[u8]) -> Vec<u8> {
        self.seal_bound(&associated(VALUE_LABEL, &[&[tree], key]), value)
    }

    /// The value that [`Self::seal`] sealed at this place.
    ///
    /// # Errors
    /// `UnknownFormat` for another version, `NotOpened` when the key or the place is another or a byte changed.
    pub fn open(&self, tree: u8, key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealProblem> {
        self.open_bound(&associated(VALUE_LABEL, &[&[tree], key]), sealed)
    }

    /// This key sealed under another, so that a PIN can change without sealing a store anew: 49 bytes. `label`
    /// says what for; it opens under that label only.
    #[must_use]
    pub fn wrap_under(&self, kek: &Self, label: &[u8]) -> Vec<u8> {
        kek.seal_bound(&associated(KEY_LABEL, &[label]), &self.0)
    }

    /// The key that [`Self::wrap_under`] sealed.
    ///
    /// # Errors
    /// As [`Self::open`]; `NotOpened` is what a wrong PIN gives.
    pub fn unwrap_under(kek: &Self, label: &[u8], wrapped: &[u8]) -> Result<Self, SealProblem> {
        let mut bytes = kek.open_bound(&associated(KEY_LABEL, &[label]), wrapped)?;
        let key = bytes.as_slice().try_into().map(Self);
        bytes.zeroize();
        key.map_err(|_| SealProblem::BadContent { what: "key" })
    }

    fn seal_bound(&self, associated: &[u8], content: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(content.len() + Self::OVERHEAD_BYTES);
        sealed.push(VERSION);
        sealed.extend_from_slice(content);
        // 64 GiB in one value is the only error, which no machine of ours meets: then nothing, and never the value.
        if seal_behind(&self.0, &nonce_of(NONCE_TAG, associated), associated, 1, &mut sealed).is_err() {
            sealed.clear();
        }
        sealed
    }

    fn open_bound(&self, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealProblem> {
        let (version, content) = sealed.split_first().ok_or(SealProblem::NotOpened)?;
        if *version != VERSION {
            return Err(SealProblem::UnknownFormat { what: "stored value" });
        }
        open(&self.0, &nonce_of(NONCE_TAG, associated), associated, content)
    }
}

fn associated(label: &[u8], place: &[&[u8]]) -> Vec<u8> {
    let mut bytes = label.to_vec();
    bytes.push(VERSION);
    place.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

impl Drop for AtRestKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for AtRestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AtRestKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: (u8, &[u8]) = (3, b"some key");

    fn key() -> AtRestKey {
        AtRestKey::new([7; 32])
    }

    #[test]
    fn a_value_opens_where_it_was_put_and_nowhere_else() {
        for len in [0, 1, 15, 16, 17, 100, 5_000] {
            let value = vec![9; len];
            let sealed = key().seal(PLACE.0, PLACE.1, &value);
            assert_eq!(sealed.len(), len + AtRestKey::OVERHEAD_BYTES);
            assert_eq!(key().open(PLACE.0, PLACE.1, &sealed), Ok(value));
            assert_eq!(key().open(4, PLACE.1, &sealed), Err(SealProblem::NotOpened));
            assert_eq!(key().open(PLACE.0, b"some kez", &sealed), Err(SealProblem::NotOpened));
            assert_eq!(AtRestKey::new([8; 32]).open(PLACE.0, PLACE.1, &sealed), Err(SealProblem::NotOpened));
        }
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let sealed = key().seal(PLACE.0, PLACE.1, b"value");
        for bit in 0..sealed.len() * 8 {
            let mut bytes = sealed.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(key().open(PLACE.0, PLACE.1, &bytes).is_err(), "bit {bit}");
        }
        for len in 0..sealed.len() {
            assert!(key().open(PLACE.0, PLACE.1, &sealed[..len]).is_err(), "{len} bytes");
        }
        let longer = [&sealed[..], &[0]].concat();
        assert_eq!(key().open(PLACE.0, PLACE.1, &longer), Err(SealProblem::NotOpened));
        assert_eq!(
            key().open(PLACE.0, PLACE.1, &[&[2], &sealed[1..]].concat()),
            Err(SealProblem::UnknownFormat { what: "stored value" })
        );
    }

    #[test]
    fn equal_values_are_equal_at_one_place_only() {
        let sealed = key().seal(PLACE.0, PLACE.1, b"value");
        assert_eq!(sealed, key().seal(PLACE.0, PLACE.1, b"value"));
        assert_ne!(sealed[1..6], key().seal(PLACE.0, b"other key", b"value")[1..6]);
        assert_ne!(sealed[1..6], key().seal(4, PLACE.1, b"value")[1..6]);
    }

    #[test]
    fn a_key_under_another_opens_with_it_and_its_label_only() {
        let (kek, other) = (AtRestKey::new([1; 32]), AtRestKey::new([2; 32]));
        let wrapped = key().wrap_under(&kek, b"pin");
        assert_eq!(wrapped.len(), 49);
        let opened = AtRestKey::unwrap_under(&kek, b"pin", &wrapped).unwrap();
        assert_eq!(opened.key_id(), key().key_id());
        assert_eq!(AtRestKey::unwrap_under(&other, b"pin", &wrapped).unwrap_err(), SealProblem::NotOpened);
        assert_eq!(AtRestKey::unwrap_under(&kek, b"pan", &wrapped).unwrap_err(), SealProblem::NotOpened);
        let short = kek.seal_bound(&associated(KEY_LABEL, &[b"pin"]), &[1; 31]);
        let problem = SealProblem::BadContent { what: "key" };
        assert_eq!(AtRestKey::unwrap_under(&kek, b"pin", &short).unwrap_err(), problem);
    }

    #[test]
    fn a_wrapped_key_is_no_stored_value_and_the_other_way_round() {
        let kek = AtRestKey::new([1; 32]);
        let wrapped = key().wrap_under(&kek, b"\x03key");
        assert_eq!(kek.open(3, b"key", &wrapped), Err(SealProblem::NotOpened));
        let stored = kek.seal(3, b"key", &[7; 32]);
        assert!(AtRestKey::unwrap_under(&kek, b"\x03key", &stored).is_err());
    }

    #[test]
    fn neither_print_nor_fingerprint_shows_the_key() {
        assert_eq!(format!("{:?}", key()), "AtRestKey(…)");
        assert_ne!(key().key_id(), AtRestKey::new([8; 32]).key_id());
        assert_ne!(key().key_id(), [7; 8]);
    }
}
