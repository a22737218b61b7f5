use std::sync::Arc;

use kith_shared::sync::hub::{Exchange, HubEffect, HubEvent};
use kith_shared::sync::statements::HubKeys;
use kith_shared::time::TimestampMs;

use crate::schema::SCHEMA;

/// The engine of one exchange. It checks signatures, unpacks and packs pages, which would hold up every other request
/// on an async thread: so each step of it is taken on a thread of its own, which it gives back at the step's end. While
/// it waits for an event it holds none.
pub(super) struct Engine {
    /// Taken while it works; a step that panicked or was given up does not bring it back.
    exchange: Option<Box<Exchange<'static>>>,
}

/// The engine panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BrokeOff;

impl Engine {
    /// Starts an exchange at `now`.
    pub(super) fn start(keys: Arc<HubKeys>, now: TimestampMs) -> Self {
        Self { exchange: Some(Box::new(Exchange::new(&SCHEMA, keys, now))) }
    }

    /// Hands an event in; gives what to do, in order.
    pub(super) async fn handle(&mut self, event: HubEvent) -> Result<Vec<HubEffect>, BrokeOff> {
        let mut exchange = self.exchange.take().ok_or(BrokeOff)?;
        let step = tokio::task::spawn_blocking(move || {
            exchange.handle(event);
            let effects = std::iter::from_fn(|| exchange.next_effect()).collect();
            (exchange, effects)
        });
        let (exchange, effects) = step.await.map_err(|_| BrokeOff)?;
        self.exchange = Some(exchange);
        Ok(effects)
    }
}
