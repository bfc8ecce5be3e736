//! Lists of the queue and its history: a run's rows in the order of their line, and what a filter leaves, newest first.
//!
//! A filter is followed along whatever names the fewest rows: the index of the history, the few that are open or not
//! matched, or the rows as they came. One look goes through [`LOOKED`] rows at most, so that no filter, however it is
//! put together, takes longer than a moment; where it ends, the next look goes on.

use rusqlite::{OptionalExtension as _, params};
use waybill_model::{Evidence, Millis, Pace, RunId, State, TransferId};

use super::{COLUMNS, Filter, TransferRow, filter::Facts, history, read};
use crate::{
    StoreError,
    reader::ReadTx,
    row::Columns,
    search::{self, Query, Words},
};

/// Rows that one look goes through.
const LOOKED: usize = 2_000;
/// Up to so many rows are looked at one by one before the index is asked.
const FEW: usize = 2_000;

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub i64);

/// A piece of a list, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferPage {
    /// The rows.
    pub rows: Vec<TransferRow>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
}

pub(crate) fn page(
    tx: &ReadTx<'_>,
    filter: &Filter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<TransferPage, StoreError> {
    let (seqs, next) = look(tx, filter, after, limit as usize)?;
    let mut statement = tx.sql.prepare_cached(&format!("SELECT {COLUMNS} FROM transfers WHERE seq = ?1"))?;
    let rows = seqs.iter().map(|seq| statement.query_row([seq], read)).collect::<Result<_, _>>()?;
    Ok(TransferPage { rows, next })
}

/// The ids of a page alone.
pub(crate) fn ids(
    tx: &ReadTx<'_>,
    filter: &Filter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<(Vec<TransferId>, Option<Cursor>), StoreError> {
    let (seqs, next) = look(tx, filter, after, limit as usize)?;
    let mut statement = tx.sql.prepare_cached("SELECT id FROM transfers WHERE seq = ?1")?;
    let id = |seq: &i64| statement.query_row([seq], |row| row.get::<_, [u8; 16]>(0)).map(TransferId::from_bytes);
    Ok((seqs.iter().map(id).collect::<Result<_, _>>()?, next))
}

/// A piece of a run in the order of its line.
pub(crate) fn block(
    tx: &ReadTx<'_>,
    run: RunId,
    pace: Option<Pace>,
    skipped: u64,
    limit: u32,
) -> Result<Vec<TransferRow>, StoreError> {
    let mut statement = tx.sql.prepare_cached(&block_sql(pace))?;
    let run = run.as_bytes().as_slice();
    let skipped = i64::try_from(skipped).unwrap_or(i64::MAX);
    let rows = match pace {
        Some(pace) => statement.query_map(params![run, limit, skipped, pace.as_str()], read)?,
        None => statement.query_map(params![run, limit, skipped], read)?,
    };
    Ok(rows.collect::<Result<_, _>>()?)
}

fn block_sql(pace: Option<Pace>) -> String {
    let at_pace = if pace.is_some() { "AND pace = ?4" } else { "" };
    format!(
        "SELECT {COLUMNS} FROM transfers WHERE run_id = ?1 {at_pace} ORDER BY priority DESC, place LIMIT ?2 OFFSET ?3"
    )
}

/// Along what a filter is followed.
enum Along {
    /// Rows that were read already.
    Few(Few),
    /// The rows as they came.
    Rows,
    /// What the index answers, after the rows that it does not have yet.
    Index(Query),
}

/// All rows of some states or grades, newest first.
struct Few {
    seqs: Vec<i64>,
    /// Where there are more, they come after this one.
    ends_at: Option<i64>,
}

/// The rows of a page, and where the next one begins.
fn look(
    tx: &ReadTx<'_>,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<(Vec<i64>, Option<Cursor>), StoreError> {
    let Some((first, last)) = history::bounds(tx, filter)? else { return Ok((Vec::new(), None)) };
    let last = after.map_or(last, |Cursor(seq)| last.min(seq.saturating_sub(1)));
    let mut search = Search::new(tx, filter, limit)?;
    match along(tx, filter, first, last)? {
        Along::Few(few) => {
            for seq in few.seqs {
                if !search.look_at(seq, true)? {
                    break;
                }
            }
            search.stopped_at = search.stopped_at.or(few.ends_at);
        }
        Along::Rows => search.walk(ROWS, params![first, last], true)?,
        Along::Index(query) => {
            let indexed = search::indexed_to(tx.sql)?;
            if last > indexed {
                search.walk(ROWS, params![first.max(indexed + 1), last], true)?;
            }
            if search.goes_on() && first <= indexed {
                search.walk(INDEXED, params![first, last.min(indexed), query.text], query.loose)?;
            }
        }
    }
    Ok(search.end())
}

const ROWS: &str = "SELECT seq FROM transfers WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq DESC";
const INDEXED: &str = "SELECT rowid FROM transfer_search WHERE transfer_search MATCH ?3 AND rowid BETWEEN ?1 AND ?2
                       ORDER BY rowid DESC";

fn along(tx: &ReadTx<'_>, filter: &Filter, first: i64, last: i64) -> Result<Along, StoreError> {
    let few = match by_state(tx, filter, first, last)? {
        Some(few) if few.ends_at.is_none() => Some(few),
        states => by_evidence(tx, filter, first, last)?.or(states),
    };
    let query = match &few {
        Some(few) if few.ends_at.is_none() => None,
        _ => search::query(filter, |word| search::is_common(tx.sql, word, first, last))?,
    };
    Ok(match (few, query) {
        (Some(few), query) if query.as_ref().is_none_or(|query| query.broad) => Along::Few(few),
        (_, Some(query)) => Along::Index(query),
        (_, None) => Along::Rows,
    })
}

/// The rows of the wanted states, if those are open ones.
fn by_state(tx: &ReadTx<'_>, filter: &Filter, first: i64, last: i64) -> Result<Option<Few>, StoreError> {
    if filter.states.is_empty() || filter.states.iter().any(|state| matches!(state, State::Done | State::Skipped)) {
        return Ok(None);
    }
    let words: Vec<_> = filter.states.iter().map(|state| state.as_str()).collect();
    // The words of the index `transfers_open`.
    few(tx, "state = ?1 AND state NOT IN ('done', 'skipped')", &words, first, last).map(Some)
}

/// The rows of the wanted grades, if those are unusual ones.
fn by_evidence(tx: &ReadTx<'_>, filter: &Filter, first: i64, last: i64) -> Result<Option<Few>, StoreError> {
    let unusual = |grade: &Evidence| matches!(grade, Evidence::Sent | Evidence::Accepted | Evidence::Confirmed);
    if filter.evidence.is_empty() || !filter.evidence.iter().all(unusual) {
        return Ok(None);
    }
    let words: Vec<_> = filter.evidence.iter().map(|grade| grade.as_str()).collect();
    // The words of the index `transfers_evidence`.
    few(tx, "evidence = ?1 AND evidence IN ('sent', 'accepted', 'confirmed')", &words, first, last).map(Some)
}

fn few(tx: &ReadTx<'_>, condition: &str, words: &[&str], first: i64, last: i64) -> Result<Few, StoreError> {
    let sql =
        format!("SELECT seq FROM transfers WHERE {condition} AND seq BETWEEN ?2 AND ?3 ORDER BY seq DESC LIMIT {FEW}");
    let mut statement = tx.sql.prepare_cached(&sql)?;
    let mut seqs: Vec<i64> = Vec::new();
    let mut ends_at = None;
    for word in words {
        let before = seqs.len();
        for seq in statement.query_map(params![word, first, last], |row| row.get(0))? {
            seqs.push(seq?);
        }
        if seqs.len() - before == FEW {
            // Of this word there may be more: below its last row nothing is known.
            ends_at = ends_at.max(seqs.last().copied());
        }
    }
    seqs.retain(|seq| ends_at.is_none_or(|end| *seq >= end));
    seqs.sort_unstable_by(|a, b| b.cmp(a));
    Ok(Few { seqs, ends_at })
}

/// One look: what it found, and how far it went.
struct Search<'a, 'c> {
    tx: &'a ReadTx<'c>,
    filter: &'a Filter,
    words: Option<Words>,
    facts: rusqlite::CachedStatement<'c>,
    found: Vec<i64>,
    limit: usize,
    looked: usize,
    /// The last row that was looked at, if the look ended there.
    stopped_at: Option<i64>,
}

impl<'a, 'c> Search<'a, 'c> {
    fn new(tx: &'a ReadTx<'c>, filter: &'a Filter, limit: usize) -> Result<Self, StoreError> {
        let facts = tx.sql.prepare_cached(
            "SELECT t.run_id, t.source_connection, t.target_connection, t.state, t.evidence, t.created_at,
                    CASE WHEN ?2 THEN t.source_path || ' ' || t.target_path || ' '
                        || (SELECT title FROM runs WHERE id = t.run_id) ELSE '' END
             FROM transfers t WHERE t.seq = ?1",
        )?;
        let words = Words::of(&filter.words);
        Ok(Self { tx, filter, words, facts, found: Vec::new(), limit, looked: 0, stopped_at: None })
    }

    fn goes_on(&self) -> bool {
        self.stopped_at.is_none()
    }

    fn walk(&mut self, sql: &str, marks: impl rusqlite::Params, words: bool) -> Result<(), StoreError> {
        let tx = self.tx;
        let mut statement = tx.sql.prepare_cached(sql)?;
        let mut rows = statement.query(marks)?;
        while let Some(row) = rows.next()? {
            if !self.look_at(row.get(0)?, words)? {
                break;
            }
        }
        Ok(())
    }

    /// Looks at one row, at its words only where nobody did. Answers whether the look goes on.
    fn look_at(&mut self, seq: i64, words: bool) -> Result<bool, StoreError> {
        let by_hand = self.words.as_ref().filter(|_| words);
        let facts = self.facts.query_row(params![seq, by_hand.is_some()], facts).optional()?;
        if facts.is_some_and(|facts| self.filter.takes(&facts, by_hand)) {
            self.found.push(seq);
        }
        self.looked += 1;
        if self.found.len() > self.limit || self.looked >= LOOKED {
            self.stopped_at = Some(seq);
        }
        Ok(self.goes_on())
    }

    fn end(mut self) -> (Vec<i64>, Option<Cursor>) {
        let more = self.found.len() > self.limit;
        self.found.truncate(self.limit);
        let next = if more { self.found.last().copied() } else { self.stopped_at };
        (self.found, next.map(Cursor))
    }
}

fn facts(row: &rusqlite::Row<'_>) -> rusqlite::Result<Facts> {
    let mut columns = Columns::of(row);
    Ok(Facts {
        run: columns.id()?,
        source: columns.id()?,
        target: columns.id()?,
        state: columns.word(State::from_word)?,
        evidence: columns.word(Evidence::from_word)?,
        created_at: Millis(columns.get()?),
        text: columns.get()?,
    })
}

#[cfg(test)]
mod tests;
