//! How tasks, instances and what belongs to them look in an answer.

use serde_json::{Value, json};

use super::engine::{Attachment, Comment, Engine, Execution, Instance, Job, Task};
use super::moment;
use super::parameters::Parameters;
use super::people::Naming;
use super::shared::Caller;
use super::variable::{Level, Variables};
use crate::clock::Millis;

/// Root of the runtime service.
pub(super) const RUNTIME: &str = "/workflow/v1";
/// Root of the history service.
pub(super) const HISTORY: &str = "/workflow-history/v1";

/// What an answer also holds, and how it names people.
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of its own")]
pub(super) struct Show<'c> {
    pub(super) caller: &'c Caller,
    pub(super) naming: Naming<'c>,
    pub(super) process_variables: bool,
    pub(super) local_variables: bool,
    pub(super) comments: bool,
    pub(super) assignments: bool,
}

impl<'c> Show<'c> {
    /// Nothing beyond the thing itself.
    pub(super) fn plain(caller: &'c Caller, naming: Naming<'c>) -> Self {
        Self { caller, naming, process_variables: false, local_variables: false, comments: false, assignments: false }
    }

    /// What the parameters ask for.
    pub(super) fn asked(caller: &'c Caller, parameters: &Parameters) -> super::errors::Answer<Self> {
        let comments = parameters.is_set("includeTaskComments")? || parameters.is_set("includeProcessComments")?;
        Ok(Self {
            process_variables: parameters.is_set("includeProcessVariables")?,
            local_variables: parameters.is_set("includeTaskLocalVariables")?,
            comments,
            assignments: parameters.is_set("includeTaskAssignments")?,
            ..Self::plain(caller, caller.naming(parameters)?)
        })
    }

    fn link(&self, path: &str) -> Value {
        json!({ "self": { "href": self.caller.address(path) } })
    }

    /// A comment.
    pub(super) fn comment(&self, comment: &Comment) -> Value {
        json!({
            "id": comment.id,
            "author": self.naming.user(Some(&comment.author)),
            "message": comment.message,
            "time": moment::zulu(comment.at),
            "type": "comment",
            "taskId": comment.task,
            "processInstanceId": comment.instance,
        })
    }

    /// Who has to do with a task, as a list.
    pub(super) fn assignments_of(&self, task: &Task) -> Vec<Value> {
        let one = |kind: &str, user: Value, group: Value| json!({ "type": kind, "user": user, "group": group });
        let named = [("assignee", &task.assignee), ("owner", &task.owner)];
        let named = named.into_iter().filter(|(_, who)| who.is_some());
        let mut all: Vec<_> =
            named.map(|(kind, who)| one(kind, self.naming.user(who.as_deref()), Value::Null)).collect();
        all.extend(task.users.iter().map(|user| one("candidate", self.naming.user(Some(user)), Value::Null)));
        all.extend(task.groups.iter().map(|group| one("candidate", Value::Null, self.naming.group(group))));
        all
    }

    fn task_variables(&self, task: &Task, outer: Option<&Variables>) -> Option<Vec<Value>> {
        if !self.process_variables && !self.local_variables {
            return None;
        }
        let mut shown = Vec::new();
        if self.local_variables {
            shown.extend(task.variables.iter().map(|(name, one)| one.show(name, Level::Local)));
        }
        if self.process_variables {
            let outer = outer.into_iter().flatten();
            shown.extend(outer.map(|(name, one)| one.show(name, Level::Global)));
        }
        Some(shown)
    }

