use http::Method;
use serde_json::{Value, json};
use waybill_standins::file360::{ADMIN, OPERATOR, REVIEWER};

use crate::desk::{Desk, send};

#[tokio::test]
async fn pages_join_to_the_whole_and_the_last_one_names_no_next() {
    let desk = Desk::start().await;
    let (mut path, mut seen) = (Some("/self/my_files/library_children?count=50".to_owned()), Vec::new());
    let total = usize::try_from(desk.get("/self/my_files/library_children").await.total()).unwrap();
    while let Some(here) = path {
        let page = desk.get(&here).await;
        assert_eq!(page.value["count"], page.items().len());
        let end = usize::try_from(page.value["first"].as_i64().unwrap()).unwrap() + page.items().len();
        path = page.value["next"].as_str().map(str::to_owned);
        assert_eq!(path.is_some(), end < total, "there is a next page where there is more");
        seen.extend(page.column("id"));
    }
    assert_eq!(seen.len(), total);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), total, "nothing comes twice");
}

#[tokio::test]
async fn filters_narrow_and_unknown_parameters_do_no_harm() {
    let desk = Desk::start().await;
    let case = desk.seeded("Case 4711").await;
    let of_case = |suffix: &str| format!("/folders/{case}/{suffix}");
    // What is asked, and what narrows it; each narrower list is not empty.
    let rows = [
        ("/self/my_files/library_children".to_owned(), "title=Case"),
        ("/self/my_files/library_children".to_owned(), "title=Delivery*0001*"),
        ("/self/my_files/library_folders".to_owned(), "title=names"),
        ("/self/my_files/library_files".to_owned(), "file_name=Delivery%20note%202026-0007.txt"),
        (of_case("library_files"), "file_name=Frame%20contract%20Dichtwerk.txt"),
        ("/net_folders".to_owned(), "title=plant"),
        ("/users".to_owned(), "keyword=Mira"),
        ("/users".to_owned(), "name=reviewer"),
        ("/users".to_owned(), "email=hedda.brandt@ostwind.example"),
        ("/groups".to_owned(), "name=procurement"),
        ("/principals".to_owned(), "keyword=Au*"),
        ("/principals".to_owned(), "included_users=none"),
        ("/principals".to_owned(), "included_groups=none"),
        ("/principals".to_owned(), "include_all_users_group=false"),
        ("/self/my_files/library_entities?recursive=true".to_owned(), "keyword=contract"),
        ("/self/my_files/library_entities?recursive=true".to_owned(), "binders=false"),
        ("/self/my_files/library_entities?recursive=true".to_owned(), "files=false"),
        ("/self/my_files/library_entities?recursive=true".to_owned(), "folder_entries=false"),
        ("/self/my_files/library_entities?recursive=true".to_owned(), "replies=false"),
    ];
    for (path, filter) in rows {
        let joint = if path.contains('?') { '&' } else { '?' };
        let (all, some) = (desk.get(&path).await, desk.get(&format!("{path}{joint}{filter}")).await);
        assert!(
            some.total() > 0 && some.total() < all.total(),
            "{path} by {filter}: {} of {}",
            some.total(),
            all.total()
        );
        let odd = desk.get(&format!("{path}{joint}colour=red")).await;
        assert_eq!(odd.total(), all.total(), "{path} with a parameter that is unknown");
    }
}

#[tokio::test]
async fn the_discriminator_stands_on_single_objects_and_on_lists_of_files_only() {
    let desk = Desk::start().await;
    let case = desk.seeded("Case 4711").await;
    let files = desk.get(&format!("/folders/{case}/library_files")).await;
    assert!(files.items().iter().all(|file| file["@type"] == ".FileProperties"));
    let mixed = desk.get("/self/my_files/library_children").await;
    assert!(mixed.items().iter().all(|item| item.get("@type").is_none() && item["doc_type"].is_string()));
    let found = desk.get("/self/my_files/library_entities?recursive=true").await;
    assert!(found.items().iter().all(|item| item.get("@type").is_none()));
    assert_eq!(desk.get(&format!("/folders/{case}")).await.text("@type"), ".Folder");
    assert_eq!(desk.get_as(ADMIN, "/workspaces/1").await.text("@type"), ".Workspace");
    let shared = desk.get_as(REVIEWER, "/self/shared_with_me/library_files?recursive=true").await;
    assert!(shared.items().iter().all(|file| file["@type"] == ".SharedFileProperties") && shared.total() > 0);
}

#[tokio::test]
async fn every_link_of_a_folder_a_root_and_a_file_leads_somewhere() {
    let desk = Desk::start().await;
    let case = desk.seeded("Case 4711").await;
    let folder = desk.get(&format!("/folders/{case}")).await.value;
    let file = desk.get(&format!("/folders/{case}/library_files")).await.value["items"][0].clone();
    let me = desk.get("/self").await.value;
    let mut things = vec![folder, file, me, desk.get_as(ADMIN, "/workspaces/1").await.value];
    things.extend(desk.get("/self/roots").await.items().clone());
    for thing in things {
        for link in thing["links"].as_array().unwrap() {
            let (rel, href) = (link["rel"].as_str().unwrap(), link["href"].as_str().unwrap());
            // A picture there is not of every file; a password is only written.
            let wanted: &[u16] = if matches!(rel, "thumbnail" | "scaled_image") { &[200, 404] } else { &[200] };
            let told = desk.get_as(OPERATOR, href).await.status;
            assert!(wanted.contains(&told) || rel == "password" && told == 405, "{rel} at {href} answers {told}");
        }
    }
}

