//! What the connection test found out about the server, by the keys that it is kept under.

use waybill_connector::{Learned, Phrase};

use crate::words;

/// The keys in [`Learned`]. Stored with connections: a key keeps its meaning for ever.
pub(crate) mod key {
    pub(crate) const SENDS_SHA256: &str = "sends_sha256";
    pub(crate) const ENFORCES_SHA256: &str = "enforces_sha256";
    pub(crate) const ETAG_IS_MD5: &str = "etag_is_md5";
    pub(crate) const CONDITIONAL_PUT: &str = "conditional_put";
    pub(crate) const CONDITIONAL_COMPLETE: &str = "conditional_complete";
    pub(crate) const STANDARD_MULTIPART: &str = "standard_multipart";
    pub(crate) const TAGS: &str = "tags";
    pub(crate) const VERSIONS: &str = "versions";
    pub(crate) const OBJECT_LOCK: &str = "object_lock";
    pub(crate) const UNFINISHED: &str = "unfinished_uploads";
    pub(crate) const FOLDER_MARKERS: &str = "folder_markers";
}

/// Yes, no, or never tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Whether the server takes an upload that carries a SHA-256 at all.
    pub(crate) sends_sha256: Option<bool>,
    /// Whether a deliberately wrong SHA-256 was refused, on a whole file and on a part.
    pub(crate) enforces_sha256: Option<bool>,
    /// Whether the `ETag` of a file in one piece was its MD5.
    pub(crate) etag_is_md5: Option<bool>,
    /// Whether `If-None-Match` kept a second write out.
    pub(crate) conditional_put: Option<bool>,
    /// The same when a multipart upload is completed.
    pub(crate) conditional_complete: Option<bool>,
    /// False where the answer to a multipart request was not standard and is read leniently.
    pub(crate) standard_multipart: Option<bool>,
    /// Whether objects have tags.
    pub(crate) tags: Option<bool>,
    /// Whether the bucket keeps versions.
    pub(crate) versions: Option<bool>,
    /// Whether the bucket has Object Lock.
    pub(crate) object_lock: Option<bool>,
    /// Whether unfinished uploads can be listed.
    pub(crate) unfinished: Option<bool>,
    /// Whether a key that ends in `/` stays one, so that empty folders can be kept.
    pub(crate) folder_markers: Option<bool>,
}

impl Facts {
    pub(crate) fn of(learned: &Learned) -> Self {
        Self {
            sends_sha256: learned.flag(key::SENDS_SHA256),
            enforces_sha256: learned.flag(key::ENFORCES_SHA256),
            etag_is_md5: learned.flag(key::ETAG_IS_MD5),
            conditional_put: learned.flag(key::CONDITIONAL_PUT),
            conditional_complete: learned.flag(key::CONDITIONAL_COMPLETE),
            standard_multipart: learned.flag(key::STANDARD_MULTIPART),
            tags: learned.flag(key::TAGS),
            versions: learned.flag(key::VERSIONS),
            object_lock: learned.flag(key::OBJECT_LOCK),
            unfinished: learned.flag(key::UNFINISHED),
            folder_markers: learned.flag(key::FOLDER_MARKERS),
        }
    }

    pub(crate) fn to_learned(self) -> Learned {
        let mut learned = Learned::default();
        for (key, value) in [
            (key::SENDS_SHA256, self.sends_sha256),
            (key::ENFORCES_SHA256, self.enforces_sha256),
            (key::ETAG_IS_MD5, self.etag_is_md5),
            (key::CONDITIONAL_PUT, self.conditional_put),
            (key::CONDITIONAL_COMPLETE, self.conditional_complete),
            (key::STANDARD_MULTIPART, self.standard_multipart),
            (key::TAGS, self.tags),
            (key::VERSIONS, self.versions),
            (key::OBJECT_LOCK, self.object_lock),
            (key::UNFINISHED, self.unfinished),
            (key::FOLDER_MARKERS, self.folder_markers),
        ] {
            if let Some(value) = value {
                learned.set(key, value);
            }
        }
        learned
    }

    /// Whether a checksum that the server confirms counts as proof.
    pub(crate) fn proves_sha256(&self) -> bool {
        self.enforces_sha256 == Some(true)
    }

    /// Whether uploads carry a SHA-256: unless the server was seen refusing a right one.
    pub(crate) fn sends_checksums(&self) -> bool {
        self.sends_sha256 != Some(false)
    }

    /// What a person should know before the first file goes.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let mut say = |applies: bool, phrase: Phrase| {
            if applies {
                remarks.push(phrase.english.to_owned());
            }
        };
        say(self.conditional_put == Some(false) || self.conditional_complete == Some(false), words::CONDITION_IGNORED);
        let proved = if self.etag_is_md5 == Some(true) { words::PROVED_BY_MD5 } else { words::PROVED_BY_READING };
        say(self.enforces_sha256 == Some(false), proved);
        say(self.standard_multipart == Some(false), words::NOT_STANDARD);
        say(self.tags == Some(false), words::NO_TAGS);
        say(self.versions == Some(false), words::NO_VERSIONS);
        say(self.folder_markers == Some(false), words::NO_FOLDERS);
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learned_reads_back() {
        let facts = Facts {
            sends_sha256: Some(true),
            enforces_sha256: Some(false),
            etag_is_md5: Some(true),
            conditional_put: Some(false),
            conditional_complete: None,
            standard_multipart: Some(false),
            tags: Some(true),
            versions: None,
            object_lock: Some(false),
            unfinished: Some(true),
            folder_markers: Some(false),
        };
        assert_eq!(Facts::of(&facts.to_learned()), facts);
        assert!(Facts::default().to_learned().is_empty(), "what was never tried leaves no trace");
    }

    #[test]
    fn a_checksum_counts_only_where_a_wrong_one_was_seen_refused() {
        assert!(!Facts::default().proves_sha256());
        assert!(Facts { enforces_sha256: Some(true), ..Facts::default() }.proves_sha256());
    }

    #[test]
    fn a_race_that_can_overwrite_is_said_once() {
        let facts = Facts { conditional_put: Some(false), conditional_complete: Some(false), ..Facts::default() };
        assert_eq!(facts.remarks().len(), 1);
        assert_eq!(Facts::default().remarks(), Vec::<String>::new());
    }
}
