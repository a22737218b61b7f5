//! Links and short codes: how a way in is written down, and found again in what messengers, mail and proxies make of it.

mod found;
#[cfg(test)]
mod mangled_tests;
#[cfg(test)]
mod tests;

use crate::codec::{Reader, Writer};
use crate::ids::{CircleId, first_16, tagged_hash};
use crate::seal::{base32, decode_code, encode_code, from_base32};
use crate::trust::{InviteSecret, RootCommission, Signed};

use super::{Problem, ProblemCode};

/// Bytes of a short code: what is short enough to type, and too long to guess.
pub(super) const CODE_BYTES: usize = 10;

/// Bytes of a printed code.
pub(super) const PAPER_BYTES: usize = 16;

/// A way in.
#[derive(Clone, Debug)]
pub struct Link {
    /// What its joins are signed with.
    pub secret: InviteSecret,
    /// The circle; none of a short code.
    pub circle: Option<CircleId>,
    /// What the circle is called; empty when the link does not say.
    pub circle_name: String,
    /// The right to found circles, in an organisation's links.
    pub commission: Option<Signed<RootCommission>>,
}

/// The secret that a short code stands for.
pub(super) fn secret_of(code: &[u8; CODE_BYTES]) -> InviteSecret {
    InviteSecret(first_16(&tagged_hash("kith/short-code/1", &[code])))
}

/// A short code as it is shown.
pub(super) fn shown_code(code: &[u8; CODE_BYTES]) -> String {
    encode_code(code)
}

/// A link as it is opened: what is secret stands behind the `#`, so that it is in no server's log.
#[must_use]
pub fn link_text(
    origin: &str,
    secret: &InviteSecret,
    circle: &CircleId,
    name: &str,
    commission: Option<&Signed<RootCommission>>,
) -> String {
    let mut link = format!("{origin}/#/join?t=");
    secret.0.iter().for_each(|byte| link.push_str(&format!("{byte:02x}")));
    link.push_str(&format!("&c={circle}"));
    if !name.is_empty() {
        link.push_str("&n=");
        link.push_str(&percent_encode(name));
    }
    if let Some(commission) = commission {
        link.push_str("&k=");
        link.push_str(&commission_text(commission));
    }
    link
}

impl Link {
    /// Finds a link in a text, whatever it went through on its way; or reads a short code.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        Self::find(text)
            .or_else(|| Self::of_code(text))
            .ok_or_else(|| Problem::new(ProblemCode::LinkInvalid, "no link or code, or cut off"))
    }

    /// The way in that a short code stands for, with or without what a messenger put around it.
    fn of_code(text: &str) -> Option<Self> {
        let code = decode_code(text.trim_matches(|c: char| !c.is_ascii_alphanumeric())).ok()?;
        let secret = secret_of(&code.try_into().ok()?);
        Some(Self { secret, circle: None, circle_name: String::new(), commission: None })
    }
}

/// A commission as it stands in a link.
#[must_use]
pub fn commission_text(commission: &Signed<RootCommission>) -> String {
    let mut writer = Writer::new();
    commission.write(&mut writer);
    base32(&writer.into_bytes())
}

fn commission(text: &str) -> Option<Signed<RootCommission>> {
    let bytes = from_base32(text)?;
    let mut reader = Reader::new(&bytes);
    let commission = RootCommission::read(&mut reader).ok()?;
    reader.finish("commission").ok()?;
    Some(commission)
}

/// All but letters and digits, so that whatever other sign stands at a link's end was put there by somebody else.
///
/// By hand: with the crate `percent-encoding` the packed core is 385 bytes larger (2026-11-29), and it could not decode
/// what messengers do to links (`link/found.rs`: other marks, `+` for spaces).
fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
