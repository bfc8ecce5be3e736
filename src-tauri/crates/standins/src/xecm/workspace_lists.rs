//! Lists of business workspaces, and what narrows them.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome};
use super::call::{Call, list_of};
use super::node::{Node, Reference, Workspace};
use super::workspaces::row;
use super::world::World;

/// The envelope of lists of workspaces: its paging stands at the top.
pub(super) fn listed(world: &World, call: &Call, found: Vec<&Node>, row: impl Fn(&Node) -> Value) -> Outcome {
    let page = call.page(500)?;
    let total = found.len();
    let rows: Vec<Value> = page.cut(found).into_iter().map(row).collect();
    let kinds = world.workspace_types.values().map(
        |kind| json!({ "wksp_type_id": kind.id, "wksp_type_name": kind.name, "wksp_type_icon": "/img/workspace.svg" }),
    );
    Ok(Answer::json(json!({
        "links": { "data": { "self": super::answer::link("GET", &call.href()) } },
        "paging": page.paging(call, total),
        "results": rows,
        "wksp_info": kinds.collect::<Vec<Value>>(),
    })))
}

/// `X`, `contains_X`, `startswith_X`.
pub(super) fn is_named(name: &str, wanted: &str) -> bool {
    let name = name.to_lowercase();
    let wanted = wanted.to_lowercase();
    if let Some(part) = wanted.strip_prefix("contains_") {
        name.contains(part)
    } else if let Some(start) = wanted.strip_prefix("startswith_") {
        name.starts_with(start)
    } else {
        name == wanted
    }
}

pub(super) fn find(world: &World, call: &Call) -> Outcome {
    let is_all = call.flag("expanded_view")
        || ["where_workspace_type_id", "where_workspace_type_name", "where_ext_system_id"]
            .iter()
            .any(|name| call.has(name));
    let accessed = world.members.get(&call.who).map(|member| member.accessed.clone()).unwrap_or_default();
    let kind = call.int("where_workspace_type_id")?;
    let (kind_name, name) = (call.filled("where_workspace_type_name"), call.filled("where_name"));
    let (system, object, object_id) =
        (call.filled("where_ext_system_id"), call.filled("where_bo_type"), call.filled("where_bo_id"));
    let column = call.filled("where_column_query").map(|query| super::search::parse(&query)).transpose()?;
    let is_template = |node: &Node| world.workspace_types.values().any(|kind| kind.templates.contains(&node.id));
    let matches = |node: &Node, workspace: &Workspace| {
        let type_name = world.workspace_types.get(&workspace.kind).map(|kind| kind.name.clone()).unwrap_or_default();
        let has = |reference: &Reference| {
            system.as_ref().is_none_or(|wanted| *wanted == reference.system)
                && object.as_ref().is_none_or(|wanted| *wanted == reference.kind)
                && object_id.as_ref().is_none_or(|wanted| *wanted == reference.id)
        };
        let no_object = system.is_none() && object.is_none() && object_id.is_none();
        (is_all || accessed.contains(&node.id))
            && kind.is_none_or(|kind| kind == workspace.kind)
            && kind_name.as_ref().is_none_or(|wanted| is_named(&type_name, wanted))
            && name.as_ref().is_none_or(|wanted| is_named(&node.name, wanted))
            && (no_object || workspace.references.iter().any(has))
            && column.as_ref().is_none_or(|query| super::search::matches(world, node, query))
    };
    let mut found: Vec<&Node> = world
        .nodes
        .values()
        .filter(|node| node.workspace.as_ref().is_some_and(|workspace| matches(node, workspace)))
        .collect();
    found.retain(|node| !is_template(node) && world.visible(node.id, call.who).is_ok());
    found.sort_by_cached_key(|node| node.name.to_lowercase());
    let sort = call.text("sort").unwrap_or_default();
    if sort.ends_with("modify_date") {
        found.sort_by_key(|node| node.modified);
    }
    if sort.starts_with("desc") {
        found.reverse();
    }
    listed(world, call, found, |node| row(world, call, node))
}

/// `{1,2}` or `1`.
pub(super) fn numbers(call: &Call, names: &[&str]) -> Vec<i64> {
    names
        .iter()
        .filter_map(|name| call.value(name))
        .flat_map(|value| list_of(&value))
        .filter_map(|text| text.parse().ok())
        .collect()
}
