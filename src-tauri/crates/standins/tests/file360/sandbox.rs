use http::Method;
use serde_json::json;
use waybill_standins::file360::{OPERATOR, PASSWORD};

use crate::desk::{Desk, send};

#[tokio::test]
async fn the_extensions_are_not_there_until_they_are_switched_on() {
    let desk = Desk::start().await;
    for path in ["/audit", "/outbox", "/trash", "/holds", "/file_requests"] {
        assert_eq!(desk.sandbox(Method::GET, path, json!({})).await.status, 404, "{path}");
    }
    desk.sandbox(Method::PUT, "/extensions", json!({ "on": true })).await;
    for path in ["/audit", "/outbox", "/trash", "/holds", "/file_requests"] {
        assert_eq!(desk.sandbox(Method::GET, path, json!({})).await.value, json!([]), "{path}");
    }
}

#[tokio::test]
async fn the_audit_tells_who_opened_what_and_the_trash_gives_back() {
    let desk = Desk::start().await;
    desk.standin.extend(true);
    let folder = desk.folder("Watched").await;
    let (file, entry) = desk.file(folder, "w.txt", b"w").await;
    desk.get(&format!("/files/{file}")).await;
    desk.delete(&format!("/files/{file}")).await;
    let audit = desk.sandbox(Method::GET, "/audit", json!({})).await.value;
    let of_entry = audit.as_array().unwrap().iter().filter(|deed| deed["entity"]["id"] == entry);
    let told: Vec<_> = of_entry.map(|deed| (deed["user"]["name"].clone(), deed["action"].clone())).collect();
    let by = |action: &str| (json!(OPERATOR), json!(action));
    assert_eq!(told, [by("add"), by("download"), by("delete")]);
    assert_eq!(desk.sandbox(Method::GET, "/trash", json!({})).await.value[0]["entity"]["id"], entry);
    assert_eq!(desk.sandbox(Method::POST, &format!("/trash/entries/{entry}"), json!({})).await.status, 204);
    assert_eq!(desk.get(&format!("/files/{file}")).await.bytes, b"w");
}

#[tokio::test]
async fn a_hold_forbids_every_change_until_it_is_lifted() {
    let desk = Desk::start().await;
    desk.standin.extend(true);
    let folder = desk.folder("Held").await;
    let (file, entry) = desk.file(folder, "h.txt", b"h").await;
    let hold = json!({ "family": "entries", "id": entry, "reason": "matter 2291" });
    assert_eq!(desk.sandbox(Method::POST, "/holds", hold).await.status, 204);
    let told = [
        desk.delete(&format!("/files/{file}")).await,
        desk.delete(&format!("/folders/{folder}?purge=true")).await,
        desk.form(&format!("/files/{file}/name"), &[("name", "x.txt")]).await,
        desk.upload(&format!("/files/{file}?force_overwrite=true"), b"x").await,
    ];
    for told in told {
        assert_eq!(told.verdict(), "403 ACCESS_DENIED");
        assert!(told.text("message").contains("matter 2291"));
    }
    assert_eq!(desk.sandbox(Method::DELETE, &format!("/holds/entries/{entry}"), json!({})).await.status, 204);
    assert_eq!(desk.delete(&format!("/files/{file}")).await.status, 204);
}

#[tokio::test]
async fn somebody_from_outside_is_invited_signs_up_and_answers_a_request() {
    let desk = Desk::start().await;
    desk.standin.extend(true);
    let folder = desk.folder("Requests").await;
    let body =
        json!({ "folder_id": folder, "title": "Offers", "email": "sales@kupferhof.example", "days_to_expire": 7 });
    let request = desk.sandbox(Method::POST, "/file_requests", body).await;
    let inbox = request.value["folder"]["id"].clone();
    let path = format!("/folders/{inbox}/library_files?file_name=offer.pdf");
    let upload = || desk.upload_as("sales@kupferhof.example", &path, b"offer");
    assert_eq!(upload().await.status, 401);
    let account = json!({ "email": "sales@kupferhof.example", "password": PASSWORD });
    assert_eq!(desk.sandbox(Method::POST, "/accounts", account).await.status, 204);
    assert_eq!(upload().await.status, 200);
    let requests = desk.sandbox(Method::GET, "/file_requests", json!({})).await.value;
    assert_eq!(requests[0]["received"], json!(["offer.pdf"]));
    desk.sandbox(Method::POST, "/clock", json!({ "advance_seconds": 8 * 86_400 })).await;
    let late = desk.upload_as("sales@kupferhof.example", &format!("{path}&overwrite_existing=true"), b"late").await;
    assert_eq!(late.verdict(), "403 ACCESS_DENIED");
}

#[tokio::test]
async fn mails_go_to_whom_a_share_names() {
    let desk = Desk::start().await;
    desk.standin.extend(true);
    let folder = desk.folder("Mails").await;
    let (_, entry) = desk.file(folder, "m.txt", b"m").await;
    let reviewer = desk.user("reviewer").await;
    let body = |recipient: serde_json::Value| json!({ "recipient": recipient, "access": { "role": "VIEWER" } });
    let path = format!("/folder_entries/{entry}/shares");
    let quiet = desk.post(&path, body(json!({ "type": "user", "id": reviewer }))).await.id();
    let outbox = || async {
        let told = desk.sandbox(Method::GET, "/outbox", json!({})).await.value;
        told.as_array().unwrap().iter().map(|mail| mail["to"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(outbox().await.len(), 0, "nobody is told unless it is asked for");
    desk.post(&path, body(json!({ "type": "external_user", "email": "new@vendor.example" }))).await;
    assert_eq!(outbox().await, ["new@vendor.example"], "who is invited is told in any case");
    let public = desk.post(&path, body(json!({ "type": "public" }))).await.id();
    let ids = [("id", quiet.to_string()), ("id", public.to_string()), ("id", "999999".to_owned())];
    let warnings = send(desk.request(OPERATOR, Method::POST, "/shares").form(&ids)).await.value;
    assert_eq!(warnings[0], json!({ "share_id": public, "code": "NOT_SUPPORTED", "message": warnings[0]["message"] }));
    assert_eq!(warnings[1]["code"], "SHAREITEM_NOT_FOUND");
    assert_eq!(outbox().await[1], "jonas.ahlbeck@ostwind.example");
}
