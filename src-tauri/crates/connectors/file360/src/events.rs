//! What changed, by asking: the server tells nobody of its own accord.
//!
//! A cursor names for each feed since when it is asked. What happened in that very second comes again, with the same id; nothing
//! is left out.

use async_trait::async_trait;
use http::{Method, header::DATE};
use serde::{Deserialize, Serialize};
use serde_json::json;
use waybill_connector::{ByteStream, ConnectorError, EventFile, EventKind, EventPage, Events, RemoteEvent, Result};
use waybill_model::{FailureKind, Millis};

use crate::{
    connector::File360Connector,
    dates::Dates,
    errors::refused,
    paths::Found,
    places::{Part, Place},
    roots::Root,
    wire::{Changes, WireChange},
};

/// Changes that are asked for at once.
const COUNT: &str = "500";

/// How far one feed was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Feed {
    /// The root; the folder of the connection where `None`.
    root: Option<String>,
    since: i64,
    /// How many of that second were read.
    first: u64,
}

#[async_trait]
impl Events for File360Connector {
    async fn poll(&self, cursor: Option<&str>) -> Result<EventPage> {
        let Some(cursor) = cursor else { return self.begin().await };
        let mut feeds: Vec<Feed> = serde_json::from_str(cursor).map_err(|error| {
            let why = "the place in the feed is none of this connection's";
            ConnectorError::new(FailureKind::NotFound, "poll", why).caused_by(error)
        })?;
        let (mut events, mut more, mut found) = (Vec::new(), false, Found::default());
        for feed in &mut feeds {
            more |= self.read_feed(feed, &mut events, &mut found).await?;
        }
        Ok(EventPage { events, cursor: written(&feeds)?, more })
    }

    async fn fetch(&self, _file: &EventFile, _limit: u64) -> Result<ByteStream> {
        Err(ConnectorError::unsupported("fetch", "events there bring no files; they say where one lies"))
    }
}

impl File360Connector {
    /// The feeds of this connection, from this moment on.
    async fn begin(&self) -> Result<EventPage> {
        let roots = match self.base("poll").await? {
            // Inferred: the other lists have no feeds of their own.
            Place::Top => vec![Some(Root::MyFiles), Some(Root::SharedWithMe)],
            Place::Root(root) => vec![Some(root)],
            Place::Binder { .. } => vec![None],
        };
        let since = self.server_time().await?.0;
        let mut feeds = Vec::new();
        for root in roots {
            if let Some(root) = root
                && let Err(error) = self.part_of("poll", Place::Root(root), Part::Changes, &[]).await
            {
                // A root that is switched off for this account.
                if matches!(error.kind, FailureKind::Denied | FailureKind::NotFound) {
                    continue;
                }
                return Err(error);
            }
            feeds.push(Feed { root: root.map(|root| root.word().to_owned()), since, first: 0 });
        }
        Ok(EventPage { events: Vec::new(), cursor: written(&feeds)?, more: false })
    }

    /// The server's clock: its answers are dated in UTC, whatever zone it prints otherwise.
    async fn server_time(&self) -> Result<Millis> {
        let call = self.call("poll", Method::GET, self.url(&["self"], &[]));
        let answer = call.send().await?.taken(refused).await?;
        let date = answer.header(DATE.as_str()).and_then(|date| httpdate::parse_http_date(date).ok());
        let since = date.and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok());
        let time = since.and_then(|since| i64::try_from(since.as_millis()).ok()).map(Millis);
        Ok(time.unwrap_or_else(|| self.now()))
    }

    /// Reads on in a feed. Whether more is there already.
    async fn read_feed(&self, feed: &mut Feed, events: &mut Vec<RemoteEvent>, found: &mut Found) -> Result<bool> {
        let place = match feed.root.as_deref() {
            None => self.base("poll").await?,
            Some(word) => Place::Root(Root::by_word(word).ok_or_else(|| {
                ConnectorError::new(FailureKind::NotFound, "poll", "the place in the feed is none of this connection's")
            })?),
        };
        let since = Dates::write(Millis(feed.since));
        let first = feed.first.to_string();
        let query = [("since", since.as_str()), ("recursive", "true"), ("first", &first), ("count", COUNT)];
        let url = self.part_of("poll", place, Part::Changes, &query).await?;
        let changes: Changes = self.read_json("poll", url).await?;
        let (count, is_part) = (changes.items.len() as u64, changes.next.is_some());
        let last = changes.last_change_date.as_deref().and_then(|date| self.config.dates.no_later(date));
        let people = changes.items.iter().filter_map(changed_by);
        self.meet("poll", people.collect::<Vec<_>>()).await?;
        for change in changes.items {
            events.push(self.event(change, found).await?);
        }
        if is_part && count == 0 {
            let why = "the feed of changes says that there is more, and has nothing";
            return Err(ConnectorError::new(FailureKind::Vendor, "poll", why));
        }
        match last {
            Some(last) if last.0 / 1000 > feed.since / 1000 => (feed.since, feed.first) = (last.0, 0),
            // More of the same second than one answer holds.
            _ if is_part => feed.first += count,
            _ => feed.first = 0,
        }
        Ok(is_part)
    }

    async fn event(&self, change: WireChange, found: &mut Found) -> Result<RemoteEvent> {
        let kind = match change.action.as_str() {
            "add" => EventKind::Created,
            "modify" => EventKind::Changed,
            "delete" => EventKind::Removed,
            _ => EventKind::Other,
        };
        let by = changed_by(&change);
        let about = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut subject = (!change.id.is_null()).then(|| about(&change.id));
        let (mut path, mut data) = (None, json!({ "type": change.kind }));
        if let Some(file) = &change.file {
            path = self.path_of_file("poll", file, found).await?;
            subject.get_or_insert_with(|| file.id.clone());
            data["name"] = file.name.as_str().into();
            data["length"] = file.length.into();
            data["version"] = json!(file.version_number);
            data["entry"] = json!(file.entry());
        } else if let Some(binder) = &change.binder {
            path = self.path_of_binder("poll", binder.id, found).await?;
            subject.get_or_insert_with(|| binder.id.to_string());
            data["name"] = binder.title.as_str().into();
        }
        let date = change.date.unwrap_or_default();
        // The feed counts seconds: two changes within one are told apart by the file's version.
        let version = change.file.as_ref().and_then(|file| file.version_number);
        let version = version.map(|number| format!(":{number}")).unwrap_or_default();
        Ok(RemoteEvent {
            source: self.config.base.to_string(),
            id: format!("{}:{}:{}:{date}{version}", change.kind, subject.as_deref().unwrap_or_default(), change.action),
            kind,
            word: format!("{}.{}", change.kind, change.action),
            at: self.config.dates.read(&date),
            by: by.map(|by| self.people.login(by)),
            path,
            subject,
            file: None,
            data,
        })
    }
}

fn changed_by(change: &WireChange) -> Option<i64> {
    let file = change.file.as_ref().and_then(crate::wire::WireFile::modified_by);
    file.or_else(|| change.binder.as_ref()?.modification.as_ref()?.by())
}

fn written(feeds: &[Feed]) -> Result<String> {
    serde_json::to_string(feeds).map_err(|error| {
        ConnectorError::new(FailureKind::Vendor, "poll", "the place in the feed cannot be kept").caused_by(error)
    })
}
