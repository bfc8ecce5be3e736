//! One request: what it says, and sending it once.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use bytes::Bytes;
use data_encoding::BASE64;
use futures::{Stream, StreamExt as _};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, LOCATION},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use url::{Url, form_urlencoded};
use waybill_connector::{ByteStream, ConnectorError, PROXY_SIGN_IN, Result};
use waybill_model::FailureKind;

use crate::{
    Answer, Http, Multipart,
    inspector::{Asked, is_text},
    mask::Secrets,
    unanswered::{late, unanswered},
};

/// Bytes that are handed to the wire at once, so that progress is seen while a body is under way.
const STEP: usize = 256 * 1024;
/// How often a body that is under way is looked after.
const LOOK: Duration = Duration::from_millis(500);

/// What is sent with a request.
pub enum Payload {
    /// No body.
    Nothing,
    /// Bytes that are at hand.
    Bytes {
        /// The `Content-Type`.
        kind: String,
        /// All of them.
        bytes: Bytes,
    },
    /// Bytes that come while they are sent.
    Stream {
        /// The `Content-Type`.
        kind: String,
        /// The bytes.
        body: ByteStream,
        /// How many there are.
        length: u64,
    },
}

/// A request that is being made.
#[must_use]
pub struct Call {
    ask: Ask,
    payload: Payload,
    follows: u8,
    fault: Option<ConnectorError>,
}

/// A request without its body, which can be looked at from several threads.
struct Ask {
    http: Http,
    operation: &'static str,
    method: Method,
    url: Url,
    headers: HeaderMap,
    secrets: Secrets,
    answer_within: Duration,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Ask { operation, method, url, secrets, .. } = &self.ask;
        write!(f, "{operation} {method} {}", secrets.address(url))
    }
}

impl Call {
    pub(crate) fn new(http: Http, operation: &'static str, method: Method, url: Url) -> Self {
        let answer_within = http.0.options.patience.answer;
        let (headers, secrets) = (HeaderMap::new(), Secrets::default());
        let ask = Ask { http, operation, method, url, headers, secrets, answer_within };
        Self { ask, payload: Payload::Nothing, follows: 0, fault: None }
    }

    /// What it is for, as errors and the inspector name it.
    pub(crate) fn operation(&self) -> &'static str {
        self.ask.operation
    }

    /// Adds a pair to the query.
    pub fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.ask.url.query_pairs_mut().append_pair(name, value.as_ref());
        self
    }

    /// Adds a secret to the query, for the servers that want it there.
    pub fn secret_query(self, name: &str, value: &SecretString) -> Self {
        self.hide(value.clone()).query(name, value.expose_secret())
    }

    /// Adds a header. A value that is none makes the call fail before anything is sent.
    pub fn header(mut self, name: HeaderName, value: impl AsRef<str>) -> Self {
        // Bytes of UTF-8 pass; control characters do not.
        match HeaderValue::from_bytes(value.as_ref().as_bytes()) {
            Ok(value) => {
                self.ask.headers.append(name, value);
            }
            Err(_) => {
                self.fault = Some(ConnectorError::new(
                    FailureKind::Invalid,
                    self.ask.operation,
                    format!("the header {name} cannot be sent: it holds a line break or another control character"),
                ));
            }
        }
        self
    }

    /// Adds a header that is a secret as a whole.
    pub fn secret_header(self, name: &HeaderName, value: &SecretString) -> Self {
        let mut call = self.hide(value.clone()).header(name.clone(), value.expose_secret());
        if let Some(value) = call.ask.headers.get_mut(name) {
            value.set_sensitive(true);
        }
        call
    }

    /// Signs in with a token.
    pub fn bearer(self, token: &SecretString) -> Self {
        let header = SecretString::from(format!("Bearer {}", token.expose_secret()));
        self.hide(token.clone()).secret_header(&AUTHORIZATION, &header)
    }

    /// Signs in with a user and a password.
    pub fn basic(self, user: &str, password: &SecretString) -> Self {
        let pair = BASE64.encode(format!("{user}:{}", password.expose_secret()).as_bytes());
        self.hide(password.clone()).secret_header(&AUTHORIZATION, &SecretString::from(format!("Basic {pair}")))
    }

    /// Says that a text is secret wherever it stands in this exchange.
    pub fn hide(mut self, secret: SecretString) -> Self {
        self.ask.secrets.add(secret);
        self
    }

    /// What kind of answer is wanted.
    pub fn accept(self, kind: &str) -> Self {
        self.header(ACCEPT, kind)
    }

    /// Sends JSON.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.payload(Payload::Bytes { kind: "application/json".to_owned(), bytes: bytes.into() }),
            Err(error) => {
                let why = "what is to be sent cannot be written as JSON";
                self.fault = Some(ConnectorError::new(FailureKind::Invalid, self.ask.operation, why).caused_by(error));
                self
            }
        }
    }

    /// Sends a form. A secret in it is named by [`Self::hide`], or by its name.
    pub fn form<K: AsRef<str>, V: AsRef<str>>(self, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.payload(Payload::Bytes { kind: "application/x-www-form-urlencoded".to_owned(), bytes: form.into() })
    }

    /// Sends parts.
    pub fn multipart(self, parts: Multipart) -> Self {
        let (kind, length) = (parts.content_type(), parts.length());
        self.payload(Payload::Stream { kind, body: parts.into_stream(), length })
    }

    /// Sends any body.
    pub fn payload(mut self, payload: Payload) -> Self {
        self.payload = payload;
        self
    }

    /// Follows so many redirections of a GET. What signs in here is not told to another host.
    pub fn follow(mut self, most: u8) -> Self {
        self.follows = most;
        self
    }

    /// Waits so long until the answer begins, in place of the connection's patience.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.ask.answer_within = time;
        self
    }

    /// Sends it. Any answer is one, whatever its status says.
    pub async fn send(self) -> Result<Answer> {
        let Self { mut ask, mut payload, follows: mut left, fault } = self;
        if let Some(fault) = fault {
            return Err(fault);
        }
        loop {
            let answer = ask.once(std::mem::replace(&mut payload, Payload::Nothing)).await?;
            let Some(target) = ask.redirection(&answer).filter(|_| left > 0) else { return Ok(answer) };
            ask.turn_to(target);
            left -= 1;
        }
    }
}