    /// A task that is open.
    pub(super) fn task(&self, engine: &Engine, task: &Task) -> Value {
        let instance = task.instance.as_deref().and_then(|id| engine.instances.get(id));
        let mut shown = self.task_fields(task);
        shown["createTime"] = json!(moment::runtime(task.created));
        shown["claimTime"] = json!(task.claimed.map(moment::runtime));
        shown["dueDate"] = json!(task.due.map(moment::runtime));
        shown["suspended"] = json!(instance.is_some_and(|instance| instance.suspended));
        shown["delegationState"] = json!(task.delegation.map(super::engine::Delegation::word));
        shown["_links"] = self.link(&format!("{RUNTIME}/tasks/{}", task.id));
        if let Some(variables) = self.task_variables(task, instance.map(|instance| &instance.variables)) {
            shown["variables"] = json!(variables);
        }
        if self.comments {
            let own = engine.comments.iter().filter(|comment| comment.task.as_deref() == Some(task.id.as_str()));
            shown["comments"] = own.map(|comment| self.comment(comment)).collect();
        }
        if self.assignments {
            shown["assignments"] = json!(self.assignments_of(task));
        }
        shown
    }

    fn task_fields(&self, task: &Task) -> Value {
        json!({
            "id": task.id,
            "name": task.name,
            "description": task.description,
            "assignee": self.naming.user(task.assignee.as_deref()),
            "owner": self.naming.user(task.owner.as_deref()),
            "category": task.category,
            "executionId": task.execution,
            "formKey": task.form_key,
            "parentTaskId": task.parent,
            "priority": task.priority,
            "processInstanceId": task.instance,
            "processDefinitionId": task.definition.as_ref().map(|definition| definition.id.as_str()),
            "taskDefinitionKey": task.element,
            "subscriptionId": self.caller.shared.subscription,
            "tenantId": self.caller.tenant.id,
            "scopeId": null,
            "scopeType": null,
        })
    }

    /// A task as the history has it.
    pub(super) fn past_task(&self, engine: &Engine, task: &Task, visible: Millis) -> Value {
        let mut shown = self.task_fields(task);
        let instance = task.instance.as_deref().and_then(|id| engine.history.instance(id, engine.now));
        let from = |start: Option<Millis>| Some(task.ended? - start?);
        shown["startTime"] = json!(moment::history(task.created));
        shown["endTime"] = json!(task.ended.map(moment::history));
        shown["claimTime"] = json!(task.claimed.map(moment::history));
        shown["dueDate"] = json!(task.due.map(moment::history));
        shown["durationInMillis"] = json!(from(Some(task.created)));
        shown["workTimeInMillis"] = json!(from(task.claimed));
        shown["deleteReason"] = json!(task.delete_reason);
        shown["_links"] = self.link(&format!("{HISTORY}/historic-task-instances/{}", task.id));
        if let Some(variables) = self.task_variables(task, instance.map(|instance| &instance.variables)) {
            shown["variables"] = json!(variables);
        }
        if self.comments {
            let own = engine
                .comments
                .iter()
                .filter(|comment| comment.task.as_deref() == Some(task.id.as_str()) && comment.at <= visible);
            shown["comments"] = own.map(|comment| self.comment(comment)).collect();
        }
        if self.assignments {
            shown["assignments"] = json!(self.assignments_of(task));
        }
        shown
    }

    fn comments_of(&self, engine: &Engine, instance: &str, visible: Millis) -> Value {
        let own = engine
            .comments
            .iter()
            .filter(|comment| comment.instance.as_deref() == Some(instance) && comment.at <= visible);
        own.map(|comment| self.comment(comment)).collect()
    }

    fn variables_of(instance: &Instance) -> Value {
        instance.variables.iter().map(|(name, one)| one.show(name, Level::Local)).collect()
    }

    /// An instance that runs; unlike its history it does not name its definition's id.
    pub(super) fn instance(&self, engine: &Engine, instance: &Instance) -> Value {
        let at = instance.executions.first().map(|execution| execution.element.as_str());
        let mut shown = json!({
            "id": instance.id,
            "name": instance.name,
            "businessKey": instance.business_key,
            "activityId": at,
            "callbackId": null,
            "callbackType": null,
            "completed": instance.ended.is_some(),
            "ended": instance.ended.is_some(),
            "dueDate": instance.due.map(moment::runtime),
            "processDefinitionName": instance.definition.process.name,
            "startTime": moment::runtime(instance.started),
            "startUserId": self.naming.user(Some(&instance.starter)),
            "subscriptionId": self.caller.shared.subscription,
            "superProcessInstanceId": instance.parent.as_ref().map(|(parent, _)| parent),
            "suspended": instance.suspended,
            "tenantId": self.caller.tenant.id,
            "_links": self.link(&format!("{RUNTIME}/process-instances/{}", instance.id)),
        });
        if self.process_variables {
            shown["variables"] = Self::variables_of(instance);
        }
        if self.comments {
            shown["comments"] = self.comments_of(engine, &instance.id, Millis::MAX);
        }
        shown
    }

