//! The zone's policy, as administrators read and set it.

use serde_json::{Value, json};

use super::access::{Principal, Rights};
use super::answer::{Answer, Outcome, object};
use super::call::{Call, Document};
use super::problem::Problem;
use super::routes::Route;
use super::settings::{Permission, Restrictions};
use super::world::{Id, World};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "admin/share_settings", settings),
    ("PUT", "admin/share_settings", set_settings),
    ("GET", "admin/share_settings/permissions", permissions),
    ("POST", "admin/share_settings/permissions", add_permission),
    ("GET", "admin/share_settings/permissions/{}", permission),
    ("PUT", "admin/share_settings/permissions/{}", set_permission),
    ("DELETE", "admin/share_settings/permissions/{}", remove_permission),
    ("GET", "admin/share_settings/external_restrictions", restrictions),
    ("PUT", "admin/share_settings/external_restrictions", set_restrictions),
    ("GET", "admin/dlp/policies", leak_policies),
    ("PUT", "admin/dlp/policies", set_leak_policies),
    ("GET", "admin/personal_storage", personal_storage),
    ("PUT", "admin/personal_storage", set_personal_storage),
    ("GET", "admin/web_application", web_application),
    ("PUT", "admin/web_application", set_web_application),
];

// Inferred: the vendor's documents name these addresses; the shapes follow `zone_config` and the shares' own fields.

fn settings(world: &mut World, _call: &Call) -> Outcome {
    let lines: Vec<Value> = world.settings.permissions.iter().map(|line| value(world, line)).collect();
    object(json!({
        "allow_sharing_with_ldap_groups": world.settings.ldap_groups, "public_shares": world.settings.public_shares,
        "external_restrictions": world.settings.restrictions.value(), "permissions": lines,
    }))
}

fn set_settings(world: &mut World, call: &Call) -> Outcome {
    let known = ["allow_sharing_with_ldap_groups", "public_shares", "external_restrictions", "permissions", "links"];
    let document = call.document(&known)?;
    let restrictions = document.value("external_restrictions").map(restrictions_of).transpose()?;
    if let Some(flag) = document.flag("allow_sharing_with_ldap_groups")? {
        world.settings.ldap_groups = flag;
    }
    if let Some(flag) = document.flag("public_shares")? {
        world.settings.public_shares = flag;
    }
    if let Some(restrictions) = restrictions {
        world.settings.restrictions = restrictions;
    }
    settings(world, call)
}

fn value(world: &World, line: &Permission) -> Value {
    let mut value = line.rights.value();
    value["id"] = json!(line.id);
    value["principal"] = world.principal_value(line.principal);
    value
}

fn permissions(world: &mut World, call: &Call) -> Outcome {
    let lines = &world.settings.permissions;
    object(call.list(lines, 100, |line| value(world, line))?)
}

fn missing() -> Problem {
    Problem::missing("NOT_FOUND", "There is no such permission.")
}

fn permission(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    object(value(world, world.settings.permissions.iter().find(|line| line.id == id).ok_or_else(missing)?))
}

const FIELDS: &[&str] =
    &["id", "principal", "internal", "external", "public", "public_link", "grant_reshare", "href", "links"];

fn rights(document: &Document) -> Result<Rights, Problem> {
    let flag = |name: &str| document.flag(name).map(|flag| flag.unwrap_or(false));
    Ok(Rights {
        internal: flag("internal")?,
        external: flag("external")?,
        public: flag("public")?,
        public_link: flag("public_link")?,
        grant_reshare: flag("grant_reshare")?,
    })
}

fn add_permission(world: &mut World, call: &Call) -> Outcome {
    let document = call.document(FIELDS)?;
    let principal = document.object("principal", &["id", "type", "href", "email"])?;
    let principal = principal.ok_or_else(|| Problem::bad("principal is missing."))?;
    let id: Id = principal.number("id")?.ok_or_else(|| Problem::bad("principal.id is missing."))?;
    let principal = if world.groups.contains_key(&id) {
        Principal::Group(id)
    } else if world.users.contains_key(&id) {
        Principal::User(id)
    } else {
        return Err(Problem::bad(format!("There is no user or group {id}.")));
    };
    let line = Permission { id: world.next_id(), principal, rights: rights(&document)? };
    let shown = value(world, &line);
    world.settings.permissions.push(line);
    object(shown)
}

