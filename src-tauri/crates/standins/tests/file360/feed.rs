use std::time::Duration;

use http::Method;
use serde_json::json;
use waybill_standins::file360::{ADMIN, Options, REVIEWER};

use crate::desk::Desk;

#[tokio::test]
async fn the_feed_tells_what_was_added_changed_and_deleted() {
    let desk = Desk::start().await;
    let folder = desk.folder("Feed").await;
    let (kept, _) = desk.file(folder, "kept.txt", b"k").await;
    let (gone, _) = desk.file(folder, "gone.txt", b"g").await;
    let path = format!("/folders/{folder}/library_changes");
    let first = desk.get(&path).await;
    assert_eq!(first.column("action"), ["add", "add"]);
    assert_eq!(first.items()[0]["@type"], ".FileChange");
    assert_eq!(first.items()[0]["file"]["name"], "kept.txt");
    desk.standin.advance_clock(Duration::from_secs(5));
    desk.upload(&format!("/files/{kept}?last_version=1"), b"kk").await;
    desk.delete(&format!("/files/{gone}")).await;
    let below = desk.post(&format!("/folders/{folder}/library_folders"), json!({ "title": "Below" })).await.id();
    let since = first.text("last_change_date");
    // What happened in the second of the cursor itself may come again; what came later comes once.
    let then = desk.get(&format!("{path}?since={since}")).await;
    let told = |id: &str| then.items().iter().find(|item| item["id"].to_string().contains(id)).unwrap().clone();
    assert_eq!(told(&kept)["file"]["version_number"], 2);
    assert_eq!((told(&gone)["action"].clone(), told(&gone).get("file").cloned()), (json!("delete"), None));
    assert_eq!(told(&below.to_string())["@type"], ".BinderChange");
    desk.standin.advance_clock(Duration::from_secs(5));
    desk.file(below, "deep.txt", b"d").await;
    let flat = desk.get(&format!("{path}?recursive=false&since={}", then.text("last_change_date"))).await;
    let deep = desk.get(&format!("{path}?since={}", then.text("last_change_date"))).await;
    assert_eq!(deep.total(), flat.total() + 1);
    let page = desk.get(&format!("{path}?count=1")).await;
    assert!(page.value["next"].is_string() && page.items().len() == 1);
}

#[tokio::test]
async fn a_cursor_ends_when_changes_are_purged_the_window_passes_or_rights_change() {
    let desk = Desk::start().await;
    let folder = desk.folder("Cursor").await;
    let (path, since) =
        ("/self/my_files/library_changes", desk.get("/self/my_files/library_changes").await.text("last_change_date"));
    desk.standin.advance_clock(Duration::from_secs(5));
    desk.sandbox(Method::DELETE, "/changes", json!({})).await;
    assert_eq!(desk.get(&format!("{path}?since={since}")).await.verdict(), "409 CHANGES_PURGED");
    assert_eq!(desk.get(&format!("{path}?since=2001-01-01T00:00:00Z")).await.verdict(), "409 CHANGES_PURGED");
    let other = Desk::start().await;
    assert_eq!(other.get(&format!("{path}?since=2001-01-01T00:00:00Z")).await.verdict(), "409 CHANGES_WINDOW_PASSED");
    assert_eq!(other.get(&format!("{path}?since=soon")).await.verdict(), "400 BAD_INPUT");
    let shared = "/self/shared_with_me/library_changes";
    let since = desk.get_as(REVIEWER, shared).await.text("last_change_date");
    desk.standin.advance_clock(Duration::from_secs(5));
    let body =
        json!({ "recipient": { "type": "user", "id": desk.user("reviewer").await }, "access": { "role": "VIEWER" } });
    desk.post(&format!("/folders/{folder}/shares"), body).await;
    assert_eq!(desk.get_as(REVIEWER, &format!("{shared}?since={since}")).await.verdict(), "409 ACL_CHANGED");
    desk.standin.advance_clock(Duration::from_secs(5));
    let since = desk.get_as(REVIEWER, shared).await.text("last_change_date");
    let anew = desk.get_as(REVIEWER, &format!("{shared}?since={since}")).await;
    assert_eq!(anew.verdict(), "200 -", "who began anew goes on from there");
    let own = desk.get(&format!("/folders/{folder}/library_changes?since={since}")).await;
    assert_eq!(own.verdict(), "200 -", "the owner's rights did not change");
}

#[tokio::test]
async fn a_search_lags_behind_and_a_list_does_not() {
    let desk = Desk::start_with(Options { index_lag: Duration::from_mins(1), ..Options::default() }).await;
    let folder = desk.folder("Lag").await;
    desk.file(folder, "zebra.txt", b"z").await;
    let search = "/workspaces/1/library_entities?recursive=true&keyword=zebra*";
    assert_eq!(desk.get(search).await.total(), 0);
    assert_eq!(desk.get("/files?file_name=zebra*").await.total(), 0);
    assert_eq!(desk.get(&format!("/folders/{folder}/library_files")).await.total(), 1);
    desk.standin.advance_clock(Duration::from_secs(61));
    assert_eq!(desk.get(search).await.total(), 2, "the file and its entry");
    assert_eq!(desk.get("/files?file_name=zebra*").await.total(), 1);
    assert_eq!(desk.get_as(REVIEWER, search).await.total(), 0, "nobody finds what they may not see");
    for keyword in ["*x", "?x"] {
        let told = desk.get(&format!("/workspaces/1/library_entities?keyword={keyword}")).await;
        assert_eq!(told.verdict(), "400 SEARCH_INVALID_WILD_CARD");
    }
}

#[tokio::test]
async fn what_happened_last_comes_first_with_its_comments() {
    let desk = Desk::start().await;
    let case = desk.seeded("Case 4711").await;
    let entry = desk.get(&format!("/folders/{case}/entries?title=Frame")).await.items()[0]["id"].clone();
    desk.post(&format!("/folder_entries/{entry}/replies"), json!({ "description": { "text": "Done" } })).await;
    let recent = desk.get("/self/my_files/recent_activity").await;
    assert_eq!(recent.value["count"], 20);
    assert_eq!(recent.items()[0]["id"], entry);
    assert_eq!(recent.items()[0]["replies"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn dates_are_printed_in_the_servers_zone_and_marked_as_utc() {
    let plain = Desk::start().await;
    let shifted = Desk::start_with(Options { date_offset_minutes: 120, ..Options::default() }).await;
    let at = |told: crate::desk::Told| told.value["modification"]["date"].as_str().unwrap().to_owned();
    let path = "/self/my_files/library_files?file_name=d.txt&mod_date=2026-03-04T05:06:07Z";
    assert_eq!(at(plain.upload(path, b"d").await), "2026-03-04T05:06:07Z");
    assert_eq!(at(shifted.upload(path, b"d").await), "2026-03-04T07:06:07Z");
}

#[tokio::test]
async fn a_cursor_of_my_files_ends_when_personal_storage_is_switched() {
    let desk = Desk::start().await;
    let path = "/self/my_files/library_changes";
    let since = desk.get(path).await.text("last_change_date");
    desk.standin.advance_clock(Duration::from_secs(5));
    for on in [false, true] {
        desk.put(ADMIN, "/admin/personal_storage", json!({ "allow_personal_storage": on })).await;
    }
    assert_eq!(desk.get(&format!("{path}?since={since}")).await.verdict(), "409 ADHOC_SETTING_CHANGED");
}
