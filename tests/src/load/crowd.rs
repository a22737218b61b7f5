//! The attackers, in a process of their own and of the lowest priority: real ones bring their own processors, and what
//! they take of this machine's is not what the server lets them have.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kith_shared::ids::CircleId;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::clock::Stopwatch;
use crate::server::beside;

use super::attack::{Attack, Sockets, Tally, attack};
use super::honest::Honest;
use super::scene::{ATTACK_NETWORKS, Scene};

/// The program that attacks when it is told to by `--attack`.
const PROGRAM: &str = "kith-load";
/// How long attackers get to open all their sockets.
const GATHERING_MAX: Duration = Duration::from_secs(30);
/// How long they go on before anybody is measured: the flood of their coming together is another thing than the siege.
const SETTLING: Duration = Duration::from_secs(3);
/// How often it is looked whether all are there.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Whom to attack, and as whom: one line of JSON on the attackers' standard input, at whose end they stop.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Orders {
    pub(super) scene: Scene,
    pub(super) server: SocketAddr,
    pub(super) circle: [u8; 16],
    /// Seeds of members' devices, one for each network.
    pub(super) members: Vec<[u8; 32]>,
    pub(super) sockets: usize,
}

/// The attackers' process. Dropped, it is killed.
pub(super) struct Crowd {
    child: Child,
    says: BufReader<ChildStdout>,
}

impl Crowd {
    /// Starts it, and waits until all its sockets were opened once. Blocks.
    pub(super) fn gather(orders: &Orders) -> std::io::Result<Self> {
        let program = beside(PROGRAM)?
            .ok_or_else(|| std::io::Error::other("kith-load is not built: cargo build --package kith-tests"))?;
        let mut child = Command::new("nice")
            .args(["-n", "19"])
            .arg(program)
            .arg("--attack")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let says = child.stdout.take().ok_or_else(|| std::io::Error::other("attackers without an output"))?;
        let mut crowd = Self { child, says: BufReader::new(says) };
        if let Some(stdin) = &mut crowd.child.stdin {
            writeln!(stdin, "{}", serde_json::to_string(orders)?)?;
        }
        let mut line = String::new();
        match crowd.says.read_line(&mut line)? {
            0 => Err(std::io::Error::other("the attackers gave up")),
            _ => Ok(crowd),
        }
    }

    /// Ends it, and gives what it did. Blocks.
    pub(super) fn disperse(mut self) -> std::io::Result<Sockets> {
        drop(self.child.stdin.take());
        let mut said = String::new();
        self.says.read_to_string(&mut said)?;
        self.child.wait()?;
        Ok(serde_json::from_str(said.trim())?)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Attacks as standard input says until it ends, then prints what came of it.
///
/// # Errors
/// What the system says, or that the orders are none.
pub fn attack_as_told() -> std::io::Result<()> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let orders: Orders = serde_json::from_str(&line)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let sockets = runtime.block_on(siege(&orders))?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&sockets)?)
}

async fn siege(orders: &Orders) -> std::io::Result<Sockets> {
    let (tally, mut attackers) = (Arc::new(Tally::default()), JoinSet::new());
    let member = |(at, seed): (usize, &[u8; 32])| {
        Arc::new(Honest::member(orders.scene.attacker(orders.server, at), CircleId(orders.circle), *seed))
    };
    let members: Vec<Arc<Honest>> = orders.members.iter().enumerate().map(member).collect();
    for at in 0..orders.sockets {
        let what = Attack::ALL[(at / ATTACK_NETWORKS + at) % Attack::ALL.len()];
        let (place, member) = (orders.scene.attacker(orders.server, at), Arc::clone(&members[at % members.len()]));
        attackers.spawn(attack(what, place, member, Arc::clone(&tally)));
    }
    let watch = Stopwatch::start();
    while tally.now().opened < orders.sockets as u64 && watch.elapsed() < GATHERING_MAX {
        sleep(LOOK_EVERY).await;
    }
    sleep(SETTLING).await;
    writeln!(std::io::stdout(), "all are there")?;
    let told_to_stop = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    let _ = told_to_stop.await;
    attackers.shutdown().await;
    Ok(tally.now())
}
