//! Whether an asset may be used: Canto's own status, or the custom field that the connection names.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{Approval, ApprovalRecord, ApprovalState, ConnectorError, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    attributes::Property,
    connector::CantoConnector,
    wire::{Asset, texts},
};

/// The words that every tenant has.
const WORDS: [(ApprovalState, &str); 4] = [
    (ApprovalState::Approved, "Approved"),
    (ApprovalState::Pending, "Pending"),
    (ApprovalState::Rejected, "Restricted"),
    (ApprovalState::Expired, "Expired"),
];

/// A tenant's own state is one in which somebody still decides.
fn state_of(word: &str) -> ApprovalState {
    if word.trim().is_empty() {
        return ApprovalState::Open;
    }
    let known = WORDS.iter().find(|(_, known)| known.eq_ignore_ascii_case(word.trim()));
    known.map_or(ApprovalState::Pending, |(state, _)| *state)
}

impl CantoConnector {
    async fn standing(&self, operation: &'static str, asset: &Asset) -> Result<String> {
        let Some(name) = self.config.mapped("status") else {
            return Ok(asset.approval_status.clone().unwrap_or_default());
        };
        let field = self.mapped_field(operation, "status").await?;
        let name = field.map_or(name, |field| field.name.as_str());
        Ok(texts(asset.additional.get(name).unwrap_or(&Value::Null)).join(", "))
    }

    /// The word of this tenant for a state.
    async fn decision(&self, state: ApprovalState) -> Result<Property> {
        let invalid = |why: String| ConnectorError::new(FailureKind::Invalid, "set_approval", why);
        let (_, word) = WORDS
            .iter()
            .find(|(known, _)| *known == state)
            .ok_or_else(|| invalid("Canto has no state in which nobody has said anything".to_owned()))?;
        let Some(mapped) = self.config.mapped("status") else {
            let id = self.config.approval_property.clone();
            return Ok(Property { id, value: (*word).to_owned(), is_custom: false });
        };
        let field = self.mapped_field("set_approval", "status").await?;
        let field = field.ok_or_else(|| invalid(format!("the library has no custom field {mapped}")))?;
        let choices = field.choices();
        let value = if choices.is_empty() {
            Some((*word).to_owned())
        } else {
            choices
                .iter()
                .find(|choice| {
                    state_of(choice) == state && (state != ApprovalState::Pending || choice.eq_ignore_ascii_case(word))
                })
                .cloned()
        };
        let value =
            value.ok_or_else(|| invalid(format!("{mapped} has no choice {word}; it has {}", choices.join(", "))))?;
        Ok(Property { id: field.id.clone(), value, is_custom: true })
    }
}

#[async_trait]
impl Approval for CantoConnector {
    async fn approval(&self, path: &RemotePath) -> Result<ApprovalRecord> {
        let (_, asset) = self.asset("approval", path).await?;
        let word = self.standing("approval", &asset).await?;
        Ok(ApprovalRecord { state: state_of(&word), word, by: None, at: None })
    }

    async fn set_approval(&self, path: &RemotePath, state: ApprovalState, why: Option<&str>) -> Result<()> {
        let property = self.decision(state).await.map_err(|error| error.at(path))?;
        let at = |error: ConnectorError| error.at(path);
        let (found, asset) = self.asset("set_approval", path).await?;
        let (scheme, id) = (found.item.scheme.as_str(), found.item.id.as_str());
        self.edit("set_approval", scheme, id, std::slice::from_ref(&property)).await.map_err(at)?;
        let after = self.detail("set_approval", scheme, id).await?;
        let stands = match &after {
            Some(after) => self.standing("set_approval", after).await?,
            None => String::new(),
        };
        if !stands.eq_ignore_ascii_case(&property.value) {
            let why = format!("Canto answered success, and the approval of {path} is {stands}");
            return Err(ConnectorError::new(FailureKind::Vendor, "set_approval", why).at(path));
        }
        // The reason stands with the version that was decided about; writing it again changes nothing.
        if let Some((why, version)) = why.filter(|why| !why.trim().is_empty()).zip(asset.current()) {
            let body = json!({ "scheme": scheme, "id": id, "versionId": version.version_id, "comment": why });
            let url = self.api(&["version", "comment"]);
            self.act("set_approval", Method::POST, &url, Some(&body)).await.map_err(at)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_its_state_and_a_tenants_own_one_is_pending() {
        for (state, word) in WORDS {
            assert_eq!(state_of(&word.to_lowercase()), state);
        }
        assert_eq!(state_of("In Legal Review"), ApprovalState::Pending);
        assert_eq!(state_of(""), ApprovalState::Open);
    }
}
