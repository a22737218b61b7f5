//! How much one device and one network of addresses may ask for, by requests, bytes and entries. Buckets are kept in
//! memory, in tables of a fixed size; a restart forgets them.

mod bucket;
mod limits;
mod prefix;
mod table;
mod turns;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kith_shared::ids::DeviceId;
use tokio::time::timeout;

use crate::clock::Clock;

pub use bucket::Allowance;
use bucket::Bucket;
pub use limits::RateLimits;
pub use prefix::{Network, NoNetwork, Peer, Prefix};
use table::Table;
pub use turns::{Party, Turn, Turns};

/// Most networks that are told apart at a time: about 8 MB.
const PREFIXES_MAX: usize = 65_536;
/// Most devices that are told apart at a time.
const DEVICES_MAX: usize = 65_536;
/// How long a request waits to be looked at before it is known whose it is.
const UNPROVEN_WAIT: Duration = Duration::from_secs(5);
/// Of networks that used up their requests: how many first frames are decoded at a time, to see whose they say they are.
const OVERDRAWN_MAX: usize = 1;

/// More than is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slow {
    /// Of what: one of [`Slow::KINDS`].
    pub kind: &'static str,
    /// When there will be some again.
    pub retry_after: Duration,
}

impl Slow {
    /// Everything that can be too much.
    pub const KINDS: [&'static str; 7] = [
        "device_requests",
        "device_bytes",
        "device_entries",
        "prefix_requests",
        "prefix_bytes",
        "prefix_entries",
        "prefix_enrolments",
    ];
}

/// A network's buckets: requests, bytes, entries, enrolments.
const PREFIX_BUCKETS: usize = 4;
/// A device's: requests, bytes in the short and in the long run, entries.
const DEVICE_BUCKETS: usize = 4;

/// Everybody's buckets.
pub struct Rate {
    limits: RateLimits,
    clock: Arc<dyn Clock>,
    prefixes: Mutex<Table<Prefix, PREFIX_BUCKETS>>,
    devices: Mutex<Table<DeviceId, DEVICE_BUCKETS>>,
    unproven: Arc<Turns>,
    overdrawn: Arc<Turns>,
}

impl Rate {
    /// Full buckets for everybody.
    #[must_use]
    pub fn new(limits: RateLimits, clock: Arc<dyn Clock>) -> Self {
        Self {
            unproven: Turns::new(limits.unproven_max, Arc::clone(&clock)),
            overdrawn: Turns::new(OVERDRAWN_MAX, Arc::clone(&clock)),
            limits,
            clock,
            prefixes: Mutex::new(Table::new(PREFIXES_MAX)),
            devices: Mutex::new(Table::new(DEVICES_MAX)),
        }
    }

    /// The network that a request comes from, by its connection's far end and what stands in the lines of its
    /// `X-Forwarded-For`.
    #[must_use]
    pub fn prefix_of(&self, Peer(peer): Peer, forwarded: &[&[u8]]) -> Prefix {
        Prefix::of(prefix::client_of(peer, forwarded, &self.limits.trusted_proxies))
    }

    /// Whether a connection comes from a proxy of ours, which asks for many.
    #[must_use]
    pub fn trusts(&self, Peer(peer): Peer) -> bool {
        prefix::is_in(peer, &self.limits.trusted_proxies)
    }

    /// Waits for leave to look at a request of which it is not known whose it is; `None` when too many wait. Of those
    /// who do, the networks are first that had least of it lately.
    pub async fn unproven(&self, prefix: Prefix) -> Option<Turn> {
        timeout(UNPROVEN_WAIT, self.unproven.take(Party::Prefix(prefix))).await.ok()?
    }

    /// Waits for leave to see whose a request says it is whose network used up its own; `None` when too many wait.
    pub async fn overdrawn(&self, prefix: Prefix) -> Option<Turn> {
        timeout(UNPROVEN_WAIT, self.overdrawn.take(Party::Prefix(prefix))).await.ok()?
    }

    /// Whether a device may ask that has proven itself here: since the start, unless very many did. Whoever says of
    /// themselves that they are it must still sign, so nothing is taken for this.
    #[must_use]
    pub fn may_ask(&self, device: &DeviceId) -> bool {
        let now = self.clock.monotonic();
        let devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        let requests = devices.known(device).map(|[requests, ..]| *requests);
        requests.is_some_and(|mut requests| requests.take(&self.limits.device_requests, 1, now).is_ok())
    }

