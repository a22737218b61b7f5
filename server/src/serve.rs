//! The server's life: open, listen, answer, and stop so that nothing is lost.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::admin::invite;
use crate::app::{App, Parts};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::erase;
use crate::keys::Keys;
use crate::merge::MergeQueue;
use crate::metered::Metered;
use crate::metrics::Metrics;
use crate::open::{self, OpenError};
use crate::routes;
use crate::sockets::{Sockets, listen, room_for};
use crate::store::{Store, StoreError};
use crate::web::{Assets, WebError};

/// Most connections to where metrics are told.
const METRICS_CONNECTIONS_MAX: usize = 64;

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
        /// The address, as the configuration names it.
        listen: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The address of metrics.
    #[error(
        "cannot tell metrics at {listen}: {cause}. Another server may do so there: name another address with \
         --metrics-listen (port 0 takes a free one), or write --metrics-listen off"
    )]
    MetricsListen {
        /// The address, as the configuration names it.
        listen: SocketAddr,
        /// What the system says.
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
    metrics: Option<TcpListener>,
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
        Self::start_at(config, Arc::new(SystemClock::new())).await
    }

    /// As [`Self::start`], by another clock than the machine's: for a past that is made up.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_at(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, ServeError> {
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
        let listener = listen(config.listen).map_err(listen_failed)?;
        let metrics_at =
            config.metrics_listen.map(|at| listen(at).map_err(|cause| ServeError::MetricsListen { listen: at, cause }));
        let metrics_listener = metrics_at.transpose()?;
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
        Ok(Self { app, listener, metrics: metrics_listener, origin, closing, worker, eraser, operator, keys_are_new })
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

    /// Where metrics are told, if anywhere.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Answers until `stop`, then finishes what is under way.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let connections_max = room_for(self.app.limits.connections_max);
        let sockets = Sockets::new(Arc::clone(&self.app), routes::router(Arc::clone(&self.app)), connections_max);
        let metrics = self.metrics.map(|listener| tokio::spawn(tell_metrics(Arc::clone(&self.app), listener)));
        let graceful = sockets.serve(&self.listener, stop).await;
        metrics.inspect(tokio::task::JoinHandle::abort);
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
    }
}

/// Serves metrics until it is aborted: the last numbers of a server that stops are for its log.
async fn tell_metrics(app: Arc<App>, listener: TcpListener) {
    let sockets = Sockets::new(Arc::clone(&app), routes::inner_router(app), METRICS_CONNECTIONS_MAX);
    sockets.serve(&listener, std::future::pending()).await;
}

/// Waits for Ctrl-C or SIGTERM, from this call on: one that comes before the future is awaited is kept for it. Until
/// then either ends the process at once.
///
/// # Errors
/// When signals cannot be waited for.
pub fn stop_signal() -> Result<impl Future<Output = ()>, ServeError> {
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
