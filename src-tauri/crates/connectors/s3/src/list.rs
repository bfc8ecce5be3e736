//! Folders: what a listing by `/` makes of keys, and buckets where the connection names none.

use async_trait::async_trait;
use aws_sdk_s3::{
    operation::{head_object::HeadObjectOutput, list_buckets::ListBucketsOutput, list_objects_v2::ListObjectsV2Output},
    primitives::DateTime,
    types::EncodingType,
};
use waybill_connector::{ConnectorError, Entry, EntryKind, List, Page, PageRequest, Result};
use waybill_model::{FailureKind, Millis, RemotePath, names::shown};

use crate::{
    answers::{Mark, bytes, decoded_key, millis},
    connector::S3,
    location::{Location, Spot, is_bucket_name},
    requests::{ListRequest, Reading},
};

#[async_trait]
impl List for S3 {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        let (entries, next) = match self.requests.config.resolve("list", folder)?.into_prefix() {
            None => self.buckets(&page).await,
            Some(within) => self.keys(folder, &within, &page).await,
        }
        .map_err(|error| error.at(folder))?;
        if next.is_some() && next == page.cursor {
            let message = "the listing does not go on: the server gives the same page again and again";
            return Err(ConnectorError::new(FailureKind::Vendor, "list", message).at(folder));
        }
        Ok(Page { entries, next })
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        if path.is_root() {
            return Ok(Some(folder_entry(path.clone(), String::new())));
        }
        let folder = || folder_entry(path.clone(), path.name().to_owned());
        match self.requests.config.resolve("stat", path)? {
            Spot::Account => return Ok(Some(folder())),
            Spot::Top(at) => return Ok(self.is_bucket(&at).await.map_err(|error| error.at(path))?.then(folder)),
            // No object has an empty key; keys that begin with a slash make a folder of it.
            Spot::Key(at) if at.key.is_empty() => {}
            Spot::Key(_) => {
                let at = self.file("stat", path)?;
                let head = self.requests.head("stat", &at, None, false).await.map_err(|error| error.at(path))?;
                if let Some(head) = head {
                    return Ok(Some(entry_of(path, &head)));
                }
            }
        }
        Ok(self.is_folder(path).await?.then(folder))
    }
}

impl S3 {
    /// A page of the account's buckets, and where the next one begins.
    async fn buckets(&self, page: &PageRequest) -> Result<(Vec<Entry>, Option<String>)> {
        let answer = self.requests.buckets("list", page.cursor.as_deref(), page.limit, &Reading::default()).await?;
        let next = answer.continuation_token.clone().filter(|token| !token.is_empty());
        Ok((bucket_entries(&answer), next))
    }

    /// A page of a folder's entries, and where the next one begins.
    async fn keys(
        &self,
        folder: &RemotePath,
        within: &Location,
        page: &PageRequest,
    ) -> Result<(Vec<Entry>, Option<String>)> {
        let request =
            ListRequest { operation: "list", within, grouped: true, token: page.cursor.as_deref(), limit: page.limit };
        let answer = self.requests.list(request).await?;
        let next = answer.next_continuation_token.clone().filter(|_| answer.is_truncated == Some(true));
        Ok((entries(folder, &within.key, &answer), next))
    }

    /// Whether there is such a bucket. One that is closed to who is signed in is there all the same.
    async fn is_bucket(&self, at: &Location) -> Result<bool> {
        match self.requests.has_bucket("stat", at).await {
            Err(error) if error.kind == FailureKind::Denied && self.denied_means_signed_in() => Ok(true),
            answer => answer,
        }
    }

    /// Whether any key lies below `path`.
    pub(crate) async fn is_folder(&self, path: &RemotePath) -> Result<bool> {
        Ok(!self.first_keys("stat", path, 1).await?.is_empty())
    }

