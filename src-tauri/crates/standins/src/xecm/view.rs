//! How a node looks from outside.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::node::{Node, Version, is_container, is_volume, kind, type_name};
use super::world::World;
use crate::clock::Millis;

/// A time as the interface writes it, in UTC.
pub(super) fn time(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}

/// A day.
pub(super) fn day(at: Millis) -> String {
    time(at).chars().take(10).collect()
}

fn size_text(size: u64) -> String {
    if size < 1024 * 1024 {
        format!("{} KB", size.div_ceil(1024))
    } else {
        format!("{} MB", size.div_ceil(1024 * 1024))
    }
}

/// The id by which children name their container: negative where the container is a volume of its own.
fn parent_of(world: &World, node: &Node) -> i64 {
    match world.nodes.get(&node.parent) {
        Some(parent) if parent.kind == kind::WORKSPACE => -parent.id,
        _ => node.parent,
    }
}

/// The volume that a node lies in, negative at its root.
pub(super) fn volume_of(world: &World, node: &Node) -> i64 {
    let trail = world.trail(node);
    let space = trail.iter().skip(1).find(|node| node.kind == kind::WORKSPACE);
    space.map_or_else(|| trail.last().map_or(0, |root| -root.id), |space| space.id)
}

/// All properties of a node.
pub(super) fn properties(world: &World, node: &Node, who: i64) -> Map<String, Value> {
    let count = world
        .children(node.id)
        .filter(|child| !child.hidden && world.mask(child, who) & super::permissions::SEE == super::permissions::SEE)
        .count() as u64;
    let container = is_container(node.kind);
    let newest = node.newest();
    let size = if container { count } else { newest.map_or(0, |version| version.content.size()) };
    let formatted = if container { format!("{count} Items") } else { size_text(size) };
    let reserved = node.reserved;
    let favorite = world.members.get(&who).is_some_and(|member| member.favorites.contains(&node.id));
    let external = |name: &str| node.external.get(name).map_or(Value::Null, |value| json!(value));
    let names = if node.names.is_empty() { json!({ "en": node.name }) } else { Value::Object(node.names.clone()) };
    let descriptions = if node.descriptions.is_empty() {
        json!({ "en": node.description })
    } else {
        Value::Object(node.descriptions.clone())
    };
    let mut properties = json!({
        "advanced_versioning": node.advanced_versioning,
        "container": container,
        "container_size": if container { count } else { 0 },
        "create_date": time(node.created),
        "create_user_id": node.creator,
        "description": node.description,
        "description_multilingual": descriptions,
        "external_create_date": external("create_date"),
        "external_identity": external("identity"),
        "external_identity_type": external("identity_type"),
        "external_modify_date": external("modify_date"),
        "external_source": external("source"),
        "favorite": favorite,
        "hidden": node.hidden,
        "icon": "/img/webdoc/doc.gif",
        "icon_large": "/img/webdoc/doc_large.gif",
        "id": node.id,
        "mime_type": newest.map(|version| &version.mime_type),
        "modify_date": time(node.modified),
        "modify_user_id": node.modifier,
        "name": node.name,
        "name_multilingual": names,
        "owner": world.members.get(&node.acl.owner.0).map(super::members::name_of),
        "owner_group_id": node.acl.group.0,
        "owner_user_id": node.acl.owner.0,
        "parent_id": parent_of(world, node),
        "permissions_model": "advanced",
        "reserved": reserved.is_some(),
        "reserved_date": reserved.map(|(_, at)| time(at)),
        "reserved_shared_collaboration": false,
        "reserved_user_id": reserved.map_or(0, |(by, _)| by),
    });
    let more = json!({
        "size": size,
        "size_formatted": formatted,
        "status": node.status,
        "type": node.kind,
        "type_name": type_name(node.kind),
        "versionable": node.kind == kind::DOCUMENT,
        "versions_control_advanced": node.advanced_versioning,
        "volume_id": volume_of(world, node),
    });
    let (Value::Object(properties), Value::Object(more)) = (&mut properties, more) else { return Map::new() };
    properties.extend(more);
    if let Some(url) = &node.url {
        properties.insert("url".to_owned(), json!(url));
    }
    if let Some(original) = node.original {
        properties.insert("original_id".to_owned(), json!(original));
    }
    if let Some(nickname) = &node.nickname {
        properties.insert("nickname".to_owned(), json!(nickname));
    }
    if is_volume(node.kind) {
        properties.insert("volume_id".to_owned(), json!(-node.id));
    }
    std::mem::take(properties)
}

/// A version of a document.
pub(super) fn version(node: &Node, version: &Version) -> Value {
    let number_name = if node.advanced_versioning {
        format!("{}.{}", version.major, version.minor)
    } else {
        version.number.to_string()
    };
    let external = |name: &str| version.external.get(name).map_or(Value::Null, |value| json!(value));
    json!({
        "id": node.id,
        "version_id": version.id,
        "version_number": version.number,
        "version_number_major": version.major,
        "version_number_minor": version.minor,
        // One document spells them thus, another the other way.
        "version_major_number": version.major,
        "version_minor_number": version.minor,
        "version_number_name": number_name,
        "name": version.file_name,
        "file_name": version.file_name,
        "file_size": version.content.size(),
        "file_type": version.file_name.rsplit_once('.').map_or("", |(_, ending)| ending),
        "mime_type": version.mime_type,
        "create_date": time(version.created),
        "modify_date": time(version.created),
        "file_create_date": time(version.created),
        "file_modify_date": time(version.created),
        "description": version.description,
        "owner_id": version.owner,
        "locked": version.locked.is_some(),
        "locked_date": version.locked.map(|(_, at)| time(at)),
        "locked_user_id": version.locked.map(|(by, _)| by),
        "has_generation": false,
        "provider_id": version.id,
        // Inferred: the provider's name.
        "provider_name": "Livelink",
        "external_create_date": external("create_date"),
        "external_identity": external("identity"),
        "external_identity_type": external("identity_type"),
        "external_modify_date": external("modify_date"),
        "external_source": external("source"),
    })
}

