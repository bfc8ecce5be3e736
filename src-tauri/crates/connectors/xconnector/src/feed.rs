//! A paged feed with a cursor. A page that comes twice on one walk ends it with an error, so that a feed that turns in a circle is
//! not walked for ever.

use std::{collections::HashSet, sync::PoisonError};

use async_trait::async_trait;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use waybill_connector::{ByteStream, ConnectorError, EventFile, EventPage, Events, RemoteEvent, Result};
use waybill_model::{FailureKind, Retry};

use crate::{config::Feed, connector::XConnector, errors::refused, template::plain};

/// Bytes of a page.
const PAGE_BYTES: u64 = 32 * 1024 * 1024;
/// Pages of one walk. A feed with more is taken up again from its cursor.
const PAGES: usize = 100_000;

/// Pages without an item, one after the other, that are walked.
const EMPTY_PAGES: usize = 1000;

/// The pages between one answer that more is to come and the last.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// Where the page before ended.
    next: Option<String>,
    cursors: HashSet<[u8; 32]>,
    pages: HashSet<[u8; 32]>,
    empty: usize,
}

/// A page as it came.
#[derive(Debug)]
pub(crate) struct FeedPage {
    pub(crate) items: Vec<Value>,
    next: Option<String>,
    more: bool,
}

