//! Tags, and what Canto keeps beside: description, author, copyright, keywords.
//!
//! A tag of Canto is one word or more. A pair is written as `key=value`, a key without a value as the key alone.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use http::Method;
use waybill_connector::{ConnectorError, Metadata, MetadataSet, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::connector::CantoConnector;

fn pair(tag: &str) -> (String, String) {
    let (key, value) = tag.split_once('=').unwrap_or((tag, ""));
    (key.to_owned(), value.to_owned())
}

fn tag(key: &str, value: &str) -> Result<String> {
    let tag = if value.is_empty() { key.to_owned() } else { format!("{key}={value}") };
    if pair(&tag) == (key.to_owned(), value.to_owned()) && tag.trim() == tag && !key.is_empty() {
        return Ok(tag);
    }
    let why = format!("{key} is no tag for Canto: it has no sign = and no blank at its ends");
    Err(ConnectorError::new(FailureKind::Invalid, "set_tags", why))
}

#[async_trait]
impl Metadata for CantoConnector {
    async fn metadata(&self, path: &RemotePath, version: Option<&str>) -> Result<MetadataSet> {
        let (_, asset) = self.asset("metadata", path).await?;
        if version.is_some_and(|version| asset.version_history.iter().all(|row| row.version_id != version)) {
            let why = format!("{path} has no such version");
            return Err(ConnectorError::new(FailureKind::NotFound, "metadata", why).at(path));
        }
        let more = [
            ("description", asset.description.clone()),
            ("author", asset.seen("Author")),
            ("copyright", asset.seen("Copyright")),
            ("terms", asset.seen("Terms and Conditions")),
            ("uploaded by", asset.owner_name.clone()),
            ("keywords", Some(asset.keywords().join(", "))),
        ];
        let told = more.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.filter(|v| !v.is_empty())?)));
        Ok(MetadataSet {
            metadata: told.collect(),
            tags: asset.tags().iter().map(|tag| pair(tag)).collect(),
            content_type: asset.seen("Content Type"),
            ..MetadataSet::default()
        })
    }

    async fn set_tags(&self, path: &RemotePath, tags: &BTreeMap<String, String>) -> Result<()> {
        let wanted: BTreeSet<String> = tags.iter().map(|(key, value)| tag(key, value)).collect::<Result<_>>()?;
        let (found, asset) = self.asset("set_tags", path).await?;
        let there: BTreeSet<String> = asset.tags().into_iter().collect();
        let (scheme, id) = (found.item.scheme.as_str(), found.item.id.as_str());
        let put = wanted.difference(&there).map(|tag| (Method::PUT, tag));
        for (way, tag) in put.chain(there.difference(&wanted).map(|tag| (Method::DELETE, tag))) {
            let url = self.api(&[scheme, id, "tag", tag]);
            self.act("set_tags", way, &url, None).await.map_err(|error| error.at(path))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_one_tag_and_comes_back() {
        for (key, value, written) in [("case", "A 1/2 +=", "case=A 1/2 +="), ("hero", "", "hero")] {
            assert_eq!(tag(key, value).unwrap(), written);
            assert_eq!(pair(written), (key.to_owned(), value.to_owned()));
        }
        for (key, value) in [("a=b", "c"), ("", "x"), (" a", ""), ("a", "b ")] {
            assert_eq!(tag(key, value).unwrap_err().kind, FailureKind::Invalid, "{key}={value}");
        }
    }
}
