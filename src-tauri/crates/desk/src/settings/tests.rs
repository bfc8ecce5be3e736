use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use camino::{Utf8Path, Utf8PathBuf};
use waybill_model::{Clock, Millis};
use waybill_vault::Vaults;

use super::*;
use crate::{Paths, assemble};

#[derive(Debug)]
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

async fn desk(home: &Utf8Path) -> Desk {
    let clock = Arc::new(Hand(AtomicI64::new(1_000_000)));
    assemble(Paths::new(home), Vaults::in_memory(), clock).await.unwrap()
}

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().join("home")).unwrap();
    (dir, path)
}

async fn audit(desk: &Desk) -> Vec<(String, String, String)> {
    let rows = desk.inner.store.audit(0, 100).await.unwrap();
    let changed = rows.into_iter().filter(|row| row.act == "setting-changed");
    changed.map(|row| (row.actor, row.subject, row.detail)).collect()
}

#[tokio::test]
async fn a_setting_holds_at_once_and_in_the_next_process_and_says_who_changed_it_from_what() {
    let (_dir, home) = folder();
    let first = desk(&home).await;
    let limits = Limits { bytes_per_second: Some(5_000_000), files_at_once: Some(4), ..Limits::default() };
    first.set_settings(limits.clone()).await.unwrap();
    assert_eq!(first.settings().limits, limits);
    first.set_settings(limits.clone()).await.unwrap();
    let rows = audit(&first).await;
    assert_eq!(rows.len(), 1, "what does not change is no act: {rows:?}");
    assert_eq!((rows[0].0.as_str(), rows[0].1.as_str()), (first.operator().as_str(), "settings.limits"));
    assert_eq!(rows[0].2, r#"{"bytes_per_second":[null,5000000],"files_at_once":[null,4]}"#);
    let second = desk(&home).await;
    assert_eq!(second.settings().limits, limits);
    assert_eq!(second.settings().strange, []);
}

#[tokio::test]
async fn a_change_by_another_process_is_taken_over() {
    let (_dir, home) = folder();
    let (first, second) = (desk(&home).await, desk(&home).await);
    let mut topics = first.topics();
    second.set_settings(Appearance { theme: Theme::Dark, ..Appearance::default() }).await.unwrap();
    while first.settings().appearance.theme != Theme::Dark {
        topics.recv().await.unwrap();
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_is_kept_and_cannot_be_read_falls_back_to_its_default_alone_and_is_said() {
    let (_dir, home) = folder();
    let first = desk(&home).await;
    first.set_settings(Appearance { theme: Theme::Dark, ..Appearance::default() }).await.unwrap();
    for (key, value) in [
        ("settings.limits", r#"{"files_at_once": 100000}"#),
        ("settings.notices", "neither JSON nor anything else"),
        ("settings.window", r#"{"on_close": "explode"}"#),
        ("settings.unknown-to-this-version", "{}"),
    ] {
        first.inner.store.set_setting(key, value.to_owned()).await.unwrap();
    }
    let second = desk(&home).await;
    let settings = second.settings();
    assert_eq!(settings.limits, Limits::default());
    assert_eq!(settings.notices, Notices::default());
    assert_eq!(settings.appearance.theme, Theme::Dark, "the others are left alone");
    let said: Vec<_> = settings.strange.iter().map(|one| (one.key, one.reason.text.as_str())).collect();
    assert_eq!(
        said,
        [
            ("settings.limits", "it has to be from 1 to 256"),
            ("settings.notices", "what is kept for it cannot be read"),
            ("settings.window", "what is kept for it cannot be read"),
        ]
    );
    // Saved anew it is well again, even where the default is what is wanted.
    second.set_settings(Limits::default()).await.unwrap();
    assert_eq!(second.settings().strange.len(), 2);
}

#[tokio::test]
async fn a_value_that_makes_no_sense_is_refused_by_its_field_and_nothing_is_kept() {
    let (_dir, home) = folder();
    let desk = desk(&home).await;
    let refused = desk.set_settings(Limits { bytes_per_second: Some(9), ..Limits::default() }).await.unwrap_err();
    let DeskError::Settings { problems } = refused else { panic!("{refused}") };
    assert_eq!(problems[0].key, "bytes_per_second");
    assert_eq!(problems[0].said.code, "out-of-range");
    assert_eq!(desk.settings().limits, Limits::default());
    assert_eq!(audit(&desk).await, []);
}

#[tokio::test]
async fn the_operator_is_changed_under_the_old_name_and_acts_under_the_new_one() {
    let (_dir, home) = folder();
    let desk = desk(&home).await;
    let before = desk.operator();
    desk.set_settings(Operator { name: Some("Records desk".to_owned()) }).await.unwrap();
    desk.set_settings(Appearance { still: true, ..Appearance::default() }).await.unwrap();
    let actors: Vec<_> = audit(&desk).await.into_iter().map(|row| row.0).collect();
    assert_eq!(actors, [before, "Records desk".to_owned()]);
    for name in ["", " ada", "engine", "Engine", "ada\u{202e}", "a\nb", &"x".repeat(81)] {
        let refused = desk.set_settings(Operator { name: Some(name.to_owned()) }).await;
        assert!(matches!(refused, Err(DeskError::Settings { .. })), "{name:?}");
    }
}

#[test]
fn a_limit_for_now_ends_by_itself_and_with_a_clock_that_is_set_back() {
    let zone = jiff::tz::TimeZone::UTC;
    let limits = Limits { bytes_per_second: Some(100_000), ..Limits::default() };
    let (since, until) = (Millis(10_000_000), Millis(13_600_000));
    let for_now = ForNow(Some(TemporaryLimit { bytes_per_second: None, since, until }));
    let rate = |now: i64| limits.rate(&for_now, Millis(now), &zone);
    assert_eq!(rate(10_000_000), None);
    assert_eq!(rate(13_599_999), None);
    assert_eq!(rate(13_600_000), Some(100_000));
    assert_eq!(rate(9_990_000), None, "a clock that is put right by seconds ends nothing");
    assert_eq!(rate(5_000_000), Some(100_000), "nobody knows how long it would last");
    let now = limits.now(&for_now, Millis(10_000_000), &zone);
    assert_eq!((now.reason, now.until), (LimitReason::ForNow, Some(until)));
}

#[test]
fn quiet_hours_go_over_midnight() {
    let zone = jiff::tz::TimeZone::UTC;
    let notices = Notices { quiet: Some(Hours { from: 20 * 60, to: 7 * 60 }), ..Notices::default() };
    let hour = |hour: i64| Millis(hour * 3_600_000);
    let quiet: Vec<_> = (0..24).filter(|one| notices.quiet_at(hour(*one), &zone)).collect();
    assert_eq!(quiet, [0, 1, 2, 3, 4, 5, 6, 20, 21, 22, 23]);
    assert!(!Notices::default().quiet_at(hour(3), &zone));
}
