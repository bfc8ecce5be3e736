//! Uploads that were begun and whose answer was lost, by a crash or on the way: nobody knows their id, and they cost
//! money or space until somebody ends them.
//!
//! One is ended only where it can be nobody else's: the only one at exactly the path that was written down before the
//! remote was asked, begun right after that by the remote's own clock, and none that the queue keeps. In doubt it stays,
//! and shows among the unfinished uploads.

use std::time::Duration;

use waybill_connector::{UnfinishedUpload, UnfinishedUploads};
use waybill_model::{Millis, RemotePath, UploadSession};
use waybill_store::UnansweredBegin;

use crate::job::{Job, Stop};

/// How long after the remote was asked an upload may have begun to be the one that was asked for.
const WINDOW: i64 = 5_000;
/// What a remote that tells whole seconds leaves out.
const RESOLUTION: i64 = 1_000;
/// How long the remote may take to list what is unfinished there.
const PATIENCE: Duration = Duration::from_secs(20);

/// Ends what earlier begins of this transfer left. `own` was begun and stored just now, `asked_at`: it shows how the
/// remote's clock stands to ours.
pub(crate) async fn end(
    job: &Job,
    lost: &[UnansweredBegin],
    own: &UploadSession,
    asked_at: Millis,
) -> Result<(), Stop> {
    let Some(ability) = job.target.open.connector.unfinished_uploads() else {
        return Ok(job.queue.forget_unanswered(job.row.id).await?);
    };
    let known = job.queue.sessions_at(job.row.target.connection).await?;
    for begin in lost {
        let folder = begin.path.parent().unwrap_or_else(RemotePath::root);
        let listed = match tokio::time::timeout(PATIENCE, ability.unfinished(&folder)).await {
            Ok(Ok(listed)) => listed,
            Ok(Err(error)) => {
                tracing::info!(%error, "unfinished uploads cannot be listed; what a lost answer left there stays");
                continue;
            }
            Err(_) => {
                tracing::info!("listing unfinished uploads takes too long; what a lost answer left there stays");
                continue;
            }
        };
        if let Some(orphan) = orphan_of(begin, &listed, &known, own, asked_at) {
            abort(ability, orphan).await;
        }
    }
    Ok(job.queue.forget_unanswered(job.row.id).await?)
}

async fn abort(ability: &dyn UnfinishedUploads, orphan: &UnfinishedUpload) {
    match ability.abort_unfinished(orphan).await {
        Ok(()) => tracing::info!(id = orphan.id, "an upload whose answer was lost was ended"),
        Err(error) => tracing::warn!(%error, "an upload whose answer was lost could not be ended; it stays"),
    }
}

/// The one upload that `begin` must have led to; `None` where there is none, or more than one that it could be.
fn orphan_of<'l>(
    begin: &UnansweredBegin,
    listed: &'l [UnfinishedUpload],
    known: &[UploadSession],
    own: &UploadSession,
    asked_at: Millis,
) -> Option<&'l UnfinishedUpload> {
    // By how much the remote's clock is ahead of ours.
    let own = listed.iter().find(|upload| upload.belongs_to(own))?.started?;
    let ahead = own.since(asked_at);
    let asked = begin.at.plus(ahead);
    let mut possible = listed.iter().filter(|upload| {
        upload.path == begin.path
            && !known.iter().any(|session| upload.belongs_to(session))
            && upload.started.is_some_and(|started| {
                started.since(asked) >= -2 * RESOLUTION && started.since(asked) <= WINDOW && started <= own
            })
    });
    possible.next().filter(|_| possible.next().is_none())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use waybill_model::SESSION_VERSION;

    use super::*;

    const ASKED: i64 = 1_700_000_000_000;

    fn upload(path: &str, id: &str, started: i64) -> UnfinishedUpload {
        UnfinishedUpload { path: RemotePath::new(path), id: id.to_owned(), started: Some(Millis(ASKED + started)) }
    }

    fn session(id: &str) -> UploadSession {
        UploadSession {
            version: SESSION_VERSION,
            path: RemotePath::new("/out/a"),
            size: 10,
            part_size: 10,
            replace: false,
            handle: serde_json::json!({ "upload_id": id }),
        }
    }

    /// The clock of the remote is ahead by `skew`; ours was begun a minute after the lost one.
    fn found(skew: i64, others: &[UnfinishedUpload]) -> Option<String> {
        let begin = UnansweredBegin { path: RemotePath::new("/out/a"), at: Millis(ASKED) };
        let mut listed: Vec<_> = others.to_vec();
        listed.push(upload("/out/a", "own", 60_000));
        for one in &mut listed {
            one.started = one.started.map(|at| at.plus(skew));
        }
        let known = [session("own"), session("kept")];
        orphan_of(&begin, &listed, &known, &known[0], Millis(ASKED + 60_000)).map(|upload| upload.id.clone())
    }

    #[rstest]
    fn the_only_one_that_was_begun_right_after_asking_is_found(#[values(0, 3_600_000, -3_600_000)] skew: i64) {
        assert_eq!(found(skew, &[upload("/out/a", "lost", 40)]).as_deref(), Some("lost"));
    }

    #[rstest]
    #[case::elsewhere(upload("/out/b", "other", 40))]
    #[case::long_before(upload("/out/a", "other", -60_000))]
    #[case::later(upload("/out/a", "other", 30_000))]
    #[case::kept_by_the_queue(upload("/out/a", "kept", 40))]
    #[case::without_a_time(UnfinishedUpload { started: None, ..upload("/out/a", "other", 0) })]
    fn what_may_be_somebody_elses_is_left(
        #[case] other: UnfinishedUpload,
        #[values(0, 3_600_000, -3_600_000)] skew: i64,
    ) {
        assert_eq!(found(skew, std::slice::from_ref(&other)), None);
        let both = found(skew, &[other, upload("/out/a", "lost", 40)]);
        assert_eq!(both.as_deref(), Some("lost"), "and does not hide the one that was lost");
    }

    #[test]
    fn two_that_it_could_be_are_both_left() {
        assert_eq!(found(0, &[upload("/out/a", "one", 40), upload("/out/a", "two", 60)]), None);
    }
}
