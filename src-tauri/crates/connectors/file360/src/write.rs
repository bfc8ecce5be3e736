//! Files that go there: a new one, or a new version of the one that is there. A call is sent once; where its answer is lost,
//! the server is asked what it has.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use url::Url;
use waybill_connector::{ByteStream, ConnectorError, Result, Write, WriteOptions};
use waybill_model::{FailureKind, Md5, Proof, Receipt, RemotePath, Retry};
use waybill_net::Payload;

use crate::{
    answers::{is_lost, object_of},
    connector::File360Connector,
    dates::Dates,
    incoming::{Incoming, digest_of},
    places::{Part, Place},
    spelling::{Child, is_same, may_be_numbered},
    wire::{Stamped, WireFile, WireVersion},
};

/// Bytes that a server looks through in a second before it answers, the virus scanner included.
const LOOKED_THROUGH: u64 = 4 * 1024 * 1024;

#[async_trait]
impl Write for File360Connector {
    async fn write(&self, path: &RemotePath, body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        self.write_file(path, body, &options).await.map_err(|error| error.at(path))
    }
}

impl File360Connector {
    async fn write_file(&self, path: &RemotePath, body: ByteStream, options: &WriteOptions) -> Result<Receipt> {
        self.can_be_made("write", path)?;
        if !options.forms.is_empty() {
            return Err(ConnectorError::unsupported("write", "files there carry no forms"));
        }
        let body = Incoming::of(body, options).await?;
        let above = path.parent().unwrap_or_else(RemotePath::root);
        let place = self.ensure_place("write", &above).await?;
        if place.is_list() {
            return Err(only_shown("write"));
        }
        let name = path.name();
        // A name that may be a twin's spelling is looked up, and so is every name before many bytes go. A small file goes at once:
        // the server refuses it where one is there, and its bytes are at hand still.
        if body.small.is_none() || may_be_numbered(name) {
            return match self.file_in(place, name).await? {
                Some(_) if !options.replace => Err(already_there()),
                Some(file) => self.add_version(&file, body, options).await,
                None => self.add_file(place, name, body, options).await,
            };
        }
        let again = body.again();
        match self.add_file(place, name, body, options).await {
            Err(error) if error.kind == FailureKind::AlreadyExists && options.replace => {
                match (self.file_in(place, name).await?, again) {
                    (Some(file), Some(again)) => self.add_version(&file, again, options).await,
                    _ => Err(error),
                }
            }
            other => other,
        }
    }

    /// The file of that name in a place. `AlreadyExists` where a folder has it.
    async fn file_in(&self, place: Place, name: &str) -> Result<Option<WireFile>> {
        match self.child_in("write", place, name).await {
            // The folder is another than was believed: the next attempt looks from the top.
            Err(error) if self.was_believed(&error) => Err(error.retry(Retry::Backoff)),
            Err(error) => Err(error),
            Ok(Some((_, Child::Folder(_)))) => {
                let why = "a folder has this name there";
                Err(ConnectorError::new(FailureKind::AlreadyExists, "write", why))
            }
            Ok(Some((_, Child::File(file)))) => Ok(Some(file)),
            Ok(None) => Ok(None),
        }
    }

    async fn add_file(&self, place: Place, name: &str, body: Incoming, options: &WriteOptions) -> Result<Receipt> {
        let mut url = self.part_of("write", place, Part::Files, &[("file_name", name)]).await?;
        url.query_pairs_mut().append_pair("overwrite_existing", "false");
        let (size, sent) = (body.size, std::sync::Arc::clone(&body.sent));
        let file = match self.upload(url, body, options).await {
            Ok(file) => file,
            Err(error) if self.was_believed(&error) => return Err(error.retry(Retry::Backoff)),
            Err(error) if is_lost(&error) => match digest_of(&sent) {
                Some(digest) => self.look_for(place, name, (size, digest), options.replace, error).await?,
                // It never went whole, so it cannot be there.
                None => return Err(error),
            },
            Err(error) => return Err(error),
        };
        let digest = digest_of(&sent);
        if let Err(error) = proved(&file, size, digest) {
            // Nothing half-made stays: it is not even put into the trash.
            let number = file.version_number.map(|number| number.to_string());
            let mut query = vec![("purge", "true")];
            query.extend(number.as_deref().map(|number| ("version", number)));
            self.remove("write", self.url(&["files", &file.id], &query)).await?;
            return Err(error);
        }
        Ok(self.receipt(&file, name, digest))
    }

    /// What a lost answer would have told.
    async fn look_for(
        &self,
        place: Place,
        name: &str,
        (size, digest): (u64, Md5),
        replace: bool,
        error: ConnectorError,
    ) -> Result<WireFile> {
        let Ok(found) = self.child_in("write", place, name).await else { return Err(error) };
        let me = self.me().await?.id;
        match found {
            Some((_, Child::File(file))) => {
                let is_mine = file.creation.as_ref().and_then(Stamped::by).is_none_or(|by| by == me);
                let is_whole = file.length == size && file.md5().is_none_or(|md5| md5 == digest);
                match is_mine && is_whole {
                    true => Ok(file),
                    // What was to be replaced is there still.
                    false if replace => Err(error),
                    false => Err(half_made(error, name)),
                }
            }
            _ => Err(error),
        }
    }

