//! Whether a file may be used.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    fixture::ApprovalBench,
    scene::refused,
};
use crate::{Approval, ApprovalState};

cases![Approval:
    a_fresh_file_stands_somehow,
    a_decision_is_read_back,
    a_state_that_is_not_there_changes_nothing,
    deciding_the_same_twice_succeeds,
    a_decision_is_about_one_file_alone,
    a_decision_leaves_the_bytes_alone,
    what_is_not_there_is_not_decided_about,
    what_somebody_else_decided_is_seen,
    the_reason_arrives,
    whoever_may_not_decide_is_refused,
];

const STATES: [ApprovalState; 5] = [
    ApprovalState::Approved,
    ApprovalState::Rejected,
    ApprovalState::Pending,
    ApprovalState::Expired,
    ApprovalState::Open,
];

fn ability(scene: &Scene) -> Ending<&dyn Approval> {
    scene.connector.approval().ok_or_else(|| Stop::NotApplicable("no approval".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn ApprovalBench> {
    match scene.place.approval_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture has nobody else who decides"),
    }
}

async fn stands(scene: &Scene, name: &str) -> Ending<ApprovalState> {
    Ok(ability(scene)?.approval(&scene.path(name)).await?.state)
}

async fn decide(scene: &Scene, name: &str, state: ApprovalState) -> Ending<crate::Result<()>> {
    Ok(ability(scene)?.set_approval(&scene.path(name), state, None).await)
}

async fn a_fresh_file_stands_somehow(scene: &Scene) -> Ending {
    scene.lay(&scene.path("in/x"), b"abc").await?;
    let record = ability(scene)?.approval(&scene.path("in/x")).await?;
    let is_said = record.state == ApprovalState::Open || !record.word.is_empty();
    ensure!(is_said, "the remote's own word is missing: {record:?}");
    Ok(())
}

async fn a_decision_is_read_back(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"abc").await?;
    for state in [ApprovalState::Approved, ApprovalState::Rejected, ApprovalState::Approved] {
        decide(scene, "x", state).await??;
        let record = ability(scene)?.approval(&scene.path("x")).await?;
        ensure_eq!(record.state, state, "what stands");
        ensure!(!record.word.is_empty(), "the remote's own word is missing: {record:?}");
    }
    let again = scene.place.reopen().await;
    let again = again.approval().ok_or_else(|| Stop::Failed("another connector has no approval".to_owned()))?;
    ensure_eq!(again.approval(&scene.path("x")).await?.state, ApprovalState::Approved, "what another connector sees");
    Ok(())
}

async fn a_state_that_is_not_there_changes_nothing(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"abc").await?;
    for state in STATES {
        let before = stands(scene, "x").await?;
        match decide(scene, "x", state).await? {
            Ok(()) => ensure_eq!(stands(scene, "x").await?, state, "what stands"),
            Err(error) => {
                refused(Err::<(), _>(error), &[FailureKind::Invalid], "a state that the remote does not have")?;
                ensure_eq!(stands(scene, "x").await?, before, "what stands after {state:?} was refused");
            }
        }
    }
    Ok(())
}

async fn deciding_the_same_twice_succeeds(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"abc").await?;
    for _ in 0..2 {
        decide(scene, "x", ApprovalState::Approved).await??;
    }
    ensure_eq!(stands(scene, "x").await?, ApprovalState::Approved, "what stands");
    Ok(())
}

async fn a_decision_is_about_one_file_alone(scene: &Scene) -> Ending {
    for name in ["in/x", "in/x.txt", "x"] {
        scene.lay(&scene.path(name), b"abc").await?;
        decide(scene, name, ApprovalState::Rejected).await??;
    }
    decide(scene, "in/x", ApprovalState::Approved).await??;
    ensure_eq!(stands(scene, "in/x").await?, ApprovalState::Approved, "what stands");
    for name in ["in/x.txt", "x"] {
        ensure_eq!(stands(scene, name).await?, ApprovalState::Rejected, "what stands at {name}");
    }
    Ok(())
}

async fn a_decision_leaves_the_bytes_alone(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"abc").await?;
    decide(scene, "x", ApprovalState::Approved).await??;
    scene.holds(&scene.path("x"), b"abc").await
}

async fn what_is_not_there_is_not_decided_about(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"abc").await?;
    let result = decide(scene, "nothing", ApprovalState::Approved).await?;
    refused(result, &[FailureKind::NotFound], "deciding about nothing")?;
    let result = ability(scene)?.approval(&scene.path("nothing")).await;
    refused(result, &[FailureKind::NotFound], "asking about nothing")?;
    Ok(())
}

async fn what_somebody_else_decided_is_seen(scene: &Scene) -> Ending {
    let bench = bench(scene)?;
    scene.lay(&scene.path("x"), b"abc").await?;
    for state in [ApprovalState::Rejected, ApprovalState::Approved] {
        bench.decide(&scene.path("x"), state).await;
        ensure_eq!(stands(scene, "x").await?, state, "what stands");
    }
    Ok(())
}

async fn the_reason_arrives(scene: &Scene) -> Ending {
    let bench = bench(scene)?;
    let path = scene.path("x");
    scene.lay(&path, b"abc").await?;
    let why = "Page 3: \"the price\" is <wrong> & 5 € too high";
    ability(scene)?.set_approval(&path, ApprovalState::Rejected, Some(why)).await?;
    match bench.reason(&path).await {
        Some(reason) => ensure!(reason.contains(why), "the reason reads {reason:?}"),
        None => not_applicable!("the remote keeps no reasons"),
    }
    Ok(())
}

async fn whoever_may_not_decide_is_refused(scene: &Scene) -> Ending {
    let bench = bench(scene)?;
    scene.lay(&scene.path("x"), b"abc").await?;
    decide(scene, "x", ApprovalState::Rejected).await??;
    let Some(other) = bench.without_the_right().await else {
        not_applicable!("the fixture has no account without the right");
    };
    let other = other.approval().ok_or_else(|| Stop::Failed("the account has no approval".to_owned()))?;
    let result = other.set_approval(&scene.path("x"), ApprovalState::Approved, Some("please")).await;
    refused(result, &[FailureKind::Denied], "deciding without the right")?;
    ensure_eq!(stands(scene, "x").await?, ApprovalState::Rejected, "what stands");
    Ok(())
}
