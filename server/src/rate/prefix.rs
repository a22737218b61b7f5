use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The far end of a connection, as the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// A network of addresses: one connection to the internet has about so many. IPv4's first 24 bits, IPv6's first 48.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Prefix {
    /// IPv4, also as IPv6 writes it.
    V4([u8; 3]),
    /// An IPv6 network, by the first 48 bits.
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
/// never looked at, whatever it is. `lines` are those of `X-Forwarded-For`, as they came.
pub(super) fn client_of(peer: IpAddr, lines: &[&[u8]], proxies: &[Network]) -> IpAddr {
    let is_ours = |address: IpAddr| is_in(address, proxies);
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    // A list may have empty places, as HTTP's lists may.
    let mut named = hops.filter(|hop| !hop.is_empty()).map(address_in);
    let mut client = peer;
    while is_ours(client) {
        // What names nobody, such as "unknown", leaves it with the proxy that wrote it.
        let Some(Some(before)) = named.next() else { break };
        client = before;
    }
    client
}

/// Whether an address is in one of these networks.
pub(super) fn is_in(address: IpAddr, networks: &[Network]) -> bool {
    networks.iter().any(|network| network.contains(address))
}

/// The address that a proxy wrote, in any of the ways in which they write it: bare, with a port behind it, IPv6 in
/// brackets or with a zone, all of it in quotes or not.
fn address_in(hop: &[u8]) -> Option<IpAddr> {
    let text = core::str::from_utf8(hop).ok()?;
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
    let (address, behind) = match text.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?,
        None => match text.split_once(':') {
            // More than one colon without brackets is an IPv6 address without a port.
            Some((address, port)) if !port.contains(':') => text.split_at_checked(address.len())?,
            _ => (text, ""),
        },
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if !behind.is_empty() && !behind.strip_prefix(':').is_some_and(is_port) {
        return None;
    }
    let address: IpAddr = address.split_once('%').map_or(address, |(address, _)| address).trim().parse().ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn client(peer: &str, lines: &[&str], proxies: &[&str]) -> IpAddr {
        let proxies: Vec<Network> = proxies.iter().map(|network| network.parse().unwrap()).collect();
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        client_of(address(peer), &lines, &proxies)
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

    /// A number below `bound` that follows from the last.
    fn next(state: &mut u64, bound: u64) -> u64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % bound
    }

    fn any_address(state: &mut u64) -> IpAddr {
        match next(state, 2) {
            // Outside of all that is ours in these tests.
            0 => IpAddr::V4(Ipv4Addr::from_bits(0xcb00_0000 + u32::try_from(next(state, 1 << 24)).unwrap())),
            _ => IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8_u128 << 96) + u128::from(next(state, 1 << 30)))),
        }
    }

    /// An address in one of the ways in which proxies write it.
    fn written(state: &mut u64, address: IpAddr) -> String {
        let port = next(state, 65_536);
        let text = match (address, next(state, 4)) {
            (IpAddr::V4(_), 0) => format!("{address}:{port}"),
            (IpAddr::V4(v4), 1) => v4.to_ipv6_mapped().to_string(),
            (IpAddr::V4(v4), 2) => format!("[{}]:{port}", v4.to_ipv6_mapped()),
            (IpAddr::V6(_), 0) => format!("[{address}]:{port}"),
            (IpAddr::V6(_), 1) => format!("[{address}]"),
            (IpAddr::V6(_), 2) => format!("{address}%eth0"),
            _ => address.to_string(),
        };
        if next(state, 4) == 0 { format!("\"{text}\"") } else { text }
    }

    fn garbage(state: &mut u64) -> String {
        let pieces =
            ["unknown", "_hidden", ":", "[", "]", "::", "1.2.3", "999.1.1.1", "\u{ff}", "%", "\"", "a:b:c", "-1"];
        (0..=next(state, 3)).map(|_| pieces[usize::try_from(next(state, pieces.len() as u64)).unwrap()]).collect()
    }

    #[test]
    fn the_address_is_found_however_proxies_write_it_and_whatever_stands_before() {
        let mut state = 1;
        let proxies = ["10.0.0.0/8", "127.0.0.1", "fd00::/8"];
        for _ in 0..20_000 {
            let address = any_address(&mut state);
            let mut hops: Vec<String> = (0..next(&mut state, 4)).map(|_| garbage(&mut state)).collect();
            hops.push(written(&mut state, address));
            for _ in 0..next(&mut state, 3) {
                let ours = ["10.1.2.3", "fd00::7", "127.0.0.1"][usize::try_from(next(&mut state, 3)).unwrap()];
                hops.push(written(&mut state, ours.parse().unwrap()));
            }
            // Several lines, or one; spaces, tabs and empty places as they come.
            let gap = ["", " ", "\t", "  "][usize::try_from(next(&mut state, 4)).unwrap()];
            let by_line = next(&mut state, 2) == 0;
            let lines: Vec<String> = if by_line { hops } else { vec![hops.join(&format!("{gap},{gap}"))] };
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            assert_eq!(client("127.0.0.1", &lines, &proxies), address, "{lines:?}");
        }
    }

    #[test]
    fn what_names_nobody_leaves_a_request_with_the_proxy_that_wrote_it() {
        for hop in
            ["unknown", "_x", "1.2.3.4:", "1.2.3.4:x", "[::1", "::1]", "[1.2.3.4]x", "[]:1", "1.2.3", "1.2.3.4 5"]
        {
            let line = format!("6.6.6.6, {hop}");
            assert_eq!(client("127.0.0.1", &[&line], &["127.0.0.1"]), address("127.0.0.1"), "{hop}");
        }
        assert_eq!(client("127.0.0.1", &["203.0.113.7, ,"], &["127.0.0.1"]), address("203.0.113.7"));
        let proxies = ["127.0.0.1".parse().unwrap()];
        let not_text: &[&[u8]] = &[b"\xff\xfe, 203.0.113.7:51234"];
        assert_eq!(client_of(address("127.0.0.1"), not_text, &proxies), address("203.0.113.7"));
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
