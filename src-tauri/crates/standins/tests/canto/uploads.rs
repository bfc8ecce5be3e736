//! Uploads: the form in both styles, what the storage refuses, and the way from a file to an asset.

use std::time::Duration;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use waybill_standins::canto::{Options, Region};
use waybill_standins::faults::{Fault, Rule};

use super::tenant::{Tenant, quick};

#[tokio::test]
async fn both_styles_of_the_form_are_taken() {
    for region in [Region::Us, Region::De] {
        let tenant = Tenant::with(Options { region, ..quick() }).await;
        let setting = tenant.get("/api/v1/upload/setting").await;
        let old = setting.get("AWSAccessKeyId").is_some() && setting.get("Signature").is_some();
        let new = setting.get("x-amz-algorithm").is_some() && setting.get("x-amz-Signature").is_some();
        assert_eq!((old, new), (region == Region::Us, region == Region::De));
        assert!(setting["key"].as_str().unwrap().ends_with("/${filename}"));
        tenant.upload("Fresh.txt", b"text".to_vec(), &[("x-amz-meta-tag", "a, b")]).await;
        let asset = tenant.named("Fresh.txt").await;
        assert_eq!((&asset["scheme"], &asset["tag"]), (&json!("document"), &json!(["a", "b"])));
        assert_eq!((&asset["approvalStatus"], &asset["size"]), (&json!("Pending"), &json!("4")));
        assert_eq!(asset["md5"], "1cb251ec0d568de6a929b520c4aed8d1");
    }
}

#[tokio::test]
async fn an_upload_is_listed_before_it_is_an_asset() {
    let tenant = Tenant::with(Options { processing: Duration::from_mins(5), ..Options::default() }).await;
    let album = tenant.at("Press").await;
    let album = album["id"].as_str().unwrap();
    tenant.upload("Slow.pdf", b"%PDF".to_vec(), &[("x-amz-meta-album_id", album)]).await;
    tenant.upload("corrupt.pdf", b"%PDF".to_vec(), &[]).await;
    let statuses = async |hours: &str| {
        let status = tenant.get(&format!("/api/v1/upload/status?hours={hours}")).await;
        let results = status["results"].as_array().unwrap().clone();
        assert_eq!(status["found"], results.len());
        results.iter().map(|one| (one["name"].clone(), one["status"].clone())).collect::<Vec<_>>()
    };
    let row = |name: &str, status: &str| (json!(name), json!(status));
    assert_eq!(statuses("1").await, [row("corrupt.pdf", "Initial"), row("Slow.pdf", "Initial")]);
    assert_eq!(tenant.found("").await, 250);
    tenant.standin.advance_clock(Duration::from_mins(6));
    assert_eq!(statuses("1").await, [row("corrupt.pdf", "Error"), row("Slow.pdf", "Done")]);
    let status = tenant.get("/api/v1/upload/status?hours=24").await;
    let asset = tenant.get(&format!("/api/v1/document/{}", status["results"][1]["id"].as_str().unwrap())).await;
    assert_eq!(asset["relatedAlbums"][0]["id"], album);
    assert_eq!(tenant.found("").await, 251);
    tenant.standin.advance_clock(Duration::from_hours(2));
    assert_eq!(statuses("1").await, []);
    for hours in ["0", "25", "x"] {
        assert_eq!(tenant.status(Method::GET, &format!("/api/v1/upload/status?hours={hours}"), None).await, 400);
    }
}

