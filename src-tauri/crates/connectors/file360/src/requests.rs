//! The server's addresses, and the calls to them.

use http::Method;
use serde::{Serialize, de::DeserializeOwned};
use url::Url;
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;
use waybill_net::{Answer, Call, Payload, asked, below};

use crate::{
    answers::{no_error_in, object_of},
    config::Who,
    connector::File360Connector,
    errors::refused,
    wire::Listed,
};

/// Entries that are asked for at once.
pub(crate) const PAGE: u64 = 500;
/// Entries of a list that is read whole.
const MOST: usize = 20_000;

impl File360Connector {
    /// An address below the interface.
    pub(crate) fn url(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.config.base.clone();
        url.set_path(&format!("{}{}", url.path().trim_end_matches('/'), self.config.path));
        asked(below(&url, segments), query)
    }

    /// The address that a link of the server names: relative to the interface, never elsewhere.
    pub(crate) fn linked(&self, href: &str, query: &[(&str, &str)]) -> Result<Url> {
        let (path, pairs) = href.split_once('?').unwrap_or((href, ""));
        if !path.starts_with('/') || path.contains("..") {
            let why = "the server names an address that is not one of its own interface";
            return Err(ConnectorError::new(FailureKind::Invalid, "list", why));
        }
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let mut url = self.url(&segments, &[]);
        url.set_query((!pairs.is_empty()).then_some(pairs));
        Ok(asked(url, query))
    }

    /// A call that is signed in.
    pub(crate) fn call(&self, operation: &'static str, method: Method, url: Url) -> Call {
        let call = self.http.call(operation, method, url).accept("application/json");
        match &self.config.who {
            Who::Password(user, password) => call.basic(user, password),
            Who::Token(token) => call.bearer(token),
        }
    }

    /// Reads; `None` where the server knows nothing there.
    pub(crate) async fn find<T: DeserializeOwned>(&self, operation: &'static str, url: Url) -> Result<Option<T>> {
        match self.read_json(operation, url).await {
            Err(error) if error.kind == FailureKind::NotFound => Ok(None),
            other => other.map(Some),
        }
    }

    /// Reads what has to be there.
    pub(crate) async fn read_json<T: DeserializeOwned>(&self, operation: &'static str, url: Url) -> Result<T> {
        object_of(operation, self.call(operation, Method::GET, url)).await
    }

    /// All items of a list, over all its pages.
    pub(crate) async fn read_all<T: DeserializeOwned>(&self, operation: &'static str, url: &Url) -> Result<Vec<T>> {
        let mut all: Vec<T> = Vec::new();
        loop {
            let page = self.read_page(operation, url, all.len() as u64, PAGE).await?;
            let is_last = page.next.is_none() || page.items.is_empty();
            all.extend(page.items);
            if is_last {
                return Ok(all);
            }
            if all.len() > MOST {
                let why = format!("the list has more than {MOST} entries; narrow the connection to a folder");
                return Err(ConnectorError::new(FailureKind::TooLarge, operation, why));
            }
        }
    }

    /// A part of a list.
    pub(crate) async fn read_page<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        url: &Url,
        first: u64,
        count: u64,
    ) -> Result<Listed<T>> {
        let mut url = url.clone();
        url.query_pairs_mut().append_pair("first", &first.to_string()).append_pair("count", &count.to_string());
        self.read_json(operation, url).await
    }

    /// Sends JSON and reads what comes back.
    pub(crate) async fn send_json<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        method: Method,
        url: Url,
        body: &impl Serialize,
    ) -> Result<T> {
        object_of(operation, self.call(operation, method, url).json(body)).await
    }

    /// Sends a form and reads what comes back.
    pub(crate) async fn send_form<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        url: Url,
        pairs: &[(&str, &str)],
    ) -> Result<T> {
        object_of(operation, self.call(operation, Method::POST, url).form(pairs.iter().copied())).await
    }

    /// Posts without a body and reads what comes back.
    pub(crate) async fn post_nothing<T: DeserializeOwned>(&self, operation: &'static str, url: Url) -> Result<T> {
        object_of(operation, self.call(operation, Method::POST, url)).await
    }

    /// Removes; whether something was there.
    pub(crate) async fn remove(&self, operation: &'static str, url: Url) -> Result<bool> {
        // The method for shares declares what kind of body it takes, though none is sent.
        let nothing = Payload::Bytes { kind: "application/json".to_owned(), bytes: bytes::Bytes::new() };
        let answer = self.call(operation, Method::DELETE, url).payload(nothing).send().await?;
        match answer.found(refused).await? {
            Some(answer) => no_error_in(operation, answer).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// The answer to a call whose body is bytes.
    pub(crate) async fn bytes(&self, operation: &'static str, url: Url) -> Result<Answer> {
        self.call(operation, Method::GET, url).accept("*/*").send().await?.taken(refused).await
    }
}
