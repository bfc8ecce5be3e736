use http::Method;
use serde_json::json;
use waybill_standins::file360::{AUDITOR, OPERATOR, Options, REVIEWER};

use crate::desk::{Desk, send};

#[tokio::test]
async fn a_large_file_comes_back_as_it_went_and_ranges_are_not_looked_at() {
    let desk = Desk::start().await;
    let folder = desk.folder("Large").await;
    let bytes: Vec<u8> = (0..9_000_000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let (file, _) = desk.file(folder, "large.bin", &bytes).await;
    let told = send(desk.request(OPERATOR, Method::GET, &format!("/files/{file}")).header("range", "bytes=0-9")).await;
    assert_eq!((told.status, told.bytes.len()), (200, bytes.len()));
    assert!(told.bytes == bytes);
    assert_eq!(desk.get(&format!("/files/{file}/metadata")).await.value["length"], bytes.len());
}

#[tokio::test]
async fn both_kinds_of_upload_are_verified_and_dated() {
    let desk = Desk::start().await;
    let folder = desk.folder("In").await;
    let md5 = "900150983cd24fb0d6963f7d28e17f72";
    let path = |name: &str| {
        format!("/folders/{folder}/library_files?file_name={name}&md5={md5}&mod_date=2025-05-06T07:08:09Z")
    };
    let raw = desk.upload(&path("raw.txt"), b"abc").await;
    let part = reqwest::multipart::Part::bytes(b"abc".to_vec()).file_name("other.txt");
    let form = reqwest::multipart::Form::new().text("note", "no file").part("file", part);
    let multipart = send(desk.request(OPERATOR, Method::POST, &path("form.txt")).multipart(form)).await;
    for (told, name) in [(raw, "raw.txt"), (multipart, "form.txt")] {
        assert_eq!((told.status, told.text("name"), told.text("md5")), (200, name.to_owned(), md5.to_owned()));
        assert_eq!(told.value["modification"]["date"], "2025-05-06T07:08:09Z");
        assert_eq!(told.text("id").len(), 32);
    }
    let empty = reqwest::multipart::Form::new().text("note", "no file");
    let told = send(desk.request(OPERATOR, Method::POST, &path("none.txt")).multipart(empty)).await;
    assert_eq!(told.verdict(), "400 MISSING_MULTIPART_FORM_DATA");
}

#[tokio::test]
async fn versions_are_kept_conflicts_are_told_and_an_old_one_is_made_current() {
    let desk = Desk::start().await;
    let folder = desk.folder("Drafts").await;
    let (file, _) = desk.file(folder, "draft.txt", b"one").await;
    let two = desk.upload(&format!("/files/{file}?last_version=1"), b"two").await;
    assert_eq!((two.value["version_number"].clone(), two.value["minor_version"].clone()), (json!(2), json!(1)));
    let stale = desk.upload(&format!("/files/{file}?last_version=1"), b"three").await;
    assert_eq!(stale.verdict(), "409 FILE_VERSION_CONFLICT");
    assert_eq!(stale.value["data"]["version_number"], 2);
    assert_eq!(stale.value["data"].get("@type"), None);
    assert_eq!(desk.upload(&format!("/files/{file}"), b"x").await.verdict(), "400 BAD_INPUT");
    assert_eq!(desk.form(&format!("/files/{file}?force_overwrite=true"), &[("a", "b")]).await.status, 415);
    let path = format!("/files/{file}?last_major_version=1&last_minor_version=1");
    assert_eq!(desk.upload(&path, b"three").await.status, 200);
    let versions = desk.get(&format!("/files/{file}/versions")).await;
    let first =
        versions.items().iter().find(|item| item["version_number"] == 1).unwrap()["id"].as_str().unwrap().to_owned();
    let current = desk.get(&format!("/files/{file}/versions/current")).await.value;
    let mut fields: Vec<_> = current.as_object().unwrap().keys().cloned().collect();
    fields.sort();
    assert_eq!(fields, ["@type", "href", "id", "links"]);
    let body = json!({ "@type": ".FileVersionProperties", "id": first });
    let back = desk.post(&format!("/files/{file}/versions/current"), body).await;
    assert_eq!(back.value["version_number"], 4);
    assert_eq!(desk.get(&format!("/files/{file}")).await.bytes, b"one");
    let major = desk.post(&format!("/files/{file}/major_version"), json!({})).await;
    assert_eq!((major.value["major_version"].clone(), major.value["minor_version"].clone()), (json!(2), json!(0)));
    assert_eq!(desk.get(&format!("/file_versions/{first}")).await.bytes, b"one");
    for _ in 0..2 {
        assert_eq!(desk.delete(&format!("/file_versions/{first}")).await.status, 204, "a second time does no harm");
    }
    assert_eq!(desk.get(&format!("/files/{file}/versions")).await.total(), 3);
}

#[tokio::test]
async fn notes_and_standing_belong_to_a_version_and_need_the_discriminator() {
    let desk = Desk::start().await;
    let folder = desk.folder("Notes").await;
    let (file, _) = desk.file(folder, "n.txt", b"n").await;
    let version = desk.get(&format!("/files/{file}/versions/current")).await.text("id");
    let rows = [
        ("note", json!({ "@type": ".FileVersionProperties", "note": "seen" }), 200),
        ("note", json!({ "note": "seen" }), 400),
        ("status", json!({ "@type": ".FileVersionProperties", "status": 1 }), 200),
        ("status", json!({ "@type": ".FileVersionProperties", "status": 7 }), 400),
        ("status", json!({ "@type": ".FileVersionProperties", "status": 1, "colour": "red" }), 400),
    ];
    for (what, body, status) in rows {
        assert_eq!(desk.post(&format!("/file_versions/{version}/{what}"), body.clone()).await.status, status, "{body}");
    }
    let file = desk.get(&format!("/files/{file}/metadata")).await;
    assert_eq!((file.text("note"), file.value["status"].clone()), ("seen".to_owned(), json!(1)));
    assert_eq!(desk.delete(&format!("/file_versions/{version}")).await.verdict(), "403 FILE_ONLY_VERSION");
}

#[tokio::test]
async fn files_are_renamed_moved_copied_and_put_into_the_trash() {
    let desk = Desk::start().await;
    let (one, two) = (desk.folder("One").await, desk.folder("Two").await);
    let (file, entry) = desk.file(one, "a.txt", b"a").await;
    desk.file(two, "b.txt", b"b").await;
    let name = |name: &'static str| [("name", name)];
    assert_eq!(desk.form(&format!("/files/{file}/name"), &name("c.txt")).await.text("name"), "c.txt");
    assert_eq!(desk.get(&format!("/folder_entries/{entry}")).await.text("title"), "c.txt");
    let to = two.to_string();
    let taken = desk.form(&format!("/files/{file}/parent_folder"), &[("folder_id", &to), ("name", "b.txt")]).await;
    assert_eq!(taken.verdict(), "409 FILE_EXISTS");
    let moved = desk.form(&format!("/files/{file}/parent_folder"), &[("folder_id", &to)]).await;
    assert_eq!(moved.value["parent_binder"]["id"], two);
    let home = desk.form(&format!("/files/{file}/parent_folder"), &[("folder_id", "-100"), ("name", "home.txt")]).await;
    assert_eq!(home.value["parent_binder"]["id"], -100);
    let copy =
        desk.form(&format!("/folders/{one}/library_files"), &[("file_name", "d.txt"), ("source_id", &file)]).await;
    assert_eq!(copy.text("name"), "d.txt");
    assert_eq!(desk.delete(&format!("/files/{file}?version=7")).await.verdict(), "409 FILE_VERSION_CONFLICT");
    assert_eq!(desk.delete(&format!("/files/{file}?version=1")).await.status, 204);
    for path in [format!("/files/{file}"), format!("/files/{file}/metadata")] {
        assert_eq!(desk.get(&path).await.verdict(), "404 FILE_NOT_FOUND");
    }
    assert_eq!(desk.delete(&format!("/folders/{two}?only_if_empty=true")).await.verdict(), "409 BINDER_NOT_EMPTY");
    assert_eq!(desk.delete(&format!("/folders/{two}")).await.status, 204);
    assert_eq!(desk.get(&format!("/folders/{two}")).await.verdict(), "404 FOLDER_NOT_FOUND");
    assert_eq!(desk.get(&format!("/files?file_name=d.t*&id={file}")).await.column("name"), ["d.txt"]);
}

#[tokio::test]
async fn a_reserved_entry_is_changed_by_its_holder_only() {
    let desk = Desk::start().await;
    let case = desk.seeded("Case 4711").await;
    let (file, entry) = desk.file(case, "plan.txt", b"plan").await;
    let path = format!("/folder_entries/{entry}/reservation");
    assert_eq!(desk.get(&path).await.status, 204);
    assert_eq!(desk.put(REVIEWER, &path, json!({})).await.status, 200);
    assert_eq!(desk.upload(&format!("/files/{file}?force_overwrite=true"), b"x").await.verdict(), "403 ENTRY_RESERVED");
    assert_eq!(desk.put(OPERATOR, &path, json!({})).await.verdict(), "403 ENTRY_RESERVED");
    let mine = desk.upload_as(REVIEWER, &format!("/files/{file}?force_overwrite=true"), b"x").await;
    assert!(mine.value["locked_by"]["id"].is_i64());
    assert_eq!(send(desk.request(REVIEWER, Method::DELETE, &path)).await.status, 204);
    assert_eq!(desk.upload(&format!("/files/{file}?force_overwrite=true"), b"y").await.status, 200);
    assert_eq!(desk.put(AUDITOR, &path, json!({})).await.verdict(), "403 ACCESS_DENIED");
}

#[tokio::test]
async fn space_runs_out_for_a_person_a_folder_and_an_upload() {
    let desk = Desk::start_with(Options { file_size_limit: Some(5_000_000), ..Options::default() }).await;
    let path = "/self/my_files/library_files?file_name=big.bin";
    let person = desk.upload_as(REVIEWER, path, &vec![0; 3_000_000]).await;
    assert_eq!(person.verdict(), "403 USER_QUOTA_EXCEEDED");
    assert_eq!(person.value["data"]["disk_space_quota"], 2 << 20);
    assert!(person.value["data"]["disk_space_used"].is_u64());
    let intake = desk.seeded("Scan intake").await;
    let folder = desk.upload(&format!("/folders/{intake}/library_files?file_name=scan.tif"), &vec![0; 70_000]).await;
    assert_eq!(folder.verdict(), "403 BINDER_QUOTA_EXCEEDED");
    assert_eq!(desk.upload(path, &vec![0; 5_000_001]).await.verdict(), "403 FILE_SIZE_LIMIT_EXCEEDED");
    assert_eq!(desk.get("/zone_config").await.value["file_upload_size_limit"], 5_000_000);
    assert_eq!(desk.upload(path, &[0; 9]).await.status, 200);
}

#[tokio::test]
async fn a_picture_shows_itself_and_a_text_has_none() {
    let desk = Desk::start().await;
    let campaign = desk.seeded("Campaign").await;
    let file =
        desk.get(&format!("/folders/{campaign}/library_files?file_name=Key%20visual.jpg")).await.items()[0].clone();
    for link in ["thumbnail", "scaled"] {
        let told = desk.get(&format!("/files/{}/{link}", file["id"].as_str().unwrap())).await;
        assert_eq!((told.status, told.headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    }
    let (text, _) = desk.file(campaign, "t.txt", b"t").await;
    assert_eq!(desk.get(&format!("/files/{text}/thumbnail")).await.status, 404);
}
