//! Moving, renaming and copying on the server. What is replaced is put aside first and removed last, so that nothing is lost
//! where a step fails.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{ConnectorError, Rename, Result, ServerCopy};
use waybill_model::{FailureKind, Receipt, RemotePath, Retry};

use crate::{connector::XecmConnector, wire::Node, write::receipt};

/// What stands behind the name of something put aside, before its id.
const ASIDE: &str = ".waybill-replaced-";

/// Where something is to go.
struct Goal {
    parent: i64,
    name: String,
    there: Option<Node>,
}

#[async_trait]
impl Rename for XecmConnector {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        let node = self.must("rename", from).await?;
        if from == to {
            return Ok(());
        }
        self.demand_unreserved("rename", &node).await.map_err(|error| error.at(from))?;
        let goal = self.goal("rename", to, replace, node.id).await.map_err(|error| error.at(to))?;
        let moved = self.replacing("rename", &goal, self.relocated(&node, goal.parent, &goal.name)).await;
        self.tree.forget(from);
        self.tree.forget(to);
        moved.map_err(|error| error.at(to))
    }
}

#[async_trait]
impl ServerCopy for XecmConnector {
    async fn copy(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<Receipt> {
        let node = self.must("copy", from).await?;
        let goal = self.goal("copy", to, replace, node.id).await.map_err(|error| error.at(to))?;
        let copied = self.replacing("copy", &goal, self.copied(&node, &goal)).await;
        copied.map_err(|error| error.at(to))
    }
}

impl XecmConnector {
    async fn goal(&self, operation: &'static str, to: &RemotePath, replace: bool, moved: i64) -> Result<Goal> {
        self.demand_names(operation, to)?;
        let above = to.parent().unwrap_or_else(RemotePath::root);
        let parent = self.folder_made(operation, &above).await?;
        let there = self.child(operation, parent, to.name()).await?.filter(|there| there.id != moved);
        if there.as_ref().is_some_and(|there| !replace || !there.is_file()) {
            let why = "something with that name is there";
            return Err(ConnectorError::new(FailureKind::AlreadyExists, operation, why));
        }
        if let Some(there) = &there {
            self.demand_unreserved(operation, there).await?;
        }
        Ok(Goal { parent, name: to.name().to_owned(), there })
    }

    /// Does `deed` while what is at the goal stands aside; removes it then, or puts it back.
    async fn replacing<T>(
        &self,
        operation: &'static str,
        goal: &Goal,
        deed: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let Some(there) = &goal.there else { return deed.await };
        let suffix = format!("{ASIDE}{}", there.id);
        let kept: String = there.name.chars().take(248 - suffix.chars().count()).collect();
        self.changed(operation, there, &json!({ "name": format!("{kept}{suffix}") })).await?;
        let done = deed.await;
        let settled = match &done {
            Ok(_) => self.remove_node(there).await,
            Err(_) => self.changed(operation, there, &json!({ "name": there.name })).await,
        };
        match (done, settled) {
            (done, Ok(())) => done,
            (_, Err(left)) => {
                let why = format!("what was replaced stands aside as {kept}{suffix}: {}", left.message);
                Err(ConnectorError { message: why, ..left }.retry(Retry::Never))
            }
        }
    }

    /// Changes a node. Where no answer comes, it is looked whether it is done.
    async fn changed(&self, operation: &'static str, node: &Node, change: &Value) -> Result<()> {
        let Err(error) = self.act(operation, Method::PUT, &self.addresses.node(node.id), change).await else {
            return Ok(());
        };
        if error.kind == FailureKind::AlreadyExists {
            return Err(error);
        }
        let passing = error.retry != Retry::Never;
        if passing && let Ok(Some(now)) = self.node(operation, node.id).await {
            let named = change["name"].as_str().is_none_or(|name| now.name == name);
            if named && change["parent_id"].as_i64().is_none_or(|parent| now.parent == parent) {
                return Ok(());
            }
        }
        Err(self.why_not(operation, node, error).await)
    }

    /// Moves and renames; whole, or back where it was.
    async fn relocated(&self, node: &Node, parent: i64, name: &str) -> Result<()> {
        let mut change = json!({});
        if node.parent != parent {
            change["parent_id"] = json!(parent);
        }
        if node.name != name {
            change["name"] = json!(name);
        }
        self.changed("rename", node, &change).await?;
        if node.parent == parent || node.name == name {
            return Ok(());
        }
        // Some servers do one of both and say nothing.
        let Some(now) = self.node("rename", node.id).await? else { return Ok(()) };
        if now.parent != parent {
            drop(self.changed("rename", node, &json!({ "name": node.name })).await);
            let why = "the server renamed it and did not move it; the name was put back";
            return Err(ConnectorError::new(FailureKind::Vendor, "rename", why));
        }
        if now.name != name
            && let Err(error) = self.changed("rename", node, &json!({ "name": name })).await
        {
            drop(self.changed("rename", node, &json!({ "parent_id": node.parent })).await);
            return Err(error);
        }
        Ok(())
    }

    async fn copied(&self, node: &Node, goal: &Goal) -> Result<Receipt> {
        let body = json!({ "original_id": node.id, "parent_id": goal.parent, "name": goal.name });
        let found = match self.make("copy", &self.addresses.nodes(), &body).await {
            Ok(answer) => match Node::read(&answer["results"]).filter(|made| made.version.is_some()) {
                Some(made) => Some(made),
                None => self.child("copy", goal.parent, &goal.name).await?,
            },
            Err(not) if not.sure => return Err(not.error),
            Err(not) => {
                // The name was free, or was made free: what has it now, of this account and that size, is the copy.
                let me = self.me("copy").await?.id;
                let fits = |made: &Node| made.bytes() == node.bytes() && made.created_by.is_none_or(|by| by == me);
                let found = self.child("copy", goal.parent, &goal.name).await?.filter(fits);
                Some(found.ok_or(not.error)?)
            }
        };
        let made = found.ok_or_else(|| {
            let why = "the server says that it copied the file, and the copy is not there";
            ConnectorError::new(FailureKind::Vendor, "copy", why)
        })?;
        match &made.version {
            Some(version) if version.size == node.bytes() => Ok(receipt(&made, version)),
            None if made.container => Ok(Receipt::default()),
            _ => {
                let why = format!("the copy has {} of {} bytes", made.bytes(), node.bytes());
                Err(ConnectorError::new(FailureKind::Truncated, "copy", why))
            }
        }
    }
}
