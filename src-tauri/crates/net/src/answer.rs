//! An answer, and its body within limits.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt as _};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use reqwest::Response;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::timeout;
use waybill_connector::{ByteStream, ConnectorError, Result};
use waybill_model::{FailureKind, Retry};

use crate::{
    Http, Refusal,
    body::is_page,
    inspector::{BODY_BYTES, is_text},
    mask::Secrets,
    unanswered::unanswered,
};

/// Bytes of a refusal that are read.
const REFUSAL_BYTES: u64 = 256 * 1024;

/// An answer whose body was not read yet.
pub struct Answer {
    http: Http,
    operation: &'static str,
    host: String,
    number: u64,
    secrets: Secrets,
    response: Response,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} to {}", self.status(), self.host, self.operation)
    }
}

impl Answer {
    pub(crate) fn new(
        http: Http,
        operation: &'static str,
        host: String,
        number: u64,
        secrets: Secrets,
        response: Response,
    ) -> Self {
        Self { http, operation, host, number, secrets, response }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// A header as text; `None` where it is missing or no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().get(name)?.to_str().ok()
    }

    /// Bytes of the body, where they are announced.
    pub fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The kind of the body, without parameters, in small letters.
    pub fn kind(&self) -> String {
        let kind = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Who answered.
    pub fn host(&self) -> &str {
        &self.host
    }

    fn error(&self, kind: FailureKind, why: impl Into<String>) -> ConnectorError {
        ConnectorError::new(kind, self.operation, why).with("status", self.status().as_u16().to_string())
    }

    /// The whole body, at most `limit` bytes.
    pub async fn bytes(mut self, limit: u64) -> Result<Bytes> {
        let mut all = BytesMut::new();
        let read = self.read(limit, &mut all).await;
        let kind = self.kind();
        let shown = if is_text(&kind) { &all[..all.len().min(BODY_BYTES)] } else { &[] };
        self.http.0.options.inspector.came(self.number, &kind, shown, all.len() as u64, &self.secrets);
        read.map(|()| all.freeze())
    }

    async fn read(&mut self, limit: u64, all: &mut BytesMut) -> Result<()> {
        let stall = self.http.0.options.patience.stall;
        loop {
            let piece = timeout(stall, self.response.chunk()).await.map_err(|_| self.silent(stall))?;
            let piece = piece.map_err(|error| unanswered(self.operation, &self.host, error, None))?;
            let Some(piece) = piece else { return Ok(()) };
            if all.len() as u64 + piece.len() as u64 > limit {
                let why = format!("{} answered with more than {limit} bytes, which is no answer to this", self.host);
                return Err(self.error(FailureKind::Invalid, why));
            }
            all.extend_from_slice(&piece);
        }
    }

    fn silent(&self, stall: Duration) -> ConnectorError {
        let why = format!("{} fell silent for {} s in the middle of its answer", self.host, stall.as_secs());
        self.error(FailureKind::TimedOut, why)
    }

    /// The body as text, at most `limit` bytes.
    pub async fn text(self, limit: u64) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.bytes(limit).await?).into_owned())
    }

    /// The body as JSON of at most `limit` bytes.
    pub async fn json<T: DeserializeOwned>(self, limit: u64) -> Result<T> {
        let (faults, body) = self.whole(limit).await?;
        serde_json::from_slice(&body).map_err(|error| faults.unreadable(&body, error))
    }

    /// The same, where the vendor may say in a success that it was none: `failed` finds that in the JSON.
    pub async fn json_unless<T: DeserializeOwned>(
        self,
        limit: u64,
        failed: impl FnOnce(&Value) -> Option<ConnectorError> + Send,
    ) -> Result<T> {
        let (faults, body) = self.whole(limit).await?;
        // Nothing is nothing, and a status may promise that nothing comes.
        let none_is_due = faults.status == StatusCode::NO_CONTENT;
        let read = if none_is_due { Ok(Value::Null) } else { serde_json::from_slice(&body) };
        let value = read.map_err(|error| faults.unreadable(&body, error))?;
        match failed(&value) {
            Some(error) => Err(error),
            None => serde_json::from_value(value).map_err(|error| faults.unreadable(&body, error)),
        }
    }

    /// The body of a success that need not be JSON, nor be there. Fails where it is a web page, and where it is JSON in which
    /// `failed` finds that the vendor did not do what it was asked.
    pub async fn done(self, limit: u64, failed: impl FnOnce(&Value) -> Option<ConnectorError> + Send) -> Result<Bytes> {
        let (faults, body) = self.whole(limit).await?;
        if !body.trim_ascii().is_empty() && faults.is_page(&body) {
            return Err(faults.page("an acknowledgement"));
        }
        match serde_json::from_slice(&body).ok().as_ref().and_then(failed) {
            Some(error) => Err(error),
            None => Ok(body),
        }
    }

    async fn whole(self, limit: u64) -> Result<(Faults, Bytes)> {
        let faults = self.faults();
        // Bodies are read in a box: an answer is large, and many calls lie around this.
        Ok((faults, Box::pin(self.bytes(limit)).await?))
    }

    fn faults(&self) -> Faults {
        Faults { operation: self.operation, host: self.host.clone(), kind: self.kind(), status: self.status() }
    }

    /// Answers itself unless it calls itself a web page, which is no `due`.
    pub fn no_page(self, due: &str) -> Result<Self> {
        if is_page(&self.kind(), &[]) { Err(self.page(due)) } else { Ok(self) }
    }

    /// The error of a web page in place of what was due.
    pub fn page(&self, due: &str) -> ConnectorError {
        self.faults().page(due)
    }

    /// The body as it comes. An end before the announced length is `Truncated`.
    pub fn stream(self) -> ByteStream {
        let stall = self.http.0.options.patience.stall;
        let expected = self.length();
        let silent = self.silent(stall).to_string();
        let (operation, host) = (self.operation, self.host);
        Coming { body: Box::pin(self.response.bytes_stream()), expected, come: 0, over: false, operation, host }
            .watched(stall, silent)
    }

    /// What the server says where it refuses.
    pub async fn refusal(self) -> Refusal {
        let (status, headers, kind) = (self.status(), self.headers().clone(), self.kind());
        let millis = u64::try_from(self.http.clock().now().0).unwrap_or(0);
        let now: SystemTime = UNIX_EPOCH + Duration::from_millis(millis);
        // A refusal that cannot be read is one without words.
        let body = self.bytes(REFUSAL_BYTES).await.unwrap_or_default();
        Refusal::read(status, &headers, &kind, &body, now)
    }

    /// Answers itself where the status is one of success, else the refusal.
    pub async fn success(self) -> std::result::Result<Self, Refusal> {
        if self.status().is_success() { Ok(self) } else { Err(Box::pin(self.refusal()).await) }
    }

    /// Answers itself where the status is one of success, else what the vendor's `table` makes of the refusal.
    pub async fn taken(self, table: impl FnOnce(&'static str, &Refusal) -> ConnectorError + Send) -> Result<Self> {
        let operation = self.operation;
        self.success().await.map_err(|refusal| table(operation, &refusal))
    }

    /// The same; `None` where the vendor says that nothing is there. A web page does not speak for it.
    pub async fn found(
        self,
        table: impl FnOnce(&'static str, &Refusal) -> ConnectorError + Send,
    ) -> Result<Option<Self>> {
        let operation = self.operation;
        match self.success().await {
            Ok(answer) => Ok(Some(answer)),
            Err(refusal) => match table(operation, &refusal) {
                error if error.kind == FailureKind::NotFound && !refusal.is_page => Ok(None),
                error => Err(error),
            },
        }
    }
}

/// What errors about a body name, for when the answer itself is gone.
struct Faults {
    operation: &'static str,
    host: String,
    kind: String,
    status: StatusCode,
}

impl Faults {
    /// No interface of JSON begins an answer like that.
    fn is_page(&self, body: &[u8]) -> bool {
        is_page(&self.kind, body) || body.trim_ascii_start().starts_with(b"<")
    }

    /// An error of what is none of the interface's own answers.
    fn error(&self, why: String) -> ConnectorError {
        let error = ConnectorError::new(FailureKind::Invalid, self.operation, why);
        error.with("status", self.status.as_u16().to_string()).with("page", "true")
    }

    fn page(&self, due: &str) -> ConnectorError {
        let host = &self.host;
        self.error(format!(
            "{host} answered with a web page where {due} was due; a sign-in page or a proxy may be in between, or the address leads elsewhere"
        ))
    }

    /// The error of a body that is not what it has to be.
    fn unreadable(&self, body: &[u8], error: serde_json::Error) -> ConnectorError {
        let fault = if self.is_page(body) {
            self.page("data")
        } else {
            let host = &self.host;
            self.error(format!("{host} answered with something that is not what its documents describe: {error}"))
        };
        fault.caused_by(error)
    }
}

/// A body on its way in.
struct Coming {
    body: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    expected: Option<u64>,
    come: u64,
    over: bool,
    operation: &'static str,
    host: String,
}

impl Coming {
    fn watched(self, stall: Duration, silent: String) -> ByteStream {
        let operation = self.operation;
        futures::stream::unfold(Some(self), move |coming| {
            let silent = silent.clone();
            async move {
                let mut coming = coming?;
                match timeout(stall, coming.next()).await {
                    Ok(Some(Ok(bytes))) => Some((Ok(bytes), Some(coming))),
                    Ok(Some(Err(error))) => Some((Err(error), None)),
                    Ok(None) => None,
                    Err(_) => Some((Err(ConnectorError::new(FailureKind::TimedOut, operation, silent)), None)),
                }
            }
        })
        .boxed()
    }

    fn truncated(&self) -> ConnectorError {
        let expected = self.expected.map_or_else(|| "all".to_owned(), |expected| expected.to_string());
        let why = format!("{} sent {} of {expected} bytes and no more", self.host, self.come);
        ConnectorError::new(FailureKind::Truncated, self.operation, why).retry(Retry::Backoff)
    }
}

impl Stream for Coming {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        match std::task::ready!(self.body.as_mut().poll_next(context)) {
            Some(Ok(bytes)) => {
                self.come += bytes.len() as u64;
                Poll::Ready(Some(Ok(bytes)))
            }
            Some(Err(error)) => {
                self.over = true;
                let is_cut = self.expected.is_some_and(|expected| self.come < expected);
                let error = if is_cut {
                    self.truncated().caused_by(error.without_url())
                } else {
                    unanswered(self.operation, &self.host, error, None)
                };
                Poll::Ready(Some(Err(error)))
            }
            None => {
                self.over = true;
                if self.expected.is_some_and(|expected| self.come < expected) {
                    return Poll::Ready(Some(Err(self.truncated())));
                }
                Poll::Ready(None)
            }
        }
    }
}
