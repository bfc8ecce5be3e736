//! Hearing what happens, by being told: nothing is believed that is not signed.

use bytes::Bytes;
use serde_json::json;
use waybill_model::{FailureKind, Millis};

use super::{
    InboundBench, Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    scene::{refused, to_usize},
};
use crate::{Delivery, Inbound};

cases![Inbound:
    what_is_signed_is_believed,
    events_of_one_message_come_in_its_order,
    reading_again_reads_the_same,
    what_is_unsigned_is_refused,
    what_was_changed_on_the_way_is_refused,
    a_signature_of_somebody_else_is_refused,
    a_clock_that_is_a_little_off_is_allowed,
    a_signature_that_is_five_minutes_off_is_refused,
    another_kind_of_message_is_refused,
    a_message_that_is_too_long_is_refused,
    what_is_no_event_is_refused,
];

/// When messages come.
const NOW: Millis = Millis(1_800_000_000_000);
const MINUTE: i64 = 60_000;

fn ability(scene: &Scene) -> Ending<&dyn Inbound> {
    scene.connector.inbound().ok_or_else(|| Stop::NotApplicable("no listener".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn InboundBench> {
    match scene.place.inbound_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture has no bench that sends messages"),
    }
}

/// A message of these events, signed right.
fn message(scene: &Scene, ids: &[&str]) -> Ending<Delivery> {
    let events: Vec<_> = ids.iter().map(|id| ((*id).to_owned(), json!({ "n": 1 }))).collect();
    let (kind, body) = bench(scene)?.message(&events);
    Ok(bench(scene)?.sign(&kind, body, NOW))
}

async fn what_is_signed_is_believed(scene: &Scene) -> Ending {
    let events = ability(scene)?.receive(&message(scene, &["e-1"])?)?;
    ensure_eq!(events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), vec!["e-1"], "the events");
    ensure!(!events[0].source.is_empty(), "the event has no source");
    Ok(())
}

async fn events_of_one_message_come_in_its_order(scene: &Scene) -> Ending {
    let events = ability(scene)?.receive(&message(scene, &["e-3", "e-1", "e-2"])?)?;
    let ids: Vec<_> = events.iter().map(|event| event.id.as_str()).collect();
    ensure_eq!(ids, vec!["e-3", "e-1", "e-2"], "the events");
    Ok(())
}

async fn reading_again_reads_the_same(scene: &Scene) -> Ending {
    let delivery = message(scene, &["e-1"])?;
    ensure_eq!(ability(scene)?.receive(&delivery)?, ability(scene)?.receive(&delivery)?, "the same message twice");
    Ok(())
}

async fn what_is_unsigned_is_refused(scene: &Scene) -> Ending {
    let signed = message(scene, &["e-1"])?;
    let names: Vec<_> = bench(scene)?.signature_headers();
    for without in &names {
        let mut delivery = signed.clone();
        delivery.headers.retain(|(name, _)| name != without);
        let what = format!("a message without {without}");
        refused(ability(scene)?.receive(&delivery), &[FailureKind::Unauthenticated], &what)?;
    }
    let mut bare = signed;
    bare.headers.retain(|(name, _)| !names.contains(name));
    refused(ability(scene)?.receive(&bare), &[FailureKind::Unauthenticated], "a message without a signature")?;
    Ok(())
}

async fn what_was_changed_on_the_way_is_refused(scene: &Scene) -> Ending {
    let signed = message(scene, &["e-1"])?;
    let text = String::from_utf8_lossy(&signed.body).replace("e-1", "e-2");
    let changed = Delivery { body: Bytes::from(text), ..signed };
    refused(ability(scene)?.receive(&changed), &[FailureKind::Unauthenticated], "a message that was changed")?;
    Ok(())
}

async fn a_signature_of_somebody_else_is_refused(scene: &Scene) -> Ending {
    let signed = message(scene, &["e-1"])?;
    let (_, body) = bench(scene)?.message(&[("e-9".to_owned(), json!({}))]);
    let other = Delivery { body, ..signed };
    refused(ability(scene)?.receive(&other), &[FailureKind::Unauthenticated], "another message's signature")?;
    Ok(())
}

async fn a_clock_that_is_a_little_off_is_allowed(scene: &Scene) -> Ending {
    for off in [-4 * MINUTE, 4 * MINUTE] {
        let delivery = Delivery { at: NOW.plus(off), ..message(scene, &["e-1"])? };
        ensure_eq!(ability(scene)?.receive(&delivery)?.len(), 1, "events where the clock is {off} ms off");
    }
    Ok(())
}

async fn a_signature_that_is_five_minutes_off_is_refused(scene: &Scene) -> Ending {
    for off in [-6 * MINUTE, 6 * MINUTE, 24 * 60 * MINUTE] {
        let delivery = Delivery { at: NOW.plus(off), ..message(scene, &["e-1"])? };
        let what = format!("a signature that is {off} ms off");
        refused(ability(scene)?.receive(&delivery), &[FailureKind::Unauthenticated], &what)?;
    }
    Ok(())
}

async fn another_kind_of_message_is_refused(scene: &Scene) -> Ending {
    let delivery = bench(scene)?.sign("text/plain", Bytes::from_static(b"hello"), NOW);
    refused(ability(scene)?.receive(&delivery), &[FailureKind::Unsupported], "a message of another kind")?;
    Ok(())
}

async fn a_message_that_is_too_long_is_refused(scene: &Scene) -> Ending {
    let longest = to_usize(ability(scene)?.longest());
    let (kind, body) = bench(scene)?.message(&[("e-1".to_owned(), json!({ "text": "x".repeat(longest) }))]);
    let delivery = bench(scene)?.sign(&kind, body, NOW);
    refused(ability(scene)?.receive(&delivery), &[FailureKind::TooLarge], "a message that is too long")?;
    Ok(())
}

async fn what_is_no_event_is_refused(scene: &Scene) -> Ending {
    let (kind, _) = bench(scene)?.message(&[("e-1".to_owned(), json!({}))]);
    for body in ["{", "null", "{}", "[1]", "\"text\""] {
        let delivery = bench(scene)?.sign(&kind, Bytes::from_static(body.as_bytes()), NOW);
        let error =
            refused(ability(scene)?.receive(&delivery), &[FailureKind::Invalid], &format!("{body} as an event"))?;
        ensure!(error.fact("field").is_some(), "nobody says what is wrong with {body}: {error}");
    }
    Ok(())
}
