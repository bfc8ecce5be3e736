//! The remote's own log.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
    scene::refused,
};
use crate::{AuditLine, AuditLog, PageRequest};

cases![AuditLog:
    what_was_done_is_in_the_log,
    the_newest_line_comes_first,
    each_line_comes_once_over_all_pages,
    the_log_of_nothing_is_not_found,
];

fn ability(scene: &Scene) -> Ending<&dyn AuditLog> {
    scene.connector.audit_log().ok_or_else(|| Stop::NotApplicable("no log".to_owned()))
}

async fn all(scene: &Scene, limit: u32) -> Ending<Vec<AuditLine>> {
    let (mut lines, mut cursor) = (Vec::new(), None);
    for _ in 0..1000 {
        let page = ability(scene)?.audit(&scene.path("x"), PageRequest { cursor, limit }).await?;
        lines.extend(page.lines);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(lines);
        }
    }
    Err(Stop::Failed("paging does not end".to_owned()))
}

async fn what_was_done_is_in_the_log(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"one").await?;
    let before = all(scene, 100).await?.len();
    ensure!(before > 0, "nothing is written down of a new file");
    scene.bytes_at(&scene.path("x")).await?;
    scene.lay(&scene.path("x"), b"another").await?;
    let lines = all(scene, 100).await?;
    ensure!(lines.len() > before, "nothing is written down of what was done");
    ensure!(lines.iter().all(|line| !line.word.is_empty()), "a line says nothing: {lines:?}");
    ensure!(lines.iter().any(|line| line.by.is_some() && line.at.is_some()), "no line says who and when: {lines:?}");
    Ok(())
}

async fn the_newest_line_comes_first(scene: &Scene) -> Ending {
    for content in [b"one", b"two"] {
        scene.lay(&scene.path("x"), content).await?;
    }
    let times: Vec<_> = all(scene, 100).await?.into_iter().filter_map(|line| line.at).collect();
    ensure!(times.windows(2).all(|pair| pair[0] >= pair[1]), "the times are {times:?}");
    Ok(())
}

async fn each_line_comes_once_over_all_pages(scene: &Scene) -> Ending {
    for content in [b"one", b"two", b"six"] {
        scene.lay(&scene.path("x"), content).await?;
    }
    let whole = all(scene, 100).await?;
    for limit in [1, 2] {
        ensure_eq!(all(scene, limit).await?, whole, "the log by pages of {limit}");
    }
    Ok(())
}

async fn the_log_of_nothing_is_not_found(scene: &Scene) -> Ending {
    let result = ability(scene)?.audit(&scene.path("nothing"), PageRequest::default()).await;
    refused(result, &[FailureKind::NotFound], "the log of nothing")?;
    Ok(())
}
