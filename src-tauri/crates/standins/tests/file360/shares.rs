use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use waybill_standins::file360::{ADMIN, AUDITOR, OPERATOR, REVIEWER, SUPPLIER};

use crate::desk::{Desk, Told, send};

const DAY: Duration = Duration::from_hours(24);

fn to_user(id: i64) -> Value {
    json!({ "recipient": { "type": "user", "id": id }, "access": { "role": "VIEWER" } })
}

async fn on_entry(desk: &Desk, entry: i64, body: Value) -> Told {
    desk.post(&format!("/folder_entries/{entry}/shares"), body).await
}

#[tokio::test]
async fn each_kind_of_recipient_has_its_rules() {
    let desk = Desk::start().await;
    let folder = desk.folder("Rules").await;
    let (_, entry) = desk.file(folder, "r.txt", b"r").await;
    let (reviewer, supplier) = (desk.user("reviewer").await, desk.user(SUPPLIER).await);
    let group = desk.get("/groups?name=auditors").await.items()[0]["id"].clone();
    let team = desk.get("/self/my_teams/binders").await.items()[0]["id"].clone();
    let viewer = json!({ "role": "VIEWER" });
    let rows = [
        (json!({ "type": "user", "id": reviewer }), "200 -"),
        (json!({ "type": "user", "id": reviewer.to_string() }), "200 -"),
        (json!({ "type": "user" }), "400 BAD_INPUT"),
        (json!({ "type": "user", "id": reviewer, "email": "a@b.example" }), "400 BAD_INPUT"),
        (json!({ "type": "user", "id": 424_242 }), "400 INVALID_RECIPIENT"),
        (json!({ "type": "group", "id": group }), "200 -"),
        (json!({ "type": "team", "id": team }), "200 -"),
        (json!({ "type": "external_user", "id": supplier }), "200 -"),
        (json!({ "type": "external_user", "id": reviewer }), "400 BAD_INPUT"),
        (json!({ "type": "external_user", "id": supplier, "email": "else@b.example" }), "400 BAD_INPUT"),
        (json!({ "type": "external_user", "email": "new@vendor.example" }), "200 -"),
        (json!({ "type": "external_user", "email": "new@blocked.example" }), "403 INVALID_EMAIL_ADDRESS"),
        (json!({ "type": "external_user" }), "400 BAD_INPUT"),
        (json!({ "type": "public" }), "200 -"),
        (json!({ "type": "public", "id": 1 }), "400 BAD_INPUT"),
        (json!({ "type": "public_link" }), "200 -"),
        (json!({ "type": "public_link", "email": "a@b.example" }), "400 BAD_INPUT"),
        (json!({ "type": "everybody" }), "400 BAD_INPUT"),
        (json!({ "type": "user", "id": reviewer, "colour": "red" }), "400 BAD_INPUT"),
    ];
    for (recipient, wanted) in rows {
        let told = on_entry(&desk, entry, json!({ "recipient": recipient, "access": viewer })).await;
        assert_eq!(told.verdict(), wanted, "{recipient}: {}", told.value);
    }
}

#[tokio::test]
async fn each_term_has_its_rules() {
    let desk = Desk::start().await;
    let folder = desk.folder("Terms").await;
    let (_, entry) = desk.file(folder, "t.txt", b"t").await;
    let (user, link) = (json!({ "type": "user", "id": desk.user("reviewer").await }), json!({ "type": "public_link" }));
    let public = json!({ "type": "public" });
    let rows = [
        (json!({ "recipient": user }), "400 BAD_INPUT"),
        (json!({ "recipient": user, "access": { "role": "OWNER" } }), "400 BAD_INPUT"),
        (json!({ "recipient": user, "access": { "role": "EDITOR" }, "days_to_expire": 3 }), "200 -"),
        (
            json!({ "recipient": user, "access": { "role": "EDITOR" }, "expiration": "2020-01-01T00:00:00Z" }),
            "400 BAD_INPUT",
        ),
        (json!({ "recipient": user, "access": { "role": "EDITOR" }, "expiration": "2120-01-01T00:00:00Z" }), "200 -"),
        (
            json!({ "recipient": user, "access": { "role": "EDITOR" }, "expiration": "2120-01-01T00:00:00Z", "days_to_expire": 1 }),
            "400 BAD_INPUT",
        ),
        (json!({ "recipient": user, "access": { "role": "VIEWER" }, "note": "x" }), "400 BAD_INPUT"),
        (
            json!({ "recipient": public, "access": { "role": "VIEWER", "sharing": { "internal": true } } }),
            "400 BAD_INPUT",
        ),
        (json!({ "recipient": public, "access": { "role": "VIEWER", "sharing": { "internal": false } } }), "200 -"),
        (json!({ "recipient": link }), "200 -"),
        (json!({ "recipient": link, "access": { "role": "EDITOR" } }), "400 BAD_INPUT"),
        (json!({ "access": { "role": "VIEWER" } }), "400 BAD_INPUT"),
    ];
    for (body, wanted) in rows {
        assert_eq!(on_entry(&desk, entry, body.clone()).await.verdict(), wanted, "{body}");
    }
    let on_folder = desk.post(&format!("/folders/{folder}/shares"), json!({ "recipient": link })).await;
    assert_eq!(on_folder.verdict(), "400 BAD_INPUT");
    let path = format!("/folder_entries/{entry}/shares?notify=true");
    assert_eq!(desk.post(&path, json!({ "recipient": link })).await.verdict(), "400 BAD_INPUT");
    assert_eq!(
        desk.post(&format!("{path}&notify_address=a@b.example"), json!({ "recipient": link })).await.status,
        200
    );
}

