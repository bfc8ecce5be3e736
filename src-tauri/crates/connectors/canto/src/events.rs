//! What changed, by asking for a window of time again and again.
//!
//! A window begins a little before the last second seen, so that what Canto finds late is not left out, and what was told is
//! remembered. Windows move on by time and never by a count, since whatever changes meanwhile moves to the end. Canto tells
//! of no deletion this way.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use waybill_connector::{ByteStream, ConnectorError, EventFile, EventKind, EventPage, Events, RemoteEvent, Result};
use waybill_model::{FailureKind, Millis};

use crate::{
    connector::CantoConnector,
    spelling::is_staged,
    wire::{Asset, Found},
};

/// Seconds by which windows overlap.
const OVERLAP: i64 = 120;
/// Events that are remembered as told; what is older may come again.
const REMEMBERED: usize = 4000;
/// Pages of one second, such as after a large batch edit.
const PAGES: u32 = 500;
/// After everything: the year 2100.
const NEVER: i64 = 4_102_444_800;

/// Where to go on.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// The last second seen.
    from: i64,
    /// What changed before this millisecond is not told.
    floor: i64,
    /// Whether more of a window is to come: no overlap until it is through.
    #[serde(default)]
    on: bool,
    /// What was told, as the millisecond and the asset.
    #[serde(default)]
    told: BTreeSet<(i64, String)>,
}

impl Cursor {
    fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| {
            let why = "the place in the feed is none of this connection's";
            ConnectorError::new(FailureKind::Invalid, "poll", why).caused_by(error)
        })
    }

    fn written(mut self) -> Result<String> {
        let oldest = (self.from - OVERLAP - 1) * 1000;
        self.told.retain(|(at, _)| *at >= oldest);
        while self.told.len() > REMEMBERED {
            self.told.pop_first();
        }
        serde_json::to_string(&self).map_err(|error| {
            ConnectorError::new(FailureKind::Vendor, "poll", "the place in the feed cannot be kept").caused_by(error)
        })
    }

    /// The first second of the next window.
    fn begin(&self) -> i64 {
        let overlap = if self.on { 0 } else { OVERLAP };
        (self.from - overlap).max(self.floor.div_euclid(1000)).max(0)
    }
}

fn second(asset: &Asset) -> Option<i64> {
    asset.modified().map(|at| at.0.div_euclid(1000))
}

impl CantoConnector {
    async fn changed(&self, from: i64, to: i64, start: u64, limit: u32) -> Result<Found> {
        let query = [
            ("lastModified", format!("{from}..{to}")),
            ("sortBy", "time".to_owned()),
            ("sortDirection", "ascending".to_owned()),
            ("start", start.to_string()),
            ("limit", limit.to_string()),
        ];
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.read("poll", &self.asked(&["search"], &query)).await
    }

    /// From now on: whatever is newest now was told.
    async fn beginning(&self) -> Result<Cursor> {
        let query = [("sortBy", "time"), ("sortDirection", "descending"), ("limit", "100")];
        let newest: Found = self.read("poll", &self.asked(&["search"], &query)).await?;
        let at = newest.results.iter().filter_map(Asset::modified).max().unwrap_or(Millis(0)).0;
        let same = newest.results.iter().filter(|asset| asset.modified() == Some(Millis(at)));
        let told = same.map(|asset| (at, asset.id.clone())).collect();
        Ok(Cursor { from: at.div_euclid(1000), floor: at, on: false, told })
    }

    /// Everything of one second.
    async fn whole_second(&self, at: i64) -> Result<Vec<Asset>> {
        let (mut all, mut start) = (Vec::new(), 0);
        for _ in 0..PAGES {
            let page = self.changed(at, at, start, self.config.page).await?;
            let (found, count) = (page.found(), page.results.len() as u64);
            all.extend(page.results);
            start += count;
            if count == 0 || start >= found {
                return Ok(all);
            }
        }
        let why = "more changed in one second than can be read";
        Err(ConnectorError::new(FailureKind::Vendor, "poll", why))
    }