    /// The first keys below `path`, its own marker included.
    pub(crate) async fn first_keys(
        &self,
        operation: &'static str,
        path: &RemotePath,
        limit: u32,
    ) -> Result<Vec<String>> {
        let within = self.folder(operation, path)?;
        let request = ListRequest { operation, within: &within, grouped: false, token: None, limit };
        let answer = match self.requests.list(request).await {
            // Where the bucket is part of the path, a missing one is a folder that is not there.
            Err(error) if error.code.as_deref() == Some("NoSuchBucket") && self.requests.config.bucket.is_none() => {
                return Ok(Vec::new());
            }
            answer => answer.map_err(|error| error.at(path))?,
        };
        let decode = decoder(&answer);
        let keys = answer.contents.as_deref().unwrap_or_default().iter();
        // A key that cannot be spelled is there all the same.
        Ok(keys.filter_map(|object| object.key.as_deref()).map(|key| decode(key).unwrap_or_default()).collect())
    }
}

fn folder_entry(path: RemotePath, name: String) -> Entry {
    Entry {
        path,
        name,
        kind: EntryKind::Folder,
        size: 0,
        modified: None,
        version: None,
        mode: None,
        addressable: true,
        link: false,
        facts: std::collections::BTreeMap::default(),
    }
}

/// Buckets as folders. The name of one that no path can begin with is shown, and leads nowhere.
fn bucket_entries(answer: &ListBucketsOutput) -> Vec<Entry> {
    let buckets = answer.buckets.as_deref().unwrap_or_default().iter();
    buckets
        .filter_map(|bucket| {
            let name = bucket.name.as_deref()?;
            Some(Entry {
                modified: bucket.creation_date.as_ref().and_then(millis),
                addressable: is_bucket_name(name),
                ..folder_entry(RemotePath::root().join(name), name.to_owned())
            })
        })
        .collect()
}

fn entry_of(path: &RemotePath, head: &HeadObjectOutput) -> Entry {
    let size = bytes(head.content_length);
    if size == 0 && path.as_str().ends_with('/') {
        return folder_entry(path.clone(), path.name().to_owned());
    }
    Entry {
        kind: EntryKind::File,
        size,
        modified: head.last_modified.as_ref().and_then(whole_seconds),
        // A listing knows no version ids, and both have to give one stamp.
        version: Mark::of(None, head.e_tag.as_deref()),
        ..folder_entry(path.clone(), path.name().to_owned())
    }
}

/// A listing tells milliseconds where HEAD tells seconds; both have to give one stamp.
fn whole_seconds(time: &DateTime) -> Option<Millis> {
    millis(time).map(|time| Millis(time.0.div_euclid(1000) * 1000))
}

/// How the keys of this answer are to be read: not every server honours the encoding that it was asked for.
fn decoder(answer: &ListObjectsV2Output) -> fn(&str) -> Option<String> {
    if answer.encoding_type == Some(EncodingType::Url) { decoded_key } else { |key| Some(key.to_owned()) }
}

fn entries(folder: &RemotePath, prefix: &str, answer: &ListObjectsV2Output) -> Vec<Entry> {
    let decode = decoder(answer);
    let mut entries = Vec::new();
    for group in answer.common_prefixes.as_deref().unwrap_or_default() {
        let Some(text) = group.prefix.as_deref() else { continue };
        entries.push(match decode(text).as_deref().and_then(|key| key.strip_prefix(prefix)) {
            // Below the root, `/` would be the root itself: keys that begin with a slash cannot be walked into.
            Some("/") if folder.is_root() => {
                Entry { addressable: false, ..folder_entry(RemotePath::new("//"), "/".to_owned()) }
            }
            Some(name) => {
                let name = name.strip_suffix('/').unwrap_or(name);
                folder_entry(folder.join(name), name.to_owned())
            }
            None => unspellable(folder, text, EntryKind::Folder),
        });
    }
    for object in answer.contents.as_deref().unwrap_or_default() {
        let Some(text) = object.key.as_deref() else { continue };
        let size = bytes(object.size);
        let entry = match decode(text).as_deref().and_then(|key| key.strip_prefix(prefix)) {
            // The folder's own marker.
            Some("") if size == 0 => continue,
            Some(name) => folder_entry(folder.join(name), name.to_owned()),
            None => unspellable(folder, text, EntryKind::File),
        };
        entries.push(Entry {
            kind: EntryKind::File,
            size,
            modified: object.last_modified.as_ref().and_then(whole_seconds),
            version: Mark::of(None, object.e_tag.as_deref()),
            ..entry
        });
    }
    entries
}

