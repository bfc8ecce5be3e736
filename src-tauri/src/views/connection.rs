//! Connections, their forms and their tests.

use std::{collections::BTreeMap, fmt};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{
    Choice, ConnectionChange, ConnectionDraft, ConnectionSummary, ConnectorSpec, Expiring, FieldKind, FieldSpec,
    KindFacts, Said, SecretExpiry, SignInBegun, StepOutcome, TestReport, TestStep,
};
use waybill_model::Side;

use super::{Count, FailureView, HealthView, IpcError, SaidView, Time, parse_id};

/// A setting by its key.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettingView {
    pub(super) key: String,
    pub(super) value: String,
}

impl SettingView {
    /// Settings by key.
    pub(super) fn all(settings: BTreeMap<String, String>) -> Vec<Self> {
        settings.into_iter().map(|(key, value)| Self { key, value }).collect()
    }
}

/// A secret by its key. It crosses in this direction only.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecretDraftView {
    pub(super) key: String,
    #[specta(type = String)]
    pub(super) value: SecretString,
}

impl fmt::Debug for SecretDraftView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretDraftView").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What somebody filled in.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionDraftView {
    name: String,
    kind: String,
    settings: Vec<SettingView>,
    secrets: Vec<SecretDraftView>,
    /// When the secrets end, as far as the person knows.
    secret_expires_at: Option<Time>,
    /// The connection whose secrets are copied where none is given: a duplicate. They go from vault to vault.
    secrets_of: Option<String>,
    /// The sign-in in the browser whose secret it gets.
    pub(crate) signed_in: Option<String>,
}

impl TryFrom<ConnectionDraftView> for ConnectionDraft {
    type Error = IpcError;

    fn try_from(draft: ConnectionDraftView) -> Result<Self, IpcError> {
        Ok(Self {
            name: draft.name,
            kind: draft.kind,
            settings: settings(draft.settings),
            secrets: secrets(draft.secrets),
            secret_expires_at: draft.secret_expires_at.map(Into::into),
            secrets_of: draft.secrets_of.as_deref().map(parse_id).transpose()?,
        })
    }
}

/// What somebody wants of a connection from now on.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionChangeView {
    name: String,
    settings: Vec<SettingView>,
    /// Those that are not named stay.
    secrets: Vec<SecretDraftView>,
    /// Keys of secrets to be forgotten.
    forget: Vec<String>,
    secret_expires_at: Option<Time>,
    /// The sign-in in the browser whose secret it gets.
    pub(crate) signed_in: Option<String>,
}

/// A sign-in that was begun.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignInView {
    id: String,
    /// What the browser opens.
    address: String,
    /// Why the browser's answer cannot be heard here, so that its last address is pasted.
    deaf: Option<SaidView>,
    /// Whether the browser was opened.
    opened: bool,
}

impl SignInView {
    pub(crate) fn of(begun: SignInBegun, opened: bool) -> Self {
        Self { id: begun.id, address: begun.address, deaf: begun.deaf.map(|why| SaidView::read(None, why)), opened }
    }
}

impl From<ConnectionChangeView> for ConnectionChange {
    fn from(change: ConnectionChangeView) -> Self {
        Self {
            name: change.name,
            settings: settings(change.settings),
            secrets: secrets(change.secrets),
            forget: change.forget.into_iter().collect(),
            secret_expires_at: change.secret_expires_at.map(Into::into),
        }
    }
}

fn settings(drafts: Vec<SettingView>) -> BTreeMap<String, String> {
    drafts.into_iter().map(|setting| (setting.key, setting.value)).collect()
}

pub(super) fn secrets(drafts: Vec<SecretDraftView>) -> BTreeMap<String, SecretString> {
    drafts.into_iter().map(|secret| (secret.key, secret.value)).collect()
}

/// A configured place.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionView {
    id: String,
    name: String,
    kind: String,
    settings: Vec<SettingView>,
    health: HealthView,
    health_detail: Option<String>,
    last_good_at: Option<Time>,
    latency_ms: Option<Count>,
    remarks: Vec<SaidView>,
    /// Transfers that are not over.
    waiting: Count,
    /// Why the last attempt failed, where it did.
    failure: Option<FailureView>,
    /// The secrets that a vault holds.
    secrets: Vec<KeptSecretView>,
    /// When they end, as somebody typed it.
    secret_expires_at: Option<Time>,
    /// The same, as the last test saw it.
    found_expiry: Option<ExpiryView>,
}

/// A secret that is kept, and where. Never the secret.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptSecretView {
    key: String,
    vault: String,
}

/// When something of the secrets ends by itself.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExpiryView {
    of: ExpiringView,
    at: Time,
}

/// What ends.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ExpiringView {
    Session,
    Certificate,
}

