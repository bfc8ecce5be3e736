//! The steps by name.

use aws_sdk_s3::types::{BucketVersioningStatus, CompletedPart};
use bytes::Bytes;
use std::collections::BTreeMap;
use waybill_connector::{ConnectorError, Detail, Phrase, Result};
use waybill_model::{FailureKind, Sha256};

use super::{telling::Stop, trial::Trial};
use crate::{
    location::Location,
    requests::{CompleteRequest, CreateRequest, GetRequest, ListRequest, PartRequest, PutRequest, Reading},
    words::{
        ALL_KEPT, BUCKET, DELETE, DENIED_MAY_MEAN_SECRET, DROP_BOX, EARLIER_KEPT, FOLDERS, FOLDERS_LEFT_OUT, LENIENT,
        LIST, LOCK, LOCK_BY_DEFAULT, LOCK_OFF, LOCK_ON, MAY_NOT_ASK_LOCK, MAY_NOT_ASK_VERSIONS, MAY_NOT_DELETE,
        MAY_NOT_LIST, MAY_NOT_LOOK, NO_LOCK, NO_OVERWRITE, NO_OVERWRITE_PARTS, NO_TAGS_SET, NONE_KEPT, PARTS,
        RACE_CAN_OVERWRITE, READ, SERVER_KEEPS_NONE, SIGNED_IN, SOURCE_ONLY, TAGS, TAKES_NO_SHA256, UNFINISHED, UNSEEN,
        VERSIONS, WITHOUT_SHA256, WORD_IS_NO_PROOF, WOULD_STAY, WRITE, WRITING_WILL_SHOW, WRONG_CHECKSUM, WRONG_PART,
    },
};

const BODY: &[u8] = b"This file was written by the test of a connection and is removed at its end.\n";

/// Everything that is tried out in a bucket.
pub(super) const IN_A_BUCKET: [Phrase; 13] = [
    VERSIONS,
    LOCK,
    WRITE,
    READ,
    WRONG_CHECKSUM,
    WRONG_PART,
    NO_OVERWRITE,
    PARTS,
    NO_OVERWRITE_PARTS,
    UNFINISHED,
    TAGS,
    FOLDERS,
    DELETE,
];

