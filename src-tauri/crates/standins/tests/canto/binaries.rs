//! Downloads: originals, versions, renditions, direct links, delivered media.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use waybill_standins::canto::Options;

use super::tenant::{Tenant, quick, reference};

async fn location(tenant: &Tenant, path: &str) -> String {
    let answer = tenant.send(Method::GET, path, None).await;
    assert_eq!(answer.status(), 302, "{path}");
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// The bytes at an address, without a token.
async fn open(tenant: &Tenant, url: &str) -> (u16, Vec<u8>) {
    let answer = tenant.http.get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn a_binary_leads_to_a_signed_address_that_ends() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Grüße aus Überlingen + Höri.jpg").await;
    let url = location(&tenant, asset["url"]["download"].as_str().unwrap()).await;
    let answer = tenant.http.get(&url).send().await.unwrap();
    let disposition = answer.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.ends_with("filename*=UTF-8''Gr%C3%BC%C3%9Fe%20aus%20%C3%9Cberlingen%20%2B%20H%C3%B6ri.jpg"));
    assert_eq!(answer.headers()["etag"].to_str().unwrap().trim_matches('"'), asset["md5"].as_str().unwrap());
    assert_eq!(answer.bytes().await.unwrap().len().to_string(), asset["size"].as_str().unwrap());
    assert_eq!(open(&tenant, &url.replace("/original", "/png")).await.0, 403, "signed for one rendition");
    assert_eq!(open(&tenant, &url.replace("Expires=", "Expires=9")).await.0, 403, "signed for one end");
    let head = tenant.http.head(&url).send().await.unwrap();
    assert_eq!(head.headers()["content-length"].to_str().unwrap(), asset["size"].as_str().unwrap());
    tenant.standin.advance_clock(Duration::from_mins(61));
    assert_eq!(open(&tenant, &url).await.0, 403);
}

#[tokio::test]
async fn ranges_give_parts() {
    let tenant = Tenant::start().await;
    tenant.upload("digits.txt", b"0123456789".to_vec(), &[]).await;
    let asset = tenant.named("digits.txt").await;
    let url = location(&tenant, asset["url"]["download"].as_str().unwrap()).await;
    for (range, status, text) in [
        ("bytes=2-4", 206, "234"),
        ("bytes=7-", 206, "789"),
        ("bytes=-2", 206, "89"),
        ("bytes=10-", 416, ""),
        ("bytes=0-1,4-5", 200, "0123456789"),
    ] {
        let answer = tenant.http.get(&url).header("Range", range).send().await.unwrap();
        assert_eq!(answer.status(), status, "{range}");
        assert_eq!(answer.text().await.unwrap(), text, "{range}");
    }
}

#[tokio::test]
async fn each_version_has_its_own_bytes() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Lantern Row press kit.jpg").await;
    let mut seen = Vec::new();
    for version in asset["versionHistory"].as_array().unwrap() {
        let url = location(&tenant, version["uri"]["download"].as_str().unwrap()).await;
        seen.push(open(&tenant, &url).await.1);
        let preview = location(&tenant, version["uri"]["preview"].as_str().unwrap()).await;
        assert!(open(&tenant, &preview).await.1.starts_with(&[0xff, 0xd8]));
    }
    assert!(seen[0] != seen[1] && seen[1] != seen[2]);
    let current = location(&tenant, asset["url"]["download"].as_str().unwrap()).await;
    assert_eq!(open(&tenant, &current).await.1, seen[0], "the newest is current");
}

