//! Accepting connections, and what a client may ask of one: a channel, and on it `sftp` or a command.

use std::{borrow::Cow, collections::HashMap, io, net::SocketAddr, sync::Arc, time::Duration};

use russh::{
    Channel, ChannelId, ChannelOpenFailure, Preferred, Pty, SshId, cipher,
    server::{self, Auth, ChannelOpenHandle, Msg, PublicKeyOffer, Response, Session, VerifiedPublicKey},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::sync::CancellationToken;

use super::{Server, auth::Asked, channel, exec, line::Line};

/// How long a newcomer waits for the seat of somebody who is just leaving.
const SEAT_PATIENCE: Duration = Duration::from_millis(300);
/// Bytes that a client may have on their way to us on one channel.
const WINDOW: u32 = 16 << 20;

/// Those that OpenSSH's server offers: the library leaves one of them out of its own choice.
const CIPHERS: &[cipher::Name] = &[
    cipher::CHACHA20_POLY1305,
    cipher::AES_128_GCM,
    cipher::AES_256_GCM,
    cipher::AES_128_CTR,
    cipher::AES_192_CTR,
    cipher::AES_256_CTR,
];

/// Accepts connections until the server is stopped.
pub(super) async fn accept(listener: TcpListener, server: Arc<Server>) {
    loop {
        let accepted = tokio::select! {
            () = server.stopped.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((tcp, peer)) => drop(tokio::spawn(serve(tcp, peer, Arc::clone(&server)))),
            // Too many open files: nothing to do but wait until some are closed.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(tcp: TcpStream, peer: SocketAddr, server: Arc<Server>) {
    let cut = server.connections.lock().unwrap_or_else(std::sync::PoisonError::into_inner).child_token();
    let Ok(seat) = seat(server.seats.as_ref()).await else { return };
    // An answer of a few bytes is not to wait for the next one.
    if tcp.set_nodelay(true).is_err() {
        return;
    }
    let client = Client {
        server: Arc::clone(&server),
        cut: cut.clone(),
        asked: Asked::default(),
        channels: HashMap::new(),
        _seat: seat,
    };
    let session = server::run_stream(Arc::new(config(&server)), Line::new(tcp, cut.clone()), client);
    let ended = match session.await {
        Ok(running) => running.await,
        Err(error) => Err(error),
    };
    // Whatever still works for this client stops.
    cut.cancel();
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended");
    }
}

/// A place among those that there are; an error where all are taken.
async fn seat(seats: Option<&Arc<Semaphore>>) -> Result<Option<OwnedSemaphorePermit>, ()> {
    let Some(seats) = seats else { return Ok(None) };
    match tokio::time::timeout(SEAT_PATIENCE, Arc::clone(seats).acquire_owned()).await {
        Ok(Ok(seat)) => Ok(Some(seat)),
        _ => Err(()),
    }
}

fn config(server: &Server) -> server::Config {
    server::Config {
        server_id: SshId::Standard(concat!("SSH-2.0-WaybillStandin_", env!("CARGO_PKG_VERSION")).into()),
        methods: server.method_set(),
        auth_rejection_time: Duration::from_millis(50),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![server.host_key()],
        window_size: WINDOW,
        maximum_packet_size: 65_535,
        channel_buffer_size: 256,
        event_buffer_size: 64,
        inactivity_timeout: server.quirks.idle_disconnect,
        max_auth_attempts: 6,
        preferred: Preferred { cipher: Cow::Borrowed(CIPHERS), ..Preferred::default() },
        nodelay: true,
        ..server::Config::default()
    }
}

/// One client that is connected.
struct Client {
    server: Arc<Server>,
    cut: CancellationToken,
    asked: Asked,
    /// Channels that are open and not yet used for anything.
    channels: HashMap<ChannelId, (Channel<Msg>, Option<OwnedSemaphorePermit>)>,
    _seat: Option<OwnedSemaphorePermit>,
}

impl server::Handler for Client {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        Ok(self.server.accepts_password(user, password))
    }

    async fn auth_publickey_offered(&mut self, user: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, Self::Error> {
        Ok(if self.server.knows_key(user, offer.public_key) { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        Ok(self.server.accepts_key(user, key.public_key))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        let answer = response.and_then(|mut answers| answers.next());
        Ok(self.server.interact(user, &mut self.asked, answer.as_deref()))
    }

    async fn authentication_banner(&mut self) -> Result<Option<String>, Self::Error> {
        Ok(self.server.methods.banner.clone())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        let Ok(seat) = seat(self.server.channels.as_ref()).await else {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        };
        self.channels.insert(channel.id(), (channel, seat));
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _session: &mut Session) -> Result<(), Self::Error> {
        self.channels.remove(&channel);
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _term: &str,
        _columns: u32,
        _rows: u32,
        _width: u32,
        _height: u32,
        _modes: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn subsystem_request(&mut self, id: ChannelId, name: &str, session: &mut Session) -> Result<(), Self::Error> {
        match self.channels.remove(&id) {
            Some((channel, seat)) if name == "sftp" => {
                session.channel_success(id)?;
                let (server, cut) = (Arc::clone(&self.server), self.cut.clone());
                drop(tokio::spawn(async move {
                    channel::serve(channel, server, cut).await;
                    drop(seat);
                }));
                Ok(())
            }
            unused => {
                self.channels.extend(unused.map(|unused| (id, unused)));
                session.channel_failure(id)
            }
        }
    }

    async fn exec_request(&mut self, id: ChannelId, data: &[u8], session: &mut Session) -> Result<(), Self::Error> {
        match self.channels.remove(&id) {
            Some((channel, seat)) if !self.server.quirks.no_exec => {
                session.channel_success(id)?;
                let (server, command) = (Arc::clone(&self.server), data.to_vec());
                drop(tokio::spawn(async move {
                    exec::serve(channel, server, command).await;
                    drop(seat);
                }));
                Ok(())
            }
            unused => {
                self.channels.extend(unused.map(|unused| (id, unused)));
                session.channel_failure(id)
            }
        }
    }
}

/// The library's errors where ours are of the system.
pub(super) fn broken(error: russh::Error) -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, error)
}
