//! Reading bytes: always those of one version, so that a file which is replaced meanwhile is never mixed.

use async_trait::async_trait;
use waybill_connector::{ByteStream, ConnectorError, Read, ReadOptions, Result};
use waybill_model::{FailureKind, RemotePath, Stamp};

use crate::{
    connector::XecmConnector,
    content::within,
    wire::{Node, Version, marked},
};

#[async_trait]
impl Read for XecmConnector {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        let node = self.must("read", path).await?;
        if !node.is_file() {
            let why = format!("it is no document but a {} and has no bytes", node.kind_name.to_lowercase());
            return Err(ConnectorError::new(FailureKind::Invalid, "read", why).at(path));
        }
        let (number, size) = match options.stamp {
            Some(stamp) => self.meant(&node, &stamp).await.map_err(|error| error.at(path))?,
            None => newest(&node).map_err(|error| error.at(path))?,
        };
        let range = options.range.unwrap_or(0..size);
        if range.end > size || range.start > range.end {
            let why = format!("it has {size} bytes, and bytes {} to {} were asked for", range.start, range.end);
            return Err(ConnectorError::new(FailureKind::Truncated, "read", why).at(path));
        }
        let stream = self.bytes_of(&node, number).await.map_err(|error| error.at(path))?;
        Ok(within(stream, range.start, range.end - range.start))
    }
}

/// The newest version and its size.
fn newest(node: &Node) -> Result<(u64, u64)> {
    let version = node.version.as_ref().map(|version| (version.number, version.size));
    version.ok_or_else(|| {
        let why = "the server does not say which version is the newest one";
        ConnectorError::new(FailureKind::Vendor, "read", why)
    })
}

impl XecmConnector {
    /// All bytes of a version.
    pub(crate) async fn bytes_of(&self, node: &Node, number: u64) -> Result<ByteStream> {
        // `Range` is not sent: servers ignore it, and what some proxies make of it is no better.
        Ok(self.fetch("read", &self.addresses.content(node.id, number)).await?.stream())
    }

    /// The version that a stamp means and its size. `Changed` where it is not the same document any more.
    async fn meant(&self, node: &Node, stamp: &Stamp) -> Result<(u64, u64)> {
        let changed = |why: &str| ConnectorError::new(FailureKind::Changed, "read", why);
        let Some(mark) = &stamp.version else {
            let same = node.bytes() == stamp.size && node.modified == stamp.modified;
            return if same { newest(node) } else { Err(changed("it was changed meanwhile")) };
        };
        let (id, number) = marked(mark).ok_or_else(|| changed("this is no version of it"))?;
        if id != node.id {
            return Err(changed("another document has its name by now"));
        }
        match node.version.as_ref().filter(|version| version.number == number) {
            Some(version) => Ok((number, version.size)),
            None => match self.version_of(node.id, number).await? {
                Some(version) => Ok((number, version.size)),
                None => Err(changed("this version of it is gone")),
            },
        }
    }

    /// One version, by its number.
    pub(crate) async fn version_of(&self, node: i64, number: u64) -> Result<Option<Version>> {
        let answer = self.look("version", &self.addresses.version(node, number), &[]).await?;
        Ok(answer.as_ref().and_then(|answer| Version::read(&answer["results"]["data"]["versions"])))
    }
}