    fn event(&self, asset: &Asset, at: i64, cursor: &Cursor) -> RemoteEvent {
        let is_known = cursor.told.iter().any(|(_, id)| *id == asset.id);
        let is_new = !is_known && asset.created().is_some_and(|made| made.0.div_euclid(1000) >= cursor.from);
        RemoteEvent {
            source: self.config.base.to_string(),
            id: format!("{}/{}@{at}", asset.scheme, asset.id),
            kind: if is_new { EventKind::Created } else { EventKind::Changed },
            word: if is_new { "uploaded" } else { "modified" }.to_owned(),
            at: Some(Millis(at)),
            by: asset.seen("Modified by"),
            path: self.path_of(asset, None),
            subject: Some(format!("{}/{}", asset.scheme, asset.id)),
            file: None,
            data: json!({
                "id": asset.id,
                "scheme": asset.scheme,
                "name": asset.name,
                "version": asset.mark(),
                "facts": self.facts(asset),
            }),
        }
    }

    /// What of the assets is news; it is remembered as told.
    fn news(&self, assets: &[Asset], cursor: &mut Cursor) -> Vec<RemoteEvent> {
        let mut events = Vec::new();
        let mut told = Vec::new();
        for asset in assets {
            let Some(at) = asset.modified().map(|at| at.0) else { continue };
            let key = (at, asset.id.clone());
            let is_ours = self.config.root.is_empty() || self.path_of(asset, None).is_some();
            if at < cursor.floor || !is_ours || is_staged(&asset.name) || cursor.told.contains(&key) {
                continue;
            }
            events.push(self.event(asset, at, cursor));
            told.push(key);
        }
        cursor.told.extend(told);
        events
    }
}

#[async_trait]
impl Events for CantoConnector {
    async fn poll(&self, cursor: Option<&str>) -> Result<EventPage> {
        let Some(cursor) = cursor else {
            let cursor = self.beginning().await?.written()?;
            return Ok(EventPage { events: Vec::new(), cursor, more: false });
        };
        let mut cursor = Cursor::read(cursor)?;
        if !self.config.mapped.is_empty() {
            self.custom_fields("poll").await?;
        }
        let begin = cursor.begin();
        let page = self.changed(begin, NEVER, 0, self.config.page).await?;
        let is_all = page.results.is_empty() || page.found() <= page.results.len() as u64;
        let last = page.results.iter().filter_map(second).max();
        let (assets, from) = match last {
            // A full page of one second: the window cannot move on before the second is through.
            Some(last) if !is_all && last <= begin => (self.whole_second(last).await?, last + 1),
            Some(last) => (page.results, last),
            None => (page.results, cursor.from),
        };
        let events = self.news(&assets, &mut cursor);
        cursor.on = !is_all;
        // Within a window the time may be before the overlap; behind it, it never goes back.
        cursor.from = if is_all { cursor.from.max(from) } else { from };
        Ok(EventPage { events, cursor: cursor.written()?, more: !is_all })
    }

    async fn fetch(&self, _file: &EventFile, _limit: u64) -> Result<ByteStream> {
        Err(ConnectorError::unsupported("fetch", "Canto's events bring no files; the asset itself can be read"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_overlaps_until_more_of_it_is_to_come_and_never_begins_before_the_first() {
        let cursor = |from, floor, on| Cursor { from, floor, on, told: BTreeSet::new() };
        assert_eq!(cursor(1000, 0, false).begin(), 880);
        assert_eq!(cursor(1000, 0, true).begin(), 1000);
        assert_eq!(cursor(1000, 950_123, false).begin(), 950);
    }

    #[test]
    fn what_was_told_long_ago_is_forgotten() {
        let told = BTreeSet::from([(1_000, "old".to_owned()), (900_000, "new".to_owned())]);
        let text = Cursor { from: 1000, told, ..Cursor::default() }.written().unwrap();
        let back = Cursor::read(&text).unwrap();
        assert_eq!(back.told, BTreeSet::from([(900_000, "new".to_owned())]));
        assert_eq!(Cursor::read("x").unwrap_err().kind, FailureKind::Invalid);
    }
}
