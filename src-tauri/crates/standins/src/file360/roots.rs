//! Who one is, and where one's files begin.

use serde_json::{Value, json};

use super::answer::{Outcome, object};
use super::call::{Call, Eye, Place};
use super::problem::Problem;
use super::routes::{Route, named};
use super::world::{Id, Purpose, World};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "self", me),
    ("GET", "self/roots", roots),
    ("GET", "self/{}", root),
    ("GET", "net_folders", net_folders),
    ("GET", "net_folders/library_children", net_folders),
];

fn me(world: &mut World, call: &Call) -> Outcome {
    let with_groups = call.query.flag("include_groups", false);
    let user = world.users.get(&call.user).ok_or_else(Problem::denied)?;
    object(world.user_full(user, true, with_groups))
}

/// Every root that somebody has, in the order that clients show them.
const PLACES: [Place; 7] = [
    Place::MyFiles,
    Place::SharedWithMe,
    Place::SharedByMe,
    Place::NetFolders,
    Place::Public,
    Place::Teams,
    Place::Favorites,
];

impl World {
    /// Fails where a root is switched off for somebody.
    pub(super) fn need_root(&self, user: Id, place: Place) -> Result<(), Problem> {
        let is_external = self.users.get(&user).is_some_and(super::world::User::is_external);
        let is_open = match place {
            Place::MyFiles => self.settings.personal_storage && !is_external,
            Place::Public => self.settings.public_shares,
            Place::NetFolders | Place::Teams => !is_external,
            _ => true,
        };
        if is_open { Ok(()) } else { Err(Problem::denied()) }
    }
}

fn value(world: &World, place: Place, eye: Eye, info: bool) -> Value {
    let me = eye.user;
    let (id, title, href, children) = match place {
        Place::MyFiles | Place::Binder(_) => (-100, "My Files", "/self/my_files", "/self/my_files".to_owned()),
        Place::SharedWithMe => (-101, "Shared with Me", "/self/shared_with_me", format!("/shares/with_user/{me}")),
        Place::SharedByMe => (-102, "Shared by Me", "/self/shared_by_me", format!("/shares/by_user/{me}")),
        Place::NetFolders => (-103, "Net Folders", "/self/net_folders", "/self/net_folders".to_owned()),
        Place::Public => (-104, "Public", "/self/public_shares", "/shares/public".to_owned()),
        Place::Teams => (-105, "My Teams", "/self/my_teams", "/self/my_teams".to_owned()),
        Place::Favorites => (-106, "My Favorites", "/self/my_favorites", "/self/my_favorites".to_owned()),
    };
    world.root(id, title, href, &children, info, eye)
}

fn roots(world: &mut World, call: &Call) -> Outcome {
    let open: Vec<Place> = PLACES.into_iter().filter(|place| world.need_root(call.user, *place).is_ok()).collect();
    object(call.list(&open, 100, |place| value(world, *place, call.eye(), false))?)
}

fn root(world: &mut World, call: &Call) -> Outcome {
    let missing = || Problem::missing("NOT_FOUND", "There is nothing at this address.");
    of(world, call, named(call.arg(0)).ok_or_else(missing)?)
}

/// A root as its own address answers it.
pub(super) fn of(world: &World, call: &Call, place: Place) -> Outcome {
    world.need_root(call.user, place)?;
    object(value(world, place, call.eye(), call.query.flag("library_info", false)))
}

fn net_folders(world: &mut World, call: &Call) -> Outcome {
    let title = call.query.get("title");
    let found: Vec<_> = world.net_folders(call.user);
    let found: Vec<_> = found.into_iter().filter(|id| super::listing::is_titled(&world.name_of(*id), title)).collect();
    object(call.list(&found, 100, |entity| {
        let super::world::Entity::Binder(id) = entity else { return Value::Null };
        let Some(binder) = world.binder(*id) else { return Value::Null };
        let mut shown = world.binder_brief(binder, call.eye());
        // Inferred: a net folder is reported with whether its storage may be written.
        shown["read_only"] = json!(binder.purpose == Purpose::NetReadOnly);
        shown
    })?)
}
