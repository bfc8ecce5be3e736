//! Lists and trees of what lies somewhere, as somebody may see it.

use serde_json::{Value, json};

use super::access::Role;
use super::answer::{Answer, Outcome, object};
use super::call::{Call, Eye, Place};
use super::problem::Problem;
use super::routes::{Route, reserved};
use super::shapes::tagged;
use super::world::{Binder, Entity, Entry, Id, Purpose, World};
use crate::clock::Millis;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "binders", batch),
    ("GET", "folders", batch),
    ("GET", "workspaces", batch),
    ("GET", "binders/library_children", batch_children),
];

/// Whether a title passes a filter: with `*` or `?` as a pattern, else anywhere within.
pub(super) fn is_titled(title: &str, filter: Option<&str>) -> bool {
    // Inferred: the filter ignores case and finds its text anywhere in the title.
    filter.filter(|filter| !filter.is_empty()).is_none_or(|filter| {
        let (title, filter) = (title.to_lowercase(), filter.to_lowercase());
        if filter.contains(['*', '?']) { fits(&filter, &title) } else { title.contains(&filter) }
    })
}

/// Whether a text fits a pattern with `*` and `?`.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let mut fit = vec![false; text.len() + 1];
    fit[0] = true;
    for letter in pattern {
        let before = fit.clone();
        for at in 0..=text.len() {
            fit[at] = match letter {
                '*' => before[at] || at > 0 && fit[at - 1],
                '?' => at > 0 && before[at - 1],
                other => at > 0 && before[at - 1] && text[at - 1] == other,
            };
        }
    }
    fit[text.len()]
}

impl World {
    /// The roots of the net folders that somebody may see.
    pub(super) fn net_folders(&self, user: Id) -> Vec<Entity> {
        let is_net = |binder: &&Binder| matches!(binder.purpose, Purpose::Net | Purpose::NetReadOnly);
        let roots = self.binders.values().filter(is_net).map(|binder| Entity::Binder(binder.id));
        roots.filter(|entity| self.role(user, *entity).is_some()).collect()
    }

    /// What lies in a place, binders first; only what somebody may see.
    pub(super) fn contents(&self, user: Id, place: Place) -> Result<Vec<Entity>, Problem> {
        self.need_root(user, place)?;
        let visible = |entity: &Entity| self.role(user, *entity).is_some();
        let mut found: Vec<Entity> = match place {
            Place::Binder(id) => self.inside(id),
            Place::MyFiles => self.users.get(&user).map(|user| self.inside(user.storage)).unwrap_or_default(),
            Place::NetFolders => self.net_folders(user),
            Place::SharedWithMe | Place::SharedByMe | Place::Public => {
                let mut shared: Vec<Entity> = self.shares_at(user, place).map(|share| share.entity).collect();
                shared.sort_by_key(|entity| {
                    (matches!(entity, Entity::Entry(_)), self.name_of(*entity).to_lowercase(), *entity)
                });
                shared.dedup();
                shared
            }
            Place::Teams => {
                let is_team =
                    |binder: &&Binder| binder.is_workspace() && binder.owner.is_some() && !self.is_personal(binder.id);
                self.binders
                    .values()
                    .filter(is_team)
                    .map(|binder| Entity::Binder(binder.id))
                    .filter(|entity| {
                        let Entity::Binder(id) = *entity else { return false };
                        super::access::Principal::Team(id).covers(self, user)
                    })
                    .collect()
            }
            Place::Favorites => {
                let own = self.favorites.iter().filter(|(who, _)| *who == user);
                own.map(|(_, binder)| Entity::Binder(*binder)).collect()
            }
        };
        found.retain(visible);
        Ok(found)
    }

    pub(super) fn is_personal(&self, binder: Id) -> bool {
        self.users.values().any(|user| user.workspace == binder)
    }

