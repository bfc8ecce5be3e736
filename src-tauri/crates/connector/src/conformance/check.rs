//! What every connector has: a descriptor and a check.

use waybill_model::FailureKind;

use super::{
    Fault, Scene,
    case::{Ending, cases, ensure, ensure_eq},
    scene::{refused, sample},
};

cases![Check:
    the_check_names_somebody,
    the_limits_can_be_kept,
    another_spelling_of_the_root_is_the_same_place,
    an_error_of_the_server_is_tried_again,
    a_rate_limit_says_when_to_come_again,
    a_rate_limit_without_a_time_backs_off,
    a_request_that_is_never_answered_ends,
    an_expired_token_is_refreshed_or_named,
];

async fn the_check_names_somebody(scene: &Scene) -> Ending {
    let identity = scene.connector.check().await?;
    ensure!(!identity.name.trim().is_empty(), "nobody is named");
    Ok(())
}

async fn the_limits_can_be_kept(scene: &Scene) -> Ending {
    let descriptor = scene.connector.descriptor();
    let limits = descriptor.limits;
    ensure!(!descriptor.kind.is_empty(), "the kind has no name");
    ensure!(limits.single_write_bytes <= 16 << 20, "a single write of {} is over 16 MiB", limits.single_write_bytes);
    ensure!(limits.single_write_bytes <= limits.max_file_bytes, "a single write is larger than the largest file");
    let counts = [limits.parallel_files, limits.parallel_small_files, limits.parallel_ranges];
    ensure!(counts.iter().all(|count| *count > 0), "nothing may be in flight: {counts:?}");
    let resumes = descriptor.resume == crate::ResumeSupport::Parts;
    ensure_eq!(scene.connector.resumable_upload().is_some(), resumes, "what is said of resuming and what is there");
    Ok(())
}

async fn another_spelling_of_the_root_is_the_same_place(scene: &Scene) -> Ending {
    let others = scene.place.other_spellings().await;
    if others.is_empty() {
        super::case::not_applicable!("the fixture's root has one spelling");
    }
    let path = scene.path("in").join("a.txt");
    scene.lay(&path, b"one place").await?;
    for (spelling, connector) in others {
        let list = connector.list().ok_or_else(|| super::case::Stop::NotApplicable("cannot list".to_owned()))?;
        let entry = list.stat(&path).await?;
        ensure!(entry.is_some_and(|entry| entry.path == path), "with the root `{spelling}` {path} is not there");
        let page = list.list(&scene.path("in"), crate::PageRequest::default()).await?;
        let paths: Vec<_> = page.entries.into_iter().map(|entry| entry.path).collect();
        ensure_eq!(paths, vec![path.clone()], "the listing with the root `{spelling}`");
    }
    Ok(())
}

/// A call that needs an answer.
async fn ask(scene: &Scene) -> crate::Result<()> {
    match scene.connector.list() {
        Some(list) => list.stat(&scene.path("x")).await.map(drop),
        None => scene.connector.check().await.map(drop),
    }
}

async fn an_error_of_the_server_is_tried_again(scene: &Scene) -> Ending {
    scene.connector.check().await?;
    scene.arm(Fault::ServerError).await?;
    let kinds = [FailureKind::Vendor, FailureKind::Unreachable, FailureKind::RateLimited];
    let error = refused(ask(scene).await, &kinds, "a request that the server failed")?;
    ensure!(error.retry != waybill_model::Retry::Never, "{error} is not to be tried again");
    scene.clear_faults().await;
    ask(scene).await?;
    Ok(())
}

async fn a_rate_limit_says_when_to_come_again(scene: &Scene) -> Ending {
    scene.connector.check().await?;
    scene.arm(Fault::RateLimited { seconds: Some(7) }).await?;
    let error = refused(ask(scene).await, &[FailureKind::RateLimited], "a request too many")?;
    ensure_eq!(error.retry, waybill_model::Retry::After(7000), "when to come again");
    Ok(())
}

async fn a_rate_limit_without_a_time_backs_off(scene: &Scene) -> Ending {
    scene.connector.check().await?;
    scene.arm(Fault::RateLimited { seconds: None }).await?;
    let error = refused(ask(scene).await, &[FailureKind::RateLimited], "a request too many")?;
    ensure_eq!(error.retry, waybill_model::Retry::Backoff, "when to come again");
    Ok(())
}

async fn a_request_that_is_never_answered_ends(scene: &Scene) -> Ending {
    scene.connector.check().await?;
    scene.arm(Fault::Hang).await?;
    let kinds = [FailureKind::TimedOut, FailureKind::Unreachable];
    let error = refused(ask(scene).await, &kinds, "a request that is never answered")?;
    ensure!(error.retry != waybill_model::Retry::Never, "{error} is not to be tried again");
    scene.clear_faults().await;
    ask(scene).await?;
    Ok(())
}

async fn an_expired_token_is_refreshed_or_named(scene: &Scene) -> Ending {
    let (bytes, path) = (sample(1, 5000), scene.path("kept"));
    let stores_files = scene.connector.read().is_some();
    if stores_files {
        scene.lay(&path, &bytes).await?;
    } else {
        scene.connector.check().await?;
    }
    scene.arm(Fault::TokenExpires).await?;
    match scene.connector.check().await {
        Ok(_) if stores_files => scene.holds(&path, &bytes).await,
        Ok(_) => Ok(()),
        Err(error) => {
            refused(Err::<(), _>(error), &[FailureKind::Unauthenticated], "an expired token")?;
            Ok(())
        }
    }
}
