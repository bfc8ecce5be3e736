//! Adding, testing and removing connections.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use secrecy::{ExposeSecret as _, SecretString};
use waybill_connector::{
    ConnectorError, ConnectorSpec, Detail, FieldKind, FieldProblem, Phrase, Settings, StepOutcome, TestReport,
    TestStep, validate,
};
use waybill_model::{ConnectionId, Millis, names};
use waybill_store::{ConnectionRow, Health, NewConnection};

use crate::{Desk, DeskError, registry, words};

/// The longest name of a connection in bytes.
const LONGEST_NAME: usize = 64;

/// What somebody filled in.
#[derive(Debug, Clone, Default)]
pub struct ConnectionDraft {
    /// What it will be called.
    pub name: String,
    /// Which connector.
    pub kind: String,
    /// Settings by key.
    pub settings: BTreeMap<String, String>,
    /// Secrets by key.
    pub secrets: BTreeMap<String, SecretString>,
}

/// A connection as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSummary {
    /// Its id.
    pub id: ConnectionId,
    /// What people call it.
    pub name: String,
    /// Which connector.
    pub kind: String,
    /// Settings by key.
    pub settings: BTreeMap<String, String>,
    /// The keys of its secrets, with the vault that holds each.
    pub secrets: BTreeMap<String, String>,
    /// How it is.
    pub health: Health,
    /// Why, in words.
    pub health_detail: String,
    /// When it last answered.
    pub last_good_at: Option<Millis>,
    /// The last round trip.
    pub latency_ms: Option<u64>,
    /// What a person should know before the first file goes.
    pub remarks: Vec<String>,
    /// Transfers that are not over.
    pub open_transfers: u64,
}

impl Desk {
    /// The connectors that there are, with their fields.
    pub fn connector_specs(&self) -> Vec<ConnectorSpec> {
        registry::specs()
    }

    /// All connections by name.
    pub async fn connections(&self) -> Result<Vec<ConnectionSummary>, DeskError> {
        let mut summaries = Vec::new();
        for row in self.inner.store.connections().await? {
            summaries.push(self.summary(row).await?);
        }
        Ok(summaries)
    }

    /// One connection by its name.
    pub async fn connection_named(&self, name: &str) -> Result<ConnectionSummary, DeskError> {
        let row = self.inner.store.connection_named(name).await?;
        self.summary(row).await
    }

    /// One connection by its id, removed or not.
    pub async fn connection(&self, id: ConnectionId) -> Result<ConnectionSummary, DeskError> {
        let row = self.inner.store.connection(id).await?;
        self.summary(row).await
    }

    async fn summary(&self, row: ConnectionRow) -> Result<ConnectionSummary, DeskError> {
        let open_transfers = self.inner.store.open_transfers_of(row.id).await?;
        Ok(ConnectionSummary {
            id: row.id,
            name: row.name,
            kind: row.kind,
            settings: row.settings,
            secrets: row.secrets,
            health: row.health,
            health_detail: row.health_detail,
            last_good_at: row.last_good_at,
            latency_ms: row.latency_ms,
            remarks: row.remarks,
            open_transfers,
        })
    }

    /// Adds a connection: settings to the store, secrets to a vault. Nothing is tried at the remote yet.
    pub async fn add_connection(&self, draft: ConnectionDraft) -> Result<ConnectionId, DeskError> {
        let settings = checked(&draft)?;
        check_name(&draft.name)?;
        let id = ConnectionId::fresh();
        let places = self.keep_secrets(id, draft.secrets).await?;
        let new = NewConnection { id, name: draft.name, kind: draft.kind, settings, secrets: places.clone() };
        let stored = self.inner.store.add_connection(new, self.now(), self.actor()).await;
        if let Err(error) = stored {
            // A secret without its connection is of no use to anybody.
            self.forget_secrets(id, &places).await;
            return Err(error.into());
        }
        Ok(id)
    }

    /// Replaces the settings of a connection, and those of its secrets that are given.
    pub async fn change_connection(
        &self,
        id: ConnectionId,
        settings: BTreeMap<String, String>,
        secrets: BTreeMap<String, SecretString>,
    ) -> Result<(), DeskError> {
        let row = self.inner.store.connection(id).await?;
        let mut kept: BTreeMap<String, SecretString> = secrets;
        let known = row.secrets.keys().filter(|key| !kept.contains_key(*key)).cloned().collect::<Vec<_>>();
        let draft = ConnectionDraft {
            name: row.name.clone(),
            kind: row.kind.clone(),
            settings,
            secrets: std::mem::take(&mut kept),
        };
        let settings = checked_with(&draft, &known)?;
        let mut places = row.secrets;
        places.extend(self.keep_secrets(id, draft.secrets).await?);
        self.inner.store.update_connection(id, settings, places, self.now(), self.actor()).await?;
        self.let_go_on(id, "the settings were changed").await
    }

