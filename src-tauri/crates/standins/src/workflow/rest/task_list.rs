//! Which tasks a list has, and their order.

use crate::workflow::engine::{Engine, Instance, Task};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::narrow::{Key, Narrow, order};
use crate::workflow::parameters::Parameters;
use crate::workflow::people::Directory;

/// A task with what is around it.
pub(super) struct Row<'e> {
    pub(super) task: &'e Task,
    pub(super) instance: Option<&'e Instance>,
    engine: &'e Engine,
}

const FIELDS: [&str; 14] = [
    "id",
    "name",
    "description",
    "dueDate",
    "createTime",
    "priority",
    "executionId",
    "processInstanceId",
    "tenantId",
    "assignee",
    "owner",
    "category",
    "processDefinitionId",
    "claimTime",
];

impl Row<'_> {
    fn text(&self, field: &str) -> Option<&str> {
        let task = self.task;
        match field {
            "id" => Some(&task.id),
            "name" => task.name.as_deref(),
            "description" => task.description.as_deref(),
            "executionId" => task.execution.as_deref(),
            "processInstanceId" => task.instance.as_deref(),
            "assignee" => task.assignee.as_deref(),
            "owner" => task.owner.as_deref(),
            "category" => task.category.as_deref(),
            "processDefinitionId" => task.definition.as_ref().map(|definition| definition.id.as_str()),
            "processDefinitionKey" => task.definition.as_ref().map(|definition| definition.process.key.as_str()),
            "processDefinitionName" => task.definition.as_ref().map(|definition| definition.process.name.as_str()),
            "businessKey" => self.instance.and_then(|instance| instance.business_key.as_deref()),
            _ => None,
        }
    }

    fn key(&self, field: &str) -> Key {
        match field {
            "dueDate" => Key::number(self.task.due),
            "createTime" => Key::number(Some(self.task.created)),
            "claimTime" => Key::number(self.task.claimed),
            "priority" => Key::number(Some(self.task.priority)),
            _ => Key::text(self.text(field)),
        }
    }
}

/// Whether somebody could claim a task: nobody has it, and they or one of their groups are asked.
fn is_candidate(task: &Task, who: &str, directory: &Directory) -> bool {
    task.assignee.is_none()
        && (task.users.contains(who) || directory.groups_of(who).iter().any(|group| task.groups.contains(group)))
}

fn is_involved(task: &Task, who: &str) -> bool {
    task.assignee.as_deref() == Some(who) || task.owner.as_deref() == Some(who) || task.users.contains(who)
}

fn by_people<'p>(narrow: &mut Narrow<'p, Row<'_>>, directory: &'p Directory) -> Answer<()> {
    narrow
        .by("assignee", |row: &Row<'_>, who| row.task.assignee.as_deref() == Some(directory.known_as(who)))
        .by("assigneeLike", |row, who| {
            row.task.assignee.as_deref().is_some_and(|own| crate::workflow::narrow::is_like(own, who))
        })
        .by("owner", |row, who| row.task.owner.as_deref() == Some(directory.known_as(who)))
        .by("ownerLike", |row, who| {
            row.task.owner.as_deref().is_some_and(|own| crate::workflow::narrow::is_like(own, who))
        })
        .by("candidateUser", |row, who| is_candidate(row.task, directory.known_as(who), directory))
        .by("involvedUser", |row, who| is_involved(row.task, directory.known_as(who)))
        .by("candidateGroup", |row, group| row.task.assignee.is_none() && row.task.groups.contains(group))
        .any_of("candidateGroups", |row, groups| {
            row.task.assignee.is_none() && groups.iter().any(|group| row.task.groups.contains(group))
        })
        .by("candidateOrAssigned", |row, who| {
            let who = directory.known_as(who);
            row.task.assignee.as_deref() == Some(who) || is_candidate(row.task, who, directory)
        })
        .by("delegationState", |row, wanted| row.task.delegation.is_some_and(|own| own.word() == wanted))
        .fact("unassigned", |row| row.task.assignee.is_none())?;
    Ok(())
}

fn by_process(narrow: &mut Narrow<'_, Row<'_>>) {
    narrow
        .equal("processInstanceId", |row: &Row<'_>| row.text("processInstanceId"))
        .by("processInstanceIdWithChildren", |row, outer| {
            row.task.instance.as_deref().is_some_and(|instance| row.engine.is_within(instance, outer))
        })
        .by("processInstanceBusinessKey", |row, wanted| row.text("businessKey") == Some(wanted))
        .by("processInstanceBusinessKeyLike", |row, wanted| {
            row.text("businessKey").is_some_and(|own| crate::workflow::narrow::is_like(own, wanted))
        })
        .equal("processDefinitionId", |row| row.text("processDefinitionId"))
        .equal("executionId", |row| row.text("executionId"))
        .equal("taskDefinitionKey", |row| row.task.element.as_deref());
    narrow.by("processDefinitionKey", |row, wanted| row.text("processDefinitionKey") == Some(wanted));
    narrow.by("processDefinitionKeyLike", |row, wanted| {
        row.text("processDefinitionKey").is_some_and(|own| crate::workflow::narrow::is_like(own, wanted))
    });
    narrow.by("processDefinitionName", |row, wanted| row.text("processDefinitionName") == Some(wanted));
    narrow.by("processDefinitionNameLike", |row, wanted| {
        row.text("processDefinitionName").is_some_and(|own| crate::workflow::narrow::is_like(own, wanted))
    });
}

/// The tasks that the parameters ask for, in their order.
pub(super) fn tasks<'e>(engine: &'e Engine, parameters: &Parameters, directory: &Directory) -> Answer<Vec<Row<'e>>> {
    if let Some(word) = parameters.text("delegationState").filter(|word| !matches!(*word, "pending" | "resolved")) {
        return Err(Refused::invalid(format!("Illegal value for delegationState: {word}")));
    }
    let mut narrow = Narrow::new(parameters);
    by_people(&mut narrow, directory)?;
    by_process(&mut narrow);
    narrow
        .by("name", |row: &Row<'_>, wanted| row.text("name") == Some(wanted))
        .by("nameLike", |row, wanted| row.text("name").is_some_and(|own| crate::workflow::narrow::is_like(own, wanted)))
        .by("description", |row, wanted| row.text("description") == Some(wanted))
        .by("category", |row, wanted| row.text("category") == Some(wanted))
        .number("priority", |row, wanted| row.task.priority == wanted)?
        .number("minimumPriority", |row, least| row.task.priority >= least)?
        .number("maximumPriority", |row, most| row.task.priority <= most)?
        .moments(["createdOn", "createdBefore", "createdAfter"], |row| Some(row.task.created))?
        .moments(["dueOn", "dueBefore", "dueAfter"], |row| row.task.due)?
        .only("withoutDueDate", |row| row.task.due.is_none())?
        .only("excludeSubTasks", |row| row.task.parent.is_none())?
        .fact("active", |row| !row.engine.is_suspended(row.task))?;
    // All tasks of the stand-in belong to one subscription, so this flag narrows nothing.
    parameters.flag("filterByCurrentSubscription")?;
    let rows = engine.tasks.values().map(|task| {
        let instance = task.instance.as_deref().and_then(|id| engine.instances.get(id));
        Row { task, instance, engine }
    });
    let mut rows: Vec<_> = rows.filter(|row| narrow.holds(row)).collect();
    order(&mut rows, parameters, &FIELDS, Row::key)?;
    Ok(rows)
}
