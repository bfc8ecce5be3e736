//! Caps hold: files at once, bytes a second, one session.

use std::time::Duration;

use rstest::rstest;
use waybill_model::TransferOptions;

use crate::{
    desk::{Desk, bytes},
    remote::Powers,
};

const SLOW: Powers = Powers {
    list: true,
    read_back: true,
    checksums: true,
    resumable: false,
    folds_case: false,
    forms: false,
    files: 4,
    small_files: 16,
    slow: Duration::from_millis(5),
};

fn sixty(desk: &Desk) {
    for n in 0..60 {
        desk.src.put(&format!("/in/{n:02}"), bytes(50, n));
    }
}

#[rstest]
#[case(None, 16)]
#[case(Some(1), 1)]
#[case(Some(3), 3)]
#[tokio::test]
async fn no_more_files_go_at_once_than_the_target_takes(#[case] parallel: Option<u32>, #[case] most: usize) {
    let mut desk = Desk::with(Powers::default(), SLOW).await;
    sixty(&desk);
    desk.place(desk.source, |place| place.powers.small_files = 64);
    desk.place(desk.target, |place| place.parallel = parallel);
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.matched(run, 60).await;
    let seen = desk.dst.most_moving();
    assert!(seen <= most, "{seen} at once");
    assert!(most == 1 || seen > 1, "and they do go side by side");
}

#[rstest]
#[case(Some(2), 2)]
#[case(Some(1), 1)]
#[tokio::test]
async fn no_more_files_go_at_once_than_the_source_gives(#[case] parallel: Option<u32>, #[case] most: usize) {
    let mut desk = Desk::with(Powers::default(), SLOW).await;
    sixty(&desk);
    desk.place(desk.source, |place| place.parallel = parallel);
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.matched(run, 60).await;
    assert!(desk.dst.most_moving() <= most, "{} at once", desk.dst.most_moving());
}

#[tokio::test]
async fn a_remote_with_one_session_is_spoken_to_one_file_at_a_time() {
    let mut desk = Desk::with(Powers { small_files: 1, files: 1, ..Powers::default() }, SLOW).await;
    sixty(&desk);
    desk.src.put("/in/large", bytes(2 << 20, 1));
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.matched(run, 61).await;
    assert_eq!(desk.dst.most_moving(), 1, "the lanes share the one session");
}

#[tokio::test]
async fn a_cap_on_bytes_lets_no_more_through_than_it_says() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(20_000, 1));
    desk.place(desk.target, |place| place.bandwidth = Some(10_000));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    let id = desk.id(run, "a").await;
    let begun = std::time::Instant::now();
    // However slow this computer is, the confirmed bytes are never ahead of the cap and its burst.
    while desk.store.queue().state(id).await.unwrap() != Some(waybill_model::State::Done) {
        let most = 10_000 * (u64::try_from(begun.elapsed().as_millis()).unwrap() + 1_000) / 1_000 + 2_000;
        assert!(desk.progress.total() <= most, "{} of {most}", desk.progress.total());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    desk.matched(run, 1).await;
}

#[rstest]
#[case(1)]
#[case(3)]
#[tokio::test]
async fn no_more_files_go_at_once_over_all_connections_than_somebody_set(#[case] most: u32) {
    let mut desk = Desk::with(Powers::default(), SLOW).await;
    sixty(&desk);
    desk.src.put("/in/large", bytes(2 << 20, 1));
    desk.limits.0.lock().unwrap().files = Some(most);
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.matched(run, 61).await;
    assert!(desk.dst.most_moving() <= most as usize, "{} at once", desk.dst.most_moving());
}

#[tokio::test]
async fn a_connection_without_a_number_of_its_own_takes_the_usual_one_and_another_keeps_its_own() {
    let mut desk = Desk::with(Powers::default(), SLOW).await;
    sixty(&desk);
    desk.limits.0.lock().unwrap().files_per_connection = Some(1);
    desk.place(desk.source, |place| place.parallel = Some(8));
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.matched(run, 60).await;
    assert_eq!(desk.dst.most_moving(), 1);
    desk.place(desk.target, |place| (place.parallel, place.revision) = (Some(4), 1));
    desk.limits.0.lock().unwrap().files_per_connection = Some(2);
    let run = desk.send("/in", "/again", TransferOptions::default()).await;
    desk.matched(run, 60).await;
    assert!(desk.dst.most_moving() <= 4);
}

#[tokio::test]
async fn another_limit_holds_for_what_runs_already() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(4 << 20, 1));
    desk.limits.0.lock().unwrap().bytes_per_second = Some(10);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    let id = desk.id(run, "a").await;
    crate::desk::until("the transfer's start", async || {
        desk.store.queue().state(id).await.unwrap() == Some(waybill_model::State::Transferring)
    })
    .await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(desk.progress.total(), 0, "four days are not over yet");
    desk.limits.0.lock().unwrap().bytes_per_second = None;
    desk.matched(run, 1).await;
}
