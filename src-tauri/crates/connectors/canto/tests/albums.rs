//! Folders, albums and names as a library has them, where paths are stricter.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod stage;

use std::time::Duration;

use http::Method;
use serde_json::json;
use stage::{Bench, bytes_at, names, open, options, store};
use waybill_connector::{Connector as _, EntryKind};
use waybill_model::{FailureKind, RemotePath};
use waybill_standins::canto::{DEMO_CONSUMER, Options};

async fn id_of(bench: &Bench, name: &str) -> (String, String) {
    let assets = bench.assets().await.into_iter();
    let asset = assets.into_iter().find(|asset| asset["name"] == name).unwrap();
    (asset["scheme"].as_str().unwrap().to_owned(), asset["id"].as_str().unwrap().to_owned())
}

/// Gives an asset another name behind the connector's back.
async fn rename(bench: &Bench, from: &str, to: &str) -> String {
    let (scheme, id) = id_of(bench, from).await;
    bench.said(Method::PUT, &format!("/api/v1/{scheme}/{id}/rename"), Some(json!({ "name": to }))).await;
    id
}

#[tokio::test]
async fn a_name_that_fits_two_files_stands_for_neither() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/a.txt", b"first", false).await.unwrap();
    store(&connector, "/in/b.txt", b"second", false).await.unwrap();
    let (first, second) = (id_of(&bench, "a.txt").await.1, rename(&bench, "b.txt", "a.txt").await);
    let mut spelled = [format!("a ({first}).txt"), format!("a ({second}).txt")];
    spelled.sort();
    assert_eq!(names(&connector, "/in").await, spelled);

    let plain = RemotePath::new("/in/a.txt");
    let error = bytes_at(&connector, "/in/a.txt").await.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (FailureKind::Invalid, Some("several-of-that-name")));
    assert!(spelled.iter().all(|name| error.message.contains(name)), "{error}");
    let refused = [
        store(&connector, "/in/a.txt", b"third", true).await.map(drop),
        connector.delete().unwrap().delete(&plain).await,
        connector.rename().unwrap().rename(&plain, &RemotePath::new("/in/c.txt"), false).await,
    ];
    assert!(refused.iter().all(|one| one.as_ref().unwrap_err().kind == FailureKind::Invalid), "{refused:?}");

    let path = |id: &str| format!("/in/a ({id}).txt");
    assert_eq!(bytes_at(&connector, &path(&first)).await.unwrap(), b"first");
    store(&connector, &path(&second), b"second again", true).await.unwrap();
    connector.delete().unwrap().delete(&RemotePath::new(path(&first))).await.unwrap();
    assert_eq!(names(&connector, "/in").await, ["a.txt"]);
    for path in ["/in/a.txt", &path(&second)] {
        assert_eq!(bytes_at(&connector, path).await.unwrap(), b"second again", "{path}");
    }
}

#[tokio::test]
async fn a_name_with_a_slash_has_an_address_of_its_own() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/a.txt", b"abc", false).await.unwrap();
    let id = rename(&bench, "a.txt", "2027/03.txt").await;
    let name = format!("2027_03 ({id}).txt");
    assert_eq!(names(&connector, "/in").await, [name.as_str()]);
    assert_eq!(bytes_at(&connector, &format!("/in/{name}")).await.unwrap(), b"abc");
}

#[tokio::test]
async fn a_file_in_two_albums_is_taken_out_of_one() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/a.txt", b"abc", false).await.unwrap();
    store(&connector, "/out/b.txt", b"x", false).await.unwrap();
    let (scheme, id) = id_of(&bench, "a.txt").await;
    let tree = bench.said(Method::GET, "/api/v1/tree", None).await;
    let albums = tree["results"][0]["children"].as_array().unwrap().clone();
    let out = albums.iter().find(|album| album["name"] == "out").unwrap();
    let body = json!({ "albumPath": out["idPath"], "contents": [{ "scheme": scheme, "id": id }] });
    bench.status(Method::POST, "/api/v1/batch/album", Some(body)).await;
    assert_eq!(bytes_at(&connector, "/out/a.txt").await.unwrap(), b"abc");
    connector.delete().unwrap().delete(&RemotePath::new("/in/a.txt")).await.unwrap();
    assert_eq!(names(&connector, "/in").await, Vec::<String>::new());
    assert_eq!(bytes_at(&connector, "/out/a.txt").await.unwrap(), b"abc");
    connector.delete().unwrap().delete(&RemotePath::new("/out/a.txt")).await.unwrap();
    assert!(bench.assets().await.iter().all(|asset| asset["name"] != "a.txt"));
}

#[tokio::test]
async fn a_folder_and_an_album_of_one_name_are_one_folder() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/a.txt", b"file", false).await.unwrap();
    store(&connector, "/in/deeper/b.txt", b"deeper", false).await.unwrap();
    assert_eq!(names(&connector, "/").await, ["in"]);
    assert_eq!(names(&connector, "/in").await, ["a.txt", "deeper"]);
    let entry = connector.list().unwrap().stat(&RemotePath::new("/in")).await.unwrap().unwrap();
    assert_eq!((entry.kind, entry.facts["kind"].as_str()), (EntryKind::Folder, "folder, album"));
    for path in ["/in/a.txt", "/in/deeper/b.txt", "/in/deeper", "/in"] {
        connector.delete().unwrap().delete(&RemotePath::new(path)).await.unwrap();
    }
    assert_eq!(names(&connector, "/").await, Vec::<String>::new());
    let tree = bench.said(Method::GET, "/api/v1/tree", None).await;
    assert_eq!(tree["results"].as_array().unwrap().len(), 1, "{tree}");
}

