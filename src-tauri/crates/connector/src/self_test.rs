//! The test of a connection: step by step, so that the one that failed has a name, and with what it found out.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use waybill_model::Millis;

use crate::{ConnectorError, Phrase, Said};

/// Facts about the remote that only trying shows: whether it refuses a wrong checksum, whether it
/// honours a conditional write. Kept with the connection; the connector alone knows the keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Learned(pub serde_json::Map<String, serde_json::Value>);

impl Learned {
    /// Whether nothing was found out yet, because no test ran.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A yes or no; `None` where it was never tried.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.0.get(key)?.as_bool()
    }

    /// A whole number.
    pub fn number(&self, key: &str) -> Option<u64> {
        self.0.get(key)?.as_u64()
    }

    /// Keeps a fact.
    pub fn set(&mut self, key: &str, value: impl Into<serde_json::Value>) {
        self.0.insert(key.to_owned(), value.into());
    }
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepOutcome {
    /// Being tried now. It is told and never kept: the same step, or the first of several that one answer decides, is
    /// told again with its end.
    Trying,
    /// As it should be.
    Passed,
    /// It works, with a limit that the detail names.
    Noted,
    /// It does not work, and the connection cannot be used.
    Failed,
    /// Not tried, because a step before it failed or because it may leave traces.
    Skipped,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestStep {
    /// The code of its name.
    pub code: String,
    /// What was tried, in a few English words: `Name found`, `Sign in`, `Wrong checksum refused`.
    pub name: String,
    /// How it ended.
    pub outcome: StepOutcome,
    /// An address, a version, or what went wrong and who can mend it: all of the next two, in English.
    pub detail: String,
    /// What the connector has to say about it. Empty where the detail is a plain fact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Said>,
    /// What the server or the operating system said, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technical: Option<String>,
    /// How long it took.
    pub milliseconds: u64,
}

impl TestStep {
    /// A step that begins.
    pub fn trying(name: Phrase) -> Self {
        Self::new(name, StepOutcome::Trying, Detail::Nothing, 0)
    }

    /// A step that has ended.
    pub fn new(name: Phrase, outcome: StepOutcome, detail: Detail, milliseconds: u64) -> Self {
        let (said, technical, fact) = match detail {
            Detail::Nothing => (Vec::new(), None, String::new()),
            Detail::Fact(fact) => (Vec::new(), None, fact),
            Detail::Said(said) => (said, None, String::new()),
            Detail::Technical(words) => (Vec::new(), Some(words), String::new()),
            Detail::Explained(said, words) => (vec![said], Some(words), String::new()),
        };
        let all: Vec<&str> =
            technical.iter().map(String::as_str).chain(said.iter().map(|one| one.text.as_str())).collect();
        let detail = if all.is_empty() { fact } else { all.join("; ") };
        Self {
            code: name.code.to_owned(),
            name: name.english.to_owned(),
            outcome,
            detail,
            said,
            technical,
            milliseconds,
        }
    }
}

/// What a step has to say beside its name. Words of the connector's own are a [`Phrase`], never a bare text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// No more.
    Nothing,
    /// An address, a version, a path: the same in every language.
    Fact(String),
    /// The connector's own words.
    Said(Vec<Said>),
    /// The words of the server or the operating system.
    Technical(String),
    /// Both.
    Explained(Said, String),
}

impl Detail {
    /// A fact; nothing where it is empty.
    pub fn fact(fact: impl Into<String>) -> Self {
        let fact = fact.into();
        if fact.is_empty() { Self::Nothing } else { Self::Fact(fact) }
    }
}

impl From<Phrase> for Detail {
    fn from(phrase: Phrase) -> Self {
        Self::Said(vec![phrase.said()])
    }
}

impl From<Said> for Detail {
    fn from(said: Said) -> Self {
        Self::Said(vec![said])
    }
}

impl From<&ConnectorError> for Detail {
    fn from(error: &ConnectorError) -> Self {
        match error.phrase() {
            Some(said) => Self::Said(vec![said.clone()]),
            None => Self::Technical(error.to_string()),
        }
    }
}

/// What of the secrets ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expiring {
    /// A sign-in that has to be repeated by a person, such as single sign-on. It lasts hours.
    Session,
    /// A certificate that somebody has to renew. It lasts weeks or years.
    Certificate,
}

/// When what signs in stops holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretExpiry {
    /// What it is.
    pub of: Expiring,
    /// From then on it is refused.
    pub at: Millis,
}

/// The whole test.
#[derive(Debug, Default)]
pub struct TestReport {
    /// In order.
    pub steps: Vec<TestStep>,
    /// What to keep for the next time the connector is opened.
    pub learned: Learned,
    /// Why it failed, where it did.
    pub error: Option<ConnectorError>,
    /// When the secrets end, as far as this computer can tell. Also of a test that failed: it may be the reason.
    pub expiry: Option<SecretExpiry>,
}

/// Whom a test tells of its steps.
pub type Tell<'a> = &'a mut (dyn for<'s> FnMut(&'s TestStep) + Send);

/// A test under way: it times its steps, tells them and keeps them.
pub struct TestRun<'a> {
    tell: Tell<'a>,
    /// What it has found so far.
    pub report: TestReport,
}

impl std::fmt::Debug for TestRun<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestRun").field("report", &self.report).finish_non_exhaustive()
    }
}

impl<'a> TestRun<'a> {
    /// Before the first step.
    pub fn new(tell: Tell<'a>) -> Self {
        Self { tell, report: TestReport::default() }
    }

    /// Does a step and tells how it ended. `None` where it failed: the report has its error, and the test is over.
    pub async fn step<T>(
        &mut self,
        name: Phrase,
        work: impl Future<Output = crate::Result<T>>,
        detail: impl FnOnce(&T) -> Detail,
    ) -> Option<T> {
        self.judge(name, work, |found| (StepOutcome::Passed, detail(found))).await
    }

    /// Like [`Self::step`], where what was found may be a limit: `judged` says how the step ended.
    pub async fn judge<T>(
        &mut self,
        name: Phrase,
        work: impl Future<Output = crate::Result<T>>,
        judged: impl FnOnce(&T) -> (StepOutcome, Detail),
    ) -> Option<T> {
        (self.tell)(&TestStep::trying(name));
        let since = Instant::now();
        let done = work.await;
        let milliseconds = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (outcome, detail) = match &done {
            Ok(found) => judged(found),
            Err(error) => (StepOutcome::Failed, Detail::from(error)),
        };
        self.push(TestStep::new(name, outcome, detail, milliseconds));
        done.map_err(|error| self.report.error = Some(error)).ok()
    }

    /// A step that took no time of its own.
    pub fn note(&mut self, name: Phrase, outcome: StepOutcome, detail: Detail) {
        self.push(TestStep::new(name, outcome, detail, 0));
    }

    fn push(&mut self, step: TestStep) {
        (self.tell)(&step);
        self.report.steps.push(step);
    }
}

/// Tries everything that the engine will rely on. It may write, and removes what it wrote.
#[async_trait]
pub trait SelfTest: Send + Sync {
    /// Runs all steps, telling each as it begins (`Trying`) and as it ends. A step that fails ends the test; the report
    /// holds its error.
    // `async_trait` ties an elided lifetime to the call's own; a step that is told lives shorter.
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport;
}
