//! Writing a file in one piece.

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use waybill_model::{FailureKind, Millis, Sha256};

use super::{
    Fault, Scene,
    case::{Ending, cases, ensure, ensure_eq},
    scene::{options_for, pieces, refused, sample, to_usize},
};
use crate::{ConnectorError, WriteOptions};

cases![Write:
    an_empty_file_is_written,
    files_of_any_size_arrive_whole,
    missing_folders_are_made,
    what_is_there_is_not_overwritten,
    overwriting_replaces_the_whole,
    a_source_that_is_too_short_leaves_nothing,
    a_source_that_is_too_long_leaves_nothing,
    a_source_that_fails_leaves_nothing,
    a_failed_overwrite_keeps_the_old_bytes,
    a_dropped_write_leaves_nothing,
    a_wrong_digest_is_never_proved,
    the_time_is_kept_or_nothing_is_said,
    two_writers_of_one_name_leave_one_of_them,
    a_write_cut_off_leaves_nothing,
    an_error_in_a_success_is_an_error,
];

async fn an_empty_file_is_written(scene: &Scene) -> Ending {
    let receipt = scene.store(&scene.path("empty"), b"", false).await??;
    ensure_eq!(receipt.size, 0, "the receipt's size");
    scene.holds(&scene.path("empty"), b"").await
}

async fn files_of_any_size_arrive_whole(scene: &Scene) -> Ending {
    let largest = to_usize(scene.connector.descriptor().limits.single_write_bytes);
    for (seed, size) in [1, 32 * 1024, 65_537, largest - 1, largest].into_iter().enumerate() {
        let (path, bytes) = (scene.path(&format!("{seed}")), sample(seed as u64, size));
        let receipt = scene.store(&path, &bytes, false).await??;
        ensure_eq!(receipt.size, size as u64, "the receipt's size");
        scene.holds(&path, &bytes).await?;
    }
    Ok(())
}

async fn missing_folders_are_made(scene: &Scene) -> Ending {
    let path = scene.path("one/two/three/x.txt");
    scene.store(&path, b"deep", false).await??;
    scene.holds(&path, b"deep").await
}

async fn what_is_there_is_not_overwritten(scene: &Scene) -> Ending {
    let (path, old) = (scene.path("x"), sample(1, 3000));
    scene.store(&path, &old, false).await??;
    let result = scene.store(&path, &sample(2, 3000), false).await?;
    let error = refused(result, &[FailureKind::AlreadyExists], "writing over a file")?;
    ensure_eq!(error.retry, waybill_model::Retry::Never, "trying again");
    scene.holds(&path, &old).await?;
    ensure_eq!(scene.leftovers(&["x"]).await?, Vec::<String>::new(), "what was left");
    Ok(())
}

async fn overwriting_replaces_the_whole(scene: &Scene) -> Ending {
    let path = scene.path("x");
    for (seed, size) in [(1, 5000), (2, 100), (3, 0), (4, 7000)] {
        let bytes = sample(seed, size);
        scene.store(&path, &bytes, true).await??;
        scene.holds(&path, &bytes).await?;
    }
    ensure_eq!(scene.leftovers(&["x"]).await?, Vec::<String>::new(), "what was left");
    Ok(())
}

/// Writes `bytes` announced as `announced` and expects `kind`, with nothing left.
async fn wrong_length(scene: &Scene, sent: usize, announced: usize, kind: FailureKind) -> Ending {
    let path = scene.path("x");
    let options = options_for(announced);
    let result = scene.write()?.write(&path, pieces(&sample(1, sent), 4096), options).await;
    refused(result, &[kind], &format!("{sent} bytes announced as {announced}"))?;
    scene.is_free(&path).await?;
    ensure_eq!(scene.leftovers(&[]).await?, Vec::<String>::new(), "what was left");
    Ok(())
}

async fn a_source_that_is_too_short_leaves_nothing(scene: &Scene) -> Ending {
    for (sent, announced) in [(0, 1), (9_999, 10_000), (100, 300_000)] {
        wrong_length(scene, sent, announced, FailureKind::Truncated).await?;
    }
    Ok(())
}

async fn a_source_that_is_too_long_leaves_nothing(scene: &Scene) -> Ending {
    for (sent, announced) in [(1, 0), (10_001, 10_000), (300_000, 100)] {
        wrong_length(scene, sent, announced, FailureKind::Changed).await?;
    }
    Ok(())
}

async fn a_source_that_fails_leaves_nothing(scene: &Scene) -> Ending {
    let path = scene.path("x");
    let broken = ConnectorError::new(FailureKind::Denied, "read", "the source broke off");
    let body = pieces(&sample(1, 50_000), 4096).chain(stream::iter([Err(broken)])).boxed();
    let result = scene.write()?.write(&path, body, options_for(100_000)).await;
    ensure!(result.is_err(), "a source that failed was stored as {result:?}");
    scene.is_free(&path).await?;
    ensure_eq!(scene.leftovers(&[]).await?, Vec::<String>::new(), "what was left");
    Ok(())
}

