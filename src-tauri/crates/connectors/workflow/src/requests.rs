//! The service's addresses, and the calls to them.

use http::Method;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;
use waybill_connector::Result;
use waybill_net::{Answer, Call, Renewed as _, asked, below};

use crate::{connector::WorkflowConnector, errors::refused};

/// Bytes of an answer; a page of a hundred tasks with their variables is far below.
const ANSWER_BYTES: u64 = 32 * 1024 * 1024;

impl WorkflowConnector {
    fn address(&self, path: &str, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.config.base.clone();
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        asked(below(&url, segments), query)
    }

    /// An address of the running service.
    pub(crate) fn service(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        self.address(&self.config.workflow_path, segments, query)
    }

    /// An address of the history.
    pub(crate) fn history(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        self.address(&self.config.history_path, segments, query)
    }

    async fn send(&self, call: impl Fn() -> Call + Send + Sync) -> Result<Answer> {
        self.session().await?.send(|| call().accept("application/json")).await
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

    /// Does something; what comes back is not relied on.
    pub(crate) async fn act(
        &self,
        operation: &'static str,
        method: Method,
        url: &Url,
        body: &(impl Serialize + Sync),
    ) -> Result<()> {
        let answer = self.send(|| self.http.call(operation, method.clone(), url.clone()).json(body)).await?;
        answer.taken(refused).await?.done(ANSWER_BYTES, |_| None).await.map(drop)
    }

    /// Makes something, once; what the service answers is what it made.
    pub(crate) async fn make<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        url: &Url,
        body: &(impl Serialize + Sync),
    ) -> Result<T> {
        let answer = self.send(|| self.http.post(operation, url.clone()).json(body)).await?;
        answer.taken(refused).await?.json(ANSWER_BYTES).await
    }

    /// Removes something.
    pub(crate) async fn remove(&self, operation: &'static str, url: &Url) -> Result<()> {
        let answer = self.send(|| self.http.call(operation, Method::DELETE, url.clone())).await?;
        answer.taken(refused).await?.done(ANSWER_BYTES, |_| None).await.map(drop)
    }

    /// Reads what is no JSON; `None` where nothing is there.
    pub(crate) async fn fetch(&self, operation: &'static str, url: &Url, kind: &str) -> Result<Option<Answer>> {
        let answer = self.session().await?.send(|| self.http.get(operation, url.clone()).accept(kind)).await?;
        answer.found(refused).await
    }

    /// Does something with one task.
    pub(crate) async fn act_on_task(&self, operation: &'static str, id: &str, body: Value) -> Result<()> {
        self.act(operation, Method::POST, &self.service(&["tasks", id], &[]), &body).await
    }
}
