//! Metadata, tags, retention, legal hold and links.

use std::collections::BTreeMap;

use secrecy::ExposeSecret as _;
use waybill_desk::{DeskError, Retention, RetentionMode, TagsSaved, Told};
use waybill_model::FailureKind;

use crate::home::Home;

fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn tags_are_saved_whole_and_never_over_what_somebody_else_saved() {
    let home = Home::new().await;
    let place = home.s3("/in/a.txt").await;
    home.put(&place, b"text").await;
    let mine = tags(&[("matter", "2291"), ("side", "ours")]);
    assert_eq!(home.desk.save_tags(&place, &tags(&[]), &mine).await.unwrap(), TagsSaved::Saved);
    let theirs = home.desk.save_tags(&place, &tags(&[]), &tags(&[("other", "")])).await.unwrap();
    assert_eq!(theirs, TagsSaved::Changed(mine.clone()), "and says what is there");
    let details = home.desk.entry_details(&place, None).await.unwrap();
    assert!(matches!(&details.metadata, Told::Is(set) if set.tags == mine && !set.tags_hidden), "{details:?}");
    assert_eq!(home.desk.save_tags(&place, &mine, &tags(&[])).await.unwrap(), TagsSaved::Saved);
}

#[tokio::test]
async fn a_retention_is_set_and_never_shortened() {
    let home = Home::new().await;
    let place = home.s3("/in/a.txt").await;
    home.put(&place, b"text").await;
    let before = home.desk.entry_details(&place, None).await.unwrap();
    assert_eq!((before.retention, before.legal_hold), (Told::Is(None), Told::Is(false)));
    let day = 86_400_000;
    let long = Retention { mode: RetentionMode::Governance, until: home.desk.now().plus(2 * day) };
    home.desk.set_retention(&place, None, long).await.unwrap();
    let shorter = Retention { until: home.desk.now().plus(day), ..long };
    let refused = home.desk.set_retention(&place, None, shorter).await.unwrap_err();
    assert!(matches!(&refused, DeskError::Connector(error) if error.kind == FailureKind::Held), "{refused}");
    let past = Retention { until: home.desk.now().plus(-day), ..long };
    assert!(matches!(home.desk.set_retention(&place, None, past).await, Err(DeskError::Invalid(_))));
    home.desk.set_legal_hold(&place, None, true).await.unwrap();
    let after = home.desk.entry_details(&place, None).await.unwrap();
    assert!(matches!(after.retention, Told::Is(Some(kept)) if kept.mode == RetentionMode::Governance));
    assert_eq!(after.legal_hold, Told::Is(true));
}

#[tokio::test]
async fn where_there_is_no_such_thing_it_is_said_and_the_rest_is_told() {
    let home = Home::resting().await;
    home.write("in/a.txt", "text");
    let details = home.desk.entry_details(&home.local("in/a.txt"), None).await.unwrap();
    assert_eq!((details.entry.size, details.metadata, details.legal_hold), (4, Told::Nothing, Told::Nothing));
    let gone = home.desk.entry_details(&home.local("in/none"), None).await.unwrap_err();
    assert!(matches!(&gone, DeskError::Connector(error) if error.kind == FailureKind::NotFound), "{gone}");
}

#[tokio::test]
async fn a_link_is_given_out_and_never_written_down() {
    let home = Home::new().await;
    let place = home.s3("/in/a.txt").await;
    home.put(&place, b"text").await;
    let link = home.desk.link(&place, 3600).await.unwrap();
    let url = link.url.expose_secret();
    assert!(url.starts_with("http") && url.contains("X-Amz-Signature"), "a link that is signed");
    assert!(!format!("{link:?}").contains("Signature"), "nor shown where a program shows its insides");
    let database = fs_err::read(home.desk.paths().database()).unwrap();
    let wal = fs_err::read(format!("{}-wal", home.desk.paths().database())).unwrap_or_default();
    let kept = [database, wal].concat();
    assert!(kept.windows(9).any(|window| window == b"link-made"), "that it was made is");
    assert!(!kept.windows(15).any(|window| window == b"X-Amz-Signature"));
    let refused = home.desk.link(&place, 8 * 86_400).await.unwrap_err();
    assert!(matches!(&refused, DeskError::Connector(error) if error.fact("limit") == Some("604800")), "{refused}");
}
