//! The behaviour that the engine relies on, as cases that run against any connector.
//!
//! A connector crate writes a [`Fixture`] that hands out fresh, empty places, and calls [`run`] in one test. The cases
//! follow from the abilities that the connector hands out; an ability that no case exercises fails the run. What a
//! fixture cannot stage (a rate limit, a hang) is a row *not applicable* with its reason, never a gap.
//!
//! The folder connector's `tests/conformance.rs` shows a fixture with every hook that a file system can have.
//!
//! No case knows a connector by name, and none asserts a time: a case that never ends fails by the fixture's patience.

mod case;
mod fixture;
mod report;
mod scene;

mod approval;
mod attributes;
mod audit_log;
mod catalogue;
mod check;
mod checksums;
mod comments;
mod concurrent;
mod create_folder;
mod delete;
mod events;
mod file_plan;
mod file_requests;
mod inbound;
mod links;
mod list;
mod locks;
mod metadata;
mod names;
mod permissions;
mod previews;
mod process_models;
mod processes;
mod publish;
mod read;
mod records;
mod recycle_bin;
mod rename;
mod resumable;
mod resumable_faults;
mod search;
mod self_test;
mod server_copy;
mod sharing;
mod space;
mod tasks;
mod trust;
mod unfinished;
mod versions;
mod workspaces;
mod write;

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;

pub use crate::Ability;
use case::{Case, Stop};
pub use fixture::{
    ApprovalBench, CatalogueBench, CommentBench, EventBench, Fault, Faults, FilePlanBench, Fixture, InboundBench,
    LockBench, Outside, PeopleBench, Place, ProcessBench, PublishBench, RequestBench, SearchBench, ShareBench, Taken,
    TaskBench, WorkspaceBench,
};
pub use report::{Outcome, Report, Row};
use scene::Scene;

/// Runs every case that the connector's abilities call for and prints the table.
///
/// `WAYBILL_CASE` in the environment runs only the cases whose names hold that text; the table says so.
///
/// # Panics
/// Where a case failed, or an ability had no case that ran.
pub async fn run(fixture: &dyn Fixture) -> Report {
    let report = collect(fixture).await;
    #[expect(clippy::print_stdout, reason = "the table is what the test is read for")]
    {
        println!("{report}");
    }
    assert!(report.failed() == 0, "{}", report.failures());
    report
}

/// Runs like [`run`], but hands the failures back in place of panicking.
pub async fn collect(fixture: &dyn Fixture) -> Report {
    let only = std::env::var("WAYBILL_CASE").ok().filter(|text| !text.is_empty());
    let handed_out = {
        let place = fixture.place().await;
        Ability::of(place.connector().as_ref())
    };
    let mut report = Report::new(fixture.name(), only.clone());
    for &ability in Ability::ALL {
        if !handed_out.contains(&ability) {
            report.absent(ability);
            continue;
        }
        let cases = all_cases().into_iter().filter(|case| case.ability == ability);
        for case in cases.filter(|case| only.as_ref().is_none_or(|text| case.title().contains(text))) {
            let outcome = match fixture.excuse(case.name) {
                Some(reason) => Outcome::NotApplicable(reason),
                None => attempt(fixture, &case).await,
            };
            report.push(ability, case.title(), outcome);
        }
        report.close(ability);
    }
    report
}

/// One case on a place of its own. A panic of the fixture or the connector fails this case and no other.
async fn attempt(fixture: &dyn Fixture, case: &Case) -> Outcome {
    let steps = async {
        let scene = Scene::new(fixture.place().await);
        (case.run)(&scene).await
    };
    match tokio::time::timeout(fixture.patience(), AssertUnwindSafe(steps).catch_unwind()).await {
        Err(_) => Outcome::Failed(format!("it did not end within {:?}", fixture.patience())),
        Ok(Err(panic)) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            Outcome::Failed(format!("it panicked: {text}"))
        }
        Ok(Ok(Err(Stop::Failed(why)))) => Outcome::Failed(why),
        Ok(Ok(Err(Stop::NotApplicable(why)))) => Outcome::NotApplicable(why),
        Ok(Ok(Ok(()))) => Outcome::Passed,
    }
}

fn all_cases() -> Vec<Case> {
    [
        check::cases(),
        self_test::cases(),
        list::cases(),
        names::cases(),
        read::cases(),
        write::cases(),
        concurrent::cases(),
        resumable::cases(),
        resumable_faults::cases(),
        delete::cases(),
        checksums::cases(),
        create_folder::cases(),
        rename::cases(),
        server_copy::cases(),
        versions::cases(),
        metadata::cases(),
        links::cases(),
        unfinished::cases(),
        records::cases(),
        space::cases(),
        tasks::cases(),
        processes::cases(),
        attributes::cases(),
        search::cases(),
        previews::cases(),
        comments::cases(),
        locks::cases(),
        approval::cases(),
        sharing::cases(),
        file_requests::cases(),
        workspaces::cases(),
        file_plan::cases(),
        permissions::cases(),
        audit_log::cases(),
        recycle_bin::cases(),
        process_models::cases(),
        events::cases(),
        inbound::cases(),
        publish::cases(),
        catalogue::cases(),
        trust::cases(),
    ]
    .concat()
}

#[cfg(test)]
mod tests;
