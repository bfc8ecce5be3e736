//! The one door through which a transfer's state changes: the row, its event, its audit line and its run's totals,
//! in one transaction.

use std::borrow::Cow;

use rusqlite::{OptionalExtension as _, params};
use waybill_model::{
    ConflictRule, Event, Evidence, Failure, Millis, Proof, Receipt, RemotePath, RunId, Sha256, Stamp, State, StoryNote,
    TransferId, next,
};

use super::{history, total_of};
use crate::{
    StoreError, Topic, audit,
    row::{Columns, stored_bytes, stored_json},
    runs,
    writer::WriteTx,
};

/// What an event brings with it. `None` leaves a column as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// What the story says of it.
    pub note: Option<StoryNote>,
    /// What a remote or the operating system said, in its own words; without it the note's English words stand there.
    pub detail: String,
    /// Why it waits, asks or failed. Cleared by every event that leads back to work.
    pub failure: Option<Failure>,
    /// When it starts again by itself.
    pub due_at: Option<Millis>,
    /// The grade reached. It never sinks while bytes stay the same; `Started` begins anew.
    pub evidence: Option<Evidence>,
    /// What *matched* rests on.
    pub proof: Option<Proof>,
    /// SHA-256 of the source.
    pub sha256: Option<Sha256>,
    /// What the remote says that it stored.
    pub receipt: Option<Receipt>,
    /// What the source looks like now, with its size.
    pub stamp: Option<Stamp>,
    /// Another name at the target.
    pub target_path: Option<RemotePath>,
    /// A person's answer to a conflict.
    pub conflict: Option<ConflictRule>,
    /// The remote took bytes since the last failure: attempts are counted from here.
    pub progressed: bool,
}

impl Change {
    /// What the story says.
    pub fn noted(note: StoryNote) -> Self {
        Self { note: Some(note), ..Self::default() }
    }

    /// One end failed: why, for the row, and for the story in the end's own words.
    pub fn failed(failure: Failure, words: String) -> Self {
        Self { note: Some(StoryNote::from(&failure)), detail: words, failure: Some(failure), ..Self::default() }
    }