fn mark(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn vendor(why: &str) -> ConnectorError {
    ConnectorError::new(FailureKind::Vendor, "poll", why).retry(Retry::Never)
}

impl Walk {
    /// Takes a page in. Fails where it, or its cursor, was on this walk before.
    fn step(&mut self, asked: Option<&str>, page: &FeedPage) -> Result<()> {
        let goes_on = self.next.is_some() && self.next.as_deref() == asked;
        if !goes_on || self.cursors.len() >= PAGES {
            *self = Self::default();
            self.cursors.insert(mark(asked.unwrap_or_default().as_bytes()));
        }
        if !page.more {
            *self = Self::default();
            return Ok(());
        }
        let Some(next) = &page.next else {
            return Err(vendor("the feed says that more is to come, and not where; its administrator can mend it"));
        };
        let is_new_cursor = self.cursors.insert(mark(next.as_bytes()));
        let is_new_page =
            page.items.is_empty() || self.pages.insert(mark(Value::Array(page.items.clone()).to_string().as_bytes()));
        self.empty = if page.items.is_empty() { self.empty + 1 } else { 0 };
        if self.empty > EMPTY_PAGES {
            *self = Self::default();
            return Err(vendor("the feed gives page after page without an item; its administrator can mend it"));
        }
        if !is_new_cursor || !is_new_page {
            *self = Self::default();
            return Err(vendor(
                "the feed comes back to a page that it gave before, so it would never end; its administrator can mend it",
            ));
        }
        self.next = Some(next.clone());
        Ok(())
    }
}

impl XConnector {
    /// One page of the feed.
    pub(crate) async fn page(&self, feed: &Feed, cursor: Option<&str>, operation: &'static str) -> Result<FeedPage> {
        let call = || {
            let mut call = self.http.get(operation, feed.address.clone()).accept("application/json");
            if let Some(limit) = &feed.limit_parameter {
                call = call.query(limit, feed.limit.to_string());
            }
            match cursor {
                Some(cursor) => call.query(&feed.cursor_parameter, cursor),
                None => call,
            }
        };
        let answer = self.send(call).await?;
        let answer = answer.taken(|operation, refusal| forgotten(cursor, refused(operation, refusal))).await?;
        let page: Value = answer.json(PAGE_BYTES).await?;
        let items = page.pointer(&feed.items).and_then(Value::as_array).cloned().ok_or_else(|| {
            let why = format!("the feed's answer has no list at {}; correct where its items are", feed.items);
            ConnectorError::new(FailureKind::Invalid, operation, why)
        })?;
        let next = page.pointer(&feed.next).and_then(plain);
        let told = page.pointer(&feed.more).and_then(|more| match more {
            Value::Bool(more) => Some(*more),
            Value::String(text) => text.parse().ok(),
            _ => None,
        });
        let more = told.unwrap_or_else(|| !items.is_empty() && next.is_some() && next.as_deref() != cursor);
        Ok(FeedPage { items, next, more })
    }

    /// What an item says. One that cannot be read is told as such, so that it is neither lost nor in the way of the others.
    pub(crate) fn read_item(&self, item: &Value) -> RemoteEvent {
        let shape = &self.config.shape;
        shape.read(item).unwrap_or_else(|why| shape.broken(item, &why))
    }
}

/// A cursor that a feed does not take any more, by the status that feeds use for it.
fn forgotten(cursor: Option<&str>, error: ConnectorError) -> ConnectorError {
    if cursor.is_some() && error.code.as_deref() == Some("gone") {
        let why = format!("the feed does not know the place any more where the last walk ended: {}", error.message);
        return ConnectorError::new(FailureKind::NotFound, "poll", why).code("cursor-gone");
    }
    error
}

#[async_trait]
impl Events for XConnector {
    async fn poll(&self, cursor: Option<&str>) -> Result<EventPage> {
        let nowhere = || ConnectorError::unsupported("poll", "no feed is set");
        let feed = self.config.feed.as_ref().ok_or_else(nowhere)?;
        // A feed that has no end yet is asked from its beginning.
        let cursor = cursor.filter(|cursor| !cursor.is_empty());
        let page = self.page(feed, cursor, "poll").await?;
        self.walk.lock().unwrap_or_else(PoisonError::into_inner).step(cursor, &page)?;
        let events = page.items.iter().map(|item| self.read_item(item)).collect();
        let cursor = page.next.or_else(|| cursor.map(str::to_owned)).unwrap_or_default();
        Ok(EventPage { events, cursor, more: page.more })
    }

    async fn fetch(&self, file: &EventFile, limit: u64) -> Result<ByteStream> {
        self.fetch_file(file, limit).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(items: &[u32], next: &str, more: bool) -> FeedPage {
        FeedPage { items: items.iter().map(|item| json!(item)).collect(), next: Some(next.to_owned()), more }
    }

    #[test]
    fn a_circle_of_several_pages_is_ended() {
        let mut walk = Walk::default();
        walk.step(None, &page(&[1], "a", true)).unwrap();
        walk.step(Some("a"), &page(&[2], "b", true)).unwrap();
        assert_eq!(walk.step(Some("b"), &page(&[3], "a", true)).unwrap_err().kind, FailureKind::Vendor);
    }

    #[test]
    fn the_same_page_under_new_cursors_is_ended() {
        let mut walk = Walk::default();
        walk.step(None, &page(&[1], "a", true)).unwrap();
        assert!(walk.step(Some("a"), &page(&[1], "b", true)).is_err());
    }

    #[test]
    fn pages_without_items_are_not_walked_for_ever() {
        let mut walk = Walk::default();
        let mut asked = None;
        let ended = (0..2 * EMPTY_PAGES).find_map(|number| {
            let next = number.to_string();
            let error = walk.step(asked.as_deref(), &page(&[], &next, true)).err();
            asked = Some(next);
            error
        });
        assert_eq!(ended.unwrap().kind, FailureKind::Vendor);
    }

    #[test]
    fn asking_again_for_a_page_that_was_not_kept_is_no_circle() {
        let mut walk = Walk::default();
        for _ in 0..3 {
            walk.step(None, &page(&[1], "a", true)).unwrap();
            walk.step(Some("a"), &page(&[2], "b", true)).unwrap();
            walk.step(Some("a"), &page(&[2], "b", true)).unwrap();
        }
        walk.step(Some("b"), &page(&[], "b", false)).unwrap();
        walk.step(Some("b"), &page(&[], "b", false)).unwrap();
    }
}
