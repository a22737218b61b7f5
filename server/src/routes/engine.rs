use std::sync::{Arc, mpsc};

use kith_shared::sync::hub::{Exchange, HubEffect, HubEvent};
use kith_shared::sync::statements::HubKeys;
use kith_shared::time::TimestampMs;
use tokio::sync::mpsc as channel;

use crate::app::SCHEMA;

/// The engine of one exchange, on a thread of its own: it checks signatures, unpacks and packs pages, and
/// would hold up every other request on an async thread.
pub(super) struct Engine {
    events: mpsc::Sender<HubEvent>,
    effects: channel::UnboundedReceiver<Vec<HubEffect>>,
}

/// The engine panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BrokeOff;

impl Engine {
    /// Starts an exchange at `now`. It ends when this is dropped.
    pub(super) fn start(keys: Arc<HubKeys>, now: TimestampMs) -> Self {
        let (events, incoming) = mpsc::channel();
        let (outgoing, effects) = channel::unbounded_channel();
        tokio::task::spawn_blocking(move || {
            let mut exchange = Exchange::new(&SCHEMA, &keys, now);
            while let Ok(event) = incoming.recv() {
                exchange.handle(event);
                let effects = std::iter::from_fn(|| exchange.next_effect()).collect();
                if outgoing.send(effects).is_err() {
                    return;
                }
            }
        });
        Self { events, effects }
    }

    /// Hands an event in; gives what to do, in order.
    pub(super) async fn handle(&mut self, event: HubEvent) -> Result<Vec<HubEffect>, BrokeOff> {
        self.events.send(event).map_err(|_| BrokeOff)?;
        self.effects.recv().await.ok_or(BrokeOff)
    }
}
