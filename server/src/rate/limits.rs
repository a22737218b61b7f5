use super::{Allowance, Network};

/// What one device and one network of addresses may ask for. Thirty phones at a session come from one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests of a device.
    pub device_requests: Allowance,
    /// Bytes of a device, both ways, in the short run.
    pub device_bytes: Allowance,
    /// Bytes of a device, both ways, in the long run.
    pub device_bytes_long: Allowance,
    /// Entries that a device may add.
    pub device_entries: Allowance,
    /// Requests of a network that are no known device's.
    pub prefix_requests: Allowance,
    /// Bytes of a network, both ways.
    pub prefix_bytes: Allowance,
    /// Entries that may come from a network.
    pub prefix_entries: Allowance,
    /// Attempts to enrol from a network: whoever guesses links gets no further.
    pub prefix_enrolments: Allowance,
    /// Requests that are looked at, at a time, before it is known whose they are.
    pub unproven_max: usize,
    /// Proxies of ours, whose word is taken for where a request comes from.
    pub trusted_proxies: Vec<Network>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            device_requests: Allowance::per_minute(600),
            device_bytes: Allowance::per_hour(128 * 1024 * 1024),
            device_bytes_long: Allowance::per_day(512 * 1024 * 1024),
            device_entries: Allowance::per_minute(6_000),
            prefix_requests: Allowance::per_minute(6_000),
            prefix_bytes: Allowance::per_hour(2 * 1024 * 1024 * 1024),
            prefix_entries: Allowance::per_minute(60_000),
            prefix_enrolments: Allowance::per_hour(240),
            unproven_max: 64,
            trusted_proxies: Vec::new(),
        }
    }
}