    fn inside(&self, id: Id) -> Vec<Entity> {
        let hidden = |binder: &&Binder| binder.purpose != Purpose::Storage;
        let binders = self.binders_in(id).into_iter().filter(hidden).map(|binder| Entity::Binder(binder.id));
        binders.chain(self.entries_in(id).into_iter().map(|entry| Entity::Entry(entry.id))).collect()
    }

    /// Something as a mixed list shows it: a binder, a file, or an entry that has none; without a discriminator.
    pub(super) fn shown(&self, entity: Entity, eye: Eye) -> Value {
        match entity {
            Entity::Binder(id) => self.binder(id).map(|binder| self.binder_brief(binder, eye)),
            Entity::Entry(id) => match self.primary(id) {
                Some(file) => Some(self.file_plain(file, eye)),
                None => self.entry(id).map(|entry| self.entry_brief(entry, eye)),
            },
        }
        .unwrap_or_default()
    }

    /// The same in a place: what is there because it is shared carries its shares.
    fn shown_at(&self, place: Place, entity: Entity, eye: Eye) -> Value {
        let mut value = self.shown(entity, eye);
        if matches!(place, Place::SharedWithMe | Place::SharedByMe | Place::Public) {
            let shares = self.shares_at(eye.user, place).filter(|share| share.entity == entity);
            let shares: Value = shares.map(|share| self.share_value(share)).collect();
            value["shares"] = shares;
        }
        value
    }

    /// All entries in a place and below it.
    pub(super) fn entries_below(&self, user: Id, place: Place, recursive: bool) -> Result<Vec<&Entry>, Problem> {
        let mut found = Vec::new();
        for entity in self.contents(user, place)? {
            match entity {
                Entity::Entry(id) => found.extend(self.entry(id)),
                Entity::Binder(id) if recursive => {
                    found.extend(self.tree(id).into_iter().flat_map(|id| self.entries_in(id)));
                }
                Entity::Binder(_) => {}
            }
        }
        Ok(found)
    }
}

/// The place that a call is about, which its caller may see.
pub(super) fn place(world: &World, call: &Call) -> Result<Place, Problem> {
    let place = call.place.unwrap_or(Place::MyFiles);
    if let Place::Binder(id) = place {
        binder(world, call, id, Role::Viewer)?;
    }
    world.need_root(call.user, place)?;
    Ok(place)
}

/// The binder of a call by its number, of the family that the address names.
pub(super) fn binder<'a>(world: &'a World, call: &Call, id: Id, least: Role) -> Result<&'a Binder, Problem> {
    let family = call.path.split('/').find(|word| !word.is_empty()).unwrap_or_default();
    let found = world.binder(id).filter(|binder| match family {
        "folders" => !binder.is_workspace(),
        "workspaces" => binder.is_workspace(),
        _ => true,
    });
    let missing = || match family {
        "folders" => Problem::missing("FOLDER_NOT_FOUND", format!("There is no folder {id}.")),
        "workspaces" => Problem::missing("WORKSPACE_NOT_FOUND", format!("There is no workspace {id}.")),
        _ => Problem::missing("BINDER_NOT_FOUND", format!("There is no binder {id}.")),
    };
    let found = found.ok_or_else(missing)?;
    // A binder that is hidden is missing in the words of its family.
    world
        .need(call.user, Entity::Binder(id), least)
        .map_err(|problem| if problem.status == http::StatusCode::NOT_FOUND { missing() } else { problem })?;
    Ok(found)
}

/// The binder that stands behind the place of a call: one's own storage for "My Files".
pub(super) fn binder_of(world: &World, call: &Call, least: Role) -> Result<Id, Problem> {
    match call.place.unwrap_or(Place::MyFiles) {
        Place::Binder(id) => binder(world, call, id, least).map(|binder| binder.id),
        Place::MyFiles => {
            world.need_root(call.user, Place::MyFiles)?;
            world.users.get(&call.user).map(|user| user.storage).ok_or_else(Problem::denied)
        }
        // Inferred: the other roots are lists; nothing can be put into them.
        _ => Err(Problem::missing("NOT_SUPPORTED", "This is not a folder for files.")),
    }
}