#[tokio::test]
async fn the_library_itself_takes_no_file_and_says_so() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[("root", "")]);
    assert_eq!(names(&connector, "/").await, ["bench"]);
    let error = store(&connector, "/a.txt", b"abc", false).await.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (FailureKind::Invalid, Some("no-files-at-top")));
    store(&connector, "/bench/a.txt", b"abc", false).await.unwrap();
    assert_eq!(bytes_at(&open(&bench.server, &[]), "/a.txt").await.unwrap(), b"abc");
}

#[tokio::test]
async fn a_root_that_is_not_there_is_named() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[("root", "bench/nowhere")]);
    let error = store(&connector, "/a.txt", b"abc", false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::NotFound);
    assert!(error.message.contains("bench/nowhere"), "{error}");
    let tree = bench.said(Method::GET, "/api/v1/tree", None).await;
    assert_eq!(tree["results"][0]["children"], json!([]), "nothing was made");
}

#[tokio::test]
async fn what_was_renamed_or_removed_elsewhere_is_seen_at_once() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    for name in ["a", "b", "c"] {
        store(&connector, &format!("/in/{name}.txt"), name.as_bytes(), false).await.unwrap();
    }
    rename(&bench, "a.txt", "z.txt").await;
    let (scheme, id) = id_of(&bench, "b.txt").await;
    bench.said(Method::DELETE, "/api/v1/batch/content", Some(json!([{ "scheme": scheme, "id": id }]))).await;
    assert_eq!(names(&connector, "/in").await, ["c.txt", "z.txt"]);
    for gone in ["/in/a.txt", "/in/b.txt"] {
        assert_eq!(bytes_at(&connector, gone).await.unwrap_err().kind, FailureKind::NotFound, "{gone}");
    }
    assert_eq!(bytes_at(&connector, "/in/z.txt").await.unwrap(), b"a");
}

#[tokio::test]
async fn what_comes_to_light_later_than_its_time_says_is_seen() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/a.txt", b"first", false).await.unwrap();
    store(&connector, "/in/b.txt", b"second", false).await.unwrap();
    assert_eq!(names(&connector, "/in").await, ["a.txt", "b.txt"]);
    bench.server.set_back_clock(Duration::from_secs(1));
    rename(&bench, "a.txt", "c.txt").await;
    assert_eq!(names(&connector, "/in").await, ["b.txt", "c.txt"]);
    assert!(bytes_at(&connector, "/in/a.txt").await.is_err());
    assert_eq!(bytes_at(&connector, "/in/c.txt").await.unwrap(), b"first");
}

#[tokio::test]
async fn an_album_that_was_removed_elsewhere_is_made_again() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/a.txt", b"abc", false).await.unwrap();
    let tree = bench.said(Method::GET, "/api/v1/tree", None).await;
    let album = &tree["results"][0]["children"][0];
    let body = json!([{ "id": album["id"], "scheme": "album" }]);
    bench.said(Method::DELETE, "/api/v1/batch/folder", Some(body)).await;
    assert!(connector.list().unwrap().stat(&RemotePath::new("/in/a.txt")).await.unwrap().is_none());
    store(&connector, "/in/b.txt", b"abc", false).await.unwrap();
    assert_eq!(names(&connector, "/in").await, ["b.txt"]);
}

#[tokio::test]
async fn the_demos_library_is_listed_with_its_columns() {
    let settings =
        [("root", ""), ("map_region", "Market"), ("map_licence", "LicenceEnd"), ("map_rights", "Usage Terms")];
    let bench = Bench::start(Options { seed: true, ..options() }).await;
    let connector = open(&bench.server, &settings);
    let keys: Vec<_> = connector.descriptor().columns.iter().map(|column| column.key).collect();
    assert_eq!(keys, ["approval", "kind", "rights", "licence", "region"]);
    let top = names(&connector, "/").await;
    assert!(top.contains(&"Campaigns".to_owned()) && top.contains(&"Press".to_owned()), "{top:?}");
    let folder = RemotePath::new("/Campaigns/Spring Terrace 2027/Germany");
    let page = connector.list().unwrap().list(&folder, waybill_connector::PageRequest::default()).await.unwrap();
    assert!(!page.entries.is_empty());
    assert!(page.entries.iter().all(|entry| entry.facts.contains_key("approval")), "{:?}", page.entries[0]);
    assert!(page.entries.iter().any(|entry| entry.facts.get("region").is_some_and(|region| region == "DE")));

    let consumer = open(&bench.server, &[&settings[..], &[("user", DEMO_CONSUMER)]].concat());
    let seen = consumer.list().unwrap().list(&folder, waybill_connector::PageRequest::default()).await.unwrap();
    assert!(seen.entries.len() < page.entries.len(), "a consumer sees what is approved");
}
