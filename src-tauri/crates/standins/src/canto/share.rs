//! Share links: made by contributors, opened by anybody who has one.

use axum::extract::{Path, State};
use axum::response::{Html, Response};
use axum::routing::{get, put};
use axum::{Json, Router};
use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asset::{Asset, EXPIRED};
use super::asset_json;
use super::batch::{Reference, References};
use super::file_answer::{Given, answer};
use super::library::Library;
use super::moment::parse_digits;
use super::refused::{Outcome, Refused};
use super::rendition::Rendition;
use super::session::Caller;
use super::signer::fresh;
use super::tenant::{Shared, Tenant};
use crate::clock::Millis;

/// What a link gives.
#[derive(Debug, Clone)]
pub(super) struct Share {
    /// The `userId` of who made it.
    pub(super) by: String,
    pub(super) created: Millis,
    pub(super) expires: Option<Millis>,
    pub(super) rules: Rules,
    pub(super) contents: Vec<Reference>,
    /// When it was opened, and what was taken.
    pub(super) opened: Vec<(Millis, String)>,
}

/// What those may do who have it.
#[expect(clippy::struct_excessive_bools, reason = "switches of the interface, by its names")]
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Rules {
    hide_share_by: bool,
    pub(super) allow_download_original: bool,
    allow_crop_and_resize: bool,
    display_metadata: bool,
    allow_presets: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            hide_share_by: false,
            allow_download_original: true,
            allow_crop_and_resize: false,
            display_metadata: true,
            allow_presets: false,
        }
    }
}

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1/share/batch", put(share))
        .route("/share/{token}", get(page))
        .route("/share/{token}/{scheme}/{id}/{what}", get(file))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Draft {
    #[serde(default)]
    share_detail: Value,
    contents: Value,
}

// Inferred: the form of `expires` and of the answer.
async fn share(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<Json<Value>> {
    caller.must_contribute()?;
    let draft: Draft = serde_json::from_slice(&body).map_err(|error| Refused::bad(error.to_string()))?;
    let contents: Vec<Reference> = References::of(&draft.contents)?.iter().cloned().collect();
    if contents.is_empty() {
        return Err(Refused::bad("There is nothing to share."));
    }
    let (now, detail) = (tenant.now(), draft.share_detail);
    let expires = match detail.get("expires") {
        None | Some(Value::Null) => None,
        Some(end) => {
            let text = end.as_str().map_or_else(|| end.to_string(), str::to_owned);
            let end = parse_digits(&text).filter(|end| *end > now);
            Some(end.ok_or_else(|| Refused::bad("expires must be a later yyyyMMddHHmmssSSS."))?)
        }
    };
    let rules = if detail.is_null() { Rules::default() } else { read_rules(detail)? };
    let token = fresh();
    tenant.with(|library| {
        for reference in &contents {
            library.asset(&reference.scheme, &reference.id, &caller)?;
        }
        let share = Share { by: caller.user.clone(), created: now, expires, rules, contents, opened: Vec::new() };
        library.shares.insert(token.clone(), share);
        Ok(())
    })?;
    let link = format!("{}/share/{token}", tenant.base);
    Ok(Json(json!({ "status": "success", "link": link, "links": [link] })))
}

fn read_rules(detail: Value) -> Outcome<Rules> {
    serde_json::from_value(detail).map_err(|error| Refused::bad(error.to_string()))
}

fn gone() -> Refused {
    Refused::not_found("This link is not there any more.")
}

/// The link, if it is still good, and the opening is written down.
fn open<'library>(library: &'library mut Library, token: &str, now: Millis, what: &str) -> Outcome<&'library Share> {
    let share = library.shares.get_mut(token).filter(|share| share.expires.is_none_or(|end| end > now));
    let share = share.ok_or_else(gone)?;
    share.opened.push((now, what.to_owned()));
    Ok(share)
}

/// What is shared and not expired: expired assets leave what outsiders see.
fn shown<'library>(library: &'library Library, reference: &Reference) -> Option<&'library Asset> {
    let asset = library.assets.get(&reference.id);
    asset.filter(|asset| asset.scheme.name() == reference.scheme && asset.status != EXPIRED)
}

async fn page(State(tenant): State<Shared>, Path(token): Path<String>) -> Outcome<Html<String>> {
    let now = tenant.now();
    tenant.with(|library| {
        let share = open(library, &token, now, "page")?.clone();
        let items: String = share
            .contents
            .iter()
            .filter_map(|reference| shown(library, reference))
            .map(|asset| item(&tenant, &token, &share, asset))
            .collect();
        let by = if share.rules.hide_share_by { String::new() } else { safe(&library.name_of(&share.by)) };
        Ok(Html(format!(
            "<!doctype html><html lang=\"en\"><title>Shared files</title><p>{by}</p><ul>{items}</ul></html>"
        )))
    })
}

fn item(tenant: &Tenant, token: &str, share: &Share, asset: &Asset) -> String {
    let (name, base) =
        (safe(&asset.name), format!("{}/share/{token}/{}/{}", tenant.base, asset.scheme.name(), asset.id));
    let mut links = format!("<a href=\"{base}/preview\">Preview</a>");
    let mut add = |allowed: bool, what: &str, title: &str| {
        if allowed {
            let link = format!(" <a href=\"{base}/{what}\">{title}</a>");
            links.push_str(&link);
        }
    };
    add(share.rules.allow_download_original, "original", "Download");
    add(share.rules.allow_presets || share.rules.allow_crop_and_resize, "small", "Download small");
    let metadata =
        if share.rules.display_metadata { safe(&asset_json::metadata(asset).to_string()) } else { String::new() };
    format!("<li>{name} {links} <small>{metadata}</small></li>")
}

fn safe(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

async fn file(
    State(tenant): State<Shared>,
    Path((token, scheme, id, what)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let now = tenant.now();
    let wanted = Reference { id, scheme };
    let given = tenant.with(|library| {
        let taken = format!("{what} {}/{}", wanted.scheme, wanted.id);
        let share = open(library, &token, now, &taken)?.clone();
        let asset = share.contents.contains(&wanted).then(|| shown(library, &wanted)).flatten().ok_or_else(gone)?;
        let rendition = match what.as_str() {
            "preview" => Rendition::PREVIEW,
            "original" if share.rules.allow_download_original => Rendition::Original,
            "small" if share.rules.allow_presets || share.rules.allow_crop_and_resize => Rendition::LowJpg,
            "original" | "small" => return Err(Refused::forbidden("This link does not allow it.")),
            _ => return Err(gone()),
        };
        if !rendition.is_there_for(asset.scheme) {
            return Err(gone());
        }
        Ok(Given::new(asset, &asset.current, rendition))
    })?;
    answer(&headers, given, what != "preview").await.map_err(|error| Refused::broken(&error))
}