    /// An instance as the history has it.
    pub(super) fn past_instance(&self, engine: &Engine, instance: &Instance, visible: Millis) -> Value {
        let mut shown = json!({
            "id": instance.id,
            "name": instance.name,
            "businessKey": instance.business_key,
            "processDefinitionId": instance.definition.id,
            "processDefinitionName": instance.definition.process.name,
            "processDefinitionDescription": instance.definition.process.documentation,
            "startTime": moment::history(instance.started),
            "durationInMillis": instance.ended.map(|ended| ended - instance.started),
            "startUserId": self.naming.user(Some(&instance.starter)),
            "startActivityId": instance.start_element,
            "endActivityId": instance.end_element,
            "deleteReason": instance.delete_reason,
            "superProcessInstanceId": instance.parent.as_ref().map(|(parent, _)| parent),
            "dueDate": instance.due.map(moment::history),
            "callbackId": null,
            "callbackType": null,
            "referenceId": null,
            "referenceType": null,
            "subscriptionId": self.caller.shared.subscription,
            "tenantId": self.caller.tenant.id,
            "_links": self.link(&format!("{HISTORY}/historic-process-instances/{}", instance.id)),
        });
        // An instance that still runs has no end.
        if let Some(ended) = instance.ended {
            shown["endTime"] = json!(moment::history(ended));
        }
        if self.process_variables {
            shown["variables"] = Self::variables_of(instance);
        }
        if self.comments {
            shown["comments"] = self.comments_of(engine, &instance.id, visible);
        }
        shown
    }

    /// An attachment.
    pub(super) fn attachment(&self, attachment: &Attachment) -> Value {
        let task = self.caller.address(&format!("{RUNTIME}/tasks/{}", attachment.task));
        let stored = attachment.content.as_ref();
        json!({
            "id": attachment.id,
            "name": attachment.name,
            "description": attachment.description,
            "type": attachment.kind,
            "userId": self.naming.user(Some(&attachment.user)),
            "time": moment::zulu(attachment.at),
            "externalUrl": attachment.external,
            "contentId": stored,
            "contentUrl": stored.map(|id| self.caller.address(&format!("/css/v3/files/{id}/stream"))),
            "taskId": attachment.task,
            "taskUrl": task,
            "processInstanceId": attachment.instance,
            "processInstanceUrl": attachment.instance.as_ref().map(|id| {
                self.caller.address(&format!("{RUNTIME}/process-instances/{id}"))
            }),
            "_links": { "self": { "href": format!("{task}/attachments/{}", attachment.id) } },
        })
    }

    /// A job of an external worker.
    pub(super) fn job(&self, (instance, execution, job): (&Instance, &Execution, &Job), with_variables: bool) -> Value {
        let mut shown = json!({
            "id": job.id,
            "correlationId": job.correlation,
            "processInstanceId": instance.id,
            "processDefinitionId": instance.definition.id,
            "executionId": execution.id,
            "elementId": execution.element,
            "elementName": Engine::element_name(instance, &execution.element),
            "retries": job.retries,
            "exceptionMessage": job.problem,
            "dueDate": job.due.map(moment::zulu),
            "createTime": moment::zulu(job.created),
            "lockOwner": job.worker,
            "lockExpirationTime": job.locked_until.map(moment::zulu),
            "topic": job.topic,
            "subscriptionId": self.caller.shared.subscription,
            "tenantId": self.caller.tenant.id,
        });
        if with_variables {
            shown["variables"] = Self::variables_of(instance);
        }
        shown
    }
}