#[tokio::test]
async fn a_new_version_keeps_the_asset() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Brand book.pdf").await;
    let id = asset["id"].as_str().unwrap();
    let target = [("x-amz-meta-id", id), ("x-amz-meta-scheme", "document")];
    tenant.upload("brand-book-2.pdf", b"%PDF-1.4 second".to_vec(), &target).await;
    let now = tenant.again(&asset).await;
    assert_eq!((&now["name"], &now["approvalStatus"]), (&asset["name"], &asset["approvalStatus"]));
    let history = now["versionHistory"].as_array().unwrap();
    let current: Vec<_> = history.iter().map(|one| (one["no"].clone(), one["currentVersion"].clone())).collect();
    assert_eq!(current, [(json!("2"), json!(true)), (json!("1"), json!(false))]);
    assert_eq!(tenant.found("").await, 250, "no new asset");
    let status = tenant.get("/api/v1/upload/status?hours=1").await;
    assert_eq!(status["results"][0]["id"], id);
    for wrong in [
        [("x-amz-meta-id", "none"), ("x-amz-meta-scheme", "document")],
        [("x-amz-meta-id", id), ("x-amz-meta-scheme", "image")],
    ] {
        tenant.upload("lost.pdf", b"%PDF".to_vec(), &wrong).await;
        assert_eq!(tenant.get("/api/v1/upload/status").await["results"][0]["status"], "Error");
    }
}

#[tokio::test]
async fn a_folder_takes_no_file_and_a_consumer_sends_none() {
    let mut tenant = Tenant::start().await;
    let folder = tenant.at("Campaigns").await;
    tenant.upload("astray.txt", b"x".to_vec(), &[("x-amz-meta-album_id", folder["id"].as_str().unwrap())]).await;
    assert_eq!(tenant.get("/api/v1/upload/status").await["results"][0]["status"], "Error");
    tenant.act_as_consumer();
    assert_eq!(tenant.status(Method::GET, "/api/v1/upload/setting", None).await, 403);
}

/// What is done to the fields of a form.
type Spoil = fn(&mut Vec<(String, String)>);

fn change(fields: &mut [(String, String)], name: &str, value: &str) {
    value.clone_into(&mut fields.iter_mut().find(|(key, _)| key == name).unwrap().1);
}

#[tokio::test]
async fn the_storage_refuses_what_the_policy_does_not_allow() {
    let tenant = Tenant::with(Options { max_upload: 100, ..quick() }).await;
    let rows: [(Spoil, usize, u16, &str); 9] = [
        (|_| (), 4, 204, ""),
        (|fields| fields.retain(|(name, _)| name != "x-amz-meta-tag"), 4, 403, "Policy Condition failed"),
        (|fields| fields.retain(|(name, _)| name != "Policy"), 4, 403, "AccessDenied"),
        (|fields| fields.retain(|(name, _)| name != "key"), 4, 400, "must contain a field named 'key'"),
        (|fields| fields.push(("extra".to_owned(), "x".to_owned())), 4, 403, "Extra input fields: extra"),
        (|fields| change(fields, "key", "somewhere/else"), 4, 403, "Policy Condition failed"),
        (|fields| change(fields, "acl", "public-read"), 4, 403, "Policy Condition failed"),
        (|fields| change(fields, "Signature", "AAAA"), 4, 403, "SignatureDoesNotMatch"),
        (|_| (), 101, 400, "EntityTooLarge"),
    ];
    for (spoil, length, status, text) in rows {
        let (url, mut fields) = tenant.form(&[]).await;
        spoil(&mut fields);
        let answer = tenant.post_form(&url, &fields, "a.txt", vec![b'x'; length]).await;
        assert_eq!(answer.status(), status, "{text}");
        assert!(answer.text().await.unwrap().contains(text), "{text}");
    }
    let (url, fields) = tenant.form(&[]).await;
    tenant.standin.advance_clock(Duration::from_hours(5) + Duration::from_secs(1));
    let late = tenant.post_form(&url, &fields, "a.txt", b"x".to_vec()).await;
    assert_eq!(late.status(), 403);
    assert!(late.text().await.unwrap().contains("Policy expired"));
}

