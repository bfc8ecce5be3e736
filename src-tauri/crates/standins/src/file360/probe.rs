//! What a client asks first: the product, the root links, the zone, and the definitions and templates there are.

use serde_json::{Value, json};

use super::answer::{Outcome, object};
use super::call::Call;
use super::problem::Problem;
use super::routes::Route;
use super::world::{TOP, World};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "", links),
    ("GET", "release_info", release_info),
    ("GET", "zone_config", zone_config),
    ("GET", "definitions", definitions),
    ("GET", "definitions/{}", definition),
    ("GET", "templates", templates),
    ("GET", "templates/{}", template),
];

/// Templates by number, with what they make.
pub(super) const TEMPLATES: &[(i64, &str, &str)] =
    &[(901, "File folder", "folder"), (902, "Discussion folder", "folder"), (903, "Team workspace", "workspace")];

fn links(world: &mut World, call: &Call) -> Outcome {
    let plain = [
        "binders",
        "definitions",
        "files",
        "folders",
        "folder_operations",
        "folder_entries",
        "folder_entry_operations",
        "groups",
        "net_folders",
        "principals",
        "release_info",
        "self",
        "shares",
        "templates",
        "users",
        "zone_config",
    ];
    let mut found: Vec<Value> = plain.iter().map(|rel| json!({ "rel": rel, "href": format!("/{rel}") })).collect();
    let top = |word: &str| format!("/workspaces/{TOP}/{word}");
    found.push(json!({ "rel": "binder_library_children", "href": "/binders/library_children" }));
    found.push(json!({ "rel": "library_entities", "href": top("library_entities") }));
    found.push(json!({ "rel": "recent_activity", "href": top("recent_activity") }));
    if world.users.get(&call.user).is_some_and(super::world::User::is_admin) {
        found.push(json!({ "rel": "admin", "href": "/admin" }));
    }
    object(json!({ "links": found }))
}

fn release_info(world: &mut World, _call: &Call) -> Outcome {
    let version = &world.settings.product_version;
    object(json!({
        "product_name": world.settings.product_name, "product_version": version, "build_number": 2402,
        "build_date": "2024-04-16T00:00:00Z", "server_start_time": world.date(world.started),
        // Inferred: the edition's name.
        "licensed_edition": "advanced", "content_version": 1, "rest_api_revision": 4, "appliance_version": version,
        "appliance_build_number": "2402.0",
    }))
}

fn zone_config(world: &mut World, call: &Call) -> Outcome {
    let settings = &world.settings;
    object(json!({
        "id": 1, "guid": "5f0c3c0e6a4c4b0f9d2e7a1b8c6d5e4f", "fileVersionsMaxAge": settings.versions_max_age,
        "binder_quotas": { "enabled": world.binders.values().any(|binder| binder.quota.is_some()) },
        "disk_quotas": { "enabled": world.users.values().any(|user| user.quota.is_some()) },
        "file_upload_size_limit": settings.file_size_limit,
        "allow_sharing_with_ldap_groups": settings.ldap_groups,
        "external_sharing_restrictions": settings.restrictions.value(),
        "desktop_app_config": { "enabled": true },
        "mobile_app_config": { "enabled": world.users.get(&call.user).is_some_and(|user| !user.is_external()) },
    }))
}

/// Kinds of binder and entry.
const DEFINITIONS: &[(&str, &str, &str)] = &[
    ("workspace", "Workspace", "workspace"),
    ("library_folder", "File folder", "folder"),
    ("file_entry", "File entry", "folderEntry"),
];

fn definition_value((id, title, kind): &(&str, &str, &str)) -> Value {
    json!({ "id": id, "title": title, "type": kind, "href": format!("/definitions/{id}") })
}

fn definitions(_world: &mut World, call: &Call) -> Outcome {
    object(call.list(DEFINITIONS, 100, definition_value)?)
}

fn definition(_world: &mut World, call: &Call) -> Outcome {
    let missing = || Problem::missing("DEFINITION_NOT_FOUND", "There is no such definition.");
    object(DEFINITIONS.iter().find(|(id, _, _)| *id == call.arg(0)).map(definition_value).ok_or_else(missing)?)
}

fn template_value((id, title, kind): &(i64, &str, &str)) -> Value {
    json!({ "id": id, "title": title, "entity_type": kind, "doc_type": "binder", "href": format!("/templates/{id}") })
}

fn templates(_world: &mut World, call: &Call) -> Outcome {
    object(call.list(TEMPLATES, 100, template_value)?)
}

fn template(_world: &mut World, call: &Call) -> Outcome {
    let (id, missing) = (call.id(0)?, || Problem::missing("TEMPLATE_NOT_FOUND", "There is no such template."));
    object(TEMPLATES.iter().find(|(own, _, _)| *own == id).map(template_value).ok_or_else(missing)?)
}
