//! What strangers and ill-willed members do with a socket each, again as soon as it is taken from them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

use super::honest::Honest;
use super::wire::Place;

/// How long an attacker waits before it opens a socket again.
const AGAIN: Duration = Duration::from_millis(500);
/// How often a slow body sends its next byte.
const SLOW_EVERY: Duration = Duration::from_secs(20);
/// How often a deaf reader looks whether its socket is still there.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// What a deaf reader's system takes unread, in bytes.
const DEAF_BYTES: u32 = 4 * 1024;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attack {
    /// A head, five bytes of a frame that claims many, then one byte now and then.
    SlowBody,
    /// Connects and says nothing.
    Silent,
    /// Asks for everything and reads none of it. Needs a member's device.
    Deaf,
    /// Listens on one stream after the other. Needs a member's device.
    StreamHog,
}

impl Attack {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::SlowBody, Self::Silent, Self::Deaf, Self::StreamHog];
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Tally {
    opened: AtomicU64,
    lost: AtomicU64,
}

/// What came of it, as numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sockets {
    /// Sockets that attackers opened.
    pub opened: u64,
    /// Of those, how many the server took from them, or answered and closed.
    pub lost: u64,
}

impl Tally {
    pub(super) fn now(&self) -> Sockets {
        Sockets { opened: self.opened.load(Ordering::Relaxed), lost: self.lost.load(Ordering::Relaxed) }
    }
}

/// Goes on until it is aborted.
pub(super) async fn attack(attack: Attack, place: Place, member: Arc<Honest>, tally: Arc<Tally>) {
    loop {
        // Refused or cut, it comes again.
        let _ = once(attack, &place, &member, &tally).await;
        tally.lost.fetch_add(1, Ordering::Relaxed);
        sleep(AGAIN).await;
    }
}

async fn once(attack: Attack, place: &Place, member: &Honest, tally: &Tally) -> std::io::Result<()> {
    let mut stream = place.connect((attack == Attack::Deaf).then_some(DEAF_BYTES)).await?;
    tally.opened.fetch_add(1, Ordering::Relaxed);
    match attack {
        Attack::Silent => {}
        Attack::SlowBody => {
            stream.write_all(format!("{}\r\n", place.head("POST /v1/sync", 100_000)).as_bytes()).await?;
            stream.write_all(&[1, 0xff, 0xff, 0x0f, 0]).await?;
            let (mut read, mut write) = stream.split();
            let dribble = async {
                loop {
                    sleep(SLOW_EVERY).await;
                    write.write_all(&[0]).await?;
                }
            };
            return tokio::select! {
                done = dribble => done,
                _ = until_closed(&mut read) => Ok(()),
            };
        }
        Attack::Deaf => {
            let request = member.request(true);
            stream.write_all(format!("{}\r\n", place.head("POST /v1/sync", request.len())).as_bytes()).await?;
            stream.write_all(&request).await?;
            loop {
                sleep(LOOK_EVERY).await;
                // The beginning of a next request, which fails once the socket is gone.
                stream.write_all(b"\r\n").await?;
            }
        }
        Attack::StreamHog => {
            let head = place.head(&format!("GET {}", member.live_path()), 0);
            stream.write_all(format!("{head}\r\n").as_bytes()).await?;
        }
    }
    until_closed(&mut stream).await
}

async fn until_closed(stream: &mut (impl AsyncReadExt + Unpin)) -> std::io::Result<()> {
    let mut bytes = [0; 1_024];
    while stream.read(&mut bytes).await? > 0 {}
    Ok(())
}
