//! Pictures of the remote in memory: those that its files are.

use async_trait::async_trait;
use waybill_model::{FailureKind, RemotePath};

use super::memory::{Bug, Memory, fail};
use crate::{Preview, Previews, Result};

#[async_trait]
impl Previews for Memory {
    async fn preview(&self, path: &RemotePath, _pixels: u32) -> Result<Option<Preview>> {
        self.request("preview", path).await?;
        let state = self.state();
        match state.latest(path.as_str()) {
            Some(stored) if stored.bytes.starts_with(b"\x89PNG") => {
                Ok(Some(Preview { kind: "image/png".to_owned(), bytes: stored.bytes.clone() }))
            }
            None if self.bug != Bug::ShowsNothing => fail(FailureKind::NotFound, "preview", path),
            _ => Ok(None),
        }
    }
}
