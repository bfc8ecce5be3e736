//! Asking an outsider for files.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    fixture::RequestBench,
    scene::refused,
};
use crate::{FileRequest, FileRequests, NewFileRequest};

cases![FileRequests:
    a_request_is_open_and_read_back,
    asking_for_the_same_again_answers_the_one_that_stands,
    asking_for_something_else_is_another_request,
    what_the_outsider_puts_there_is_received,
    what_was_there_is_not_received,
    closing_shuts_the_door_and_keeps_what_came,
    closing_twice_succeeds_and_asking_again_opens_another,
    a_request_that_the_rules_forbid_leaves_nothing_behind,
    a_request_without_words_or_with_its_end_in_the_past_is_refused,
    a_lost_answer_makes_one_request,
];

const DAY: i64 = 86_400_000;

fn ability(scene: &Scene) -> Ending<&dyn FileRequests> {
    scene.connector.file_requests().ok_or_else(|| Stop::NotApplicable("no requests".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn RequestBench> {
    match scene.place.request_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture has nobody to ask"),
    }
}

fn wanted(scene: &Scene, message: &str) -> Ending<NewFileRequest> {
    Ok(NewFileRequest { from: bench(scene)?.outsider(), message: message.to_owned(), expires: None })
}

async fn ask(scene: &Scene, message: &str) -> Ending<FileRequest> {
    Ok(ability(scene)?.ask(&scene.base, &wanted(scene, message)?).await?)
}

async fn open(scene: &Scene) -> Ending<Vec<FileRequest>> {
    Ok(ability(scene)?.requests(&scene.base).await?)
}

async fn a_request_is_open_and_read_back(scene: &Scene) -> Ending {
    let end = waybill_model::Millis(bench(scene)?.now().0 / 1000 * 1000).plus(9 * DAY);
    let new = NewFileRequest { expires: Some(end), ..wanted(scene, "Three offers: \"seals\" & rings?\nBy Friday")? };
    let asked = ability(scene)?.ask(&scene.base, &new).await?;
    ensure!(asked.folder.below(&scene.base).is_some(), "{} is not below the folder", asked.folder);
    for one in [std::slice::from_ref(&asked), &open(scene).await?].concat() {
        ensure_eq!((&one.id, &one.folder), (&asked.id, &asked.folder), "which request it is");
        ensure_eq!((&one.from, &one.message), (&new.from, &new.message), "who is asked for what");
        ensure_eq!((one.expires, one.received.len()), (Some(end), 0), "its end, and what has come");
    }
    ensure_eq!(open(scene).await?.len(), 1, "open requests");
    Ok(())
}

async fn asking_for_the_same_again_answers_the_one_that_stands(scene: &Scene) -> Ending {
    let first = ask(scene, "The signed contract").await?;
    let second = ask(scene, "The signed contract").await?;
    ensure_eq!((&second.id, &second.folder), (&first.id, &first.folder), "the second request");
    ensure_eq!(open(scene).await?.len(), 1, "open requests");
    Ok(())
}

async fn asking_for_something_else_is_another_request(scene: &Scene) -> Ending {
    let first = ask(scene, "The signed contract").await?;
    let second = ask(scene, "The invoice").await?;
    ensure!(first.id != second.id && first.folder != second.folder, "two requests are one: {first:?}");
    ensure_eq!(open(scene).await?.len(), 2, "open requests");
    Ok(())
}

async fn received(scene: &Scene, id: &str) -> Ending<FileRequest> {
    let one = open(scene).await?.into_iter().find(|request| request.id == id);
    one.ok_or_else(|| Stop::Failed("the request is not open".to_owned()))
}

async fn what_the_outsider_puts_there_is_received(scene: &Scene) -> Ending {
    let asked = ask(scene, "Two drawings").await?;
    for name in ["b %é.pdf", "a.pdf"] {
        ensure!(bench(scene)?.deliver(&asked, name, name.as_bytes()).await, "the outsider cannot put {name} there");
    }
    let mut found = received(scene, &asked.id).await?.received;
    found.sort();
    ensure_eq!(found, vec![asked.folder.join("a.pdf"), asked.folder.join("b %é.pdf")], "what was received");
    scene.holds(&asked.folder.join("a.pdf"), b"a.pdf").await
}

async fn what_was_there_is_not_received(scene: &Scene) -> Ending {
    let asked = ask(scene, "Fill in the form").await?;
    if scene.connector.write().is_none() {
        not_applicable!("the connector cannot write");
    }
    scene.lay(&asked.folder.join("form.pdf"), b"mine").await?;
    ensure_eq!(received(scene, &asked.id).await?.received, vec![], "what was received");
    Ok(())
}

async fn closing_shuts_the_door_and_keeps_what_came(scene: &Scene) -> Ending {
    let asked = ask(scene, "One drawing").await?;
    ensure!(bench(scene)?.deliver(&asked, "a.pdf", b"kept").await, "the outsider cannot put anything there");
    ability(scene)?.close(&asked).await?;
    ensure!(!bench(scene)?.deliver(&asked, "late.pdf", b"late").await, "the door is open still");
    ensure_eq!(open(scene).await?, vec![], "open requests");
    scene.holds(&asked.folder.join("a.pdf"), b"kept").await
}

async fn closing_twice_succeeds_and_asking_again_opens_another(scene: &Scene) -> Ending {
    let first = ask(scene, "One drawing").await?;
    ability(scene)?.close(&first).await?;
    ability(scene)?.close(&first).await?;
    let second = ask(scene, "One drawing").await?;
    ensure_eq!(open(scene).await?.len(), 1, "open requests");
    ensure!(bench(scene)?.deliver(&second, "a.pdf", b"x").await, "the outsider cannot put anything there");
    Ok(())
}

async fn a_request_that_the_rules_forbid_leaves_nothing_behind(scene: &Scene) -> Ending {
    let Some(forbidden) = bench(scene)?.forbidden() else { not_applicable!("the remote has no such rules") };
    let new = NewFileRequest { from: forbidden, ..wanted(scene, "One drawing")? };
    let result = ability(scene)?.ask(&scene.base, &new).await;
    refused(result, &[FailureKind::Denied], "asking whom the rules forbid")?;
    ensure_eq!(open(scene).await?, vec![], "open requests");
    ensure_eq!(scene.leftovers(&[]).await?, Vec::<String>::new(), "what was left");
    Ok(())
}

async fn a_request_without_words_or_with_its_end_in_the_past_is_refused(scene: &Scene) -> Ending {
    let past = Some(bench(scene)?.now().plus(-DAY));
    for new in [wanted(scene, " ")?, NewFileRequest { expires: past, ..wanted(scene, "One drawing")? }] {
        let result = ability(scene)?.ask(&scene.base, &new).await;
        refused(result, &[FailureKind::Invalid], "a request that cannot be one")?;
    }
    ensure_eq!(scene.leftovers(&[]).await?, Vec::<String>::new(), "what was left");
    Ok(())
}

async fn a_lost_answer_makes_one_request(scene: &Scene) -> Ending {
    if !bench(scene)?.lose_answer().await {
        not_applicable!("the fixture cannot lose an answer");
    }
    let asked = ask(scene, "One drawing").await?;
    ensure_eq!(open(scene).await?.into_iter().map(|one| one.id).collect::<Vec<_>>(), vec![asked.id], "open requests");
    Ok(())
}
