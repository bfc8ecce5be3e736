//! `waybill tasks …`

use std::collections::BTreeMap;

use serde_json::{Value, json};
use waybill_desk::{Decision, Task, TaskFilter, TaskOutcome};
use waybill_model::{ConnectionId, Millis, names};

use crate::{
    args::{OneTask, TasksCommand},
    exit::{CommandError, Exit},
    session::Session,
};

pub(crate) async fn run(session: &Session, command: TasksCommand) -> Result<Exit, CommandError> {
    match command {
        TasksCommand::List { name, whose, named, process } => {
            let id = connection(session, &name).await?;
            let filter = TaskFilter { whose, name: named, process, due_before: None };
            for task in session.desk.tasks(id, &filter).await? {
                session.out.object(&object(&task), || text(&task))?;
            }
        }
        TasksCommand::Show(one) => {
            let found = session.desk.task(connection(session, &one.name).await?, &one.id).await?;
            let mut shown = object(&found.task);
            shown["outcomes"] = json!(found.outcomes);
            session.out.object(&shown, || whole(&found.task, &found.outcomes))?;
        }
        TasksCommand::Claim(one) => {
            session.desk.claim_task(connection(session, &one.name).await?, &one.id).await?;
            done(session, &one, "claimed", "Taken")?;
        }
        TasksCommand::Unclaim(one) => {
            session.desk.unclaim_task(connection(session, &one.name).await?, &one.id).await?;
            done(session, &one, "unclaimed", "Given back")?;
        }
        TasksCommand::Complete { task, outcome, variables, remark } => {
            let decision = Decision { outcome, variables: typed(variables)? };
            let id = connection(session, &task.name).await?;
            session.desk.complete_task(id, &task.id, &decision, remark.as_deref()).await?;
            done(session, &task, "completed", "Decided")?;
        }
    }
    Ok(Exit::Done)
}

async fn connection(session: &Session, name: &str) -> Result<ConnectionId, CommandError> {
    Ok(session.desk.connection_named(name).await?.id)
}

fn done(session: &Session, one: &OneTask, key: &str, word: &str) -> Result<(), CommandError> {
    session.out.object(&json!({ "id": one.id, key: true }), || format!("{word}: {}", one.id))?;
    Ok(())
}

/// `KEY=VALUE` is a text, `KEY:=JSON` whatever the JSON says.
fn typed(pairs: Vec<(String, String)>) -> Result<BTreeMap<String, Value>, CommandError> {
    pairs
        .into_iter()
        .map(|(key, value)| match key.strip_suffix(':') {
            Some(name) => match serde_json::from_str(&value) {
                Ok(value) => Ok((name.to_owned(), value)),
                Err(error) => Err(CommandError::usage(format!("the value of {name} is no JSON: {error}"))),
            },
            None => Ok((key, Value::String(value))),
        })
        .collect()
}

fn object(task: &Task) -> Value {
    json!({
        "id": task.id,
        "name": task.name,
        "description": task.description,
        "assignee": task.assignee,
        "owner": task.owner,
        "delegation": task.delegation,
        "created": task.created.map(Millis::to_rfc3339),
        "due": task.due.map(Millis::to_rfc3339),
        "priority": task.priority,
        "process": task.process,
        "suspended": task.suspended,
        "variables": task.variables,
    })
}

fn text(task: &Task) -> String {
    let due = task.due.map(|due| format!("  due {}", due.to_rfc3339())).unwrap_or_default();
    let who = task.assignee.as_deref().unwrap_or("nobody");
    format!("{:<38} {}  ({who}){due}", task.id, names::shown(&task.name))
}

fn whole(task: &Task, outcomes: &[TaskOutcome]) -> String {
    let mut lines = vec![text(task)];
    lines.extend(task.description.as_deref().map(|words| format!("  {}", names::shown(words))));
    lines.extend(task.variables.iter().map(|(name, value)| format!("  {} = {value}", names::shown(name))));
    lines.extend(outcomes.iter().map(|one| format!("  --outcome {}  ({})", one.value, names::shown(&one.label))));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_text_unless_it_is_said_to_be_json() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let read = typed(vec![pair("a", "12"), pair("b:", "12"), pair("c:", "{\"x\":true}")]).unwrap();
        assert_eq!(
            read,
            BTreeMap::from([
                ("a".to_owned(), json!("12")),
                ("b".to_owned(), json!(12)),
                ("c".to_owned(), json!({ "x": true })),
            ])
        );
        assert!(typed(vec![pair("d:", "no json")]).is_err());
    }
}
