//! People and groups by their numbers: the server names them so, and people do not.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use waybill_connector::Result;
use waybill_model::FailureKind;

use crate::{
    connector::File360Connector,
    wire::{Listed, WireUser},
};

/// People that are kept, and that are asked for at once.
const KEPT: usize = 5000;
const AT_ONCE: usize = 50;

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// By what they sign in; what a group is called by the server.
    pub(crate) login: String,
    /// What people call them.
    pub(crate) title: Option<String>,
}

/// Those that were met.
#[derive(Debug, Default)]
pub(crate) struct People(Mutex<HashMap<i64, Named>>);

impl People {
    /// By what somebody signs in; their number where it is not known.
    pub(crate) fn login(&self, id: i64) -> String {
        self.named(id).map_or_else(|| id.to_string(), |named| named.login)
    }

    pub(crate) fn named(&self, id: i64) -> Option<Named> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    pub(crate) fn keep(&self, user: &WireUser) {
        let Some(login) = user.name.clone() else { return };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(user.id, Named { login, title: user.title.clone() });
    }
}

impl File360Connector {
    /// Gets to know these people. Who may not look them up goes on with their numbers.
    pub(crate) async fn meet(&self, operation: &'static str, people: impl IntoIterator<Item = i64>) -> Result<()> {
        let unknown: HashSet<i64> = people.into_iter().filter(|id| self.people.named(*id).is_none()).collect();
        let unknown: Vec<String> = unknown.into_iter().map(|id| id.to_string()).collect();
        for some in unknown.chunks(AT_ONCE) {
            let mut query: Vec<(&str, &str)> = some.iter().map(|id| ("id", id.as_str())).collect();
            query.push(("count", "100"));
            self.keep_all(self.read_json(operation, self.url(&["users"], &query)).await)?;
        }
        Ok(())
    }

    /// Gets to know all groups, where one of these is not known.
    pub(crate) async fn meet_groups(&self, operation: &'static str, groups: &[i64]) -> Result<()> {
        if groups.iter().all(|id| self.people.named(*id).is_some()) {
            return Ok(());
        }
        self.keep_all(self.read_json(operation, self.url(&["groups"], &[("count", "1000")])).await)
    }

    fn keep_all(&self, found: Result<Listed<WireUser>>) -> Result<()> {
        match found {
            Ok(found) => found.items.iter().for_each(|user| self.people.keep(user)),
            Err(error)
                if matches!(error.kind, FailureKind::Denied | FailureKind::NotFound | FailureKind::Unsupported) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