#[tokio::test]
async fn the_file_comes_last_and_no_token_goes_along() {
    let tenant = Tenant::start().await;
    let (url, fields) = tenant.form(&[]).await;
    let text = |form: Form, (name, value): &(String, String)| form.text(name.clone(), value.clone());
    let first = Form::new().part("file", Part::bytes(b"x".to_vec()).file_name("a.txt"));
    let form = fields.iter().fold(first, text);
    assert_eq!(tenant.http.post(&url).multipart(form).send().await.unwrap().status(), 400);
    let without = fields.iter().fold(Form::new(), text);
    assert_eq!(tenant.http.post(&url).multipart(without).send().await.unwrap().status(), 400);
    let form = fields.iter().fold(Form::new(), text).part("file", Part::bytes(b"x".to_vec()).file_name("a.txt"));
    let with_token = tenant.http.post(&url).bearer_auth(&tenant.token).multipart(form).send().await.unwrap();
    assert_eq!(with_token.status(), 400);
    let elsewhere = tenant.post_form(&tenant.url("/s3/other"), &fields, "a.txt", b"x".to_vec()).await;
    assert_eq!(elsewhere.status(), 404);
}

#[tokio::test]
async fn a_reference_is_asked_for_and_repeated() {
    let tenant = Tenant::start().await;
    let setting = tenant.get("/api/v1/upload/setting?refer=true").await;
    let refer = setting["x-amz-meta-refer_id"].as_str().unwrap();
    let fields: Vec<(String, String)> = setting
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "url")
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    let answer = tenant.post_form(setting["url"].as_str().unwrap(), &fields, "a+b ü.txt", b"x".to_vec()).await;
    assert_eq!(answer.status(), 204);
    let status = tenant.get("/api/v1/upload/status").await;
    assert_eq!((&status["results"][0]["referId"], &status["results"][0]["name"]), (&json!(refer), &json!("a+b ü.txt")));
}

#[tokio::test]
async fn a_large_upload_lies_in_the_folder_and_goes_with_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let dir = camino::Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    let count = || fs_err::read_dir(&dir).unwrap().count();
    let tenant = Tenant::with(Options { dir: Some(dir.clone()), ..quick() }).await;
    tenant.upload("small.bin", vec![7; 100], &[]).await;
    assert_eq!(count(), 0);
    tenant.upload("large.bin", vec![7; 5 * 1024 * 1024], &[]).await;
    assert_eq!(count(), 1);
    let asset = tenant.named("large.bin").await;
    let path = format!("/api_binary/v1/other/{}/directuri", asset["id"].as_str().unwrap());
    let url = tenant.text(Method::GET, &path, None).await;
    let part = tenant.http.get(url).header("Range", "bytes=5242870-").send().await.unwrap();
    assert_eq!(part.bytes().await.unwrap(), vec![7; 10]);
    tenant.standin.stop().await;
    assert_eq!(count(), 0);
}

#[tokio::test]
async fn a_byte_that_the_store_gets_wrong_is_seen_by_its_hash() {
    let tenant = Tenant::start().await;
    for (name, length) in [("small.bin", 10), ("large.bin", 6 * 1024 * 1024)] {
        tenant.standin.faults().inject(Rule::new(Fault::CorruptStored(3)).operation("POST").path("/s3/"));
        tenant.upload(name, vec![0; length], &[]).await;
        let asset = tenant.named(name).await;
        let url = tenant
            .text(Method::GET, &format!("/api_binary/v1/other/{}/directuri", asset["id"].as_str().unwrap()), None)
            .await;
        let stored = tenant.http.get(url).send().await.unwrap().bytes().await.unwrap();
        assert_eq!((stored.len(), &stored[..5]), (length, &[0, 0, 0, 255, 0][..]));
        let zeros = if length == 10 { "a63c90cc3684ad8b0a2176a6a8fe9005" } else { "da6a0d097e307ac52ed9b4ad551801fc" };
        assert_eq!(asset["md5"], zeros, "the hash is of what was sent");
    }
}
