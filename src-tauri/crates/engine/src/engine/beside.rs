//! What goes on beside the transfers: new roots are walked, full targets looked at again, uploads that were called off ended.
//! Each is begun once, put off where it fails, and lands when the engine stops.

use std::sync::{Arc, PoisonError};

use waybill_store::{StoreError, Topic};

use super::{Inner, Look};
use crate::{
    abandoned, room,
    walk::{self, Walked},
};

/// Walks at once.
const WALKS: usize = 4;
/// Uploads of cancelled transfers that are ended at once.
const ENDINGS: usize = 4;
/// The pause after a failure in the background that says nothing about when to come again.
const PUT_OFF: i64 = 5_000;
/// The time between two looks whether there is room again at a full target.
const ROOM_EVERY: i64 = 3_000;

impl Inner {
    /// Looks now and then whether there is room again where somebody was told that there is none.
    pub(super) async fn close_full_questions(self: &Arc<Self>, look: &Look) -> Result<(), StoreError> {
        if look.heard.has(Topic::Attention) {
            let open = room::questions(&self.store).await?;
            *self.full.lock().unwrap_or_else(PoisonError::into_inner) = open;
        }
        let open = self.full.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for question in open {
            let Some(id) = question.connection else { continue };
            if self.pool.rests(id) || !self.rooms.begin(id, ENDINGS, self.clock.now()) {
                continue;
            }
            let inner = Arc::clone(self);
            self.spawn(async move {
                tokio::select! {
                    biased;
                    () = inner.token.cancelled() => {}
                    closed = room::close(&inner.pool, &inner.store, inner.clock.as_ref(), question) => {
                        if let Err(error) = closed {
                            tracing::warn!(%error, "a question about a full target could not be looked at");
                        }
                    }
                }
                inner.rooms.put_off(id, inner.clock.now().plus(ROOM_EVERY));
            });
        }
        Ok(())
    }

    pub(super) async fn walk_new(self: &Arc<Self>) -> Result<(), StoreError> {
        // Read before the roots: one that ends in between is left to the next look, not walked twice.
        let walking = self.walks.running();
        for root in self.store.pending_roots().await? {
            if walking.contains(&root.id)
                || self.pool.rests(root.source.connection)
                || self.pool.rests(root.target.connection)
            {
                continue;
            }
            if !self.walks.begin(root.id, WALKS, self.clock.now()) {
                continue;
            }
            let inner = Arc::clone(self);
            self.spawn(async move {
                let (id, failed) = (root.id, inner.walks.failed(root.id));
                let walked = tokio::select! {
                    biased;
                    () = inner.token.cancelled() => Ok(Walked::Later(None)),
                    walked = walk::walk(&inner.pool, &inner.queue, &inner.store, &inner.clock, root, failed) => walked,
                };
                match walked {
                    Ok(Walked::ToItsEnd) => inner.walks.end(id),
                    Ok(Walked::Later(pause)) => inner.walks.put_off(id, inner.clock.now().plus(pause.unwrap_or(0))),
                    Err(error) => {
                        tracing::error!(%error, "a walk could not be stored; it starts again");
                        inner.walks.put_off(id, inner.clock.now().plus(PUT_OFF));
                    }
                }
            });
        }
        Ok(())
    }

    /// Frees at the remotes what cancelled transfers left there, beside everything else: a remote that hangs holds up
    /// nobody.
    pub(super) async fn end_abandoned(self: &Arc<Self>) -> Result<(), StoreError> {
        for (id, target, session) in self.queue.abandoned().await? {
            let running = self.active().contains_key(&id);
            if running || self.pool.rests(target) || !self.endings.begin(id, ENDINGS, self.clock.now()) {
                continue;
            }
            let inner = Arc::clone(self);
            self.spawn(async move {
                let ended = tokio::select! {
                    biased;
                    () = inner.token.cancelled() => false,
                    ended = abandoned::end(&inner.pool, &inner.queue, id, target, session) => ended,
                };
                if ended {
                    inner.endings.end(id);
                } else {
                    let pause = PUT_OFF << inner.endings.failed(id).min(8);
                    inner.endings.put_off(id, inner.clock.now().plus(pause));
                }
            });
        }
        Ok(())
    }
}
