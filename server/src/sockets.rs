//! Connections: taken, bounded, served, and cut when they keep us waiting too long. Each has a place by the network
//! that it comes from, until it is known whose device is at its far end.

mod ends;
mod files;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::interval;

use crate::app::App;
use crate::caller::Caller;
use crate::line::{Line, Watched, Way};
use crate::places::{Places, PlacesMax};
use crate::rate::{Party, Peer, Prefix};
use crate::routes::{Routes, prefix_of};

use ends::Ends;
pub use files::room_for;

/// How long to wait when no connection can be accepted and none can be closed for it.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long to wait for a connection to be gone that had to make room.
const ROOM_PAUSE: Duration = Duration::from_millis(1);
/// How often it is looked for those whose time is over.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// Connections that the system keeps for us until they are accepted.
const BACKLOG: u32 = 1_024;
/// What the system keeps of an answer that is on its way, in bytes; it takes twice that for its own needs. A larger
/// buffer would hide for minutes that somebody on a slow link takes nothing.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;
/// Largest head of a request, in bytes, and most that is read ahead of one.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Listens, with buffers that make it seen soon who takes nothing.
///
/// # Errors
/// What the system says.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As the standard library does: a restart must not wait for connections of before.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Everything that one listener's connections share.
pub struct Sockets {
    app: Arc<App>,
    routes: Routes,
    places: Arc<Places<Party>>,
    graceful: GracefulShutdown,
}

impl Sockets {
    /// No connection yet, and never more than `connections_max`.
    #[must_use]
    pub fn new(app: Arc<App>, routes: Routes, connections_max: usize) -> Self {
        let max = PlacesMax { places: connections_max, of_device: usize::MAX };
        let places = Places::of_connections(max, Line::cut, app.metrics.evicted("sockets"));
        Self { app, routes, places, graceful: GracefulShutdown::new() }
    }

    /// Serves whoever comes, until `stop`; gives what waits for those under way.
    pub async fn serve(self, listener: &TcpListener, stop: impl Future<Output = ()>) -> GracefulShutdown {
        let mut stop = std::pin::pin!(stop);
        let mut sweeps = interval(SWEEP_EVERY);
        loop {
            tokio::select! {
                () = &mut stop => return self.graceful,
                _ = sweeps.tick() => self.places.each(Line::sweep),
                (stream, address) = self.accept(listener) => self.take(stream, Peer(address.ip().to_canonical())),
            }
        }
    }

    async fn accept(&self, listener: &TcpListener) -> (TcpStream, SocketAddr) {
        loop {
            match listener.accept().await {
                Ok(accepted) => return accepted,
                Err(error) => {
                    let made_room = self.places.make_room(self.app.clock.monotonic());
                    tracing::warn!(%error, made_room, "a connection could not be accepted");
                    tokio::time::sleep(if made_room { ROOM_PAUSE } else { ACCEPT_PAUSE }).await;
                }
            }
        }
    }

    /// Gives a connection a place, and serves it.
    fn take(&self, stream: TcpStream, peer: Peer) {
        let limits = &self.app.limits;
        let line = Line::new(Arc::clone(&self.app.clock));
        line.wait_for(Way::In, limits.head_time, limits.head_time);
        let party = if self.app.rate.trusts(peer) { Party::Proxy } else { Party::Prefix(Prefix::of(peer.0)) };
        // Dropped, it is closed: all others are being worked for this very moment.
        let Some(seat) = self.places.enter(party, None, &line).map(Arc::new) else { return };
        // Small frames must not wait for more.
        let _ = stream.set_nodelay(true);
        let caller = Caller::seated(Arc::clone(&line), seat);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle_time)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(
                TokioIo::new(Watched::new(stream, Arc::clone(&line), limits.pace_out)),
                self.service(peer, caller.clone()),
            );
        let connection = self.graceful.watch(connection);
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke off");
                },
                () = line.is_cut() => tracing::debug!("a connection was cut: it kept us waiting"),
            }
            drop(caller);
        });
    }

    fn service(
        &self,
        peer: Peer,
        caller: Caller,
    ) -> impl Service<
        Request<Incoming>,
        Response = hyper::Response<Ends<crate::routes::AnswerBody>>,
        Error = std::convert::Infallible,
        Future: Send,
    > + use<> {
        let (app, inner) = (Arc::clone(&self.app), TowerToHyperService::new(self.routes.clone()));
        service_fn(move |mut request: Request<Incoming>| {
            caller.line.begin();
            let prefix = prefix_of(&app, peer, request.headers());
            if app.rate.trusts(peer) {
                // The one before may have been another's.
                caller.comes_from(prefix);
            }
            request.extensions_mut().insert(prefix);
            request.extensions_mut().insert(caller.clone());
            let (answering, line, idle_time) = (inner.call(request), Arc::clone(&caller.line), app.limits.idle_time);
            async move {
                let response = answering.await?;
                Ok(response.map(|body| Ends::new(body, line, idle_time)))
            }
        })
    }
}

#[cfg(test)]
mod tests;
