//! "There is something": from a commit to the phones that listen. Says which circle, never what, and
//! is told to nobody else of what is one's own or between two.
//!
//! Several servers before one database would each listen to the database's own notices and send them here.

use kith_shared::ids::{CircleId, DeviceId, MemberId};
use tokio::sync::broadcast;

/// Pokes that a slow listener may lag behind; beyond it is poked for everything.
const LAG_MAX: usize = 1_024;

/// Something new in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Poke {
    /// The circle in which there is something new.
    pub circle: CircleId,
    /// Who brought it, and need not be told.
    pub from: Option<DeviceId>,
    /// For whom alone it is: one member, twice, or two.
    pub only: Option<[MemberId; 2]>,
}

/// Hands pokes to all who listen.
#[derive(Debug)]
pub struct Pokes(broadcast::Sender<Poke>);

impl Pokes {
    /// Nobody listens yet.
    #[must_use]
    pub fn new() -> Self {
        Self(broadcast::Sender::new(LAG_MAX))
    }

    /// Tells all who listen.
    pub fn send(&self, poke: Poke) {
        // Nobody may be listening.
        let _ = self.0.send(poke);
    }

    /// Listens from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Poke> {
        self.0.subscribe()
    }
}

impl Default for Pokes {
    fn default() -> Self {
        Self::new()
    }
}
