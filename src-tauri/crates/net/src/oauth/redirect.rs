//! The listener to which a browser is sent back: one port of this computer, for one sign-in, and gone afterwards.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use url::Url;
use waybill_connector::{ConnectorError, Result, Said};
use waybill_model::FailureKind;

use crate::words;

/// Bytes of a browser's request that are read.
const REQUEST_BYTES: usize = 16 * 1024;
/// How long a browser may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);

/// A listener that waits for the browser.
#[derive(Debug)]
pub struct Redirect {
    listener: TcpListener,
    uri: Url,
}

impl Redirect {
    /// Listens where the redirect address of the settings leads. It has to name this computer: `http://127.0.0.1:port/…`
    /// or `http://localhost:port/…`. Port 0 is any free one, for providers that take any.
    pub async fn listen(uri: &Url) -> Result<Self> {
        let refuse =
            |said: Said| ConnectorError::saying(FailureKind::Invalid, "sign-in", said).with("step", "redirect");
        let is_here = uri.scheme() == "http" && matches!(uri.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if !is_here {
            return Err(refuse(words::REDIRECT_ELSEWHERE.with(&[("address", uri.as_str())])));
        }
        let port = uri.port().unwrap_or(80);
        let host = if uri.host_str() == Some("[::1]") { "::1" } else { "127.0.0.1" };
        let listener = TcpListener::bind((host, port)).await.map_err(|error| {
            let (port, why) = (port.to_string(), error.to_string());
            refuse(words::REDIRECT_TAKEN.with(&[("port", &port), ("why", &why)]))
        })?;
        let mut uri = uri.clone();
        let real = listener.local_addr().map_or(port, |address: SocketAddr| address.port());
        if uri.set_port(Some(real)).is_err() {
            return Err(refuse(words::REDIRECT_PORT.with(&[("address", uri.as_str())])));
        }
        Ok(Self { listener, uri })
    }

    /// The address with its real port.
    pub fn uri(&self) -> &Url {
        &self.uri
    }

    /// Waits for the browser, at most so long, and answers the whole address that it was sent to. `page` is the HTML that
    /// the person sees then.
    pub async fn wait(self, at_most: Duration, page: &str) -> Result<Url> {
        let late = || {
            let minutes = (at_most.as_secs() / 60).to_string();
            let said = words::NOT_IN_TIME.with(&[("minutes", &minutes)]);
            ConnectorError::saying(FailureKind::TimedOut, "sign-in", said).with("step", "sign-in")
        };
        timeout(at_most, self.hear(page)).await.map_err(|_| late())
    }

    async fn hear(&self, page: &str) -> Url {
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            // Browsers open lines ahead and ask for icons; whatever is not the answer is sent away.
            if let Ok(Some(found)) = timeout(PATIENCE, self.answer(stream, page)).await {
                return found;
            }
        }
    }

    async fn answer(&self, mut stream: TcpStream, page: &str) -> Option<Url> {
        let mut request = Vec::new();
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut piece = [0; 2048];
            let read = stream.read(&mut piece).await.ok()?;
            if read == 0 || request.len() + read > REQUEST_BYTES {
                return None;
            }
            request.extend_from_slice(&piece[..read]);
        }
        let line = String::from_utf8_lossy(&request);
        let mut words = line.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        let found = self.uri.join(target).ok();
        let is_answer = found.as_ref().is_some_and(|found| {
            method == "GET"
                && found.path() == self.uri.path()
                && found.query_pairs().any(|(name, _)| matches!(&*name, "code" | "error"))
        });
        let (status, body) = if is_answer { ("200 OK", page) } else { ("404 Not Found", "") };
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        // Whoever asked may be gone; the answer counts all the same.
        drop(stream.write_all(answer.as_bytes()).await);
        drop(stream.shutdown().await);
        found.filter(|_| is_answer)
    }
}
