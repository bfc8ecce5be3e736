//! The content service: files in, files out, under the paths of its old and its present version.

mod blob;
mod download;
mod upload;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::errors::{Answer, Refused};
use super::moment;
use super::shared::Shared;
use crate::clock::Millis;

use blob::Blob;

/// A file.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) created: Millis,
    blob: Arc<Blob>,
}

impl Stored {
    /// As the present version of the service tells it.
    pub(super) fn show(&self, base: &str) -> Value {
        json!({
            "id": self.id,
            "originalFileName": self.name,
            "mimeType": self.kind,
            "size": self.blob.length(),
            "createTime": moment::zulu(self.created),
            "_links": { "download": { "href": format!("{base}/css/v3/files/{}/stream", self.id) } },
        })
    }

    /// As the old version tells it.
    fn entry(&self, base: &str) -> Value {
        json!({
            "blobId": self.id,
            "id": self.id,
            "fileName": self.name,
            "originalFileName": self.name,
            "mimeType": self.kind,
            "size": self.blob.length(),
            "_links": { "download": { "href": format!("{base}/css/v2/content/{}/download", self.id) } },
        })
    }

    /// Its bytes.
    pub(super) fn length(&self) -> u64 {
        self.blob.length()
    }
}

/// The files of a tenant.
#[derive(Debug, Default)]
pub(super) struct Store {
    files: Mutex<BTreeMap<String, Stored>>,
}

impl Store {
    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Stored>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A file by its id.
    pub(super) fn find(&self, id: &str) -> Answer<Stored> {
        self.files().get(id).cloned().ok_or_else(|| Refused::missing("a file", id))
    }

    fn keep(&self, stored: Stored) {
        self.files().insert(stored.id.clone(), stored);
    }

    /// Removes a file; says whether it was there.
    pub(super) fn remove(&self, id: &str) -> bool {
        self.files().remove(id).is_some()
    }

    /// Puts a file of the demo in.
    pub(super) fn seed(&self, name: &str, kind: &str, bytes: &[u8], created: Millis) -> String {
        let id = super::engine::new_id();
        let blob = Arc::new(Blob::of(bytes.to_vec()));
        self.keep(Stored { id: id.clone(), name: name.to_owned(), kind: kind.to_owned(), created, blob });
        id
    }
}

/// The routes; the present version is also to be found without its prefix, as on its own host.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let present = || {
        Router::new()
            .route("/files/fromStream", post(upload::present))
            .route("/files/{id}", get(download::about).delete(download::remove))
            .route("/files/{id}/stream", get(download::stream))
    };
    Router::new()
        .nest("/css/v3", present())
        .nest("/v3", present())
        .route("/css/v2/tenant/{tenant}/content", post(upload::old))
        .route("/css/v2/content/{id}/download", get(download::stream))
        .layer(DefaultBodyLimit::disable())
}
