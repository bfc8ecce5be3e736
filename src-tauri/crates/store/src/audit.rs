//! Who did what, in order. Written beside every change in the same transaction; never changed afterwards.

use rusqlite::params;
use waybill_model::Millis;

use crate::{Store, StoreError, row::Columns, writer::WriteTx};

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, without gaps.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// Who: an operator, `engine`.
    pub actor: String,
    /// What was done.
    pub act: String,
    /// To what: `transfer:…`, `connection:…`.
    pub subject: String,
    /// With what result.
    pub detail: String,
}

/// Adds a line.
pub(crate) fn write(
    tx: &WriteTx<'_>,
    at: Millis,
    actor: &str,
    act: &str,
    subject: &str,
    detail: &str,
) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached("INSERT INTO audit (at, actor, act, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![at.0, actor, act, subject, detail])?;
    Ok(())
}

impl Store {
    /// The lines after number `after`, oldest first.
    pub async fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.sql.prepare_cached(
                "SELECT seq, at, actor, act, subject, detail FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            )?;
            let rows = statement.query_map(params![after, limit], |row| {
                let mut columns = Columns::of(row);
                Ok(AuditRow {
                    seq: columns.get()?,
                    at: Millis(columns.get()?),
                    actor: columns.get()?,
                    act: columns.get()?,
                    subject: columns.get()?,
                    detail: columns.get()?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Adds a line for something that changes no row: a vault was opened, a link was made.
    pub async fn note(
        &self,
        at: Millis,
        actor: String,
        act: &'static str,
        subject: String,
        detail: String,
    ) -> Result<(), StoreError> {
        self.write(move |tx| write(tx, at, &actor, act, &subject, &detail)).await
    }
}
