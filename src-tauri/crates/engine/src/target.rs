//! What to do when something with that name is already at the target.

use serde_json::{Map, Value, json};
use waybill_connector::{ConnectorError, Entry, EntryKind};
use waybill_model::{
    Agreed, ConflictRule, EntryState, FailureKind, Proof, Receipt, RemotePath, Resolution, Sha256, Side, Stamp,
    StoryNote, numbered_name, resolve,
};

use crate::{
    job::{AtSide as _, Job, Stop},
    landed,
    prove::{self, Comparison},
};

/// Numbered names that are tried before giving up.
const NUMBERS: u32 = 10_000;
/// How often a name may seem taken by nothing before the rule decides.
const PHANTOMS: u32 = 3;

/// The name that is written, and whether it may replace.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) path: RemotePath,
    pub(crate) replace: bool,
    /// The name that was asked for; numbers are counted from it.
    asked: RemotePath,
    number: u32,
    /// How often the remote said that something is there and showed nothing.
    phantoms: u32,
}

/// What the look at the target led to.
#[derive(Debug)]
pub(crate) enum Next {
    /// The target was changed: another name, or replacing is allowed now.
    TryAgain,
    /// The very bytes are there already, with the digest that they and the source have.
    There(Receipt, Sha256),
}

impl Target {
    pub(crate) fn of(job: &Job) -> Self {
        let path = job.row.target.path.clone();
        let replace = match &job.row.stamp.agreed {
            Some(Agreed::This(_)) => true,
            Some(Agreed::Nothing) => false,
            Some(Agreed::Anything) | None => job.rule() == ConflictRule::Overwrite,
        };
        Self { replace, asked: path.clone(), path, number: 1, phantoms: 0 }
    }

    /// Fails where a person agreed to replace what was seen here, and something else is here now. Looked at right before
    /// anything is written.
    pub(crate) async fn is_as_agreed(&self, job: &Job) -> Result<(), Stop> {
        let Some(Agreed::This(seen)) = &job.row.stamp.agreed else { return Ok(()) };
        match self.look(job).await? {
            Some(now) if now.stamp().agrees_with(seen) || landed::is_our_own(job, &now) => Ok(()),
            Some(_) => Err(self.not_as_agreed("what lies there was changed since")),
            None => Err(self.not_as_agreed("what lay there is gone")),
        }
    }

    fn not_as_agreed(&self, what: &str) -> Stop {
        let message = format!("it is not as it was shown any more: {what}; nothing was sent, compare again");
        Stop::Failed(Side::Destination, ConnectorError::new(FailureKind::Changed, "write", message).at(&self.path))
    }

    /// Whether a refusal is about the place of the file itself. A folder above it that cannot be made, because something
    /// that may not be seen has its name, is no question about the file.
    pub(crate) fn is_taken(&self, error: &ConnectorError) -> bool {
        let is_above = |path: &RemotePath| *path != self.path && self.path.below(path).is_some();
        error.kind == FailureKind::AlreadyExists && !self.replace && !error.path.as_ref().is_some_and(is_above)
    }

    /// Something is there: asks the rule. `sha256` is the source's, made now where it is needed and not known yet.
    pub(crate) async fn occupied(&mut self, job: &Job, stamp: &Stamp, sha256: Option<Sha256>) -> Result<Next, Stop> {
        let existing = self.look(job).await?;
        let Some(existing) = existing else {
            self.phantoms += 1;
            if job.target.open.connector.list().is_some() && self.phantoms <= PHANTOMS {
                // Gone again: the name is free after all.
                return Ok(Next::TryAgain);
            }
            // A remote that cannot be looked into: the rule has to do without.
            return self.follow(job, stamp, None).await;
        };
        if existing.kind != EntryKind::File {
            let error = ConnectorError::new(
                FailureKind::AlreadyExists,
                "write",
                "a folder has that name at the target; nothing was replaced",
            );
            return Err(Stop::Failed(Side::Destination, error.at(&self.path)));
        }
        if landed::is_our_own(job, &existing) {
            // An earlier attempt stored it and could not prove it: the right bytes take its place.
            self.replace = true;
            return Ok(Next::TryAgain);
        }
        let rule = job.rule();
        let may_be_ours = job.row.claims > 1 || matches!(rule, ConflictRule::Ask | ConflictRule::Newer);
        if may_be_ours && existing.size == stamp.size {
            let sha256 = match sha256 {
                Some(known) => known,
                None => crate::reader::hash_of(&job.source, &job.row.source.path, stamp).await.at_source()?,
            };
            let version = existing.version.as_deref();
            let comparison = prove::compare(&job.target, &self.path, version, stamp.size, sha256).await.at_target()?;
            if let Comparison::Equal(proof) = comparison {
                return Ok(Next::There(receipt_of(&existing, proof), sha256));
            }
        }
        self.follow(job, stamp, Some(&existing)).await
    }

