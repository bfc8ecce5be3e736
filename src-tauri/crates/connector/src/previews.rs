//! Pictures that a remote makes of its files.

use async_trait::async_trait;
use bytes::Bytes;
use waybill_model::RemotePath;

use crate::Result;

/// A picture of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The media type.
    pub kind: String,
    /// The picture, at most 16 MiB.
    pub bytes: Bytes,
}

/// Pictures that a remote makes of its files.
#[async_trait]
pub trait Previews: Send + Sync {
    /// A picture about `pixels` wide or high; `None` where the remote made none of this file.
    async fn preview(&self, path: &RemotePath, pixels: u32) -> Result<Option<Preview>>;
}
