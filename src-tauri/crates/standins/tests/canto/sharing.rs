//! Share links, webhooks, collections.

use std::time::Duration;

use data_encoding::BASE32_NOPAD;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use waybill_standins::canto::DEMO_ADMINISTRATOR;

use super::tenant::{Tenant, edit, reference};

fn detail(expires: &Value, original: bool) -> Value {
    json!({ "expires": expires, "hideShareBy": true, "allowDownloadOriginal": original,
        "allowCropAndResize": false, "displayMetadata": true, "allowPresets": false })
}

#[tokio::test]
async fn a_link_gives_what_it_allows_until_it_ends_and_openings_are_known() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Brand book.pdf").await;
    let body = |expires: &Value, original| json!({ "shareDetail": detail(expires, original), "contents": [reference(&asset)] });
    let share = async |body: Value| {
        let answer = tenant.json(Method::PUT, "/api/v1/share/batch", &body).await;
        answer["link"].as_str().unwrap().to_owned()
    };
    let status = async |url: &str| tenant.http.get(url).send().await.unwrap().status().as_u16();
    let (open, preview_only) = (share(body(&Value::Null, true)).await, share(body(&Value::Null, false)).await);
    let page = tenant.http.get(&open).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Brand book.pdf") && page.contains("/original") && !page.contains("Moreau"), "{page}");
    let file = format!("document/{}", asset["id"].as_str().unwrap());
    for (url, expected) in [
        (format!("{open}/{file}/original"), 200),
        (format!("{open}/{file}/preview"), 200),
        (format!("{open}/{file}/small"), 403),
        (format!("{preview_only}/{file}/original"), 403),
        (format!("{open}/document/other/original"), 404),
        (tenant.url("/share/none"), 404),
    ] {
        assert_eq!(status(&url).await, expected, "{url}");
    }
    let ending = share(body(&json!("20990101000000000"), true)).await;
    assert_eq!(status(&ending).await, 200);
    for wrong in [json!("20010101000000000"), json!("soon"), json!(1)] {
        let answer = tenant.status(Method::PUT, "/api/v1/share/batch", Some(&body(&wrong, true))).await;
        assert_eq!(answer, 400, "{wrong}");
    }
    tenant.standin.extend(true);
    let shares = tenant.get("/sandbox/shares").await;
    let opened = shares.as_array().unwrap().iter().find(|share| share["link"] == open).unwrap()["opened"].clone();
    assert_eq!(opened[0]["what"], "page");
    tenant.standin.advance_clock(Duration::from_hours(24 * 365 * 80));
    assert_eq!(status(&ending).await, 404);
    assert_eq!(status(&open).await, 200);
}

#[tokio::test]
async fn an_expired_asset_leaves_its_links_and_consumers_make_none() {
    let mut tenant = Tenant::start().await;
    let asset = tenant.named("100% Oak + Linen.jpg").await;
    let body = json!({ "shareDetail": detail(&Value::Null, true), "contents": [reference(&asset)] });
    let answer = tenant.json(Method::PUT, "/api/v1/share/batch", &body).await;
    let file = format!("{}/image/{}/preview", answer["link"].as_str().unwrap(), asset["id"].as_str().unwrap());
    assert_eq!(tenant.http.get(&file).send().await.unwrap().status(), 200);
    tenant.standin.advance_clock(Duration::from_hours(73));
    assert_eq!(tenant.http.get(&file).send().await.unwrap().status(), 404);
    tenant.act_as_consumer();
    assert_eq!(tenant.status(Method::PUT, "/api/v1/share/batch", Some(&body)).await, 403);
}

#[tokio::test]
async fn a_collection_is_seen_by_whose_it_is() {
    let mut tenant = Tenant::start().await;
    let hash = Sha256::digest(format!("collection/{DEMO_ADMINISTRATOR}/Board meeting"));
    let id = &BASE32_NOPAD.encode(&hash)[..5];
    let path = format!("/api/v1/mycollections/{id}");
    let collection = tenant.get(&path).await;
    assert_eq!((&collection["name"], &collection["found"]), (&json!("Board meeting"), &json!(6)));
    tenant.act_as_contributor();
    assert_eq!(tenant.status(Method::GET, &path, None).await, 404);
}

/// The body of the next request to a listener.
async fn message(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = vec![0; 4096];
    let mut length = 0;
    while !String::from_utf8_lossy(&request[..length]).contains("\r\n\r\n{")
        && !String::from_utf8_lossy(&request[..length]).contains("displayname=")
    {
        length += stream.read(&mut request[length..]).await.unwrap();
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    String::from_utf8_lossy(&request[..length]).into_owned()
}

#[tokio::test]
async fn a_webhook_is_known_by_its_token_alone() {
    let tenant = Tenant::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    for (event, kind, token) in [
        ("Update Metadata", "json", "edited"),
        ("Add New Version", "form", "versioned"),
        ("Add Folder", "json", "folder"),
    ] {
        let hook = json!({ "event": event, "url": url, "contentType": kind, "secureToken": token });
        assert_eq!(tenant.status(Method::POST, "/sandbox/webhooks", Some(&hook)).await, 204);
    }
    let asset = tenant.named("Brand book.pdf").await;
    let id = asset["id"].as_str().unwrap();
    tenant.text(Method::PUT, "/api/v1/batch/edit", Some(&edit(&asset, "description", "New", "", false))).await;
    let told = message(&listener).await;
    let body: Value = serde_json::from_str(told.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let expected = json!({ "secure_token": "edited", "scheme": "document", "id": id, "album": "",
        "displayname": "Brand book.pdf" });
    assert_eq!(body, expected);
    let version = [("x-amz-meta-id", id), ("x-amz-meta-scheme", "document")];
    tenant.upload("x.pdf", b"%PDF".to_vec(), &version).await;
    assert!(message(&listener).await.contains("secure_token=versioned&scheme=document"));
    let outside = json!({ "event": "Add Album", "url": "http://host.example/", "secureToken": "x" });
    assert_eq!(tenant.status(Method::POST, "/sandbox/webhooks", Some(&outside)).await, 400);
    assert_eq!(tenant.get("/sandbox/webhooks").await.as_array().unwrap().len(), 3);
    assert_eq!(tenant.status(Method::DELETE, "/sandbox/webhooks", None).await, 204);
    assert_eq!(tenant.get("/sandbox/webhooks").await, json!([]));
}
