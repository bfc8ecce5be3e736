//! Misbehaviour on demand, and a journal of what was asked.
//!
//! A test holds a [`Faults`] handle, adds [`Rule`]s and reads the journal; a stand-in asks the same handle, once a
//! request, which faults apply. What a fault looks like on the wire is the business of each stand-in.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Requests kept in the journal; the oldest one leaves first.
pub const JOURNAL_LENGTH: usize = 10_000;

/// One way to misbehave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Waits before the request is looked at.
    Latency(Duration),
    /// Refuses the request with this status and changes nothing.
    Refuse {
        /// HTTP status, or the protocol's own status number.
        status: u16,
        /// The protocol's error code, where it has one; else the usual one for the status.
        code: Option<String>,
        /// Value of `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// Closes the connection after this many bytes of the request's body were read.
    DropRequestAfter(u64),
    /// Closes the connection after this many bytes of the answer's body were sent.
    DropResponseAfter(u64),
    /// Does what was asked, then closes the connection instead of answering.
    DropAnswer,
    /// Never answers, and keeps the connection open.
    Hang,
    /// Inverts one byte of what is stored, at this offset, once the request has stored it.
    CorruptStored(u64),
    /// Inverts one byte of the answer's body, at this offset.
    CorruptResponse(u64),
    /// Announces a length that differs from what is sent by this much.
    WrongLength(i64),
    /// Answers success in the status and an error in the body.
    ErrorInSuccess,
    /// Answers that the credentials ran out.
    ExpiredCredentials,
    /// Answers from the state of this long ago.
    Stale(Duration),
}

impl Fault {
    /// A refusal with the usual error code for `status` and no advice when to come back.
    pub fn refuse(status: u16) -> Self {
        Self::Refuse { status, code: None, retry_after: None }
    }
}

/// Which requests a fault meets, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    fault: Fault,
    operation: Option<String>,
    path: Option<String>,
    skip: u32,
    times: Option<u32>,
}

impl Rule {
    /// A rule that meets the next request, whatever it is, once.
    pub fn new(fault: Fault) -> Self {
        Self { fault, operation: None, path: None, skip: 0, times: Some(1) }
    }

    /// Only requests for this operation, by the protocol's own name (`PutObject`, `SSH_FXP_WRITE`).
    #[must_use]
    pub fn operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Only requests whose decoded path contains this text.
    #[must_use]
    pub fn path(mut self, part: impl Into<String>) -> Self {
        self.path = Some(part.into());
        self
    }

    /// Lets this many matching requests pass first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Meets this many matching requests.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.times = Some(requests);
        self
    }

    /// Meets every matching request until it is cleared.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    fn matches(&self, operation: &str, path: &str) -> bool {
        self.operation.as_deref().is_none_or(|wanted| wanted == operation)
            && self.path.as_deref().is_none_or(|part| path.contains(part))
    }
}

/// One request as a stand-in saw it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Record {
    /// Position since the start of the stand-in, from 0.
    pub number: u64,
    /// The protocol's name of the operation.
    pub operation: String,
    /// HTTP method, or the same as `operation` where the protocol has none.
    pub method: String,
    /// Path as it was sent, without credentials.
    pub path: String,
    /// Answered status; `None` while there is no answer, or where the connection ended without one.
    pub status: Option<u16>,
    /// Bytes of the request's body that were read.
    pub received: u64,
    /// Bytes of the answer's body that were sent.
    pub sent: u64,
}

#[derive(Debug, Default)]
struct State {
    rules: Vec<Rule>,
    journal: VecDeque<Record>,
}

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    next_number: AtomicU64,
}

/// The shared handle: rules in, journal out. Clones are the same handle.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Inner>);

impl Faults {
    /// A handle without rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rule; rules are asked in the order they were added, and all that match apply.
    pub fn inject(&self, rule: Rule) {
        self.state().rules.push(rule);
    }

    /// Removes all rules; the journal stays.
    pub fn clear(&self) {
        self.state().rules.clear();
    }

    /// Rules that still wait for a request.
    pub fn pending(&self) -> usize {
        self.state().rules.len()
    }

    /// The faults that meet this request; counts them off. Called once a request by a stand-in.
    pub fn take(&self, operation: &str, path: &str) -> Vec<Fault> {
        let mut met = Vec::new();
        self.state().rules.retain_mut(|rule| {
            if !rule.matches(operation, path) {
                return true;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                return true;
            }
            match &mut rule.times {
                None => met.push(rule.fault.clone()),
                Some(0) => return false,
                Some(left) => {
                    met.push(rule.fault.clone());
                    *left -= 1;
                    return *left > 0;
                }
            }
            true
        });
        met
    }

    /// Writes down a request that begins and answers its number.
    pub fn begin(&self, operation: &str, method: &str, path: &str) -> u64 {
        let number = self.0.next_number.fetch_add(1, Ordering::Relaxed);
        let record = Record {
            number,
            operation: operation.to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            status: None,
            received: 0,
            sent: 0,
        };
        let mut state = self.state();
        if state.journal.len() >= JOURNAL_LENGTH {
            state.journal.pop_front();
        }
        state.journal.push_back(record);
        number
    }

    /// Changes the record of a request that is still in the journal.
    pub fn amend(&self, number: u64, change: impl FnOnce(&mut Record)) {
        if let Some(record) = self.state().journal.iter_mut().rev().find(|record| record.number == number) {
            change(record);
        }
    }

    /// The requests seen so far, oldest first, at most [`JOURNAL_LENGTH`].
    pub fn journal(&self) -> Vec<Record> {
        self.state().journal.iter().cloned().collect()
    }

    /// Empties the journal; numbers go on.
    pub fn clear_journal(&self) {
        self.state().journal.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_meets_only_its_operation_and_only_so_often() {
        let faults = Faults::new();
        faults.inject(Rule::new(Fault::refuse(503)).operation("PutObject").path("a/").skip(1).times(2));
        let met = |operation: &str, path: &str| faults.take(operation, path).len();
        let seen = [
            met("GetObject", "b/a/1"),
            met("PutObject", "b/c"),
            met("PutObject", "b/a/1"),
            met("PutObject", "b/a/1"),
            met("PutObject", "b/a/2"),
            met("PutObject", "b/a/3"),
        ];
        assert_eq!(seen, [0, 0, 0, 1, 1, 0]);
    }

    #[test]
    fn the_journal_forgets_the_oldest_request_first() {
        let faults = Faults::new();
        for _ in 0..=JOURNAL_LENGTH {
            faults.begin("GetObject", "GET", "/b/k");
        }
        let journal = faults.journal();
        assert_eq!((journal.len(), journal[0].number), (JOURNAL_LENGTH, 1));
    }
}
