//! What was removed and can be brought back. The bin is the whole server's, as far as this account sees it.

use std::collections::HashMap;

use async_trait::async_trait;
use serde_json::Value;
use waybill_connector::{ConnectorError, PageRequest, RecycleBin, Recycled, RecycledPage, Result};
use waybill_model::{FailureKind, RemotePath, Retry};

use crate::{
    connector::XecmConnector,
    errors::{kind_of_text, known},
    list::{next_page, page_of},
    spelling::spelled,
    wire::{Node, has_more, int, name_of, rows, text, time},
};

/// Folders of a page whose place is looked up.
const PLACES: usize = 20;

#[async_trait]
impl RecycleBin for XecmConnector {
    async fn recycled(&self, page: PageRequest) -> Result<RecycledPage> {
        let (number, limit) = page_of(&page);
        let (number_text, limit_text) = (number.to_string(), limit.to_string());
        // The documents name no key for the time of removal to sort by; each page is put in order here.
        let query = [("page", number_text.as_str()), ("limit", limit_text.as_str()), ("fields", "properties")];
        let answer = self.get("recycled", &self.addresses.bin(), &query).await?;
        let come = rows(&answer);
        let mut places: HashMap<i64, Option<RemotePath>> = HashMap::new();
        let mut items = Vec::with_capacity(come.len());
        for row in come {
            let Some(node) = Node::read(row) else { continue };
            let folder = match places.get(&node.parent) {
                Some(place) => place.clone(),
                None if places.len() >= PLACES => None,
                None => {
                    let above = self.node("recycled", node.parent).await?;
                    let place = match above {
                        Some(above) => Some(self.path_of("recycled", &above).await?),
                        None => None,
                    };
                    places.insert(node.parent, place.clone());
                    place
                }
            };
            items.push(self.recycled_row(row, &node, folder).await?);
        }
        items.sort_by_key(|item| std::cmp::Reverse(item.removed));
        let more = has_more(&answer, number, limit, come.len());
        Ok(RecycledPage { items, next: next_page((number, limit), more) })
    }

    async fn bring_back(&self, item: &Recycled) -> Result<()> {
        let answered = self.in_bin("bring_back", &self.addresses.bin_restore(), item).await;
        let error = match answered {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        // The answer may be lost, or it was brought back before.
        let back = match item.id.parse() {
            Ok(id) if error.retry != Retry::Never => self.node("bring_back", id).await.is_ok_and(|node| node.is_some()),
            _ => false,
        };
        if back { Ok(()) } else { Err(error) }
    }

    async fn purge(&self, item: &Recycled) -> Result<()> {
        match self.in_bin("purge", &self.addresses.bin_purge(), item).await {
            Err(error) if error.kind == FailureKind::NotFound => Ok(()),
            done => done,
        }
    }
}

impl XecmConnector {
    async fn recycled_row(&self, row: &Value, node: &Node, folder: Option<RemotePath>) -> Result<Recycled> {
        let of = &row["data"]["properties"];
        // Inferred: how the time and the person of a removal are called.
        let by = [&of["deleted_user_id"], &of["delete_user_id"], &of["deleted_by"]];
        let by = match by.iter().find(|value| !value.is_null()) {
            Some(value) => match (name_of(value), int(value)) {
                (Some(name), _) => Some(name),
                (None, Some(id)) => Some(self.name_of_member("recycled", id).await?),
                (None, None) => text(value),
            },
            None => None,
        };
        let removed = [&of["deleted_date"], &of["delete_date"]].into_iter().find_map(time);
        Ok(Recycled {
            id: node.id.to_string(),
            name: node.name.clone(),
            folder: node.container,
            from: folder.map(|folder| folder.join(&spelled(&node.name, node.id, false))),
            removed,
            by,
            size: node.is_file().then(|| node.bytes()),
        })
    }

    /// Does something to one thing in the bin. What failed is told in an answer of success.
    async fn in_bin(&self, operation: &'static str, url: &url::Url, item: &Recycled) -> Result<()> {
        let answer = self.act_plainly(operation, http::Method::POST, url, &[("ids", item.id.as_str())]).await?;
        let results = &answer["results"];
        let results = results.get("data").filter(|data| data.get("failure").is_some()).unwrap_or(results);
        let failed = results.pointer("/failure/ids").and_then(Value::as_array).is_some_and(|ids| !ids.is_empty());
        if !failed {
            return Ok(());
        }
        let errors = &results["failure"]["errors"];
        let words = errors.as_object().and_then(|errors| errors.values().find_map(said)).or_else(|| said(errors));
        let words = words.unwrap_or_default();
        // Inferred: an item without a reason is one that is not in the bin.
        let kind = kind_of_text(&words);
        let kind = kind.unwrap_or(if words.is_empty() { FailureKind::NotFound } else { FailureKind::Vendor });
        let error = known(operation, kind, &words);
        Err(if kind == FailureKind::Vendor { ConnectorError { retry: Retry::Never, ..error } } else { error })
    }
}

fn said(value: &Value) -> Option<String> {
    text(value).or_else(|| text(value.get("error").or_else(|| value.get("message"))?))
}
