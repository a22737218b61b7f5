//! The server's life: open, listen, answer, and stop so that nothing is lost.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::admin::invite;
use crate::app::{App, Parts};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::erase;
use crate::keys::Keys;
use crate::merge::MergeQueue;
use crate::metrics::Metrics;
use crate::open::{self, OpenError};
use crate::rate::Peer;
use crate::routes;
use crate::store::{Metered, Store, StoreError};
use crate::web::{Assets, WebError};

/// How long to wait when no connection can be accepted, such as when there are no file handles left.
const ACCEPT_PAUSE: std::time::Duration = std::time::Duration::from_millis(100);

/// Why the server did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The web app.
    #[error(transparent)]
    Web(#[from] WebError),
    /// The store or its keys, while they were opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The address.
    #[error("cannot listen at {listen}: {cause}. Name another with --listen, or stop what listens there")]
    Listen {
        /// Where.
        listen: SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// A signal handler.
    #[error("cannot wait for signals: {0}")]
    Signals(std::io::Error),
    /// A part of the start that broke off.
    #[error("a part of the start broke off: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// A server that listens and does not answer yet.
pub struct Server {
    app: Arc<App>,
    listener: TcpListener,
    origin: String,
    closing: watch::Sender<bool>,
    worker: tokio::task::JoinHandle<()>,
    eraser: tokio::task::JoinHandle<()>,
    operator: Keys,
    keys_are_new: bool,
}

impl Server {
    /// Opens everything and listens.
    ///
    /// # Errors
    /// The first thing that does not work.
    pub async fn start(config: &Config) -> Result<Self, ServeError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let metrics = Arc::new(Metrics::new());
        let opened = open::open(config).await?;
        let (sealed, keys) = (opened.store, opened.hub);
        let store: Arc<dyn Store> =
            Arc::new(Metered::new(Arc::clone(&sealed), Arc::clone(&metrics), Arc::clone(&clock)));
        let assets = match config.web.clone() {
            Some(web) => Some(tokio::task::spawn_blocking(move || Assets::load(&web)).await??),
            None => None,
        };
        let listen_failed = |cause| ServeError::Listen { listen: config.listen, cause };
        let listener = TcpListener::bind(config.listen).await.map_err(listen_failed)?;
        let origin = config.origin_at(listener.local_addr().map_err(listen_failed)?);
        let (closing, is_closing) = watch::channel(false);
        let (merges, worker) = MergeQueue::new(Arc::clone(&store), Arc::clone(&metrics));
        let worker = tokio::spawn(worker.run(is_closing.clone()));
        let eraser = erase::task(sealed, Arc::clone(&clock), config.erase_time, is_closing.clone());
        let eraser = tokio::spawn(eraser);
        tokio::spawn(invite::task(Arc::clone(&store), Arc::clone(&clock), is_closing.clone()));
        let app = App::new(Parts {
            store,
            keys,
            clock,
            metrics,
            merges,
            limits: config.limits.clone(),
            assets,
            is_https: origin.starts_with("https://"),
            closing: is_closing,
        });
        let (operator, keys_are_new) = (opened.keys, opened.keys_are_new);
        Ok(Self { app, listener, origin, closing, worker, eraser, operator, keys_are_new })
    }

    /// What the handlers share.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// The operator's keys.
    #[must_use]
    pub fn operator(&self) -> &Keys {
        &self.operator
    }

    /// Where the operator's keys are, when they were made just now and have no copy yet.
    #[must_use]
    pub fn new_keys(&self) -> Option<&Path> {
        self.keys_are_new.then(|| self.operator.folder())
    }

    /// How people reach it.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Answers until a signal, then finishes what is under way.
    ///
    /// # Errors
    /// When signals cannot be waited for.
    pub async fn run(self) -> Result<(), ServeError> {
        let mut stop = std::pin::pin!(stop_signal()?);
        let router = routes::router(Arc::clone(&self.app));
        let graceful = GracefulShutdown::new();
        let connections = Arc::new(Semaphore::new(self.app.limits.connections_max));
        loop {
            let stream = tokio::select! {
                () = &mut stop => break,
                stream = accept(&self.listener, &connections) => stream,
            };
            let (stream, peer, permit) = stream;
            // Small frames must not wait for more.
            let _ = stream.set_nodelay(true);
            let inner = TowerToHyperService::new(router.clone());
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(peer);
                inner.call(request)
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(self.app.limits.head_time)
                .serve_connection(TokioIo::new(stream), service);
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection broke off");
                }
                drop(permit);
            });
        }
        tracing::info!("stopping: requests under way are finished");
        drop(self.listener);
        self.closing.send_replace(true);
        if timeout(self.app.limits.shutdown_time, graceful.shutdown()).await.is_err() {
            tracing::warn!("requests that took too long were cut off");
        }
        // A merge that takes longer is a snapshot that is made next time.
        let _ = timeout(self.app.limits.shutdown_time, self.worker).await;
        // A rewrite that is cut off here is begun anew at the next start.
        let _ = timeout(self.app.limits.shutdown_time, self.eraser).await;
        Ok(())
    }
}

async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> (TcpStream, Peer, Option<tokio::sync::OwnedSemaphorePermit>) {
    let permit = Arc::clone(connections).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, address)) => return (stream, Peer(address.ip()), permit),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn stop_signal() -> Result<impl Future<Output = ()>, ServeError> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Signals)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Signals)?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // Without the handler there is no way to stop but to be ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
