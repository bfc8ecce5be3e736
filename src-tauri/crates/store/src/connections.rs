//! Connections: what the desk is joined to. Written by the desk; a removed one stays for the history's sake.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};
use serde_json::{Map, Value};
use waybill_model::{ConnectionId, Failure, Millis};

use crate::{
    Store, StoreError, Topic, audit,
    row::{Columns, stored_json},
};

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Health {
    /// Never tried.
    Untested,
    /// The last call went well.
    Well,
    /// The last test or call failed; it is tried again.
    Failed,
    /// Only a person can mend it; nothing is sent meanwhile.
    Stopped,
}

impl Health {
    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Untested => "untested",
            Self::Well => "well",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Untested, Self::Well, Self::Failed, Self::Stopped].into_iter().find(|health| health.as_str() == word)
    }
}

/// In the very words of the index `transfers_unfinished`.
pub(crate) const OPEN_TRANSFERS: &str = "SELECT count(*) FROM transfers
    WHERE state NOT IN ('done', 'skipped', 'failed', 'cancelled') AND (target_connection = ?1 OR source_connection = ?1)";

/// When something of the secrets ends by itself, as the connection's test saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundExpiry {
    /// `session` or `certificate`.
    pub of: String,
    /// From then on it is refused.
    pub at: Millis,
}

/// What a person changed about a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionEdit {
    /// What people call it from now on.
    pub name: String,
    /// Settings by key, all of them.
    pub settings: BTreeMap<String, String>,
    /// Which vault holds each secret, by the secret's key, all of them.
    pub secrets: BTreeMap<String, String>,
    /// When its secrets end, as far as somebody knows.
    pub secret_expires_at: Option<Millis>,
    /// Whether it has to be opened anew and tested again: settings or secrets are others than before.
    pub anew: bool,
    /// For the log: what was changed. Never a value.
    pub changed: String,
}

/// A connection to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConnection {
    /// Its id, made before so that secrets can be kept under it first.
    pub id: ConnectionId,
    /// What people call it; unique but for case.
    pub name: String,
    /// Which connector.
    pub kind: String,
    /// Settings by key.
    pub settings: BTreeMap<String, String>,
    /// Which vault holds each secret, by the secret's key.
    pub secrets: BTreeMap<String, String>,
}

/// A stored connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionRow {
    /// Its id.
    pub id: ConnectionId,
    /// What people call it.
    pub name: String,
    /// Which connector.
    pub kind: String,
    /// Settings by key.
    pub settings: BTreeMap<String, String>,
    /// Which vault holds each secret, by the secret's key.
    pub secrets: BTreeMap<String, String>,
    /// What its test found out.
    pub learned: Map<String, Value>,
    /// What a person should know about it.
    pub remarks: Vec<String>,
    /// Grows with every change that asks for opening it anew.
    pub revision: u64,
    /// How it is.
    pub health: Health,
    /// Why, in words.
    pub health_detail: String,
    /// The last round trip.
    pub latency_ms: Option<u64>,
    /// When it was made.
    pub created_at: Millis,
    /// When it last answered.
    pub last_good_at: Option<Millis>,
    /// When it was removed.
    pub removed_at: Option<Millis>,
    /// When its secrets end, as somebody typed it.
    pub secret_expires_at: Option<Millis>,
    /// The same, as its last test saw it.
    pub found_expiry: Option<FoundExpiry>,
    /// Why the last attempt failed, where it did.
    pub failure: Option<Failure>,
}

const COLUMNS: &str = "id, name, kind, settings, secrets, learned, remarks, revision, health, health_detail, latency_ms, created_at, \
                       last_good_at, removed_at, secret_expires_at, found_expires_at, found_expires_of, failure";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<ConnectionRow> {
    let mut columns = Columns::of(row);
    Ok(ConnectionRow {
        id: columns.id()?,
        name: columns.get()?,
        kind: columns.get()?,
        settings: columns.json()?,
        secrets: columns.json()?,
        learned: columns.json()?,
        remarks: columns.json()?,
        revision: columns.bytes()?,
        health: columns.word(Health::from_word)?,
        health_detail: columns.get()?,
        latency_ms: columns.get::<Option<i64>>()?.and_then(|ms| u64::try_from(ms).ok()),
        created_at: Millis(columns.get()?),
        last_good_at: columns.get::<Option<i64>>()?.map(Millis),
        removed_at: columns.get::<Option<i64>>()?.map(Millis),
        secret_expires_at: columns.get::<Option<i64>>()?.map(Millis),
        found_expiry: {
            let at = columns.get::<Option<i64>>()?;
            let of = columns.get::<Option<String>>()?;
            at.zip(of).map(|(at, of)| FoundExpiry { of, at: Millis(at) })
        },
        failure: columns.maybe_json()?,
    })
}

