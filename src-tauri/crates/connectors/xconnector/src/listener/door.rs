//! One request: read within its limit, judged, kept, answered.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use tokio::time::timeout;
use waybill_connector::{Delivery, Inbound, Result};
use waybill_model::{Millis, Sha256};

use super::{
    Accept, ListenOptions,
    answers::{Answer, accepted, problem, refused},
};
use crate::signature::ID;

/// How long a sender may take for the whole body.
const BODY: Duration = Duration::from_secs(30);
/// How long the id of a message is remembered.
const DAY: i64 = 24 * 3_600_000;
/// Messages that are remembered; the oldest is forgotten first, and its events are known by whoever keeps them.
const REMEMBERED: usize = 50_000;

/// What answers at the port.
pub(super) struct Door {
    options: ListenOptions,
    inbound: Arc<dyn Inbound>,
    accept: Arc<dyn Accept>,
    heard: Mutex<Heard>,
}

/// The messages that were taken within a day, by their ids.
#[derive(Debug, Default)]
struct Heard {
    ids: HashMap<String, Vec<String>>,
    order: VecDeque<(Millis, String)>,
}

impl Heard {
    fn find(&mut self, id: &str, now: Millis) -> Option<Vec<String>> {
        while self.order.front().is_some_and(|(at, _)| now.since(*at) > DAY) || self.order.len() > REMEMBERED {
            if let Some((_, oldest)) = self.order.pop_front() {
                self.ids.remove(&oldest);
            }
        }
        self.ids.get(id).cloned()
    }

    fn keep(&mut self, id: String, events: Vec<String>, now: Millis) {
        if self.ids.insert(id.clone(), events).is_none() {
            self.order.push_back((now, id));
        }
    }
}

impl Door {
    pub(super) fn new(options: ListenOptions, inbound: Arc<dyn Inbound>, accept: Arc<dyn Accept>) -> Self {
        Self { options, inbound, accept, heard: Mutex::default() }
    }

    pub(super) async fn answer(&self, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        if head.uri.path() != self.options.path {
            return problem(StatusCode::NOT_FOUND, "not-here", "nothing listens at this path");
        }
        if head.method != Method::POST {
            return problem(StatusCode::METHOD_NOT_ALLOWED, "method", "events are sent by POST");
        }
        let body = match self.body(body).await {
            Ok(body) => body,
            Err(answer) => return answer,
        };
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        self.take(Delivery { headers, body, at: self.options.clock.now() }).await
    }

    async fn body(&self, body: Incoming) -> std::result::Result<Bytes, Answer> {
        let longest = self.inbound.longest();
        let too_large = || {
            let why = format!("a message has at most {longest} bytes");
            problem(StatusCode::PAYLOAD_TOO_LARGE, "too-large", &why)
        };
        if body.size_hint().lower() > longest {
            return Err(too_large());
        }
        let limited = Limited::new(body, usize::try_from(longest).unwrap_or(usize::MAX));
        match timeout(BODY, limited.collect()).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
            Ok(Err(_)) => Err(problem(StatusCode::BAD_REQUEST, "body", "the message broke off")),
            Err(_) => Err(problem(StatusCode::REQUEST_TIMEOUT, "body", "the message did not come in time")),
        }
    }

    /// A message is believed before its id is looked up, and remembered after its events are kept.
    async fn take(&self, delivery: Delivery) -> Answer {
        let events = match self.inbound.receive(&delivery) {
            Ok(events) => events,
            Err(error) => return refused(&error),
        };
        let id =
            delivery.headers.iter().find(|(name, _)| name == ID).map(|(_, value)| value.clone()).unwrap_or_default();
        // A sender that gives two messages one id loses neither.
        let id = format!("{id} {}", Sha256::of(&delivery.body));
        let known = self.heard.lock().unwrap_or_else(PoisonError::into_inner).find(&id, delivery.at);
        if let Some(ids) = known {
            return accepted(&ids);
        }
        let mut ids = Vec::with_capacity(events.len());
        for event in events {
            let event_id = event.id.clone();
            let kept: Result<_> = self.accept.accept(event).await;
            if let Err(error) = kept {
                tracing::warn!(%error, "an event that came could not be kept");
                let why = "the message could not be kept; send it again";
                return problem(StatusCode::SERVICE_UNAVAILABLE, "not-kept", why);
            }
            ids.push(event_id);
        }
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).keep(id, ids.clone(), delivery.at);
        accepted(&ids)
    }
}