fn set_permission(world: &mut World, call: &Call) -> Outcome {
    let (id, rights) = (call.id(0)?, rights(&call.document(FIELDS)?)?);
    world.settings.permissions.iter_mut().find(|line| line.id == id).ok_or_else(missing)?.rights = rights;
    permission(world, call)
}

fn remove_permission(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    if !world.settings.permissions.iter().any(|line| line.id == id) {
        return Err(missing());
    }
    world.settings.permissions.retain(|line| line.id != id);
    Ok(Answer::Nothing)
}

/// Which addresses may be invited, as a body says.
pub(super) fn restrictions_of(value: &Value) -> Result<Restrictions, Problem> {
    let document = Document::of(value, &["mode", "email_list", "domain_list"])?;
    let mode = document.text("mode")?.unwrap_or("none").to_owned();
    if !matches!(mode.as_str(), "none" | "whitelist" | "blacklist") {
        return Err(Problem::bad("mode must be none, whitelist or blacklist."));
    }
    let emails = document.texts("email_list")?.unwrap_or_default();
    Ok(Restrictions { mode, emails, domains: document.texts("domain_list")?.unwrap_or_default() })
}

fn restrictions(world: &mut World, _call: &Call) -> Outcome {
    object(world.settings.restrictions.value())
}

fn set_restrictions(world: &mut World, call: &Call) -> Outcome {
    let bytes = call.sent.bytes().cloned().unwrap_or_default();
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| Problem::bad(format!("The body is no JSON: {error}.")))?;
    world.settings.restrictions = restrictions_of(&value)?;
    restrictions(world, call)
}

fn personal_storage(world: &mut World, _call: &Call) -> Outcome {
    object(json!({ "allow_personal_storage": world.settings.personal_storage }))
}

fn set_personal_storage(world: &mut World, call: &Call) -> Outcome {
    if let Some(flag) = call.document(&["allow_personal_storage"])?.flag("allow_personal_storage")? {
        let now = world.now();
        world.settings.storage_switched =
            (world.settings.personal_storage != flag).then_some(now).or(world.settings.storage_switched);
        world.settings.personal_storage = flag;
    }
    personal_storage(world, call)
}

fn web_application(world: &mut World, _call: &Call) -> Outcome {
    object(json!({ "enabled": world.settings.web_access }))
}

/// Switched off, nobody but administrators signs in.
fn set_web_application(world: &mut World, call: &Call) -> Outcome {
    if let Some(flag) = call.document(&["enabled"])?.flag("enabled")? {
        world.settings.web_access = flag;
    }
    web_application(world, call)
}

// Inferred: newer builds have policies against leaks; a policy is a number, a title, whether it holds, and its levels.

fn leak_policies(world: &mut World, call: &Call) -> Outcome {
    object(call.list(&world.settings.leak_policies, 100, |policy| {
        let levels: Vec<Value> = policy.levels.iter().map(|title| json!({ "title": title })).collect();
        json!({ "id": policy.id, "title": policy.title, "enabled": policy.enabled, "dlp_classification_level": levels })
    })?)
}

/// Takes a list of policies by their numbers; what a policy does not name stays.
fn set_leak_policies(world: &mut World, call: &Call) -> Outcome {
    let bytes = call.sent.bytes().cloned().unwrap_or_default();
    let items: Vec<Value> =
        serde_json::from_slice(&bytes).map_err(|error| Problem::bad(format!("The body is no list: {error}.")))?;
    let mut policies = world.settings.leak_policies.clone();
    for item in &items {
        let item = Document::of(item, &["id", "title", "enabled", "dlp_classification_level"])?;
        let id = item.number("id")?.ok_or_else(|| Problem::bad("id is missing."))?;
        let policy = policies.iter_mut().find(|policy| policy.id == id).ok_or_else(missing)?;
        policy.title = item.text("title")?.map_or_else(|| policy.title.clone(), str::to_owned);
        policy.enabled = item.flag("enabled")?.unwrap_or(policy.enabled);
    }
    world.settings.leak_policies = policies;
    leak_policies(world, call)
}
