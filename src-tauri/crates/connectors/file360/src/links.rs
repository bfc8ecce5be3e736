//! Links that work without an account. A file has one such link: asking again lengthens it, and the address stays.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Links, NewShare, Recipient, Result, ShareRole};
use waybill_model::{FailureKind, RemotePath};

use crate::{connector::File360Connector, spelling::Child};

/// The server knows no limit; a link that is forgotten ends all the same.
const LONGEST: u64 = 365 * 24 * 3600;

#[async_trait]
impl Links for File360Connector {
    async fn link(&self, path: &RemotePath, seconds: u64) -> Result<String> {
        if seconds == 0 || seconds > LONGEST {
            let why = format!("a link lives up to {LONGEST} seconds, which is a year");
            let error = ConnectorError::new(FailureKind::Invalid, "link", why).at(path);
            return Err(error.with("limit", LONGEST.to_string()));
        }
        let (entity, child) = self.entity_at("link", path).await?;
        if matches!(child, Child::Folder(_)) {
            let why = "a public link leads to one file, not to a folder";
            return Err(ConnectorError::unsupported("link", why).at(path));
        }
        let until = self.now().plus(i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX));
        let there = self.shares_on("link", entity).await?;
        let known = there.iter().find(|share| share.recipient.kind.as_deref() == Some("public_link"));
        // One that others got already is never cut short.
        let lives = known.filter(|share| {
            let end = share.expiration.as_deref().and_then(|date| self.config.dates.read(date));
            end.is_none_or(|end| end >= until)
        });
        if let Some(link) = lives.and_then(link_of) {
            return Ok(link);
        }
        let share = NewShare {
            recipient: Recipient::Link,
            role: ShareRole::Viewer,
            expires: Some(until),
            may_reshare: false,
            message: None,
        };
        let (made, _) = self.make_share("link", entity, &share).await.map_err(|error| error.at(path))?;
        link_of(&made).ok_or_else(|| {
            let why = "the file server made the link and did not tell its address; look at the file's shares there";
            ConnectorError::new(FailureKind::Vendor, "link", why).at(path)
        })
    }
}

/// The address that gives the bytes.
pub(crate) fn link_of(share: &crate::wire::WireShare) -> Option<String> {
    let links = share.permalinks.as_ref()?;
    let found = links.iter().find(|link| link.rel.as_deref() == Some("download")).or(links.first());
    found.map(|link| link.href.clone())
}