impl Trial<'_> {
    /// Certificate, credentials and bucket, which one listing tells.
    pub(super) async fn sign_in(&mut self) -> std::result::Result<(), Stop> {
        let reading = Reading::default();
        let top = Location { bucket: self.folder.bucket.clone(), key: self.s3.requests.config.base.clone() };
        let look = ListRequest { operation: "self_test", within: &top, grouped: true, token: None, limit: 1 };
        self.telling.trying(SIGNED_IN);
        let answer = self.s3.requests.list_read_by(look, &reading).await;
        let answer = self.telling.certificate(&self.s3.requests, answer)?;
        let denied = match answer {
            Ok(_) => false,
            Err(error) if error.kind == FailureKind::Denied => {
                self.listing_denied = Some(error);
                true
            }
            Err(error) if is_about_the_bucket(&error) => {
                self.telling.passed(SIGNED_IN, Detail::Nothing);
                return Err(self.telling.failed(BUCKET, error));
            }
            Err(error) => return Err(self.telling.failed(SIGNED_IN, error)),
        };
        if denied && !self.s3.denied_means_signed_in() {
            self.telling.noted(SIGNED_IN, DENIED_MAY_MEAN_SECRET);
            self.telling.noted(BUCKET, WRITING_WILL_SHOW);
        } else {
            self.telling.passed(SIGNED_IN, Detail::fact(reading.server().unwrap_or_default()));
            self.telling.passed(BUCKET, Detail::fact(top.bucket));
        }
        if denied {
            self.telling.noted(LIST, MAY_NOT_LIST);
        } else {
            self.telling.passed(LIST, Detail::Nothing);
        }
        Ok(())
    }

    pub(super) async fn versions(&mut self) -> std::result::Result<(), Stop> {
        self.telling.trying(VERSIONS);
        match self.s3.requests.versioning(&self.folder).await {
            Ok(Some(BucketVersioningStatus::Enabled)) => {
                self.facts.versions = Some(true);
                self.telling.passed(VERSIONS, ALL_KEPT);
            }
            Ok(Some(_)) => {
                self.facts.versions = Some(true);
                self.telling.noted(VERSIONS, EARLIER_KEPT);
            }
            Ok(None) => {
                self.facts.versions = Some(false);
                self.telling.noted(VERSIONS, NONE_KEPT);
            }
            Err(error) if is_foreign(&error) => {
                self.facts.versions = Some(false);
                self.telling.noted(VERSIONS, SERVER_KEEPS_NONE);
            }
            Err(error) => match error.kind {
                FailureKind::Unsupported | FailureKind::Invalid | FailureKind::NotFound => {
                    self.facts.versions = Some(false);
                    self.telling.noted(VERSIONS, SERVER_KEEPS_NONE);
                }
                FailureKind::Denied => {
                    self.telling.noted(VERSIONS, MAY_NOT_ASK_VERSIONS);
                }
                _ => return Err(self.telling.failed(VERSIONS, error)),
            },
        }
        Ok(())
    }

    /// Whether the bucket locks whatever is written, so that a test file could not be removed again.
    pub(super) async fn object_lock(&mut self) -> std::result::Result<bool, Stop> {
        self.telling.trying(LOCK);
        match self.s3.requests.bucket_lock(&self.folder).await {
            Ok(Some(lock)) => {
                self.facts.object_lock = Some(true);
                let rule = lock.rule.and_then(|rule| rule.default_retention);
                let detail = if rule.is_some() { LOCK_BY_DEFAULT } else { LOCK_ON };
                self.telling.passed(LOCK, detail);
                Ok(rule.is_some())
            }
            Ok(None) => {
                self.facts.object_lock = Some(false);
                self.telling.noted(LOCK, LOCK_OFF);
                Ok(false)
            }
            Err(error) if error.kind == FailureKind::Invalid || is_foreign(&error) => {
                self.facts.object_lock = Some(false);
                self.telling.noted(LOCK, NO_LOCK);
                Ok(false)
            }
            Err(error) => match error.kind {
                FailureKind::Denied => {
                    self.telling.noted(LOCK, MAY_NOT_ASK_LOCK);
                    Ok(false)
                }
                _ => Err(self.telling.failed(LOCK, error)),
            },
        }
    }

    /// What can be tried where every file would stay: parts that never become one.
    pub(super) async fn without_traces(&mut self) -> std::result::Result<(), Stop> {
        let why = WOULD_STAY;
        self.telling.skipped(&[WRITE, READ, WRONG_CHECKSUM, NO_OVERWRITE], why);
        let at = self.at("parts");
        self.telling.trying(WRONG_PART);
        let id = match self.begin_parts(&at).await {
            Ok(id) => id,
            Err(error) if error.kind == FailureKind::Denied => {
                self.telling.noted(PARTS, SOURCE_ONLY);
                return Ok(());
            }
            Err(error) => return Err(self.telling.failed(PARTS, error)),
        };
        let refused = self.wrong_part(&at, &id).await?;
        self.facts.enforces_sha256 = refused.or(self.facts.enforces_sha256);
        self.telling.skipped(&[NO_OVERWRITE_PARTS, TAGS, FOLDERS, DELETE], why);
        Ok(())
    }

    /// Whether these credentials may write at all.
    pub(super) async fn write(&mut self) -> std::result::Result<bool, Stop> {
        let at = self.at("file");
        self.telling.trying(WRITE);
        self.written.push(at.clone());
        let mut answer = self.put(&at, Some(Sha256::of(BODY)), false).await;
        self.facts.sends_sha256 = Some(true);
        if let Err(error) = &answer
            && matches!(error.kind, FailureKind::Invalid | FailureKind::Unsupported | FailureKind::ChecksumMismatch)
        {
            self.facts.sends_sha256 = Some(false);
            answer = self.put(&at, None, false).await;
        }
        match answer {
            Ok(etag) => {
                self.facts.etag_is_md5 = Some(Self::is_md5_of(etag.as_deref(), &Bytes::from_static(BODY)));
                let plain = self.facts.sends_sha256 == Some(false);
                if plain {
                    self.telling.noted(WRITE, WITHOUT_SHA256);
                } else {
                    self.telling.passed(WRITE, Detail::Nothing);
                }
                Ok(true)
            }
            Err(error) if error.kind == FailureKind::Denied => {
                self.written.clear();
                if let Some(listing) = self.listing_denied.take() {
                    return Err(self.telling.failed(WRITE, listing));
                }
                self.facts.sends_sha256 = self.s3.facts.sends_sha256;
                self.telling.noted(WRITE, SOURCE_ONLY);
                Ok(false)
            }
            Err(error) => Err(self.telling.failed(WRITE, error)),
        }
    }

    pub(super) async fn read_back(&mut self) -> std::result::Result<(), Stop> {
        let at = self.at("file");
        self.telling.trying(READ);
        let got = match self.s3.requests.get(&GetRequest::of(&at)).await {
            Ok(answer) => answer.body.collect().await.map(aws_sdk_s3::primitives::AggregatedBytes::into_bytes).ok(),
            Err(error) if error.kind == FailureKind::Denied => {
                self.telling.noted(READ, DROP_BOX);
                return Ok(());
            }
            Err(error) => return Err(self.telling.failed(READ, error)),
        };
        if got.as_deref() == Some(BODY) {
            self.telling.passed(READ, Detail::Nothing);
            return Ok(());
        }
        let message = "the server gives back other bytes than it was given; its administrator has to look at it";
        Err(self.telling.failed(READ, ConnectorError::new(FailureKind::ChecksumMismatch, "self_test", message)))
    }

    /// A deliberately wrong SHA-256 on a whole file.
    pub(super) async fn wrong_checksum(&mut self) -> std::result::Result<(), Stop> {
        if self.facts.sends_sha256 == Some(false) {
            self.facts.enforces_sha256 = Some(false);
            self.telling.skipped(&[WRONG_CHECKSUM], TAKES_NO_SHA256);
            return Ok(());
        }
        let at = self.at("wrong");
        self.telling.trying(WRONG_CHECKSUM);
        self.written.push(at.clone());
        let answer = self.put(&at, Some(Sha256::of(b"other bytes")), false).await;
        let refused = self.judged(WRONG_CHECKSUM, answer.map(drop))?;
        self.facts.enforces_sha256 = Some(refused);
        Ok(())
    }

    /// A new name is taken, the same name again is not.
    pub(super) async fn no_overwrite(&mut self) -> std::result::Result<(), Stop> {
        let at = self.at("once");
        self.telling.trying(NO_OVERWRITE);
        self.written.push(at.clone());
        let sha256 = self.facts.sends_checksums().then(|| Sha256::of(BODY));
        let first = self.put(&at, sha256, true).await;
        let second = match first {
            Ok(_) => self.put(&at, sha256, true).await,
            first => first,
        };
        self.facts.conditional_put = Some(self.kept(NO_OVERWRITE, second.map(drop))?);
        Ok(())
    }

    /// An upload in parts: a wrong part, a right one, and the same name once more.
    pub(super) async fn parts(&mut self) -> std::result::Result<(), Stop> {
        let at = self.at("parts");
        self.telling.trying(PARTS);
        self.written.push(at.clone());
        let id = match self.begin_parts(&at).await {
            Ok(id) => id,
            Err(error) => return Err(self.telling.failed(PARTS, error)),
        };
        if self.facts.sends_checksums() {
            let refused = self.wrong_part(&at, &id).await?;
            if refused == Some(false) {
                self.facts.enforces_sha256 = Some(false);
            }
        }
        self.unfinished(&id).await?;
        if let Err(error) = self.complete(&at, &id, false).await {
            return Err(self.telling.failed(PARTS, error));
        }
        if self.facts.standard_multipart == Some(false) {
            self.telling.noted(PARTS, LENIENT);
        } else {
            self.telling.passed(PARTS, Detail::Nothing);
        }
        let second = match self.begin_parts(&at).await {
            Ok(id) => self.complete(&at, &id, true).await,
            Err(error) => Err(error),
        };
        self.facts.conditional_complete = Some(self.kept(NO_OVERWRITE_PARTS, second)?);
        Ok(())
    }

    pub(super) async fn tags(&mut self) -> std::result::Result<(), Stop> {
        let at = self.at("file");
        self.telling.trying(TAGS);
        let tags = BTreeMap::from([("waybill-test".to_owned(), "a b+c".to_owned())]);
        let answer = match self.s3.requests.set_tags(&at, None, &tags).await {
            Ok(()) => self.s3.requests.tags(&at, None).await,
            Err(error) => Err(error),
        };
        // Some servers do not know the request and write the tags over the file.
        let intact = match self.s3.requests.head("self_test", &at, None, false).await {
            Ok(head) => head.is_some_and(|head| head.content_length == i64::try_from(BODY.len()).ok()),
            Err(error) => error.kind == FailureKind::Denied,
        };
        match answer {
            Ok(seen) if seen == tags && intact => {
                self.facts.tags = Some(true);
                self.telling.passed(TAGS, Detail::Nothing);
            }
            Err(error) if is_outage(&error) => return Err(self.telling.failed(TAGS, error)),
            _ => {
                self.facts.tags = Some(false);
                self.telling.noted(TAGS, NO_TAGS_SET);
            }
        }
        Ok(())
    }

    /// Whether a key that ends in `/` stays one and makes no file.
    pub(super) async fn folder_marker(&mut self) -> std::result::Result<(), Stop> {
        self.telling.trying(FOLDERS);
        let (file, marker) = (self.at("folder"), self.at("folder/"));
        self.written.extend([marker.clone(), file.clone()]);
        let sha256 = self.facts.sends_checksums().then(Sha256::of_nothing);
        let request = PutRequest { sha256, ..PutRequest::of("self_test", &marker) };
        let kept = match self.s3.requests.put(&request).await {
            Ok(_) => match self.s3.requests.head("self_test", &file, None, false).await {
                Ok(head) => Ok(head.is_none()),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        match kept {
            Ok(true) => {
                self.facts.folder_markers = Some(true);
                self.telling.passed(FOLDERS, Detail::Nothing);
            }
            Err(error) if error.kind == FailureKind::Denied => {
                self.telling.noted(FOLDERS, MAY_NOT_LOOK);
            }
            Err(error) if is_outage(&error) => return Err(self.telling.failed(FOLDERS, error)),
            _ => {
                self.facts.folder_markers = Some(false);
                self.telling.noted(FOLDERS, FOLDERS_LEFT_OUT);
            }
        }
        Ok(())
    }

    pub(super) async fn delete(&mut self) -> std::result::Result<(), Stop> {
        self.telling.trying(DELETE);
        match self.clean_up().await {
            None => self.telling.passed(DELETE, Detail::Nothing),
            Some(error) if matches!(error.kind, FailureKind::Denied | FailureKind::Held) => {
                self.telling.noted(DELETE, MAY_NOT_DELETE.with(&[("folder", &self.folder.key)]));
            }
            Some(error) => return Err(self.telling.failed(DELETE, error)),
        }
        Ok(())
    }

    async fn put(&mut self, at: &Location, sha256: Option<Sha256>, only_new: bool) -> Result<Option<String>> {
        let bytes = Bytes::from_static(BODY);
        let request = PutRequest { bytes, sha256, only_new, ..PutRequest::of("self_test", at) };
        Ok(self.s3.requests.put(&request).await?.e_tag)
    }

    async fn begin_parts(&mut self, at: &Location) -> Result<String> {
        let checksums = self.facts.sends_checksums();
        let request = CreateRequest { checksums, ..CreateRequest::of(at) };
        let created = self.s3.requests.create(&request).await?;
        self.open.push((at.clone(), created.id.clone()));
        self.facts.standard_multipart = Some(!created.odd);
        Ok(created.id)
    }

    async fn wrong_part(&mut self, at: &Location, id: &str) -> std::result::Result<Option<bool>, Stop> {
        let bytes = Bytes::from_static(BODY);
        let sha256 = Some(Sha256::of(b"other bytes"));
        let answer = self.s3.requests.put_part(&PartRequest { at, id, number: 1, bytes, sha256 }).await;
        self.judged(WRONG_PART, answer.map(drop)).map(Some)
    }

    /// Sends the one part and completes.
    async fn complete(&mut self, at: &Location, id: &str, only_new: bool) -> Result<()> {
        let sha256 = self.facts.sends_checksums().then(|| Sha256::of(BODY));
        let part = PartRequest { at, id, number: 1, bytes: Bytes::from_static(BODY), sha256 };
        let answer = self.s3.requests.put_part(&part).await?;
        let part = CompletedPart::builder()
            .part_number(1)
            .set_e_tag(answer.e_tag)
            .set_checksum_sha256(sha256.map(Sha256::to_base64))
            .build();
        let request = CompleteRequest { at, id, parts: vec![part], size: BODY.len() as u64, only_new };
        self.s3.requests.complete(&request).await?;
        self.open.retain(|(_, open)| open != id);
        Ok(())
    }

    async fn unfinished(&mut self, id: &str) -> std::result::Result<(), Stop> {
        let answer = self.s3.requests.unfinished(&self.folder, None).await;
        match answer {
            Err(error) if is_outage(&error) => return Err(self.telling.failed(UNFINISHED, error)),
            Ok(page) if page.uploads().iter().any(|upload| upload.upload_id() == Some(id)) => {
                self.facts.unfinished = Some(true);
                self.telling.passed(UNFINISHED, Detail::Nothing);
            }
            _ => {
                self.facts.unfinished = Some(false);
                self.telling.noted(UNFINISHED, UNSEEN);
            }
        }
        Ok(())
    }

    /// Whether wrong bytes were refused.
    fn judged(&mut self, name: Phrase, answer: Result<()>) -> std::result::Result<bool, Stop> {
        match answer {
            Err(error) if is_outage(&error) => Err(self.telling.failed(name, error)),
            Err(_) => {
                self.telling.passed(name, Detail::Nothing);
                Ok(true)
            }
            Ok(()) => {
                self.telling.noted(name, WORD_IS_NO_PROOF);
                Ok(false)
            }
        }
    }

    /// Whether a second write of the same name was kept out.
    fn kept(&mut self, name: Phrase, answer: Result<()>) -> std::result::Result<bool, Stop> {
        match answer {
            Err(error) if error.kind == FailureKind::AlreadyExists => {
                self.telling.passed(name, Detail::Nothing);
                Ok(true)
            }
            Err(error) if is_outage(&error) => Err(self.telling.failed(name, error)),
            _ => {
                self.telling.noted(name, RACE_CAN_OVERWRITE);
                Ok(false)
            }
        }
    }
}

/// A wrong name or region of the bucket, which only who is signed in is told.
fn is_about_the_bucket(error: &ConnectorError) -> bool {
    let codes = ["NoSuchBucket", "PermanentRedirect", "TemporaryRedirect", "InvalidBucketName"];
    error.code.as_deref().is_some_and(|code| codes.contains(&code) || code == "301")
}

/// A success that means something else: the server did not know the question and answered another.
fn is_foreign(error: &ConnectorError) -> bool {
    error.kind == FailureKind::Vendor && error.fact("status") == Some("200")
}

/// Says nothing about what was tried, only that the server was not there for it.
fn is_outage(error: &ConnectorError) -> bool {
    let gone = matches!(
        error.kind,
        FailureKind::Unreachable
            | FailureKind::TimedOut
            | FailureKind::RateLimited
            | FailureKind::Unauthenticated
            | FailureKind::Vendor
    );
    gone && !is_foreign(error)
}