impl Ask {
    /// Where a GET is sent on to.
    fn redirection(&self, answer: &Answer) -> Option<Url> {
        let is_redirection = matches!(
            answer.status(),
            StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT
        );
        let target = answer.headers().get(LOCATION)?.to_str().ok()?;
        if is_redirection && self.method == Method::GET { self.url.join(target).ok() } else { None }
    }

    /// Goes on there. What signs in here is not told to another host.
    fn turn_to(&mut self, target: Url) {
        if target.origin() != self.url.origin() {
            let secret = self.headers.iter().filter(|(_, value)| value.is_sensitive());
            let secret: Vec<HeaderName> = secret.map(|(name, _)| name.clone()).collect();
            for name in secret {
                self.headers.remove(name);
            }
        }
        self.url = target;
    }

    /// One exchange.
    async fn once(&self, payload: Payload) -> Result<Answer> {
        let (operation, options) = (self.operation, &self.http.0.options);
        let host = host_of(&self.url);
        if let Err(refused) = self.http.way_to(&self.url) {
            return Err(refused.to_connector_error(operation).with("step", "proxy"));
        }
        let _seat = self.http.0.pacer.turn().await;
        let mut headers = self.headers.clone();
        let (kind, bytes, length) = describe(&payload);
        if let Ok(kind) = HeaderValue::from_str(&kind)
            && !kind.is_empty()
        {
            headers.entry(CONTENT_TYPE).or_insert(kind);
        }
        let asked = Asked {
            connection: &options.connection,
            operation,
            at: options.clock.now(),
            method: self.method.as_str(),
            url: &self.url,
            headers: &headers,
            body: &bytes,
            kind: &kind,
            bytes: length,
        };
        let number = options.inspector.ask(&asked, &self.secrets);
        let way = Arc::new(OnTheWay::default());
        let mut request = self.http.0.client.request(self.method.clone(), self.url.clone()).headers(headers);
        match payload {
            Payload::Nothing => way.written.store(true, Ordering::Release),
            Payload::Bytes { bytes, .. } if bytes.len() > STEP => {
                let length = bytes.len() as u64;
                let body = Measured { body: in_steps(bytes), length, sent: 0, operation, way: Arc::clone(&way) };
                request = request.header(CONTENT_LENGTH, length).body(reqwest::Body::wrap_stream(body));
            }
            Payload::Bytes { bytes, .. } => {
                way.written.store(true, Ordering::Release);
                request = request.body(bytes);
            }
            Payload::Stream { body, length, .. } => {
                let body = Measured { body, length, sent: 0, operation, way: Arc::clone(&way) };
                request = request.header(CONTENT_LENGTH, length).body(reqwest::Body::wrap_stream(body));
            }
        }
        let began = Instant::now();
        let sent = self.watched(&way, request.send()).await;
        let fault = way.fault.lock().unwrap_or_else(PoisonError::into_inner).take();
        let sent = match (fault, sent) {
            // The source's own failure, and not the server's that heard half of it.
            (Some(fault), _) => Err(fault),
            (None, Ok(Ok(response))) => Ok(response),
            (None, Ok(Err(error))) => Err(self.explain(&host, error).await),
            (None, Err(late)) => Err(late),
        };
        match sent {
            Ok(response) if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                options.inspector.answered(number, 407, response.headers(), began.elapsed(), &self.secrets);
                Err(self.proxy_refused())
            }
            Ok(response) => {
                let status = response.status().as_u16();
                options.inspector.answered(number, status, response.headers(), began.elapsed(), &self.secrets);
                Ok(Answer::new(self.http.clone(), operation, host, number, self.secrets.clone(), response))
            }
            Err(error) => {
                options.inspector.failed(number, &error.to_string(), began.elapsed());
                Err(error)
            }
        }
    }

    /// Waits for the answer: as long as bytes are taken, and then so long as an answer may take.
    async fn watched<T>(&self, way: &OnTheWay, answer: impl Future<Output = T>) -> Result<T> {
        let mut answer = std::pin::pin!(answer);
        let stall = self.http.0.options.patience.stall;
        let mut quiet_since = Instant::now();
        let mut before = (0, false);
        loop {
            tokio::select! {
                answer = &mut answer => return Ok(answer),
                () = tokio::time::sleep(LOOK) => {}
            }
            let now = (way.sent.load(Ordering::Acquire), way.written.load(Ordering::Acquire));
            if now != before || way.waits_for_source.load(Ordering::Acquire) {
                before = now;
                quiet_since = Instant::now();
            }
            let patience = if now.1 { self.answer_within } else { stall };
            if quiet_since.elapsed() >= patience {
                return Err(late(self.operation, &host_of(&self.url)));
            }
        }
    }

    /// What went wrong, with the proxy named where it is the proxy's doing.
    async fn explain(&self, host: &str, error: reqwest::Error) -> ConnectorError {
        let connect = self.http.0.options.patience.connect;
        if error.is_connect()
            && let Ok(Some(way)) = self.http.way_to(&self.url)
        {
            let port = self.url.port_or_known_default().unwrap_or(443);
            let knocked = if self.url.scheme() == "https" {
                way.connect(host, port, connect).await.map(drop)
            } else {
                way.knock(host, port, connect).await
            };
            if let Err(refused) = knocked {
                return refused.to_connector_error(self.operation).with("step", "proxy").caused_by(error.without_url());
            }
        }
        unanswered(self.operation, host, error, self.http.0.trust.refused().as_ref())
    }

    fn proxy_refused(&self) -> ConnectorError {
        let proxy = self.http.way_to(&self.url).ok().flatten().map(|way| way.address().to_string()).unwrap_or_default();
        let host = host_of(&self.url);
        ConnectorError::new(
            FailureKind::Unauthenticated,
            self.operation,
            format!("the proxy {proxy} asks who wants to reach {host}, or does not take what it was told; correct it under Settings, Network"),
        )
        .code(PROXY_SIGN_IN)
        .with(PROXY_SIGN_IN, proxy)
        .with("step", "proxy")
    }
}

