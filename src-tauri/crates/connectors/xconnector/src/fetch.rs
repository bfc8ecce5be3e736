//! The file that an event names: fetched within a limit and compared with its hash, from nowhere else than the operator allowed.

use bytes::Bytes;
use data_encoding::BASE64;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use http::{StatusCode, header::LOCATION};
use url::Url;
use waybill_connector::{ByteStream, ConnectorError, EventFile, Result, body_of};
use waybill_model::{FailureKind, Sha256, Sha256Hasher};
use waybill_net::Answer;

use crate::{config::Config, connector::XConnector, errors::refused};

/// Redirections that are followed, each judged like the first address.
const REDIRECTIONS: u8 = 3;

fn fault(kind: FailureKind, why: impl Into<String>) -> ConnectorError {
    ConnectorError::new(kind, "fetch", why)
}

/// How a host is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is one of the operator's own: it is shown who we are.
    Known,
    /// Any host may be asked, and learns nothing of us.
    Stranger,
}

/// Whether, and how, a file may be fetched from an address.
fn judge(config: &Config, url: &Url) -> Result<Standing> {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let refuse = |why: String| Err(fault(FailureKind::Denied, why).with("host", host.clone()));
    if !matches!(url.scheme(), "https" | "http") {
        return refuse(format!("the event's file is at a {} address; it is fetched by HTTP alone", url.scheme()));
    }
    let own = config.own_addresses();
    if own.iter().any(|known| known.origin() == url.origin()) {
        return Ok(Standing::Known);
    }
    let with_port = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
    let is_named = |start: &str| {
        let names = [format!("{start}{host}"), format!("{start}{with_port}")];
        config.file_hosts.named.iter().any(|named| names.contains(named))
    };
    if is_named(&format!("{}://", url.scheme())) {
        return Ok(Standing::Known);
    }
    // What the operator reaches over TLS is not asked for without it.
    let is_plain_here = own.iter().any(|known| known.scheme() == "http");
    if url.scheme() == "http" && !is_plain_here {
        return refuse(format!("the event's file is at {host} without TLS, and nothing else of this connection is"));
    }
    if is_named("") {
        return Ok(Standing::Known);
    }
    if config.file_hosts.any {
        return Ok(Standing::Stranger);
    }
    refuse(format!(
        "the event's file is at {host}, which the settings do not allow; add it to file_hosts where it is trusted"
    ))
}

impl XConnector {
    pub(crate) async fn fetch_file(&self, file: &EventFile, limit: u64) -> Result<ByteStream> {
        let too_large = |size: u64| {
            let why = format!("the event's file has {size} bytes, and {limit} are allowed");
            fault(FailureKind::TooLarge, why).with("limit", limit.to_string())
        };
        if let Some(size) = file.size.filter(|size| *size > limit) {
            return Err(too_large(size));
        }
        let body = match (&file.address, &file.inline) {
            (Some(address), _) => {
                let answer = self.fetch_from(self.address_of(address)?).await?;
                if let Some(size) = answer.length().filter(|size| *size > limit) {
                    return Err(too_large(size));
                }
                let answer = if is_page_due(file) { answer } else { answer.no_page("a file")? };
                answer.stream()
            }
            (None, Some(inline)) => {
                let bytes = BASE64.decode(inline.as_bytes());
                let bytes = bytes.map_err(|_| fault(FailureKind::Invalid, "the event's own file is no base64"))?;
                body_of(Bytes::from(bytes))
            }
            (None, None) => return Err(fault(FailureKind::NotFound, "the event brings no file")),
        };
        Ok(compared(body, limit, file.size, file.sha256))
    }

    /// The address, which may lean on that of the feed.
    fn address_of(&self, text: &str) -> Result<Url> {
        let base = self.config.feed.as_ref().map(|feed| &feed.address);
        let found = match base {
            Some(base) => base.join(text).ok(),
            None => text.parse().ok(),
        };
        found.ok_or_else(|| fault(FailureKind::Invalid, "the address of the event's file is none"))
    }

    async fn fetch_from(&self, mut url: Url) -> Result<Answer> {
        for _ in 0..=REDIRECTIONS {
            let answer = match judge(&self.config, &url)? {
                Standing::Known => self.send(|| self.http.get("fetch", url.clone())).await?,
                Standing::Stranger => {
                    let stranger = self.stranger.as_ref().unwrap_or(&self.http);
                    stranger.get("fetch", url.clone()).send().await?
                }
            };
            let target = answer.headers().get(LOCATION).and_then(|target| target.to_str().ok());
            let target =
                target.filter(|_| answer.status().is_redirection() && answer.status() != StatusCode::NOT_MODIFIED);
            match target.and_then(|target| url.join(target).ok()) {
                Some(target) => url = target,
                None => return answer.taken(refused).await,
            }
        }
        Err(fault(FailureKind::Invalid, "the address of the event's file leads on and on"))
    }
}

/// A sign-in page is no file, unless the file is a page.
fn is_page_due(file: &EventFile) -> bool {
    let name = file.name.as_deref().unwrap_or_default().to_ascii_lowercase();
    file.sha256.is_some() || [".html", ".htm", ".xhtml"].iter().any(|end| name.ends_with(end))
}

struct Compared {
    body: ByteStream,
    limit: u64,
    size: Option<u64>,
    sha256: Option<Sha256>,
    come: u64,
    hasher: Sha256Hasher,
}

impl Compared {
    async fn piece(&mut self) -> Result<Option<Bytes>> {
        if let Some(piece) = self.body.try_next().await? {
            self.come += piece.len() as u64;
            if self.come > self.limit {
                let why = format!("the event's file has more than the {} bytes that are allowed", self.limit);
                return Err(fault(FailureKind::TooLarge, why).with("limit", self.limit.to_string()));
            }
            if self.size.is_some_and(|size| self.come > size) {
                let why =
                    format!("the event's file has more than the {} bytes that the event named", self.size.unwrap_or(0));
                return Err(fault(FailureKind::ChecksumMismatch, why));
            }
            self.hasher.update(&piece);
            return Ok(Some(piece));
        }
        if let Some(size) = self.size.filter(|size| self.come < *size) {
            let why = format!("the event's file ended after {} of {size} bytes", self.come);
            return Err(fault(FailureKind::Truncated, why));
        }
        if self.sha256.is_some_and(|expected| expected != self.hasher.so_far()) {
            return Err(fault(
                FailureKind::ChecksumMismatch,
                "the event's file is not the one whose hash the event names",
            ));
        }
        Ok(None)
    }
}

/// The bytes, with an error at the end where they are not what was promised.
fn compared(body: ByteStream, limit: u64, size: Option<u64>, sha256: Option<Sha256>) -> ByteStream {
    let source = Compared { body, limit, size, sha256, come: 0, hasher: Sha256Hasher::default() };
    stream::try_unfold(source, async |mut source| Ok(source.piece().await?.map(|piece| (piece, source)))).boxed()
}
