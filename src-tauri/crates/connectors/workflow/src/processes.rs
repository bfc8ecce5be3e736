//! Processes: started, followed, held and ended.

use async_trait::async_trait;
use http::{Method, header::CONTENT_TYPE};
use serde_json::{Map, Value, json};
use waybill_connector::{
    ConnectorError, Diagram, PageRequest, Process, ProcessFilter, ProcessModel, ProcessPage, ProcessStart, ProcessStep,
    Processes, Result,
};
use waybill_model::FailureKind;

use crate::{
    connector::WorkflowConnector,
    wire::{List, WireDefinition, WireProcess, WireStep},
};

/// Entries that are asked for at once.
const MOST: u32 = 200;
/// Pages of a list that is read whole; no process has two hundred thousand tasks.
const PAGES: usize = 1000;
/// Bytes of a drawing.
const DRAWING_BYTES: u64 = 16 * 1024 * 1024;
const WITH_VARIABLES: (&str, &str) = ("includeProcessVariables", "true");

/// A variable with the type that its value has.
fn typed(name: &str, value: &Value) -> Value {
    let kind = match value {
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_i64().is_some_and(|whole| i32::try_from(whole).is_ok()) => "integer",
        Value::Number(number) if number.is_i64() => "long",
        Value::Number(_) => "double",
        Value::String(_) => "string",
        Value::Null | Value::Array(_) | Value::Object(_) => "json",
    };
    json!({ "name": name, "type": kind, "value": value, "scope": "local" })
}

fn missing(operation: &'static str) -> ConnectorError {
    ConnectorError::new(FailureKind::NotFound, operation, "the process is over, or this account may not see it")
}

impl WorkflowConnector {
    async fn running(&self, operation: &'static str, id: &str) -> Result<Option<Process>> {
        let url = self.service(&["process-instances", id], &[WITH_VARIABLES]);
        Ok(self.find::<WireProcess>(operation, &url).await?.map(Process::from))
    }

    async fn past(&self, operation: &'static str, id: &str) -> Result<Option<Process>> {
        let url = self.history(&["historic-process-instances", id], &[WITH_VARIABLES]);
        Ok(self.find::<WireProcess>(operation, &url).await?.map(Process::from))
    }