#[tokio::test]
async fn the_same_recipient_again_replaces_and_days_of_zero_never_end() {
    let desk = Desk::start().await;
    let folder = desk.folder("Again").await;
    let (file, entry) = desk.file(folder, "a.txt", b"a").await;
    let reviewer = desk.user("reviewer").await;
    let first = on_entry(&desk, entry, to_user(reviewer)).await.id();
    let mut body = to_user(reviewer);
    body["days_to_expire"] = json!(0);
    let second = on_entry(&desk, entry, body).await;
    assert_ne!(second.id(), first);
    assert_eq!(second.value.get("expiration"), None);
    let listed = desk.get(&format!("/folder_entries/{entry}/shares")).await;
    assert_eq!(listed.column("id"), [second.id().to_string()]);
    desk.standin.advance_clock(DAY * 4000);
    assert_eq!(desk.get_as(REVIEWER, &format!("/files/{file}")).await.bytes, b"a");
}

#[tokio::test]
async fn an_update_gives_a_new_number_and_forces_a_link_to_stay_a_link() {
    let desk = Desk::start().await;
    let folder = desk.folder("Update").await;
    let (_, entry) = desk.file(folder, "u.txt", b"u").await;
    let reviewer = desk.user("reviewer").await;
    let old = on_entry(&desk, entry, to_user(reviewer)).await.id();
    assert_eq!(desk.post(&format!("/shares/{old}"), json!({ "days_to_expire": 2 })).await.verdict(), "400 BAD_INPUT");
    let body = json!({ "access": { "role": "EDITOR" }, "recipient": { "type": "public" } });
    let new = desk.post(&format!("/shares/{old}"), body).await;
    assert_eq!(new.value["recipient"]["id"], reviewer, "the recipient of the body is not looked at");
    for path in [format!("/shares/{old}")] {
        assert_eq!(
            desk.post(&path, json!({ "access": { "role": "EDITOR" } })).await.verdict(),
            "404 SHAREITEM_NOT_FOUND"
        );
        assert_eq!(desk.delete(&path).await.verdict(), "404 SHAREITEM_NOT_FOUND");
    }
    let link = on_entry(&desk, entry, json!({ "recipient": { "type": "public_link" } })).await;
    let changed = desk.post(&format!("/shares/{}", link.id()), json!({ "days_to_expire": 7 })).await;
    assert_eq!(
        (changed.value["access"]["role"].clone(), changed.value["days_to_expire"].clone()),
        (json!("VIEWER"), json!(7))
    );
    let url = link.value["permalinks"][0]["href"].as_str().unwrap().to_owned();
    let anonymous = || async { send(desk.client.get(&url)).await };
    assert_eq!(anonymous().await.bytes, b"u");
    desk.standin.advance_clock(DAY * 8);
    assert_eq!(anonymous().await.status, 404, "the link is over");
}

#[tokio::test]
async fn what_was_shared_ends_with_its_time_and_with_the_share() {
    let desk = Desk::start().await;
    let folder = desk.folder("Ends").await;
    let (file, _) = desk.file(folder, "e.txt", b"e").await;
    let reviewer = desk.user("reviewer").await;
    let mut body = to_user(reviewer);
    body["days_to_expire"] = json!(3);
    desk.post(&format!("/folders/{folder}/shares"), body.clone()).await;
    assert_eq!(desk.get_as(REVIEWER, &format!("/files/{file}")).await.status, 200);
    desk.standin.advance_clock(DAY * 4);
    assert_eq!(desk.get_as(REVIEWER, &format!("/files/{file}")).await.verdict(), "403 ACCESS_DENIED");
    let again = desk.post(&format!("/folders/{folder}/shares"), body).await.id();
    assert_eq!(desk.get_as(REVIEWER, &format!("/files/{file}")).await.status, 200);
    assert_eq!(desk.delete(&format!("/shares/{again}")).await.status, 204);
    assert_eq!(desk.get_as(REVIEWER, &format!("/files/{file}")).await.verdict(), "403 ACCESS_DENIED");
}

