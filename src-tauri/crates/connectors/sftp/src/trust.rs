//! Trusting a server: what it shows, and putting it on record once a person has compared the fingerprint.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Result, Trust};
use waybill_model::FailureKind;

use crate::{
    connector::SftpConnector,
    host_keys::{self, Verdict},
    transport,
};

#[async_trait]
impl Trust for SftpConnector {
    async fn offered(&self) -> Result<String> {
        let (_, key, _) = transport::look(&self.config, &self.asking).await?;
        Ok(host_keys::fingerprint(&key))
    }

    async fn accept(&self, fingerprint: &str, replace: bool) -> Result<()> {
        let (endpoint, key, verdict) = transport::look(&self.config, &self.asking).await?;
        let place = endpoint.place();
        let shown = host_keys::fingerprint(&key);
        let stop = |message: String| {
            Err(ConnectorError::new(FailureKind::HostKeyChanged, "trust", message)
                .with("host", place.clone())
                .with("known", fingerprint)
                .with("offered", shown.clone())
                .with("fingerprint", shown.clone()))
        };
        if shown.trim_end_matches('=') != fingerprint.trim_end_matches('=') {
            return stop(format!("{place} now shows {shown}, not {fingerprint}; nothing was put on record"));
        }
        match verdict {
            Verdict::Trusted => {}
            Verdict::Revoked { .. } => return stop(format!("the key of {place} is on record as revoked")),
            Verdict::Changed { known, .. } if endpoint.record.is_pinned() => {
                return stop(format!("the setting host_key pins {known} for {place}; change it there"));
            }
            Verdict::Changed { known, .. } if !replace => {
                return stop(format!("{place} is on record with {known}; nothing was put on record"));
            }
            Verdict::Changed { .. } | Verdict::Unknown { .. } => {
                endpoint.record.learn(&key, replace).map_err(|error| {
                    ConnectorError::new(
                        FailureKind::Invalid,
                        "trust",
                        format!("the key of {place} could not be put on record"),
                    )
                    .caused_by(error)
                })?;
            }
        }
        self.sessions.forget_refusals().await;
        Ok(())
    }
}
