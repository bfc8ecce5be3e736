//! What is kept of a share, and which of them hold at the moment.

use super::access::{Principal, Rights, Role};
use super::world::{Entity, Id, World};
use crate::clock::Millis;

/// One thing opened to one recipient. It has no debug output, as its key opens a public link.
#[derive(Clone)]
pub(super) struct Share {
    pub(super) id: Id,
    pub(super) entity: Entity,
    pub(super) sharer: Id,
    pub(super) recipient: Principal,
    pub(super) role: Role,
    /// With whom the recipient may share it further.
    pub(super) rights: Rights,
    pub(super) comment: Option<String>,
    pub(super) at: Millis,
    pub(super) days_to_expire: Option<i64>,
    pub(super) expiration: Option<Millis>,
    /// The secret part of a public link; it survives an update.
    pub(super) pass_key: String,
    /// The numbers it had before it was updated.
    pub(super) earlier: Vec<Id>,
}

impl Share {
    pub(super) fn is_over(&self, now: Millis) -> bool {
        self.expiration.is_some_and(|end| end <= now)
    }
}

impl World {
    /// The shares that hold now on a thing or on what it lies in.
    pub(super) fn shares_on<'a>(&'a self, entity: Entity, line: &'a [Id]) -> impl Iterator<Item = &'a Share> {
        let now = self.now();
        self.shares.values().filter(move |share| {
            let is_here = match share.entity {
                Entity::Binder(id) => line.contains(&id),
                Entity::Entry(_) => share.entity == entity,
            };
            is_here && !share.is_over(now)
        })
    }

    /// Takes a share in; who it is for has to begin their feeds of changes anew.
    pub(super) fn open(&mut self, share: Share) {
        self.opened.push((share.recipient, share.entity, self.now()));
        self.shares.insert(share.id, share);
    }

    /// Takes a share away, with the same effect.
    pub(super) fn close(&mut self, id: Id) -> Option<Share> {
        let share = self.shares.remove(&id)?;
        self.opened.push((share.recipient, share.entity, self.now()));
        Some(share)
    }

    /// Shares that hold now, on things that are there.
    pub(super) fn live_shares(&self) -> impl Iterator<Item = &Share> {
        let now = self.now();
        self.shares.values().filter(move |share| !share.is_over(now) && self.exists(share.entity))
    }
}
