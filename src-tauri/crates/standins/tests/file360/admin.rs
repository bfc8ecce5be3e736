use http::Method;
use serde_json::json;
use waybill_standins::file360::{ADMIN, OPERATOR, PASSWORD, REVIEWER};

use crate::desk::{Desk, send};

#[tokio::test]
async fn the_probe_tells_product_links_zone_and_oneself() {
    let desk = Desk::start().await;
    let release = desk.get("/release_info").await.value;
    assert_eq!((&release["product_name"], &release["rest_api_revision"]), (&json!("OpenText Filr"), &json!(4)));
    let rels = |value: &serde_json::Value| -> Vec<String> {
        value["links"].as_array().unwrap().iter().map(|link| link["rel"].as_str().unwrap().to_owned()).collect()
    };
    assert!(!rels(&desk.get("/").await.value).contains(&"admin".to_owned()));
    assert!(rels(&desk.get_as(ADMIN, "/").await.value).contains(&"admin".to_owned()));
    let zone = desk.get("/zone_config").await.value;
    assert_eq!(zone["external_sharing_restrictions"]["mode"], "blacklist");
    assert_eq!((zone["fileVersionsMaxAge"].clone(), zone.get("file_upload_size_limit").cloned()), (json!(365), None));
    let me = desk.get("/self?include_groups=true").await.value;
    assert_eq!((me["name"].clone(), me["groups"].as_array().unwrap().len()), (json!(OPERATOR), 2));
    let other = desk.get(&format!("/users/{}", desk.user(REVIEWER).await)).await.value;
    assert!(other["email"].is_string() && other.get("disk_space_used").is_none());
    assert!(desk.get("/users").await.items().iter().all(|user| user.get("email").is_none()));
}

#[tokio::test]
async fn administration_is_for_administrators() {
    let desk = Desk::start().await;
    for path in ["/admin", "/admin/shares", "/admin/share_settings", "/admin/nothing"] {
        assert_eq!(desk.get(path).await.verdict(), "403 ACCESS_DENIED", "{path}");
    }
    assert_eq!(desk.get_as(ADMIN, "/admin/nothing").await.verdict(), "404 NOT_FOUND");
    let share = desk.get_as(ADMIN, "/admin/shares").await.items()[0]["id"].clone();
    assert_eq!(desk.get_as(ADMIN, &format!("/admin/shares/{share}")).await.id(), share.as_i64().unwrap());
    let path = format!("/admin/shares/{share}");
    assert_eq!(send(desk.request(ADMIN, Method::DELETE, &path)).await.status, 204);
    assert_eq!(desk.get_as(ADMIN, &path).await.verdict(), "404 SHAREITEM_NOT_FOUND");
}

#[tokio::test]
async fn the_policy_decides_who_may_share_what() {
    let desk = Desk::start().await;
    let folder = desk.folder("Policy").await;
    let path = format!("/folders/{folder}/shares");
    let outside =
        json!({ "recipient": { "type": "external_user", "email": "a@new.example" }, "access": { "role": "VIEWER" } });
    let permissions = "/admin/share_settings/permissions";
    let line = desk.get_as(ADMIN, permissions).await.items()[0]["id"].clone();
    desk.put(ADMIN, &format!("{permissions}/{line}"), json!({ "internal": true })).await;
    assert_eq!(desk.post(&path, outside.clone()).await.verdict(), "403 ACCESS_DENIED");
    let access = desk.get(&format!("/folders/{folder}/access")).await.value["sharing"].clone();
    assert_eq!((access["internal"].clone(), access["external"].clone()), (json!(true), json!(false)));
    let own = json!({ "principal": { "id": desk.user(OPERATOR).await }, "external": true });
    let added = desk.post_as(ADMIN, permissions, own).await.id();
    assert_eq!(desk.post(&path, outside.clone()).await.status, 200);
    let list = json!({ "mode": "whitelist", "domain_list": ["old.example"] });
    desk.put(ADMIN, "/admin/share_settings/external_restrictions", list).await;
    assert_eq!(desk.post(&path, outside).await.verdict(), "403 INVALID_EMAIL_ADDRESS");
    assert_eq!(send(desk.request(ADMIN, Method::DELETE, &format!("{permissions}/{added}"))).await.status, 204);
    assert_eq!(desk.get_as(ADMIN, permissions).await.total(), 1);
    let wrong = json!({ "mode": "greylist" });
    assert_eq!(desk.put(ADMIN, "/admin/share_settings/external_restrictions", wrong).await.verdict(), "400 BAD_INPUT");
    let settings = desk.put(ADMIN, "/admin/share_settings", json!({ "public_shares": false })).await.value;
    assert_eq!(settings["external_restrictions"]["mode"], "whitelist");
    assert_eq!(desk.get("/shares/public").await.verdict(), "403 ACCESS_DENIED");
}

#[tokio::test]
async fn storage_and_access_are_switched_for_all_and_a_password_by_its_owner() {
    let desk = Desk::start().await;
    desk.put(ADMIN, "/admin/personal_storage", json!({ "allow_personal_storage": false })).await;
    assert_eq!(desk.get("/self/my_files").await.verdict(), "403 ACCESS_DENIED");
    desk.put(ADMIN, "/admin/web_application", json!({ "enabled": false })).await;
    assert_eq!(desk.get("/self").await.status, 401);
    desk.put(ADMIN, "/admin/web_application", json!({ "enabled": true })).await;
    let path = format!("/users/{}/password", desk.user(OPERATOR).await);
    assert_eq!(desk.form(&path, &[("old_password", "no"), ("new_password", "new")]).await.verdict(), "400 BAD_INPUT");
    assert_eq!(desk.form(&path, &[("old_password", PASSWORD), ("new_password", "new")]).await.status, 204);
    assert_eq!(desk.get("/self").await.status, 401);
}

#[tokio::test]
async fn policies_against_leaks_are_read_and_switched() {
    let desk = Desk::start().await;
    let path = "/admin/dlp/policies";
    let first = desk.get_as(ADMIN, path).await.items()[0].clone();
    let changed = desk.put(ADMIN, path, json!([{ "id": first["id"], "enabled": false }])).await;
    assert_eq!(
        (changed.items()[0]["enabled"].clone(), changed.items()[0]["title"].clone()),
        (json!(false), first["title"].clone())
    );
    assert_eq!(desk.put(ADMIN, path, json!([{ "id": 999_999 }])).await.verdict(), "404 NOT_FOUND");
    assert_eq!(desk.get(path).await.verdict(), "403 ACCESS_DENIED");
}
