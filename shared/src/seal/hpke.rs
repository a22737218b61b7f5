//! HPKE (RFC 9180) with one suite: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

use core::convert::Infallible;

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};

struct Entropy([u8; 32]);

impl TryRng for Entropy {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0)
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for (out, byte) in out.iter_mut().zip(self.0) {
            *out = byte;
        }
        Ok(())
    }
}
impl TryCryptoRng for Entropy {}

pub(super) fn seal(
    public: &[u8; 32],
    info: &[u8],
    associated: &[u8],
    content: &[u8],
    entropy: [u8; 32],
) -> Option<([u8; 32], Vec<u8>)> {
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(public).ok()?;
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        info,
        content,
        associated,
        &mut Entropy(entropy),
    )
    .ok()?;
    Some((enc.to_bytes().into(), sealed))
}

pub(super) fn open(
    secret: &[u8; 32],
    enc: &[u8; 32],
    info: &[u8],
    associated: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret).ok()?;
    let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(enc).ok()?;
    hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &enc,
        info,
        sealed,
        associated,
    )
    .ok()
}
