use http::Method;
use serde_json::json;
use waybill_standins::file360::{ADMIN, AUDITOR, DISABLED, OPERATOR, Options, PASSWORD, REVIEWER};

use crate::desk::{Desk, send};

#[tokio::test]
async fn who_does_not_sign_in_gets_a_page_and_a_challenge() {
    let desk = Desk::start().await;
    let url = format!("{}/rest/self", desk.standin.base_url());
    let rows = [
        desk.client.get(&url),
        desk.client.get(&url).basic_auth(OPERATOR, Some("wrong")),
        desk.client.get(&url).basic_auth(DISABLED, Some(PASSWORD)),
        desk.client.get(&url).bearer_auth("token"),
    ];
    for request in rows {
        let told = send(request).await;
        assert_eq!(told.status, 401);
        assert_eq!(told.headers["www-authenticate"], "Basic realm=\"OpenText Filr\"");
        assert!(told.headers["content-type"].to_str().unwrap().starts_with("text/html"));
        assert!(told.value.is_null());
    }
    let told = send(desk.client.get(url).basic_auth("OPERATOR", Some(PASSWORD))).await;
    assert_eq!(told.status, 200, "the case of a login does not matter");
}

#[tokio::test]
async fn what_is_not_there_says_of_which_kind_it_is() {
    let desk = Desk::start().await;
    let storage = desk.get("/self").await.value["hidden_files_folder"]["id"].clone();
    let rows = [
        ("/folders/999999".to_owned(), "404 FOLDER_NOT_FOUND"),
        ("/workspaces/999999".to_owned(), "404 WORKSPACE_NOT_FOUND"),
        ("/binders/999999".to_owned(), "404 BINDER_NOT_FOUND"),
        ("/folders/1".to_owned(), "404 FOLDER_NOT_FOUND"),
        (format!("/workspaces/{storage}"), "404 WORKSPACE_NOT_FOUND"),
        (format!("/binders/{storage}"), "200 -"),
        ("/files/0123456789abcdef0123456789abcdef".to_owned(), "404 FILE_NOT_FOUND"),
        ("/file_versions/0123456789abcdef0123456789abcdef/metadata".to_owned(), "404 FILE_VERSION_NOT_FOUND"),
        ("/folder_entries/999999".to_owned(), "404 FOLDERENTRY_NOT_FOUND"),
        ("/replies/999999".to_owned(), "404 REPLY_NOT_FOUND"),
        ("/shares/999999".to_owned(), "404 SHAREITEM_NOT_FOUND"),
        ("/users/999999".to_owned(), "404 USER_NOT_FOUND"),
        ("/groups/999999".to_owned(), "404 GROUP_NOT_FOUND"),
        ("/nothing/here".to_owned(), "404 NOT_FOUND"),
        ("/self/password".to_owned(), "404 NOT_FOUND"),
    ];
    for (path, wanted) in rows {
        assert_eq!(desk.get(&path).await.verdict(), wanted, "{path}");
    }
    assert_eq!(desk.delete("/release_info").await.verdict(), "405 METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn what_one_may_not_see_is_refused_or_missing_as_it_is_set() {
    let desk = Desk::start().await;
    let folder = desk.folder("Mine").await;
    let (file, entry) = desk.file(folder, "m.txt", b"m").await;
    for (path, hidden) in [
        (format!("/folders/{folder}"), "404 FOLDER_NOT_FOUND"),
        (format!("/files/{file}"), "404 FILE_NOT_FOUND"),
        (format!("/folder_entries/{entry}"), "404 FOLDERENTRY_NOT_FOUND"),
    ] {
        desk.sandbox(Method::PUT, "/settings", json!({ "hidden_as_missing": false })).await;
        assert_eq!(desk.get_as(AUDITOR, &path).await.verdict(), "403 ACCESS_DENIED");
        desk.sandbox(Method::PUT, "/settings", json!({ "hidden_as_missing": true })).await;
        assert_eq!(desk.get_as(AUDITOR, &path).await.verdict(), hidden);
    }
}

#[tokio::test]
async fn bodies_and_names_that_cannot_be_used_are_refused() {
    let desk = Desk::start().await;
    let folder = desk.folder("Refused").await;
    let folders = format!("/folders/{folder}/library_folders");
    let rows = [
        (json!({ "title": "x", "colour": "red" }), "400 BAD_INPUT"),
        (json!({ "title": 7 }), "400 BAD_INPUT"),
        (json!({}), "400 BAD_INPUT"),
        (json!([]), "400 BAD_INPUT"),
        (json!({ "title": "a/b" }), "400 ILLEGAL_CHARACTER"),
        (json!({ "title": "n".repeat(256) }), "500 FILE_PATH_TOO_LONG"),
        (json!({ "title": "fine" }), "200 -"),
    ];
    for (body, wanted) in rows {
        assert_eq!(desk.post(&folders, body.clone()).await.verdict(), wanted, "{body}");
    }
    for body in ["", "{", "null"] {
        let request = desk.request(OPERATOR, Method::POST, &folders).header("content-type", "application/json");
        assert_eq!(send(request.body(body)).await.verdict(), "400 BAD_INPUT", "{body:?}");
    }
    let fetched = desk.get("/files?file_name=Frame*").await;
    assert_eq!(fetched.total(), 1);
    let uploads = [
        ("library_files", "400 BAD_INPUT"),
        ("library_files?file_name=a%3Ab", "400 ILLEGAL_CHARACTER"),
        ("library_files?file_name=m&md5=beef", "400 FILE_CHECKSUM_FAILED"),
        ("library_files?file_name=m&mod_date=soon", "400 BAD_INPUT"),
        ("library_files?file_name=ok", "200 -"),
        ("library_files?file_name=OK", "409 FILE_EXISTS"),
        ("library_files?file_name=OK&overwrite_existing=true", "200 -"),
    ];
    for (path, wanted) in uploads {
        assert_eq!(desk.upload(&format!("/folders/{folder}/{path}"), b"x").await.verdict(), wanted, "{path}");
    }
    let virus = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
    let told = desk.upload(&format!("/folders/{folder}/library_files?file_name=v.com"), virus).await;
    assert_eq!(told.verdict(), "403 FILE_AV_VIRUS");
    assert_eq!(desk.upload("/workspaces/1/library_files?file_name=x", b"x").await.verdict(), "404 NOT_SUPPORTED");
    for page in ["first=-1", "first=x", "count=x"] {
        assert_eq!(desk.get(&format!("/self/my_files/library_children?{page}")).await.verdict(), "400 BAD_INPUT");
    }
}

#[tokio::test]
async fn net_folders_are_read_only_or_purge_at_once() {
    let desk = Desk::start().await;
    desk.standin.extend(true);
    let found = desk.get("/net_folders").await;
    let id = |title: &str| found.items().iter().find(|item| item["title"] == title).unwrap()["id"].clone();
    let path = |title: &str| format!("/folders/{}/library_files?file_name=new.txt", id(title));
    assert_eq!(desk.upload_as(ADMIN, &path("Drawings"), b"x").await.verdict(), "403 MIRRORED_ACCESS_DENIED");
    assert_eq!(desk.upload_as(REVIEWER, &path("Drawings"), b"x").await.status, 403);
    let file = desk.upload(&path("Plant share"), b"x").await.text("id");
    assert_eq!(desk.delete(&format!("/files/{file}")).await.status, 204);
    assert_eq!(desk.sandbox(Method::GET, "/trash", json!({})).await.value, json!([]));
    assert!(found.items().iter().all(|item| item["mirrored"] == true));
}

#[tokio::test]
async fn roots_can_be_switched_off() {
    let desk = Desk::start().await;
    let settings = json!({ "personal_storage": false, "public_shares": false });
    desk.sandbox(Method::PUT, "/settings", settings).await;
    for path in ["/self/my_files", "/self/my_files/library_children", "/self/public_shares", "/shares/public"] {
        assert_eq!(desk.get(path).await.verdict(), "403 ACCESS_DENIED", "{path}");
    }
    let roots = desk.get("/self/roots").await.column("id");
    assert!(!roots.contains(&"-100".to_owned()) && roots.contains(&"-101".to_owned()));
}

#[tokio::test]
async fn xml_is_answered_where_it_is_asked_for() {
    let desk = Desk::start().await;
    let told = send(desk.request(OPERATOR, Method::GET, "/folders/999999").header("accept", "application/xml")).await;
    assert_eq!((told.status, told.headers["content-type"].to_str().unwrap()), (404, "application/xml"));
    assert!(String::from_utf8(told.bytes).unwrap().contains("<error><code>FOLDER_NOT_FOUND</code>"));
}

#[tokio::test]
async fn one_transfer_too_many_is_told_so() {
    let desk = Desk::start_with(Options { max_transfers: 0, ..Options::default() }).await;
    let told = desk.upload("/self/my_files/library_files?file_name=x", b"x").await;
    assert_eq!(told.status, 503);
    assert!(told.headers.get("retry-after").is_none());
    let desk = Desk::start_with(Options { max_transfers: 1, ..Options::default() }).await;
    for _ in 0..3 {
        let file = desk.upload("/self/my_files/library_files?file_name=x&overwrite_existing=true", b"x").await;
        assert_eq!(
            desk.get(&format!("/files/{}", file.text("id"))).await.status,
            200,
            "a transfer that ended is not counted"
        );
    }
}

#[tokio::test]
async fn a_bearer_token_signs_in_until_it_is_over() {
    let desk = Desk::start().await;
    let body = json!({ "user": OPERATOR, "lifetime_seconds": 60 });
    let token = desk.sandbox(Method::POST, "/tokens", body).await.text("access_token");
    let ask = || send(desk.client.get(format!("{}/rest/self", desk.standin.base_url())).bearer_auth(&token));
    assert_eq!(ask().await.text("name"), OPERATOR);
    desk.standin.advance_clock(std::time::Duration::from_secs(61));
    assert_eq!(ask().await.status, 401);
}

#[tokio::test]
async fn a_slow_upload_keeps_its_place_among_the_transfers() {
    let desk = Desk::start_with(Options { max_transfers: 1, ..Options::default() }).await;
    let (finish, wait) = tokio::sync::oneshot::channel::<()>();
    let first = futures::stream::once(async { Ok::<_, std::io::Error>("slow ") });
    let second = futures::stream::once(async move {
        wait.await.unwrap();
        Ok("end")
    });
    let body = reqwest::Body::wrap_stream(futures::StreamExt::chain(first, second));
    let request = desk.request(OPERATOR, Method::POST, "/self/my_files/library_files?file_name=slow.txt").body(body);
    let slow = tokio::spawn(send(request));
    let is_under_way = || desk.standin.faults().journal().iter().any(|record| record.received > 0);
    while !is_under_way() {
        tokio::task::yield_now().await;
    }
    assert_eq!(desk.upload("/self/my_files/library_files?file_name=quick.txt", b"x").await.status, 503);
    assert_eq!(desk.get("/self").await.status, 200, "only transfers are counted");
    finish.send(()).unwrap();
    assert_eq!(slow.await.unwrap().value["length"], 8);
    assert_eq!(desk.upload("/self/my_files/library_files?file_name=quick.txt", b"x").await.status, 200);
}
