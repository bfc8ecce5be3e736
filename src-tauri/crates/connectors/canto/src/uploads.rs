//! Putting bytes up: the form that Canto hands out, the storage that takes it, and waiting until an asset came of it.
//!
//! The storage answers without an id, and Canto works on the file afterwards. What became of it is read: a new file by a name
//! that nothing else has, a new version by the history of its asset. A form whose answer was lost is looked for, and never
//! sent again.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Map, Value};
use tokio::time::Instant;
use url::Url;
use waybill_connector::{ByteStream, ConnectorError, Result};
use waybill_model::{FailureKind, Retry};
use waybill_net::Multipart;

use crate::{
    connector::CantoConnector,
    errors::storage_refused,
    source::{Digests, Watched},
    wire::{Asset, UploadRow, Uploads},
};

/// The longest wait between two looks.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The longest wait that Canto may ask for between two looks.
const LONGEST_ASKED: Duration = Duration::from_mins(5);
/// How long an upload whose answer was lost is looked for.
const LOOKED_FOR: Duration = Duration::from_secs(8);
/// The code of an upload that was taken and never became an asset.
pub(crate) const NEVER_PROCESSED: &str = "never-processed";

/// What an upload is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose<'a> {
    /// A new asset in an album.
    New {
        /// The album's id.
        album: &'a str,
    },
    /// A new version of an asset.
    Version {
        /// The asset as it is before.
        of: &'a Asset,
    },
}

/// How the form went out.
enum Sent {
    /// The storage took it.
    Taken,
    /// Nobody knows: the bytes went out whole, and no answer came.
    Unknown(ConnectorError),
}

/// Whether a look has to end the wait.
fn is_lasting(error: &ConnectorError) -> bool {
    error.retry == Retry::Never
}

/// When to look again: soon at first, later and later.
struct Looks {
    since: Instant,
    wait: Duration,
}

impl Looks {
    fn new() -> Self {
        Self { since: Instant::now(), wait: Duration::from_secs(1) }
    }

    async fn next(&mut self, asked: Option<Retry>) {
        let wait = match asked {
            Some(Retry::After(millis)) => Duration::from_millis(millis).clamp(self.wait, LONGEST_ASKED),
            _ => self.wait,
        };
        tokio::time::sleep(wait).await;
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
    }
}

impl CantoConnector {
    /// A form for one upload.
    pub(crate) async fn upload_form(&self, operation: &'static str) -> Result<(Url, Vec<(String, String)>)> {
        let form: Map<String, Value> = self.read(operation, &self.api(&["upload", "setting"])).await?;
        let url = form.get("url").and_then(Value::as_str).and_then(|url| url.parse().ok());
        let is_signed = form.keys().any(|key| key.eq_ignore_ascii_case("policy"));
        let Some(url) = url.filter(|url: &Url| is_signed && matches!(url.scheme(), "https" | "http")) else {
            let why = "Canto's upload form is not what its documents describe";
            return Err(ConnectorError::new(FailureKind::Vendor, operation, why));
        };
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let fields = form.into_iter().filter(|(key, value)| key != "url" && !value.is_null());
        Ok((url, fields.map(|(key, value)| (key, text(value))).collect()))
    }

    /// Sends the form once.
    async fn post_form(
        &self,
        name: &str,
        purpose: Purpose<'_>,
        body: ByteStream,
        size: u64,
    ) -> Result<(Sent, Digests)> {
        let (url, fields) = self.upload_form("write").await?;
        let mut parts = Multipart::new();
        for (key, value) in fields {
            let value = match (key.to_ascii_lowercase().as_str(), purpose) {
                ("x-amz-meta-file_name", _) => name.to_owned(),
                ("x-amz-meta-album_id", Purpose::New { album }) => album.to_owned(),
                ("x-amz-meta-id", Purpose::Version { of }) => of.id.clone(),
                ("x-amz-meta-scheme", Purpose::Version { of }) => of.scheme.clone(),
                _ => value,
            };
            parts = parts.text(&key, value);
        }
        let watched = Watched::default();
        let file = watched.watch(body, size);
        let parts = parts.file("file", name, "application/octet-stream", file, size);
        let answer = self.door(&url).post("write", url.clone()).multipart(parts).send().await;
        let digests = watched.digests();
        let answer = match (answer, digests) {
            (Ok(answer), _) => answer,
            (Err(error), Some(digests)) if matches!(error.kind, FailureKind::Unreachable | FailureKind::TimedOut) => {
                return Ok((Sent::Unknown(error), digests));
            }
            // The form was never whole, so nothing came of it.
            (Err(error), _) => return Err(error),
        };
        let Some(digests) = digests else {
            let refusal = answer.refusal().await;
            return Err(storage_refused("write", &refusal));
        };
        match answer.status() {
            StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT => Ok((Sent::Taken, digests)),
            // An error of the storage's own may have come after it took the file.
            status if status.is_server_error() => {
                let error = storage_refused("write", &answer.refusal().await);
                Ok((Sent::Unknown(error), digests))
            }
            _ => Err(storage_refused("write", &answer.refusal().await)),
        }
    }

