//! Writing a file. A new one comes up under a name of its own, is proved, and is renamed; one that is there gets a version.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{ByteStream, ConnectorError, Result, Write, WriteOptions};
use waybill_model::{FailureKind, Receipt, RemotePath};

use crate::{
    connector::{CantoConnector, LARGEST},
    files::{Located, Target},
    places::Part,
    source::Digests,
    spelling::{is_staged, staged},
    wire::Asset,
};

fn receipt(asset: &Asset, size: u64) -> Receipt {
    Receipt {
        size: asset.size().unwrap_or(size),
        version: asset.mark(),
        etag: asset.md5().map(|md5| md5.to_string()),
        modified: asset.modified(),
        ..Receipt::default()
    }
}

/// Fails where Canto keeps other bytes than those that went out.
fn proved(asset: &Asset, digests: &Digests, size: u64) -> Result<()> {
    let is_same = asset.md5().is_none_or(|md5| md5 == digests.md5) && asset.size().is_none_or(|there| there == size);
    if is_same {
        return Ok(());
    }
    let why = format!(
        "Canto keeps {} bytes with the MD5 {}, and {size} bytes with the MD5 {} were sent",
        asset.size().map_or_else(|| "other".to_owned(), |size| size.to_string()),
        asset.md5().map_or_else(|| "unknown".to_owned(), |md5| md5.to_string()),
        digests.md5,
    );
    Err(ConnectorError::new(FailureKind::ChecksumMismatch, "write", why))
}

fn is_there(path: &RemotePath) -> ConnectorError {
    ConnectorError::new(FailureKind::AlreadyExists, "write", format!("{path} is there already")).at(path)
}

impl CantoConnector {
    /// Gives an asset a name, and reads whether it has it.
    pub(crate) async fn name_it(&self, operation: &'static str, scheme: &str, id: &str, name: &str) -> Result<Asset> {
        let url = self.api(&[scheme, id, "rename"]);
        let renamed = self.act(operation, Method::PUT, &url, Some(&json!({ "name": name }))).await;
        let Some(asset) = self.detail(operation, scheme, id).await? else {
            let why = "the asset was removed while it got its name";
            return Err(ConnectorError::new(FailureKind::NotFound, operation, why));
        };
        match renamed {
            // What counts is the name that it has, whatever was answered.
            _ if asset.name == name => Ok(asset),
            Err(error) => Err(error),
            Ok(_) => {
                let why = format!("Canto made {} of the name {name}", asset.name);
                Err(ConnectorError::new(FailureKind::Invalid, operation, why).code("name-changed"))
            }
        }
    }

    /// Throws assets away. What is gone already counts as thrown away.
    pub(crate) async fn throw_away(&self, operation: &'static str, scheme: &str, id: &str) -> Result<()> {
        let body = json!([{ "scheme": scheme, "id": id }]);
        self.removed(operation, "content", &body).await
    }

    /// Removes by a batch, whose answer is success even where something stayed.
    pub(crate) async fn removed(&self, operation: &'static str, what: &str, body: &Value) -> Result<()> {
        let said = self.act(operation, Method::DELETE, &self.api(&["batch", what]), Some(body)).await?;
        let said: crate::wire::Deleted = serde_json::from_str(&said).unwrap_or_default();
        if !said.permission_fail.is_empty() {
            let why = "this account may not delete it; an administrator of the tenant can, or can allow it";
            return Err(ConnectorError::new(FailureKind::Denied, operation, why));
        }
        for failed in &said.delete_fail {
            let text = |key: &str| failed[key].as_str().unwrap_or_default().to_owned();
            if what == "content" && self.detail(operation, &text("scheme"), &text("id")).await?.is_some() {
                let why = "Canto did not delete it, and does not say why";
                return Err(ConnectorError::new(FailureKind::Vendor, operation, why));
            }
        }
        Ok(())
    }

    /// Takes back a file that did not get as far as its name. Where even that fails, the error says what stayed.
    async fn take_back(&self, album: &str, asset: &Asset, first_name: &str, error: ConnectorError) -> ConnectorError {
        if self.throw_away("write", &asset.scheme, &asset.id).await.is_ok() {
            self.taken_away(album, &asset.id).await;
            return error;
        }
        let message = format!("{}; it stayed in the album, first named {first_name}", error.message);
        ConnectorError { message, ..error }.with("left", first_name)
    }

