//! The listener: a port that an operator opened, which takes signed events and answers only once they are kept.
//!
//! - 202 after everything in the message is durable, never before; an event that is known already is 202 again.
//! - 401, 413, 415 and 422 with problem details (RFC 9457); 503 where it could not be kept, so that the sender comes again.
//! - It opens by nobody's doing but the caller's, on loopback unless told otherwise. It speaks plain HTTP: what comes from other
//!   machines comes through a gateway that speaks TLS.

mod answers;
mod door;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::{JoinHandle, JoinSet},
};
use tokio_util::sync::CancellationToken;
use waybill_connector::{ByteStream, Connector, ConnectorError, EventFile, Inbound, RemoteEvent, Result};
use waybill_model::{Clock, FailureKind};

use crate::connector::XConnector;
use door::Door;

/// Senders that are heard at once.
const AT_ONCE: usize = 64;
/// How long a sender may take to say the head of its request.
const HEAD: Duration = Duration::from_secs(10);
/// How long a sender may take in all, from its first byte to our answer.
const WHOLE: Duration = Duration::from_mins(2);
/// How long an end waits for messages that are being kept.
const END: Duration = Duration::from_secs(5);

/// Whether an event was known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is kept now, and what it starts with it.
    New,
    /// It was kept before; nothing was started again.
    Known,
}

/// Makes an event durable, exactly once by its source and id: what it starts is kept in the same step.
#[async_trait]
pub trait Accept: Send + Sync {
    /// When it answers, the event is kept and survives a crash. An error means that the sender has to come again.
    async fn accept(&self, event: RemoteEvent) -> Result<Accepted>;
}

/// Where to listen.
#[derive(Debug, Clone)]
pub struct ListenOptions {
    /// A name or an address of this computer.
    pub host: String,
    /// 0 for any free one.
    pub port: u16,
    /// What senders ask for, with its first `/`.
    pub path: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// An open port. It is shut when this is dropped.
#[derive(Debug)]
pub struct Listener {
    address: SocketAddr,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Listener {
    /// Opens the port; it is heard when this returns.
    pub async fn open(options: ListenOptions, inbound: Arc<dyn Inbound>, accept: Arc<dyn Accept>) -> Result<Self> {
        let (host, port) = (options.host.trim_matches(['[', ']']).to_owned(), options.port);
        let refuse = |error: std::io::Error| {
            let why = match error.kind() {
                std::io::ErrorKind::AddrInUse => {
                    format!("port {port} of {host} is taken by another program; choose another")
                }
                std::io::ErrorKind::PermissionDenied => {
                    format!("port {port} needs rights that this program has not; choose one above 1023")
                }
                _ => format!("nothing can listen at {host}:{port}: {error}"),
            };
            ConnectorError::new(FailureKind::Invalid, "listen", why).caused_by(error)
        };
        let listener = TcpListener::bind((host.as_str(), port)).await.map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        let stop = CancellationToken::new();
        let door = Arc::new(Door::new(options, inbound, accept));
        let task = tokio::spawn(serve(listener, door, stop.clone()));
        Ok(Self { address, stop, task: Some(task) })
    }

    /// Where it listens, with its real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Shuts the port. Messages that are being kept are answered first, for a moment.
    pub async fn close(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            tracing::debug!(%error, "the listener ended early");
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

async fn serve(listener: TcpListener, door: Arc<Door>, stop: CancellationToken) {
    let (graceful, seats) = (GracefulShutdown::new(), Arc::new(Semaphore::new(AT_ONCE)));
    let mut senders = JoinSet::new();
    loop {
        // A sender without a seat waits in the system's own queue. The semaphore is never closed.
        let accepted = async {
            let seat = Arc::clone(&seats).acquire_owned().await.ok();
            (listener.accept().await, seat)
        };
        tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = senders.join_next() => {}
            (accepted, seat) = accepted => match accepted {
                Ok((stream, _)) => hear(stream, &door, &graceful, &mut senders, seat),
                Err(error) => {
                    tracing::warn!(%error, "a sender was not heard");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listener);
    if tokio::time::timeout(END, graceful.shutdown()).await.is_err() {
        tracing::debug!("senders that did not end are cut off");
    }
    senders.shutdown().await;
}

fn hear(
    stream: TcpStream,
    door: &Arc<Door>,
    graceful: &GracefulShutdown,
    senders: &mut JoinSet<()>,
    seat: Option<tokio::sync::OwnedSemaphorePermit>,
) {
    let door = Arc::clone(door);
    let service = hyper::service::service_fn(move |request| {
        let door = Arc::clone(&door);
        async move { Ok::<_, std::convert::Infallible>(door.answer(request).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        // One message a line: a sender that rests would hold a seat.
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    let watched = graceful.watch(connection);
    senders.spawn(async move {
        let _seat = seat;
        match tokio::time::timeout(WHOLE, watched).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a sender ended early"),
            Err(_) => tracing::debug!("a sender took too long"),
        }
    });
}

/// The ability of a connection as one that lives as long as a listener needs it. `None` where it does not listen.
pub fn inbound_of(connector: Arc<dyn Connector>) -> Option<Arc<dyn Inbound>> {
    struct Of(Arc<dyn Connector>);
    #[async_trait]
    impl Inbound for Of {
        fn longest(&self) -> u64 {
            self.0.inbound().map_or(0, Inbound::longest)
        }
        fn receive(&self, delivery: &waybill_connector::Delivery) -> Result<Vec<RemoteEvent>> {
            let shut = || ConnectorError::unsupported("receive", "this connection does not listen");
            self.0.inbound().ok_or_else(shut)?.receive(delivery)
        }
        async fn fetch(&self, file: &EventFile, limit: u64) -> Result<ByteStream> {
            let shut = || ConnectorError::unsupported("fetch", "this connection does not listen");
            self.0.inbound().ok_or_else(shut)?.fetch(file, limit).await
        }
    }
    connector.inbound()?;
    Some(Arc::new(Of(connector)))
}

impl XConnector {
    /// Where its settings want to listen; `None` where they do not.
    pub fn listen_options(&self, clock: Arc<dyn Clock>) -> Option<ListenOptions> {
        let at = self.config.listening.as_ref()?;
        Some(ListenOptions { host: at.host.clone(), port: at.port, path: at.path.clone(), clock })
    }
}
