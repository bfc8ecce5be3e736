//! The metadata of a run is on every file that it brought.

use rstest::rstest;
use waybill_model::{AttributeValue, ConflictRule, FailureKind, FilledForm, State, TransferOptions};

use crate::{
    desk::{Desk, bytes},
    remote::{Call, Fault, Powers},
};

const WITH_FORMS: fn() -> Powers = || Powers { forms: true, ..Powers::default() };

fn vendor() -> FilledForm {
    let number = AttributeValue::One("V-1001".to_owned());
    FilledForm { form: "vendor".to_owned(), values: [("number".to_owned(), number)].into() }
}

fn options() -> TransferOptions {
    TransferOptions { forms: vec![vendor()], ..TransferOptions::default() }
}

#[rstest]
#[tokio::test]
async fn a_file_carries_it_from_its_first_moment(
    #[values(100, 2_500)] size: usize,
    #[values(true, false)] resumable: bool,
) {
    let mut desk = Desk::with(Powers::default(), Powers { resumable, ..WITH_FORMS() }).await;
    desk.src.put("/in/a", bytes(size, 1));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options()).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.state().forms["/out/a"], [vendor()]);
    assert_eq!(desk.dst.count(Call::Fill), 0, "it came with the bytes");
}

#[rstest]
#[tokio::test]
async fn a_file_whose_bytes_are_there_already_gets_it(#[values(100, 2_500)] size: usize) {
    let mut desk = Desk::with(Powers::default(), WITH_FORMS()).await;
    desk.src.put("/in/a", bytes(size, 1));
    desk.dst.put("/out/a", bytes(size, 1));
    desk.dst.fault(Call::Fill, "", 1, Fault::Fail(FailureKind::Unreachable));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options()).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.state().forms["/out/a"], [vendor()]);
    assert_eq!(desk.dst.count(Call::Fill), 2, "tried again until it stood");
}

#[rstest]
#[tokio::test]
async fn a_crash_between_the_bytes_and_the_metadata_leaves_none_without(
    #[values(100, 2_500)] size: usize,
    #[values(true, false)] resumable: bool,
) {
    let mut desk = Desk::with(Powers::default(), Powers { resumable, ..WITH_FORMS() }).await;
    desk.src.put("/in/a", bytes(size, 1));
    let call = if size > 500 && resumable { Call::Finish } else { Call::Write };
    desk.dst.fault(call, "", 1, Fault::Silent);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options()).await;
    crate::desk::until("the bytes", async || desk.dst.get("/out/a").is_some()).await;
    desk.crash();
    assert!(desk.dst.state().forms.is_empty(), "stopped before the metadata");
    desk.start().await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.state().forms["/out/a"], [vendor()]);
    assert_eq!(desk.dst.names(), ["/out/a"]);
}

#[tokio::test]
async fn a_file_that_the_rule_leaves_alone_keeps_its_own() {
    let mut desk = Desk::with(Powers::default(), WITH_FORMS()).await;
    desk.src.put("/in/a", bytes(100, 1));
    desk.dst.put("/out/a", bytes(100, 2));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions { conflict: ConflictRule::Skip, ..options() }).await;
    desk.over(run).await;
    assert_eq!(desk.row(run, "a").await.state, State::Skipped);
    assert!(desk.dst.state().forms.is_empty());
}

#[rstest]
#[tokio::test]
async fn a_target_without_forms_takes_no_byte(#[values(100, 2_500)] size: usize) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(size, 1));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options()).await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    assert_eq!((row.state, row.failure.unwrap().kind), (State::Failed, FailureKind::Unsupported));
    assert_eq!(desk.dst.names(), Vec::<String>::new());
    assert_eq!(desk.dst.sessions(), 0);
}
