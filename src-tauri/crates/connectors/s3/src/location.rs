//! Where a path lies on the server: the one place that knows whether its first name is the bucket.

use serde::{Deserialize, Serialize};
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::config::{Config, MAX_KEY_BYTES};

/// A bucket, and in it a key or what keys begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Location {
    pub(crate) bucket: String,
    pub(crate) key: String,
}

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spot {
    /// The top of a connection without a bucket: its folders are the account's buckets.
    Account,
    /// The top of what is shown of a bucket, and what all its keys begin with.
    Top(Location),
    /// Something below it. The key is empty where keys begin with a slash and the bucket is part of the path.
    Key(Location),
}

impl Spot {
    /// What the keys of a folder's entries begin with; `None` where its entries are buckets.
    pub(crate) fn into_prefix(self) -> Option<Location> {
        match self {
            Self::Account => None,
            Self::Top(top) => Some(top),
            Self::Key(Location { bucket, key }) => Some(Location { bucket, key: format!("{key}/") }),
        }
    }
}

impl Config {
    /// What `path` names.
    pub(crate) fn resolve(&self, operation: &'static str, path: &RemotePath) -> Result<Spot> {
        if let Some(bucket) = &self.bucket {
            let at = Location { bucket: bucket.clone(), key: format!("{}{}", self.base, path.relative()) };
            return Ok(if path.is_root() { Spot::Top(at) } else { Spot::Key(at) });
        }
        if path.is_root() {
            return Ok(Spot::Account);
        }
        let (bucket, key) = match path.relative().split_once('/') {
            Some((bucket, key)) => (bucket, Some(key)),
            None => (path.relative(), None),
        };
        if !is_bucket_name(bucket) {
            let message = format!("`{bucket}` is no bucket's name; a path of this connection begins with its bucket");
            return Err(ConnectorError::new(FailureKind::Invalid, operation, message).at(path));
        }
        let at = Location { bucket: bucket.to_owned(), key: key.unwrap_or_default().to_owned() };
        Ok(if key.is_some() { Spot::Key(at) } else { Spot::Top(at) })
    }

    /// Where the file `path` lies, or why there can be none.
    pub(crate) fn file(&self, operation: &'static str, path: &RemotePath) -> Result<Location> {
        let refuse = |reason: String| Err(ConnectorError::new(FailureKind::Invalid, operation, reason).at(path));
        match self.resolve(operation, path)? {
            Spot::Key(at) if at.key.len() > MAX_KEY_BYTES => refuse(format!(
                "the name has {} bytes with the connection's prefix, S3 takes {MAX_KEY_BYTES}; shorten it",
                at.key.len()
            )),
            Spot::Key(at) if !at.key.is_empty() => Ok(at),
            Spot::Key(at) | Spot::Top(at) if self.bucket.is_none() => refuse(format!(
                "this names only the bucket `{0}` and no file; a file lies below it, as `/{0}/name`",
                at.bucket
            )),
            Spot::Account | Spot::Top(_) | Spot::Key(_) => refuse("the top of a connection is no file".to_owned()),
        }
    }

    /// What the keys of a folder's entries begin with. Refused where its entries are buckets.
    pub(crate) fn folder(&self, operation: &'static str, folder: &RemotePath) -> Result<Location> {
        self.resolve(operation, folder)?.into_prefix().ok_or_else(|| {
            let message = "this is done in one bucket at a time; name the bucket as the first name of the path";
            ConnectorError::new(FailureKind::Invalid, operation, message).at(folder)
        })
    }

    /// The path of a key, or `None` where it lies outside what the connection shows.
    pub(crate) fn path(&self, bucket: &str, key: &str) -> Option<RemotePath> {
        match &self.bucket {
            Some(own) if own != bucket => None,
            Some(_) => key.strip_prefix(&self.base).map(|rest| RemotePath::new(format!("/{rest}"))),
            None => Some(RemotePath::new(format!("/{bucket}/{key}"))),
        }
    }

    /// The top of the one bucket that the connection names.
    pub(crate) fn top(&self) -> Option<Location> {
        self.bucket.clone().map(|bucket| Location { bucket, key: self.base.clone() })
    }
}

