//! What each quarter of an hour brought: a table of a few rows a day that answers what the history would be walked for.
//! Written by `enqueue` and `apply` in their own transactions. Every time zone begins its days at such a quarter.

use rusqlite::params;
use waybill_model::{Evidence, Millis, RunId};

use super::{Filter, total_of};
use crate::{StoreError, reader::ReadTx, row::stored_bytes, writer::WriteTx};

const QUARTER: i64 = 900_000;

/// What was proved in a span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Matched {
    /// Transfers.
    pub transfers: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Rows `first` to `last` of a run came.
pub(crate) fn came(tx: &WriteTx<'_>, run: RunId, first: i64, last: i64, at: Millis) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(
            "UPDATE runs SET first_seq = min(ifnull(first_seq, ?2), ?2), last_seq = max(ifnull(last_seq, ?3), ?3) WHERE id = ?1",
        )?
        .execute(params![run.as_bytes().as_slice(), first, last])?;
    tx.sql
        .prepare_cached(
            "INSERT INTO quarters (quarter, first_seq, last_seq) VALUES (?1, ?2, ?3) ON CONFLICT (quarter) DO UPDATE SET
                 first_seq = min(ifnull(first_seq, ?2), ?2), last_seq = max(ifnull(last_seq, ?3), ?3)",
        )?
        .execute((at.0.div_euclid(QUARTER), first, last))?;
    Ok(())
}

/// A transfer of this size was matched.
pub(crate) fn matched(tx: &WriteTx<'_>, size: u64, at: Millis) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(
            "INSERT INTO quarters (quarter, matched, matched_bytes) VALUES (?1, 1, ?2) ON CONFLICT (quarter) DO UPDATE SET
                 matched = matched + 1, matched_bytes = matched_bytes + ?2",
        )?
        .execute((at.0.div_euclid(QUARTER), stored_bytes(size)))?;
    Ok(())
}

/// What was matched since the quarter in which `since` lies.
pub(crate) fn matched_since(tx: &ReadTx<'_>, since: Millis) -> Result<Matched, StoreError> {
    let (transfers, bytes): (i64, i64) = tx
        .sql
        .prepare_cached(
            "SELECT ifnull(sum(matched), 0), ifnull(sum(matched_bytes), 0) FROM quarters WHERE quarter >= ?1",
        )?
        .query_row([since.0.div_euclid(QUARTER)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    Ok(Matched { transfers: count(transfers), bytes: count(bytes) })
}

/// The first and the last row that a filter's run, states and times leave; `None` where they leave nothing.
pub(crate) fn bounds(tx: &ReadTx<'_>, filter: &Filter) -> Result<Option<(i64, i64)>, StoreError> {
    let (mut first, mut last) = (0, i64::MAX);
    let mut narrow = |span: (Option<i64>, Option<i64>)| {
        if let (Some(from), Some(to)) = span {
            (first, last) = (first.max(from), last.min(to));
            true
        } else {
            false
        }
    };
    if let Some(run) = filter.run {
        use rusqlite::OptionalExtension as _;
        let span = tx
            .sql
            .prepare_cached("SELECT first_seq, last_seq FROM runs WHERE id = ?1")?
            .query_row([run.as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if !narrow(span.unwrap_or_default()) {
            return Ok(None);
        }
    }
    if let Some(condition) = of_runs(filter) {
        let span = tx
            .sql
            .prepare_cached(&format!("SELECT min(first_seq), max(last_seq) FROM runs WHERE {condition}"))?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if !narrow(span) {
            return Ok(None);
        }
    }
    if filter.since.is_some() || filter.until.is_some() {
        let from = filter.since.map_or(i64::MIN, |since| since.0.div_euclid(QUARTER));
        let to = filter.until.map_or(i64::MAX, |until| until.0.div_euclid(QUARTER));
        let span = tx
            .sql
            .prepare_cached("SELECT min(first_seq), max(last_seq) FROM quarters WHERE quarter BETWEEN ?1 AND ?2")?
            .query_row((from, to), |row| Ok((row.get(0)?, row.get(1)?)))?;
        if !narrow(span) {
            return Ok(None);
        }
    }
    Ok((first <= last).then_some((first, last)))
}

/// Which runs can have such transfers at all, by their totals.
fn of_runs(filter: &Filter) -> Option<String> {
    let totals: Vec<_> = filter.states.iter().map(|state| format!("{} > 0", total_of(*state))).collect();
    let proved = !filter.evidence.is_empty() && filter.evidence.iter().all(|grade| *grade >= Evidence::Matched);
    let by_state = if totals.is_empty() { None } else { Some(format!("({})", totals.join(" OR "))) };
    let by_evidence = proved.then(|| "matched > 0".to_owned());
    let conditions: Vec<_> = by_state.into_iter().chain(by_evidence).collect();
    if conditions.is_empty() { None } else { Some(conditions.join(" AND ")) }
}
