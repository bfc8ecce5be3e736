//! Whether a process can be run: said at the deployment, not in the middle of a case.

use super::{Kind, Process, Wait};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::expression;

fn invalid(reason: impl std::fmt::Display) -> Refused {
    Refused::invalid(format!("Errors while parsing the model: {reason}"))
}

fn expressions(process: &Process) -> Answer<()> {
    for flow in &process.flows {
        if let Some(condition) = &flow.condition {
            expression::check(condition, true).map_err(invalid)?;
        }
    }
    for node in &process.nodes {
        let texts: Vec<&String> = match &node.kind {
            Kind::Person(task) => {
                let single = [&task.assignee, &task.due, &task.priority, &task.category, &task.form_key];
                single.into_iter().flatten().chain(&task.users).chain(&task.groups).collect()
            }
            Kind::Mail { to, subject, text } => vec![to, subject, text],
            Kind::Call(call) => call.ins.iter().chain(&call.outs).map(|(from, _)| from).collect(),
            Kind::Timer { wait } | Kind::Boundary { wait, .. } => match wait {
                Wait::For(text) | Wait::Until(text) => vec![text],
            },
            _ => Vec::new(),
        };
        for text in texts {
            expression::check(text, false).map_err(invalid)?;
        }
    }
    Ok(())
}

/// Refuses a process that has no key, no start, loose ends or expressions that nobody can read.
pub(super) fn check(process: &Process) -> Answer<()> {
    if process.key.is_empty() {
        return Err(invalid("the process has no id"));
    }
    if !process.nodes.iter().any(|node| matches!(node.kind, Kind::Start { .. })) {
        return Err(invalid(format!("the process '{}' has no start event", process.key)));
    }
    for (at, node) in process.nodes.iter().enumerate() {
        if process.nodes[..at].iter().any(|other| other.id == node.id) {
            return Err(invalid(format!("the id '{}' is there twice", node.id)));
        }
        if let Kind::Boundary { host, .. } = &node.kind
            && process.node(host).is_none()
        {
            return Err(invalid(format!("the boundary event '{}' hangs at nothing", node.id)));
        }
    }
    for flow in &process.flows {
        for end in [&flow.from, &flow.to] {
            if process.node(end).is_none() {
                return Err(invalid(format!("the sequence flow '{}' refers to '{end}', which is not there", flow.id)));
            }
        }
    }
    expressions(process)
}
