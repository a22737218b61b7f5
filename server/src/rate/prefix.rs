use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The far end of a connection, as the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// A network of addresses: one connection to the internet has about so many. IPv4's first 24 bits, IPv6's first 48.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prefix {
    /// IPv4, also as IPv6 writes it.
    V4([u8; 3]),
    /// IPv6.
    V6([u8; 6]),
}

impl Prefix {
    /// The network of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Self::V4([a, b, c])
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, ..] = address.octets();
                Self::V6([a, b, c, d, e, f])
            }
        }
    }
}

/// An address, or all that begin with the same bits: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: u128,
    mask: u128,
}

/// Text that is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNetwork;

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        wide(address) & self.mask == self.address & self.mask
    }
}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| NoNetwork)?;
        let (bits_max, before) = if address.is_ipv4() { (Ipv4Addr::BITS, 96) } else { (Ipv6Addr::BITS, 0) };
        let bits: u32 = bits.map_or(Ok(bits_max), str::parse).map_err(|_| NoNetwork)?;
        if bits > bits_max {
            return Err(NoNetwork);
        }
        let mask = u128::MAX.checked_shl(Ipv6Addr::BITS - bits - before).unwrap_or(0);
        Ok(Self { address: wide(address), mask })
    }
}

fn wide(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// Whose address a request has: the far end's, or, when that is a proxy of ours, the last one that the proxies name
/// and that is none of theirs. Each proxy writes behind what is there: what a stranger wrote stands before, and is
/// never looked at.
pub(super) fn client_of(peer: IpAddr, lines: &[&str], proxies: &[Network]) -> IpAddr {
    let is_ours = |address: IpAddr| proxies.iter().any(|network| network.contains(address));
    let mut named = lines.iter().rev().flat_map(|line| line.rsplit(',')).map(|name| name.trim().parse::<IpAddr>());
    let mut client = peer;
    while is_ours(client) {
        let Some(Ok(before)) = named.next() else { break };
        client = before;
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn client(peer: &str, lines: &[&str], proxies: &[&str]) -> IpAddr {
        let proxies: Vec<Network> = proxies.iter().map(|network| network.parse().unwrap()).collect();
        client_of(address(peer), lines, &proxies)
    }

    #[test]
    fn neighbours_share_a_prefix() {
        assert_eq!(Prefix::of(address("192.0.2.1")), Prefix::of(address("192.0.2.200")));
        assert_ne!(Prefix::of(address("192.0.2.1")), Prefix::of(address("192.0.3.1")));
        assert_eq!(Prefix::of(address("::ffff:192.0.2.9")), Prefix::of(address("192.0.2.1")));
        assert_eq!(Prefix::of(address("2001:db8:1:2::3")), Prefix::of(address("2001:db8:1:ffff::1")));
        assert_ne!(Prefix::of(address("2001:db8:1::")), Prefix::of(address("2001:db8:2::")));
    }

    #[test]
    fn a_header_is_believed_from_our_own_proxies_alone() {
        let said = ["198.51.100.7"];
        assert_eq!(client("203.0.113.5", &said, &[]), address("203.0.113.5"));
        assert_eq!(client("203.0.113.5", &said, &["10.0.0.0/8"]), address("203.0.113.5"));
        assert_eq!(client("10.1.2.3", &said, &["10.0.0.0/8"]), address("198.51.100.7"));
        assert_eq!(client("::1", &said, &["::1"]), address("198.51.100.7"));
        assert_eq!(client("::ffff:10.1.2.3", &said, &["10.0.0.0/8"]), address("198.51.100.7"));
    }

    #[test]
    fn what_a_stranger_puts_before_it_is_not_looked_at() {
        let proxies = ["10.0.0.0/8", "127.0.0.1"];
        assert_eq!(client("127.0.0.1", &["6.6.6.6, 198.51.100.7, 10.0.0.9"], &proxies), address("198.51.100.7"));
        assert_eq!(client("127.0.0.1", &["6.6.6.6", "198.51.100.7"], &proxies), address("198.51.100.7"));
        assert_eq!(client("127.0.0.1", &["198.51.100.7, nonsense"], &proxies), address("127.0.0.1"));
        assert_eq!(client("127.0.0.1", &[], &proxies), address("127.0.0.1"));
    }

    #[test]
    fn networks_are_an_address_or_its_first_bits() {
        for wrong in ["", "x", "10.0.0.0/33", "10.0.0.0/", "::/129", "10.0.0.0/-1"] {
            assert_eq!(wrong.parse::<Network>(), Err(NoNetwork), "{wrong}");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains(address("203.0.113.5")) && !all.contains(address("2001:db8::1")));
        let every: Network = "::/0".parse().unwrap();
        assert!(every.contains(address("2001:db8::1")));
    }
}
