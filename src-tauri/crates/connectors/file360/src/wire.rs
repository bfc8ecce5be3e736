//! What the server says, as it says it. Whatever is not used here is not read.

use serde::Deserialize;
use waybill_model::Md5;

/// A list.
#[derive(Debug, Deserialize)]
pub(crate) struct Listed<T> {
    #[serde(default = "Vec::new")]
    pub(crate) items: Vec<T>,
    /// Where to go on; there only where there is more.
    pub(crate) next: Option<String>,
}

/// The feed of changes.
#[derive(Debug, Deserialize)]
pub(crate) struct Changes {
    #[serde(default)]
    pub(crate) items: Vec<WireChange>,
    pub(crate) next: Option<String>,
    pub(crate) last_change_date: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireChange {
    pub(crate) action: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) date: Option<String>,
    #[serde(default)]
    pub(crate) id: serde_json::Value,
    pub(crate) file: Option<WireFile>,
    pub(crate) binder: Option<WireBinder>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Link {
    pub(crate) rel: Option<String>,
    pub(crate) href: String,
}

/// A root or the list of links.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Linked {
    #[serde(default)]
    pub(crate) links: Vec<Link>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Reference {
    pub(crate) id: Option<i64>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) email: Option<String>,
}

/// Who did something, and when.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Stamped {
    pub(crate) principal: Option<Reference>,
    pub(crate) date: Option<String>,
}

impl Stamped {
    pub(crate) fn by(&self) -> Option<i64> {
        self.principal.as_ref()?.id
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Description {
    #[serde(default)]
    pub(crate) text: String,
}

/// A folder, a workspace or a root.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireBinder {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) entity_type: Option<String>,
    pub(crate) description: Option<Description>,
    pub(crate) parent_binder: Option<Reference>,
    pub(crate) creation: Option<Stamped>,
    pub(crate) modification: Option<Stamped>,
    pub(crate) permalink: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) shares: Option<Vec<WireShare>>,
}

impl WireBinder {
    pub(crate) fn is_workspace(&self) -> bool {
        self.entity_type.as_deref() == Some("workspace")
    }

    pub(crate) fn creator(&self) -> Option<i64> {
        self.creation.as_ref()?.by()
    }
}

/// A file.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireFile {
    /// Of its bytes and versions.
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) length: u64,
    pub(crate) md5: Option<String>,
    pub(crate) version_number: Option<i64>,
    pub(crate) note: Option<String>,
    pub(crate) status: Option<i64>,
    pub(crate) creation: Option<Stamped>,
    pub(crate) modification: Option<Stamped>,
    pub(crate) owning_entity: Option<Reference>,
    pub(crate) parent_binder: Option<Reference>,
    pub(crate) locked_by: Option<Reference>,
    pub(crate) shares: Option<Vec<WireShare>>,
}

impl WireFile {
    /// The id of its entry, on which shares, comments, tags and locks hang.
    pub(crate) fn entry(&self) -> Option<i64> {
        self.owning_entity.as_ref()?.id
    }

    pub(crate) fn md5(&self) -> Option<Md5> {
        md5_of(self.md5.as_deref())
    }

    /// What tells this state of the file from every other: numbers are given out again once the newest version is removed.
    pub(crate) fn mark(&self) -> Option<String> {
        mark(self.version_number, self.md5.as_deref())
    }

    pub(crate) fn modified_by(&self) -> Option<i64> {
        self.modification.as_ref()?.by()
    }
}

/// One state of a file.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireVersion {
    pub(crate) id: String,
    pub(crate) version_number: Option<i64>,
    #[serde(default)]
    pub(crate) length: u64,
    pub(crate) md5: Option<String>,
    pub(crate) modification: Option<Stamped>,
}

impl WireVersion {
    pub(crate) fn mark(&self) -> Option<String> {
        mark(self.version_number, self.md5.as_deref())
    }
}

fn mark(number: Option<i64>, md5: Option<&str>) -> Option<String> {
    let number = number?;
    Some(match md5 {
        Some(md5) => format!("{number}-{}", md5.to_ascii_lowercase()),
        None => number.to_string(),
    })
}

/// An MD5 in hexadecimal.
pub(crate) fn md5_of(text: Option<&str>) -> Option<Md5> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text?.as_bytes()).ok()?;
    bytes.try_into().ok().map(Md5)
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireShare {
    pub(crate) id: i64,
    pub(crate) comment: Option<String>,
    pub(crate) sharer: Option<Reference>,
    pub(crate) recipient: Reference,
    pub(crate) role: Option<String>,
    pub(crate) can_share: Option<bool>,
    pub(crate) access: Option<WireAccess>,
    pub(crate) sharing_date: Option<String>,
    pub(crate) expiration: Option<String>,
    pub(crate) shared_entity: Option<Reference>,
    #[serde(default)]
    pub(crate) permalinks: Option<Vec<Link>>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireAccess {
    pub(crate) role: Option<String>,
}

/// A person, in the short form and in the whole one.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireUser {
    pub(crate) id: i64,
    pub(crate) name: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_address: Option<String>,
    pub(crate) hidden_files_folder: Option<Reference>,
    pub(crate) disk_space_used: Option<u64>,
    pub(crate) disk_space_quota: Option<u64>,
    pub(crate) person: Option<bool>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
}

impl WireUser {
    pub(crate) fn address(&self) -> Option<String> {
        self.email.clone().or_else(|| self.email_address.clone()).filter(|address| !address.is_empty())
    }

    /// Whether it is a group. Inferred: which of both it is stands beside it; else a person has an address.
    pub(crate) fn is_group(&self) -> bool {
        match (self.kind.as_deref(), self.person) {
            (Some(kind), _) => kind == "group",
            (None, Some(person)) => !person,
            (None, None) => self.address().is_none(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Release {
    pub(crate) product_name: Option<String>,
    pub(crate) product_version: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Zone {
    pub(crate) file_upload_size_limit: Option<u64>,
    #[serde(rename = "fileVersionsMaxAge")]
    pub(crate) versions_max_age: Option<i64>,
    pub(crate) external_sharing_restrictions: Option<Restrictions>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Restrictions {
    pub(crate) mode: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Template {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) entity_type: Option<String>,
}

/// A comment. Inferred: text is asked for as plain text, and comes so.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Reply {
    pub(crate) id: i64,
    pub(crate) description: Option<Description>,
    pub(crate) creation: Option<Stamped>,
}

/// Comments with those that answer them.
#[derive(Debug, Deserialize)]
pub(crate) struct Branch {
    pub(crate) item: Option<Reply>,
    #[serde(default)]
    pub(crate) children: Vec<Branch>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Tag {
    pub(crate) id: i64,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) public: bool,
}

/// Why somebody could not be told of a share.
#[derive(Debug, Deserialize)]
pub(crate) struct Warning {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
}

/// What the account may do with something.
#[derive(Debug, Deserialize)]
pub(crate) struct Access {
    pub(crate) role: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_and_rewritten_version_has_another_mark() {
        let file = |md5: &str| {
            let value = serde_json::json!({ "id": "a", "name": "x", "length": 1, "version_number": 2, "md5": md5 });
            serde_json::from_value::<WireFile>(value).unwrap()
        };
        assert_ne!(file("0cc175b9c0f1b6a831c399e269772661").mark(), file("92eb5ffee6ae2fec3ad71c777531578f").mark());
        assert!(file("0CC175B9C0F1B6A831C399E269772661").md5().is_some());
        assert_eq!(file("none").md5(), None);
    }
}
