//! A log server: syslog (RFC 5424) over TLS with the framing of RFC 5425. It takes and keeps, and acknowledges nothing, as the
//! protocol has it. Faults meet the operation `LOG`, once a line: `drop-answer` breaks it after its first message, `hang` never
//! answers, any other breaks it at once.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::routing::get;
use axum::{Json, Router};
use data_encoding::{HEXLOWER, HEXUPPER};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::state::{LoggedMessage, State};
use crate::faults::{Fault, Faults};
use crate::web::Server;

/// Bytes of a message that is taken.
const MOST: usize = 64 * 1024;
/// The operation that faults and the journal name.
const OPERATION: &str = "LOG";

pub(super) fn route() -> Router<Arc<State>> {
    Router::new().route("/syslog", get(logged))
}

async fn logged(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({ "items": state.logged() }))
}

/// The certificate that the log server shows. It is its own issuer, so a client trusts it by its fingerprint or as an authority.
#[derive(Debug, Clone)]
pub struct LogTls {
    pem: String,
    fingerprint: String,
}

impl LogTls {
    /// In PEM form.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// SHA-256 of it in DER form, as browsers show it.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// A running log server; it stops when it is dropped.
#[derive(Debug)]
pub(super) struct LogServer {
    address: SocketAddr,
    tls: LogTls,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl LogServer {
    pub(super) async fn start(state: Arc<State>, faults: Faults) -> std::io::Result<Self> {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).map_err(std::io::Error::other)?;
        let der = made.cert.der().clone();
        let digest = HEXUPPER.encode(&Sha256::digest(&der));
        let pairs: Vec<_> =
            digest.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect();
        let tls = LogTls { pem: made.cert.pem(), fingerprint: pairs.join(":") };
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).map_err(std::io::Error::other)?;
        let config = config(state.options.log_senders.as_deref(), der, key)?;
        let (listener, address) = Server::listen(0).await?;
        let stop = CancellationToken::new();
        let task = tokio::spawn(serve(listener, TlsAcceptor::from(config), state, faults, stop.clone()));
        Ok(Self { address, tls, stop, task: Some(task) })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn tls(&self) -> &LogTls {
        &self.tls
    }

    pub(super) async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            tracing::debug!(%error, "the log server ended early");
        }
    }
}

impl Drop for LogServer {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

fn config(
    senders: Option<&str>,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> std::io::Result<Arc<ServerConfig>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?;
    let builder = match senders {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(CertificateDer::pem_slice_iter(pem.as_bytes()).flatten());
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.map_err(std::io::Error::other)?)
        }
    };
    builder.with_single_cert(vec![certificate], key).map(Arc::new).map_err(std::io::Error::other)
}

async fn serve(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    state: Arc<State>,
    faults: Faults,
    stop: CancellationToken,
) {
    let mut lines = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = lines.join_next() => {}
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                let (acceptor, state, faults) = (acceptor.clone(), Arc::clone(&state), faults.clone());
                lines.spawn(async move {
                    if let Err(error) = hear(stream, acceptor, &state, &faults).await {
                        tracing::debug!(%error, "a line of the log server ended early");
                    }
                });
            },
        }
    }
    lines.shutdown().await;
}

/// Takes frame after frame until the sender ends the line. A frame that is none ends it.
async fn hear(stream: TcpStream, acceptor: TlsAcceptor, state: &State, faults: &Faults) -> std::io::Result<()> {
    let met = faults.take(OPERATION, "/syslog");
    if met.contains(&Fault::Hang) {
        std::future::pending::<()>().await;
    }
    let breaks_later = met.contains(&Fault::DropAnswer);
    if !met.is_empty() {
        // The line breaks, and does not end in peace.
        stream.set_zero_linger()?;
        if !breaks_later {
            return Ok(());
        }
    }
    let stream = acceptor.accept(stream).await?;
    let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let certificate = shown.map(|certificate| HEXLOWER.encode(&Sha256::digest(certificate)));
    let mut stream = BufReader::new(stream);
    while let Some(text) = frame(&mut stream).await? {
        let number = faults.begin(OPERATION, OPERATION, "/syslog");
        faults.amend(number, |record| record.received = text.len() as u64);
        state.log(LoggedMessage { text, certificate: certificate.clone() });
        if breaks_later {
            return Ok(());
        }
    }
    stream.get_mut().shutdown().await
}

/// The length in digits, a blank, and so many bytes. `None` at the end.
async fn frame(stream: &mut (impl tokio::io::AsyncBufRead + Unpin)) -> std::io::Result<Option<String>> {
    let malformed = |why: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, why.to_owned());
    let mut digits = Vec::new();
    // No length that is taken has more digits.
    let read = stream.take(8).read_until(b' ', &mut digits).await?;
    if read == 0 {
        return Ok(None);
    }
    let length =
        digits.strip_suffix(b" ").filter(|digits| digits.first().is_some_and(|first| (b'1'..=b'9').contains(first)));
    let length = length.and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
    let length = length.filter(|length| *length <= MOST).ok_or_else(|| malformed("a frame without its length"))?;
    let mut message = vec![0; length];
    stream.read_exact(&mut message).await?;
    String::from_utf8(message).map(Some).map_err(|_| malformed("a message that is no UTF-8"))
}
