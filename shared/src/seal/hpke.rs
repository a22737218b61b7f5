//! HPKE (RFC 9180) with one suite and one message: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

use core::convert::Infallible;

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};

/// The encapsulated key, and `content` with its tag, for whoever has the secret to `public`. `entropy` is the key
/// material of the ephemeral key. `None` when `public` is of small order.
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
        &mut Once(entropy),
    )
    .ok()?;
    Some((enc.to_bytes().into(), sealed))
}

/// What [`seal`] sealed for `secret`. `None` when anything is another, or `enc` is of small order.
pub(super) fn open(
    secret: &[u8; 32],
    enc: &[u8; 32],
    info: &[u8],
    associated: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret).ok()?;
    let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(enc).ok()?;
    let mode = OpModeR::Base;
    hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(&mode, &secret, &enc, info, sealed, associated)
        .ok()
}

/// Gives 32 bytes of entropy once, which is what one encapsulation draws: the RFC's vectors, which say their key
/// material, would not hold if it drew otherwise. Whoever drew more would get zeros.
struct Once([u8; 32]);

impl Once {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        self.fill(&mut taken);
        taken
    }

    fn fill(&mut self, out: &mut [u8]) {
        out.fill(0);
        out.iter_mut().zip(core::mem::take(&mut self.0)).for_each(|(out, byte)| *out = byte);
    }
}

impl TryRng for Once {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.take()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.take()))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.fill(out);
        Ok(())
    }
}

impl TryCryptoRng for Once {}
