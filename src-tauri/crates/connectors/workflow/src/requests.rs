//! The service's addresses, and the calls to them.

use http::Method;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;
use waybill_connector::Result;
use waybill_net::{Answer, Call, Refusal};

use crate::{connector::WorkflowConnector, errors::refused};

/// Bytes of an answer; a page of a hundred tasks with their variables is far below.
const ANSWER_BYTES: u64 = 32 * 1024 * 1024;

impl WorkflowConnector {
    fn address(&self, path: &str, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.config.base.clone();
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// An address of the running service.
    pub(crate) fn service(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        self.address(&self.config.workflow_path, segments, query)
    }

    /// An address of the history.
    pub(crate) fn history(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        self.address(&self.config.history_path, segments, query)
    }

    async fn answer(
        &self,
        operation: &'static str,
        call: impl Fn() -> Call,
    ) -> Result<std::result::Result<Answer, Refusal>> {
        let answer = self.session().await?.send(|| call().accept("application/json")).await;
        let answer = answer.map_err(|error| waybill_connector::ConnectorError { operation, ..error })?;
        Ok(answer.success().await)
    }

    /// Reads; `None` where nothing is there.
    pub(crate) async fn find<T: DeserializeOwned>(&self, operation: &'static str, url: &Url) -> Result<Option<T>> {
        match self.answer(operation, || self.http.get(operation, url.clone())).await? {
            Ok(answer) => answer.json(ANSWER_BYTES).await.map(Some),
            Err(refusal) if refusal.status == 404 => Ok(None),
            Err(refusal) => Err(refused(operation, &refusal)),
        }
    }

    /// Reads what has to be there.
    pub(crate) async fn read<T: DeserializeOwned>(&self, operation: &'static str, url: &Url) -> Result<T> {
        match self.answer(operation, || self.http.get(operation, url.clone())).await? {
            Ok(answer) => answer.json(ANSWER_BYTES).await,
            Err(refusal) => Err(refused(operation, &refusal)),
        }
    }

    /// Does something; what comes back is not relied on.
    pub(crate) async fn act(
        &self,
        operation: &'static str,
        method: Method,
        url: &Url,
        body: &impl Serialize,
    ) -> Result<()> {
        match self.answer(operation, || self.http.call(operation, method.clone(), url.clone()).json(body)).await? {
            Ok(answer) => answer.bytes(ANSWER_BYTES).await.map(drop),
            Err(refusal) => Err(refused(operation, &refusal)),
        }
    }

    /// Makes something, once; what the service answers is what it made.
    pub(crate) async fn make<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        url: &Url,
        body: &impl Serialize,
    ) -> Result<T> {
        match self.answer(operation, || self.http.call(operation, Method::POST, url.clone()).json(body)).await? {
            Ok(answer) => answer.json(ANSWER_BYTES).await,
            Err(refusal) => Err(refused(operation, &refusal)),
        }
    }

    /// Removes something.
    pub(crate) async fn remove(&self, operation: &'static str, url: &Url) -> Result<()> {
        match self.answer(operation, || self.http.call(operation, Method::DELETE, url.clone())).await? {
            Ok(answer) => answer.bytes(ANSWER_BYTES).await.map(drop),
            Err(refusal) => Err(refused(operation, &refusal)),
        }
    }

    /// Reads what is no JSON; `None` where nothing is there.
    pub(crate) async fn fetch(&self, operation: &'static str, url: &Url, kind: &str) -> Result<Option<Answer>> {
        let answer = self.session().await?.send(|| self.http.get(operation, url.clone()).accept(kind)).await;
        let answer = answer.map_err(|error| waybill_connector::ConnectorError { operation, ..error })?;
        match answer.success().await {
            Ok(answer) => Ok(Some(answer)),
            Err(refusal) if refusal.status == 404 => Ok(None),
            Err(refusal) => Err(refused(operation, &refusal)),
        }
    }

    /// Does something with one task.
    pub(crate) async fn act_on_task(&self, operation: &'static str, id: &str, body: Value) -> Result<()> {
        self.act(operation, Method::POST, &self.service(&["tasks", id], &[]), &body).await
    }
}
