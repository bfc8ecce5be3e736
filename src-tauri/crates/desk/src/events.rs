//! What happens on remotes: asked for, and kept once.

use waybill_connector::{ConnectorError, RemoteEvent};
use waybill_model::{ConnectionId, FailureKind};
use waybill_store::KeptEvent;

use crate::{Desk, DeskError};

/// Pages that one look takes; the next one goes on behind them.
const PAGES: usize = 1000;

/// What a look for news found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Polled {
    /// What was not known.
    pub fresh: Vec<RemoteEvent>,
    /// How many were known already.
    pub known: u64,
    /// Whether the remote had forgotten where it was asked before: something may have been missed.
    pub lost_track: bool,
}

impl Desk {
    /// Asks a connection what happened since it was asked last. Each page is kept together with where to go on, so that a
    /// crash between two pages misses nothing and doubles nothing.
    pub async fn poll_events(&self, id: ConnectionId) -> Result<Polled, DeskError> {
        let open = self.opened(id).await?;
        let none = || ConnectorError::new(FailureKind::Unsupported, "events", "this connection tells no events");
        let events = open.connector.events().ok_or_else(none)?;
        let mut polled = Polled::default();
        let mut cursor = self.inner.store.event_cursor(id).await?;
        for _ in 0..PAGES {
            let page = match events.poll(cursor.as_deref()).await {
                Err(error) if error.kind == FailureKind::NotFound && cursor.is_some() => {
                    polled.lost_track = true;
                    self.inner.store.forget_event_cursor(id).await?;
                    cursor = None;
                    continue;
                }
                page => page?,
            };
            let kept =
                self.inner.store.keep_events(id, page.events.clone(), Some(page.cursor.clone()), self.now()).await?;
            for (event, is_fresh) in page.events.into_iter().zip(kept) {
                if is_fresh {
                    polled.fresh.push(event);
                } else {
                    polled.known += 1;
                }
            }
            cursor = Some(page.cursor);
            if !page.more {
                break;
            }
        }
        Ok(polled)
    }

    /// The newest events of a connection, at most `limit`, older than `before` where that is given.
    pub async fn events(&self, id: ConnectionId, before: Option<i64>, limit: u32) -> Result<Vec<KeptEvent>, DeskError> {
        Ok(self.inner.store.events(id, before, limit).await?)
    }
}
