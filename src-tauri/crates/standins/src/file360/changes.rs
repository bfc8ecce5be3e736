//! What changed since a time, and what happened of late.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::access::{Principal, Role};
use super::answer::{Outcome, object};
use super::call::{Call, Place};
use super::listing::place;
use super::problem::Problem;
use super::shapes::tagged;
use super::world::{Action, Change, Entity, Id, Subject, World};
use crate::clock::Millis;

/// The binders whose changes a place shows: all that lie in one of them count.
fn watched(world: &World, user: Id, place: Place) -> Result<(Vec<Id>, Vec<Id>), Problem> {
    let mut binders = Vec::new();
    let mut entries = Vec::new();
    match place {
        Place::Binder(id) => binders.push(id),
        Place::MyFiles => binders.extend(world.users.get(&user).map(|user| user.storage)),
        place => {
            for entity in world.contents(user, place)? {
                match entity {
                    Entity::Binder(id) => binders.push(id),
                    Entity::Entry(id) => entries.push(id),
                }
            }
        }
    }
    Ok((binders, entries))
}

/// Fails where a client must begin anew.
fn need_cursor(world: &World, call: &Call, place: Place, since: Millis) -> Result<(), Problem> {
    let window = i64::try_from(world.settings.changes_window.as_millis()).unwrap_or(i64::MAX);
    if world.purged.is_some_and(|purged| since.div_euclid(1000) < purged.div_euclid(1000)) {
        return Err(Problem::conflict("CHANGES_PURGED", "The changes since this time have been purged."));
    }
    if since < world.now().saturating_sub(window) {
        return Err(Problem::conflict("CHANGES_WINDOW_PASSED", "This time lies too far back."));
    }
    let switched = world.settings.storage_switched.filter(|_| place == Place::MyFiles);
    if switched.is_some_and(|switched| switched > since + 999) {
        return Err(Problem::conflict("ADHOC_SETTING_CHANGED", "The setting for personal storage has changed."));
    }
    // Inferred: what was opened to or closed for somebody counts where they are not the owner.
    let user = call.user;
    let line = match place {
        Place::Binder(id) if world.role(user, Entity::Binder(id)) != Some(Role::Owner) => world.line(id),
        _ => Vec::new(),
    };
    let is_meant = |principal: Principal, entity: Entity| match place {
        Place::SharedWithMe => principal != Principal::Public && principal.covers(world, user),
        Place::Public => principal == Principal::Public,
        _ => principal.covers(world, user) && matches!(entity, Entity::Binder(id) if line.contains(&id)),
    };
    if world.opened.iter().any(|(principal, entity, at)| *at > since + 999 && is_meant(*principal, *entity)) {
        return Err(Problem::conflict("ACL_CHANGED", "The rights have changed since this time."));
    }
    Ok(())
}

pub(super) fn library_changes(world: &mut World, call: &Call) -> Outcome {
    let place = place(world, call)?;
    let since = call.query.date("since")?;
    if let Some(since) = since {
        need_cursor(world, call, place, since)?;
    }
    let recursive = call.query.flag("recursive", true);
    let (binders, entries) = watched(world, call.user, place)?;
    let is_in = |change: &&Change| {
        let is_below = |id: &Id| if recursive { change.within.contains(id) } else { change.within.first() == Some(id) };
        let is_itself = |id: &Id| match &change.subject {
            Subject::File(file) => world.files.get(file).is_some_and(|file| file.owner == Entity::Entry(*id)),
            Subject::Entry(entry) => entry == id,
            Subject::Binder(_) => false,
        };
        binders.iter().any(is_below) || entries.iter().any(is_itself)
    };
    // Inferred: changes of the very second that is asked for are answered again; none is lost between two calls.
    let recent = world.changes.iter().filter(|change| since.is_none_or(|since| change.at >= since)).filter(is_in);
    let mut folded: BTreeMap<Subject, (Millis, Action)> = BTreeMap::new();
    for change in recent {
        let slot = folded.entry(change.subject.clone()).or_insert((change.at, change.action));
        let was_added = slot.1 == Action::Add && change.action == Action::Modify;
        *slot = (change.at, if was_added { Action::Add } else { change.action });
    }
    let mut found: Vec<(Subject, Millis, Action)> =
        folded.into_iter().map(|(subject, (at, action))| (subject, at, action)).collect();
    found.sort_by_key(|(_, at, _)| *at);
    let mut last = None;
    let mut value = call.list(&found, 500, |(subject, at, action)| {
        last = Some(*at);
        shown(world, call, subject, *at, *action)
    })?;
    // Inferred: the whole answer is as new as the server's clock, a part of it as its last change.
    let is_whole = value["next"].is_null();
    let last = last.filter(|_| !is_whole).unwrap_or_else(|| world.now());
    value["last_change_date"] = json!(world.date(last));
    object(value)
}

fn shown(world: &World, call: &Call, subject: &Subject, at: Millis, action: Action) -> Value {
    let eye = call.eye();
    let is_gone = action == Action::Delete;
    let (kind, name, id, value) = match subject {
        Subject::File(id) => {
            let file = world.files.get(id).filter(|file| !is_gone && world.exists(file.owner));
            (".FileChange", "file", json!(id), file.map(|file| world.file_tagged(file, eye)))
        }
        Subject::Binder(id) => {
            let binder = world.binder(*id).filter(|_| !is_gone);
            (".BinderChange", "binder", json!(id), binder.map(|binder| world.binder_brief(binder, eye)))
        }
        Subject::Entry(id) => {
            let entry = world.entry(*id).filter(|_| !is_gone);
            (".FolderEntryChange", "entry", json!(id), entry.map(|entry| world.entry_brief(entry, eye)))
        }
    };
    let action = match action {
        Action::Add => "add",
        Action::Modify => "modify",
        Action::Delete => "delete",
    };
    let mut change = json!({ "action": action, "type": name, "date": world.date(at), "id": id });
    change[name] = value.unwrap_or_default();
    tagged(change, kind)
}

/// The entries that changed last, with their comments.
pub(super) fn recent_activity(world: &mut World, call: &Call) -> Outcome {
    let place = place(world, call)?;
    let found = world.found_in(call.user, place, true)?;
    let mut entries: Vec<_> = found
        .into_iter()
        .filter(|entity| world.is_indexed(*entity))
        .filter_map(|entity| if let Entity::Entry(id) = entity { world.entry(id) } else { None })
        .collect();
    entries.sort_by_key(|entry| (std::cmp::Reverse(entry.modified.at), entry.id));
    object(call.list(&entries, 20, |entry| {
        let mut value = world.entry_brief(entry, call.eye());
        let replies = world.replies_on(entry.id);
        value["replies"] = replies.into_iter().map(|reply| world.reply_value(reply, call.eye())).collect();
        value
    })?)
}
