//! Which ways tokens take out of a step, and when gateways let those go on that came together.

use super::agenda::Step;
use super::{Engine, Instance, Waits};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::expression;
use crate::workflow::model::{Flow, Kind, Node};

impl Engine {
    fn is_open(&self, instance: &Instance, flow: &Flow) -> Answer<bool> {
        let Some(condition) = &flow.condition else { return Ok(true) };
        let scope = |name: &str| self.value_in(instance, name);
        expression::holds(condition, &scope).map_err(Refused::invalid)
    }

    /// The elements to which a token goes from `node`: one after an exclusive gateway, else each whose condition holds.
    pub(super) fn ways(&self, instance: &str, node: &Node) -> Answer<Vec<String>> {
        let instance = self.instance(instance)?;
        let flows: Vec<&Flow> = instance.definition.process.ways_out(&node.id).collect();
        if matches!(node.kind, Kind::Parallel) {
            return Ok(flows.iter().map(|flow| flow.to.clone()).collect());
        }
        let mut open = Vec::new();
        for flow in flows.iter().filter(|flow| !flow.is_default) {
            if self.is_open(instance, flow)? {
                open.push(flow.to.clone());
                if matches!(node.kind, Kind::Exclusive) {
                    break;
                }
            }
        }
        if open.is_empty() {
            open.extend(flows.iter().find(|flow| flow.is_default).map(|flow| flow.to.clone()));
        }
        if open.is_empty() && !flows.is_empty() {
            // Inferred: the status; the engine that the service is built on raises an error with this text.
            let reason = format!(
                "No outgoing sequence flow of element '{}' could be selected for continuing the process",
                node.id
            );
            return Err(Refused::invalid(reason));
        }
        Ok(open)
    }

    /// Lets the tokens of each gateway go on as one that nobody can join any more. Says whether any did.
    pub(super) fn join(&mut self) -> Answer<bool> {
        let touched: Vec<String> = self.before.instances.keys().cloned().collect();
        let mut any = false;
        for id in touched {
            let Some(instance) = self.instances.get(&id).filter(|instance| instance.ended.is_none()) else { continue };
            let Some(gateway) = ready(instance) else { continue };
            let owner = self.instance_mut(&id)?;
            let mut kept: Option<String> = None;
            owner.executions.retain(|one| {
                let waits = one.element == gateway && matches!(one.waits, Waits::Others);
                if waits && kept.is_none() {
                    kept = Some(one.id.clone());
                    return true;
                }
                !waits
            });
            let Some(execution) = kept else { continue };
            for one in &mut owner.executions {
                if one.id == execution {
                    one.waits = Waits::Nothing;
                }
            }
            self.agenda.push_back(Step::Leave { instance: id, execution });
            any = true;
        }
        Ok(any)
    }
}

/// A gateway of the instance at which all tokens have come that can come.
fn ready(instance: &Instance) -> Option<String> {
    let process = &instance.definition.process;
    let waiting = instance.executions.iter().filter(|one| matches!(one.waits, Waits::Others));
    let mut gateways: Vec<&str> = waiting.map(|one| one.element.as_str()).collect();
    gateways.sort_unstable();
    gateways.dedup();
    let is_ready = |gateway: &&str| {
        let arrived =
            instance.executions.iter().filter(|one| one.element == *gateway && matches!(one.waits, Waits::Others));
        match process.node(gateway).map(|node| &node.kind) {
            Some(Kind::Parallel) => arrived.count() >= process.ways_in(gateway),
            _ => {
                !instance.executions.iter().any(|one| one.element != *gateway && process.reaches(&one.element, gateway))
            }
        }
    };
    gateways.into_iter().find(is_ready).map(str::to_owned)
}
