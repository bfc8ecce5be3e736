//! Tags: public ones for all who see the thing, personal ones for who made them.

use super::access::Role;
use super::answer::{Answer, Outcome, object};
use super::call::Call;
use super::problem::Problem;
use super::routes::Route;
use super::share_lists::entity_of;
use super::world::{Entity, Id, Tag, World};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "folder_entries/{}/tags", list),
    ("POST", "folder_entries/{}/tags", add),
    ("DELETE", "folder_entries/{}/tags", remove_all),
    ("GET", "folder_entries/{}/tags/{}", read),
    ("DELETE", "folder_entries/{}/tags/{}", remove),
];

fn visible(world: &World, user: Id, entity: Entity) -> Vec<&Tag> {
    let tags = world.tags.values().filter(|tag| tag.entity == entity);
    tags.filter(|tag| tag.is_public || tag.owner == user).collect()
}

fn shown(world: &World, call: &Call, entity: Entity) -> Outcome {
    object(call.list(&visible(world, call.user, entity), 100, |tag| world.tag_value(tag))?)
}

pub(super) fn list(world: &mut World, call: &Call) -> Outcome {
    let entity = entity_of(world, call, Role::Viewer)?;
    shown(world, call, entity)
}

/// Adds a tag and answers all.
pub(super) fn add(world: &mut World, call: &Call) -> Outcome {
    let entity = entity_of(world, call, Role::Viewer)?;
    let document = call.document(&["@type", "id", "name", "public", "entity", "href"])?;
    let name = document.text("name")?.map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Problem::bad("name is missing."))?.to_owned();
    let is_public = document.flag("public")?.unwrap_or(false);
    if is_public {
        // Inferred: what others see may be tagged by who may change it.
        world.need(call.user, entity, Role::Editor)?;
    }
    let is_there = visible(world, call.user, entity).iter().any(|tag| tag.name == name && tag.is_public == is_public);
    if !is_there {
        let id = world.next_id();
        world.tags.insert(id, Tag { id, entity, name, is_public, owner: call.user });
    }
    shown(world, call, entity)
}

/// The tag of an address; its number stands last.
fn tag_at(world: &World, call: &Call, entity: Entity) -> Result<Id, Problem> {
    let id = call.id(call.args.len().saturating_sub(1))?;
    let missing = || Problem::missing("TAG_NOT_FOUND", format!("There is no tag {id}."));
    visible(world, call.user, entity).iter().find(|tag| tag.id == id).map(|tag| tag.id).ok_or_else(missing)
}

pub(super) fn read(world: &mut World, call: &Call) -> Outcome {
    let entity = entity_of(world, call, Role::Viewer)?;
    let id = tag_at(world, call, entity)?;
    object(world.tags.get(&id).map(|tag| world.tag_value(tag)).unwrap_or_default())
}

/// Whether somebody may remove a tag: a personal one is theirs, a public one asks for the right to change the thing.
fn may_remove(world: &World, user: Id, tag: &Tag) -> bool {
    if tag.is_public { world.need(user, tag.entity, Role::Editor).is_ok() } else { tag.owner == user }
}

pub(super) fn remove(world: &mut World, call: &Call) -> Outcome {
    let entity = entity_of(world, call, Role::Viewer)?;
    let id = tag_at(world, call, entity)?;
    if !world.tags.get(&id).is_some_and(|tag| may_remove(world, call.user, tag)) {
        return Err(Problem::denied());
    }
    world.tags.remove(&id);
    Ok(Answer::Nothing)
}

pub(super) fn remove_all(world: &mut World, call: &Call) -> Outcome {
    let entity = entity_of(world, call, Role::Viewer)?;
    let tags = visible(world, call.user, entity);
    let ids: Vec<Id> = tags.into_iter().filter(|tag| may_remove(world, call.user, tag)).map(|tag| tag.id).collect();
    world.tags.retain(|id, _| !ids.contains(id));
    Ok(Answer::Nothing)
}
