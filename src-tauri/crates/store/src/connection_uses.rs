//! What hangs on a connection: transfers by their state, what is still to be looked through, and runs. Read only.

use std::collections::{BTreeMap, HashMap};

use rusqlite::params;
use waybill_model::{ConnectionId, RunId, State, TransferId};

use crate::{Store, StoreError, row::Columns};

/// What hangs on one connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectionUses {
    /// Transfers that begin or end there, by state; states without any are left out.
    pub transfers: BTreeMap<&'static str, u64>,
    /// Runs of which something is still to be looked through.
    pub walking: Vec<RunId>,
    /// Questions that are open about it or about a transfer of it.
    pub attention: u64,
}

impl ConnectionUses {
    /// How many transfers are in this state.
    pub fn in_state(&self, state: State) -> u64 {
        self.transfers.get(state.as_str()).copied().unwrap_or(0)
    }

    /// How many transfers are not over.
    pub fn open(&self) -> u64 {
        State::ALL.into_iter().filter(|state| !state.is_over()).map(|state| self.in_state(state)).sum()
    }
}

const OPEN: &str = "state NOT IN ('done', 'skipped', 'failed', 'cancelled')";
/// One way along the index `transfers_unfinished`, whose first columns these are.
pub(crate) const OPEN_BY_ENDS: &str = "SELECT target_connection, source_connection, count(*) FROM transfers
    WHERE state NOT IN ('done', 'skipped', 'failed', 'cancelled') GROUP BY 1, 2";

/// Whether something is in work or has its time still to come, or stands with all its connections before no person.
const CAN_MOVE: &str = "SELECT EXISTS (
        SELECT 1 FROM transfers WHERE state NOT IN ('done', 'skipped', 'failed', 'cancelled')
            AND state IN ('preparing', 'transferring', 'verifying', 'waiting')
    ) OR EXISTS (
        SELECT 1 FROM (
            SELECT DISTINCT target_connection AS target, source_connection AS source FROM transfers
                WHERE state NOT IN ('done', 'skipped', 'failed', 'cancelled') AND state = 'queued'
            UNION SELECT target_connection, source_connection FROM run_roots WHERE state = 'pending'
        ) WHERE NOT EXISTS (SELECT 1 FROM connections WHERE id IN (target, source) AND health = 'stopped')
    )";

impl Store {
    /// Whether anything is left that an engine could move without a person. It is one look, so that nothing slips from one
    /// state into another in the middle of it.
    pub async fn can_move(&self) -> Result<bool, StoreError> {
        self.read(|tx| Ok(tx.sql.prepare_cached(CAN_MOVE)?.query_row([], |row| row.get(0))?)).await
    }

    /// How many transfers that are not over begin or end at each connection; those without any are left out.
    pub async fn open_transfers(&self) -> Result<HashMap<ConnectionId, u64>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.sql.prepare_cached(OPEN_BY_ENDS)?;
            let mut rows = statement.query([])?;
            let mut counts = HashMap::new();
            while let Some(row) = rows.next()? {
                let mut columns = Columns::of(row);
                let (target, source): (ConnectionId, ConnectionId) = (columns.id()?, columns.id()?);
                let count = columns.bytes()?;
                *counts.entry(target).or_default() += count;
                if source != target {
                    *counts.entry(source).or_default() += count;
                }
            }
            Ok(counts)
        })
        .await
    }

    /// What hangs on a connection.
    pub async fn connection_uses(&self, id: ConnectionId) -> Result<ConnectionUses, StoreError> {
        self.read(move |tx| {
            let place = id.as_bytes().as_slice();
            let mut uses = ConnectionUses::default();
            let mut counting = tx.sql.prepare_cached(
                "SELECT state, count(*) FROM transfers WHERE target_connection = ?1 OR source_connection = ?1 GROUP BY state",
            )?;
            let mut counts = counting.query([place])?;
            while let Some(row) = counts.next()? {
                let mut columns = Columns::of(row);
                uses.transfers.insert(columns.word(State::from_word)?.as_str(), columns.bytes()?);
            }
            let mut walking = tx.sql.prepare_cached(
                "SELECT DISTINCT run_id FROM run_roots WHERE state = 'pending' AND (target_connection = ?1 OR source_connection = ?1)",
            )?;
            uses.walking = walking.query_map([place], |row| Columns::of(row).id())?.collect::<Result<_, _>>()?;
            let attention: i64 = tx.sql.query_row(
                "SELECT count(*) FROM attention LEFT JOIN transfers ON transfers.seq = attention.transfer
                 WHERE settled_at IS NULL AND (attention.connection = ?1 OR target_connection = ?1 OR source_connection = ?1)",
                [place],
                |row| row.get(0),
            )?;
            uses.attention = u64::try_from(attention).unwrap_or(0);
            Ok(uses)
        })
        .await
    }

    /// The transfers that are not over and begin or end there.
    pub async fn open_transfer_ids(&self, id: ConnectionId) -> Result<Vec<TransferId>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.sql.prepare_cached(&format!(
                "SELECT id FROM transfers WHERE {OPEN} AND (target_connection = ?1 OR source_connection = ?1)"
            ))?;
            let ids = statement.query_map([id.as_bytes().as_slice()], |row| Columns::of(row).id())?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The newest runs that begin or end there.
    pub async fn run_ids_of(&self, id: ConnectionId, limit: u32) -> Result<Vec<RunId>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.sql.prepare_cached(
                "SELECT id FROM runs WHERE id IN (
                     SELECT run_id FROM run_roots WHERE target_connection = ?1
                     UNION SELECT run_id FROM run_roots WHERE source_connection = ?1
                 ) ORDER BY created_at DESC LIMIT ?2",
            )?;
            let ids = statement.query_map(params![id.as_bytes().as_slice(), limit], |row| Columns::of(row).id())?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }
}
