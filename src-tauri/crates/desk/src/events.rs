//! What happens on remotes: asked for, and kept once.

use std::sync::Arc;

use futures::FutureExt as _;
use waybill_connector::{ConnectorError, RemoteEvent};
use waybill_model::{ConnectionId, FailureKind};
use waybill_store::KeptEvent;

use crate::{Desk, DeskError, registry};

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

/// A port that is open for what a connection is told. It is shut when this is dropped.
#[derive(Debug)]
pub struct Listening {
    /// Where senders find it.
    pub address: String,
    _open: Box<dyn std::fmt::Debug + Send + Sync>,
}

/// Where to listen; what is not given is as the connection's settings have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListenAt {
    /// A name or an address of this computer; 127.0.0.1 where nobody says otherwise.
    pub host: Option<String>,
    /// 0 for any free one, which is so where nobody says otherwise.
    pub port: Option<u16>,
    /// What senders ask for, with its first `/`; `/events` where nobody says otherwise.
    pub path: Option<String>,
}

impl Desk {
    /// Opens a port for what a connection is told: signed messages, each of which is answered once it is kept.
    pub async fn listen(&self, id: ConnectionId, at: ListenAt) -> Result<Listening, DeskError> {
        let row = self.inner.store.connection(id).await?;
        let setting = |key: &str| row.settings.get(key).filter(|value| !value.is_empty()).cloned();
        let host = at.host.or_else(|| setting("listener_host")).unwrap_or_else(|| "127.0.0.1".to_owned());
        let port = at.port.or_else(|| setting("listener_port")?.parse().ok()).unwrap_or(0);
        let path = at.path.or_else(|| setting("listener_path")).unwrap_or_else(|| "/events".to_owned());
        let (store, clock) = (self.inner.store.clone(), Arc::clone(&self.inner.clock));
        let keep = Arc::new(move |event: RemoteEvent| {
            let (store, now) = (store.clone(), clock.now());
            async move {
                let kept = store.keep_events(id, vec![event], None, now).await;
                let kept = kept.map_err(|error| {
                    ConnectorError::new(FailureKind::Unreachable, "listen", error.to_string()).caused_by(error)
                })?;
                Ok(kept.first().copied().unwrap_or_default())
            }
            .boxed()
        });
        let open = self.inner.opener.open_row(row).await?;
        let listener =
            registry::listen(open.connector, (host, port, path.clone()), Arc::clone(&self.inner.clock), keep).await?;
        Ok(Listening { address: format!("http://{}{path}", listener.address()), _open: Box::new(listener) })
    }

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
