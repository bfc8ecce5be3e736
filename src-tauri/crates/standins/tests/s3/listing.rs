use std::collections::BTreeSet;

use aws_sdk_s3::types::EncodingType;
use futures::StreamExt as _;

use crate::desk::{Desk, verdict};

/// Entries of a whole listing, walked in pages of `size`: keys, and prefixes with a mark.
async fn walk(desk: &Desk, prefix: &str, delimiter: Option<&str>, size: i32) -> Vec<String> {
    let mut seen = Vec::new();
    let mut token = None;
    loop {
        let list = desk.client.list_objects_v2().bucket("plain").prefix(prefix).max_keys(size);
        let list = list.set_delimiter(delimiter.map(str::to_owned)).set_continuation_token(token);
        let page = list.send().await.unwrap();
        assert!(page.key_count().unwrap() <= size);
        seen.extend(page.contents().iter().map(|one| one.key().unwrap().to_owned()));
        seen.extend(page.common_prefixes().iter().map(|one| format!("+{}", one.prefix().unwrap())));
        token = page.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            assert_eq!(page.is_truncated(), Some(false));
            return seen;
        }
    }
}

const KEYS: [&str; 10] = ["a", "a/", "a/1", "a/2/x", "a0", "b/1", "b/2", "b/3", "c", "é/1"];

#[tokio::test]
async fn pages_of_any_size_answer_each_entry_once() {
    let desk = Desk::start().await;
    for key in KEYS {
        desk.put("plain", key, b"x").await;
    }
    let rows: [(&str, Option<&str>, &[&str]); 6] = [
        ("", None, &KEYS),
        ("", Some("/"), &["a", "a0", "c", "+a/", "+b/", "+é/"]),
        ("a/", Some("/"), &["a/", "a/1", "+a/2/"]),
        ("b", Some("/"), &["+b/"]),
        ("b/", None, &["b/1", "b/2", "b/3"]),
        ("nothing", Some("/"), &[]),
    ];
    for (prefix, delimiter, wanted) in rows {
        let wanted: BTreeSet<_> = wanted.iter().map(|&one| one.to_owned()).collect();
        for size in [1, 2, 3, 1000] {
            let seen = walk(&desk, prefix, delimiter, size).await;
            assert_eq!(seen.len(), wanted.len(), "{prefix:?} {delimiter:?} {size}");
            assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), wanted, "{prefix:?} {delimiter:?} {size}");
        }
    }
}

#[tokio::test]
async fn a_page_holds_at_most_1000_keys() {
    let desk = Desk::start().await;
    let puts = (0..1005).map(|at| {
        let desk = &desk;
        async move { desk.put("plain", &format!("{at:04}"), b"").await }
    });
    futures::stream::iter(puts).buffer_unordered(16).for_each(|_| async {}).await;
    let page = desk.client.list_objects_v2().bucket("plain").max_keys(5000).send().await.unwrap();
    assert_eq!((page.key_count(), page.max_keys(), page.is_truncated()), (Some(1000), Some(1000), Some(true)));
    assert_eq!(walk(&desk, "", None, 1000).await.len(), 1005);
}

#[tokio::test]
async fn the_first_version_of_the_call_goes_on_from_a_marker() {
    let desk = Desk::start().await;
    for key in KEYS {
        desk.put("plain", key, b"x").await;
    }
    for (delimiter, wanted) in [(None, 10), (Some("/"), 6)] {
        let mut seen = BTreeSet::new();
        let mut marker = None;
        loop {
            let list = desk.client.list_objects().bucket("plain").max_keys(2).set_marker(marker);
            let page = list.set_delimiter(delimiter.map(str::to_owned)).send().await.unwrap();
            let keys = page.contents().iter().map(|one| one.key().unwrap().to_owned());
            seen.extend(keys.chain(page.common_prefixes().iter().map(|one| one.prefix().unwrap().to_owned())));
            if page.is_truncated() != Some(true) {
                break;
            }
            let last = page.contents().last().map(|one| one.key().unwrap().to_owned());
            marker = page.next_marker().map(str::to_owned).or(last);
        }
        assert_eq!(seen.len(), wanted, "{delimiter:?}");
    }
}

#[tokio::test]
async fn a_listing_starts_after_a_key_and_encodes_where_it_is_asked() {
    let desk = Desk::start().await;
    for key in ["a b", "a+b", "a/é"] {
        desk.put("plain", key, b"x").await;
    }
    let list = desk.client.list_objects_v2().bucket("plain").start_after("a b").encoding_type(EncodingType::Url);
    let page = list.send().await.unwrap();
    let keys: Vec<_> = page.contents().iter().filter_map(|one| one.key()).collect();
    assert_eq!(keys, ["a%2Bb", "a/%C3%A9"]);
    assert_eq!(page.start_after(), Some("a+b"), "a space is a plus");
}

#[tokio::test]
async fn what_cannot_be_listed_is_refused() {
    let desk = Desk::start().await;
    let list = || desk.client.list_objects_v2().bucket("plain");
    assert_eq!(verdict(&list().max_keys(-1).send().await), "400 InvalidArgument");
    assert_eq!(verdict(&list().continuation_token("?").send().await), "400 InvalidArgument");
    assert_eq!(list().max_keys(0).send().await.unwrap().is_truncated(), Some(false));
}

#[tokio::test]
async fn versions_and_delete_markers_are_listed_newest_first_in_pages() {
    let desk = Desk::start().await;
    let mut made = Vec::new();
    for (key, body) in [("a", "1"), ("b", "1"), ("a", "2"), ("a", "3")] {
        let put = desk.put("versioned", key, body.as_bytes()).await;
        made.push((key.to_owned(), put.version_id().unwrap().to_owned()));
    }
    let marker = desk.client.delete_object().bucket("versioned").key("a").send().await.unwrap();
    assert_eq!(marker.delete_marker(), Some(true));
    let list = || desk.client.list_object_versions().bucket("versioned");
    let all = list().send().await.unwrap();
    let ids: Vec<_> = all.versions().iter().map(|one| (one.key().unwrap(), one.version_id().unwrap())).collect();
    let wanted: Vec<_> = [3, 2, 0, 1].map(|at: usize| (made[at].0.as_str(), made[at].1.as_str())).into();
    assert_eq!(ids, wanted);
    assert_eq!(all.delete_markers()[0].version_id(), marker.version_id());
    let latest: Vec<_> = all.versions().iter().map(|one| one.is_latest().unwrap()).collect();
    assert_eq!((latest, all.delete_markers()[0].is_latest()), (vec![false, false, false, true], Some(true)));

    for size in [1, 2, 3] {
        let (mut count, mut key, mut id) = (0, None, None);
        loop {
            let page = list().max_keys(size).set_key_marker(key).set_version_id_marker(id).send().await.unwrap();
            count += page.versions().len() + page.delete_markers().len();
            if page.is_truncated() != Some(true) {
                break;
            }
            key = page.next_key_marker().map(str::to_owned);
            id = page.next_version_id_marker().map(str::to_owned);
        }
        assert_eq!(count, 5, "pages of {size}");
    }
}