/// Which parts a request selects by `fields`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Selector {
    name: String,
    only: Vec<String>,
}

fn selectors(call: &Call) -> Vec<Selector> {
    let mut found = Vec::new();
    for (_, text) in call.query().iter().filter(|(name, _)| name == "fields") {
        let mut depth = 0;
        let parts = text.split(|c| {
            depth += match c {
                '{' | '(' => 1,
                '}' | ')' => -1,
                _ => 0,
            };
            c == ',' && depth == 0
        });
        for part in parts {
            let (name, rest) = part.split_once('{').unwrap_or((part, ""));
            let only = rest.trim_end_matches('}').split(',').map(str::trim).filter(|name| !name.is_empty());
            let name = name.split(['.', '(']).next().unwrap_or_default().trim().to_owned();
            found.push(Selector { name, only: only.map(str::to_owned).collect() });
        }
    }
    found
}

fn kept(mut properties: Map<String, Value>, only: &[String]) -> Map<String, Value> {
    if !only.is_empty() {
        properties.retain(|name, _| only.iter().any(|wanted| wanted == name));
    }
    properties
}

/// What `expand=properties{parent_id}` asks for: names of ids that become objects.
fn expand(world: &World, call: &Call, properties: &mut Map<String, Value>) {
    for text in call.query().iter().filter(|(name, _)| name == "expand").map(|(_, text)| text) {
        let Some(names) = text.strip_prefix("properties") else { continue };
        let names: Vec<&str> =
            names.trim_matches(['{', '}']).split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        for (name, value) in properties.iter_mut() {
            let wanted = names.is_empty() || names.contains(&name.as_str());
            let Some(id) = value.as_i64().filter(|_| wanted && name.ends_with("_id")) else { continue };
            if name.contains("user") || name.contains("group") {
                if let Some(member) = world.members.get(&id) {
                    *value = super::members::properties(member);
                }
            } else if let Some(node) = world.nodes.get(&id.abs()) {
                *value = Value::Object(self::properties(world, node, call.who));
            }
        }
    }
}

/// The data of a node that a request asks for.
pub(super) fn data(world: &World, call: &Call, node: &Node) -> Map<String, Value> {
    let selectors = selectors(call);
    let only = selectors.iter().find(|selector| selector.name == "properties").map(|selector| selector.only.clone());
    let mut data = Map::new();
    if selectors.is_empty() || only.is_some() {
        let mut properties = kept(properties(world, node, call.who), &only.unwrap_or_default());
        expand(world, call, &mut properties);
        data.insert("properties".to_owned(), Value::Object(properties));
    }
    for Selector { name, only } in &selectors {
        let value = match name.as_str() {
            "versions" => node.newest().map(|newest| match version(node, newest) {
                Value::Object(version) => Value::Object(kept(version, only)),
                other => other,
            }),
            "categories" => Some(json!(super::categories::rows(node))),
            "permissions" => Some(json!(super::permissions::entries(world, call, node))),
            "columns" => Some(Value::Array(vec![Value::Object(columns(world, node, call.who))])),
            "ancestors" => Some(ancestors(world, node)),
            "nicknames" => Some(json!({ "nickname": node.nickname })),
            _ => None,
        };
        if let Some(value) = value {
            data.insert(name.clone(), value);
        }
    }
    // Without a choice, a document comes with its newest version.
    if let Some(newest) = node.newest().filter(|_| selectors.is_empty()) {
        data.insert("versions".to_owned(), version(node, newest));
    }
    data
}

fn columns(world: &World, node: &Node, who: i64) -> Map<String, Value> {
    let names = ["type", "name", "size", "modify_date"].map(str::to_owned);
    kept(properties(world, node, who), &names)
}

/// What a node lies in, the root first and itself last.
pub(super) fn ancestors(world: &World, node: &Node) -> Value {
    let mut trail = world.trail(node);
    trail.reverse();
    trail
        .iter()
        .map(|node| {
            json!({
                "id": node.id,
                "name": node.name,
                "parent_id": parent_of(world, node),
                "type": node.kind,
                "type_name": type_name(node.kind),
                "volume_id": volume_of(world, node),
            })
        })
        .collect()
}

/// A node as a row of a list.
pub(super) fn row(world: &World, call: &Call, node: &Node) -> Value {
    let mut row = json!({ "data": data(world, call, node) });
    let wanted = call.list("actions");
    if !wanted.is_empty() {
        row["actions"] = super::actions::of(world, node, call.who, &wanted);
    }
    if call.flag("metadata") {
        row["metadata"] = super::browse::metadata();
    }
    row
}

/// A node alone, with the tokens where `state` asks for them.
pub(super) fn whole(world: &World, call: &Call, node: &Node) -> Value {
    let mut whole = row(world, call, node);
    if call.flag("state") {
        let tokens = node
            .categories
            .keys()
            .map(|category| json!({ format!("{category}_1"): { "metadata_token": node.category_token(*category) } }));
        let mut categories = Map::new();
        for token in tokens {
            if let Value::Object(token) = token {
                categories.extend(token);
            }
        }
        // Inferred: where the node's own token stands.
        whole["state"] = json!({ "properties": { "metadata_token": node.token() }, "categories": categories });
    }
    whole
}