#[tokio::test]
async fn each_rendition_has_its_form_and_size() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Terrace at Dusk 16x9.jpg").await;
    let id = asset["id"].as_str().unwrap();
    for (path, width, height) in [
        ("image/ID/preview", 800, 450),
        ("image/ID/preview/240", 240, 135),
        ("image/ID/preview/400", 400, 225),
        ("image/ID/preview/2000", 1920, 1080),
        ("image/ID/PNG", 1920, 1080),
        ("image/ID/HighJPG", 1920, 1080),
        ("image/ID/LowJPG", 1000, 562),
        ("advance/image/ID/download?type=png&maxsize=960", 960, 540),
        ("advance/image/ID/download?resize=300x200&dpi=72", 300, 200),
    ] {
        let url = location(&tenant, &format!("/api_binary/v1/{}", path.replace("ID", id))).await;
        let size = imagesize::blob_size(&open(&tenant, &url).await.1).unwrap();
        assert_eq!((size.width, size.height), (width, height), "{path}");
    }
    for path in ["directuri", "previewURI", "previewURI/2000"] {
        let url = tenant.text(Method::GET, &format!("/api_binary/v1/image/{id}/{path}"), None).await;
        assert_eq!(open(&tenant, &url).await.0, 200, "{path}");
    }
    let url = tenant
        .text(Method::GET, &format!("/api_binary/v1/advance/image/{id}/download/directuri?maxsize=50"), None)
        .await;
    assert_eq!(open(&tenant, &url).await.0, 200);
    assert_eq!(tenant.get(&format!("/api_binary/v1/image/{id}/metadata")).await["Image Width"], "1920");
    for (path, status) in [
        ("image/ID/preview/777", 404),
        ("image/ID/nonsense", 404),
        ("video/ID", 404),
        ("advance/image/ID/download?type=doc", 400),
        ("advance/image/ID/download?maxsize=big", 400),
    ] {
        let path = format!("/api_binary/v1/{}", path.replace("ID", id));
        assert_eq!(tenant.status(Method::GET, &path, None).await, status, "{path}");
    }
}

#[tokio::test]
async fn many_addresses_come_at_once_and_consumers_get_only_what_they_see() {
    let mut tenant = Tenant::start().await;
    let (open_one, hidden) = (tenant.named("Brand book.pdf").await, tenant.named("Unsorted delivery 7.jpg").await);
    tenant.act_as_consumer();
    let body = json!([reference(&open_one), reference(&hidden)]);
    let answer = tenant.json(Method::POST, "/api_binary/v1/batch/directuri", &body).await;
    assert_eq!(answer.as_array().unwrap().len(), 1);
    assert_eq!(answer[0]["size"], open_one["size"]);
    assert_eq!(open(&tenant, answer[0]["url"].as_str().unwrap()).await.0, 200);
    let download = hidden["url"]["download"].as_str().unwrap();
    assert_eq!(tenant.status(Method::GET, download, None).await, 404);
}

#[tokio::test]
async fn direct_links_and_delivered_media_need_no_token() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Terrace at Dusk 16x9.jpg").await;
    let original = asset["url"]["directUrlOriginal"].as_str().unwrap();
    let (status, bytes) = open(&tenant, original).await;
    assert_eq!((status, bytes.len().to_string()), (200, asset["size"].as_str().unwrap().to_owned()));
    assert_eq!(open(&tenant, asset["url"]["directUrlPreview"].as_str().unwrap()).await.0, 200);
    let guessed = original.replace(asset["id"].as_str().unwrap(), "0000");
    assert_eq!(open(&tenant, &guessed).await.0, 404);
    let delivered = asset["additional"]["MDC Image URL"].as_str().unwrap();
    assert!(open(&tenant, delivered).await.1.starts_with(&[0xff, 0xd8]));
    for (operations, status) in [("-S240-FJPG", 200), ("-FPNG", 200), ("-TWeb", 200), ("-Q1", 400)] {
        assert_eq!(open(&tenant, &delivered.replace("-FJPG", operations)).await.0, status, "{operations}");
    }
    let pending = tenant.named("Unsorted delivery 7.jpg").await;
    assert_eq!(open(&tenant, pending["additional"]["MDC Asset URL"].as_str().unwrap()).await.0, 404);
    let film = tenant.named("Teaser 90s.mp4").await;
    let film = tenant.http.get(film["url"]["directUrlPreviewPlay"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(film.headers()["content-type"], "video/mp4");
}

#[tokio::test]
async fn the_variants_of_binaries_can_be_chosen() {
    let plain = Tenant::with(Options { redirects_binaries: false, ..quick() }).await;
    let asset = plain.named("Brand book.pdf").await;
    let answer = plain.send(Method::GET, asset["url"]["download"].as_str().unwrap(), None).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    let strict = Tenant::with(Options { signed_refuses_bearer: true, ..quick() }).await;
    let asset = strict.named("Brand book.pdf").await;
    let url = location(&strict, asset["url"]["download"].as_str().unwrap()).await;
    assert_eq!(strict.status(Method::GET, &url, None).await, 400, "a bearer beside the signature");
    assert_eq!(open(&strict, &url).await.0, 200);
}
