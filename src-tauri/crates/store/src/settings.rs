//! Settings of the home: small values by key. Written by the desk alone.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};
use waybill_model::Millis;

use crate::{Store, StoreError, Topic, audit, writer::WriteTx};

const KEEP: &str =
    "INSERT INTO home (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

impl Store {
    /// A setting of the home.
    pub async fn setting(&self, key: &'static str) -> Result<Option<String>, StoreError> {
        self.read(move |tx| {
            Ok(tx.sql.query_row("SELECT value FROM home WHERE key = ?1", [key], |row| row.get(0)).optional()?)
        })
        .await
    }

    /// All settings whose key begins with `start`.
    pub async fn settings(&self, start: &'static str) -> Result<BTreeMap<String, String>, StoreError> {
        self.read(move |tx| {
            let mut statement =
                tx.sql.prepare_cached("SELECT key, value FROM home WHERE substr(key, 1, length(?1)) = ?1")?;
            let rows = statement.query_map([start], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Keeps a setting of the home that nobody changes by hand.
    pub async fn set_setting(&self, key: &'static str, value: String) -> Result<(), StoreError> {
        self.write(move |tx| keep(tx, key, &value)).await
    }

    /// Keeps a setting that a person changed, and who did it: `detail` says what from and to.
    pub async fn change_setting(
        &self,
        key: &'static str,
        value: String,
        at: Millis,
        actor: String,
        detail: String,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            keep(tx, key, &value)?;
            tx.touch(Topic::Settings);
            audit::write(tx, at, &actor, "setting-changed", key, &detail)
        })
        .await
    }
}

/// Writes one value in the transaction of whoever changes more than it.
pub(crate) fn keep(tx: &WriteTx<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    tx.sql.prepare_cached(KEEP)?.execute(params![key, value])?;
    Ok(())
}
