//! Reading bytes.

use futures::StreamExt as _;
use waybill_model::{FailureKind, Stamp};

use super::{
    Fault, Scene,
    case::{Ending, cases, ensure, ensure_eq},
    scene::{drain, refused, sample, to_usize},
};
use crate::{ReadOptions, Result};

cases![Read:
    an_empty_file_is_read_as_nothing,
    the_whole_comes_back_in_order,
    ranges_are_exactly_those_bytes,
    a_range_past_the_end_is_truncated_or_refused,
    ranges_at_once_give_the_whole,
    what_is_not_there_is_not_found,
    a_folder_is_not_read,
    a_stale_stamp_is_changed,
    a_fresh_stamp_is_read,
    a_file_replaced_while_it_is_read_is_never_mixed,
    an_answer_that_ends_early_is_truncated,
    a_dropped_read_leaves_the_connector_usable,
];

async fn read(scene: &Scene, name: &str, options: ReadOptions) -> Ending<Result<Vec<u8>>> {
    Ok(match scene.read()?.read(&scene.path(name), options).await {
        Ok(stream) => drain(stream).await,
        Err(error) => Err(error),
    })
}

async fn an_empty_file_is_read_as_nothing(scene: &Scene) -> Ending {
    scene.lay(&scene.path("empty"), b"").await?;
    ensure_eq!(read(scene, "empty", ReadOptions::default()).await??.len(), 0, "bytes of an empty file");
    Ok(())
}

async fn the_whole_comes_back_in_order(scene: &Scene) -> Ending {
    for (seed, size) in [1, 32 * 1024, 256 * 1024 + 1, 3_000_017].into_iter().enumerate() {
        let bytes = sample(seed as u64, size);
        let path = scene.path(&format!("of-{size}"));
        scene.lay(&path, &bytes).await?;
        scene.holds(&path, &bytes).await?;
    }
    Ok(())
}

async fn ranges_are_exactly_those_bytes(scene: &Scene) -> Ending {
    let bytes = sample(1, 1_000_003);
    scene.lay(&scene.path("x"), &bytes).await?;
    for range in [0..1, 0..1_000_003, 1..2, 999_999..1_000_003, 32_767..700_001, 500_000..500_000] {
        let options = ReadOptions { range: Some(range.clone()), stamp: None };
        let found = read(scene, "x", options).await??;
        ensure!(found == bytes[to_usize(range.start)..to_usize(range.end)], "{range:?} gave {} bytes", found.len());
    }
    Ok(())
}

async fn a_range_past_the_end_is_truncated_or_refused(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), &sample(1, 1000)).await?;
    for range in [900..1001, 1000..1001, 5000..6000] {
        let result = read(scene, "x", ReadOptions { range: Some(range.clone()), stamp: None }).await?;
        let kinds = [FailureKind::Truncated, FailureKind::Invalid, FailureKind::Changed];
        refused(result, &kinds, &format!("reading {range:?} of 1000 bytes"))?;
    }
    Ok(())
}

async fn ranges_at_once_give_the_whole(scene: &Scene) -> Ending {
    let bytes = sample(1, 2_000_000);
    scene.lay(&scene.path("x"), &bytes).await?;
    let at_once = u64::from(scene.connector.descriptor().limits.parallel_ranges.min(8));
    let length = 2_000_000_u64.div_ceil(at_once);
    let ranges = (0..at_once).map(|n| n * length..((n + 1) * length).min(2_000_000));
    let reads = ranges.map(|range| read(scene, "x", ReadOptions { range: Some(range), stamp: None }));
    let mut found = Vec::new();
    for part in futures::future::join_all(reads).await {
        found.extend(part??);
    }
    ensure!(found == bytes, "{at_once} ranges at once gave other bytes");
    Ok(())
}

async fn what_is_not_there_is_not_found(scene: &Scene) -> Ending {
    let result = read(scene, "nothing", ReadOptions::default()).await?;
    refused(result, &[FailureKind::NotFound], "reading what is not there")?;
    let result = read(scene, "no/such/folder", ReadOptions::default()).await?;
    refused(result, &[FailureKind::NotFound], "reading in no folder")?;
    Ok(())
}

async fn a_folder_is_not_read(scene: &Scene) -> Ending {
    scene.lay(&scene.path("folder/x"), b"x").await?;
    let result = read(scene, "folder", ReadOptions::default()).await?;
    refused(result, &[FailureKind::Invalid, FailureKind::NotFound], "reading a folder")?;
    Ok(())
}

