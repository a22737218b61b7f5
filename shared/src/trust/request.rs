use crate::ids::DeviceId;
use crate::time::TimestampMs;

use super::{DevicePublic, DeviceSecret, Signature, Signed, Verified};

/// How far a phone's clock may be from the server's.
pub const CLOCK_SKEW_MS_MAX: u64 = 5 * 60_000;

const TAG: &str = "kith/request/1";

/// What a request asks for: signed, so that it stands for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A sync.
    Sync,
    /// To hear when there is something.
    Live,
}

impl Purpose {
    /// Method and path.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "POST /v1/sync",
            Self::Live => "GET /v1/live",
        }
    }
}

/// Who asks, and when: signed together with what for and the request's header frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestStamp {
    /// The asking device.
    pub device: DeviceId,
    /// When, by the phone's clock corrected by the offset it knows.
    pub time: TimestampMs,
}

/// Why a request's stamp was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestProblem {
    /// The clock is off: correct it by the server's time and try once more.
    #[error("the phone's clock is {skew_ms} ms from the server's")]
    ClockSkew {
        /// Absolute difference.
        skew_ms: u64,
    },
    /// Not signed by that device.
    #[error("the request is not signed by the device it names")]
    Signature,
}

impl RequestStamp {
    /// Signs `content` as `device`.
    #[must_use]
    pub fn sign(&self, device: &DeviceSecret, purpose: Purpose, content: &[u8]) -> Signature {
        let time = self.time.0.to_le_bytes();
        device.sign(TAG, &[purpose.as_str().as_bytes(), self.device.as_bytes(), &time, content])
    }

    /// Opens a stamp that came with `signature`, if that fits; then its clock is looked at, so that only the device
    /// itself learns the server's time.
    ///
    /// # Errors
    /// Says which.
    pub fn verify(
        self,
        keys: &DevicePublic,
        purpose: Purpose,
        content: &[u8],
        signature: &Signature,
        now: TimestampMs,
    ) -> Result<Verified<Self>, RequestProblem> {
        Signed::new(self).verify_by(|stamp| stamp.check(keys, purpose, content, signature, now))
    }

    /// The same of one that lies in something signed.
    pub(crate) fn check(
        &self,
        keys: &DevicePublic,
        purpose: Purpose,
        content: &[u8],
        signature: &Signature,
        now: TimestampMs,
    ) -> Result<(), RequestProblem> {
        let time = self.time.0.to_le_bytes();
        let parts: [&[u8]; 4] = [purpose.as_str().as_bytes(), self.device.as_bytes(), &time, content];
        if keys.id() != self.device || keys.verify(TAG, &parts, signature).is_err() {
            return Err(RequestProblem::Signature);
        }
        check_clock(self.time, now)
    }
}

/// Whether a phone's time is near enough to the server's.
pub(super) fn check_clock(time: TimestampMs, now: TimestampMs) -> Result<(), RequestProblem> {
    let skew_ms = now.since_ms(time).max(time.since_ms(now));
    if skew_ms > CLOCK_SKEW_MS_MAX { Err(RequestProblem::ClockSkew { skew_ms }) } else { Ok(()) }
}
