//! The one error value of every connector.

use std::{error::Error as StdError, fmt};

use bytes::Bytes;
use futures::stream::{self, BoxStream};
use waybill_model::{Failure, FailureKind, RemotePath, Retry, Side};

use crate::Said;

/// The result of a connector's call.
pub type Result<T> = std::result::Result<T, ConnectorError>;

/// Bytes on their way, in pieces of any size. After an error nothing more comes.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// A stream of bytes that are at hand.
pub fn body_of(bytes: Bytes) -> ByteStream {
    Box::pin(stream::iter([Ok(bytes)]))
}

/// What went wrong, in terms that the engine and a person can act on.
///
/// Built in each connector's `errors.rs` from the remote's answer. The message names the thing, never a secret.
#[derive(Debug)]
pub struct ConnectorError {
    /// Who has to act, and how.
    pub kind: FailureKind,
    /// Whether trying again can help.
    pub retry: Retry,
    /// What was being done: `list`, `put_part`.
    pub operation: &'static str,
    /// What it was done to.
    pub path: Option<RemotePath>,
    /// The remote's own code, as its administrator knows it.
    pub code: Option<String>,
    /// One sentence without a final full stop.
    pub message: String,
    /// The message as a phrase, where it is one: see [`Self::saying`].
    pub said: Option<Box<Said>>,
    /// More facts: `fingerprint`, `limit`, `request-id`.
    pub context: Vec<(&'static str, String)>,
    /// The library's error.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ConnectorError {
    /// An error of `kind`; whether a retry helps follows from the kind until [`Self::retry`] says otherwise.
    pub fn new(kind: FailureKind, operation: &'static str, message: impl Into<String>) -> Self {
        let retry = match kind {
            FailureKind::RateLimited
            | FailureKind::Unreachable
            | FailureKind::TimedOut
            | FailureKind::Truncated
            | FailureKind::ChecksumMismatch
            | FailureKind::Locked => Retry::Backoff,
            _ => Retry::Never,
        };
        Self {
            kind,
            retry,
            operation,
            path: None,
            code: None,
            message: message.into(),
            said: None,
            context: Vec::new(),
            source: None,
        }
    }

    /// An error whose message is a phrase, so that a window can say it in its reader's language.
    pub fn saying(kind: FailureKind, operation: &'static str, said: Said) -> Self {
        Self { said: Some(Box::new(said.clone())), ..Self::new(kind, operation, said.text) }
    }

    /// The phrase that the message is. `None` where it is none, or where words were put around it since.
    pub fn phrase(&self) -> Option<&Said> {
        self.said.as_deref().filter(|said| said.text == self.message)
    }

    /// The settings of a connection cannot be used as they are.
    pub fn wrong_setting(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Invalid, "open", message)
    }

    /// A remote cannot do `operation`.
    pub fn unsupported(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(FailureKind::Unsupported, operation, message)
    }

    /// Names the entry.
    #[must_use]
    pub fn at(mut self, path: &RemotePath) -> Self {
        self.path.get_or_insert_with(|| path.clone());
        self
    }

    /// Says whether a retry helps.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Keeps the remote's own code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.context.push((key, value.into()));
        self
    }

    /// Keeps the library's error.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A fact by its key.
    pub fn fact(&self, key: &str) -> Option<&str> {
        self.context.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_str())
    }

    /// What the store keeps of it.
    pub fn to_failure(&self, side: Side) -> Failure {
        Failure { kind: self.kind, side, message: self.to_string(), code: self.code.clone() }
    }
}

impl fmt::Display for ConnectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.path {
            Some(path) if !self.message.contains(path.as_str()) => {
                write!(f, " ({})", waybill_model::names::shown(path.as_str()))
            }
            _ => Ok(()),
        }
    }
}

impl StdError for ConnectorError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
