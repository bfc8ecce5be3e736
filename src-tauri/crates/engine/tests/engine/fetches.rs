//! A fetch whose bytes were spoiled never gets its final name, and is fetched again.

use rstest::rstest;
use waybill_model::{AfterSource, ConflictRule, Evidence, FailureKind, Proof, RequiredProof, State, TransferOptions};

use crate::{
    desk::{Desk, bytes, options, then, until},
    remote::{Call, Fault, Powers},
};

const SMALL: usize = 100;
const LARGE: usize = 2_500;

/// A source that vouches for its digests, or one that can only be read again.
fn source(vouches: bool) -> Powers {
    Powers { checksums: vouches, ..Powers::default() }
}

/// This computer; files go there in parts that survive a crash, or as one stream.
fn here(resumable: bool) -> Powers {
    Powers { resumable, checksums: false, ..Powers::default() }
}

/// Spoils the bytes of the first reading of each of so many attempts.
fn spoil(desk: &Desk, attempts: u32, vouches: bool) {
    let readings = if vouches { 1 } else { 2 };
    for attempt in 0..attempts {
        desk.src.fault(Call::Read, "", attempt * readings + 1, Fault::Corrupt);
    }
}

#[rstest]
#[tokio::test]
async fn spoiled_bytes_never_get_the_final_name_and_the_fetch_fails_in_the_end(
    #[values(SMALL, LARGE)] size: usize,
    #[values(true, false)] vouches: bool,
    #[values(true, false)] resumable: bool,
    #[values(true, false)] occupied: bool,
) {
    let mut desk = Desk::with(source(vouches), Powers::default()).await;
    desk.src.put("/in/a", bytes(size, 1));
    if occupied {
        desk.dst.put("/here/a", "what was there before");
    }
    spoil(&desk, 10, vouches);
    desk.start().await;
    let rule = ConflictRule::Overwrite;
    let options = TransferOptions { conflict: rule, ..then(AfterSource::Delete) };
    let run = desk.fetch(here(resumable), "/in/a", "/here/a", options).await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    let failure = row.failure.unwrap();
    assert_eq!((row.state, failure.kind), (State::Failed, FailureKind::ChecksumMismatch), "{failure}");
    assert!(failure.message.contains("differ") && failure.message.contains("before"), "{failure}");
    assert_eq!(
        (row.attempts, row.evidence),
        (4, Evidence::None),
        "tried as often as damage is, and nothing is claimed"
    );
    let before = occupied.then(|| "what was there before".into());
    assert_eq!(desk.dst.get("/here/a"), before, "nothing spoiled has the final name, nothing good was replaced");
    assert_eq!(desk.dst.sessions(), 0, "nothing spoiled is kept for later either");
    assert!(desk.src.get("/in/a").is_some(), "the source stays");
}

#[rstest]
#[tokio::test]
async fn what_was_spoiled_once_is_fetched_again_and_matches(
    #[values(SMALL, LARGE)] size: usize,
    #[values(true, false)] vouches: bool,
    #[values(true, false)] resumable: bool,
    #[values(ConflictRule::Overwrite, ConflictRule::Skip, ConflictRule::KeepBoth, ConflictRule::Ask)]
    rule: ConflictRule,
) {
    let mut desk = Desk::with(source(vouches), Powers::default()).await;
    desk.src.put("/in/a", bytes(size, 1));
    spoil(&desk, 1, vouches);
    desk.start().await;
    let run = desk.fetch(here(resumable), "/in/a", "/here/a", options(rule)).await;
    desk.matched(run, 1).await;
    let row = desk.row(run, "a").await;
    assert_eq!(
        (desk.dst.names(), desk.dst.get("/here/a").unwrap()),
        (vec!["/here/a".to_owned()], bytes(size, 1).into())
    );
    assert_eq!((row.attempts, row.proof), (1, Some(if vouches { Proof::Sha256 } else { Proof::ReadBack })));
}

#[rstest]
#[case(true, 1)]
#[case(false, 2)]
#[tokio::test]
async fn a_fetch_reads_the_source_again_only_where_it_vouches_for_nothing(
    #[case] vouches: bool,
    #[case] readings: usize,
    #[values(SMALL, LARGE)] size: usize,
    #[values(true, false)] resumable: bool,
) {
    let mut desk = Desk::with(source(vouches), Powers::default()).await;
    desk.src.put("/in/a", bytes(size, 1));
    desk.start().await;
    let run = desk.fetch(here(resumable), "/in/a", "/here/a", options(ConflictRule::Ask)).await;
    desk.matched(run, 1).await;
    assert_eq!((desk.src.count(Call::Read), desk.dst.count(Call::Read)), (readings, 0));
}