    /// A new file.
    async fn write_new(
        &self,
        path: &RemotePath,
        album: &str,
        body: ByteStream,
        options: &WriteOptions,
    ) -> Result<Receipt> {
        let properties = self.properties("write", &options.forms, None).await?;
        let first_name = staged(path.name());
        let _working = self.under_way.with(&first_name);
        let (asset, digests) = self.put_up(&first_name, album, body, options.size).await?;
        let finish = async {
            digests.check(options)?;
            proved(&asset, &digests, options.size)?;
            if !properties.is_empty() {
                self.edit("write", &asset.scheme, &asset.id, &properties).await?;
            }
            let named = self.name_it("write", &asset.scheme, &asset.id, path.name()).await?;
            // Somebody else may have been faster: the older one stays.
            let twins = self.album("write", album).await?.named(path.name());
            match twins.first() {
                Some(first) if first.id != asset.id => Err(is_there(path)),
                _ => Ok(receipt(&named, options.size)),
            }
        };
        match finish.await {
            Ok(receipt) => Ok(receipt),
            Err(error) => Err(self.take_back(album, &asset, &first_name, error).await),
        }
    }

    /// A new version of a file that is there.
    async fn write_version(&self, found: &Located, body: ByteStream, options: &WriteOptions) -> Result<Receipt> {
        let item = &found.item;
        let before = self.detail("write", &item.scheme, &item.id).await?.ok_or_else(|| {
            self.albums.forget(&found.album.id);
            let why = format!("{} was removed a moment ago", item.name);
            ConnectorError::new(FailureKind::Changed, "write", why).retry(waybill_model::Retry::Backoff)
        })?;
        let properties = self.properties("write", &options.forms, Some(&before)).await?;
        let (mut now, digests) = self.put_up_version(&before, body, options.size).await?;
        // The earlier version is still there, and can be made the latest again.
        digests.check(options)?;
        proved(&now, &digests, options.size)?;
        if now.name != before.name {
            now = self.name_it("write", &now.scheme, &now.id, &before.name).await?;
        }
        if !properties.is_empty() {
            self.edit("write", &now.scheme, &now.id, &properties).await?;
        }
        Ok(receipt(&now, options.size))
    }

    /// A new version out of bytes that are at hand.
    pub(crate) async fn add_version(&self, found: &Located, body: ByteStream, size: u64) -> Result<Receipt> {
        self.write_version(found, body, &WriteOptions { size, replace: true, ..WriteOptions::default() }).await
    }
}

#[async_trait]
impl Write for CantoConnector {
    async fn write(&self, path: &RemotePath, body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        self.checked("write", path)?;
        if is_staged(path.name()) {
            let why = "a name that begins like that is kept for what is not whole yet";
            return Err(ConnectorError::new(FailureKind::Invalid, "write", why).at(path));
        }
        if options.size > LARGEST {
            let why = format!("Canto's storage takes files up to {LARGEST} bytes, and this one has {}", options.size);
            return Err(ConnectorError::new(FailureKind::TooLarge, "write", why).at(path));
        }
        let folder = path.parent().unwrap_or_else(RemotePath::root);
        let _turn = self.turns.of(path.as_str()).await;
        let written = match self.target("write", path).await? {
            Target::Folder(_) => {
                let why = format!("{path} is a folder");
                return Err(ConnectorError::new(FailureKind::AlreadyExists, "write", why).at(path));
            }
            Target::File(_) if !options.replace => return Err(is_there(path)),
            Target::File(found) => self.write_version(&found, body, &options).await,
            Target::Nothing => {
                let place = self.ensure("write", &folder, Part::Album).await?;
                let Some(album) = place.album else {
                    let why = format!("no album is at {folder}, so no file can be put there");
                    return Err(ConnectorError::new(FailureKind::Invalid, "write", why).at(path));
                };
                self.write_new(path, &album.id, body, &options).await
            }
        };
        written.map_err(|error| error.at(path))
    }
}
