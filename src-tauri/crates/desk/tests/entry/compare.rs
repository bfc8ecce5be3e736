//! A plan is only read while it is made, and run exactly as it was shown.

use std::{sync::Arc, time::Duration};

use waybill_desk::{CompareBy, CompareRequest, Comparison, PlanFilter, PlanRow, PlanState, RunAsShown, Standing, Why};
use waybill_model::{FailureKind, Location, Proof, RequiredProof};

use crate::home::Home;

pub(crate) fn request(source: Location, target: Location) -> CompareRequest {
    CompareRequest { source, target, by: CompareBy::Checksum }
}

async fn made(home: &Home, request: CompareRequest) -> Arc<Comparison> {
    let plan = home.desk.compare(request).await.unwrap();
    for _ in 0..3_000 {
        if plan.state() != PlanState::Making {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(plan.state(), PlanState::Made);
    plan
}

fn rows(plan: &Comparison) -> Vec<PlanRow> {
    plan.page(&PlanFilter::default(), 0, 10_000).rows.into_iter().map(|(_, row)| row).collect()
}

fn shown(plan: &Comparison) -> Vec<(String, Standing)> {
    let mut rows: Vec<_> = rows(plan).into_iter().map(|row| (row.path, row.standing)).collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    rows
}

async fn run(home: &Home, plan: &Comparison) -> RunAsShown {
    home.desk.run_as_shown(plan, "as shown".to_owned(), RequiredProof::Matched).await.unwrap()
}

/// Removes all that lies in `target` and not in `source`.
pub(crate) async fn remove_all_there(home: &Home, source: Location, target: Location) {
    let plan = made(home, request(source, target)).await;
    plan.tick_all(&PlanFilter { standing: Some(Standing::OnlyThere), text: None }, true);
    let outcome = run(home, &plan).await;
    assert!(outcome.removed.iter().all(|removed| removed.failure.is_none()), "{outcome:?}");
}

async fn both_sides(home: &Home) -> CompareRequest {
    for (name, bytes) in [("same.txt", "same"), ("sub/other.txt", "ours!"), ("sub/new.txt", "new")] {
        home.write(&format!("tree/{name}"), bytes);
    }
    fs_err::create_dir_all(home.path("tree/empty")).unwrap();
    let target = home.s3("/tree").await;
    for (name, bytes) in [("same.txt", "same"), ("sub/other.txt", "their"), ("old/gone.txt", "gone")] {
        home.put(&Location { path: target.path.join(name), ..target.clone() }, bytes.as_bytes()).await;
    }
    request(home.local("tree"), target)
}

#[tokio::test]
async fn what_is_shown_is_what_is_run() {
    let home = Home::new().await;
    let request = both_sides(&home).await;
    let plan = made(&home, request.clone()).await;
    let expected = [
        ("empty", Standing::New),
        ("old/gone.txt", Standing::OnlyThere),
        ("same.txt", Standing::Same),
        ("sub/new.txt", Standing::New),
        ("sub/other.txt", Standing::Different),
    ];
    assert_eq!(shown(&plan), expected.map(|(path, standing)| (path.to_owned(), standing)));
    let outcome = run(&home, &plan).await;
    assert_eq!(outcome.removed, [], "nothing is removed that was not ticked");
    let ended = home.over(outcome.run.unwrap()).await;
    assert_eq!((ended.files, ended.matched), (3, 3), "{:?}", home.rows(outcome.run.unwrap()).await);
    assert_eq!(plan.state(), PlanState::Run);
    let again = made(&home, request).await;
    let left: Vec<_> = shown(&again).into_iter().filter(|(_, standing)| *standing != Standing::Same).collect();
    assert_eq!(left, [("old/gone.txt".to_owned(), Standing::OnlyThere)]);
}

#[tokio::test]
async fn a_plan_runs_once_and_what_is_taken_out_is_not_sent() {
    let home = Home::new().await;
    let plan = made(&home, both_sides(&home).await).await;
    plan.tick_all(&PlanFilter { standing: Some(Standing::New), text: None }, false);
    let outcome = run(&home, &plan).await;
    let ended = home.over(outcome.run.unwrap()).await;
    assert_eq!((ended.files, ended.matched), (1, 1));
    assert!(home.desk.run_as_shown(&plan, String::new(), RequiredProof::Matched).await.is_err());
}

#[tokio::test]
async fn what_changed_since_on_either_side_fails_as_changed_and_is_not_sent() {
    let home = Home::new().await;
    let request = both_sides(&home).await;
    home.write("tree/a-source.txt", "before");
    home.write("tree/b-target.txt", "ours 2");
    home.put(&Location { path: request.target.path.join("b-target.txt"), ..request.target.clone() }, b"theirs").await;
    let plan = made(&home, request.clone()).await;
    // Of the same size, so that only the stamps tell.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    home.write("tree/a-source.txt", "after!");
    home.put(&Location { path: request.target.path.join("b-target.txt"), ..request.target.clone() }, b"others").await;
    home.put(&Location { path: request.target.path.join("sub/new.txt"), ..request.target.clone() }, b"taken").await;
    let outcome = run(&home, &plan).await;
    home.over(outcome.run.unwrap()).await;
    let mut failed: Vec<_> = home
        .rows(outcome.run.unwrap())
        .await
        .into_iter()
        .filter_map(|row| Some((row.target.path.name().to_owned(), row.failure?.kind)))
        .collect();
    failed.sort_by(|one, other| one.0.cmp(&other.0));
    let changed = FailureKind::Changed;
    let expected = ["a-source.txt", "b-target.txt", "new.txt"].map(|name| (name.to_owned(), changed));
    assert_eq!(failed, expected);
    let seen = made(&home, request).await;
    let there = |name: &str| rows(&seen).into_iter().find(|row| row.path == name).unwrap();
    assert_eq!(there("b-target.txt").target.unwrap().size, 6, "what somebody else put there stays");
    assert_eq!(there("a-source.txt").target, None, "what changed was not sent");
    assert_eq!(there("sub/new.txt").target.unwrap().size, 5);
}

#[tokio::test]
async fn a_large_file_that_changed_since_is_not_sent_either() {
    let home = Home::new().await;
    home.write("tree/big.bin", vec![1; 20 << 20]);
    let plan = made(&home, request(home.local("tree"), home.s3("/tree").await)).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    home.write("tree/big.bin", vec![2; 20 << 20]);
    let outcome = run(&home, &plan).await;
    let ended = home.over(outcome.run.unwrap()).await;
    let failure = home.rows(outcome.run.unwrap()).await[0].failure.clone().unwrap();
    assert_eq!((ended.failed, failure.kind), (1, FailureKind::Changed));
}

#[tokio::test]
async fn what_is_ticked_to_be_removed_goes_only_if_it_still_is_what_was_shown() {
    let home = Home::new().await;
    let request = both_sides(&home).await;
    let changed = Location { path: request.target.path.join("old/changed.txt"), ..request.target.clone() };
    home.put(&changed, b"before").await;
    let plan = made(&home, request.clone()).await;
    home.put(&changed, b"after!").await;
    plan.tick_all(&PlanFilter { standing: Some(Standing::New), text: None }, false);
    plan.tick_all(&PlanFilter { standing: Some(Standing::Different), text: None }, false);
    plan.tick_all(&PlanFilter { standing: Some(Standing::OnlyThere), text: None }, true);
    let outcome = run(&home, &plan).await;
    assert_eq!(outcome.run, None);
    let removed: Vec<_> =
        outcome.removed.iter().map(|one| (one.path.as_str(), one.failure.as_ref().map(|why| why.kind))).collect();
    assert_eq!(removed, [("old/changed.txt", Some(FailureKind::Changed)), ("old/gone.txt", None)]);
}

#[tokio::test]
async fn a_folder_there_is_fetched_the_same_way() {
    let home = Home::new().await;
    let request = both_sides(&home).await;
    let back = CompareRequest { source: request.target, target: home.local("back"), by: CompareBy::SizeAndTime };
    let plan = made(&home, back).await;
    assert_eq!(plan.totals().to_send.rows, 3);
    let outcome = run(&home, &plan).await;
    assert_eq!(home.over(outcome.run.unwrap()).await.matched, 3);
    assert_eq!(fs_err::read(home.path("back/old/gone.txt")).unwrap(), b"gone");
}

#[tokio::test]
async fn times_tell_where_they_can_and_checksums_where_they_cannot() {
    let home = Home::new().await;
    home.write("tree/a.txt", "same");
    let target = home.s3("/tree").await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    home.put(&Location { path: target.path.join("a.txt"), ..target.clone() }, b"same").await;
    let by_time = CompareRequest { source: home.local("tree"), target: target.clone(), by: CompareBy::SizeAndTime };
    let plan = made(&home, by_time).await;
    assert_eq!((rows(&plan)[0].standing, rows(&plan)[0].why.clone()), (Standing::CannotTell, Why::TargetNewer));
    assert!(!rows(&plan)[0].ticked && rows(&plan)[0].can_be_ticked());
    let plan = made(&home, request(home.local("tree"), target)).await;
    assert!(matches!(&rows(&plan)[0].why, Why::Bytes(Proof::Sha256 | Proof::Md5)), "{:?}", rows(&plan));
    assert_eq!(plan.totals().bytes_read, 4, "the file here was read, the one there was vouched for");
}

#[tokio::test]
async fn a_side_that_cannot_be_looked_into_ends_the_plan_and_one_folder_does_not() {
    let home = Home::new().await;
    let missing = home.desk.compare(request(home.local("missing"), home.s3("/tree").await)).await.unwrap();
    for _ in 0..3_000 {
        if missing.state() != PlanState::Making {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(matches!(missing.state(), PlanState::Failed(failure) if failure.kind == FailureKind::NotFound));
    assert!(home.desk.run_as_shown(&missing, String::new(), RequiredProof::Matched).await.is_err());
    let inside = home.desk.compare(request(home.local("tree"), home.local("tree/sub"))).await;
    assert!(inside.is_err(), "a folder is not compared with what lies in it");
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_and_a_name_that_the_target_refuses_are_seen_and_not_sent() {
    let home = Home::new().await;
    home.write("tree/good.txt", "good");
    home.write("tree/folder", "a file here");
    std::process::Command::new("mkfifo").arg(home.path("tree/pipe")).status().unwrap();
    let target = home.place("demo-sftp", "/tree").await;
    home.put(&Location { path: target.path.join("folder/inside.txt"), ..target.clone() }, b"inside").await;
    let plan = made(&home, request(home.local("tree"), target)).await;
    let why = |name: &str| rows(&plan).into_iter().find(|row| row.path == name).unwrap().why;
    assert_eq!((why("pipe"), why("folder")), (Why::NotAFile, Why::OtherKind));
    assert_eq!(plan.totals().to_send.rows, 1);
}
