//! Settings of the home: small values by key. Written by the desk alone.

use rusqlite::{OptionalExtension as _, params};

use crate::{Store, StoreError};

impl Store {
    /// A setting of the home.
    pub async fn setting(&self, key: &'static str) -> Result<Option<String>, StoreError> {
        self.read(move |tx| {
            Ok(tx.sql.query_row("SELECT value FROM home WHERE key = ?1", [key], |row| row.get(0)).optional()?)
        })
        .await
    }

    /// Keeps a setting of the home.
    pub async fn set_setting(&self, key: &'static str, value: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute(
                "INSERT INTO home (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                params![key, value],
            )?;
            Ok(())
        })
        .await
    }
}
