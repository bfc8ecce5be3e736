//! Shares that are there: on a thing, by somebody, with somebody, with everybody.

use super::access::{Principal, Role};
use super::answer::{Outcome, object};
use super::call::{Call, Place};
use super::listing::binder_of;
use super::problem::Problem;
use super::routes::Route;
use super::share_record::Share;
use super::world::{Entity, Id, World};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "shares", own),
    ("GET", "shares/public", public),
    ("GET", "shares/by_user/{}", by_user),
    ("GET", "shares/with_user/{}", with_user),
    ("GET", "shares/{}", read),
    ("GET", "folder_entries/{}/shares", of_entity),
];

impl World {
    /// The shares that a root is made of.
    pub(super) fn shares_at(&self, user: Id, place: Place) -> impl Iterator<Item = &Share> {
        self.live_shares().filter(move |share| match place {
            Place::SharedByMe => share.sharer == user,
            Place::Public => share.recipient == Principal::Public,
            Place::SharedWithMe => share.recipient != Principal::Public && share.recipient.covers(self, user),
            _ => false,
        })
    }
}

/// What a call is about: the binder of its place, or the entry of its address.
pub(super) fn entity_of(world: &World, call: &Call, least: Role) -> Result<Entity, Problem> {
    if call.place.is_some() {
        return binder_of(world, call, least).map(Entity::Binder);
    }
    let entity = Entity::Entry(call.id(0)?);
    world.need(call.user, entity, least)?;
    Ok(entity)
}

fn list<'a>(world: &World, call: &Call, shares: impl Iterator<Item = &'a Share>) -> Outcome {
    let found: Vec<&Share> = shares.collect();
    object(call.list(&found, 100, |share| world.share_value(share))?)
}

/// Only those that the caller made.
pub(super) fn of_entity(world: &mut World, call: &Call) -> Outcome {
    let entity = entity_of(world, call, Role::Viewer)?;
    list(world, call, world.live_shares().filter(|share| share.entity == entity && share.sharer == call.user))
}

fn own(world: &mut World, call: &Call) -> Outcome {
    // Inferred: the list of the root link holds one's own shares, or those of them that are named.
    let ids = call.ids()?;
    let shares = world.shares_at(call.user, Place::SharedByMe);
    list(world, call, shares.filter(|share| ids.is_empty() || ids.contains(&share.id)))
}

fn need_self(call: &Call) -> Result<(), Problem> {
    if call.id(0)? == call.user { Ok(()) } else { Err(Problem::denied()) }
}

fn by_user(world: &mut World, call: &Call) -> Outcome {
    need_self(call)?;
    list(world, call, world.shares_at(call.user, Place::SharedByMe))
}

fn with_user(world: &mut World, call: &Call) -> Outcome {
    need_self(call)?;
    list(world, call, world.shares_at(call.user, Place::SharedWithMe))
}

fn public(world: &mut World, call: &Call) -> Outcome {
    world.need_root(call.user, Place::Public)?;
    list(world, call, world.shares_at(call.user, Place::Public))
}

/// The refusal of a share that is not there, or not one's own.
pub(super) fn missing(id: impl std::fmt::Display) -> Problem {
    Problem::missing("SHAREITEM_NOT_FOUND", format!("There is no share {id}."))
}

fn read(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    if world.settings.share_read_bug {
        return Err(missing(id));
    }
    let share = world.live_shares().find(|share| share.id == id);
    let may = |share: &&Share| share.sharer == call.user || share.recipient.covers(world, call.user);
    object(world.share_value(share.filter(may).ok_or_else(|| missing(id))?))
}
