//! Writing a file in parts.

use futures::future::join_all;
use waybill_model::{FailureKind, PartReceipt};

use super::{
    Scene,
    case::{Ending, cases, ensure, ensure_eq},
    scene::{Upload, refused, sample, to_usize},
};

cases![ResumableUpload:
    exactly_one_part_arrives,
    one_part_and_a_bit_arrives,
    many_parts_arrive,
    an_empty_file_arrives_in_one_part,
    the_plan_covers_every_size,
    nothing_is_visible_before_the_end,
    parts_out_of_order_arrive_in_order,
    parts_at_once_arrive_in_order,
    a_part_sent_twice_counts_once,
    a_missing_part_is_refused_at_the_end,
    what_is_there_is_not_overwritten_by_an_upload,
    what_appears_meanwhile_is_not_overwritten,
    an_upload_may_replace,
    two_uploads_of_one_name_do_not_mix,
    an_upload_in_missing_folders_makes_them,
    an_upload_keeps_odd_and_long_names,
];

fn part_size(scene: &Scene) -> Ending<usize> {
    Ok(to_usize(scene.upload()?.plan(1).part_size))
}

async fn arrives(scene: &Scene, size: usize, parts: u32) -> Ending {
    let (path, bytes) = (scene.path("x"), sample(7, size));
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    ensure_eq!(upload.session.part_count(), parts, "parts of {size} bytes");
    ensure_eq!((upload.session.size, &upload.session.path), (size as u64, &path), "what the session is of");
    let receipt = upload.whole().await?;
    ensure_eq!(receipt.size, size as u64, "the receipt's size");
    scene.holds(&path, &bytes).await?;
    ensure_eq!(scene.leftovers(&["x"]).await?, Vec::<String>::new(), "what was left");
    Ok(())
}

async fn exactly_one_part_arrives(scene: &Scene) -> Ending {
    arrives(scene, part_size(scene)?, 1).await
}

async fn one_part_and_a_bit_arrives(scene: &Scene) -> Ending {
    arrives(scene, part_size(scene)? + 1, 2).await
}

async fn many_parts_arrive(scene: &Scene) -> Ending {
    arrives(scene, part_size(scene)? * 4 + 17, 5).await
}

async fn an_empty_file_arrives_in_one_part(scene: &Scene) -> Ending {
    arrives(scene, 0, 1).await
}

async fn the_plan_covers_every_size(scene: &Scene) -> Ending {
    let ability = scene.upload()?;
    let largest = scene.connector.descriptor().limits.max_file_bytes;
    for size in [0, 1, 5 << 20, 100 << 20, 5 << 30, 300 << 30, 5 << 40].into_iter().filter(|size| *size <= largest) {
        let plan = ability.plan(size);
        ensure!(plan.part_size > 0 && plan.parallel > 0, "{size} bytes are planned as {plan:?}");
        let parts = size.div_ceil(plan.part_size);
        ensure!(parts <= 1_000_000, "{size} bytes make {parts} parts");
        let in_memory = u128::from(plan.part_size) * u128::from(plan.parallel);
        ensure!(size >= 1 << 40 || in_memory <= 512 << 20, "{size} bytes need {in_memory} bytes of memory");
    }
    Ok(())
}

async fn nothing_is_visible_before_the_end(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), sample(1, part_size(scene)? + 100));
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    scene.is_free(&path).await?;
    let receipts = upload.put_all(1..=2).await?;
    scene.is_free(&path).await?;
    upload.finish(&receipts).await?;
    scene.holds(&path, &bytes).await
}

async fn parts_out_of_order_arrive_in_order(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), sample(1, part_size(scene)? * 3 + 5));
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    let receipts = upload.put_all([4, 2, 1, 3]).await?;
    for receipt in &receipts {
        let (offset, length) = upload.session.part_range(receipt.number);
        ensure_eq!((receipt.offset, receipt.length), (offset, length), "where part {} lies", receipt.number);
    }
    upload.finish(&receipts).await?;
    scene.holds(&path, &bytes).await
}

async fn parts_at_once_arrive_in_order(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), sample(1, part_size(scene)? * 4 + 5));
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    let mut receipts = Vec::new();
    for receipt in join_all((1..=5).map(|number| upload.put(number))).await {
        receipts.push(receipt?);
    }
    upload.finish(&receipts).await?;
    scene.holds(&path, &bytes).await
}