    async fn add_version(&self, file: &WireFile, body: Incoming, options: &WriteOptions) -> Result<Receipt> {
        let number = file.version_number.map(|number| number.to_string());
        let guard = match &number {
            Some(number) => ("last_version", number.as_str()),
            None => ("force_overwrite", "true"),
        };
        let url = self.url(&["files", &file.id], &[guard]);
        let (size, sent) = (body.size, std::sync::Arc::clone(&body.sent));
        let written = match self.upload(url, body, options).await {
            Ok(written) => written,
            Err(error) if is_lost(&error) => match digest_of(&sent) {
                Some(digest) => self.look_again(file, size, digest, error).await?,
                None => return Err(error),
            },
            Err(error) if error.kind == FailureKind::Locked => {
                return Err(self.with_locker("write", file, error).await);
            }
            Err(error) => return Err(error),
        };
        let digest = digest_of(&sent);
        if let Err(error) = proved(&written, size, digest) {
            let versions: Vec<WireVersion> = self.versions_of("write", &written.id).await?;
            if let Some(version) = versions.iter().find(|version| version.version_number == written.version_number) {
                self.remove("write", self.url(&["file_versions", &version.id], &[])).await?;
            }
            return Err(error);
        }
        Ok(self.receipt(&written, &file.name, digest))
    }

    async fn look_again(&self, before: &WireFile, size: u64, digest: Md5, error: ConnectorError) -> Result<WireFile> {
        let found = self.read_json("write", self.url(&["files", &before.id, "metadata"], &[])).await;
        let Ok(file): Result<WireFile> = found else { return Err(error) };
        let is_newer = file.version_number > before.version_number;
        let is_whole = file.length == size && file.md5().is_none_or(|md5| md5 == digest);
        match (is_newer, is_whole) {
            (true, true) => Ok(file),
            (true, false) => Err(half_made(error, &before.name)),
            (false, _) => Err(error),
        }
    }

    /// Sends a body, once.
    async fn upload(&self, mut url: Url, body: Incoming, options: &WriteOptions) -> Result<WireFile> {
        if let Some(modified) = options.modified {
            url.query_pairs_mut().append_pair("mod_date", &Dates::write(modified));
        }
        if let Some(md5) = body.md5 {
            url.query_pairs_mut().append_pair("md5", &md5.to_string());
        }
        let patience = self.patience.answer + Duration::from_secs(body.size / LOOKED_THROUGH);
        let kind = "application/octet-stream".to_owned();
        let payload = Payload::Stream { kind, body: body.body, length: body.size };
        let call = self.call("write", Method::POST, url).answer_within(patience).payload(payload);
        object_of("write", call).await
    }

    /// What is told of a file that was stored.
    pub(crate) fn receipt(&self, file: &WireFile, name: &str, digest: Option<Md5>) -> Receipt {
        let is_proved = self.refuses_wrong_md5 && digest.is_some() && file.md5() == digest;
        let date = file.modification.as_ref().and_then(|stamp| stamp.date.as_deref());
        Receipt {
            size: file.length,
            version: file.mark(),
            etag: None,
            modified: date.and_then(|date| self.config.dates.read(date)),
            proof: is_proved.then_some(Proof::Md5),
            remarks: if is_same(&file.name, name) {
                Vec::new()
            } else {
                vec![format!("the server stored it under the name {}", file.name)]
            },
        }
    }

    /// Refuses a path that the server would store under another name, or not at all.
    pub(crate) fn can_be_made(&self, operation: &'static str, path: &RemotePath) -> Result<()> {
        use waybill_connector::Connector as _;
        let invalid = |why: String| Err(ConnectorError::new(FailureKind::Invalid, operation, why).at(path));
        if path.is_root() {
            return invalid("a name is missing".to_owned());
        }
        if let Some(problem) = self.descriptor().names.path_problem(path.relative()) {
            return invalid(format!("the name cannot be stored there: {problem}"));
        }
        Ok(())
    }
}

/// Fails where what is stored is not what was sent.
fn proved(file: &WireFile, size: u64, digest: Option<Md5>) -> Result<()> {
    if file.length != size {
        let why = format!("the server stored {} of {size} bytes; it was removed again", file.length);
        return Err(ConnectorError::new(FailureKind::Truncated, "write", why));
    }
    match (file.md5(), digest) {
        (Some(theirs), Some(ours)) if theirs != ours => {
            let why = "the server stored other bytes than were sent; they were removed again";
            Err(ConnectorError::new(FailureKind::ChecksumMismatch, "write", why))
        }
        _ => Ok(()),
    }
}

fn already_there() -> ConnectorError {
    ConnectorError::new(FailureKind::AlreadyExists, "write", "something of that name is there already")
}

fn half_made(error: ConnectorError, name: &str) -> ConnectorError {
    let message = format!("{}; something called {name} is there that is not what was sent: look at it", error.message);
    ConnectorError { message, ..error }
}

pub(crate) fn only_shown(operation: &'static str) -> ConnectorError {
    let why =
        "this list shows what lies elsewhere; nothing is put, renamed or removed right in it, only in its folders";
    ConnectorError::new(FailureKind::Invalid, operation, why)
}