#[tokio::test]
async fn roles_let_through_what_they_should() {
    let desk = Desk::start().await;
    let case = desk.seeded("Case 4711").await;
    let (file, entry) = desk.file(case, "role.txt", b"r").await;
    let rows = [(AUDITOR, 200, 200, 403, 403), (REVIEWER, 200, 200, 200, 403), (SUPPLIER, 200, 200, 200, 200)];
    for (who, read, comment, change, create) in rows {
        let comments = json!({ "description": { "text": "seen" } });
        let told = [
            desk.get_as(who, &format!("/files/{file}")).await.status,
            desk.post_as(who, &format!("/folder_entries/{entry}/replies"), comments).await.status,
            desk.upload_as(who, &format!("/files/{file}?force_overwrite=true"), b"x").await.status,
            desk.upload_as(who, &format!("/folders/{case}/library_files?file_name=new.txt"), b"x").await.status,
        ];
        assert_eq!(told, [read, comment, change, create], "{who}");
        let share = desk
            .post_as(
                who,
                &format!("/folders/{case}/shares"),
                json!({ "recipient": { "type": "public" }, "access": { "role": "VIEWER" } }),
            )
            .await;
        assert_eq!(share.verdict(), "403 ACCESS_DENIED", "{who} was not given the right to share");
    }
}

#[tokio::test]
async fn a_share_that_was_passed_on_outlives_the_first() {
    let desk = Desk::start().await;
    let folder = desk.folder("Passed on").await;
    let (file, _) = desk.file(folder, "p.txt", b"p").await;
    let (reviewer, auditor) = (desk.user("reviewer").await, desk.user("auditor").await);
    let mut body = to_user(reviewer);
    body["access"]["sharing"] = json!({ "internal": true });
    let first = desk.post(&format!("/folders/{folder}/shares"), body).await.id();
    let access = desk.get_as(REVIEWER, &format!("/folders/{folder}/access")).await.value;
    assert_eq!((&access["sharing"]["internal"], &access["sharing"]["max_role"]), (&json!(true), &json!("VIEWER")));
    let path = format!("/folders/{folder}/shares");
    let mut too_much = to_user(auditor);
    too_much["access"]["role"] = json!("EDITOR");
    assert_eq!(desk.post_as(REVIEWER, &path, too_much).await.verdict(), "403 ACCESS_DENIED");
    assert_eq!(desk.post_as(REVIEWER, &path, to_user(auditor)).await.status, 200);
    desk.delete(&format!("/shares/{first}")).await;
    // Who passed it on has lost it; who got it has not.
    assert_eq!(desk.get_as(REVIEWER, &format!("/files/{file}")).await.status, 403);
    assert_eq!(desk.get_as(AUDITOR, &format!("/files/{file}")).await.status, 200);
}

#[tokio::test]
async fn lists_hold_the_callers_own_shares_and_the_administrator_sees_all() {
    let desk = Desk::start().await;
    let case = desk.seeded("Case 4711").await;
    assert_eq!(desk.get(&format!("/folders/{case}/shares")).await.total(), 3);
    assert_eq!(desk.get_as(REVIEWER, &format!("/folders/{case}/shares")).await.total(), 0);
    let (operator, reviewer) = (desk.user(OPERATOR).await, desk.user("reviewer").await);
    assert_eq!(desk.get(&format!("/shares/by_user/{reviewer}")).await.verdict(), "403 ACCESS_DENIED");
    assert_eq!(desk.get_as(REVIEWER, &format!("/shares/with_user/{reviewer}")).await.total(), 1);
    assert_eq!(desk.get("/shares/public").await.total(), 1);
    let all = desk.get_as(ADMIN, "/admin/shares").await.total();
    let rows = [format!("shared_by={operator}"), format!("shared_with={reviewer}"), "include_expired=false".to_owned()];
    for row in rows {
        let some = desk.get_as(ADMIN, &format!("/admin/shares?{row}")).await.total();
        assert!(some > 0 && some < all, "{row}: {some} of {all}");
    }
    assert_eq!(desk.get_as(ADMIN, "/admin/shares/public").await.total(), 2);
}

#[tokio::test]
async fn reading_one_share_fails_unless_the_bug_is_switched_off() {
    let desk = Desk::start().await;
    let share = desk.get_as(ADMIN, "/admin/shares").await.items()[0]["id"].clone();
    assert_eq!(desk.get(&format!("/shares/{share}")).await.verdict(), "404 SHAREITEM_NOT_FOUND");
    desk.sandbox(Method::PUT, "/settings", json!({ "share_read_bug": false })).await;
    assert_eq!(desk.get(&format!("/shares/{share}")).await.id(), share.as_i64().unwrap());
}

#[tokio::test]
async fn roots_of_shares_carry_the_shares_and_public_ones_are_seen_by_all() {
    let desk = Desk::start().await;
    let with_me = desk.get("/self/shared_with_me").await.value;
    let links = with_me["links"].as_array().unwrap();
    let href = links.iter().find(|link| link["rel"] == "library_children").unwrap()["href"].as_str().unwrap();
    assert!(href.starts_with("/shares/with_user/"));
    let listed = desk.get(href).await;
    assert_eq!(listed.column("title"), ["Vendors"]);
    assert_eq!(listed.items()[0]["shares"].as_array().unwrap().len(), 1);
    let public = desk.get_as(AUDITOR, "/shares/public/library_children").await;
    assert_eq!(public.column("title"), ["Company handbook"]);
    let by_me = desk.get("/self/shared_by_me/library_children").await;
    assert!(by_me.total() >= 2 && by_me.items().iter().all(|item| item["shares"][0]["id"].is_i64()));
}
