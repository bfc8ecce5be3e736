//! Messages of webhooks, where an operator opened a listener. No flow needs them: asking finds the same.
//!
//! A message has no event, no time and no signature. The secure token of the webhook says which event it is, so each event
//! has a webhook of its own.

use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};
use url::form_urlencoded;
use waybill_connector::{ConnectorError, Delivery, EventKind, Inbound, RemoteEvent, Result};
use waybill_model::{FailureKind, Sha256};

use crate::connector::CantoConnector;

/// A webhook that a tenant can have.
pub(crate) struct Hook {
    pub(crate) setting: &'static str,
    pub(crate) label: &'static str,
    word: &'static str,
    kind: EventKind,
}

const fn hook(setting: &'static str, label: &'static str, word: &'static str, kind: EventKind) -> Hook {
    Hook { setting, label, word, kind }
}

/// Those that are understood.
pub(crate) const HOOKS: [Hook; 5] = [
    hook("hook_upload", "Webhook of uploads", "Upload New Asset", EventKind::Created),
    hook("hook_version", "Webhook of versions", "Add New Version", EventKind::Changed),
    hook("hook_metadata", "Webhook of metadata", "Update Metadata", EventKind::Changed),
    hook("hook_delete", "Webhook of deletions", "Delete Asset", EventKind::Removed),
    hook("hook_album", "Webhook of albums", "Assign to Album", EventKind::Moved),
];

/// Bytes of a message.
const LONGEST: u64 = 64 * 1024;

fn fail<T>(kind: FailureKind, why: &str) -> Result<T> {
    Err(ConnectorError::new(kind, "receive", why))
}

fn pairs(delivery: &Delivery) -> Result<Map<String, Value>> {
    let kind = delivery.headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, kind)| kind.as_str());
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/json" => {
            serde_json::from_slice(&delivery.body).or_else(|_| fail(FailureKind::Invalid, "the body is no JSON object"))
        }
        "application/x-www-form-urlencoded" => {
            let pairs = form_urlencoded::parse(&delivery.body);
            Ok(pairs.map(|(key, value)| (key.into_owned(), Value::String(value.into_owned()))).collect())
        }
        _ => fail(FailureKind::Unsupported, "a webhook of Canto sends JSON or a form"),
    }
}

/// Compares without telling by the time where two differ.
fn is_same(one: &str, other: &str) -> bool {
    Sha256::of(one.as_bytes()) == Sha256::of(other.as_bytes())
}

impl Inbound for CantoConnector {
    fn longest(&self) -> u64 {
        LONGEST
    }

    fn receive(&self, delivery: &Delivery) -> Result<Vec<RemoteEvent>> {
        if delivery.body.len() as u64 > LONGEST {
            return fail(FailureKind::TooLarge, "a message of Canto is shorter");
        }
        let said = pairs(delivery)?;
        let text = |key: &str| said.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let token = text("secure_token").unwrap_or_default();
        let known = self.config.hooks.iter().find(|(_, secret)| is_same(secret.expose_secret(), token));
        let Some(hook) = known.and_then(|(setting, _)| HOOKS.iter().find(|hook| hook.setting == *setting)) else {
            return fail(FailureKind::Unauthenticated, "the secure token is none of this connection's webhooks");
        };
        let Some((scheme, id)) = text("scheme").zip(text("id")) else {
            return fail(FailureKind::Invalid, "scheme or id is missing");
        };
        let album = text("album").unwrap_or_default();
        let key = format!("{}\n{scheme}\n{id}\n{album}\n{}", hook.word, delivery.at.0);
        Ok(vec![RemoteEvent {
            source: self.config.base.to_string(),
            id: Sha256::of(key.as_bytes()).to_string(),
            kind: hook.kind,
            word: hook.word.to_owned(),
            at: Some(delivery.at),
            by: None,
            path: None,
            subject: Some(format!("{scheme}/{id}")),
            file: None,
            data: json!({ "scheme": scheme, "id": id, "album": album, "name": text("displayname") }),
        }])
    }
}
