//! The test behind the Test button.

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
};
use crate::{StepOutcome, TestReport, TestStep};

cases![SelfTest:
    the_test_passes_and_tells_each_step,
    the_test_leaves_nothing_behind,
    the_test_finds_the_same_twice,
];

async fn report(scene: &Scene) -> Ending<(TestReport, Vec<TestStep>)> {
    let test = scene.connector.self_test().ok_or_else(|| Stop::NotApplicable("no test".to_owned()))?;
    let mut told = Vec::new();
    let report = test.run(&mut |step| told.push(step.clone())).await;
    Ok((report, told))
}

async fn the_test_passes_and_tells_each_step(scene: &Scene) -> Ending {
    let (report, told) = report(scene).await?;
    ensure!(report.error.is_none(), "the test failed: {:?}", report.error);
    ensure!(!told.is_empty(), "no step was told");
    let begun = |step: &TestStep| step.outcome == StepOutcome::Trying;
    ensure!(told.first().is_some_and(begun), "nothing was told before the first step ended: {told:?}");
    let ended: Vec<_> = told.iter().filter(|step| !begun(step)).cloned().collect();
    ensure_eq!(ended, report.steps, "what was told while it ran");
    let named = |name: &str| ended.iter().any(|step| step.name == name);
    ensure!(told.iter().all(|step| named(&step.name)), "a step was begun and never ended: {told:?}");
    let failed = told.iter().find(|step| step.outcome == StepOutcome::Failed);
    ensure!(failed.is_none(), "a step failed and the test did not: {failed:?}");
    ensure!(told.iter().all(|step| !step.name.is_empty()), "a step has no name: {told:?}");
    Ok(())
}

async fn the_test_leaves_nothing_behind(scene: &Scene) -> Ending {
    report(scene).await?;
    let left = scene.leftovers(&[]).await?;
    ensure!(left.is_empty(), "the test left {left:?}");
    Ok(())
}

async fn the_test_finds_the_same_twice(scene: &Scene) -> Ending {
    let (first, _) = report(scene).await?;
    let (second, _) = report(scene).await?;
    ensure_eq!(first.learned, second.learned, "what the second test found out");
    Ok(())
}