    async fn uploads_named(&self, name: &str) -> Result<Vec<UploadRow>> {
        let rows: Uploads = self.read("write", &self.asked(&["upload", "status"], &[("hours", "1")])).await?;
        Ok(rows.results.into_iter().filter(|row| row.name == name).collect())
    }

    /// Puts up a new file under a name that nothing else has, and waits for its asset.
    pub(crate) async fn put_up(
        &self,
        first_name: &str,
        album: &str,
        body: ByteStream,
        size: u64,
    ) -> Result<(Asset, Digests)> {
        let (sent, digests) = self.post_form(first_name, Purpose::New { album }, body, size).await?;
        let mut unknown = match sent {
            Sent::Taken => None,
            Sent::Unknown(error) => Some(error),
        };
        let mut looks = Looks::new();
        loop {
            let looked = self.uploads_named(first_name).await;
            let asked = looked.as_ref().err().map(|error| error.retry);
            match looked {
                Ok(rows) => {
                    if !rows.is_empty() {
                        unknown = None;
                    }
                    if rows.iter().any(|row| row.status.eq_ignore_ascii_case("error")) {
                        return Err(not_processed(first_name));
                    }
                    let done = rows.into_iter().find(|row| row.status.eq_ignore_ascii_case("done"));
                    if let Some((scheme, id)) = done.and_then(|row| row.scheme.zip(row.id))
                        && let Some(asset) = self.detail("write", &scheme, &id).await.or_else(|error| {
                            if is_lasting(&error) { Err(taken(error, first_name)) } else { Ok(None) }
                        })?
                    {
                        return Ok((asset, digests));
                    }
                }
                Err(error) if is_lasting(&error) => return Err(taken(error, first_name)),
                Err(_) => {}
            }
            if let Some(error) = unknown.take_if(|_| looks.since.elapsed() >= LOOKED_FOR) {
                return Err(lost(error, first_name));
            }
            if looks.since.elapsed() >= self.config.processing {
                return Err(never_processed(first_name));
            }
            looks.next(asked).await;
        }
    }

    /// Puts up a new version and waits until it is the current one.
    pub(crate) async fn put_up_version(&self, of: &Asset, body: ByteStream, size: u64) -> Result<(Asset, Digests)> {
        let failed = async || -> Result<usize> {
            let rows = self.uploads_named(&of.name).await?;
            Ok(rows.iter().filter(|row| row.status.eq_ignore_ascii_case("error")).count())
        };
        let failed_before = failed().await?;
        let (sent, digests) = self.post_form(&of.name, Purpose::Version { of }, body, size).await?;
        let unknown = match sent {
            Sent::Taken => None,
            Sent::Unknown(error) => Some(error),
        };
        let mut looks = Looks::new();
        loop {
            let looked = self.detail("write", &of.scheme, &of.id).await;
            let asked = looked.as_ref().err().map(|error| error.retry);
            match looked {
                Ok(Some(now)) if now.mark() != of.mark() || now.uploaded() != of.uploaded() => {
                    return Ok((now, digests));
                }
                Ok(Some(_)) => {
                    if failed().await.is_ok_and(|failed| failed > failed_before) {
                        return Err(not_processed(&of.name));
                    }
                }
                Ok(None) => {
                    let why = format!("{} was removed while its new version was put up", of.name);
                    return Err(ConnectorError::new(FailureKind::NotFound, "write", why));
                }
                Err(error) if is_lasting(&error) => return Err(taken(error, &of.name)),
                Err(_) => {}
            }
            match unknown {
                Some(error) if looks.since.elapsed() >= LOOKED_FOR => return Err(lost(error, &of.name)),
                None if looks.since.elapsed() >= self.config.processing => return Err(never_processed(&of.name)),
                _ => {}
            }
            looks.next(asked).await;
        }
    }
}

/// Canto could make nothing of the file.
fn not_processed(name: &str) -> ConnectorError {
    let why = format!("Canto took the upload {name} and could make no asset of it; its status there is Error");
    ConnectorError::new(FailureKind::Vendor, "write", why).code("processing-failed").with("upload", name)
}

/// The upload was taken, and nothing came of it in time.
fn never_processed(name: &str) -> ConnectorError {
    let why = format!(
        "Canto took the upload {name} and has not made an asset of it; look for it under that name in Canto before it is sent again"
    );
    ConnectorError::new(FailureKind::Vendor, "write", why).code(NEVER_PROCESSED).with("upload", name)
}

/// The upload was taken, and what became of it cannot be read.
fn taken(error: ConnectorError, name: &str) -> ConnectorError {
    let why = format!("the upload {name} was taken, and what became of it cannot be read: {}", error.message);
    ConnectorError { message: why, operation: "write", ..error }.with("upload", name)
}

/// No answer came, and Canto knows nothing of the upload.
fn lost(error: ConnectorError, name: &str) -> ConnectorError {
    let why = format!("{}; Canto knows nothing of the upload {name}", error.message);
    ConnectorError { message: why, operation: "write", ..error }.retry(Retry::Backoff).with("upload", name)
}
