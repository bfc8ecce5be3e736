//! Requests about many assets at once: reading them, editing them, throwing them away.

use std::collections::HashSet;

use axum::extract::State;
use axum::routing::{post, put};
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asset_json;
use super::edit::{Edit, PropertyDraft};
use super::refused::{Outcome, Refused};
use super::session::Caller;
use super::tenant::{Shared, Tenant};
use super::webhook::Event;

/// Items of a batch that cost nothing extra.
const FREE: usize = 100;

/// One thing by type and id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub(super) struct Reference {
    pub(super) id: String,
    pub(super) scheme: String,
}

impl Reference {
    pub(super) fn json(&self) -> Value {
        json!({ "id": self.id, "scheme": self.scheme })
    }
}

/// Things by type and id, each once.
#[derive(Debug)]
pub(super) struct References(Vec<Reference>);

impl References {
    /// The body of a batch: a list.
    pub(super) fn parse(body: &Bytes) -> Outcome<Self> {
        let body: Value = serde_json::from_slice(body).map_err(|error| Refused::bad(error.to_string()))?;
        Self::of(&body)
    }

    /// A list, or an object whose values are what lists hold.
    pub(super) fn of(value: &Value) -> Outcome<Self> {
        let items: Vec<Value> = match value {
            Value::Array(items) => items.clone(),
            Value::Object(by_id) => by_id.values().cloned().collect(),
            _ => return Err(Refused::bad("A list of {id, scheme} is missing.")),
        };
        let read = |item| serde_json::from_value(item).map_err(|error| Refused::bad(error.to_string()));
        let references: Vec<Reference> = items.into_iter().map(read).collect::<Outcome<_>>()?;
        let mut seen = HashSet::new();
        Ok(Self(references.into_iter().filter(|reference| seen.insert(reference.clone())).collect()))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Reference> {
        self.0.iter()
    }
}

impl Tenant {
    /// Large batches are slow.
    pub(super) async fn pause(&self, items: usize) {
        let over = u32::try_from(items.saturating_sub(FREE)).unwrap_or(u32::MAX);
        tokio::time::sleep(self.options.batch_pause.saturating_mul(over)).await;
    }
}

/// What a deletion answers: 200 whatever happened, and the failures in the body.
pub(super) fn succeeded(permission: &[Value], failed: &[Value]) -> Json<Value> {
    Json(json!({ "status": "success", "permissionFail": permission, "deleteFail": failed }))
}

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/api/v1/batch/content", post(read).delete(throw_away)).route("/api/v1/batch/edit", put(edit))
}

async fn read(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<Json<Value>> {
    let references = References::parse(&body)?;
    tenant.pause(references.len()).await;
    Ok(tenant.with(|library| {
        let (mut found, mut failed) = (Vec::new(), Vec::new());
        // No order is promised; here it is that of the ids.
        let mut wanted: Vec<_> = references.iter().collect();
        wanted.sort_by(|a, b| a.id.cmp(&b.id));
        for reference in wanted {
            if let Ok(asset) = library.asset(&reference.scheme, &reference.id, &caller) {
                found.push(asset_json::asset(&tenant, library, asset));
                continue;
            }
            failed.push(reference.json());
            // Inferred: what is there, but not for the caller, leaves a null.
            if library.assets.get(&reference.id).is_some_and(|asset| asset.scheme.name() == reference.scheme) {
                found.push(Value::Null);
            }
        }
        Json(json!({ "docResult": found, "failed": failed }))
    }))
}

// Inferred: into the trash, from where only the web interface brings an asset back.
async fn throw_away(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<Json<Value>> {
    caller.must_contribute()?;
    let references = References::parse(&body)?;
    tenant.pause(references.len()).await;
    let now = tenant.now();
    Ok(tenant.with(|library| {
        let (mut permission, mut failed) = (Vec::new(), Vec::new());
        for reference in references.iter() {
            let asset = library.assets.get(&reference.id).filter(|asset| asset.scheme.name() == reference.scheme);
            match asset.map(|asset| caller.deletes_of(&asset.owner)) {
                Some(true) => {
                    if let Some(asset) = library.assets.remove(&reference.id) {
                        library.tell(Event::DeleteAsset, &asset, None);
                        library.trash.push((asset, caller.user.clone(), now));
                    }
                }
                Some(false) => permission.push(reference.json()),
                None => failed.push(reference.json()),
            }
        }
        succeeded(&permission, &failed)
    }))
}

#[derive(Debug, Deserialize)]
struct EditDraft {
    contents: Value,
    #[serde(default)]
    properties: Vec<PropertyDraft>,
}

// Inferred: all or nothing; the first thing that is wrong refuses the whole batch.
async fn edit(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<&'static str> {
    caller.must_contribute()?;
    let draft: EditDraft = serde_json::from_slice(&body).map_err(|error| Refused::bad(error.to_string()))?;
    let references = References::of(&draft.contents)?;
    tenant.pause(references.len()).await;
    let now = tenant.now();
    tenant.with(|library| {
        let edits: Vec<Edit> = draft
            .properties
            .iter()
            .map(|property| Edit::parse(property, library, &tenant.options))
            .collect::<Outcome<_>>()?;
        if edits.iter().any(Edit::approves) {
            caller.must_approve()?;
        }
        let mut changed = Vec::new();
        for reference in references.iter() {
            let mut asset = library.asset(&reference.scheme, &reference.id, &caller)?.clone();
            for edit in &edits {
                edit.apply(&mut asset)?;
            }
            asset.touch(&caller.user, now);
            changed.push(asset);
        }
        for asset in changed {
            library.tell(Event::UpdateMetadata, &asset, None);
            library.assets.insert(asset.id.clone(), asset);
        }
        Ok("success")
    })
}
