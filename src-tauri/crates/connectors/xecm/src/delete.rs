//! Removing: into the recycle bin, where the server has one. And telling why something may not be changed.

use async_trait::async_trait;
use serde_json::Value;
use waybill_connector::{Afterwards, ConnectorError, Delete, Result, Right, TAKEN_BY};
use waybill_model::{FailureKind, RemotePath, Retry};

use crate::{
    connector::XecmConnector,
    wire::{Node, flag, int, text},
    words,
};

#[async_trait]
impl Delete for XecmConnector {
    fn afterwards(&self) -> Afterwards {
        Afterwards::Kept(words::TO_RECYCLE_BIN)
    }

    async fn delete(&self, path: &RemotePath) -> Result<()> {
        let Some(node) = self.find("delete", path).await? else { return Ok(()) };
        if path.is_root() {
            let why = "the root folder of a connection is not removed";
            return Err(ConnectorError::new(FailureKind::Invalid, "delete", why).at(path));
        }
        if node.container && !self.page_of_children("delete", node.id, (1, 1), &[]).await?.0.is_empty() {
            let why = "the folder is not empty";
            return Err(ConnectorError::new(FailureKind::Invalid, "delete", why).at(path));
        }
        self.demand_unreserved("delete", &node).await.map_err(|error| error.at(path))?;
        let removed = self.remove_node(&node).await;
        self.tree.forget(path);
        removed.map_err(|error| error.at(path))
    }
}

/// The right that an act on a node needs.
fn right_for(operation: &str, node: &Node) -> Right {
    match operation {
        "delete" => Right::Delete,
        "delete_version" => Right::DeleteVersions,
        "fill" | "take_off" | "classify" | "declassify" => Right::EditAttributes,
        "permit" => Right::EditPermissions,
        "lock" | "unlock" => Right::Reserve,
        "write" if node.container => Right::AddItems,
        _ => Right::Modify,
    }
}

impl XecmConnector {
    /// Removes a node. Succeeds where it is gone.
    pub(crate) async fn remove_node(&self, node: &Node) -> Result<()> {
        match self.remove("delete", &self.addresses.node(node.id), &[]).await {
            Ok(()) => Ok(()),
            Err(error) if error.kind == FailureKind::NotFound => Ok(()),
            Err(error) => {
                // The answer may be lost, and the deed done.
                let passing = error.retry != Retry::Never;
                if passing && self.node("delete", node.id).await.is_ok_and(|found| found.is_none()) {
                    return Ok(());
                }
                Err(self.why_not("delete", node, error).await)
            }
        }
    }

    /// Why a change was refused, as far as the server tells when it is asked: a hold, a final record, a reservation. The
    /// refusal itself has no code, and its words are nowhere documented.
    pub(crate) async fn why_not(&self, operation: &'static str, node: &Node, error: ConnectorError) -> ConnectorError {
        let asked = matches!(
            error.kind,
            FailureKind::Vendor | FailureKind::Denied | FailureKind::Invalid | FailureKind::Held | FailureKind::Locked
        );
        let of_interface = error.fact("page").is_none() && error.fact("status").is_some();
        if !asked || !of_interface {
            return error;
        }
        if let Some(hold) = self.active_hold(operation, node.id).await {
            let why = format!("the hold {hold} keeps it from being changed or deleted");
            return ConnectorError::new(FailureKind::Held, operation, why).retry(Retry::Never).with("hold", hold);
        }
        if self.is_final_record(operation, node.id).await {
            let why = "it is a final record, which nobody changes or deletes";
            return ConnectorError::new(FailureKind::Held, operation, why).retry(Retry::Never);
        }
        let Ok(Some(now)) = self.node(operation, node.id).await else { return error };
        let needed = right_for(operation, node);
        let Some((by, name)) = now.reserved else { return self.naming_right(operation, node.id, needed, error).await };
        let mine = self.me(operation).await.is_ok_and(|me| me.id == by);
        if mine {
            return self.naming_right(operation, node.id, needed, error).await;
        }
        let name = name.unwrap_or_else(|| by.to_string());
        let why = format!("{name} has reserved it");
        ConnectorError::new(FailureKind::Locked, operation, why).retry(Retry::Never).with(TAKEN_BY, name)
    }

    async fn active_hold(&self, operation: &'static str, node: i64) -> Option<String> {
        let answer = self.get(operation, &self.addresses.node_holds(node), &[]).await.ok()?;
        let is_active = |row: &&Value| row.get("active").is_none_or(flag);
        let hold = answer["data"].as_array()?.iter().find(is_active)?;
        text(&hold["hold_name"]).or_else(|| int(&hold["hold_id"]).map(|id| id.to_string()))
    }

    async fn is_final_record(&self, operation: &'static str, node: i64) -> bool {
        let answer = self.get(operation, &self.addresses.record(node), &[]).await;
        answer.is_ok_and(|answer| crate::file_plan::is_final(&answer))
    }
}