fn touched(world: &World, call: &Call, place: Place) -> Option<Millis> {
    let id = match place {
        Place::Binder(id) => id,
        Place::MyFiles => world.users.get(&call.user)?.storage,
        _ => return None,
    };
    world.binders.get(&id).map(|binder| binder.touched)
}

/// Answers a list, or that it is the one that the client has.
fn conditional(world: &World, call: &Call, place: Place, value: Value) -> Outcome {
    match touched(world, call, place) {
        Some(at) if call.has_since(at) => Ok(Answer::Unchanged(at)),
        Some(at) => Ok(Answer::Dated(value, at)),
        None => object(value),
    }
}

/// What a place lists for a call.
fn listed(world: &World, call: &Call, place: Place) -> Result<Vec<Entity>, Problem> {
    // Inferred: nobody has hidden a share here, so who declines what is not hidden gets nothing.
    let is_shared = matches!(place, Place::SharedWithMe | Place::Public);
    if is_shared && !call.query.flag("unhidden", true) {
        return Ok(Vec::new());
    }
    world.contents(call.user, place)
}

pub(super) fn library_children(world: &mut World, call: &Call) -> Outcome {
    let (place, title) = (place(world, call)?, call.query.get("title"));
    let mut found = listed(world, call, place)?;
    found.retain(|entity| is_library(world, *entity) && is_titled(&world.name_of(*entity), title));
    let list = call.list(&found, 100, |entity| world.shown_at(place, *entity, call.eye()))?;
    conditional(world, call, place, list)
}

fn is_library(world: &World, entity: Entity) -> bool {
    match entity {
        Entity::Binder(id) => world.binder(id).is_some_and(Binder::is_library),
        Entity::Entry(id) => world.primary(id).is_some(),
    }
}

fn binders_where(world: &World, call: &Call, wanted: impl Fn(&Binder) -> bool) -> Outcome {
    let (place, title) = (place(world, call)?, call.query.get("title"));
    let mut found = listed(world, call, place)?;
    found.retain(|entity| {
        matches!(entity, Entity::Binder(id) if world.binder(*id).is_some_and(&wanted))
            && is_titled(&world.name_of(*entity), title)
    });
    let list = call.list(&found, 100, |entity| world.shown_at(place, *entity, call.eye()))?;
    conditional(world, call, place, list)
}

pub(super) fn library_folders(world: &mut World, call: &Call) -> Outcome {
    binders_where(world, call, Binder::is_library)
}

pub(super) fn binders(world: &mut World, call: &Call) -> Outcome {
    binders_where(world, call, |_| true)
}

pub(super) fn folders(world: &mut World, call: &Call) -> Outcome {
    binders_where(world, call, |binder| !binder.is_workspace())
}

pub(super) fn workspaces(world: &mut World, call: &Call) -> Outcome {
    binders_where(world, call, Binder::is_workspace)
}

pub(super) fn library_files(world: &mut World, call: &Call) -> Outcome {
    let (place, name) = (place(world, call)?, call.query.get("file_name"));
    let entries = world.entries_below(call.user, place, call.query.flag("recursive", false))?;
    let is_shared = matches!(place, Place::SharedWithMe | Place::SharedByMe | Place::Public);
    let kind = if is_shared { ".SharedFileProperties" } else { ".FileProperties" };
    let found: Vec<Entity> = entries
        .into_iter()
        .filter(|entry| {
            name.is_none_or(|name| super::world::same_name(&entry.title, name)) && world.primary(entry.id).is_some()
        })
        .map(|entry| Entity::Entry(entry.id))
        .collect();
    let list = call.list(&found, 100, |entity| tagged(world.shown_at(place, *entity, call.eye()), kind))?;
    conditional(world, call, place, list)
}