    /// The very bytes, where an earlier attempt brought them without our hearing of it.
    pub(crate) async fn landed(&self, job: &Job, stamp: &Stamp, sha256: Sha256) -> Result<Option<Receipt>, Stop> {
        if job.row.claims <= 1 {
            return Ok(None);
        }
        let existing = self.look(job).await?;
        let Some(existing) = existing.filter(|entry| entry.kind == EntryKind::File && entry.size == stamp.size) else {
            return Ok(None);
        };
        let version = existing.version.as_deref();
        match prove::compare(&job.target, &self.path, version, stamp.size, sha256).await.at_target()? {
            Comparison::Equal(proof) => Ok(Some(receipt_of(&existing, proof))),
            Comparison::Different | Comparison::CannotTell => Ok(None),
        }
    }

    async fn look(&self, job: &Job) -> Result<Option<Entry>, Stop> {
        match job.target.open.connector.list() {
            Some(list) => list.stat(&self.path).await.at_target(),
            None => Ok(None),
        }
    }

    async fn follow(&mut self, job: &Job, stamp: &Stamp, existing: Option<&Entry>) -> Result<Next, Stop> {
        if job.row.stamp.agreed == Some(Agreed::Nothing) {
            return Err(self.not_as_agreed("something has that name by now"));
        }
        let source = EntryState { size: stamp.size, modified: stamp.modified };
        let there = existing.map_or(EntryState { size: 0, modified: None }, |entry| EntryState {
            size: entry.size,
            modified: entry.modified,
        });
        match resolve(job.rule(), source, Some(there)) {
            Resolution::WriteNew | Resolution::Replace => self.replace = true,
            Resolution::Skip => {
                let path = self.path.clone();
                let newer = job.rule() == ConflictRule::Newer;
                let note = if newer { StoryNote::NotOlder { path } } else { StoryNote::ThereAlready { path } };
                return Err(Stop::Skip(note));
            }
            Resolution::Rename => self.take_next_number(job).await?,
            Resolution::Ask => return Err(Stop::Ask(facts(&self.path, source, existing))),
        }
        Ok(Next::TryAgain)
    }

    async fn take_next_number(&mut self, job: &Job) -> Result<(), Stop> {
        while self.number < NUMBERS {
            self.number += 1;
            self.path = self.asked.with_name(&numbered_name(self.asked.name(), self.number));
            if self.look(job).await?.is_none() {
                // Stored before anything is written under it, so that a crash does not take yet another number.
                job.queue.rename_target(job.row.id, self.path.clone()).await?;
                job.writes(&self.path);
                return Ok(());
            }
        }
        let error =
            ConnectorError::new(FailureKind::AlreadyExists, "write", "ten thousand numbered names are taken already");
        Err(Stop::Failed(Side::Destination, error.at(&self.asked)))
    }
}

fn receipt_of(existing: &Entry, proof: Proof) -> Receipt {
    Receipt {
        size: existing.size,
        version: existing.version.clone(),
        modified: existing.modified,
        proof: Some(proof),
        ..Receipt::default()
    }
}

fn facts(path: &RemotePath, source: EntryState, existing: Option<&Entry>) -> Map<String, Value> {
    let mut facts = Map::new();
    facts.insert("path".to_owned(), json!(path));
    facts.insert("source_size".to_owned(), json!(source.size));
    facts.insert("source_modified".to_owned(), json!(source.modified));
    facts.insert("target_size".to_owned(), json!(existing.map(|entry| entry.size)));
    facts.insert("target_modified".to_owned(), json!(existing.and_then(|entry| entry.modified)));
    facts
}
