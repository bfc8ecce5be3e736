//! What a connector crate hands to the suite.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use waybill_model::{RemotePath, UploadSession};

use crate::Connector;

/// Makes places for the cases.
#[async_trait]
pub trait Fixture: Send + Sync {
    /// What the table is headed by.
    fn name(&self) -> String;

    /// A fresh, empty place with a connector on it. Each case asks for its own.
    async fn place(&self) -> Box<dyn Place>;

    /// How long a case may take before it counts as one that never ends.
    fn patience(&self) -> Duration {
        Duration::from_mins(2)
    }

    /// Why the remote (never the connector) makes the case called `case` senseless. The case's name is that of its
    /// function: the title of the table with `_` for spaces.
    fn excuse(&self, _case: &str) -> Option<String> {
        None
    }
}

/// An empty folder on a remote, with a connector that reaches it. Dropping it cleans up.
#[async_trait]
pub trait Place: Send + Sync {
    /// The connector, the same one at each call.
    fn connector(&self) -> Arc<dyn Connector>;

    /// The folder below which the cases work; it is there and empty.
    fn base(&self) -> RemotePath {
        RemotePath::root()
    }

    /// Another connector on the same place, as after a restart of the program: it shares nothing in memory.
    async fn reopen(&self) -> Arc<dyn Connector>;

    /// Connectors on the same place whose root setting is spelled otherwise: with and without a slash at
    /// either end. Each comes with its spelling.
    async fn other_spellings(&self) -> Vec<(String, Arc<dyn Connector>)> {
        Vec::new()
    }

    /// Somebody who makes the remote fail.
    fn faults(&self) -> Option<&dyn Faults> {
        None
    }

    /// Somebody else at work on the same remote.
    fn outside(&self) -> Option<&dyn Outside> {
        None
    }

    /// Somebody who puts up tasks there.
    fn task_bench(&self) -> Option<&dyn TaskBench> {
        None
    }

    /// Somebody who has a process to start there.
    fn process_bench(&self) -> Option<&dyn ProcessBench> {
        None
    }

    /// Somebody else who keeps a file to themselves.
    fn lock_bench(&self) -> Option<&dyn LockBench> {
        None
    }

    /// Somebody who makes one file fit a filter.
    fn search_bench(&self) -> Option<&dyn SearchBench> {
        None
    }

    /// A file plan that stands there.
    fn file_plan_bench(&self) -> Option<&dyn FilePlanBench> {
        None
    }

    /// Somebody else there.
    fn people_bench(&self) -> Option<&dyn PeopleBench> {
        None
    }

    /// A template of workspaces that stands there.
    fn workspace_bench(&self) -> Option<&dyn WorkspaceBench> {
        None
    }

    /// The body that a plain HTTP GET of `link` answers, without any credential; `Err` with the status.
    async fn fetch_link(&self, _link: &str) -> Option<Result<Vec<u8>, u16>> {
        None
    }
}

/// What can go wrong on the way. Each is armed for the next call that it fits, and spends itself on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks before the next part (or write) arrives; nothing of it is stored.
    BeforePart,
    /// The connection breaks in the middle of the next part.
    InPart,
    /// The next part is stored, and the connection breaks before the answer.
    AfterPart,
    /// The next request is answered with an error of the server's own (HTTP 500, `SSH_FX_FAILURE`).
    ServerError,
    /// The next request is refused as one too many; the answer says when to come again, in seconds, or does not.
    RateLimited {
        /// The `Retry-After`.
        seconds: Option<u64>,
    },
    /// The credentials that were in use stop being valid now. Where the connector can get new ones it may.
    TokenExpires,
    /// The next request is taken and never answered; the connection stays open.
    Hang,
    /// The next call that finishes an upload answers success with an error in its body, and does nothing.
    ErrorInSuccess,
    /// The next read ends after some of the announced bytes, without an error on the wire.
    ShortRead,
}