async fn a_part_sent_twice_counts_once(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), sample(1, part_size(scene)? + 50));
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    upload.put_all([1, 2]).await?;
    let receipts = upload.put_all([2, 1]).await?;
    let receipt = upload.finish(&receipts).await?;
    ensure_eq!(receipt.size, bytes.len() as u64, "the receipt's size");
    scene.holds(&path, &bytes).await
}

async fn a_missing_part_is_refused_at_the_end(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), sample(1, part_size(scene)? * 2 + 50));
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    let receipts = upload.put_all([1, 3]).await?;
    let result = upload.finish(&receipts).await;
    ensure!(result.is_err(), "two of three parts were stored as {result:?}");
    scene.is_free(&path).await?;
    // Where that ended the upload, the engine begins anew; where not, the missing part mends it.
    match upload.put(2).await {
        Ok(second) => {
            let all: Vec<PartReceipt> = [receipts[0].clone(), second, receipts[1].clone()].into();
            upload.finish(&all).await?;
            scene.holds(&path, &bytes).await
        }
        Err(error) => {
            ensure_eq!(error.kind, FailureKind::NotFound, "the error of an upload that ended");
            Ok(())
        }
    }
}

async fn what_is_there_is_not_overwritten_by_an_upload(scene: &Scene) -> Ending {
    let path = scene.path("x");
    scene.lay(&path, b"old").await?;
    let begun = Upload::of(scene.upload()?, &path, &sample(1, 5000), false).await;
    refused(begun.map(drop), &[FailureKind::AlreadyExists], "beginning an upload over a file")?;
    scene.holds(&path, b"old").await
}

async fn what_appears_meanwhile_is_not_overwritten(scene: &Scene) -> Ending {
    let path = scene.path("x");
    let upload = Upload::of(scene.upload()?, &path, &sample(1, 5000), false).await?;
    let receipts = upload.put_all([1]).await?;
    scene.lay(&path, b"came first").await?;
    let result = upload.finish(&receipts).await;
    refused(result, &[FailureKind::AlreadyExists], "finishing over a file that came first")?;
    scene.holds(&path, b"came first").await?;
    upload.ability.abort(&upload.session).await?;
    scene.holds(&path, b"came first").await
}

async fn an_upload_may_replace(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), sample(1, part_size(scene)? + 9));
    scene.lay(&path, &sample(2, 70_000)).await?;
    let upload = Upload::of(scene.upload()?, &path, &bytes, true).await?;
    let receipts = upload.put_all(1..=2).await?;
    scene.holds(&path, &sample(2, 70_000)).await?;
    upload.finish(&receipts).await?;
    scene.holds(&path, &bytes).await
}

async fn two_uploads_of_one_name_do_not_mix(scene: &Scene) -> Ending {
    let path = scene.path("x");
    let size = part_size(scene)? + 9;
    let (one, other) = (sample(1, size), sample(2, size));
    let first = Upload::of(scene.upload()?, &path, &one, true).await?;
    let second = Upload::of(scene.upload()?, &path, &other, true).await?;
    let head = first.put(1).await?;
    let all = second.put_all(1..=2).await?;
    let tail = first.put(2).await?;
    second.finish(&all).await?;
    scene.holds(&path, &other).await?;
    first.finish(&[head, tail]).await?;
    scene.holds(&path, &one).await
}

async fn an_upload_in_missing_folders_makes_them(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("one/two/x"), sample(1, 5000));
    Upload::of(scene.upload()?, &path, &bytes, false).await?.whole().await?;
    scene.holds(&path, &bytes).await
}

async fn an_upload_keeps_odd_and_long_names(scene: &Scene) -> Ending {
    let rules = &scene.connector.descriptor().names;
    let long = "é".repeat(rules.max_name_bytes.min(255) / 2);
    for name in ["100% a+b#?é.txt", "line\nbreak", "smile-😀", &long] {
        if rules.problem(name).is_some() {
            continue;
        }
        let (path, bytes) = (scene.path(name), sample(1, 5000));
        Upload::of(scene.upload()?, &path, &bytes, false).await?.whole().await?;
        scene.holds(&path, &bytes).await?;
    }
    Ok(())
}
