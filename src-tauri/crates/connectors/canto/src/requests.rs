//! Canto's addresses, and the calls to them.

use std::ops::Range;

use http::{Method, StatusCode, header::LOCATION, header::RANGE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Retry};
use waybill_net::{Answer, Call, Http, Refusal, Renewed as _, asked};

use crate::{connector::CantoConnector, errors::refused};

/// Bytes of an answer; a page of assets with all that is said about each.
const ANSWER_BYTES: u64 = 64 * 1024 * 1024;
/// What stands as it is in one segment of a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A text as one segment of a path. `Url` would drop tabs and line breaks.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

impl CantoConnector {
    fn address(&self, top: &str, segments: &[&str]) -> Url {
        let mut url = self.config.base.clone();
        let segments: Vec<String> = segments.iter().map(|segment| encoded(segment)).collect();
        url.set_path(&format!("{}/{top}/v1/{}", url.path().trim_end_matches('/'), segments.join("/")));
        url
    }

    /// An address of the interface.
    pub(crate) fn api(&self, segments: &[&str]) -> Url {
        self.address("api", segments)
    }

    /// An address of the interface with a query.
    pub(crate) fn asked(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        asked(self.api(segments), query)
    }

    /// An address of bytes.
    pub(crate) fn binary(&self, segments: &[&str]) -> Url {
        self.address("api_binary", segments)
    }

    /// The client for an address: storage and delivery are other hosts, with other certificates and without Canto's pace.
    pub(crate) fn door(&self, url: &Url) -> &Http {
        if url.origin() == self.config.base.origin() { &self.http } else { &self.elsewhere }
    }

    /// Any call of the interface, whatever is answered.
    pub(crate) async fn send(&self, call: impl Fn() -> Call + Send + Sync) -> Result<Answer> {
        self.session()?.send(|| call().accept("application/json")).await
    }

    /// Reads; `None` where nothing is there.
    pub(crate) async fn find<T: DeserializeOwned>(&self, operation: &'static str, url: &Url) -> Result<Option<T>> {
        match self.send(|| self.http.get(operation, url.clone())).await?.found(refused).await? {
            Some(answer) => answer.json(ANSWER_BYTES).await.map(Some),
            None => Ok(None),
        }
    }

    /// Reads what has to be there.
    pub(crate) async fn read<T: DeserializeOwned>(&self, operation: &'static str, url: &Url) -> Result<T> {
        self.send(|| self.http.get(operation, url.clone())).await?.taken(refused).await?.json(ANSWER_BYTES).await
    }

    /// Does something. What comes back is a text such as `success`, nothing, or JSON; JSON that says `fail` is a failure.
    pub(crate) async fn act(
        &self,
        operation: &'static str,
        method: Method,
        url: &Url,
        body: Option<&Value>,
    ) -> Result<String> {
        let call = || {
            let call = self.http.call(operation, method.clone(), url.clone());
            match body {
                Some(body) => call.json(body),
                None => call,
            }
        };
        let failed = |json: &Value| {
            let is_failure = matches!(json["status"].as_str(), Some("fail" | "failed" | "error"));
            let why = "Canto answered success and says in its answer that it failed";
            is_failure.then(|| ConnectorError::new(FailureKind::Vendor, operation, why).retry(Retry::Backoff))
        };
        let body = self.send(call).await?.taken(refused).await?.done(ANSWER_BYTES, failed).await?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    /// Asks for bytes. The address that Canto sends on to is good by itself: it is never told the sign-in.
    pub(crate) async fn bytes_at(
        &self,
        operation: &'static str,
        url: &Url,
        range: Option<&Range<u64>>,
    ) -> Result<std::result::Result<Answer, Refusal>> {
        let ranged = |call: Call| match range {
            Some(range) => call.header(RANGE, format!("bytes={}-{}", range.start, range.end.saturating_sub(1))),
            None => call,
        };
        let answer = self.session()?.send(|| ranged(self.http.get(operation, url.clone()))).await?;
        let is_sent_on = matches!(
            answer.status(),
            StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::MOVED_PERMANENTLY
                | StatusCode::PERMANENT_REDIRECT
        );
        if !is_sent_on {
            return Ok(answer.success().await);
        }
        let target = answer.header(LOCATION.as_str()).and_then(|target| url.join(target).ok()).ok_or_else(|| {
            ConnectorError::new(FailureKind::Vendor, operation, "Canto sent on to an address that is none")
        })?;
        let answer = ranged(self.door(&target).get(operation, target.clone())).follow(3).send().await?;
        Ok(answer.success().await)
    }
}
