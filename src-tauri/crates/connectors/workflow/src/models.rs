//! Models of processes: their versions, and putting up new ones.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};
use waybill_connector::{ConnectorError, ProcessModel, ProcessModels, Result};
use waybill_model::FailureKind;

use crate::{
    connector::WorkflowConnector,
    wire::{WireDefinition, WireModelContent},
};

/// Bytes of a model's file.
const MOST_BYTES: usize = 8 * 1024 * 1024;

impl WorkflowConnector {
    async fn definitions(&self, operation: &'static str, query: &[(&str, &str)]) -> Result<Vec<WireDefinition>> {
        self.read_whole(operation, |query| self.service(&["runtime", "models"], query), query).await
    }
}

/// A model as it is sent: XML as text, anything that is JSON in the editor's own form.
fn content(file: &[u8]) -> Result<(&'static str, Value)> {
    let invalid = |why: &str| ConnectorError::new(FailureKind::Invalid, "deploy", why);
    if file.len() > MOST_BYTES {
        return Err(invalid("a model has at most 8 MiB"));
    }
    let text =
        std::str::from_utf8(file).map_err(|_| invalid("a model is a text file in UTF-8: BPMN 2.0 or its JSON"))?;
    match serde_json::from_str::<Value>(text) {
        // A file of the vendor's own editor holds the model in `data`.
        Ok(Value::Object(mut whole)) => Ok(("json", whole.remove("data").unwrap_or(Value::Object(whole)))),
        _ if text.trim_start().starts_with('<') => Ok(("xml", text.into())),
        _ => Err(invalid("this is no model: neither BPMN 2.0 in XML nor the editor's JSON")),
    }
}

#[async_trait]
impl ProcessModels for WorkflowConnector {
    async fn all(&self) -> Result<Vec<ProcessModel>> {
        let found = self.definitions("models", &[]).await?;
        let mut models: Vec<ProcessModel> = found.into_iter().filter_map(WireDefinition::into_model).collect();
        models.sort_by(|a, b| a.key.cmp(&b.key).then(b.version.cmp(&a.version)));
        Ok(models)
    }

    async fn deploy(&self, name: &str, file: Bytes) -> Result<ProcessModel> {
        let (kind, content) = content(&file)?;
        let before: BTreeMap<String, u32> =
            self.all().await?.into_iter().rev().map(|one| (one.key, one.version)).collect();
        let url = self.service(&["runtime", "models"], &[]);
        let body = json!({ "modelType": kind, "modelContent": content });
        let answer: WireDefinition =
            self.make("deploy", &url, &body).await.map_err(|error| error.with("file", name))?;
        if let Some(model) = answer.clone().into_model().filter(|model| model.version > 0) {
            return Ok(model);
        }
        // Inferred: an answer may name the key alone; the version is then read.
        let found = self.all().await?.into_iter().find(|one| match &answer.key {
            Some(key) => one.key == *key,
            None => before.get(&one.key) != Some(&one.version),
        });
        found.ok_or_else(|| {
            let why =
                "the service took the model and does not show it; look for it in the service before sending it again";
            ConnectorError::new(FailureKind::Vendor, "deploy", why)
        })
    }

    async fn file(&self, key: &str) -> Result<Bytes> {
        let found = self.definitions("model", &[("key", key), ("latestVersion", "true")]).await?;
        let newest = found.into_iter().max_by_key(|one| one.version).ok_or_else(|| {
            ConnectorError::new(FailureKind::NotFound, "model", format!("there is no model with the key {key}"))
        })?;
        let url = self.service(&["runtime", "models", &newest.id], &[("modelType", "xml")]);
        let content: WireModelContent = self.read("model", &url).await?;
        match content.model_content {
            Value::String(text) => Ok(text.into()),
            other => Ok(other.to_string().into()),
        }
    }
}
