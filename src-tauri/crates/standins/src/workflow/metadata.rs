//! The content metadata service: files and folders with properties, whose bytes lie in the content service.

mod condition;

use std::sync::Arc;

use axum::extract::Path;
use axum::response::IntoResponse as _;
use axum::routing::{get, put};
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::errors::{Answer, Refused};
use super::moment;
use super::parameters::Parameters;
use super::rest::{json_of, needed};
use super::shared::{Caller, Shared};
use crate::clock::Millis;

/// What may be given or changed.
const FIELDS: [&str; 7] = ["name", "description", "parent_folder_id", "acl_id", "renditions", "properties", "traits"];
/// Items of a page that does not say how many.
const USUAL_ITEMS: i64 = 25;

/// An object: `file` or `folder`, its type, and the fields as they are told.
#[derive(Debug, Clone)]
pub(super) struct Object {
    category: String,
    kind: String,
    fields: Map<String, Value>,
}

/// The objects of a tenant.
#[derive(Debug, Default)]
pub(super) struct Cabinet {
    objects: Vec<Object>,
}

impl Object {
    fn id(&self) -> &str {
        self.fields.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    fn blob(&self) -> Option<&str> {
        self.fields.get("renditions")?.as_array()?.iter().find_map(|rendition| rendition["blob_id"].as_str())
    }

    fn show(&self, base: &str) -> Value {
        let mut fields = self.fields.clone();
        let mut links = json!({
            "self": { "href": format!("{base}/cms/instances/{}/{}/{}", self.category, self.kind, self.id()) },
        });
        if let Some(blob) = self.blob() {
            links["urn:eim:linkrel:download-media"] = json!({ "href": format!("{base}/css/v3/files/{blob}/stream") });
        }
        fields.insert("_links".to_owned(), links);
        Value::Object(fields)
    }
}

impl Cabinet {
    fn at(&self, (category, kind, id): &(String, String, String)) -> Answer<usize> {
        let found = self
            .objects
            .iter()
            .position(|object| object.category == *category && object.kind == *kind && object.id() == id);
        found.ok_or_else(|| Refused::missing("an instance", id))
    }

    /// Removes the objects that hold a file of the content service.
    pub(super) fn remove_with_blob(&mut self, blob: &str) {
        self.objects.retain(|object| object.blob() != Some(blob));
    }

