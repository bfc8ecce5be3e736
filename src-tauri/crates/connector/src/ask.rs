//! Asking a person for something that no vault can hold: a one-time code.

use async_trait::async_trait;
use secrecy::SecretString;

/// What a server wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The connection that asks.
    pub connection: String,
    /// What the server says above its prompts.
    pub instructions: String,
    /// Each prompt, and whether the answer may be seen while it is typed.
    pub prompts: Vec<(String, bool)>,
}

/// Somebody who may be asked.
#[async_trait]
pub trait Ask: Send + Sync + std::fmt::Debug {
    /// One answer a prompt, or `None` where nobody answers.
    async fn ask(&self, question: Question) -> Option<Vec<SecretString>>;
}

/// Nobody is there: every question stays unanswered, and the call fails as not signed in.
#[derive(Debug, Clone, Copy, Default)]
pub struct NobodyToAsk;

#[async_trait]
impl Ask for NobodyToAsk {
    async fn ask(&self, _question: Question) -> Option<Vec<SecretString>> {
        None
    }
}
