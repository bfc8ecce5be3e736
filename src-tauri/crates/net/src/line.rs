//! TLS without HTTP on it: a line to a host by the connection's own trust, client certificate, proxy and patience.

use std::{io, sync::Arc, time::Duration};

use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;
use waybill_proxy::{Stream, Traffic, Way};

use crate::{
    Http,
    unanswered::{late, line_broke, unconnected, untrusted},
};

/// How long an end waits for the other side's own. One that says nothing has nothing against it.
const FAREWELL: Duration = Duration::from_secs(2);

/// A line that stands.
pub struct Line {
    stream: TlsStream<Box<dyn Stream>>,
    operation: &'static str,
    host: String,
    stall: Duration,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line to {}", self.host)
    }
}

impl Http {
    /// A line of TLS to `host`, shown the connection's client certificate where it asks for one.
    pub async fn line(&self, operation: &'static str, host: &str, port: u16) -> Result<Line> {
        let options = &self.0.options;
        let bare = host.trim_matches(['[', ']']);
        let shown = format!("{host}:{port}");
        let name = ServerName::try_from(bare.to_owned()).map_err(|error| {
            ConnectorError::new(FailureKind::Invalid, operation, format!("{host} is no name of a host"))
                .caused_by(error)
        })?;
        let connect = options.patience.connect;
        let way = Way::to(&options.network.proxy, Traffic::Other, host);
        let proxy = |refused: waybill_proxy::ProxyError| refused.to_connector_error(operation).with("step", "proxy");
        let stream: Box<dyn Stream> = match way.map_err(proxy)? {
            Some(way) => way.connect(bare, port, connect).await.map_err(proxy)?,
            None => Box::new(direct(operation, bare, port, connect, &shown).await?),
        };
        let config = self.0.trust.config(options.identity.as_ref())?;
        let handshake = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let met = timeout(connect, handshake).await.map_err(|_| late(operation, &shown))?;
        let stream = met.map_err(|error| self.line_broke(operation, &shown, error))?;
        Ok(Line { stream, operation, host: shown, stall: options.patience.stall })
    }

    fn line_broke(&self, operation: &'static str, host: &str, error: io::Error) -> ConnectorError {
        if error.to_string().contains("invalid peer certificate") {
            return untrusted(operation, host, self.0.trust.refused().as_ref()).caused_by(error);
        }
        line_broke(operation, host, error)
    }
}

async fn direct(operation: &'static str, host: &str, port: u16, connect: Duration, shown: &str) -> Result<TcpStream> {
    let reached = timeout(connect, TcpStream::connect((host, port))).await.map_err(|_| late(operation, shown))?;
    let stream = reached.map_err(|error| unconnected(operation, shown, error))?;
    // A line that is slow for want of it is a line all the same.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small messages may be slow");
    }
    Ok(stream)
}

impl Line {
    /// Sends all of it.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let sending = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        match timeout(self.stall, sending).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(line_broke(self.operation, &self.host, error)),
            Err(_) => Err(late(self.operation, &self.host)),
        }
    }

    /// Ends the line, and hears whether the other side had anything against it: a refused client certificate shows here.
    pub async fn end(mut self) -> Result<()> {
        let farewell = async {
            let shut = self.stream.shutdown().await;
            let mut said = [0; 1024];
            // What the other side has against it is told before the line is torn.
            while self.stream.read(&mut said).await? > 0 {}
            shut
        };
        match timeout(FAREWELL, farewell).await {
            // An end without a farewell is rude and no loss.
            Err(_) | Ok(Ok(())) => Ok(()),
            Ok(Err(error)) if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::NotConnected) => {
                Ok(())
            }
            Ok(Err(error)) => Err(line_broke(self.operation, &self.host, error)),
        }
    }
}
