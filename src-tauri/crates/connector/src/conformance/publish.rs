//! Telling others what happens here.

use serde_json::json;
use waybill_model::{FailureKind, Millis};

use super::{
    Fault, PublishBench, Scene, Taken,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    scene::refused,
};
use crate::{OutboundEvent, Publish};

cases![Publish:
    what_is_told_arrives_as_it_is,
    many_events_arrive_in_their_order,
    each_event_is_acknowledged_by_its_id,
    what_is_told_again_is_the_same_event,
    telling_nothing_succeeds,
    a_telling_that_failed_can_be_repeated,
    a_telling_whose_answer_was_lost_arrives_once,
    an_error_in_the_answer_is_an_error,
    an_event_that_is_refused_names_itself,
];

fn ability(scene: &Scene) -> Ending<&dyn Publish> {
    scene.connector.publish().ok_or_else(|| Stop::NotApplicable("nothing is told".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn PublishBench> {
    match scene.place.publish_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture does not see what others are told"),
    }
}

fn event(number: usize) -> OutboundEvent {
    OutboundEvent {
        id: format!("0192c3d4-0000-7000-8000-{number:012}"),
        word: "item.filed".to_owned(),
        at: Millis(1_800_000_000_000 + i64::try_from(number).unwrap_or(0)),
        subject: Some(format!("Räumung {number} \"100%\"")),
        data: json!({ "number": number, "name": "Größe <1> & 2" }),
    }
}

fn events(count: usize) -> Vec<OutboundEvent> {
    (1..=count).map(event).collect()
}

async fn taken(scene: &Scene) -> Ending<Vec<Taken>> {
    Ok(bench(scene)?.taken().await)
}

fn ids(events: &[OutboundEvent]) -> Vec<String> {
    events.iter().map(|event| event.id.clone()).collect()
}

/// What arrived, each once in the order of the first time.
async fn arrived(scene: &Scene) -> Ending<Vec<String>> {
    let mut ids: Vec<String> = Vec::new();
    for one in taken(scene).await? {
        if !ids.contains(&one.id) {
            ids.push(one.id);
        }
    }
    Ok(ids)
}

async fn what_is_told_arrives_as_it_is(scene: &Scene) -> Ending {
    let told = event(1);
    ability(scene)?.publish(std::slice::from_ref(&told)).await?;
    let taken = taken(scene).await?;
    ensure_eq!(taken.len(), 1, "how many arrived");
    let one = &taken[0];
    ensure_eq!(one.id, told.id, "its id");
    ensure!(one.word.ends_with(&told.word), "its word is {}", one.word);
    ensure_eq!(one.subject, told.subject, "its subject");
    ensure_eq!(one.data, told.data, "its data");
    Ok(())
}

async fn many_events_arrive_in_their_order(scene: &Scene) -> Ending {
    let told = events(ability(scene)?.most_at_once().min(10) * 2 + 1);
    let acknowledged = ability(scene)?.publish(&told).await?;
    ensure_eq!(acknowledged.len(), told.len(), "how many were acknowledged");
    ensure_eq!(arrived(scene).await?, ids(&told), "what arrived");
    Ok(())
}

async fn each_event_is_acknowledged_by_its_id(scene: &Scene) -> Ending {
    let told = events(3);
    let acknowledged = ability(scene)?.publish(&told).await?;
    ensure_eq!(acknowledged.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), ids(&told), "what was acknowledged");
    Ok(())
}

async fn what_is_told_again_is_the_same_event(scene: &Scene) -> Ending {
    let told = events(3);
    let first = ability(scene)?.publish(&told).await?;
    let again = ability(scene)?.publish(&told).await?;
    ensure_eq!(arrived(scene).await?, ids(&told), "what arrived");
    if bench(scene)?.drops_twins() {
        ensure_eq!(taken(scene).await?.len(), 3, "how many arrived");
        ensure_eq!(again, first, "what was answered");
    }
    Ok(())
}

async fn telling_nothing_succeeds(scene: &Scene) -> Ending {
    ensure_eq!(ability(scene)?.publish(&[]).await?, vec![], "what was acknowledged");
    ensure_eq!(taken(scene).await?.len(), 0, "how many arrived");
    Ok(())
}

async fn a_telling_that_failed_can_be_repeated(scene: &Scene) -> Ending {
    let told = events(2);
    scene.arm(Fault::ServerError).await?;
    let kinds = [FailureKind::Vendor, FailureKind::Unreachable, FailureKind::RateLimited];
    let error = refused(ability(scene)?.publish(&told).await, &kinds, "a telling that the server failed")?;
    ensure!(error.retry != waybill_model::Retry::Never, "{error} is not to be tried again");
    scene.clear_faults().await;
    ability(scene)?.publish(&told).await?;
    ensure_eq!(arrived(scene).await?, ids(&told), "what arrived");
    Ok(())
}

async fn a_telling_whose_answer_was_lost_arrives_once(scene: &Scene) -> Ending {
    let told = events(1);
    scene.arm(Fault::AfterPart).await?;
    let kinds = [FailureKind::Vendor, FailureKind::Unreachable, FailureKind::TimedOut, FailureKind::Truncated];
    let error = refused(ability(scene)?.publish(&told).await, &kinds, "a telling whose answer was lost")?;
    ensure!(error.retry != waybill_model::Retry::Never, "{error} is not to be tried again");
    scene.clear_faults().await;
    ability(scene)?.publish(&told).await?;
    ensure_eq!(arrived(scene).await?, ids(&told), "what arrived");
    if bench(scene)?.drops_twins() {
        ensure_eq!(taken(scene).await?.len(), 1, "how many arrived");
    }
    Ok(())
}

async fn an_error_in_the_answer_is_an_error(scene: &Scene) -> Ending {
    scene.arm(Fault::ErrorInSuccess).await?;
    let result = ability(scene)?.publish(&events(1)).await;
    ensure!(result.is_err(), "an error in a success was taken for {result:?}");
    ensure_eq!(taken(scene).await?.len(), 0, "how many arrived");
    Ok(())
}

async fn an_event_that_is_refused_names_itself(scene: &Scene) -> Ending {
    let Some(data) = bench(scene)?.refused() else { not_applicable!("the fixture has no event that is refused") };
    let (first, third) = (event(1), event(3));
    let second = OutboundEvent { data, ..event(2) };
    let told = [first.clone(), second.clone(), third];
    let error = refused(ability(scene)?.publish(&told).await, &[FailureKind::Invalid], "an event that is refused")?;
    ensure!(error.to_string().contains(&second.id), "nobody says which event it is: {error}");
    ensure_eq!(arrived(scene).await?, vec![first.id], "what arrived before it");
    Ok(())
}
