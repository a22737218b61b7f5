//! Ways in: links, codes that phones show each other, printed codes.

use crate::contract::Contract;

use super::CircleSummary;

/// A way in: as a link, or as a short code to type where no link or camera is at hand.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Invitation {
    pub link: String,
    /// Groups of four letters and digits, joined by `-`.
    pub code: String,
    /// 0 until the server's clock is known.
    pub expires_ms: u64,
    /// How many may come in by it.
    pub uses: u32,
    /// More than one may come in by it, so that the link in a browser's history stays a way in.
    pub many: bool,
}

/// What a phone shows as a QR code.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct QrOffer {
    /// Digits and capitals, so that it packs well.
    pub qr: String,
}

/// The answer to a QR code.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct QrGrant {
    /// As of an offer.
    pub qr: String,
    /// Six numbers from 0 to 255, an index each into the list of words to compare.
    pub words: Vec<u8>,
    /// What the new phone's person wants to be called, at most 40 bytes.
    pub name: String,
}

/// What a new phone came into by a QR code.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct QrTaken {
    pub circle: CircleSummary,
    /// As of the answer that was scanned.
    pub words: Vec<u8>,
}

/// A printed code: to be kept where nobody else looks.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct PaperCode {
    /// Groups of four letters and digits, joined by `-`.
    pub code: String,
}