/// A key that is no UTF-8: shown as it came, never touched.
fn unspellable(folder: &RemotePath, text: &str, kind: EntryKind) -> Entry {
    let name = text.trim_end_matches('/').rsplit('/').next().unwrap_or(text);
    Entry { kind, addressable: false, ..folder_entry(folder.join(name), shown(name)) }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{Bucket, CommonPrefix, Object};

    use super::*;

    fn answer(groups: &[&str], keys: &[(&str, i64)]) -> ListObjectsV2Output {
        ListObjectsV2Output::builder()
            .encoding_type(EncodingType::Url)
            .set_common_prefixes(Some(groups.iter().map(|key| CommonPrefix::builder().prefix(*key).build()).collect()))
            .set_contents(Some(
                keys.iter().map(|(key, size)| Object::builder().key(*key).size(*size).build()).collect(),
            ))
            .build()
    }

    fn seen(folder: &str, prefix: &str, answer: &ListObjectsV2Output) -> Vec<(String, EntryKind, bool)> {
        let entries = entries(&RemotePath::new(folder), prefix, answer);
        entries.into_iter().map(|entry| (entry.path.as_str().to_owned(), entry.kind, entry.addressable)).collect()
    }

    #[test]
    fn a_folders_own_marker_is_no_entry_but_bytes_under_its_name_are() {
        assert_eq!(seen("/a", "p/a/", &answer(&[], &[("p/a/", 0)])), []);
        assert_eq!(seen("/a", "p/a/", &answer(&[], &[("p/a/", 3)])), [("/a/".to_owned(), EntryKind::File, true)]);
    }

    #[test]
    fn an_empty_name_between_two_slashes_is_a_folder_that_can_be_walked_into() {
        let found = entries(&RemotePath::new("/a"), "a/", &answer(&["a//"], &[]));
        assert_eq!(found[0].path, RemotePath::new("/a/"));
        let inside = entries(&found[0].path, "a//", &answer(&[], &[("a//b", 1)]));
        assert_eq!(inside[0].path, RemotePath::new("/a//b"));
    }

    #[test]
    fn a_slash_at_the_very_front_never_leads_back_to_the_root() {
        assert_eq!(seen("/", "", &answer(&["/"], &[])), [("//".to_owned(), EntryKind::Folder, false)]);
    }

    #[test]
    fn a_key_that_is_no_utf8_is_shown_and_cannot_be_addressed() {
        assert_eq!(seen("/", "", &answer(&[], &[("%FF", 1)])), [("/%FF".to_owned(), EntryKind::File, false)]);
    }

    #[test]
    fn buckets_are_folders_with_the_time_of_their_making() {
        let bucket = |name: &str| Bucket::builder().name(name).creation_date(DateTime::from_secs(7)).build();
        let found = bucket_entries(&ListBucketsOutput::builder().buckets(bucket("box")).buckets(bucket("..")).build());
        let seen: Vec<_> = found.iter().map(|entry| (entry.path.as_str(), entry.kind, entry.addressable)).collect();
        assert_eq!(seen, [("/box", EntryKind::Folder, true), ("/..", EntryKind::Folder, false)]);
        assert_eq!(found[0].modified, Some(Millis(7000)));
    }

    #[test]
    fn keys_are_taken_as_they_are_where_the_server_ignores_the_encoding() {
        let raw = ListObjectsV2Output::builder().contents(Object::builder().key("100%25 a+b").size(1).build()).build();
        assert_eq!(seen("/", "", &raw), [("/100%25 a+b".to_owned(), EntryKind::File, true)]);
    }
}
