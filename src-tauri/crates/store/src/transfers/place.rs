//! The order of the line: what people put where. Only what has not begun has a place that matters.

use rusqlite::params;
use waybill_model::TransferId;

use crate::{Queue, StoreError, Topic, writer::WriteTx};

/// Those that stand in line or will again.
const IN_LINE: &str = "state IN ('queued', 'waiting', 'paused')";

impl Queue {
    /// Puts transfers first in their lines, in the order given.
    pub async fn move_first(&self, ids: Vec<TransferId>) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                let first: f64 = tx.sql.query_row(
                    "SELECT ifnull(min(place), 0) FROM transfers WHERE state = 'queued'",
                    [],
                    |row| row.get(0),
                )?;
                for (steps, id) in (1_u32..).zip(ids.iter().rev()) {
                    put(tx, *id, first - f64::from(steps))?;
                }
                tx.touch(Topic::Transfers);
                Ok(())
            })
            .await
    }

    /// Puts transfers last in their lines, in the order given.
    pub async fn move_last(&self, ids: Vec<TransferId>) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                let last: f64 = tx.sql.query_row(
                    "SELECT ifnull(max(place), 0) FROM transfers WHERE state = 'queued'",
                    [],
                    |row| row.get(0),
                )?;
                for (steps, id) in (1_u32..).zip(&ids) {
                    put(tx, *id, last + f64::from(steps))?;
                }
                tx.touch(Topic::Transfers);
                Ok(())
            })
            .await
    }

    /// Puts transfers right before another in its line, in the order given.
    pub async fn move_before(&self, ids: Vec<TransferId>, other: TransferId) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                // Each goes right before the one that was asked for, so that they come to stand in their order.
                for id in &ids {
                    tx.sql
                        .prepare_cached(&format!(
                            "UPDATE transfers SET (place, priority) = (SELECT (o.place + ifnull((SELECT max(b.place) FROM transfers b
                                     WHERE b.state = 'queued' AND b.place < o.place AND b.id <> ?1), o.place - 2.0)) / 2.0, o.priority
                                 FROM transfers o WHERE o.id = ?2)
                             WHERE id = ?1 AND id <> ?2 AND {IN_LINE} AND EXISTS (SELECT 1 FROM transfers WHERE id = ?2)"
                        ))?
                        .execute((id.as_bytes().as_slice(), other.as_bytes().as_slice()))?;
                }
                tx.touch(Topic::Transfers);
                Ok(())
            })
            .await
    }

    /// Gives transfers another priority; higher goes first.
    pub async fn set_priority(&self, ids: Vec<TransferId>, priority: i64) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                for id in &ids {
                    tx.sql
                        .prepare_cached(&format!("UPDATE transfers SET priority = ?2 WHERE id = ?1 AND {IN_LINE}"))?
                        .execute((id.as_bytes().as_slice(), priority))?;
                }
                tx.touch(Topic::Transfers);
                Ok(())
            })
            .await
    }
}

fn put(tx: &WriteTx<'_>, id: TransferId, place: f64) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(&format!("UPDATE transfers SET place = ?2 WHERE id = ?1 AND {IN_LINE}"))?
        .execute(params![id.as_bytes().as_slice(), place])?;
    Ok(())
}
