//! The comments and locks of the remote in memory.
#![expect(clippy::result_large_err, reason = "the contract's own error")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use waybill_model::{FailureKind, RemotePath};

use super::memory::{Bug, Files};
use crate::{
    Comment, Comments, ConnectorError, FileLock, Locks, Result, TAKEN_BY,
    conformance::{CommentBench, LockBench},
};

const ME: &str = "me";
const OTHER: &str = "other";

#[derive(Debug, Default)]
struct Desk {
    comments: Vec<(RemotePath, Comment)>,
    locks: BTreeMap<RemotePath, String>,
    counter: u64,
    loses_answer: bool,
}

/// Comments and locks, known to all handles on one place.
#[derive(Debug, Clone)]
pub(super) struct MemoryTalk {
    desk: Arc<Mutex<Desk>>,
    files: Files,
    bug: Bug,
}

fn fail<T>(kind: FailureKind, why: &str) -> Result<T> {
    Err(ConnectorError::new(kind, "talk", why))
}

impl MemoryTalk {
    pub(super) fn new(files: Files, bug: Bug) -> Self {
        Self { desk: Arc::default(), files, bug }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap()
    }

    fn need(&self, path: &RemotePath) -> Result<()> {
        if self.files.is_there(path) { Ok(()) } else { fail(FailureKind::NotFound, "nothing there") }
    }

    fn say(&self, path: &RemotePath, text: &str, by: &str) -> Comment {
        let mut desk = self.desk();
        desk.counter += 1;
        let comment =
            Comment { id: desk.counter.to_string(), by: Some(by.to_owned()), at: None, text: text.to_owned() };
        desk.comments.push((path.clone(), comment.clone()));
        comment
    }

    /// Fails where another has it.
    pub(super) fn free_for_me(&self, path: &RemotePath) -> Result<()> {
        match self.desk().locks.get(path).filter(|by| *by != ME) {
            Some(by) => {
                let error = ConnectorError::new(FailureKind::Locked, "lock", "taken");
                Err(if self.bug == Bug::ForgetsWho { error } else { error.with(TAKEN_BY, by.clone()) })
            }
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Comments for MemoryTalk {
    async fn comments(&self, path: &RemotePath) -> Result<Vec<Comment>> {
        self.need(path)?;
        let desk = self.desk();
        Ok(desk.comments.iter().filter(|(on, _)| on == path).map(|(_, comment)| comment.clone()).collect())
    }

    async fn comment(&self, path: &RemotePath, text: &str) -> Result<Comment> {
        self.need(path)?;
        if std::mem::take(&mut self.desk().loses_answer) && self.bug == Bug::SaysTwice {
            self.say(path, text, ME);
        }
        Ok(self.say(path, text, ME))
    }

    async fn delete_comment(&self, path: &RemotePath, id: &str) -> Result<()> {
        self.need(path)?;
        let mut desk = self.desk();
        if desk.comments.iter().any(|(_, comment)| comment.id == id && comment.by.as_deref() != Some(ME)) {
            return fail(FailureKind::Denied, "somebody else's");
        }
        desk.comments.retain(|(_, comment)| comment.id != id);
        Ok(())
    }
}

#[async_trait]
impl CommentBench for MemoryTalk {
    async fn comment_as_another(&self, path: &RemotePath, text: &str) -> (String, String) {
        (self.say(path, text, OTHER).id, OTHER.to_owned())
    }
    async fn lose_answer(&self) -> bool {
        self.desk().loses_answer = true;
        true
    }
}

#[async_trait]
impl Locks for MemoryTalk {
    async fn lock_of(&self, path: &RemotePath) -> Result<Option<FileLock>> {
        self.need(path)?;
        let by = self.desk().locks.get(path).cloned();
        Ok(by.map(|by| FileLock { mine: by == ME, by, since: None, expires: None }))
    }

    async fn lock(&self, path: &RemotePath) -> Result<FileLock> {
        self.need(path)?;
        self.free_for_me(path)?;
        self.desk().locks.insert(path.clone(), ME.to_owned());
        Ok(FileLock { by: ME.to_owned(), mine: true, since: None, expires: None })
    }

    async fn unlock(&self, path: &RemotePath) -> Result<()> {
        self.free_for_me(path)?;
        self.desk().locks.remove(path);
        Ok(())
    }
}

#[async_trait]
impl LockBench for MemoryTalk {
    async fn lock_as_another(&self, path: &RemotePath) -> String {
        self.desk().locks.insert(path.clone(), OTHER.to_owned());
        OTHER.to_owned()
    }
}
