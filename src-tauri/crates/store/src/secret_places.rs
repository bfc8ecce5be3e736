//! Which vault holds which secret, changed for many of them at once.

use std::collections::BTreeMap;

use rusqlite::params;
use waybill_model::{ConnectionId, Millis};

use crate::{Store, StoreError, Topic, audit, row::stored_json};

/// The places of one connection's secrets, as they are to be from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretPlaces {
    /// Whose secrets they are.
    pub connection: ConnectionId,
    /// The places that the row is expected to have.
    pub before: BTreeMap<String, String>,
    /// The places that it has afterwards.
    pub after: BTreeMap<String, String>,
}

impl Store {
    /// Changes the places of secrets, and a setting with them; all of it, or nothing where a row is no longer as it was
    /// expected. Answers whether it was done.
    pub async fn move_secret_places(
        &self,
        places: Vec<SecretPlaces>,
        setting: Option<(&'static str, String)>,
        at: Millis,
        actor: String,
        detail: String,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            for one in &places {
                let same: bool = tx
                    .sql
                    .prepare_cached("SELECT EXISTS (SELECT 1 FROM connections WHERE id = ?1 AND secrets = ?2)")?
                    .query_row(params![one.connection.as_bytes().as_slice(), stored_json(&one.before)?], |row| {
                        row.get(0)
                    })?;
                if !same {
                    return Ok(false);
                }
            }
            for one in &places {
                tx.sql
                    .prepare_cached("UPDATE connections SET secrets = ?2, revision = revision + 1 WHERE id = ?1")?
                    .execute(params![one.connection.as_bytes().as_slice(), stored_json(&one.after)?])?;
                let subject = format!("connection:{}", one.connection);
                audit::write(tx, at, &actor, "secrets-moved", &subject, &detail)?;
            }
            if let Some((key, value)) = &setting {
                crate::settings::keep(tx, key, value)?;
                audit::write(tx, at, &actor, "secrets-moved", key, &detail)?;
                tx.touch(Topic::Settings);
            }
            tx.touch(Topic::Connections);
            Ok(true)
        })
        .await
    }
}
