//! Processes that run elsewhere.

use std::{collections::BTreeMap, time::Duration};

use serde_json::json;
use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    fixture::ProcessBench,
    scene::refused,
};
use crate::{PageRequest, Process, ProcessFilter, ProcessStart, Processes};

cases![Processes:
    a_model_can_be_found_by_its_key,
    a_process_knows_what_it_was_told,
    a_process_of_no_model_is_not_started,
    a_process_is_found_by_what_it_is_about,
    a_process_that_is_held_stands_still_and_goes_on,
    a_process_that_was_ended_is_over_and_says_why,
    a_process_that_came_to_its_end_is_over,
    its_tasks_are_told,
    a_drawing_is_a_picture,
];

/// How long a history may lag.
const LAG: Duration = Duration::from_secs(20);

fn ability(scene: &Scene) -> Ending<&dyn Processes> {
    scene.connector.processes().ok_or_else(|| Stop::NotApplicable("no processes".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn ProcessBench> {
    match scene.place.process_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture has no model to start"),
    }
}

async fn start(scene: &Scene, about: &str) -> Ending<Process> {
    let start = ProcessStart {
        model: bench(scene)?.model().await,
        name: Some(format!("Check {about}")),
        business_key: Some(about.to_owned()),
        variables: BTreeMap::from([
            ("title".to_owned(), json!("An \"odd\" title, ä € 😀")),
            ("amount".to_owned(), json!(1250.5)),
            ("pages".to_owned(), json!(12)),
            ("urgent".to_owned(), json!(true)),
            ("vendor".to_owned(), json!({ "name": "Brightwell Paper", "tags": ["a", "b"] })),
        ]),
    };
    Ok(ability(scene)?.start(&start).await?)
}

/// The process once it is as it should be; a history may lag.
async fn once(scene: &Scene, id: &str, is_so: impl Fn(&Process) -> bool) -> Ending<Process> {
    let began = tokio::time::Instant::now();
    loop {
        let found = ability(scene)?.process(id).await?;
        match found {
            Some(process) if is_so(&process) => return Ok(process),
            _ if began.elapsed() < LAG => tokio::time::sleep(Duration::from_millis(100)).await,
            other => return Err(Stop::Failed(format!("the process is not as it should be after {LAG:?}: {other:?}"))),
        }
    }
}

async fn a_model_can_be_found_by_its_key(scene: &Scene) -> Ending {
    let key = bench(scene)?.model().await;
    let models = ability(scene)?.models().await?;
    let found: Vec<_> = models.iter().filter(|model| model.key == key).collect();
    ensure_eq!(found.len(), 1, "how often the model is there");
    ensure!(
        found.iter().all(|model| model.version >= 1 && !model.name.is_empty()),
        "it has no name or version: {found:?}"
    );
    Ok(())
}

async fn a_process_knows_what_it_was_told(scene: &Scene) -> Ending {
    let started = start(scene, "INV-1").await?;
    let process = once(scene, &started.id, |_| true).await?;
    ensure_eq!(process.name.as_deref(), Some("Check INV-1"), "its name");
    ensure_eq!(process.business_key.as_deref(), Some("INV-1"), "what it is about");
    ensure!(process.started.is_some() && process.ended.is_none(), "when it began and ended: {process:?}");
    let told = |name: &str| process.variables.get(name).cloned().unwrap_or_default();
    ensure_eq!(told("title"), json!("An \"odd\" title, ä € 😀"), "a text");
    ensure_eq!(told("amount"), json!(1250.5), "a number");
    ensure_eq!(told("pages"), json!(12), "a whole number");
    ensure_eq!(told("urgent"), json!(true), "a truth value");
    ensure_eq!(told("vendor"), json!({ "name": "Brightwell Paper", "tags": ["a", "b"] }), "an object");
    Ok(())
}

async fn a_process_of_no_model_is_not_started(scene: &Scene) -> Ending {
    let start = ProcessStart { model: "no-such-model".to_owned(), ..ProcessStart::default() };
    let kinds = [FailureKind::NotFound, FailureKind::Invalid];
    refused(ability(scene)?.start(&start).await, &kinds, "a model that there is not")?;
    Ok(())
}

async fn a_process_is_found_by_what_it_is_about(scene: &Scene) -> Ending {
    let wanted = start(scene, "INV-2").await?.id;
    start(scene, "INV-20").await?;
    let filter = ProcessFilter { ended: Some(false), business_key: Some("INV-2".to_owned()), model: None };
    let page = ability(scene)?.processes(&filter, PageRequest::default()).await?;
    let ids: Vec<_> = page.processes.iter().map(|process| process.id.clone()).collect();
    ensure_eq!(ids, vec![wanted], "what was found");
    Ok(())
}

async fn a_process_that_is_held_stands_still_and_goes_on(scene: &Scene) -> Ending {
    let id = start(scene, "INV-3").await?.id;
    for on in [true, true, false, false] {
        ability(scene)?.suspend(&id, on).await?;
        let process = once(scene, &id, |_| true).await?;
        ensure_eq!(process.suspended, on, "whether it stands still");
    }
    Ok(())
}

async fn a_process_that_was_ended_is_over_and_says_why(scene: &Scene) -> Ending {
    let id = start(scene, "INV-4").await?.id;
    ability(scene)?.terminate(&id, "asked for twice").await?;
    let process = once(scene, &id, |process| process.ended.is_some()).await?;
    if let Some(reason) = &process.ended_because {
        ensure_eq!(reason, "asked for twice", "why it was ended");
    }
    ability(scene)?.terminate(&id, "again").await?;
    Ok(())
}

async fn a_process_that_came_to_its_end_is_over(scene: &Scene) -> Ending {
    let id = start(scene, "INV-5").await?.id;
    bench(scene)?.finish(&id).await;
    let process = once(scene, &id, |process| process.ended.is_some()).await?;
    ensure!(process.ended_because.is_none(), "it was not ended before its end: {process:?}");
    Ok(())
}

async fn its_tasks_are_told(scene: &Scene) -> Ending {
    let id = start(scene, "INV-6").await?.id;
    bench(scene)?.finish(&id).await;
    once(scene, &id, |process| process.ended.is_some()).await?;
    let steps = ability(scene)?.steps(&id).await?;
    ensure_eq!(steps.len(), 1, "how many tasks there were");
    ensure!(
        steps.iter().all(|step| step.ended.is_some() && !step.name.is_empty()),
        "a task is not told whole: {steps:?}"
    );
    Ok(())
}

async fn a_drawing_is_a_picture(scene: &Scene) -> Ending {
    let id = start(scene, "INV-7").await?.id;
    let Some(diagram) = ability(scene)?.diagram(&id).await? else {
        not_applicable!("the remote draws nothing");
    };
    ensure!(diagram.kind.starts_with("image/"), "a drawing of the kind {}", diagram.kind);
    ensure!(diagram.bytes.len() > 64, "a drawing of {} bytes", diagram.bytes.len());
    Ok(())
}
