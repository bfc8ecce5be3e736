//! The chosen entry: what its remote tells beyond the listing, its tags, what is kept on record about it, and a link to it.
//!
//! What may not be seen is said and never taken for empty. Every act is written down in the log; a link never is.

use std::collections::BTreeMap;

use secrecy::SecretString;
use waybill_connector::{ConnectorError, Entry, EntryKind, MetadataSet, Retention};
use waybill_engine::OpenConnection;
use waybill_model::{Failure, FailureKind, Location, Millis, Side, names::shown};

use crate::{Desk, DeskError};

/// How far a remote tells something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told<T> {
    /// There is no such thing there.
    Nothing,
    /// It may be there and was not shown.
    Hidden(Failure),
    /// This it is.
    Is(T),
}

impl<T> Told<T> {
    fn of(result: Result<T, ConnectorError>) -> Self {
        match result {
            Ok(told) => Self::Is(told),
            Err(error) if error.kind == FailureKind::Unsupported => Self::Nothing,
            Err(error) => Self::Hidden(error.to_failure(Side::Source)),
        }
    }
}

/// What a remote tells of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDetails {
    /// As it is now.
    pub entry: Entry,
    /// Metadata and tags.
    pub metadata: Told<MetadataSet>,
    /// Until when it may not be removed.
    pub retention: Told<Option<Retention>>,
    /// Whether a legal hold stands.
    pub legal_hold: Told<bool>,
}

/// What tags may be. The limits are those of S3, which everybody who has tags took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagLimits {
    /// How many.
    pub most: usize,
    /// Characters of a key.
    pub key: usize,
    /// Characters of a value.
    pub value: usize,
}

/// The limits of tags.
pub const TAG_LIMITS: TagLimits = TagLimits { most: 10, key: 128, value: 256 };

/// What became of tags that were to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagsSaved {
    /// They are stored, all of them.
    Saved,
    /// Somebody changed them since they were looked at: nothing was stored, these are there now.
    Changed(BTreeMap<String, String>),
}

/// A link that works without an account.
#[derive(Debug)]
pub struct Link {
    /// Who has it can read the file.
    pub url: SecretString,
    /// Until when.
    pub until: Millis,
}

impl Desk {
    /// What the remote tells of an entry, or of one of its versions.
    pub async fn entry_details(&self, place: &Location, version: Option<&str>) -> Result<EntryDetails, DeskError> {
        let open = self.opened(place.connection).await?;
        let entry = self.entry_at(&open, place).await?;
        let connector = &open.connector;
        if entry.kind != EntryKind::File {
            return Ok(EntryDetails {
                entry,
                metadata: Told::Nothing,
                retention: Told::Nothing,
                legal_hold: Told::Nothing,
            });
        }
        let path = &place.path;
        let metadata = async {
            match connector.metadata() {
                Some(ability) => Told::of(ability.metadata(path, version).await),
                None => Told::Nothing,
            }
        };
        let retention = async {
            match connector.records() {
                Some(ability) => Told::of(ability.retention(path, version).await),
                None => Told::Nothing,
            }
        };
        let legal_hold = async {
            match connector.records() {
                Some(ability) => Told::of(ability.legal_hold(path, version).await),
                None => Told::Nothing,
            }
        };
        let (metadata, retention, legal_hold) = futures::join!(metadata, retention, legal_hold);
        Ok(EntryDetails { entry, metadata, retention, legal_hold })
    }

    /// The entry at a place; `NotFound` where nothing is there.
    pub(crate) async fn entry_at(&self, open: &OpenConnection, place: &Location) -> Result<Entry, DeskError> {
        let Some(list) = open.connector.list() else {
            return Err(lacks(open, "list", "cannot be looked into"));
        };
        let found = self.heard(place, list.stat(&place.path).await).await?;
        found.ok_or_else(|| {
            ConnectorError::new(FailureKind::NotFound, "stat", "nothing is there any more").at(&place.path).into()
        })
    }

    /// Replaces all tags of a file, if those that are there still are what was `seen`.
    pub async fn save_tags(
        &self,
        place: &Location,
        seen: &BTreeMap<String, String>,
        wanted: &BTreeMap<String, String>,
    ) -> Result<TagsSaved, DeskError> {
        if let Some(problem) = tag_problem(wanted) {
            return Err(DeskError::Invalid(problem));
        }
        let open = self.opened(place.connection).await?;
        let Some(ability) = open.connector.metadata() else {
            return Err(lacks(&open, "set_tags", "keeps no tags"));
        };
        let now = self.heard(place, ability.metadata(&place.path, None).await).await?;
        if now.tags_hidden {
            let message = "the tags may not be read by who is signed in, so replacing them could lose some";
            return Err(ConnectorError::new(FailureKind::Denied, "set_tags", message).at(&place.path).into());
        }
        if now.tags != *seen {
            return Ok(TagsSaved::Changed(now.tags));
        }
        self.heard(place, ability.set_tags(&place.path, wanted).await).await?;
        self.note_act(place, "tags-saved", &format!("{} tags", wanted.len())).await?;
        Ok(TagsSaved::Saved)
    }

