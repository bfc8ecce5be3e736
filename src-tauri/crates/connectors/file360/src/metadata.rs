//! Tags that everybody sees. They have no values there: `key:value` is one tag, as people write `retention:7y`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{ConnectorError, Metadata, MetadataSet, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{connector::File360Connector, own_shares::Entity, spelling::Child, wire::Tag};

#[async_trait]
impl Metadata for File360Connector {
    async fn metadata(&self, path: &RemotePath, version: Option<&str>) -> Result<MetadataSet> {
        let (entity, child) = self.entity_at("metadata", path).await?;
        if let (Some(version), Child::File(file)) = (version, &child)
            && file.mark().as_deref() != Some(version)
        {
            // Tags hang on the file, not on one of its versions; a version that is not there has none.
            self.version("metadata", &file.id, version).await?.ok_or_else(|| {
                ConnectorError::new(FailureKind::NotFound, "metadata", "the file has no such version").at(path)
            })?;
        }
        let tags = self.public_tags("metadata", entity).await?;
        Ok(MetadataSet {
            metadata: facts_of(&child),
            tags: tags.into_iter().map(|tag| pair(&tag.name)).collect(),
            ..MetadataSet::default()
        })
    }

    async fn set_tags(&self, path: &RemotePath, tags: &BTreeMap<String, String>) -> Result<()> {
        if let Some(key) = tags.keys().find(|key| key.contains(':') || key.trim() != key.as_str() || key.is_empty()) {
            let why = format!("`{key}` cannot be the name of a tag: no colon, and no blank at its ends");
            return Err(ConnectorError::new(FailureKind::Invalid, "set_tags", why).at(path));
        }
        let (entity, _) = self.entity_at("set_tags", path).await?;
        let mut wanted: Vec<String> = tags.iter().map(|(key, value)| name(key, value)).collect();
        let there = self.public_tags("set_tags", entity).await?;
        let (stay, go): (Vec<Tag>, Vec<Tag>) = there.into_iter().partition(|tag| wanted.contains(&tag.name));
        wanted.retain(|name| !stay.iter().any(|tag| tag.name == *name));
        let (family, id) = entity.segments();
        for name in wanted {
            let body = json!({ "name": name, "public": true });
            self.send_json::<Value>("set_tags", Method::POST, self.url(&[family, &id, "tags"], &[]), &body)
                .await
                .map_err(|error| error.at(path))?;
        }
        for tag in go {
            let url = self.url(&[family, &id, "tags", &tag.id.to_string()], &[]);
            self.remove("set_tags", url).await.map_err(|error| error.at(path))?;
        }
        Ok(())
    }
}

impl File360Connector {
    /// Personal tags are their owner's alone, and stay as they are.
    async fn public_tags(&self, operation: &'static str, entity: Entity) -> Result<Vec<Tag>> {
        let (family, id) = entity.segments();
        let all: Vec<Tag> = self.read_all(operation, &self.url(&[family, &id, "tags"], &[])).await?;
        Ok(all.into_iter().filter(|tag| tag.public).collect())
    }
}

fn facts_of(child: &Child) -> BTreeMap<String, String> {
    let Child::File(file) = child else { return BTreeMap::new() };
    // Inferred: what the numbers stand for is what the server's own pages call them.
    let status = file.status.and_then(|status| match status {
        1 => Some("official"),
        2 => Some("draft"),
        3 => Some("obsolete"),
        _ => None,
    });
    let facts = [("note", file.note.clone()), ("status", status.map(str::to_owned))];
    facts.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

fn name(key: &str, value: &str) -> String {
    if value.is_empty() { key.to_owned() } else { format!("{key}:{value}") }
}

fn pair(name: &str) -> (String, String) {
    let (key, value) = name.split_once(':').unwrap_or((name, ""));
    (key.to_owned(), value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_key_with_a_value_or_a_word() {
        for (key, value) in [("retention", "7y"), ("class", "x@y:z"), ("legal-hold", "")] {
            assert_eq!(pair(&name(key, value)), (key.to_owned(), value.to_owned()));
        }
    }
}