async fn a_failed_overwrite_keeps_the_old_bytes(scene: &Scene) -> Ending {
    let (path, old) = (scene.path("x"), sample(1, 6000));
    scene.store(&path, &old, false).await??;
    for (sent, announced) in [(100, 200), (200, 100)] {
        let options = WriteOptions { replace: true, ..options_for(announced) };
        let result = scene.write()?.write(&path, pieces(&sample(2, sent), 50), options).await;
        ensure!(result.is_err(), "{sent} bytes announced as {announced} were stored");
        scene.holds(&path, &old).await?;
    }
    Ok(())
}

async fn a_dropped_write_leaves_nothing(scene: &Scene) -> Ending {
    let path = scene.path("x");
    let (reached, half) = tokio::sync::oneshot::channel::<()>();
    let first = pieces(&sample(1, 100_000), 10_000);
    let body = first.chain(stream::once(async move {
        // The half is on its way once somebody asks for more; the rest never comes.
        let _ = reached.send(());
        futures::future::pending::<crate::Result<Bytes>>().await
    }));
    let write = scene.write()?.write(&path, body.boxed(), options_for(200_000));
    tokio::select! {
        result = write => ensure!(false, "half of a file ended as {result:?}"),
        _ = half => {}
    }
    scene.is_free(&path).await?;
    scene.store(&path, b"another", false).await??;
    scene.holds(&path, b"another").await
}

async fn a_wrong_digest_is_never_proved(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), sample(1, 4000));
    let options = WriteOptions { sha256: Some(Sha256::of(b"other bytes")), ..options_for(bytes.len()) };
    match scene.write()?.write(&path, pieces(&bytes, 4096), options).await {
        Ok(receipt) => ensure_eq!(receipt.proof, None, "the proof of bytes that are not those announced"),
        Err(error) => {
            ensure_eq!(error.kind, FailureKind::ChecksumMismatch, "the error of a wrong digest");
            scene.is_free(&path).await?;
        }
    }
    Ok(())
}

async fn the_time_is_kept_or_nothing_is_said(scene: &Scene) -> Ending {
    let path = scene.path("x");
    let modified = Millis(1_234_567_890_000);
    let options = WriteOptions { modified: Some(modified), ..options_for(3) };
    scene.write()?.write(&path, pieces(b"abc", 3), options).await?;
    scene.holds(&path, b"abc").await?;
    let found = scene.list()?.stat(&path).await?.and_then(|entry| entry.modified);
    let stored_now = found.is_none_or(|time| time.0 > 1_500_000_000_000);
    ensure!(found == Some(modified) || stored_now, "the time is neither the source's nor today's: {found:?}");
    Ok(())
}

async fn two_writers_of_one_name_leave_one_of_them(scene: &Scene) -> Ending {
    let path = scene.path("x");
    let (one, other) = (sample(1, 200_000), sample(2, 200_000));
    let (first, second) = futures::join!(scene.store(&path, &one, false), scene.store(&path, &other, false));
    let (first, second) = (first?, second?);
    ensure!(first.is_ok() != second.is_ok(), "of two writers one is due: {first:?}, {second:?}");
    let winner = if first.is_ok() { &one } else { &other };
    let loser = if first.is_ok() { second } else { first };
    refused(loser, &[FailureKind::AlreadyExists], "the second writer")?;
    scene.holds(&path, winner).await
}

async fn a_write_cut_off_leaves_nothing(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), sample(1, 200_000));
    for fault in [Fault::BeforePart, Fault::InPart] {
        scene.arm(fault).await?;
        let kinds = [FailureKind::Unreachable, FailureKind::Vendor, FailureKind::TimedOut, FailureKind::Truncated];
        let error = refused(scene.store(&path, &bytes, false).await?, &kinds, "a write that was cut off")?;
        ensure!(error.retry != waybill_model::Retry::Never, "{error} is not to be tried again");
        scene.clear_faults().await;
        scene.is_free(&path).await?;
    }
    scene.store(&path, &bytes, false).await??;
    scene.holds(&path, &bytes).await
}

async fn an_error_in_a_success_is_an_error(scene: &Scene) -> Ending {
    let path = scene.path("x");
    scene.arm(Fault::ErrorInSuccess).await?;
    if scene.store(&path, b"abc", false).await?.is_ok() {
        // One call in one piece may have no such answer; then the bytes have to be there.
        scene.holds(&path, b"abc").await?;
    }
    Ok(())
}