#[tokio::test]
async fn a_fetch_that_need_not_match_is_not_read_again() {
    let mut desk = Desk::with(source(false), Powers::default()).await;
    desk.src.put("/in/a", bytes(LARGE, 1));
    desk.start().await;
    let options = TransferOptions { proof: RequiredProof::Accepted, ..TransferOptions::default() };
    let run = desk.fetch(here(true), "/in/a", "/here/a", options).await;
    desk.over(run).await;
    assert_eq!(desk.row(run, "a").await.evidence, Evidence::Accepted);
    assert_eq!(desk.src.count(Call::Read), 1);
}

/// The process dies at the `nth` call of `call`, and another one goes on.
async fn die_at(desk: &mut Desk, at_source: bool, call: Call, nth: usize) {
    let remote = if at_source { desk.src.clone() } else { desk.dst.clone() };
    remote.reached(call, nth).await;
    desk.crash();
    for remote in [&desk.src, &desk.dst] {
        remote.mend();
        remote.forget_calls();
    }
    desk.start().await;
}

#[tokio::test]
async fn a_fetch_that_dies_while_it_is_read_again_goes_on_with_what_it_has() {
    let mut desk = Desk::with(source(false), Powers::default()).await;
    desk.src.put("/in/a", bytes(LARGE, 1));
    desk.src.fault(Call::Read, "", 2, Fault::Hold);
    desk.start().await;
    let run = desk.fetch(here(true), "/in/a", "/here/a", options(ConflictRule::Ask)).await;
    die_at(&mut desk, true, Call::Read, 2).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.count(Call::PutPart), 0, "every part is there");
    assert_eq!(desk.src.count(Call::Read), 1, "reading it to go on is the second reading");
    assert_eq!(desk.dst.get("/here/a").unwrap(), bytes(LARGE, 1));
}

#[rstest]
#[tokio::test]
async fn a_fetch_that_dies_with_spoiled_parts_begins_anew(#[values(true, false)] vouches: bool) {
    let mut desk = Desk::with(source(vouches), Powers::default()).await;
    desk.src.put("/in/a", bytes(LARGE, 1));
    // The last bytes are spoiled, and the process dies when they have been stored.
    desk.src.fault(Call::Read, "", 1, Fault::Corrupt);
    if vouches {
        desk.dst.fault(Call::PutPart, "", 3, Fault::Silent);
    } else {
        desk.src.fault(Call::Read, "", 2, Fault::Hold);
    }
    desk.start().await;
    let run = desk.fetch(here(true), "/in/a", "/here/a", options(ConflictRule::Ask)).await;
    let (at_source, call, nth) = if vouches { (false, Call::PutPart, 3) } else { (true, Call::Read, 2) };
    die_at(&mut desk, at_source, call, nth).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.get("/here/a").unwrap(), bytes(LARGE, 1));
    assert_eq!(desk.dst.sessions(), 0);
}

#[rstest]
#[tokio::test]
async fn a_fetch_that_dies_right_after_it_got_its_name_is_not_fetched_again(#[values(true, false)] vouches: bool) {
    let mut desk = Desk::with(source(vouches), Powers::default()).await;
    desk.src.put("/in/a", bytes(LARGE, 1));
    desk.dst.fault(Call::Finish, "", 1, Fault::Silent);
    desk.start().await;
    let run = desk.fetch(here(true), "/in/a", "/here/a", options(ConflictRule::Ask)).await;
    desk.dst.reached(Call::Finish, 1).await;
    until("the file", async || desk.dst.get("/here/a").is_some()).await;
    die_at(&mut desk, false, Call::Finish, 1).await;
    desk.matched(run, 1).await;
    assert_eq!((desk.src.count(Call::Read), desk.dst.count(Call::Begin)), (0, 0), "its proof was stored before");
}

#[tokio::test]
async fn a_file_that_was_spoiled_on_the_disk_while_the_desk_was_away_is_fetched_again() {
    let mut desk = Desk::with(source(true), Powers::default()).await;
    desk.src.put("/in/a", bytes(LARGE, 1));
    desk.dst.fault(Call::Finish, "", 1, Fault::Silent);
    desk.start().await;
    let run = desk.fetch(here(true), "/in/a", "/here/a", options(ConflictRule::Overwrite)).await;
    until("the file", async || desk.dst.get("/here/a").is_some()).await;
    desk.dst.put("/here/a", bytes(LARGE, 2));
    die_at(&mut desk, false, Call::Finish, 1).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.get("/here/a").unwrap(), bytes(LARGE, 1));
}
