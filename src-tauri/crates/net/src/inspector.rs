//! The last exchanges with remotes, for a person who wants to know what was said. Kept in memory, masked, never on disk.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::HeaderMap;
use serde::Serialize;
use tokio::sync::watch;
use url::Url;
use waybill_model::Millis;

use crate::mask::Secrets;

/// Exchanges that are kept; the oldest one leaves first.
pub const KEPT: usize = 200;
/// Bytes of a body that are kept of each side.
pub const BODY_BYTES: usize = 16 * 1024;

/// One request with its answer. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// Counted from 1 since the start of the program.
    pub number: u64,
    /// The connection that asked.
    pub connection: String,
    /// What it wanted: `list`, `token`.
    pub operation: &'static str,
    /// When the request was sent.
    pub at: Millis,
    /// The method.
    pub method: String,
    /// The whole address.
    pub address: String,
    /// What was sent.
    pub request: Said,
    /// The status of the answer; `None` while there is none.
    pub status: Option<u16>,
    /// What came back.
    pub answer: Option<Said>,
    /// Why there is no answer.
    pub failed: Option<String>,
    /// Milliseconds until the answer began, or until it failed.
    pub milliseconds: Option<u64>,
}

/// One side of an exchange.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Said {
    /// In the order of the wire.
    pub headers: Vec<(String, String)>,
    /// The beginning of the body where it is text, at most [`BODY_BYTES`]; empty where it is not, or was not read.
    pub body: String,
    /// Bytes of the whole body, where they are known.
    pub bytes: Option<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    exchanges: VecDeque<Exchange>,
    last: u64,
}

/// The record of all connections. Clones are the same record.
#[derive(Debug, Clone)]
pub struct Inspector {
    kept: Arc<Mutex<Kept>>,
    changed: Arc<watch::Sender<u64>>,
}

impl Default for Inspector {
    fn default() -> Self {
        Self { kept: Arc::default(), changed: Arc::new(watch::Sender::new(0)) }
    }
}

/// What is known when a request is sent.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) connection: &'a str,
    pub(crate) operation: &'static str,
    pub(crate) at: Millis,
    pub(crate) method: &'a str,
    pub(crate) url: &'a Url,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) kind: &'a str,
    pub(crate) bytes: Option<u64>,
}

impl Inspector {
    /// The exchanges that are kept, the newest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.kept().exchanges.iter().rev().cloned().collect()
    }

    /// Forgets all of them; numbers go on.
    pub fn clear(&self) {
        self.kept().exchanges.clear();
        self.tell();
    }

    /// Tells that something was added or completed; the value only grows.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    /// Writes down a request, and answers its number.
    pub(crate) fn ask(&self, asked: &Asked<'_>, secrets: &Secrets) -> u64 {
        let request = Said {
            headers: secrets.headers(asked.headers),
            body: text_of(asked.kind, asked.body, secrets),
            bytes: asked.bytes,
        };
        let (method, address) = (asked.method.to_owned(), secrets.address(asked.url));
        let mut kept = self.kept();
        kept.last += 1;
        let number = kept.last;
        if kept.exchanges.len() >= KEPT {
            kept.exchanges.pop_front();
        }
        kept.exchanges.push_back(Exchange {
            number,
            connection: asked.connection.to_owned(),
            operation: asked.operation,
            at: asked.at,
            method,
            address,
            request,
            status: None,
            answer: None,
            failed: None,
            milliseconds: None,
        });
        drop(kept);
        self.tell();
        number
    }

    fn amend(&self, number: u64, change: impl FnOnce(&mut Exchange)) {
        let mut kept = self.kept();
        let Some(exchange) = kept.exchanges.iter_mut().rev().find(|exchange| exchange.number == number) else { return };
        change(exchange);
        drop(kept);
        self.tell();
    }

    /// The answer began.
    pub(crate) fn answered(&self, number: u64, status: u16, headers: &HeaderMap, took: Duration, secrets: &Secrets) {
        let answer = Said { headers: secrets.headers(headers), ..Said::default() };
        self.amend(number, |exchange| {
            exchange.status = Some(status);
            exchange.milliseconds = Some(millis(took));
            exchange.answer = Some(answer);
        });
    }

    /// The body of the answer, or as much of it as was read.
    pub(crate) fn came(&self, number: u64, kind: &str, body: &[u8], bytes: u64, secrets: &Secrets) {
        let text = text_of(kind, body, secrets);
        self.amend(number, |exchange| {
            if let Some(answer) = &mut exchange.answer {
                answer.body = text;
                answer.bytes = Some(bytes);
            }
        });
    }

    /// There was no answer.
    pub(crate) fn failed(&self, number: u64, why: &str, took: Duration) {
        self.amend(number, |exchange| {
            exchange.failed = Some(why.to_owned());
            exchange.milliseconds = Some(millis(took));
        });
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// What of a body is shown: text, and of it the beginning.
fn text_of(kind: &str, body: &[u8], secrets: &Secrets) -> String {
    if !is_text(kind) {
        return String::new();
    }
    secrets.body(kind, &body[..body.len().min(BODY_BYTES)])
}

/// Whether a body of this kind is for people to read.
pub(crate) fn is_text(kind: &str) -> bool {
    ["text/", "application/x-www-form-urlencoded", "application/xml"].iter().any(|start| kind.starts_with(start))
        || kind.contains("json")
        || kind.contains("+xml")
}
