//! One asset: what it is, its name, its terms, the comment of a version; and the lists that terms and fields come from.

use axum::extract::{Path, State};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asset::Asset;
use super::asset_json;
use super::library::FieldKind;
use super::refused::{Outcome, Refused};
use super::session::Caller;
use super::tenant::{Shared, Tenant};
use super::webhook::Event;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1", get(endpoints))
        .route("/api/v1/", get(endpoints))
        .route("/api/v1/{scheme}/{id}", get(detail))
        .route("/api/v1/{scheme}/{id}/rename", put(rename))
        .route("/api/v1/{scheme}/{id}/tag/{term}", put(add_tag).delete(remove_tag))
        .route("/api/v1/{scheme}/{id}/keyword/{term}", put(add_keyword).delete(remove_keyword))
        .route("/api/v1/keyword", post(define_keyword))
        .route("/api/v1/version/comment", post(comment))
        .route("/api/v1/custom/field", get(fields))
}

/// What there is, for a test of the connection.
// Inferred: the form of the list.
async fn endpoints(State(tenant): State<Shared>, _caller: Caller) -> Json<Value> {
    let url = |path: &str| format!("{}/api/v1/{path}", tenant.base);
    let counts: Value = tenant.with(|library| {
        library.counts().into_iter().map(|(scheme, count)| (scheme.name().to_owned(), json!(count))).collect()
    });
    Json(json!({
        "tree": url("tree"),
        "search": url("search"),
        "album": url("album/{id}"),
        "folder": url("folder/{id}"),
        "content": url("{scheme}/{id}"),
        "batch": url("batch/content"),
        "customField": url("custom/field"),
        "upload": url("upload/setting"),
        "user": url("user"),
        "binary": format!("{}/api_binary/v1/{{scheme}}/{{id}}", tenant.base),
        "counts": counts,
    }))
}

async fn detail(
    State(tenant): State<Shared>,
    Path((scheme, id)): Path<(String, String)>,
    caller: Caller,
) -> Outcome<Json<Value>> {
    tenant.with(|library| {
        let asset = library.asset(&scheme, &id, &caller)?;
        Ok(Json(asset_json::asset(&tenant, library, asset)))
    })
}

/// Changes one asset and says so to webhooks.
fn change(
    tenant: &Tenant,
    caller: &Caller,
    scheme: &str,
    id: &str,
    work: impl FnOnce(&mut Asset) -> Outcome<bool>,
) -> Outcome<()> {
    let now = tenant.now();
    tenant.with(|library| {
        let asset = library.asset_mut(scheme, id, caller)?;
        if work(asset)? {
            asset.touch(&caller.user, now);
            let asset = asset.clone();
            library.tell(Event::UpdateMetadata, &asset, None);
        }
        Ok(())
    })
}

#[derive(Debug, Deserialize)]
struct NewName {
    name: String,
}

async fn rename(
    State(tenant): State<Shared>,
    Path((scheme, id)): Path<(String, String)>,
    caller: Caller,
    body: Bytes,
) -> Outcome<()> {
    let draft: NewName = serde_json::from_slice(&body).map_err(|error| Refused::bad(error.to_string()))?;
    // Inferred: blanks at the ends stay unless the options say otherwise.
    let name = if tenant.options.trims_names { draft.name.trim().to_owned() } else { draft.name };
    if name.trim().is_empty() {
        return Err(Refused::bad("The name is empty."));
    }
    change(&tenant, &caller, &scheme, &id, |asset| {
        name.clone_into(&mut asset.name);
        Ok(true)
    })
}

type Term = Path<(String, String, String)>;

/// Puts a term to a list, or takes it away; whether that changed anything.
fn set(terms: &mut Vec<String>, term: &str, on: bool) -> Outcome<bool> {
    let term = term.trim();
    if term.is_empty() {
        return Err(Refused::bad("The term is empty."));
    }
    let before = terms.len();
    terms.retain(|other| other != term || on);
    if on && !terms.iter().any(|other| other == term) {
        terms.push(term.to_owned());
    }
    Ok(terms.len() != before)
}

// Inferred: terms answer the text that edits answer; what is not attached is taken away without an error.
async fn add_tag(
    State(tenant): State<Shared>,
    Path((scheme, id, term)): Term,
    caller: Caller,
) -> Outcome<&'static str> {
    change(&tenant, &caller, &scheme, &id, |asset| set(&mut asset.tags, &term, true)).map(|()| "success")
}

async fn remove_tag(
    State(tenant): State<Shared>,
    Path((scheme, id, term)): Term,
    caller: Caller,
) -> Outcome<&'static str> {
    change(&tenant, &caller, &scheme, &id, |asset| set(&mut asset.tags, &term, false)).map(|()| "success")
}

async fn add_keyword(
    State(tenant): State<Shared>,
    Path((scheme, id, term)): Term,
    caller: Caller,
) -> Outcome<&'static str> {
    change(&tenant, &caller, &scheme, &id, |asset| set(&mut asset.keywords, &term, true)).map(|()| "success")
}

async fn remove_keyword(
    State(tenant): State<Shared>,
    Path((scheme, id, term)): Term,
    caller: Caller,
) -> Outcome<&'static str> {
    change(&tenant, &caller, &scheme, &id, |asset| set(&mut asset.keywords, &term, false)).map(|()| "success")
}

#[derive(Debug, Deserialize)]
struct KeywordDraft {
    name: String,
    #[serde(default)]
    description: Option<String>,
}

async fn define_keyword(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<&'static str> {
    caller.must_contribute()?;
    let draft: KeywordDraft = serde_json::from_slice(&body).map_err(|error| Refused::bad(error.to_string()))?;
    let name = draft.name.trim().to_owned();
    if name.is_empty() {
        return Err(Refused::bad("The name is empty."));
    }
    tenant.with(|library| library.keywords.insert(name, draft.description.unwrap_or_default()));
    Ok("success")
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommentDraft {
    scheme: String,
    id: String,
    version_id: String,
    #[serde(default)]
    comment: Option<String>,
}

async fn comment(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<&'static str> {
    let draft: CommentDraft = serde_json::from_slice(&body).map_err(|error| Refused::bad(error.to_string()))?;
    change(&tenant, &caller, &draft.scheme, &draft.id, |asset| {
        let version = asset.version_mut(&draft.version_id);
        let version =
            version.ok_or_else(|| Refused::not_found(format!("There is no version {}.", draft.version_id)))?;
        version.comment = draft.comment.clone().filter(|comment| !comment.is_empty());
        Ok(true)
    })
    .map(|()| "success")
}

// Inferred: `type` and its words.
async fn fields(State(tenant): State<Shared>, _caller: Caller) -> Json<Value> {
    let kind = |kind| match kind {
        FieldKind::Text => "Text",
        FieldKind::Date => "Date",
        FieldKind::Choice => "Single Choice",
        FieldKind::Many => "Multiple Choice",
    };
    Json(tenant.with(|library| {
        let fields = library.fields.iter();
        fields
            .map(
                |field| json!({ "id": field.id, "name": field.name, "type": kind(field.kind), "values": field.values }),
            )
            .collect()
    }))
}
