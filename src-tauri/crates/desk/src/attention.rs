//! What waits for a person, and their answers.

use std::collections::{BTreeMap, HashMap, HashSet, hash_map::Entry};

use secrecy::SecretString;
use waybill_connector::ConnectorError;
use waybill_model::{AttentionId, ConflictRule, ConnectionId, Event, FailureKind, StoryNote};
use waybill_store::{AttentionKind, AttentionRow, Change, StoreError};

use crate::{Desk, DeskError};

/// Questions about files that a window is handed at once; it asks for more of them by their group.
const SHOWN: u32 = 500;

/// A question that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attention {
    /// The stored question.
    pub row: AttentionRow,
    /// What its connection is called.
    pub connection: Option<String>,
}

/// What a person says.
#[derive(Debug)]
pub enum Answer {
    /// The unknown host key with this fingerprint is right.
    TrustHostKey {
        /// As it was shown.
        fingerprint: String,
    },
    /// The changed host key is right: its fingerprint was obtained elsewhere, and is typed here.
    ReplaceHostKey {
        /// As the person typed or pasted it.
        fingerprint: String,
    },
    /// What to do with what is there already.
    Conflict {
        /// Everything but *ask*.
        rule: ConflictRule,
        /// For every file of the run, those to come too.
        for_all: bool,
    },
    /// Secrets that replace those which were refused.
    NewSecrets(BTreeMap<String, SecretString>),
    /// Seen; nothing more to do.
    Dismiss,
}

impl Desk {
    /// Everything that waits for a person, oldest first.
    pub async fn attention(&self) -> Result<Vec<Attention>, DeskError> {
        let rows = self.inner.store.open_attention().await?;
        self.named(rows).await
    }

    /// What is asked about connections, all of it, and the oldest that is asked about files: as much as a window holds.
    pub async fn attention_shown(&self) -> Result<Vec<Attention>, DeskError> {
        let rows = self.inner.store.attention_shown(SHOWN).await?;
        self.named(rows).await
    }

    /// One question; `None` where it is open no longer.
    pub async fn question(&self, id: AttentionId) -> Result<Option<Attention>, DeskError> {
        match self.inner.store.attention(id).await {
            Ok(row) => Ok(self.named(vec![row]).await?.pop()),
            Err(StoreError::Unknown { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// With the names of their connections, each looked up once.
    /// Which questions are open, without what they ask.
    pub async fn attention_ids(&self) -> Result<HashSet<AttentionId>, DeskError> {
        Ok(self.inner.store.open_attention_ids().await?)
    }

    /// These questions, as far as they are still open.
    pub async fn attention_some(&self, ids: Vec<AttentionId>) -> Result<Vec<Attention>, DeskError> {
        let rows = self.inner.store.attention_some(ids).await?;
        self.named(rows).await
    }

    async fn named(&self, rows: Vec<AttentionRow>) -> Result<Vec<Attention>, DeskError> {
        let mut names: HashMap<ConnectionId, String> = HashMap::new();
        for id in rows.iter().filter_map(|row| row.connection) {
            if let Entry::Vacant(unknown) = names.entry(id) {
                unknown.insert(self.inner.store.connection(id).await?.name);
            }
        }
        let name = |row: &AttentionRow| row.connection.and_then(|id| names.get(&id).cloned());
        Ok(rows.into_iter().map(|row| Attention { connection: name(&row), row }).collect())
    }

    /// Answers a question; what waited for it goes on.
    pub async fn answer(&self, id: AttentionId, answer: Answer) -> Result<(), DeskError> {
        let row = self.inner.store.attention(id).await?;
        match (row.kind, answer) {
            (AttentionKind::HostKeyUnknown, Answer::TrustHostKey { fingerprint }) => {
                self.accept_host_key(connection_of(&row)?, &fingerprint, false).await
            }
            (AttentionKind::HostKeyChanged, Answer::ReplaceHostKey { fingerprint }) => {
                self.accept_host_key(connection_of(&row)?, fingerprint.trim(), true).await
            }
            (AttentionKind::Conflict, Answer::Conflict { rule, for_all }) => {
                self.answer_conflict(row, rule, for_all).await
            }
            (AttentionKind::Unauthenticated, Answer::NewSecrets(secrets)) => {
                let id = connection_of(&row)?;
                let stored = self.inner.store.connection(id).await?;
                self.change_connection(id, stored.settings, secrets).await
            }
            (AttentionKind::Unauthenticated, Answer::Dismiss) => {
                // The connection is tried again with what it has.
                self.let_go_on(connection_of(&row)?, "tried again").await
            }
            (AttentionKind::DiskFull | AttentionKind::DatabaseRestored, Answer::Dismiss) => {
                let actor = self.actor();
                Ok(self.inner.store.settle_attention(id, "seen".to_owned(), self.now(), actor).await?)
            }
            (kind, _) => Err(DeskError::Invalid(format!("that is no answer to a question about {}", kind.as_str()))),
        }
    }

    /// Puts the key that a server shows on record, if it is exactly the one with this fingerprint.
    pub async fn accept_host_key(&self, id: ConnectionId, fingerprint: &str, replace: bool) -> Result<(), DeskError> {
        let row = self.inner.store.connection(id).await?;
        let open = self.inner.opener.open_row(row).await?;
        let Some(trust) = open.connector.trust() else {
            let error =
                ConnectorError::new(FailureKind::Unsupported, "trust", format!("{} has no host key", open.name));
            return Err(error.into());
        };
        trust.accept(fingerprint, replace).await?;
        let act = if replace { "host-key-replaced" } else { "host-key-trusted" };
        let actor = self.actor();
        self.inner.store.note(self.now(), actor, act, format!("connection:{id}"), fingerprint.to_owned()).await?;
        self.let_go_on(id, fingerprint).await
    }

    async fn answer_conflict(&self, row: AttentionRow, rule: ConflictRule, for_all: bool) -> Result<(), DeskError> {
        if rule == ConflictRule::Ask {
            return Err(DeskError::Invalid("*ask* is no answer to a conflict".to_owned()));
        }
        let mut questions = vec![row.clone()];
        if let (true, Some(run)) = (for_all, row.run) {
            self.inner.store.set_run_conflict(run, rule).await?;
            let open = self.inner.store.open_attention().await?;
            questions = open.into_iter().filter(|q| q.kind == AttentionKind::Conflict && q.run == Some(run)).collect();
        }
        let queue = self.inner.store.queue();
        for question in questions {
            let change = Change { conflict: Some(rule), ..Change::noted(StoryNote::Answered { rule }) };
            let actor = self.actor();
            queue.answer(question, Event::Answered, change, rule.as_str().to_owned(), self.now(), actor).await?;
        }
        Ok(())
    }
}

fn connection_of(row: &AttentionRow) -> Result<ConnectionId, DeskError> {
    row.connection.ok_or_else(|| DeskError::Invalid("the question belongs to no connection".to_owned()))
}