/// Whether a path may begin with `name`. Wider than Amazon's rules for new buckets, which older ones and other servers do
/// not keep, and narrow enough that no name leads to another address: `..`, an ARN, a host.
pub(crate) fn is_bucket_name(name: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    name.len() <= 255 && name.bytes().all(known) && name.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::config::tests::parsed;

    fn at(bucket: &str, key: &str) -> Location {
        Location { bucket: bucket.to_owned(), key: key.to_owned() }
    }

    #[rstest]
    #[case("", "/a/b", "a/b")]
    #[case("/", "/a/b", "a/b")]
    #[case("team/in", "/a/b", "team/in/a/b")]
    #[case("team/in/", "/a/b", "team/in/a/b")]
    #[case("/team/in//", "/a//../b", "team/in/a//../b")]
    fn a_prefix_means_the_same_with_and_without_its_slashes(
        #[case] prefix: &str,
        #[case] path: &str,
        #[case] key: &str,
    ) {
        let config = parsed(&[("bucket", "b"), ("prefix", prefix)]);
        assert_eq!(config.file("read", &RemotePath::new(path)).unwrap(), at("b", key));
        assert_eq!(config.path("b", key), Some(RemotePath::new(path)));
    }

    #[test]
    fn a_key_that_begins_with_a_slash_keeps_it() {
        let config = parsed(&[("bucket", "b")]);
        assert_eq!(config.path("b", "/x").unwrap().as_str(), "//x");
        assert_eq!(config.file("read", &RemotePath::new("//x")).unwrap(), at("b", "/x"));
    }

    #[test]
    fn the_root_lists_the_prefix_and_a_folder_its_own() {
        let config = parsed(&[("bucket", "b"), ("prefix", "p")]);
        assert_eq!(config.folder("list", &RemotePath::root()).unwrap(), at("b", "p/"));
        assert_eq!(config.folder("list", &RemotePath::new("/a/")).unwrap(), at("b", "p/a//"));
    }

    #[rstest]
    #[case("/", Spot::Account)]
    #[case("/box", Spot::Top(at("box", "")))]
    #[case("/box/a/b", Spot::Key(at("box", "a/b")))]
    #[case("/box/..", Spot::Key(at("box", "..")))]
    #[case("/box//x", Spot::Key(at("box", "/x")))]
    fn without_a_bucket_the_first_name_is_the_bucket(#[case] path: &str, #[case] spot: Spot) {
        let config = parsed(&[]);
        let path = RemotePath::new(path);
        assert_eq!(config.resolve("read", &path).unwrap(), spot);
        if let Spot::Key(at) = spot {
            assert_eq!(config.path(&at.bucket, &at.key), Some(path), "a key leads back to its path");
        }
    }

    #[test]
    fn the_folder_of_keys_that_begin_with_a_slash_leads_to_them() {
        let config = parsed(&[]);
        let folder = RemotePath::new("/box").join("");
        assert_eq!(config.folder("list", &folder).unwrap(), at("box", "/"));
        assert_eq!(config.file("read", &folder.join("x")).unwrap(), at("box", "/x"));
    }

    #[rstest]
    #[case("//x", "no bucket's name")]
    #[case("/../x", "no bucket's name")]
    #[case("/arn:aws:s3:eu-west-1:1:accesspoint/x", "no bucket's name")]
    #[case("/other.example.com:80/x", "no bucket's name")]
    #[case("/", "the top of a connection")]
    #[case("/box", "only the bucket `box`")]
    #[case("/box/", "only the bucket `box`")]
    fn a_path_that_names_no_file_is_refused_with_a_sentence(#[case] path: &str, #[case] says: &str) {
        let error = parsed(&[]).file("read", &RemotePath::new(path)).unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid);
        assert!(error.message.contains(says), "{}", error.message);
    }

    #[test]
    fn a_key_counts_its_bytes_without_the_bucket() {
        let longest = format!("/box/{}", "k".repeat(MAX_KEY_BYTES));
        assert!(parsed(&[]).file("write", &RemotePath::new(longest.as_str())).is_ok());
        let error = parsed(&[]).file("write", &RemotePath::new(format!("{longest}k"))).unwrap_err();
        assert!(error.message.contains("shorten it"), "{}", error.message);
    }

    #[test]
    fn what_is_done_in_one_bucket_is_not_done_in_all_of_them() {
        let error = parsed(&[]).folder("unfinished", &RemotePath::root()).unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid);
    }
}
