//! Where everybody is, and a circle of them on a server of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use kith_shared::ids::CircleId;
use kith_shared::storage::MemoryStore;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::phone::{HttpLink, Options, Phone, invite};
use crate::seed::Seed;
use crate::server::ServerProcess;

use super::honest::Honest;
use super::wire::Place;
use super::{LoadError, LoadOptions};

/// Networks that attackers come from.
pub(super) const ATTACK_NETWORKS: usize = 16;
/// Networks that honest phones come from.
const HONEST_NETWORKS: usize = 10;
/// Messages in the circle before anybody syncs.
const MESSAGES: usize = 100;
/// Bytes of each: so that who does not read leaves more unread than any buffer takes.
const MESSAGE_BYTES: usize = 3_900;
const THREAD: &str = "0000000000000000";

/// Where everybody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scene {
    /// Phones and attackers on networks of their own.
    Networks,
    /// The same, behind one proxy that the server trusts.
    Proxy,
    /// All phones behind one address, and a stranger there with 16 sockets.
    Village,
}

impl Scene {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Networks, Self::Proxy, Self::Village];

    /// Its name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Networks => "networks",
            Self::Proxy => "proxy",
            Self::Village => "village",
        }
    }

    /// How many sockets attackers hold here.
    #[must_use]
    pub fn sockets(self, options: &LoadOptions) -> usize {
        if self == Self::Village { 16 } else { options.sockets }
    }

    fn honest(self, server: SocketAddr, at: usize) -> Place {
        let (network, host) = (octet(at % HONEST_NETWORKS), octet(1 + at / HONEST_NETWORKS));
        match self {
            Self::Networks => Place { server, from: Ipv4Addr::new(127, 2, network, host), forwarded: None },
            // Some proxies write the port.
            Self::Proxy if at.is_multiple_of(2) => forwarded(server, format!("203.0.{network}.{host}:{}", 50_000 + at)),
            Self::Proxy => forwarded(server, format!("6.6.6.6, 203.0.{network}.{host}")),
            Self::Village => Place { server, from: VILLAGE, forwarded: None },
        }
    }

    pub(super) fn attacker(self, server: SocketAddr, at: usize) -> Place {
        let network = octet(at % ATTACK_NETWORKS);
        match self {
            Self::Networks => Place { server, from: Ipv4Addr::new(127, 1, network, 1), forwarded: None },
            Self::Proxy => forwarded(server, format!("198.18.{network}.1")),
            Self::Village => Place { server, from: VILLAGE, forwarded: None },
        }
    }
}

const VILLAGE: Ipv4Addr = Ipv4Addr::new(127, 2, 0, 1);
const PROXY: &str = "127.0.0.1";

fn forwarded(server: SocketAddr, by: String) -> Place {
    Place { server, from: Ipv4Addr::LOCALHOST, forwarded: Some(by) }
}

fn octet(number: usize) -> u8 {
    u8::try_from(number % 250).unwrap_or(0)
}

/// A server, and who is in its circle.
pub(super) struct Circle {
    pub(super) server: ServerProcess,
    pub(super) address: SocketAddr,
    pub(super) phones: Vec<Honest>,
    /// Which circle.
    pub(super) circle: CircleId,
    /// Seeds of the devices of members of ill will, one for each network.
    pub(super) members: Vec<[u8; 32]>,
    writer: Phone<MemoryStore>,
    id: String,
}

impl Circle {
    /// Starts a server, fills a circle, and lets everybody in by its link.
    pub(super) async fn found(scene: Scene, data: &Path, options: &LoadOptions) -> Result<Self, LoadError> {
        let members = (options.phones + ATTACK_NETWORKS).to_string();
        let mut more = vec!["--members", &members];
        let connections_max = options.connections_max.map(|count| count.to_string());
        let requests_max = options.requests_max.map(|count| count.to_string());
        for (flag, value) in [("--connections-max", &connections_max), ("--requests-max", &requests_max)] {
            more.extend(value.iter().flat_map(|value| [flag, value.as_str()]));
        }
        if scene == Scene::Proxy {
            more.extend(["--trusted-proxy", PROXY]);
        }
        let server = ServerProcess::start_with(data, 0, &more)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server.port()));
        let mut seed = Seed::new(options.seed);
        let of_phone = Options { origin: server.origin.clone(), ..Options::default() };
        let link = Box::new(HttpLink::default());
        let mut writer = Phone::over(MemoryStore::new(), link, &of_phone, seed.bytes_32());
        let [facilitators, members_link] = server.links.as_slice() else {
            return Err(LoadError::Wrong("a first run prints a facilitator's link and one for members".to_owned()));
        };
        invite(&mut writer, facilitators).map_err(LoadError::Wrong)?;
        let id = members_link.split("&c=").nth(1).and_then(|rest| rest.get(..32)).unwrap_or_default().to_owned();
        for _ in 0..MESSAGES {
            say(&mut writer, &id, &letters(&mut seed, MESSAGE_BYTES))?;
        }
        sync(&mut writer)?;
        let (mut members, mut phones, mut circle) = (Vec::new(), Vec::new(), CircleId([0; 16]));
        for at in 0..ATTACK_NETWORKS {
            let (place, of_device) = (scene.attacker(address, at), seed.bytes_32());
            circle = Honest::enrol(place, members_link, of_device).await.map_err(LoadError::Wrong)?.circle;
            members.push(of_device);
        }
        for at in 0..options.phones {
            let place = scene.honest(address, at);
            phones.push(Honest::enrol(place, members_link, seed.bytes_32()).await.map_err(LoadError::Wrong)?);
        }
        Ok(Self { server, address, phones, circle, members, writer, id })
    }

    /// Writes something small and syncs it, so that the others have something to fetch.
    pub(super) fn write(&mut self) -> Result<(), LoadError> {
        say(&mut self.writer, &self.id, "all is well here")?;
        sync(&mut self.writer)
    }
}

/// Letters that do not shrink much.
fn letters(seed: &mut Seed, count: usize) -> String {
    (0..count).map(|_| char::from(33 + u8::try_from(seed.below(90)).unwrap_or(0))).collect()
}

fn say(phone: &mut Phone<MemoryStore>, circle: &str, text: &str) -> Result<(), LoadError> {
    let send = json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text});
    phone.json(send).map(drop).map_err(|problem| LoadError::Wrong(problem.detail))
}

fn sync(phone: &mut Phone<MemoryStore>) -> Result<(), LoadError> {
    let status = phone.sync().map_err(|problem| LoadError::Wrong(problem.detail))?;
    match status.problem {
        Some(problem) => Err(LoadError::Wrong(format!("{problem:?}"))),
        None => Ok(()),
    }
}
