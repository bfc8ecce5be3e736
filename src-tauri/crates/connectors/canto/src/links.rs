//! Links that open a page of Canto without an account, from which the original can be fetched.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{ConnectorError, Links, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{connector::CantoConnector, moments::digits};

/// A year. Canto names no limit; a link that nobody remembers is none to make.
const LONGEST: u64 = 366 * 24 * 3600;

/// The first address in an answer, whatever its key is called.
// Inferred: the form of the answer.
fn link_in(answer: &Value) -> Option<String> {
    match answer {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| text.starts_with("http")),
        Value::Array(values) => values.iter().find_map(link_in),
        Value::Object(values) => {
            let first = ["link", "url", "shareUrl", "links"].iter().find_map(|key| link_in(values.get(*key)?));
            first.or_else(|| values.values().find_map(link_in))
        }
        _ => None,
    }
}

#[async_trait]
impl Links for CantoConnector {
    async fn link(&self, path: &RemotePath, seconds: u64) -> Result<String> {
        if seconds == 0 || seconds > LONGEST {
            let why = format!("a link lives from 1 to {LONGEST} seconds");
            return Err(ConnectorError::new(FailureKind::Invalid, "link", why)
                .with("limit", LONGEST.to_string())
                .at(path));
        }
        let found = self.file("link", path).await?;
        let millis = i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX);
        let body = json!({
            // Inferred: an end is written like every other date.
            "shareDetail": {
                "expires": digits(self.clock.now().plus(millis)),
                "hideShareBy": false,
                "allowDownloadOriginal": true,
                "allowCropAndResize": false,
                "displayMetadata": false,
                "allowPresets": false,
            },
            "contents": [{ "id": found.item.id, "scheme": found.item.scheme }],
        });
        let said = self.act("link", Method::PUT, &self.api(&["share", "batch"]), Some(&body)).await;
        let said = said.map_err(|error| error.at(path))?;
        let answer = serde_json::from_str(&said).unwrap_or(Value::String(said));
        link_in(&answer).ok_or_else(|| {
            let why = "Canto made a link and did not say where it leads";
            ConnectorError::new(FailureKind::Vendor, "link", why).at(path)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_every_form() {
        for answer in [
            json!("https://x/1"),
            json!({ "status": "success", "link": "https://x/1" }),
            json!({ "links": ["https://x/1"] }),
            json!([{ "id": "a", "shareUrl": "https://x/1" }]),
        ] {
            assert_eq!(link_in(&answer).as_deref(), Some("https://x/1"), "{answer}");
        }
        assert_eq!(link_in(&json!({ "status": "success" })), None);
    }
}
