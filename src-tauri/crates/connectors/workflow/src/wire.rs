//! What the service says, as it says it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use waybill_connector::{Delegation, Process, ProcessModel, ProcessStep, Task, TaskAttachment, TaskComment};
use waybill_model::Millis;

/// A list in HAL; an empty one has no `_embedded`. Some gateways show the service's own form, with `content`.
#[derive(Debug, Deserialize)]
pub(crate) struct List<T> {
    #[serde(rename = "_embedded", default = "BTreeMap::new")]
    embedded: BTreeMap<String, Vec<T>>,
    #[serde(default = "Vec::new")]
    content: Vec<T>,
    #[serde(rename = "_links", default)]
    links: BTreeMap<String, Value>,
    page: Option<PageInfo>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    total_elements: Option<u64>,
}

impl<T> List<T> {
    /// How many there are in all.
    pub(crate) fn total(&self) -> Option<u64> {
        self.page.as_ref().and_then(|page| page.total_elements)
    }

    /// Whether the service names a next page.
    pub(crate) fn has_next(&self) -> bool {
        self.links.contains_key("next")
    }

    pub(crate) fn into_items(self) -> Vec<T> {
        let embedded: Vec<T> = self.embedded.into_values().flatten().collect();
        if embedded.is_empty() { self.content } else { embedded }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireTask {
    pub(crate) id: String,
    #[serde(default)]
    name: Option<String>,
    description: Option<String>,
    assignee: Option<String>,
    owner: Option<String>,
    delegation_state: Option<String>,
    create_time: Option<String>,
    due_date: Option<String>,
    priority: Option<i32>,
    pub(crate) process_instance_id: Option<String>,
    pub(crate) process_definition_id: Option<String>,
    pub(crate) task_definition_key: Option<String>,
    pub(crate) execution_id: Option<String>,
    #[serde(default)]
    variables: Vec<WireVariable>,
    #[serde(default)]
    suspended: bool,
}

#[derive(Debug, Deserialize)]
struct WireVariable {
    name: String,
    #[serde(default)]
    value: Value,
}

impl WireTask {
    /// Who has it.
    pub(crate) fn assignee(&self) -> Option<&str> {
        self.assignee.as_deref().filter(|assignee| !assignee.is_empty())
    }
}

impl From<WireTask> for Task {
    fn from(task: WireTask) -> Self {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            name: some(task.name).unwrap_or_else(|| task.id.clone()),
            id: task.id,
            description: some(task.description),
            assignee: some(task.assignee),
            owner: some(task.owner),
            delegation: match task.delegation_state.as_deref() {
                Some("pending") => Some(Delegation::Pending),
                Some("resolved") => Some(Delegation::Resolved),
                _ => None,
            },
            created: task.create_time.as_deref().and_then(time),
            due: task.due_date.as_deref().and_then(time),
            priority: task.priority,
            process: task.process_instance_id,
            variables: task.variables.into_iter().map(|one| (one.name, one.value)).collect(),
            suspended: task.suspended,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireComment {
    author: Option<String>,
    time: Option<String>,
    #[serde(default)]
    message: String,
}

impl From<WireComment> for TaskComment {
    fn from(comment: WireComment) -> Self {
        Self { author: comment.author, at: comment.time.as_deref().and_then(time), text: comment.message }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireExecution {
    pub(crate) id: String,
    pub(crate) activity_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireInstance {
    pub(crate) process_definition_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireModel {
    pub(crate) id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireModelContent {
    #[serde(default)]
    pub(crate) model_content: Value,
}

/// A process, from the service or from the history.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireProcess {
    id: String,
    name: Option<String>,
    business_key: Option<String>,
    process_definition_name: Option<String>,
    start_time: Option<String>,
    end_time: Option<String>,
    delete_reason: Option<String>,
    suspended: Option<bool>,
    #[serde(default = "Vec::new")]
    variables: Vec<WireVariable>,
}

impl From<WireProcess> for Process {
    fn from(process: WireProcess) -> Self {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            id: process.id,
            name: some(process.name),
            model: some(process.process_definition_name),
            business_key: some(process.business_key),
            started: process.start_time.as_deref().and_then(time),
            ended: process.end_time.as_deref().and_then(time),
            ended_because: some(process.delete_reason),
            suspended: process.suspended.unwrap_or_default(),
            variables: process.variables.into_iter().map(|one| (one.name, one.value)).collect(),
        }
    }
}

/// A task of the history.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireStep {
    name: Option<String>,
    assignee: Option<String>,
    start_time: Option<String>,
    end_time: Option<String>,
    task_definition_key: Option<String>,
}

impl From<WireStep> for ProcessStep {
    fn from(step: WireStep) -> Self {
        Self {
            name: step.name.filter(|name| !name.is_empty()).or(step.task_definition_key).unwrap_or_default(),
            assignee: step.assignee,
            started: step.start_time.as_deref().and_then(time),
            ended: step.end_time.as_deref().and_then(time),
        }
    }
}

/// A version of a model.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireDefinition {
    pub(crate) id: String,
    pub(crate) key: Option<String>,
    name: Option<String>,
    #[serde(default)]
    pub(crate) version: u32,
}

impl WireDefinition {
    /// Without a key it cannot be started.
    pub(crate) fn into_model(self) -> Option<ProcessModel> {
        let key = self.key?;
        Some(ProcessModel { name: self.name.unwrap_or_else(|| key.clone()), key, version: self.version })
    }
}

/// Something attached to a task.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireAttachment {
    id: String,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    user_id: Option<String>,
    time: Option<String>,
    external_url: Option<String>,
    content_url: Option<String>,
}

impl From<WireAttachment> for TaskAttachment {
    fn from(one: WireAttachment) -> Self {
        Self {
            name: one.name.unwrap_or_else(|| one.id.clone()),
            id: one.id,
            kind: one.kind.filter(|kind| !kind.is_empty()),
            by: one.user_id,
            at: one.time.as_deref().and_then(time),
            address: one.external_url.or(one.content_url),
        }
    }
}

/// A time in any of the forms that occur: `…Z`, `+05:30`, `+0000`.
pub(crate) fn time(text: &str) -> Option<Millis> {
    let plain = text.parse::<Timestamp>();
    let found = plain.or_else(|_| {
        jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text).and_then(|parsed| parsed.to_timestamp())
    });
    found.ok().map(|time| Millis(time.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_of_time_is_read() {
        for text in ["2018-04-17T10:17:43.902+0000", "2018-04-17T10:17:43.902Z", "2018-04-17T15:47:43.902+05:30"] {
            assert_eq!(time(text), Some(Millis(1_523_960_263_902)), "{text}");
        }
        assert_eq!(time("soon"), None);
    }

    #[test]
    fn a_list_is_read_in_every_form() {
        let read = |value: Value| serde_json::from_value::<List<WireModel>>(value).unwrap();
        let hal = read(
            json!({ "_embedded": { "models": [{ "id": "a" }] }, "_links": { "next": {} }, "page": { "totalElements": 7 } }),
        );
        assert_eq!((hal.total(), hal.has_next(), hal.into_items().len()), (Some(7), true, 1));
        let empty = read(json!({ "_links": {}, "page": { "totalElements": 0 } }));
        assert_eq!((empty.has_next(), empty.into_items().len()), (false, 0));
        assert_eq!(read(json!({ "content": [{ "id": "a" }], "links": { "empty": true } })).into_items().len(), 1);
    }
}