    /// Sets or lengthens the retention of a file, or of one of its versions.
    pub async fn set_retention(
        &self,
        place: &Location,
        version: Option<&str>,
        retention: Retention,
    ) -> Result<(), DeskError> {
        if retention.until <= self.now() {
            return Err(DeskError::Invalid("a retention has to end in the future".to_owned()));
        }
        let open = self.opened(place.connection).await?;
        let Some(records) = open.connector.records() else {
            return Err(lacks(&open, "set_retention", "has no retention"));
        };
        self.heard(place, records.set_retention(&place.path, version, retention).await).await?;
        let mode = format!("{:?}", retention.mode).to_lowercase();
        self.note_act(place, "retention-set", &format!("{mode} until {}", retention.until.to_rfc3339())).await
    }

    /// Sets or lifts the legal hold of a file, or of one of its versions.
    pub async fn set_legal_hold(&self, place: &Location, version: Option<&str>, on: bool) -> Result<(), DeskError> {
        let open = self.opened(place.connection).await?;
        let Some(records) = open.connector.records() else {
            return Err(lacks(&open, "set_legal_hold", "has no legal hold"));
        };
        self.heard(place, records.set_legal_hold(&place.path, version, on).await).await?;
        self.note_act(place, if on { "legal-hold-set" } else { "legal-hold-lifted" }, "").await
    }

    /// A link to read the file for `seconds`, by whoever has it. That it was made is written down; the link is not.
    pub async fn link(&self, place: &Location, seconds: u64) -> Result<Link, DeskError> {
        let open = self.opened(place.connection).await?;
        let Some(links) = open.connector.links() else {
            return Err(lacks(&open, "link", "makes no links"));
        };
        let until = self.now().plus(i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX));
        let url = self.heard(place, links.link(&place.path, seconds).await).await?;
        self.note_act(place, "link-made", &format!("until {}", until.to_rfc3339())).await?;
        Ok(Link { url: SecretString::from(url), until })
    }

    /// Writes down what was done to an entry.
    pub(crate) async fn note_act(&self, place: &Location, act: &'static str, detail: &str) -> Result<(), DeskError> {
        let subject = format!("connection:{}", place.connection);
        let path = shown(place.path.as_str());
        let detail = if detail.is_empty() { path } else { format!("{path}: {detail}") };
        Ok(self.inner.store.note(self.now(), self.actor(), act, subject, detail).await?)
    }
}

/// A connection has not what was asked of it.
pub(crate) fn lacks(open: &OpenConnection, operation: &'static str, what: &str) -> DeskError {
    ConnectorError::unsupported(operation, format!("{} {what}", open.name)).into()
}

/// Why tags cannot be as they are wanted, or `None`.
fn tag_problem(tags: &BTreeMap<String, String>) -> Option<String> {
    let TagLimits { most, key: longest_key, value: longest_value } = TAG_LIMITS;
    if tags.len() > most {
        return Some(format!("there can be {most} tags at most, these are {}", tags.len()));
    }
    let allowed = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == ' ' || "+-=._:/@".contains(c));
    tags.iter().find_map(|(key, value)| {
        let shown = shown(key);
        if key.is_empty() {
            Some("a tag needs a key".to_owned())
        } else if key.chars().count() > longest_key {
            Some(format!("the key {shown} is longer than {longest_key} characters"))
        } else if value.chars().count() > longest_value {
            Some(format!("the value of {shown} is longer than {longest_value} characters"))
        } else if key.to_lowercase().starts_with("aws:") {
            Some(format!("the key {shown} begins with aws:, which the remote keeps to itself"))
        } else if !allowed(key) || !allowed(value) {
            Some(format!("the tag {shown} has a character other than letters, digits, spaces and + - = . _ : / @"))
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn tags_over_a_limit_are_refused_before_anything_is_sent() {
        let long = "k".repeat(129);
        assert_eq!(tag_problem(&tags(&[("matter", "2291/a b"), ("Größe", "")])), None);
        assert_eq!(tag_problem(&tags(&[(&"k".repeat(128), &"v".repeat(256))])), None);
        assert!(tag_problem(&tags(&[(&long, "")])).is_some_and(|problem| problem.contains("128")));
        assert!(tag_problem(&tags(&[("a", &"v".repeat(257))])).is_some_and(|problem| problem.contains("256")));
        assert!(tag_problem(&tags(&[("AWS:x", "")])).is_some());
        assert!(tag_problem(&tags(&[("a", "<b>")])).is_some());
        assert!(tag_problem(&tags(&[("", "b")])).is_some());
        let eleven: BTreeMap<_, _> = (0..11).map(|n| (n.to_string(), String::new())).collect();
        assert!(tag_problem(&eleven).is_some());
    }
}