#[tokio::test]
async fn a_list_that_did_not_change_is_not_sent_again() {
    let desk = Desk::start().await;
    let folder = desk.folder("Quiet").await;
    for list in ["library_children", "library_folders", "library_files"] {
        let path = format!("/folders/{folder}/{list}");
        let first = desk.get(&path).await;
        let since = first.headers["last-modified"].to_str().unwrap().to_owned();
        let ask = || desk.request(OPERATOR, Method::GET, &path).header("if-modified-since", &since);
        assert_eq!(send(ask()).await.status, 304);
        desk.file(folder, &format!("{list}.txt"), b"x").await;
        assert_eq!(send(ask()).await.status, 200, "a change in the same second is seen, too");
    }
}

#[tokio::test]
async fn folders_are_made_once_renamed_copied_moved_and_described() {
    let desk = Desk::start().await;
    let folder = desk.folder("Tender").await;
    let again = desk.post("/self/my_files/library_folders", json!({ "title": "TENDER" })).await;
    assert_eq!(again.verdict(), "409 TITLE_EXISTS");
    assert_eq!(again.value["data"]["id"], folder);
    assert_eq!(again.value["data"].get("@type"), None);
    desk.file(folder, "a.txt", b"a").await;
    let copied = desk
        .form("/self/my_files/library_folders", &[("title", "Tender copy"), ("source_id", &folder.to_string())])
        .await;
    assert_eq!(desk.get(&format!("/folders/{}/library_files", copied.id())).await.column("name"), ["a.txt"]);
    let moved =
        desk.form(&format!("/folders/{folder}/parent_binder"), &[("binder_id", &copied.id().to_string())]).await;
    assert_eq!(moved.value["parent_binder"]["id"], copied.id());
    let description = json!({ "description": { "text": "<p>Due &amp; urgent</p>", "format": 1 } });
    desk.put(OPERATOR, &format!("/folders/{folder}"), description).await;
    let text = desk.get(&format!("/folders/{folder}?description_format=text")).await.value["description"].clone();
    assert_eq!(text, json!({ "text": "Due & urgent", "format": 0, "format_str": "text" }));
    let tree = desk.get(&format!("/folders/{}/library_tree", copied.id())).await.value;
    assert_eq!(tree["children"][0]["item"]["id"], folder);
    let info = desk.get(&format!("/folders/{}/library_info", copied.id())).await.value;
    assert_eq!((&info["file_count"], &info["folder_count"], &info["disk_space"]), (&json!(2), &json!(1), &json!(2)));
    let batch = desk.get(&format!("/binders/library_children?id={folder}&id=424242")).await.value;
    assert_eq!(batch[0]["children"]["total"], 1);
    assert_eq!(batch[1]["error"]["code"], "BINDER_NOT_FOUND");
}

#[tokio::test]
async fn names_are_normalised_on_create_and_kept_as_they_are_in_a_net_folder() {
    let desk = Desk::start().await;
    let folder = desk.folder("Gera\u{308}te").await;
    assert_eq!(desk.get(&format!("/folders/{folder}")).await.text("title"), "Ger\u{e4}te");
    let net = desk.get("/net_folders?title=Plant").await.items()[0]["id"].clone();
    let names = desk.get(&format!("/folders/{net}/library_files")).await.column("name");
    assert!(names.contains(&"Geha\u{308}use.txt".to_owned()), "{names:?}");
    let names = desk.seeded("Names").await;
    let listed = desk.get(&format!("/folders/{names}/library_files")).await;
    for file in listed.items() {
        let content = desk.get(&format!("/files/{}", file["id"].as_str().unwrap())).await;
        assert_eq!(content.bytes, file["name"].as_str().unwrap().as_bytes());
    }
    assert!(listed.column("name").iter().any(|name| name.len() == 255));
}

#[tokio::test]
async fn team_workspaces_are_made_from_templates() {
    let desk = Desk::start().await;
    let teams = desk.get_as(ADMIN, "/workspaces/1/workspaces?title=Team").await.items()[0]["id"].clone();
    let template = |kind: &str, found: &Value| {
        let items = found["items"].as_array().unwrap();
        items.iter().find(|item| item["entity_type"] == kind).unwrap()["id"].clone()
    };
    let found = desk.get("/templates").await.value;
    let path = format!("/workspaces/{teams}/workspaces?template={}", template("workspace", &found));
    let team = desk.post(&path, json!({ "title": "Audit 2026" })).await;
    assert_eq!((team.status, team.text("entity_type")), (200, "workspace".to_owned()));
    let path = format!("/workspaces/{}/folders?template={}", team.id(), template("folder", &found));
    assert_eq!(desk.post(&path, json!({ "title": "Papers" })).await.text("entity_type"), "folder");
    assert!(desk.get("/self/my_teams/binders").await.column("title").contains(&"Audit 2026".to_owned()));
}
