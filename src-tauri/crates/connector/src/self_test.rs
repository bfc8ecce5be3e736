//! The test of a connection: step by step, so that the one that failed has a name, and with what it found out.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

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
    /// What was tried, in a few words: `Name found`, `Sign in`, `Wrong checksum refused`.
    pub name: String,
    /// How it ended.
    pub outcome: StepOutcome,
    /// An address, a version, or what went wrong and who can mend it.
    pub detail: String,
    /// How long it took.
    pub milliseconds: u64,
}

/// The whole test.
#[derive(Debug, Default)]
pub struct TestReport {
    /// In order.
    pub steps: Vec<TestStep>,
    /// What to keep for the next time the connector is opened.
    pub learned: Learned,
    /// Why it failed, where it did.
    pub error: Option<crate::ConnectorError>,
}

/// Tries everything that the engine will rely on. It may write, and removes what it wrote.
#[async_trait]
pub trait SelfTest: Send + Sync {
    /// Runs all steps, telling each as it ends. A step that fails ends the test; the report holds its error.
    // `async_trait` ties an elided lifetime to the call's own; a step that is told lives shorter.
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport;
}
