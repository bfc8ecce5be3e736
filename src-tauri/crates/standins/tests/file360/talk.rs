use serde_json::json;
use waybill_standins::file360::{AUDITOR, OPERATOR, REVIEWER};

use crate::desk::{Desk, send};

#[tokio::test]
async fn comments_are_numbered_nested_changed_and_removed_with_their_answers() {
    let desk = Desk::start().await;
    let folder = desk.folder("Talk").await;
    let (_, entry) = desk.file(folder, "t.txt", b"t").await;
    let path = format!("/folder_entries/{entry}/replies");
    let text = |text: &str| json!({ "description": { "text": text } });
    for body in [
        json!({}),
        json!({ "title": "x" }),
        json!({ "description": {} }),
        json!({ "description": { "text": "x" }, "colour": 1 }),
    ] {
        assert_eq!(desk.post(&path, body.clone()).await.verdict(), "400 BAD_INPUT", "{body}");
    }
    let first = desk.post(&path, text("Looks good")).await;
    assert_eq!((first.text("title"), first.text("doc_number")), ("Re: t.txt".to_owned(), "1.1".to_owned()));
    assert_eq!(
        desk.post(&path, json!({ "title": "Two", "description": { "text": "b" } })).await.text("doc_number"),
        "1.2"
    );
    let below = desk.post(&format!("/replies/{}/replies", first.id()), text("Thanks")).await;
    assert_eq!((below.text("doc_number"), below.value["doc_level"].clone()), ("1.1.1".to_owned(), json!(2)));
    assert_eq!(below.value["parent_entry"]["id"], first.id());
    assert_eq!(below.value["top_entry"]["id"], entry);
    assert_eq!(desk.get(&path).await.total(), 2, "answers to answers are in the tree only");
    let tree = desk.get(&format!("/folder_entries/{entry}/reply_tree")).await.value;
    assert_eq!(tree["children"][0]["children"][0]["item"]["id"], below.id());
    assert_eq!(desk.get(&format!("/folder_entries/{entry}")).await.value["total_reply_count"], 3);
    let changed = desk.put(OPERATOR, &format!("/replies/{}", below.id()), text("Many thanks")).await;
    assert_eq!(changed.value["description"]["text"], "Many thanks");
    assert_eq!(desk.delete(&format!("/replies/{}", first.id())).await.status, 204);
    assert_eq!(desk.get(&format!("/replies/{}", below.id())).await.verdict(), "404 REPLY_NOT_FOUND");
}

#[tokio::test]
async fn only_who_wrote_a_comment_or_owns_the_file_changes_it() {
    let desk = Desk::start().await;
    let case = desk.seeded("Case 4711").await;
    let (_, entry) = desk.file(case, "t.txt", b"t").await;
    let path = format!("/folder_entries/{entry}/replies");
    let reply = desk.post_as(AUDITOR, &path, json!({ "description": { "text": "Why?" } })).await.id();
    let body = json!({ "title": "x" });
    assert_eq!(desk.put(REVIEWER, &format!("/replies/{reply}"), body.clone()).await.verdict(), "403 ACCESS_DENIED");
    assert_eq!(desk.put(AUDITOR, &format!("/replies/{reply}"), body).await.text("title"), "x");
    assert_eq!(desk.delete(&format!("/replies/{reply}")).await.status, 204);
}

#[tokio::test]
async fn public_tags_are_seen_by_others_and_personal_ones_are_not() {
    let desk = Desk::start().await;
    let case = desk.seeded("Case 4711").await;
    let (_, entry) = desk.file(case, "t.txt", b"t").await;
    for path in [format!("/folders/{case}/tags"), format!("/folder_entries/{entry}/tags")] {
        assert_eq!(desk.post(&path, json!({ "public": true })).await.verdict(), "400 BAD_INPUT");
        desk.post(&path, json!({ "name": "legal-hold", "public": true })).await;
        let tags = desk.post(&path, json!({ "name": "mine", "public": false })).await;
        assert_eq!(tags.column("name"), ["legal-hold", "mine"]);
        let others = desk.get_as(AUDITOR, &path).await;
        assert_eq!(others.column("name"), ["legal-hold"]);
        let (shown, hidden) = (tags.items()[0]["id"].clone(), tags.items()[1]["id"].clone());
        assert_eq!(desk.get_as(AUDITOR, &format!("{path}/{hidden}")).await.verdict(), "404 TAG_NOT_FOUND");
        let refused = send(desk.request(AUDITOR, http::Method::DELETE, &format!("{path}/{shown}"))).await;
        assert_eq!(refused.verdict(), "403 ACCESS_DENIED");
        assert_eq!(desk.get(&format!("{path}/{shown}")).await.text("name"), "legal-hold");
        assert_eq!(desk.delete(&format!("{path}/{shown}")).await.status, 204);
        assert_eq!(desk.delete(&path).await.status, 204);
        assert_eq!(desk.get(&path).await.total(), 0);
    }
}