/// Who is spoken to, as errors name it.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Kind, what the inspector may keep of it, and length.
fn describe(payload: &Payload) -> (String, Bytes, Option<u64>) {
    match payload {
        Payload::Nothing => (String::new(), Bytes::new(), Some(0)),
        Payload::Bytes { kind, bytes } => {
            let shown = if is_text(kind) { bytes.clone() } else { Bytes::new() };
            (kind.clone(), shown, Some(bytes.len() as u64))
        }
        Payload::Stream { kind, length, .. } => (kind.clone(), Bytes::new(), Some(*length)),
    }
}

/// Bytes that are at hand, piece by piece and without a copy.
fn in_steps(bytes: Bytes) -> ByteStream {
    futures::stream::unfold(bytes, async |mut left| {
        let piece = left.split_to(left.len().min(STEP));
        (!piece.is_empty()).then_some((Ok(piece), left))
    })
    .boxed()
}

/// How far a body is.
#[derive(Debug, Default)]
struct OnTheWay {
    sent: AtomicU64,
    written: AtomicBool,
    waits_for_source: AtomicBool,
    fault: Mutex<Option<ConnectorError>>,
}

/// A body that is as long as was announced, or ends the request.
struct Measured {
    body: ByteStream,
    length: u64,
    sent: u64,
    operation: &'static str,
    way: Arc<OnTheWay>,
}

impl Measured {
    fn end(&self, fault: ConnectorError) -> Poll<Option<std::io::Result<Bytes>>> {
        let told = std::io::Error::other(fault.to_string());
        *self.way.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
        Poll::Ready(Some(Err(told)))
    }
}

impl Stream for Measured {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.way.waits_for_source.store(true, Ordering::Release);
        let next = ready!(self.body.poll_next_unpin(context));
        self.way.waits_for_source.store(false, Ordering::Release);
        match next {
            Some(Ok(bytes)) => {
                self.sent += bytes.len() as u64;
                if self.sent > self.length {
                    let why = format!("the source has more than the {} bytes that were announced", self.length);
                    return self.end(ConnectorError::new(FailureKind::Changed, self.operation, why));
                }
                self.way.sent.store(self.sent, Ordering::Release);
                if self.sent == self.length {
                    self.way.written.store(true, Ordering::Release);
                }
                Poll::Ready(Some(Ok(bytes)))
            }
            Some(Err(fault)) => self.end(fault),
            None if self.sent < self.length => {
                let why = format!("the source ended after {} of {} bytes", self.sent, self.length);
                self.end(ConnectorError::new(FailureKind::Truncated, self.operation, why))
            }
            None => {
                self.way.written.store(true, Ordering::Release);
                Poll::Ready(None)
            }
        }
    }
}
