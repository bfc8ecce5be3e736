//! How a task can be decided: the model of its process tells, and the task does not.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
};

use serde_json::Value;
use waybill_connector::{Result, TaskOutcome};

use crate::{
    connector::WorkflowConnector,
    wire::{List, WireExecution, WireInstance, WireModel, WireModelContent, WireTask},
};

impl WorkflowConnector {
    /// The ways to decide a task, in the order of its model; none where the model names none.
    pub(crate) async fn outcomes_of(&self, task: &WireTask) -> Result<Vec<TaskOutcome>> {
        let (Some(activity), Some(definition)) = (self.activity_of(task).await?, self.definition_of(task).await?)
        else {
            return Ok(Vec::new());
        };
        let known = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner).get(&definition).cloned();
        let all = match known {
            Some(known) => known,
            None => self.read_model(&definition).await?,
        };
        Ok(all.get(&activity).cloned().unwrap_or_default())
    }

    /// The task's activity. Where the task does not name it, its execution does.
    async fn activity_of(&self, task: &WireTask) -> Result<Option<String>> {
        if task.task_definition_key.is_some() {
            return Ok(task.task_definition_key.clone());
        }
        let Some(instance) = &task.process_instance_id else { return Ok(None) };
        let url = self.service(&["process-instances", "executions"], &[("processInstanceId", instance)]);
        let executions: List<WireExecution> = self.read("outcomes", &url).await?;
        let own = executions.into_items().into_iter().find(|one| Some(&one.id) == task.execution_id.as_ref());
        Ok(own.and_then(|one| one.activity_id))
    }

    /// The version of the model. Where the task does not name it, the history does: a running instance does not either.
    async fn definition_of(&self, task: &WireTask) -> Result<Option<String>> {
        if task.process_definition_id.is_some() {
            return Ok(task.process_definition_id.clone());
        }
        let Some(instance) = &task.process_instance_id else { return Ok(None) };
        let url = self.history(&["historic-process-instances", instance], &[]);
        Ok(self.find::<WireInstance>("outcomes", &url).await?.and_then(|found| found.process_definition_id))
    }

    async fn read_model(&self, definition: &str) -> Result<Arc<HashMap<String, Vec<TaskOutcome>>>> {
        let url = self.service(&["runtime", "models"], &[("processDefinitionId", definition)]);
        let models: List<WireModel> = self.read("outcomes", &url).await?;
        let mut found = HashMap::new();
        if let Some(model) = models.into_items().into_iter().next() {
            let url = self.service(&["runtime", "models", &model.id], &[("modelType", "json")]);
            let content: WireModelContent = self.read("outcomes", &url).await?;
            collect(&content.model_content, &mut found);
        }
        let found = Arc::new(found);
        // A version of a model never changes.
        let mut known = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(definition.to_owned(), Arc::clone(&found));
        Ok(found)
    }
}

/// The outcomes of all shapes, those inside others too.
fn collect(shape: &Value, found: &mut HashMap<String, Vec<TaskOutcome>>) {
    if let (Some(id), Some(text)) = (shape["resourceId"].as_str(), shape["properties"]["possibleoutcomes"].as_str()) {
        let outcomes = read(text);
        if !outcomes.is_empty() {
            found.insert(id.to_owned(), outcomes.clone());
            // A shape may be named apart from its resource.
            if let Some(other) = shape["properties"]["overrideid"].as_str().filter(|other| !other.is_empty()) {
                found.insert(other.to_owned(), outcomes);
            }
        }
    }
    for child in shape["childShapes"].as_array().into_iter().flatten() {
        collect(child, found);
    }
}

/// `Label:value,Label:value`; a piece without a value is both.
fn read(text: &str) -> Vec<TaskOutcome> {
    let pieces = text.split(',').map(str::trim).filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let (label, value) = piece.rsplit_once(':').unwrap_or((piece, piece));
            TaskOutcome { label: label.trim().to_owned(), value: value.trim().to_owned() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn outcomes_are_read_as_models_spell_them() {
        let pairs: Vec<_> =
            read("Approve: approved, Reject:rejected,Later").into_iter().map(|one| (one.label, one.value)).collect();
        let expected = [("Approve", "approved"), ("Reject", "rejected"), ("Later", "Later")];
        assert_eq!(pairs, expected.map(|(label, value)| (label.to_owned(), value.to_owned())));
        assert!(read(" , ").is_empty());
    }

    #[test]
    fn shapes_inside_shapes_are_found() {
        let model = json!({ "childShapes": [{ "resourceId": "a", "childShapes": [
            { "resourceId": "b", "properties": { "possibleoutcomes": "Yes:y" } }
        ] }] });
        let mut found = HashMap::new();
        collect(&model, &mut found);
        assert_eq!(found["b"][0].value, "y");
    }
}
