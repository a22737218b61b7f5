//! Who asks, as far as its connection tells: for the routes, and what makes room among connections.

use std::sync::Arc;

use kith_shared::ids::DeviceId;

use crate::line::Line;
use crate::places::Place;
use crate::rate::{Party, Prefix};

/// A connection, for the routes: travels with each request.
#[derive(Clone)]
pub struct Caller {
    /// The connection.
    pub line: Arc<Line>,
    seat: Option<Arc<Place<Party>>>,
}

impl Caller {
    /// A request that came by no connection, as in tests.
    #[must_use]
    pub fn alone(line: Arc<Line>) -> Self {
        Self { line, seat: None }
    }

    /// A request that came by a connection with this place.
    #[must_use]
    pub(crate) fn seated(line: Arc<Line>, seat: Arc<Place<Party>>) -> Self {
        Self { line, seat: Some(seat) }
    }

    /// A proxy says which network asks: the connection counts for that one from now on.
    pub(crate) fn comes_from(&self, network: Prefix) {
        if let Some(seat) = &self.seat {
            seat.move_to(Party::Prefix(network));
        }
    }

    /// It is known whose device asks: the connection counts for it from now on, and no more for its network.
    pub fn is(&self, device: DeviceId) {
        if let Some(seat) = &self.seat {
            seat.move_to(Party::Device(device));
        }
    }
}