    /// A request begins.
    ///
    /// # Errors
    /// When the network's are used up.
    pub fn request(&self, prefix: Prefix) -> Result<(), Slow> {
        self.of_prefix(prefix, |[requests, ..], now| {
            take(requests, &self.limits.prefix_requests, 1, now, "prefix_requests")
        })
    }

    /// An enrolment is tried.
    ///
    /// # Errors
    /// When the network's are used up.
    pub fn enrolment(&self, prefix: Prefix) -> Result<(), Slow> {
        self.of_prefix(prefix, |[.., enrolments], now| {
            take(enrolments, &self.limits.prefix_enrolments, 1, now, "prefix_enrolments")
        })
    }

    /// It is known whose the request is: it counts for the device, and the network from which it was taken, unless that
    /// is `overdrawn`, has it back. So a network's requests are those of nobody known.
    ///
    /// # Errors
    /// When the device's are used up.
    pub fn device_request(&self, prefix: Prefix, overdrawn: bool, device: DeviceId) -> Result<(), Slow> {
        self.of_device(device, |[requests, ..], now| {
            take(requests, &self.limits.device_requests, 1, now, "device_requests")
        })?;
        if !overdrawn {
            self.of_prefix(prefix, |[requests, ..], _| requests.give_back(&self.limits.prefix_requests, 1));
        }
        Ok(())
    }

    /// Bytes came from a network.
    ///
    /// # Errors
    /// When the network's are used up.
    pub fn received(&self, prefix: Prefix, bytes: usize) -> Result<(), Slow> {
        self.of_prefix(prefix, |[_, bucket, ..], now| {
            take(bucket, &self.limits.prefix_bytes, bytes as u64, now, "prefix_bytes")
        })
    }

    /// Bytes came from a device.
    ///
    /// # Errors
    /// When the device's are used up.
    pub fn device_received(&self, device: DeviceId, bytes: usize) -> Result<(), Slow> {
        self.of_device(device, |[_, short, long, _], now| {
            take(short, &self.limits.device_bytes, bytes as u64, now, "device_bytes")?;
            take(long, &self.limits.device_bytes_long, bytes as u64, now, "device_bytes")
        })
    }

    /// Bytes went out: a response that has begun is sent to its end.
    pub fn sent(&self, prefix: Prefix, device: Option<DeviceId>, bytes: usize) {
        let bytes = bytes as u64;
        self.of_prefix(prefix, |[_, bucket, ..], now| bucket.charge(&self.limits.prefix_bytes, bytes, now));
        let Some(device) = device else { return };
        self.of_device(device, |[_, short, long, _], now| {
            short.charge(&self.limits.device_bytes, bytes, now);
            long.charge(&self.limits.device_bytes_long, bytes, now);
        });
    }

    /// A page is about to be looked at.
    ///
    /// # Errors
    /// When the network's or the device's entries are used up.
    pub fn page(&self, prefix: Prefix, device: DeviceId) -> Result<(), Slow> {
        let limits = &self.limits;
        self.of_prefix(prefix, |[_, _, entries, _], now| {
            take(entries, &limits.prefix_entries, 1, now, "prefix_entries")
        })?;
        self.of_device(device, |[.., entries], now| take(entries, &limits.device_entries, 1, now, "device_entries"))
    }

    /// So many entries of it were added.
    pub fn admitted(&self, prefix: Prefix, device: DeviceId, entries: u64) {
        // One was taken with the page.
        let more = entries.saturating_sub(1);
        self.of_prefix(prefix, |[_, _, entries, _], now| entries.charge(&self.limits.prefix_entries, more, now));
        self.of_device(device, |[.., entries], now| entries.charge(&self.limits.device_entries, more, now));
    }

    fn of_prefix<T>(&self, prefix: Prefix, then: impl FnOnce(&mut [Bucket; PREFIX_BUCKETS], Duration) -> T) -> T {
        let now = self.clock.monotonic();
        then(self.prefixes.lock().unwrap_or_else(PoisonError::into_inner).row(prefix, now), now)
    }

    fn of_device<T>(&self, device: DeviceId, then: impl FnOnce(&mut [Bucket; DEVICE_BUCKETS], Duration) -> T) -> T {
        let now = self.clock.monotonic();
        then(self.devices.lock().unwrap_or_else(PoisonError::into_inner).row(device, now), now)
    }
}

fn take(bucket: &mut Bucket, allowance: &Allowance, cost: u64, now: Duration, kind: &'static str) -> Result<(), Slow> {
    bucket.take(allowance, cost, now).map_err(|retry_after| Slow { kind, retry_after })
}