    /// Adds the connections of a demo, or brings them up to date: its servers may listen elsewhere this time, and what
    /// memory held is gone.
    pub async fn join_demo(&self, drafts: Vec<ConnectionDraft>) -> Result<(), DeskError> {
        for draft in drafts {
            let stored = self.inner.store.connections().await?;
            match stored.into_iter().find(|row| row.name == draft.name) {
                Some(row) => self.change_connection(row.id, draft.settings, draft.secrets).await?,
                None => {
                    self.add_connection(draft).await?;
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn keep_secrets(
        &self,
        id: ConnectionId,
        secrets: BTreeMap<String, SecretString>,
    ) -> Result<BTreeMap<String, String>, DeskError> {
        let mut places = BTreeMap::new();
        for (key, secret) in secrets {
            if secret.expose_secret().is_empty() {
                continue;
            }
            let kept = self.inner.vaults.put(&self.inner.opener.secret_ref(id, &key), secret).await;
            match kept {
                Ok(kind) => places.insert(key, kind.as_str().to_owned()),
                Err(error) => {
                    self.forget_secrets(id, &places).await;
                    return Err(error.into());
                }
            };
        }
        Ok(places)
    }

    async fn forget_secrets(&self, id: ConnectionId, places: &BTreeMap<String, String>) {
        for (key, place) in places {
            let Some(kind) = waybill_vault::VaultKind::from_word(place) else { continue };
            if let Err(error) = self.inner.vaults.remove(kind, &self.inner.opener.secret_ref(id, key)).await {
                tracing::warn!(%error, key, "a secret that is no longer needed stays in its vault");
            }
        }
    }

    /// Takes a connection out of use, with its secrets. Refused while transfers still need it.
    pub async fn remove_connection(&self, id: ConnectionId) -> Result<(), DeskError> {
        let row = self.inner.store.connection(id).await?;
        let open = self.inner.store.open_transfers_of(id).await?;
        if open > 0 {
            return Err(DeskError::InUse { name: row.name, open });
        }
        self.inner.store.remove_connection(id, self.now(), self.actor()).await?;
        self.inner.store.settle_connection_attention(id, "removed".to_owned(), self.now(), self.actor()).await?;
        self.forget_secrets(id, &row.secrets).await;
        Ok(())
    }

    /// Tries everything that the engine will rely on, and keeps what it found out.
    pub async fn test_connection(
        &self,
        id: ConnectionId,
        tell: &mut (dyn FnMut(&TestStep) + Send),
    ) -> Result<TestReport, DeskError> {
        let row = self.inner.store.connection(id).await?;
        let began = Instant::now();
        let report = match self.inner.opener.open_row(row).await {
            Ok(open) => match open.connector.self_test() {
                Some(test) => test.run(tell).await,
                None => check_only(&*open.connector, began, tell).await,
            },
            Err(error) => failed(words::OPEN, error, began, tell),
        };
        self.keep_report(id, &report).await?;
        Ok(report)
    }

    async fn keep_report(&self, id: ConnectionId, report: &TestReport) -> Result<(), DeskError> {
        let now = self.now();
        if let Some(error) = &report.error {
            let stops = error.kind.stops_the_connection();
            let health = if stops { Health::Stopped } else { Health::Failed };
            self.inner.store.set_health(id, health, error.to_string(), None, now).await?;
            if stops {
                self.raise_for(id, error).await?;
            }
            return Ok(());
        }
        self.inner.store.set_learned(id, report.learned.0.clone(), Vec::new()).await?;
        let row = self.inner.store.connection(id).await?;
        let remarks = self.inner.opener.open_row(row).await?.connector.descriptor().remarks.clone();
        self.inner.store.set_learned(id, report.learned.0.clone(), remarks).await?;
        let latency = report.steps.iter().map(|step| step.milliseconds).filter(|ms| *ms > 0).min();
        self.inner.store.set_health(id, Health::Well, String::new(), latency, now).await?;
        self.let_go_on(id, "the connection's test passed").await?;
        self.inner.store.queue().revive(id, now).await?;
        Ok(())
    }

    /// Closes what was asked about a connection; its transfers go on.
    pub(crate) async fn let_go_on(&self, id: ConnectionId, answer: &str) -> Result<(), DeskError> {
        let row = self.inner.store.connection(id).await?;
        if row.health == Health::Stopped {
            self.inner.store.set_health(id, Health::Untested, String::new(), None, self.now()).await?;
        }
        let actor = self.actor();
        self.inner.store.settle_connection_attention(id, answer.to_owned(), self.now(), actor).await?;
        Ok(())
    }
}

async fn check_only(
    connector: &dyn waybill_connector::Connector,
    began: Instant,
    tell: &mut (dyn FnMut(&TestStep) + Send),
) -> TestReport {
    match connector.check().await {
        Ok(identity) => {
            let detail = Detail::fact(identity.name);
            let step = TestStep::new(words::ANSWERS, StepOutcome::Passed, detail, milliseconds(began));
            tell(&step);
            TestReport { steps: vec![step], ..TestReport::default() }
        }
        Err(error) => failed(words::ANSWERS, error, began, tell),
    }
}

fn failed(name: Phrase, error: ConnectorError, began: Instant, tell: &mut (dyn FnMut(&TestStep) + Send)) -> TestReport {
    let step = TestStep::new(name, StepOutcome::Failed, Detail::from(&error), milliseconds(began));
    tell(&step);
    TestReport { steps: vec![step], error: Some(error), ..TestReport::default() }
}

fn milliseconds(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn checked(draft: &ConnectionDraft) -> Result<BTreeMap<String, String>, DeskError> {
    checked_with(draft, &[])
}

/// The settings without empty ones; `known` are keys of secrets that a vault holds already.
fn checked_with(draft: &ConnectionDraft, known: &[String]) -> Result<BTreeMap<String, String>, DeskError> {
    let Some(spec) = registry::spec(&draft.kind) else {
        let kinds: Vec<_> = registry::specs().iter().map(|spec| spec.kind).collect();
        return Err(DeskError::Invalid(format!(
            "there is no connector called {}; there are {}",
            draft.kind,
            kinds.join(", ")
        )));
    };
    let settings: BTreeMap<String, String> = draft
        .settings
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let given =
        draft.secrets.iter().filter(|(_, secret)| !secret.expose_secret().is_empty()).map(|(key, _)| key.clone());
    let secrets: BTreeSet<String> = given.chain(known.iter().cloned()).collect();
    let problems = validate(&spec, &settings.iter().collect::<Settings>(), &secrets);
    if problems.is_empty() {
        Ok(settings)
    } else {
        Err(DeskError::Settings { problems: without_secrets(&spec, problems) })
    }
}

/// A problem's text quotes values; that of a secret is never among them.
fn without_secrets(spec: &ConnectorSpec, problems: Vec<FieldProblem>) -> Vec<FieldProblem> {
    let secret = |key: &str| spec.fields.iter().any(|field| field.key == key && field.kind == FieldKind::Secret);
    let clean = |problem: FieldProblem| FieldProblem {
        reason: if secret(&problem.key) && !problem.reason.starts_with("is needed") {
            "is a secret and is given on its own, not among the settings".to_owned()
        } else {
            problem.reason
        },
        key: problem.key,
    };
    problems.into_iter().map(clean).collect()
}

fn check_name(name: &str) -> Result<(), DeskError> {
    let wrong = name.trim().is_empty()
        || name != name.trim()
        || name.len() > LONGEST_NAME
        || name.chars().any(|c| matches!(c, ':' | '/' | '\\') || c.is_control())
        || name.eq_ignore_ascii_case("this-computer")
        || (cfg!(windows) && name.chars().count() == 1);
    if wrong {
        return Err(DeskError::Invalid(format!(
            "a connection cannot be called `{}`: 1 to {LONGEST_NAME} bytes without `:`, `/`, `\\` and spaces at its ends",
            names::shown(name)
        )));
    }
    Ok(())
}

impl Desk {
    /// Raises the question that an error of a connection stands for.
    pub(crate) async fn raise_for(&self, id: ConnectionId, error: &ConnectorError) -> Result<(), DeskError> {
        let question = waybill_engine::question_about(id, error, self.now());
        Ok(self.inner.store.raise(question).await?)
    }
}