impl From<SecretExpiry> for ExpiryView {
    fn from(expiry: SecretExpiry) -> Self {
        let of = match expiry.of {
            Expiring::Session => ExpiringView::Session,
            Expiring::Certificate => ExpiringView::Certificate,
        };
        Self { of, at: expiry.at.into() }
    }
}

impl From<ConnectionSummary> for ConnectionView {
    fn from(summary: ConnectionSummary) -> Self {
        let remark = |text: String| SaidView::read(Some(&summary.kind), text);
        Self {
            remarks: summary.remarks.into_iter().map(remark).collect(),
            id: summary.id.to_string(),
            name: summary.name,
            kind: summary.kind,
            settings: SettingView::all(summary.settings),
            health: summary.health.into(),
            health_detail: (!summary.health_detail.is_empty()).then_some(summary.health_detail),
            last_good_at: summary.last_good_at.map(Into::into),
            latency_ms: summary.latency_ms.map(Into::into),
            waiting: summary.open_transfers.into(),
            failure: summary.failure.map(Into::into),
            secrets: summary.secrets.into_iter().map(|(key, vault)| KeptSecretView { key, vault }).collect(),
            secret_expires_at: summary.secret_expires_at.map(Into::into),
            found_expiry: summary.found_expiry.map(Into::into),
        }
    }
}

/// A connector with its form.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectorSpecView {
    kind: String,
    title: String,
    summary: String,
    /// Whether connections of this kind have folders to look into.
    folders: bool,
    /// Whether what is said with them is kept to be looked at.
    exchanges: bool,
    /// Whether their files carry metadata in forms.
    forms: bool,
    fields: Vec<FieldSpecView>,
}

impl ConnectorSpecView {
    /// The connector, and what is known of every connection of its kind.
    pub(crate) fn new(facts: Option<KindFacts>, spec: ConnectorSpec) -> Self {
        Self {
            folders: facts.is_none_or(|facts| facts.folders),
            exchanges: facts.is_some_and(|facts| facts.exchanges),
            forms: facts.is_some_and(|facts| facts.forms),
            kind: spec.kind.to_owned(),
            title: spec.title.to_owned(),
            summary: spec.summary.to_owned(),
            fields: spec.fields.into_iter().map(FieldSpecView::from).collect(),
        }
    }
}

/// One setting or secret of a form.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldSpecView {
    key: String,
    label: String,
    help: String,
    kind: FieldKindView,
    required: bool,
    default: Option<String>,
    advanced: bool,
    /// Not folded away while another field has one of these values.
    unfolded_if: Option<ShownIfView>,
    shown_if: Option<ShownIfView>,
    /// Whether it says where the connection leads.
    leads: bool,
}

/// Holds while another field has one of these values.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownIfView {
    key: String,
    values: Vec<String>,
}

impl From<FieldSpec> for FieldSpecView {
    fn from(field: FieldSpec) -> Self {
        let while_has = |(key, values): (&'static str, &'static [&'static str])| ShownIfView {
            key: key.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        Self {
            key: field.key.to_owned(),
            label: field.label.to_owned(),
            help: field.help.to_owned(),
            kind: field.kind.into(),
            required: field.required,
            default: field.default.map(str::to_owned),
            advanced: field.advanced,
            unfolded_if: field.unfolded_if.map(while_has),
            shown_if: field.shown_if.map(while_has),
            leads: field.leads,
        }
    }
}

/// What a field holds.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "kebab-case", tag = "type")]
pub(crate) enum FieldKindView {
    Text,
    Number {
        min: Count,
        max: Count,
    },
    Flag,
    Choice {
        choices: Vec<ChoiceView>,
    },
    File,
    Folder,
    Secret,
    SignIn,
    FieldMap {
        /// The field that keeps a document to try the map on.
        sample: Option<String>,
    },
}

/// One value of a choice.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChoiceView {
    value: String,
    label: String,
}

impl From<FieldKind> for FieldKindView {
    fn from(kind: FieldKind) -> Self {
        let choice = |choice: Choice| ChoiceView { value: choice.value.to_owned(), label: choice.label.to_owned() };
        match kind {
            FieldKind::Text => Self::Text,
            FieldKind::Number { min, max } => Self::Number { min: min.into(), max: max.into() },
            FieldKind::Flag => Self::Flag,
            FieldKind::Choice { choices } => Self::Choice { choices: choices.into_iter().map(choice).collect() },
            FieldKind::File => Self::File,
            FieldKind::Folder => Self::Folder,
            FieldKind::Secret => Self::Secret,
            FieldKind::SignIn => Self::SignIn,
            FieldKind::FieldMap { sample } => Self::FieldMap { sample: sample.map(str::to_owned) },
        }
    }
}

/// A connection test.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestReportView {
    steps: Vec<TestStepView>,
    failure: Option<FailureView>,
}