/// Makes a remote fail on demand.
#[async_trait]
pub trait Faults: Send + Sync {
    /// Arms `fault`. False where this remote cannot fail that way.
    async fn arm(&self, fault: Fault) -> bool;

    /// Takes back what is armed and ends a hang.
    async fn clear(&self);
}

/// Changes a remote behind the connector's back. Paths are those of the connector.
#[async_trait]
pub trait Outside: Send + Sync {
    /// Writes a file, or replaces it, so that its revision differs from the one before.
    async fn put(&self, path: &RemotePath, bytes: &[u8]);

    /// The bytes of a file, or `None` where nothing is there.
    async fn get(&self, path: &RemotePath) -> Option<Vec<u8>>;

    /// Removes a file; nothing if it is not there.
    async fn remove(&self, path: &RemotePath);

    /// Every file below `folder` at any depth by its path from there, hidden and temporary ones and parts of unfinished
    /// uploads included; `None` where it cannot be told.
    async fn everything_below(&self, folder: &RemotePath) -> Option<Vec<String>>;

    /// Changes one byte of what an unfinished upload has stored, keeping its length. False where that cannot be done.
    async fn corrupt(&self, _session: &UploadSession) -> bool {
        false
    }

    /// Makes the remote forget an unfinished upload. False where that cannot be done.
    async fn forget(&self, _session: &UploadSession) -> bool {
        false
    }
}

/// Puts up tasks on a remote, and looks what came of them.
#[async_trait]
pub trait TaskBench: Send + Sync {
    /// Puts up a task that the connector's account may take and does not have, with these outcomes as label and value.
    /// Answers its id.
    async fn put_up(&self, name: &str, outcomes: &[(&str, &str)]) -> String;

    /// Another person takes it. Answers that person, as the remote names people.
    async fn claim_as_another(&self, id: &str) -> String;

    /// What its process was told as the outcome; `None` while nothing is decided.
    async fn decided(&self, id: &str) -> Option<String>;

    /// The connector's account, as the remote names people; `None` where it is no person.
    fn me(&self) -> Option<String>;
}

/// Has a kind of process to start, and brings one to its end.
#[async_trait]
pub trait ProcessBench: Send + Sync {
    /// The key of a model that the connector's account may start; its process waits for one task.
    async fn model(&self) -> String;

    /// Somebody decides that task, so that the process ends.
    async fn finish(&self, process: &str);
}

/// Somebody else who keeps a file to themselves.
#[async_trait]
pub trait LockBench: Send + Sync {
    /// They lock a file that nobody has. Who they are, as the remote names people.
    async fn lock_as_another(&self, path: &RemotePath) -> String;
}

/// Makes a file fit a filter.
#[async_trait]
pub trait SearchBench: Send + Sync {
    /// Makes the file fit a filter that no other file of the place fits. Answers the filter's name and its value.
    async fn mark(&self, path: &RemotePath) -> (String, String);
}

/// Has a file plan.
#[async_trait]
pub trait FilePlanBench: Send + Sync {
    /// The ids of two classes of records management.
    async fn record_classes(&self) -> [String; 2];

    /// The id of another classification.
    async fn plain_class(&self) -> String;

    /// The id of a hold that nothing is under.
    async fn hold(&self) -> String;
}

/// Knows people.
#[async_trait]
pub trait PeopleBench: Send + Sync {
    /// Somebody who is not the connector's account, as the remote names people.
    async fn somebody(&self) -> String;
}

/// Has a template of workspaces.
#[async_trait]
pub trait WorkspaceBench: Send + Sync {
    /// The id of a template whose workspaces are called as they are to be called.
    async fn template(&self) -> String;

    /// Somebody who is not the connector's account, as the remote names people.
    async fn somebody(&self) -> String;

    /// The next workspace is made, and nobody hears of it. False where that cannot be done.
    async fn lose_answer(&self) -> bool;
}
