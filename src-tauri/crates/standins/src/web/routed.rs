//! A system made of routes: axum's router between the front and the handlers.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use percent_encoding::percent_decode_str;
use tower::ServiceExt as _;

use super::body::{Arriving, Closed};
use super::coding::{self, Undecoded};
use super::control::Control;
use super::front::System;
use super::plan::{Effects, Refusal};

/// Earlier answers that are kept for stale ones: addresses, answers of each, bytes of one.
const ADDRESSES: usize = 1_000;
const ANSWERS: usize = 8;
const ANSWER_BYTES: usize = 256 * 1024;

/// How a system words what a fault asks for.
pub(crate) trait Manners: Clone + Send + Sync + 'static {
    /// The answer that a fault puts in place of the real one.
    fn refuse(&self, refusal: &Refusal) -> Response<Body>;

    /// Adds what every answer has.
    fn dress(&self, _response: &mut Response<Body>) {}
}

/// The routes of one system, with its manners.
#[derive(Clone)]
pub(crate) struct Routed<M> {
    router: Router,
    manners: M,
    control: Control,
    earlier: Arc<Mutex<Earlier>>,
}

impl<M: Manners> Routed<M> {
    /// Handlers find the request's [`Effects`] among its extensions.
    pub(crate) fn new(router: Router, manners: M, control: Control) -> Self {
        Self { router, manners, control, earlier: Arc::default() }
    }
}

impl<M: Manners> System for Routed<M> {
    type Body = Body;

    fn name(&self, parts: &Parts) -> (String, String) {
        let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy().into_owned();
        (parts.method.as_str().to_owned(), path)
    }

    fn is_control(&self, parts: &Parts) -> bool {
        Control::owns(parts.uri.path())
    }

    fn refuse(&self, refusal: &Refusal) -> Response<Body> {
        self.manners.refuse(refusal)
    }

    async fn serve(&self, parts: Parts, body: Arriving, effects: Effects) -> Result<Response<Body>, Closed> {
        let is_control = self.is_control(&parts);
        let key = (parts.method == Method::GET && !is_control).then(|| Key::of(&parts));
        if let (Some(key), Some(ago)) = (&key, effects.stale)
            && let Some(stale) = self.earlier().find(key, ago)
        {
            return Ok(stale);
        }
        let mut request = match coding::decoded(parts, body).await? {
            Ok(request) => request,
            Err(undecoded) => return Ok(self.no_content(undecoded)),
        };
        request.extensions_mut().insert(effects);
        if is_control {
            return Ok(self.control.answer(request).await);
        }
        let Ok(response) = self.router.clone().oneshot(request).await;
        match key {
            Some(key) => self.keep(key, response).await,
            None => Ok(response),
        }
    }

    async fn dress(&self, mut response: Response<Body>, _method: &Method) -> Response<Body> {
        self.manners.dress(&mut response);
        response
    }
}

impl<M: Manners> Routed<M> {
    fn earlier(&self) -> std::sync::MutexGuard<'_, Earlier> {
        self.earlier.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses a body that has no content; which codings are taken is told where one is not (RFC 9110, 15.5.16).
    fn no_content(&self, undecoded: Undecoded) -> Response<Body> {
        let refusal = Refusal::Status { status: undecoded.status(), code: None, retry_after: None };
        let mut response = self.manners.refuse(&refusal);
        if undecoded == Undecoded::Unknown {
            response.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static(coding::TAKEN));
        }
        response
    }

    /// Keeps a short answer in JSON for a stale one later.
    async fn keep(&self, key: Key, response: Response<Body>) -> Result<Response<Body>, Closed> {
        let is_json = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
        let length = http_body::Body::size_hint(response.body()).upper();
        if response.status() != StatusCode::OK || !is_json || length.is_none_or(|length| length > ANSWER_BYTES as u64) {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, ANSWER_BYTES).await.map_err(|_| Closed)?;
        self.earlier().keep(key, parts.headers.clone(), bytes.clone());
        Ok(Response::from_parts(parts, Body::from(bytes)))
    }
}

/// What a GET asked, and as whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    address: String,
    who: Vec<HeaderValue>,
}

impl Key {
    fn of(parts: &Parts) -> Self {
        let names =
            [AUTHORIZATION, COOKIE, HeaderName::from_static("otcsticket"), HeaderName::from_static("otdsticket")];
        let who = names.iter().filter_map(|name| parts.headers.get(name).cloned()).collect();
        Self { address: parts.uri.to_string(), who }
    }
}

#[derive(Debug)]
struct Answer {
    at: Instant,
    headers: HeaderMap,
    body: Bytes,
}

/// The last answers by what was asked.
#[derive(Debug, Default)]
struct Earlier {
    answers: HashMap<Key, VecDeque<Answer>>,
    order: VecDeque<Key>,
}

impl Earlier {
    fn keep(&mut self, key: Key, headers: HeaderMap, body: Bytes) {
        if !self.answers.contains_key(&key) {
            self.order.push_back(key.clone());
            if self.order.len() > ADDRESSES
                && let Some(oldest) = self.order.pop_front()
            {
                self.answers.remove(&oldest);
            }
        }
        let answers = self.answers.entry(key).or_default();
        if answers.len() >= ANSWERS {
            answers.pop_front();
        }
        answers.push_back(Answer { at: Instant::now(), headers, body });
    }

    /// The newest answer that is at least so old, else the oldest there is.
    fn find(&self, key: &Key, ago: Duration) -> Option<Response<Body>> {
        let answers = self.answers.get(key)?;
        let answer = answers.iter().rev().find(|answer| answer.at.elapsed() >= ago).or_else(|| answers.front())?;
        let mut response = Response::new(Body::from(answer.body.clone()));
        *response.headers_mut() = answer.headers.clone();
        Some(response)
    }
}