    /// Adds an object and answers its id.
    pub(super) fn add(&mut self, (category, kind): (&str, &str), body: &Value, who: &str, now: Millis) -> String {
        let id = super::engine::new_id();
        let mut fields = Map::new();
        for name in FIELDS {
            fields.insert(name.to_owned(), body.get(name).cloned().unwrap_or(Value::Null));
        }
        if fields["properties"].is_null() {
            fields.insert("properties".to_owned(), json!({}));
        }
        for (name, value) in [
            ("id", json!(id)),
            ("type", json!(kind)),
            ("category", json!(category)),
            ("create_time", json!(moment::zulu(now))),
            ("update_time", json!(moment::zulu(now))),
            ("created_by", json!(who)),
            ("updated_by", json!(who)),
            ("version_no", json!(1)),
            ("status", body.get("status").cloned().unwrap_or(json!("CREATED"))),
        ] {
            fields.insert(name.to_owned(), value);
        }
        self.objects.push(Object { category: category.to_owned(), kind: kind.to_owned(), fields });
        id
    }
}

type Kind = Path<(String, String)>;
type One = Path<(String, String, String)>;

fn check_category(category: &str) -> Answer<()> {
    match category {
        "file" | "folder" | "object" => Ok(()),
        _ => Err(Refused::absent(format!("The category '{category}' does not exist."))),
    }
}

/// Refuses renditions whose bytes are not in the content service.
fn check_renditions(caller: &Caller, body: &Value) -> Answer<()> {
    for rendition in body["renditions"].as_array().into_iter().flatten() {
        if let Some(blob) = rendition["blob_id"].as_str() {
            let found = caller.tenant.store.find(blob);
            found.map_err(|_| Refused::invalid(format!("The blob '{blob}' does not exist.")))?;
        }
    }
    Ok(())
}

async fn create(caller: Caller, Path((category, kind)): Kind, body: Bytes) -> Answer {
    check_category(&category)?;
    let mut body = json_of(&body)?;
    needed(&body, "name")?;
    check_renditions(&caller, &body)?;
    for rendition in body["renditions"].as_array_mut().into_iter().flatten() {
        let stored = rendition["blob_id"].as_str().and_then(|blob| caller.tenant.store.find(blob).ok());
        if let Some(stored) = stored {
            rendition["mime_type"] = json!(stored.kind);
            rendition["content_size"] = json!(stored.length());
        }
    }
    let now = caller.shared.clock.now();
    let mut cabinet = caller.tenant.cabinet();
    let id = cabinet.add((&category, &kind), &body, caller.who(), now);
    let at = cabinet.at(&(category, kind, id))?;
    Ok((StatusCode::CREATED, Json(cabinet.objects[at].show(&caller.shared.base))).into_response())
}

async fn list(caller: Caller, Path((category, kind)): Kind, parameters: Parameters) -> Answer {
    check_category(&category)?;
    let condition = parameters.text("filter").map(condition::Condition::parse).transpose()?;
    let cabinet = caller.tenant.cabinet();
    let mut rows: Vec<&Object> = cabinet
        .objects
        .iter()
        .filter(|object| object.category == category && object.kind == kind)
        .filter(|object| condition.as_ref().is_none_or(|condition| condition.holds(&object.fields)))
        .collect();
    if let Some(sort) = parameters.text("sortby") {
        let (field, direction) = sort.split_once(' ').unwrap_or((sort, "asc"));
        rows.sort_by(|one, two| {
            let order =
                condition::compare(&condition::field(&one.fields, field), &condition::field(&two.fields, field));
            if direction.trim().eq_ignore_ascii_case("desc") { order.reverse() } else { order }
        });
    }
    let page = parameters.number("page")?.unwrap_or(1);
    let items = parameters.number("items-per-page")?.unwrap_or(USUAL_ITEMS);
    if page < 1 || items < 1 {
        return Err(Refused::invalid("'page' and 'items-per-page' begin with 1."));
    }
    let skipped = usize::try_from((page - 1).saturating_mul(items)).unwrap_or(usize::MAX);
    let count = usize::try_from(items).unwrap_or(usize::MAX);
    let shown: Vec<Value> =
        rows.iter().skip(skipped).take(count).map(|object| object.show(&caller.shared.base)).collect();
    let others = parameters.without(&["page"]);
    let address = format!("{}/cms/instances/{category}/{kind}", caller.shared.base);
    let link = |page: i64| json!({ "href": format!("{address}?{others}page={page}") });
    let mut body = json!({ "_links": { "self": link(page) } });
    if skipped.saturating_add(count) < rows.len() {
        body["_links"]["next"] = link(page + 1);
    }
    if page > 1 {
        body["_links"]["prev"] = link(page - 1);
    }
    if parameters.is_set("include-total")? {
        body["total"] = json!(rows.len());
    }
    if !shown.is_empty() {
        body["_embedded"] = json!({ "collection": shown });
    }
    Ok(Json(body).into_response())
}

async fn one(caller: Caller, Path(place): One) -> Answer {
    let cabinet = caller.tenant.cabinet();
    let at = cabinet.at(&place)?;
    Ok(Json(cabinet.objects[at].show(&caller.shared.base)).into_response())
}

/// Changes fields: `properties` and `traits` are merged where `merges` says so, else replaced.
fn change(caller: &Caller, place: &(String, String, String), body: &Value, merges: bool) -> Answer {
    check_renditions(caller, body)?;
    let now = moment::zulu(caller.shared.clock.now());
    let mut cabinet = caller.tenant.cabinet();
    let at = cabinet.at(place)?;
    let fields = &mut cabinet.objects[at].fields;
    for name in FIELDS.into_iter().chain(["status"]) {
        match (body.get(name), fields.get_mut(name)) {
            (Some(Value::Object(new)), Some(Value::Object(old))) if merges => old.extend(new.clone()),
            (Some(value), _) => drop(fields.insert(name.to_owned(), value.clone())),
            (None, _) => {}
        }
    }
    let version = fields.get("version_no").and_then(Value::as_i64).unwrap_or(0) + 1;
    fields.insert("version_no".to_owned(), json!(version));
    fields.insert("update_time".to_owned(), json!(now));
    fields.insert("updated_by".to_owned(), json!(caller.who()));
    Ok(Json(cabinet.objects[at].show(&caller.shared.base)).into_response())
}

async fn replace(caller: Caller, Path(place): One, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    needed(&body, "name")?;
    change(&caller, &place, &body, false)
}

async fn amend(caller: Caller, Path(place): One, body: Bytes) -> Answer {
    change(&caller, &place, &json_of(&body)?, true)
}

async fn remove(caller: Caller, Path(place): One) -> Answer {
    let mut cabinet = caller.tenant.cabinet();
    let at = cabinet.at(&place)?;
    cabinet.objects.remove(at);
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn protect(caller: Caller, Path(place): One, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let id = needed(&body, "id")?;
    change(&caller, &place, &json!({ "acl_id": id }), false)
}

/// The routes.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/cms/instances/{category}/{kind}", get(list).post(create))
        .route("/cms/instances/{category}/{kind}/{id}", get(one).put(replace).patch(amend).delete(remove))
        .route("/cms/instances/{category}/{kind}/{id}/acl", put(protect))
}
