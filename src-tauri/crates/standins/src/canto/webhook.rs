//! Webhooks: what an administrator configures in the web interface, and the messages that go out.
//!
//! A message has no event, no time and no signature; whoever gets it knows the event by the token alone. An answer is
//! not looked at, and nothing is sent twice.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::asset_json::encoded;

/// What can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Event {
    #[serde(rename = "Upload New Asset")]
    UploadAsset,
    #[serde(rename = "Add New Version")]
    AddVersion,
    #[serde(rename = "Update Metadata")]
    UpdateMetadata,
    #[serde(rename = "Delete Asset")]
    DeleteAsset,
    #[serde(rename = "Assign to Album")]
    AssignToAlbum,
    #[serde(rename = "Add Album")]
    AddAlbum,
    #[serde(rename = "Add Folder")]
    AddFolder,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub(super) struct Happened {
    pub(super) event: Event,
    pub(super) scheme: String,
    pub(super) id: String,
    /// The album's id, or nothing.
    pub(super) album: String,
    pub(super) name: String,
}

/// Where it is told.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Webhook {
    pub(super) event: Event,
    /// On loopback, over plain HTTP.
    pub(super) url: String,
    #[serde(default)]
    pub(super) content_type: ContentType,
    pub(super) secure_token: String,
}

/// How it is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ContentType {
    #[default]
    Json,
    Form,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Webhook").field("event", &self.event).field("url", &self.url).finish_non_exhaustive()
    }
}

impl Webhook {
    /// Host, port and path, where the address is on loopback.
    pub(super) fn target(&self) -> Option<(String, String)> {
        let rest = self.url.strip_prefix("http://")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let name = host.split(':').next().unwrap_or_default();
        matches!(name, "127.0.0.1" | "localhost").then(|| (host.to_owned(), format!("/{path}")))
    }

    fn message(&self, happened: &Happened) -> (&'static str, String) {
        let entries = [
            ("secure_token", &self.secure_token),
            ("scheme", &happened.scheme),
            ("id", &happened.id),
            ("album", &happened.album),
            ("displayname", &happened.name),
        ];
        match self.content_type {
            ContentType::Json => {
                let body: serde_json::Map<_, _> =
                    entries.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
                ("application/json", serde_json::Value::Object(body).to_string())
            }
            ContentType::Form => {
                let pairs: Vec<String> =
                    entries.into_iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
                ("application/x-www-form-urlencoded", pairs.join("&"))
            }
        }
    }
}

/// Tells each webhook what it waits for, without waiting for it.
pub(super) fn send(webhooks: &[Webhook], happened: &[Happened]) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    for happened in happened {
        for webhook in webhooks.iter().filter(|webhook| webhook.event == happened.event) {
            let Some((host, path)) = webhook.target() else { continue };
            let (kind, body) = webhook.message(happened);
            runtime.spawn(async move {
                if let Err(error) = post(&host, &path, kind, &body).await {
                    tracing::debug!(%error, host, "a webhook was not reached");
                }
            });
        }
    }
}

async fn post(host: &str, path: &str, kind: &str, body: &str) -> std::io::Result<()> {
    let address = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let mut stream = TcpStream::connect(address).await?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    // The answer is read, so that the other side is not cut off, and thrown away.
    stream.take(64 * 1024).read_to_end(&mut Vec::new()).await?;
    Ok(())
}