pub(super) fn entries(world: &mut World, call: &Call) -> Outcome {
    let (place, title) = (place(world, call)?, call.query.get("title"));
    let found = world.entries_below(call.user, place, false)?;
    let found: Vec<_> = found.into_iter().filter(|entry| is_titled(&entry.title, title)).collect();
    object(call.list(&found, 100, |entry| world.entry_brief(entry, call.eye()))?)
}

/// Everything right in a place, entries as entries.
pub(super) fn entities(world: &mut World, call: &Call) -> Outcome {
    let place = place(world, call)?;
    let found = listed(world, call, place)?;
    object(call.list(&found, 100, |entity| match entity {
        Entity::Entry(id) => world.entry(*id).map(|entry| world.entry_brief(entry, call.eye())).unwrap_or_default(),
        Entity::Binder(_) => world.shown_at(place, *entity, call.eye()),
    })?)
}

fn branch(world: &World, call: &Call, entity: Entity) -> Option<Value> {
    let Entity::Binder(id) = entity else { return None };
    let binder = world.binder(id)?;
    let below = world.contents(call.user, Place::Binder(id)).unwrap_or_default();
    let children: Vec<Value> = below.into_iter().filter_map(|entity| branch(world, call, entity)).collect();
    Some(json!({ "item": world.binder_brief(binder, call.eye()), "children": children }))
}

pub(super) fn tree(world: &mut World, call: &Call) -> Outcome {
    let place = place(world, call)?;
    let item = match place {
        Place::Binder(id) => world.binder(id).map(|binder| world.binder_brief(binder, call.eye())),
        _ => None,
    };
    let only_library = call.path.ends_with("library_tree");
    let below = world.contents(call.user, place)?.into_iter();
    let below = below.filter(|entity| !only_library || is_library(world, *entity));
    let children: Vec<Value> = below.filter_map(|entity| branch(world, call, entity)).collect();
    object(json!({ "item": item, "children": children }))
}

pub(super) fn library_info(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, Role::Viewer)?;
    object(world.library_info(id))
}

/// The binders above, the top first.
pub(super) fn ancestry(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, Role::Viewer)?;
    object(above(world, call, &world.line(id)[1..]))
}

/// Binders as an array, the last of the line first.
pub(super) fn above(world: &World, call: &Call, line: &[Id]) -> Value {
    let binders = line.iter().rev().filter_map(|id| world.binder(*id));
    binders.map(|binder| world.binder_brief(binder, call.eye())).collect()
}

pub(super) fn access(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, Role::Viewer)?;
    object(world.access(call.user, Entity::Binder(id))?)
}

/// Several binders by their numbers; what is not found is left out.
fn batch(world: &mut World, call: &Call) -> Outcome {
    let ids = call.ids()?;
    let found: Vec<&Binder> = ids.iter().filter_map(|id| binder(world, call, *id, Role::Viewer).ok()).collect();
    object(call.list(&found, 100, |binder| world.binder_brief(binder, call.eye()))?)
}

/// The children of several binders: a list for each, or why there is none.
fn batch_children(world: &mut World, call: &Call) -> Outcome {
    // Inferred: `first_id` is the binder to begin with.
    let mut ids = call.ids()?;
    if let Some(first) = call.query.number("first_id")? {
        ids = ids.into_iter().skip_while(|id| *id != first).collect();
    }
    let one = |id: &Id| -> Result<Value, Problem> {
        let place = reserved(*id);
        if let Place::Binder(id) = place {
            world.need(call.user, Entity::Binder(id), Role::Viewer)?;
        }
        let mut found = world.contents(call.user, place)?;
        found.retain(|entity| is_library(world, *entity));
        call.list(&found, 100, |entity| world.shown_at(place, *entity, call.eye()))
    };
    let shown = ids.iter().map(|id| match one(id) {
        Ok(list) => json!({ "binder_id": id, "children": list }),
        Err(problem) => json!({ "binder_id": id, "error": problem.value() }),
    });
    object(shown.collect())
}
