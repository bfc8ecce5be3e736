//! Entries: what a file hangs on, who has reserved it, and where it lies.

use serde_json::Value;

use super::access::Role;
use super::answer::{Answer, Outcome, object};
use super::call::Call;
use super::folders::described;
use super::listing::above;
use super::problem::Problem;
use super::routes::Route;
use super::shapes::ENTRY_FIELDS;
use super::world::{Entity, World, proper_name};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "folder_entries", batch),
    ("GET", "folder_entries/{}", read),
    ("PUT", "folder_entries/{}", update),
    ("DELETE", "folder_entries/{}", delete),
    ("GET", "folder_entries/{}/access", access),
    ("GET", "folder_entries/{}/ancestry", ancestry),
    ("GET", "folder_entries/{}/parent_folder", parent),
    ("GET", "folder_entries/{}/reservation", reservation),
    ("PUT", "folder_entries/{}/reservation", reserve),
    ("DELETE", "folder_entries/{}/reservation", release),
];

fn shown(world: &World, call: &Call) -> Outcome {
    let entry = world.entry(call.id(0)?).ok_or_else(Problem::denied)?;
    object(world.entry_full(entry, call.eye()))
}

fn batch(world: &mut World, call: &Call) -> Outcome {
    let may = |id: &i64| world.need(call.user, Entity::Entry(*id), Role::Viewer).is_ok();
    let found: Vec<_> = call.ids()?.into_iter().filter(may).filter_map(|id| world.entry(id)).collect();
    object(call.list(&found, 100, |entry| world.entry_brief(entry, call.eye()))?)
}

fn read(world: &mut World, call: &Call) -> Outcome {
    let entity = Entity::Entry(call.id(0)?);
    world.need(call.user, entity, Role::Viewer)?;
    world.did(Some(call.user), "view", Some(entity));
    shown(world, call)
}

fn update(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.need_free(call.user, id, Role::Editor)?;
    let document = call.document(ENTRY_FIELDS)?;
    let (title, description) = (document.text("title")?.map(proper_name).transpose()?, described(&document)?);
    // Inferred: the title of an entry that is there for a file follows the file's name, and cannot be set alone.
    let has_file = world.primary(id).is_some();
    if let Some(entry) = world.entries.get_mut(&id) {
        if let Some(title) = title.filter(|_| !has_file) {
            entry.title = title;
        }
        if let Some(description) = description {
            entry.description = description;
        }
    }
    world.modified_file(Entity::Entry(id), world.stamp(call.user));
    shown(world, call)
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.need_free(call.user, id, Role::Contributor)?;
    world.check_hold(Entity::Entry(id))?;
    let purge = call.query.flag("purge", false) || world.net_root(Entity::Entry(id)).is_some();
    world.remove_entry(id, call.user, purge);
    Ok(Answer::Nothing)
}

fn access(world: &mut World, call: &Call) -> Outcome {
    object(world.access(call.user, Entity::Entry(call.id(0)?))?)
}

fn ancestry(world: &mut World, call: &Call) -> Outcome {
    let entity = Entity::Entry(call.id(0)?);
    world.need(call.user, entity, Role::Viewer)?;
    object(above(world, call, &world.line_of(entity)))
}

fn parent(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.need(call.user, Entity::Entry(id), Role::Viewer)?;
    let parent = world.entry(id).and_then(|entry| world.binder(entry.parent));
    object(parent.map_or(Value::Null, |parent| world.binder_full(parent, call.eye(), true)))
}

/// Who has reserved the entry, and since when; nothing where nobody has.
fn reservation(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.need(call.user, Entity::Entry(id), Role::Viewer)?;
    // Inferred: the shape is the one of `creation`.
    match world.entry(id).and_then(|entry| entry.reserved) {
        Some(stamp) => object(world.stamp_value(stamp)),
        None => Ok(Answer::Nothing),
    }
}

fn reserve(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.need_free(call.user, id, Role::Editor)?;
    let stamp = world.stamp(call.user);
    if let Some(entry) = world.entries.get_mut(&id) {
        entry.reserved.get_or_insert(stamp);
    }
    world.did(Some(call.user), "reserve", Some(Entity::Entry(id)));
    reservation(world, call)
}

fn release(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    // Inferred: an owner of the folder may release what another one has reserved.
    if world.role(call.user, Entity::Entry(id)) != Some(Role::Owner) {
        world.need_free(call.user, id, Role::Editor)?;
    }
    if let Some(entry) = world.entries.get_mut(&id) {
        entry.reserved = None;
    }
    Ok(Answer::Nothing)
}