async fn stamp_of(scene: &Scene, name: &str) -> Ending<Stamp> {
    let entry = scene.list()?.stat(&scene.path(name)).await?;
    Ok(entry.map(|entry| entry.stamp()).unwrap_or_default())
}

async fn a_stale_stamp_is_changed(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), &sample(1, 4000)).await?;
    let stamp = stamp_of(scene, "x").await?;
    if scene.connector.versions().is_some() && stamp.version.is_some() {
        // A remote with versions reads the one that was meant.
        scene.lay(&scene.path("x"), &sample(2, 5000)).await?;
        let result = read(scene, "x", ReadOptions { range: None, stamp: Some(stamp) }).await?;
        match result {
            Ok(bytes) => ensure!(bytes == sample(1, 4000), "the version meant and the bytes read differ"),
            Err(error) => {
                ensure_eq!(error.kind, FailureKind::Changed, "the error of a stale stamp");
            }
        }
        return Ok(());
    }
    scene.lay(&scene.path("x"), &sample(2, 5000)).await?;
    let result = read(scene, "x", ReadOptions { range: None, stamp: Some(stamp.clone()) }).await?;
    refused(result, &[FailureKind::Changed], "reading with a stale stamp")?;
    let result = read(scene, "x", ReadOptions { range: Some(10..20), stamp: Some(stamp) }).await?;
    refused(result, &[FailureKind::Changed], "reading a range with a stale stamp")?;
    Ok(())
}

async fn a_fresh_stamp_is_read(scene: &Scene) -> Ending {
    let bytes = sample(1, 4000);
    scene.lay(&scene.path("x"), &bytes).await?;
    let stamp = stamp_of(scene, "x").await?;
    let found = read(scene, "x", ReadOptions { range: None, stamp: Some(stamp.clone()) }).await??;
    ensure!(found == bytes, "a fresh stamp gave other bytes");
    let found = read(scene, "x", ReadOptions { range: Some(100..200), stamp: Some(stamp) }).await??;
    ensure!(found == bytes[100..200], "a range with a fresh stamp gave other bytes");
    Ok(())
}

async fn a_file_replaced_while_it_is_read_is_never_mixed(scene: &Scene) -> Ending {
    const SIZE: usize = 24 << 20;
    let outside = scene.outside()?;
    let (old, new) = (sample(1, SIZE), sample(2, SIZE));
    scene.lay(&scene.path("x"), &old).await?;
    let options = ReadOptions { range: None, stamp: Some(stamp_of(scene, "x").await?) };
    let mut stream = scene.read()?.read(&scene.path("x"), options).await?;
    let mut found = match stream.next().await {
        Some(first) => first?.to_vec(),
        None => Vec::new(),
    };
    outside.put(&scene.path("x"), &new).await;
    match drain(stream).await {
        Ok(rest) => {
            found.extend(rest);
            ensure!(found == old, "{} bytes that are neither revision looked complete", found.len());
        }
        Err(error) => {
            let kinds = [FailureKind::Changed, FailureKind::Truncated, FailureKind::NotFound];
            ensure!(kinds.contains(&error.kind), "a file replaced in mid-read failed as {}", error.kind.as_str());
        }
    }
    Ok(())
}

async fn an_answer_that_ends_early_is_truncated(scene: &Scene) -> Ending {
    let bytes = sample(1, 3_000_000);
    scene.lay(&scene.path("x"), &bytes).await?;
    scene.arm(Fault::ShortRead).await?;
    let kinds = [FailureKind::Truncated, FailureKind::Unreachable];
    let error = refused(read(scene, "x", ReadOptions::default()).await?, &kinds, "a read that ended early")?;
    ensure!(error.retry != waybill_model::Retry::Never, "{error} is not to be tried again");
    scene.clear_faults().await;
    scene.holds(&scene.path("x"), &bytes).await
}

async fn a_dropped_read_leaves_the_connector_usable(scene: &Scene) -> Ending {
    let bytes = sample(1, 6_000_000);
    scene.lay(&scene.path("x"), &bytes).await?;
    for _ in 0..20 {
        let mut stream = scene.read()?.read(&scene.path("x"), ReadOptions::default()).await?;
        let first = stream.next().await.transpose()?;
        ensure!(first.is_some(), "the stream is empty");
        drop(stream);
    }
    scene.holds(&scene.path("x"), &bytes).await
}