    /// A list from its first to its last page; `query` asks for neither place nor number.
    pub(crate) async fn read_whole<T: serde::de::DeserializeOwned>(
        &self,
        operation: &'static str,
        at: impl Fn(&[(&str, &str)]) -> url::Url,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        let count = MOST.to_string();
        for _ in 0..PAGES {
            let begin = found.len().to_string();
            let asked = [query, &[("offset", begin.as_str()), ("count", count.as_str())]].concat();
            let list: List<T> = self.read(operation, &at(&asked)).await?;
            let (total, has_next) = (list.total(), list.has_next());
            let items = list.into_items();
            let is_last = items.is_empty();
            found.extend(items);
            if is_last || !total.map_or(has_next, |total| (found.len() as u64) < total) {
                break;
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl Processes for WorkflowConnector {
    async fn models(&self) -> Result<Vec<ProcessModel>> {
        let at = |query: &[(&str, &str)]| self.service(&["runtime", "models"], query);
        let found: Vec<WireDefinition> =
            self.read_whole("models", at, &[("latestVersion", "true"), ("sort", "name")]).await?;
        Ok(found.into_iter().filter_map(WireDefinition::into_model).collect())
    }

    async fn start(&self, start: &ProcessStart) -> Result<Process> {
        let variables: Vec<Value> = start.variables.iter().map(|(name, value)| typed(name, value)).collect();
        let mut body = Map::new();
        body.insert("processDefinitionKey".to_owned(), start.model.as_str().into());
        body.insert("variables".to_owned(), variables.into());
        body.insert("returnVariables".to_owned(), true.into());
        if let Some(name) = &start.name {
            body.insert("name".to_owned(), name.as_str().into());
        }
        if let Some(key) = &start.business_key {
            body.insert("businessKey".to_owned(), key.as_str().into());
        }
        let started: WireProcess =
            self.make("start", &self.service(&["process-instances"], &[]), &Value::Object(body)).await?;
        Ok(started.into())
    }

    async fn process(&self, id: &str) -> Result<Option<Process>> {
        match self.running("process", id).await? {
            Some(running) => Ok(Some(running)),
            // The history is written later, and may still have it as one that runs.
            None => Ok(self.past("process", id).await?.filter(|past| past.ended.is_some())),
        }
    }

    async fn processes(&self, filter: &ProcessFilter, page: PageRequest) -> Result<ProcessPage> {
        let offset: u64 = page.cursor.as_deref().unwrap_or("0").parse().map_err(|_| {
            ConnectorError::new(FailureKind::Invalid, "processes", "the place in the list is none of this connection's")
        })?;
        let (count, begin) = (page.limit.clamp(1, MOST).to_string(), offset.to_string());
        let mut query = vec![
            ("offset", begin.as_str()),
            ("count", &count),
            ("sort", "startTime"),
            ("order", "desc"),
            WITH_VARIABLES,
        ];
        query.extend(filter.model.as_deref().map(|key| ("processDefinitionKey", key)));
        query.extend(filter.business_key.as_deref().map(|key| ("businessKey", key)));
        query.extend(filter.ended.filter(|ended| *ended).map(|_| ("finished", "true")));
        let url = match filter.ended {
            Some(false) => self.service(&["process-instances"], &query),
            _ => self.history(&["historic-process-instances"], &query),
        };
        let list: List<WireProcess> = self.read("processes", &url).await?;
        let (total, has_next) = (list.total(), list.has_next());
        let processes: Vec<Process> = list.into_items().into_iter().map(Process::from).collect();
        let end = offset + processes.len() as u64;
        let more = !processes.is_empty() && total.map_or(has_next, |total| end < total);
        Ok(ProcessPage { processes, next: more.then(|| end.to_string()) })
    }

    async fn steps(&self, id: &str) -> Result<Vec<ProcessStep>> {
        let at = |query: &[(&str, &str)]| self.history(&["historic-task-instances"], query);
        let found: Vec<WireStep> = self.read_whole("steps", at, &[("processInstanceId", id)]).await?;
        let mut steps: Vec<ProcessStep> = found.into_iter().map(ProcessStep::from).collect();
        steps.sort_by_key(|step| step.started);
        Ok(steps)
    }

    async fn suspend(&self, id: &str, on: bool) -> Result<()> {
        let process = self.running("suspend", id).await?.ok_or_else(|| missing("suspend"))?;
        if process.suspended == on {
            return Ok(());
        }
        let body = json!({ "action": if on { "suspend" } else { "activate" } });
        let url = self.service(&["process-instances", id], &[]);
        match self.act("suspend", Method::PUT, &url, &body).await {
            // Somebody else was faster with the same.
            Err(error) if error.kind == FailureKind::Locked => match self.running("suspend", id).await? {
                Some(process) if process.suspended == on => Ok(()),
                _ => Err(error),
            },
            done => done,
        }
    }

    async fn terminate(&self, id: &str, reason: &str) -> Result<()> {
        // Inferred: the reason goes as a parameter; a service that does not know it ends the process all the same.
        let url = self.service(&["process-instances", id], &[("deleteReason", reason)]);
        match self.remove("terminate", &url).await {
            Err(error) if error.kind == FailureKind::NotFound => match self.past("terminate", id).await? {
                Some(_) => Ok(()),
                None => Err(missing("terminate")),
            },
            done => done,
        }
    }

    async fn diagram(&self, id: &str) -> Result<Option<Diagram>> {
        let url = self.service(&["process-instances", id, "diagram"], &[]);
        let Some(answer) = self.fetch("diagram", &url, "image/png").await? else { return Ok(None) };
        let kind = answer.header(CONTENT_TYPE.as_str()).unwrap_or("image/png").to_owned();
        Ok(Some(Diagram { kind, bytes: answer.bytes(DRAWING_BYTES).await? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_has_the_type_of_its_value() {
        for (value, kind) in [
            (json!("x"), "string"),
            (json!(true), "boolean"),
            (json!(12), "integer"),
            (json!(5_000_000_000_i64), "long"),
            (json!(1.5), "double"),
            (json!({ "a": 1 }), "json"),
        ] {
            assert_eq!(typed("x", &value)["type"], kind, "{value}");
        }
    }
}