impl From<TestReport> for TestReportView {
    fn from(report: TestReport) -> Self {
        Self {
            steps: report.steps.into_iter().map(TestStepView::from).collect(),
            failure: report.error.map(|error| error.to_failure(Side::Destination).into()),
        }
    }
}

/// One step of it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestStepView {
    name: SaidView,
    outcome: StepOutcomeView,
    /// What the connector says about it.
    said: Vec<SaidView>,
    /// An address, a version: the same in every language.
    fact: Option<String>,
    /// What the server or the operating system said, in its own words.
    technical: Option<String>,
    milliseconds: Count,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StepOutcomeView {
    /// Being tried now; told again with its end.
    Trying,
    Passed,
    Noted,
    Failed,
    Skipped,
}

impl From<TestStep> for TestStepView {
    fn from(step: TestStep) -> Self {
        let outcome = match step.outcome {
            StepOutcome::Trying => StepOutcomeView::Trying,
            StepOutcome::Passed => StepOutcomeView::Passed,
            StepOutcome::Noted => StepOutcomeView::Noted,
            StepOutcome::Failed => StepOutcomeView::Failed,
            StepOutcome::Skipped => StepOutcomeView::Skipped,
        };
        let plain = step.said.is_empty() && step.technical.is_none() && !step.detail.is_empty();
        let name = Said { code: step.code, with: BTreeMap::new(), text: step.name };
        Self {
            name: name.into(),
            outcome,
            fact: plain.then_some(step.detail),
            said: step.said.into_iter().map(SaidView::from).collect(),
            technical: step.technical,
            milliseconds: step.milliseconds.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, path::Path, sync::Arc};

    use camino::Utf8PathBuf;
    use waybill_desk::{Paths, Phrase, SystemClock, assemble};
    use waybill_vault::Vaults;

    use super::*;

    #[test]
    fn a_secret_that_was_typed_is_not_shown_by_a_log() {
        let draft: ConnectionDraftView = serde_json::from_value(serde_json::json!({
            "name": "n", "kind": "sftp", "settings": [], "secrets": [{ "key": "password", "value": "canary" }],
        }))
        .unwrap();
        assert!(!format!("{draft:?}").contains("canary"));
    }

    /// Every phrase has words with the same parameters, and no words are left over.
    fn check_phrases(kind: &str, phrases: &[Phrase], words: &serde_json::Value) {
        let holes = |text: &str| {
            let mut names: Vec<_> = text
                .split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}'))
                .map(|(name, _)| name.to_owned())
                .collect();
            names.sort();
            names
        };
        let words = words.as_object().unwrap();
        let mut codes = HashSet::new();
        for phrase in phrases {
            assert!(codes.insert(phrase.code), "{kind}: two phrases are called {}", phrase.code);
            let german = words.get(phrase.code).and_then(|text| text.as_str());
            let german = german.unwrap_or_else(|| panic!("{kind}: {} has no words: {}", phrase.code, phrase.english));
            assert_eq!(holes(german), holes(phrase.english), "{kind}: the parameters of {}", phrase.code);
        }
        let left: Vec<_> = words.keys().filter(|code| !codes.contains(code.as_str())).collect();
        assert!(left.is_empty(), "{kind}: nobody says {left:?} any more");
    }

    #[tokio::test]
    async fn everything_that_a_connector_says_has_its_german_words() {
        let folder = tempfile::tempdir().unwrap();
        let home = Utf8PathBuf::from_path_buf(folder.path().join("home")).unwrap();
        let desk = assemble(Paths::new(home), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/messages/connectors.de.json");
        let german: serde_json::Value = serde_json::from_str(&fs_err::read_to_string(file).unwrap()).unwrap();

        check_phrases("desk", &waybill_desk::phrases(), &german["desk"]["phrases"]);
        for spec in desk.connector_specs() {
            let words = &german[spec.kind];
            assert!(
                words["title"].is_string() && words["summary"].is_string(),
                "{} has no title and summary",
                spec.kind
            );
            check_phrases(spec.kind, spec.phrases, &words["phrases"]);
            let known = words["fields"].as_object().unwrap();
            let keys: Vec<_> = spec.fields.iter().map(|field| field.key).collect();
            for key in known.keys() {
                assert!(keys.contains(&key.as_str()), "{} has no field {key} any more", spec.kind);
            }
            for field in &spec.fields {
                let own = &words["fields"][field.key];
                assert!(
                    own["label"].is_string() && own["help"].is_string(),
                    "{}: {} has no words",
                    spec.kind,
                    field.key
                );
                if let FieldKind::Choice { choices } = &field.kind {
                    for choice in choices {
                        assert!(
                            own["choices"][choice.value].is_string(),
                            "{}: {} has no words",
                            field.key,
                            choice.value
                        );
                    }
                }
            }
        }
    }
}