    fn words(&self) -> Cow<'_, str> {
        match &self.note {
            Some(note) if self.detail.is_empty() => Cow::Owned(note.to_string()),
            _ => Cow::Borrowed(&self.detail),
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The state that was stored.
    pub state: State,
    /// The failed attempts so far.
    pub attempts: u32,
}

struct Before {
    seq: i64,
    run: RunId,
    state: State,
    evidence: Evidence,
    attempts: u32,
    size: u64,
}

pub(crate) fn apply(
    tx: &mut WriteTx<'_>,
    id: TransferId,
    event: Event,
    change: &Change,
    at: Millis,
    actor: &str,
) -> Result<Applied, StoreError> {
    let before = load(tx, id)?;
    let transition = next(before.state, event)?;
    let attempts = match (transition.resets_attempts, transition.counts_attempt) {
        (true, _) => 0,
        (_, true) if change.progressed => 1,
        (_, true) => before.attempts.saturating_add(1),
        _ => before.attempts,
    };
    let started = event == Event::Started;
    let evidence = if started { Evidence::None } else { before.evidence.max(change.evidence.unwrap_or_default()) };
    let size = change.stamp.as_ref().map_or(before.size, |stamp| stamp.size);
    update(
        tx,
        &before,
        transition.to,
        change,
        &Settled { attempts, evidence, size, started, claimed: event == Event::Claimed, at },
    )?;
    let words = change.words();
    write_event(tx, before.seq, event, transition.to, (change.note.as_ref(), &words), at)?;
    move_totals(tx, &before, transition.to, evidence, size)?;
    if transition.to == State::Done && evidence >= Evidence::Matched {
        history::matched(tx, size, at)?;
    }
    if transition.to.is_over() {
        runs::note_end(tx, before.run, at)?;
    }
    audit::write(tx, at, actor, event.as_str(), &format!("transfer:{id}"), &words)?;
    if transition.to == State::Done {
        tx.sql.prepare_cached("DELETE FROM upload_sessions WHERE transfer = ?1")?.execute([before.seq])?;
        tx.sql.prepare_cached("DELETE FROM upload_begins WHERE transfer = ?1")?.execute([before.seq])?;
    }
    tx.touch(Topic::Transfers);
    tx.touch(Topic::Runs);
    Ok(Applied { state: transition.to, attempts })
}

struct Settled {
    attempts: u32,
    evidence: Evidence,
    size: u64,
    started: bool,
    claimed: bool,
    at: Millis,
}

fn load(tx: &WriteTx<'_>, id: TransferId) -> Result<Before, StoreError> {
    tx.sql
        .prepare_cached("SELECT seq, run_id, state, evidence, attempts, size FROM transfers WHERE id = ?1")?
        .query_row([id.as_bytes().as_slice()], |row| {
            let mut columns = Columns::of(row);
            Ok(Before {
                seq: columns.get()?,
                run: columns.id()?,
                state: columns.word(State::from_word)?,
                evidence: columns.word(Evidence::from_word)?,
                attempts: columns.get()?,
                size: columns.bytes()?,
            })
        })
        .optional()?
        .ok_or_else(|| StoreError::Unknown { what: "transfer", id: id.to_string() })
}

fn update(tx: &WriteTx<'_>, before: &Before, to: State, change: &Change, settled: &Settled) -> Result<(), StoreError> {
    let failure = change.failure.as_ref().map(stored_json).transpose()?;
    let receipt = change.receipt.as_ref().map(stored_json).transpose()?;
    let stamp = change.stamp.as_ref().map(stored_json).transpose()?;
    tx.sql
        .prepare_cached(
            "UPDATE transfers SET state = ?2, evidence = ?3, attempts = ?4, size = ?5, failure = ?6, due_at = ?7,
                    proof = CASE WHEN ?8 THEN ?9 ELSE ifnull(?9, proof) END,
                    sha256 = CASE WHEN ?8 THEN ?10 ELSE ifnull(?10, sha256) END,
                    receipt = CASE WHEN ?8 THEN ?11 ELSE ifnull(?11, receipt) END,
                    stamp = ifnull(?12, stamp), target_path = ifnull(?13, target_path), conflict = ifnull(?14, conflict),
                    claims = claims + ?17,
                    started_at = CASE WHEN ?8 THEN ifnull(started_at, ?15) ELSE started_at END,
                    ended_at = CASE WHEN ?16 THEN ?15 ELSE NULL END
             WHERE seq = ?1",
        )?
        .execute(params![
            before.seq,
            to.as_str(),
            settled.evidence.as_str(),
            settled.attempts,
            stored_bytes(settled.size),
            failure,
            change.due_at.map(|due| due.0),
            settled.started,
            change.proof.map(Proof::as_str),
            change.sha256.map(|digest| digest.0),
            receipt,
            stamp,
            change.target_path.as_ref().map(RemotePath::as_str),
            change.conflict.map(ConflictRule::as_str),
            settled.at.0,
            to.is_over(),
            u8::from(settled.claimed),
        ])?;
    Ok(())
}

fn write_event(
    tx: &WriteTx<'_>,
    seq: i64,
    event: Event,
    state: State,
    (note, words): (Option<&StoryNote>, &str),
    at: Millis,
) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(
            "INSERT INTO transfer_events (transfer, at, event, state, detail, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![seq, at.0, event.as_str(), state.as_str(), words, note.map(stored_json).transpose()?])?;
    Ok(())
}

fn move_totals(tx: &WriteTx<'_>, before: &Before, to: State, evidence: Evidence, size: u64) -> Result<(), StoreError> {
    let (from_total, to_total) = (total_of(before.state), total_of(to));
    let done = to == State::Done;
    if from_total == to_total && size == before.size {
        return Ok(());
    }
    let mut sets = vec!["bytes = bytes + ?2".to_owned()];
    if from_total != to_total {
        sets.push(format!("{from_total} = {from_total} - 1"));
        sets.push(format!("{to_total} = {to_total} + 1"));
    }
    if done {
        sets.push("bytes_done = bytes_done + ?3".to_owned());
        if evidence >= Evidence::Matched {
            sets.push("matched = matched + 1".to_owned());
        }
    }
    let grown = stored_bytes(size) - stored_bytes(before.size);
    let sql = format!("UPDATE runs SET {} WHERE id = ?1", sets.join(", "));
    let mut statement = tx.sql.prepare_cached(&sql)?;
    if done {
        statement.execute(params![before.run.as_bytes().as_slice(), grown, stored_bytes(size)])?;
    } else {
        statement.execute(params![before.run.as_bytes().as_slice(), grown])?;
    }
    Ok(())
}