impl Store {
    /// All that were not removed, by name; this computer is not among them.
    pub async fn connections(&self) -> Result<Vec<ConnectionRow>, StoreError> {
        self.read(|tx| {
            let sql = format!(
                "SELECT {COLUMNS} FROM connections WHERE removed_at IS NULL AND id <> zeroblob(16) ORDER BY name COLLATE NOCASE"
            );
            let mut statement = tx.sql.prepare_cached(&sql)?;
            Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// One by its id, removed or not.
    pub async fn connection(&self, id: ConnectionId) -> Result<ConnectionRow, StoreError> {
        self.read(move |tx| {
            tx.sql
                .prepare_cached(&format!("SELECT {COLUMNS} FROM connections WHERE id = ?1"))?
                .query_row([id.as_bytes().as_slice()], read)
                .optional()?
                .ok_or_else(|| StoreError::Unknown { what: "connection", id: id.to_string() })
        })
        .await
    }

    /// The name of one by its id, removed or not.
    pub async fn connection_name(&self, id: ConnectionId) -> Result<String, StoreError> {
        self.read(move |tx| {
            tx.sql
                .prepare_cached("SELECT name FROM connections WHERE id = ?1")?
                .query_row([id.as_bytes().as_slice()], |row| row.get(0))
                .optional()?
                .ok_or_else(|| StoreError::Unknown { what: "connection", id: id.to_string() })
        })
        .await
    }

    /// One that was not removed, by its name.
    pub async fn connection_named(&self, name: &str) -> Result<ConnectionRow, StoreError> {
        let name = name.to_owned();
        self.read(move |tx| {
            tx.sql
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM connections WHERE name = ?1 COLLATE NOCASE AND removed_at IS NULL"
                ))?
                .query_row([&name], read)
                .optional()?
                .ok_or(StoreError::Unknown { what: "connection", id: name })
        })
        .await
    }

    /// Stores a new connection.
    pub async fn add_connection(&self, new: NewConnection, at: Millis, actor: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            let inserted = tx.sql.execute(
                "INSERT INTO connections (id, name, kind, settings, secrets, learned, health, created_at)
                 SELECT ?1, ?2, ?3, ?4, ?5, '{}', 'untested', ?6
                 WHERE NOT EXISTS (SELECT 1 FROM connections WHERE name = ?2 COLLATE NOCASE AND removed_at IS NULL)",
                params![
                    new.id.as_bytes().as_slice(),
                    new.name,
                    new.kind,
                    stored_json(&new.settings)?,
                    stored_json(&new.secrets)?,
                    at.0
                ],
            )?;
            if inserted == 0 {
                return Err(StoreError::NameTaken(new.name));
            }
            tx.touch(Topic::Connections);
            audit::write(tx, at, &actor, "connection-added", &format!("connection:{}", new.id), &new.name)
        })
        .await
    }

    /// Keeps what a person changed. Only where it has to be opened anew, what was learned before no longer holds.
    pub async fn edit_connection(
        &self,
        id: ConnectionId,
        edit: ConnectionEdit,
        at: Millis,
        actor: String,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            let taken: bool = tx.sql.query_row(
                "SELECT EXISTS (SELECT 1 FROM connections WHERE name = ?2 COLLATE NOCASE AND removed_at IS NULL AND id <> ?1)",
                params![id.as_bytes().as_slice(), edit.name],
                |row| row.get(0),
            )?;
            if taken {
                return Err(StoreError::NameTaken(edit.name));
            }
            tx.sql.execute(
                "UPDATE connections SET name = ?2, settings = ?3, secrets = ?4, secret_expires_at = ?5 WHERE id = ?1",
                params![
                    id.as_bytes().as_slice(),
                    edit.name,
                    stored_json(&edit.settings)?,
                    stored_json(&edit.secrets)?,
                    edit.secret_expires_at.map(|at| at.0)
                ],
            )?;
            if edit.anew {
                tx.sql.execute(
                    "UPDATE connections SET learned = '{}', remarks = '[]', revision = revision + 1, health = 'untested',
                            health_detail = '', failure = NULL, found_expires_at = NULL, found_expires_of = NULL WHERE id = ?1",
                    [id.as_bytes().as_slice()],
                )?;
            }
            tx.touch(Topic::Connections);
            audit::write(tx, at, &actor, "connection-changed", &format!("connection:{id}"), &edit.changed)
        })
        .await
    }

    /// Takes back a removal, if nobody else has the name meanwhile. It has to be tested again.
    pub async fn restore_connection(&self, id: ConnectionId, at: Millis, actor: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            let name: String =
                tx.sql.query_row("SELECT name FROM connections WHERE id = ?1", [id.as_bytes().as_slice()], |row| {
                    row.get(0)
                })?;
            let restored = tx.sql.execute(
                "UPDATE connections SET removed_at = NULL, health = 'untested', health_detail = '', failure = NULL,
                        revision = revision + 1
                 WHERE id = ?1 AND removed_at IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM connections WHERE name = ?2 COLLATE NOCASE AND removed_at IS NULL)",
                params![id.as_bytes().as_slice(), name],
            )?;
            if restored == 0 {
                return Err(StoreError::NameTaken(name));
            }
            tx.touch(Topic::Connections);
            audit::write(tx, at, &actor, "connection-restored", &format!("connection:{id}"), &name)
        })
        .await
    }

    /// Removed connections whose secrets are still in their vaults.
    pub async fn removed_with_secrets(&self) -> Result<Vec<ConnectionRow>, StoreError> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM connections WHERE removed_at IS NOT NULL AND secrets <> '{{}}'");
            let mut statement = tx.sql.prepare_cached(&sql)?;
            Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Forgets where the secrets of a removed connection were, once they are gone.
    pub async fn forget_secret_places(&self, id: ConnectionId) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute(
                "UPDATE connections SET secrets = '{}' WHERE id = ?1 AND removed_at IS NOT NULL",
                [id.as_bytes().as_slice()],
            )?;
            Ok(())
        })
        .await
    }

    /// Keeps when the secrets end, as somebody says.
    pub async fn set_secret_expiry(&self, id: ConnectionId, ends: Option<Millis>) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute(
                "UPDATE connections SET secret_expires_at = ?2 WHERE id = ?1",
                params![id.as_bytes().as_slice(), ends.map(|at| at.0)],
            )?;
            tx.touch(Topic::Connections);
            Ok(())
        })
        .await
    }

    /// Keeps when the secrets end, as a test saw it.
    pub async fn set_found_expiry(&self, id: ConnectionId, found: Option<FoundExpiry>) -> Result<(), StoreError> {
        self.write(move |tx| {
            let (at, of) = found.map_or((None, None), |found| (Some(found.at.0), Some(found.of)));
            tx.sql.execute(
                "UPDATE connections SET found_expires_at = ?2, found_expires_of = ?3 WHERE id = ?1",
                params![id.as_bytes().as_slice(), at, of],
            )?;
            tx.touch(Topic::Connections);
            Ok(())
        })
        .await
    }

    /// Takes a connection out of use; its history stays. Where its secrets are is kept until they are gone.
    pub async fn remove_connection(&self, id: ConnectionId, at: Millis, actor: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute(
                "UPDATE connections SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL",
                params![id.as_bytes().as_slice(), at.0],
            )?;
            tx.touch(Topic::Connections);
            audit::write(tx, at, &actor, "connection-removed", &format!("connection:{id}"), "")
        })
        .await
    }

    /// Keeps what a test found out.
    pub async fn set_learned(
        &self,
        id: ConnectionId,
        learned: Map<String, Value>,
        remarks: Vec<String>,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute(
                "UPDATE connections SET learned = ?2, remarks = ?3, revision = revision + 1 WHERE id = ?1",
                params![id.as_bytes().as_slice(), stored_json(&learned)?, stored_json(&remarks)?],
            )?;
            tx.touch(Topic::Connections);
            Ok(())
        })
        .await
    }

    /// How many transfers that are not over begin or end there.
    pub async fn open_transfers_of(&self, id: ConnectionId) -> Result<u64, StoreError> {
        self.read(move |tx| {
            let count: i64 =
                tx.sql.prepare_cached(OPEN_TRANSFERS)?.query_row([id.as_bytes().as_slice()], |row| row.get(0))?;
            Ok(u64::try_from(count).unwrap_or(0))
        })
        .await
    }

    /// Keeps how a connection is. Without a change nothing is written.
    pub async fn set_health(
        &self,
        id: ConnectionId,
        health: Health,
        detail: String,
        latency_ms: Option<u64>,
        at: Millis,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            let good_at = (health == Health::Well).then_some(at.0);
            tx.sql.execute(
                "UPDATE connections SET health = ?2, health_detail = ?3, failure = NULL, latency_ms = ifnull(?4, latency_ms),
                        last_good_at = ifnull(?5, last_good_at) WHERE id = ?1",
                params![
                    id.as_bytes().as_slice(),
                    health.as_str(),
                    detail,
                    latency_ms.and_then(|ms| i64::try_from(ms).ok()),
                    good_at
                ],
            )?;
            tx.touch(Topic::Connections);
            Ok(())
        })
        .await
    }

    /// Keeps why a connection does not work: in the model's words for the window, and as a sentence.
    pub async fn set_failing(
        &self,
        id: ConnectionId,
        health: Health,
        failure: Failure,
        detail: String,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute(
                "UPDATE connections SET health = ?2, health_detail = ?3, failure = ?4 WHERE id = ?1",
                params![id.as_bytes().as_slice(), health.as_str(), detail, stored_json(&failure)?],
            )?;
            tx.touch(Topic::Connections);
            Ok(())
        })
        .await
    }
}
