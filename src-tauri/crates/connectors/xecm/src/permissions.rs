//! Who may do what.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{ConnectorError, Grantee, Permission, Permissions, Result, Right};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::XecmConnector,
    people::Member,
    wire::{int, text},
};

/// The server's words for rights, in the order of ours.
const RIGHTS: [(Right, &str); 9] = [
    (Right::See, "see"),
    (Right::Read, "see_contents"),
    (Right::Modify, "modify"),
    (Right::EditAttributes, "edit_attributes"),
    (Right::AddItems, "add_items"),
    (Right::Reserve, "reserve"),
    (Right::DeleteVersions, "delete_versions"),
    (Right::Delete, "delete"),
    (Right::EditPermissions, "edit_permissions"),
];
/// A right that the server counts apart: whoever may change a document may add its major versions.
const MAJOR_VERSIONS: &str = "add_major_version";

/// Rights by the server's words.
fn rights_in(value: &Value) -> Vec<Right> {
    let words: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    RIGHTS.iter().filter(|(_, word)| words.contains(word)).map(|(right, _)| *right).collect()
}

fn words_of(rights: &[Right]) -> Vec<&'static str> {
    let mut words: Vec<&str> =
        RIGHTS.iter().filter(|(right, _)| rights.contains(right)).map(|(_, word)| *word).collect();
    if rights.contains(&Right::Modify) {
        words.push(MAJOR_VERSIONS);
    }
    words
}

#[async_trait]
impl Permissions for XecmConnector {
    async fn permissions(&self, path: &RemotePath) -> Result<Vec<Permission>> {
        let node = self.must("permissions", path).await?;
        let entries = self.entries(node.id).await.map_err(|error| error.at(path))?;
        let mut found = Vec::with_capacity(entries.len());
        for entry in entries {
            found.extend(self.permission(&entry).await.map_err(|error| error.at(path))?);
        }
        Ok(found)
    }

    async fn effective(&self, path: &RemotePath) -> Result<Vec<Right>> {
        let node = self.must("effective", path).await?;
        self.effective_on("effective", node.id).await.map_err(|error| error.at(path))
    }

    async fn permit(&self, path: &RemotePath, grantee: &Grantee, rights: &[Right]) -> Result<()> {
        let node = self.must("permit", path).await?;
        let done = self.permitted(node.id, grantee, rights).await;
        match done {
            Ok(()) => Ok(()),
            Err(error) => Err(self.why_not("permit", &node, error).await.at(path)),
        }
    }
}

impl XecmConnector {
    async fn entries(&self, node: i64) -> Result<Vec<Value>> {
        let query = [("expand", "permissions{right_id}")];
        let answer = self.get("permissions", &self.addresses.permissions(node), &query).await?;
        // A list of one entry each, or one list of all.
        let of = |value: &Value| value.pointer("/data/permissions").cloned();
        Ok(match &answer["results"] {
            Value::Array(rows) => rows.iter().filter_map(of).collect(),
            one => of(one).and_then(|all| all.as_array().cloned()).unwrap_or_default(),
        })
    }

    async fn permission(&self, entry: &Value) -> Result<Option<Permission>> {
        let who = &entry["right_id"];
        let member = match (Member::read(who), int(who)) {
            (Some(member), _) => Some(member),
            (None, Some(id)) => self.member("permissions", id).await?,
            _ => None,
        };
        let name = member.as_ref().map(|member| member.full.clone().unwrap_or_else(|| member.name.clone()));
        let grantee = match entry["type"].as_str().unwrap_or_default() {
            "owner" => Grantee::Owner,
            "group" => Grantee::OwnerGroup,
            "public" => Grantee::Public,
            _ => match member.map(|member| member.name).or_else(|| text(who)) {
                Some(name) => Grantee::Named(name),
                None => return Ok(None),
            },
        };
        Ok(Some(Permission { grantee, name, rights: rights_in(&entry["permissions"]) }))
    }

    /// What this account may do with a node.
    pub(crate) async fn effective_on(&self, operation: &'static str, node: i64) -> Result<Vec<Right>> {
        let me = self.me(operation).await?.id;
        let answer = self.get(operation, &self.addresses.effective(node, me), &[]).await?;
        Ok(rights_in(&answer["results"]["data"]["permissions"]["permissions"]))
    }

    /// A refusal for want of a right, with the right that lacks where the server tells it.
    pub(crate) async fn naming_right(
        &self,
        operation: &'static str,
        node: i64,
        needed: Right,
        error: ConnectorError,
    ) -> ConnectorError {
        if error.kind != FailureKind::Denied {
            return error;
        }
        match self.effective_on(operation, node).await {
            Ok(rights) if !rights.contains(&needed) => {
                let word = RIGHTS.iter().find(|(right, _)| *right == needed).map_or("", |(_, word)| *word);
                let why = format!(
                    "this account lacks the right {word} there; whoever may edit its permissions, or the server's \
                     administrator, can give it"
                );
                ConnectorError { message: why, ..error }
            }
            _ => error,
        }
    }

    async fn permitted(&self, node: i64, grantee: &Grantee, rights: &[Right]) -> Result<()> {
        let kind = match grantee {
            Grantee::Owner => "owner",
            Grantee::OwnerGroup => "group",
            Grantee::Public => "public",
            Grantee::Named(name) => return self.permitted_by_name(node, name, rights).await,
        };
        let address = self.addresses.permission(node, kind);
        if rights.is_empty() {
            return self.remove("permit", &address, &[]).await;
        }
        let body = json!({ "permissions": words_of(rights), "apply_to": 0 });
        let there = self.entries(node).await?.iter().any(|entry| entry["type"] == kind);
        if !there && kind != "public" {
            let why = "the server keeps no owner for it; name a person or a group";
            return Err(ConnectorError::new(FailureKind::Unsupported, "permit", why));
        }
        self.act("permit", Method::PUT, &address, &body).await.map(drop)
    }

    async fn permitted_by_name(&self, node: i64, name: &str, rights: &[Right]) -> Result<()> {
        let member = self.must_be_member("permit", name).await?.id;
        let is_theirs = |entry: &Value| entry["type"] == "custom" && int(&entry["right_id"]) == Some(member);
        let there = self.entries(node).await?.iter().any(is_theirs);
        let address = self.addresses.custom_permission(node, member);
        match (there, rights.is_empty()) {
            (false, true) => Ok(()),
            (true, true) => self.remove("permit", &address, &[]).await,
            (true, false) => {
                let body = json!({ "permissions": words_of(rights), "apply_to": 0 });
                self.act("permit", Method::PUT, &address, &body).await.map(drop)
            }
            (false, false) => {
                let body = json!({ "permissions": words_of(rights), "right_id": member, "apply_to": 0 });
                self.act("permit", Method::POST, &self.addresses.permission(node, "custom"), &body).await.map(drop)
            }
        }
    }
}

/// What of the rights that filing needs is missing, in the server's words.
pub(crate) fn lacking(rights: &[Right]) -> Vec<&'static str> {
    let needed = [Right::AddItems, Right::Modify, Right::EditAttributes, Right::Delete];
    let missing = RIGHTS.iter().filter(|(right, _)| needed.contains(right) && !rights.contains(right));
    missing.map(|(_, word)| *word).collect()
}
